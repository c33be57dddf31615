# SPDX-License-Identifier: MIT
# Where the invariance ends, for random layouts: measured against predicted; below, what is
# measured beyond the prediction against what the gradients' bounds let one see.
#table breaks: integral.rule,integral.bins,kernel.bandwidth,d_centre,target.lower,target.upper,breaking_shift,breaking_threshold,edge_rho
#claims C4b C4f

eval begin(7.2, 7.4)

breaks = tables."breaks.csv"
w(dummy) = (column(6) - column(5))/2
midpoint(dummy) = strcol(1) eq "midpoint"
bins(dummy) = strcol(1) eq "best" ? 0 : column(2)
predicted(dummy) = column(4) - (midpoint(0) ? w(0)*(1 - 1/column(2)) : w(0))
# the shift beyond the prediction at which the change exceeds the threshold
spread(dummy) = column(8)*column(3)/(column(9)*(1 - column(9)))
visible(dummy) = strcol(1) eq "best" ? sqrt(spread(0)*2*w(0)) \
               : spread(0)*column(2)/(midpoint(0) ? 2 : 1)
is(k) = strcol(1) eq word("best midpoint midpoint midpoint trapezoid", k) \
        && bins(0) == real(word("0 2 5 64 8", k))
array titles[5] = ["integral: d_{edge}", "2 midpoint bins", "5 midpoint bins", "64 midpoint bins", \
                   "8 trapezoid bins: d_{edge}"]
array symbol[5] = [7, 4, 8, 12, 2]
array colour[5] = [black, red, blue, green, orange]

set multiplot
set lmargin at screen 0.115
set rmargin at screen 0.97
set grid xtics ytics

set tmargin at screen 0.97
set bmargin at screen 0.575
set xrange [0:2.6]
set yrange [0:2.6]
set xlabel "predicted: the first point reaches the outermost node" offset 0,0.4
set ylabel "measured breaking shift"
set key at graph 0.02, graph 0.97 left top Left reverse spacing 1.25
plot x with lines ls 21 title "measured = predicted", \
     for [k=1:5] breaks using (is(k) ? predicted(0) : NaN):7 with points pt symbol[k] ps 0.55 lc rgb colour[k] \
       title titles[k]

set tmargin at screen 0.47
set bmargin at screen 0.115
set logscale xy
set format xy "10^{%T}"
set xrange [2e-16:3e-3]
set yrange [2e-16:3e-3]
set xlabel "predicted from the bounds: linear onset (bins), quadratic (integral)" offset 0,0.3
set ylabel "measured − predicted"
unset key
eval foot("shifts found by bisection")
set label 1 "bins" at 3e-14, 3e-11 center textcolor rgb "#222222"
set label 2 "integral" at 2e-6, 2e-8 center textcolor rgb "#222222"
plot x with lines ls 21 notitle, \
     for [k=1:5] breaks using (is(k) ? visible(0) : NaN):($7 - predicted(0)) with points pt symbol[k] ps 0.55 lc rgb colour[k] notitle

unset multiplot
unset output
