# SPDX-License-Identifier: MIT
# Random layouts of 10 to a million points: the defect at d_edge, where it is to be zero, and at
# d_centre (left); how far beyond d_edge the gradient is first proved to have changed (right).
#table breaks: points.count,points.seed,shift.unit,d_edge,defect,defect_bound,breaking_shift,breaking_threshold,edge_rho
#claims C4b

eval begin(8.4, 4.6)

breaks = tables."breaks.csv"
# T = [-1/2, 1/2], h = 1
at(unit) = strcol(3) eq unit
stats breaks using (at("edge") ? $5 : NaN) nooutput; zero_most = STATS_max
stats breaks using (at("edge") && $5 > $6 ? 1 : 0) nooutput; beyond = int(STATS_sum)
stats breaks using 6 nooutput; bound_most = STATS_max; bound_least = STATS_min
# Just past the edge one point enters: rho(1 - rho) delta^2/(h (b - a)) is what the bounds let one see from on
onset(dummy) = sqrt(column(8)/(column(9)*(1 - column(9))))
seeds = "4 10"
is(k) = column(2) == word(seeds, k)
array mark[2] = [7, 5]
array colour[2] = [black, red]

set multiplot
set logscale xy
set xrange [5:2e6]
set xtics ("10" 10, "10^2" 100, "10^3" 1e3, "10^4" 1e4, "10^5" 1e5, "10^6" 1e6)
set xlabel "number N of points" offset 0,0.3
set tmargin at screen 0.965
set bmargin at screen 0.165

set lmargin at screen 0.085
set rmargin at screen 0.475
set yrange [1e-23:3000]
set ytics ("10^{-20}" 1e-20, "10^{-16}" 1e-16, "10^{-12}" 1e-12, "10^{-8}" 1e-8, "10^{-4}" 1e-4, "1" 1)
set ylabel "defect  max_i |G_i − G_i(0)|" offset 0.6,0
set key at graph 0.02, graph 0.985 left top Left reverse samplen 2
set label 1 sprintf("%s defect at d_{edge} is above its bound;\nthose of exactly 0 are not drawn", \
  beyond == 0 ? "no" : "".beyond) at graph 0.04, graph 0.075 left font small textcolor rgb "#444444"
plot breaks using (at("centre") ? $1 : NaN):5 with points ls 2 ps 0.7 title "at d_{centre}, where it must not be 0", \
     breaks using (at("edge") ? $1 : NaN):6 with points pt 10 ps 0.9 lc rgb blue \
       title "at d_{edge}: proved bound on it", \
     breaks using (at("edge") && $5 > 0 ? $1 : NaN):5 with points ls 1 title "at d_{edge}: computed"
unset label

set lmargin at screen 0.60
set rmargin at screen 0.985
set xrange [5:4e5]
set yrange [1e-7:1e-5]
set ytics ("10^{-7}" 1e-7, "10^{-6}" 1e-6, "10^{-5}" 1e-5)
set ylabel "breaking shift − d_{edge}" offset 0.6,0
eval foot(sprintf("defects proved to within %s, of a million points to within %s", upward(bound_most), \
  upward(bound_least)))
plot for [k=1:2] breaks using (at("centre") && is(k) ? $1 : NaN):($7 - $4) \
  with points pt mark[k] ps 0.6 lc rgb colour[k] title "layout ".k, \
     breaks using (at("centre") ? $1 : NaN):(onset(0)) with points ls 20 ps 1.3 title "predicted from the bounds"

unset multiplot
unset output
