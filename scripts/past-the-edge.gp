# SPDX-License-Identifier: MIT
# The change of gradient (left) and loss (right) past the edge: proportional to delta^2 over
# twelve decades, by three layouts. Below, the ratio to that law, and the general law.
#table change: points.at,shift.by,defect,defect_bound,loss_change,loss_change_bound
#table layout: points.at,shift.by,point,x,logits
#certified certified: --digits 40 --set 'shift.by={from: 9.094947017729282e-13, to: 3.814697265625e-06, count: 12, scale: log}'
#claims C4e

eval begin(8.4, 6.9)

change = tables."change.csv"; certified = tables."certified.csv"; layout = tables."layout.csv"
# T = [-1/2, 1/2], h = 1
edge = 0.5

# The layouts as they stand on the edge: those of the least shift, taken back (exactly).
array px[15]; array pz[15]; array n[3]
slot(k, i) = 5*k + i + 1
back(at, d) = at + sgn(at)*d
take(k, i, at, logit) = (px[slot(k, i)] = at, pz[slot(k, i)] = logit, n[k + 1] = i + 1, 1)
stats layout using 2 nooutput; least = STATS_min
stats layout using ($2 == least && $4 == $4 ? take(int($1), int($3), back($4, $2), $5) : NaN) nooutput

term(k, j, v) = exp(pz[slot(k, j)] - abs(v - px[slot(k, j)]))
rho(k, i, v) = term(k, i, v)/(sum [j=0:n[k + 1] - 1] term(k, j, v))
enters(k, j, side) = px[slot(k, j)] == side*edge
entering(k, v, side) = sum [j=0:n[k + 1] - 1] (enters(k, j, side) ? rho(k, j, v) : 0)

# The law just past the edge: what stands before delta^2
law_of(k, i) = sum [s=0:1] (enters(k, i, 2*s - 1) - entering(k, (2*s - 1)*edge, 2*s - 1))*rho(k, i, (2*s - 1)*edge)
loss_law(k) = entering(k, edge, 1) + entering(k, -edge, -1)
# and in general: a bin that the entering points of one side have passed by s
# weighs them exp(-2 s) as much.
passed(s) = -2*sinh(s)*exp(-s)
log1p(v) = abs(v) < 1e-4 ? v - v*v/2 : log(1 + v)
bin(delta, m, side) = side*(edge - delta*(1 - (m - 0.5)/12))
loss_of(k, delta) = -delta/12*(sum [m=1:12] (log1p(entering(k, bin(delta, m, 1), 1)*passed(delta*(m - 0.5)/12)) + \
                                             log1p(entering(k, bin(delta, m, -1), -1)*passed(delta*(m - 0.5)/12))))
turn(k, i, v, side, e) = rho(k, i, v)*e*(entering(k, v, side) - enters(k, i, side))/(1 + e*entering(k, v, side))
gradient_of(k, i, delta) = delta/12*(sum [m=1:12] (turn(k, i, bin(delta, m, 1), 1, passed(delta*(m - 0.5)/12)) + \
                                                   turn(k, i, bin(delta, m, -1), -1, passed(delta*(m - 0.5)/12))))

# The defect is the largest component: which one it is does not change with delta.
array largest[3]; array law[3]; array rise[3]
do for [k=0:2] {
  largest[k + 1] = 0
  do for [i=1:n[k + 1] - 1] { if (abs(law_of(k, i)) > abs(law_of(k, largest[k + 1]))) { largest[k + 1] = i } }
  law[k + 1] = abs(law_of(k, largest[k + 1]))
  rise[k + 1] = loss_law(k)
}
general(k, delta) = abs(gradient_of(k, largest[k + 1], delta))

stats change using 4 nooutput; defect_bound = STATS_max
stats change using 6 nooutput; loss_bound = STATS_max
stats certified using 5 nooutput; certified_bound = STATS_max
stats certified using 2 nooutput; n_certified = STATS_records

set multiplot
set logscale x
set xrange [5e-13:1]
set samples 120
set xtics ("10^{-12}" 1e-12, "10^{-10}" 1e-10, "10^{-8}" 1e-8, "10^{-6}" 1e-6, "10^{-4}" 1e-4, "10^{-2}" 1e-2, "1" 1)
is(k) = column(1) == k
filled(k) = k == 0 ? 7 : k == 1 ? 5 : 9
open(k) = filled(k) - 1
colour(k) = k == 0 ? black : k == 1 ? red : blue
titles = "'one point, from the right' 'two, one from each side' 'three, two from the right'"
panel(left) = sprintf("set lmargin at screen %g; set rmargin at screen %g", left, left + 0.39)

