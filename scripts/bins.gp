# SPDX-License-Identifier: MIT
# Midpoint rules keep the gradient until the centre of their outermost bin is passed (above,
# left); from there on its derivative is a staircase (below). Rules with a node on the edge
# break at the edge (above, right). Points are measured, thin lines predicted.
#table defect: integral.rule,integral.bins,shift.by,defect,defect_bound,d_edge,d_centre
#table points: integral.rule,integral.bins,shift.by,point,sensitivity,x,logits
#claims C4f

eval begin(8.4, 7.4)

defect = tables."defect.csv"; points = tables."points.csv"
stats defect using 6 nooutput; d_edge = STATS_max
stats defect using 7 nooutput; d_centre = STATS_max
stats defect using 3 nooutput; first = STATS_min
stats defect using 5 nooutput; defect_bound = STATS_max

# Point x_2, the nearest one, is the only one that enters T = [-1/2, 1/2]; h = 1. Of the others
# only their sum at a place of T counts, as it is before the edge.
array px[4]; array pz[4]
take(i, at, logit) = (px[i] = at, pz[i] = logit, 1)
stats points using (strcol(1) eq "best" && $3 == first ? take(int($4) + 1, $6, $7) : NaN) nooutput
term(j, v) = exp(pz[j] - abs(v - px[j]))
rho_edge(v) = term(2, v)/(sum [j=1:4] term(j, v))

# At shift d it has passed the node v by d - (d_centre - v), which weighs it exp(-2 ...).
depth(v, d) = d - (d_centre - v)
later(rho, e) = rho*e/(1 - rho + rho*e)
rho(v, d) = depth(v, d) <= 0 ? rho_edge(v) : later(rho_edge(v), exp(-2*depth(v, d)))
lost(v, d) = rho_edge(v) - rho(v, d)
step(v, d) = depth(v, d) <= 0 ? 0 : 2*rho(v, d)*(1 - rho(v, d))

# Sums over the nodes of a rule with M bins
mid(M, m) = (m - 0.5)/M - 0.5
midpoint_defect(M, d) = (sum [m=1:M] lost(mid(M, m), d))/M
midpoint_slope(M, d) = (sum [m=1:M] step(mid(M, m), d))/M
at(M, m) = 1.0*m/M - 0.5
trapezoid_defect(M, d) = ((sum [m=1:M] lost(at(M, m), d)) - 0.5*lost(0.5, d))/M
simpson_defect(M, d) = (trapezoid_defect(M, d) + 2*midpoint_defect(M, d))/3

is(rule, M) = strcol(1) eq rule && (M == 0 || column(2) == M)
stats defect using (is("midpoint", 0) && $3 < d_edge + 0.5/$2 ? $4 : NaN) nooutput; zero_most = STATS_max
bins = "2 4 8"
rule_style(k) = k + 1
mark(top) = sprintf('set arrow 1 from %g, graph 0 to %g, graph %g nohead ls 21', d_edge, d_edge, top)

set multiplot
set samples 700
eval mark(0.4)

# --- defect of midpoint rules ------------------------------------------------------------
set tmargin at screen 0.94
set bmargin at screen 0.52
set lmargin at screen 0.09
set rmargin at screen 0.53
set xrange [1.18:1.76]
set yrange [-0.003:0.062]
set xtics 0.1
set ytics 0.02
set title "{/:Bold midpoint rule, M bins}" offset 0,-0.6
set ylabel "defect  max_i |G_i(d) − G_i(0)|" offset 0.8,0
set xlabel "inward shift d" offset 0,0.4
set key at graph 0.03, graph 0.98 left top reverse Left samplen 2.4
set label 1 "d_{edge}" at d_edge - 0.006, graph 0.36 right font small textcolor rgb grey
set label 2 sprintf("left of its circle: %s,\nproved to within %s", computed(zero_most), upward(defect_bound)) \
  at 1.27, 0.0195 left font small textcolor rgb grey
plot for [k=1:3] midpoint_defect(int(word(bins, k)), x) with lines ls 20 notitle, \
     midpoint_defect(400, x) with lines ls 20 notitle, \
     defect using (is("midpoint", 1) ? $3 : NaN):4 with points ls 6 title "M = 1", \
     for [k=1:3] defect using (is("midpoint", int(word(bins, k))) ? $3 : NaN):4 with points ls rule_style(k) title "M = ".word(bins, k), \
     defect using (is("best", 0) ? $3 : NaN):4 with points ls 1 title "integral", \
     for [k=1:3] "+" using (d_edge + 0.5/word(bins, k)):(0) every ::0::0 with points pt 6 ps 1.4 lw 1.4 lc rgb black \
       title k == 1 ? "predicted: d_{edge} + w/M" : ""
unset label

# --- rules with a node on the edge ---------------------------------------------------------
set lmargin at screen 0.60
set rmargin at screen 0.985
set title "{/:Bold rules with a node on the edge}"
set xrange [1.18:1.46]
set yrange [-0.0006:0.0125]
set ytics 0.005
unset ylabel
set label 1 "d_{edge}" at d_edge - 0.004, graph 0.36 right font small textcolor rgb grey
set key at graph 0.03, graph 0.98
plot trapezoid_defect(4, x) with lines ls 20 notitle, simpson_defect(4, x) with lines ls 20 notitle, \
     midpoint_defect(4, x) with lines ls 20 title "predicted", midpoint_defect(400, x) with lines ls 20 notitle, \
     defect using (is("trapezoid", 0) ? $3 : NaN):4 with points ls 7 title "trapezoid, 4 bins", \
     defect using (is("simpson", 0) ? $3 : NaN):4 with points ls 8 title "Simpson, 4 bins", \
     defect using (is("best", 0) ? $3 : NaN):4 with points ls 1 title "integral", \
     defect using (is("midpoint", 4) ? $3 : NaN):4 with points ls 3 title "midpoint, 4 bins"
unset label
unset title

# --- the staircase -------------------------------------------------------------------------
set tmargin at screen 0.415
set bmargin at screen 0.115
set lmargin at screen 0.09
set xrange [1.18:1.76]
set yrange [-0.012:0.262]
set ytics 0.1
set ylabel "slope  ∂G_2/∂d" offset 0.8,0
set key at graph 0.99, graph 0.02 right bottom spacing 1.05 noreverse Right
set label 1 "d_{edge}" at d_edge - 0.004, graph 0.93 right font small textcolor rgb grey
eval mark(1)
eval foot("defect proved to within ".upward(defect_bound))
plot for [k=1:3] midpoint_slope(int(word(bins, k)), x) with lines ls 20 title k == 1 ? "predicted: steps of 2ρ_2(1−ρ_2)/(hM)" : "", \
     midpoint_slope(400, x) with lines ls 20 notitle, \
     for [k=1:3] points using ($4 == 1 && is("midpoint", int(word(bins, k))) ? $3 : NaN):5 with points ls rule_style(k) title "M = ".word(bins, k), \
     points using ($4 == 1 && is("best", 0) ? $3 : NaN):5 with points ls 1 title "integral"

unset multiplot
unset output
