# SPDX-License-Identifier: MIT
# What the shift to d_centre changes for ever narrower targets, in gradient (left) and loss
# (right): first order in the half-width w, second where two points cancel. Below, the
# ratio to the prediction.
#table change: points.at,target.half_width,defect,defect_bound,loss_change,loss_change_bound,d_centre
#table layout: points.at,target.half_width,point,x,logits
#claims C4g

eval begin(8.4, 6.9)

change = tables."change.csv"; layout = tables."layout.csv"
stats change using 7 nooutput; d = STATS_max
stats change using 4 nooutput; defect_bound = STATS_max
stats change using 6 nooutput; loss_bound = STATS_max

# At d_centre the points at c = 0 have arrived; h = 1. Their rho at c, as before the shift:
# x is the distance left to go, of which e^-d cancels.
array px[12]; array pz[12]; array n[3]
slot(k, i) = 4*k + i + 1
take(k, i, at, logit) = (px[slot(k, i)] = abs(at), pz[slot(k, i)] = logit, n[k + 1] = i + 1, 1)
stats layout using ($2 == 0.25 && $4 == $4 ? take(int($1), int($3), $4, $5) : NaN) nooutput
term(k, i) = exp(pz[slot(k, i)] - px[slot(k, i)])
rho(k, i) = term(k, i)/(sum [j=0:n[k + 1] - 1] term(k, j))
arrived(k, i) = px[slot(k, i)] == 0
arriving(k) = sum [i=0:n[k + 1] - 1] (arrived(k, i) ? rho(k, i) : 0)
first_of(k, i) = abs(arrived(k, i) - arriving(k))*rho(k, i)/2
larger(a, b) = a > b ? a : b
array first[3]
do for [k=0:2] { first[k + 1] = 0; do for [i=0:n[k + 1] - 1] { first[k + 1] = larger(first[k + 1], first_of(k, i)) } }
second = 2.0/3*rho(2, 0)*(1 - rho(2, 0))*abs(1 - 2*rho(2, 0))
gradient_law(k, w) = k == 2 ? second*w**2 : first[k + 1]*w
loss_law(k, w) = arriving(k)/2*w

is(k) = column(1) == k
mark(k) = k == 0 ? 7 : k == 1 ? 5 : 9
colour(k) = k == 0 ? black : k == 1 ? red : blue
titles = "'one point arrives first' 'two of three, from both sides' 'two of two, from both sides'"
panel(left) = sprintf("set lmargin at screen %g; set rmargin at screen %g", left, left + 0.39)

set multiplot
set logscale x
set xrange [5e-13:1]
set xtics 100 format "10^{%T}"
set mxtics 1

# --- change against w ----------------------------------------------------------------------
set tmargin at screen 0.945
set bmargin at screen 0.42
set logscale y
set yrange [1e-26:10]
set ytics 1e4 format "10^{%T}"
set mytics 1
set key at graph 0.99, graph 0.04 right bottom noreverse Right samplen 2.4
set style fill solid 0.13 noborder

eval panel(0.09)
set title "{/:Bold gradient}" offset 0,-0.6
set ylabel "defect at d_{centre}  max_i |G_i − G_i(0)|" offset 1,0
plot for [k=0:2] gradient_law(k, x) with lines ls 20 title k == 0 ? "predicted: ∝ w, ∝ w^2" : "", \
     for [k=0:2] change using (is(k) && $4 < $3 ? $2 : NaN):3:4 with yerrorbars pt mark(k) ps 0.65 lc rgb colour(k) title word(titles, k + 1)

eval panel(0.595)
set title "{/:Bold loss}"
set yrange [1e-16:10]
set ytics 100
set label 1 "doubles prove nothing below ".upward(loss_bound) at 0.6, loss_bound*0.12 right font small textcolor rgb "#444444" front
set key at graph 0.03, graph 0.98 left top reverse Left
set ylabel "rise  L(d_{centre}) + d_{centre}/h − L(0)   (nat)" offset 0.5,0
plot "+" using 1:(loss_bound) with filledcurves y=1e-16 lc rgb black notitle, \
     for [k=0:2] loss_law(k, x) with lines ls 20 title k == 0 ? "predicted: ∝ w" : "", \
     for [k=0:2] change using (is(k) && $6 < $5 + d ? $2 : NaN):($5 + d):6 with yerrorbars pt mark(k) ps 0.65 lc rgb colour(k) notitle
unset title
unset label 1

# --- ratio to the prediction ---------------------------------------------------------------
set tmargin at screen 0.385
set bmargin at screen 0.13
unset logscale y
set yrange [0.8:1.19]
set ytics 0.05 format "%g"
set xlabel "half-width w of the target" offset 0,0.3
set key at graph 0.03, graph 0.04 left bottom
eval panel(0.09)
set ylabel "defect / predicted"
plot 1 with lines ls 20 notitle, \
     for [k=0:2] change using (is(k) && $4 < 0.3*$3 ? $2 : NaN):($3/gradient_law(k, $2)):($4/gradient_law(k, $2)) \
       with yerrorbars pt mark(k) ps 0.65 lc rgb colour(k) title k == 0 ? "with proved bound" : ""
eval panel(0.595)
set ylabel "rise / predicted"
eval foot(sprintf("defect proved to within %s, rise %s", upward(defect_bound), upward(loss_bound)))
plot 1 with lines ls 20 notitle, \
     for [k=0:2] change using (is(k) && $6 < 0.3*($5 + d) ? $2 : NaN):(($5 + d)/loss_law(k, $2)):($6/loss_law(k, $2)) \
       with yerrorbars pt mark(k) ps 0.65 lc rgb colour(k) notitle

unset multiplot
unset output