# --- change against delta -----------------------------------------------------------------
set tmargin at screen 0.945
set bmargin at screen 0.42
set logscale y
set yrange [1e-29:3]
set ytics ("10^{-28}" 1e-28, "10^{-24}" 1e-24, "10^{-20}" 1e-20, "10^{-16}" 1e-16, "10^{-12}" 1e-12, "10^{-8}" 1e-8, "10^{-4}" 1e-4, "1" 1)
set xtics format ""
set style fill solid 0.13 noborder
set key at graph 0.03, graph 0.98 left top reverse Left samplen 2.4
drowned(bound) = sprintf('set label 1 "doubles prove nothing\nbelow %s" at 0.6, %g right font "%s" textcolor rgb "#444444" front', \
  upward(bound), bound*0.1, small)

eval panel(0.085)
set title "{/:Bold gradient}" offset 0,-0.6
set ylabel "defect  max_i |G_i(d) − G_i(d_{edge})|" offset 1,0
eval drowned(defect_bound)
plot "+" using 1:(defect_bound) with filledcurves y=1e-29 lc rgb black notitle, \
     for [k=0:2] law[k + 1]*x**2 with lines ls 20 notitle, \
     for [k=0:2] change using (is(k) && $3 > $4 ? $2 : NaN):3 with points pt filled(k) ps 0.65 lc rgb colour(k) title word(titles, k + 1), \
     for [k=0:2] certified using (is(k) ? $3 : NaN):4 with points pt open(k) ps 0.75 lc rgb colour(k) notitle

eval panel(0.595)
set title "{/:Bold loss}"
set ylabel "rise  L(d) + d/h − L(d_{edge})   (nat)" offset 0.5,0
eval drowned(loss_bound)
plot "+" using 1:(loss_bound) with filledcurves y=1e-29 lc rgb black notitle, \
     NaN with points pt 7 ps 0.65 lc rgb black title "doubles", \
     NaN with points pt 6 ps 0.75 lc rgb black title "ball arithmetic", \
     for [k=0:2] rise[k + 1]*x**2 with lines ls 20 title k == 0 ? "predicted: ∝ δ^2" : "", \
     for [k=0:2] change using (is(k) && $5 + $2 > $6 ? $2 : NaN):($5 + $2) with points pt filled(k) ps 0.65 lc rgb colour(k) notitle, \
     for [k=0:2] certified using (is(k) ? $3 : NaN):6 with points pt open(k) ps 0.75 lc rgb colour(k) notitle
unset label 1
unset title

# --- ratio to the law ----------------------------------------------------------------------
set tmargin at screen 0.385
set bmargin at screen 0.13
unset logscale y
set yrange [0.6:1.25]
set ytics 0.1
set xtics format "%g"
set xlabel "distance past the edge  δ = d − d_{edge}" offset 0,0.3
set key at graph 0.03, graph 0.04 left bottom
eval panel(0.085)
set ylabel "defect / (predicted ∝ δ^2)"
plot for [k=0:2] general(k, x)/(law[k + 1]*x**2) with lines ls 20 title k == 0 ? "predicted: the general law" : "", \
     for [k=0:2] change using (is(k) && $4 < 0.22*$3 ? $2 : NaN):($3/(law[k + 1]*$2**2)):($4/(law[k + 1]*$2**2)) \
       with yerrorbars pt filled(k) ps 0.65 lc rgb colour(k) notitle, \
     for [k=0:2] certified using (is(k) ? $3 : NaN):($4/(law[k + 1]*$3**2)) with points pt open(k) ps 0.75 lc rgb colour(k) notitle
eval panel(0.595)
set ylabel "rise / (predicted ∝ δ^2)"
eval foot(sprintf("defect proved to within %s, rise %s; %d more of ball arithmetic, defect to within %s", \
  upward(defect_bound), upward(loss_bound), n_certified, upward(certified_bound)))
plot for [k=0:2] loss_of(k, x)/(rise[k + 1]*x**2) with lines ls 20 notitle, \
     for [k=0:2] change using (is(k) && $6 < 0.22*($5 + $2) ? $2 : NaN):(($5 + $2)/(rise[k + 1]*$2**2)):($6/(rise[k + 1]*$2**2)) \
       with yerrorbars pt filled(k) ps 0.65 lc rgb colour(k) title k == 0 ? "doubles, with proved bound" : "", \
     for [k=0:2] certified using (is(k) ? $3 : NaN):($6/(rise[k + 1]*$3**2)) with points pt open(k) ps 0.75 lc rgb colour(k) notitle

unset multiplot
unset output
