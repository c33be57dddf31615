# SPDX-License-Identifier: MIT
# Rates G_i/S_i of two points at distance 1 from the centre, one on each side, against the
# place of a third one: for one bin at the centre (left) they are equal, for the whole
# target (right) they are not. Below, their difference for three kernels. Points are measured,
# thin lines predicted.
#table gradient: kernel.family,integral.rule,logits.at,points.at,point,x,logits,gradient,gradient_bound
#claims C3a C3b

eval begin(8.4, 7.0)

gradient = tables."gradient.csv"
kernels = "laplace gaussian cauchy"
titles = "Laplace Gaussian Cauchy"
K(k, r) = k == 1 ? exp(-abs(r))/2 : k == 2 ? exp(-0.5*r*r)/sqrt(2*pi) : 1/(pi*(1 + r*r))

# Weights of both sets of logits
array S[6]
slot(z, i) = 3*z + i + 1
stats gradient using ($7 == $7 ? (S[slot(int($3), int($5))] = exp($7)) : NaN) nooutput
do for [z=0:1] {
  all = S[slot(z, 0)] + S[slot(z, 1)] + S[slot(z, 2)]
  do for [i=0:2] { S[slot(z, i)] = S[slot(z, i)]/all }
}

# Predicted: 1 - K(v - x_i)/f(v), the mean over T = [-1/2, 1/2] by 60 midpoints
at(i, y) = i == 0 ? 1 : i == 1 ? -1 : y
f(k, z, v, y) = sum [j=0:2] S[slot(z, j)]*K(k, v - at(j, y))
rate(k, z, i, y, v) = 1 - K(k, v - at(i, y))/f(k, z, v, y)
whole(k, z, i, y) = (sum [m=1:60] rate(k, z, i, y, (m - 0.5)/60 - 0.5))/60

# A cell's rows are its points in order: the third one brings x_3.
is(k, z, r) = strcol(1) eq word(kernels, k) && $3 == z && strcol(2) eq word("midpoint best", r)
kept0 = 0.0; kept1 = 0.0
rate_here(z) = column(8)/S[slot(z, int(column(5)))]
keep(z) = column(5) == 0 ? (kept0 = rate_here(z), NaN) : column(5) == 1 ? (kept1 = rate_here(z), NaN) : 1
first(z) = keep(z)*kept0
second(z) = keep(z)*kept1
difference(z) = keep(z)*(kept0 - kept1)
bound(z) = column(9)*(1/S[slot(z, 0)] + 1/S[slot(z, 1)])

stats gradient using (strcol(2) eq "midpoint" ? abs(difference(int($3))) : NaN) nooutput; zero_most = STATS_max
stats gradient using (strcol(2) eq "midpoint" ? bound(int($3)) : NaN) nooutput; zero_bound = STATS_max
stats gradient using (strcol(2) eq "best" && $3 == 0 && $6 == 0 ? abs(difference(0)) : NaN) nooutput; mirror_most = STATS_max
stats gradient using (strcol(2) eq "best" && $3 == 0 && $6 == 0 ? bound(0) : NaN) nooutput; mirror_bound = STATS_max
stats gradient using 9 nooutput; gradient_bound = STATS_max

panel(left) = sprintf("set lmargin at screen %g; set rmargin at screen %g", left, left + 0.39)
style(k) = k + (k > 2)
set style fill solid 0.13 noborder
set multiplot
set xrange [-4.3:4.3]
set xtics 1
set samples 200

# --- rates: Laplace, unequal weights --------------------------------------------------------
set tmargin at screen 0.945
set bmargin at screen 0.545
set yrange [-1.5:0.65]
set ytics 0.5
eval panel(0.085)
set title "{/:Bold one bin at the centre}" offset 0,-0.6
set ylabel "rate  G_i/S_i   (nat/logit)" offset 0.8,0
set label 1 "Laplace,\nunequal weights" at graph 0.97, graph 0.93 right font small textcolor rgb grey
set key at graph 0.5, graph 0.05 center bottom reverse Left samplen 2
plot rate(1, 1, 0, x, 0) with lines ls 20 title "predicted: 1 − K(1)/f", \
     gradient using (is(1, 1, 1) ? $6 : NaN):(first(1)) with points ls 1 title "point at 1", \
     gradient using (is(1, 1, 1) ? $6 : NaN):(second(1)) with points pt 6 ps 1.2 lw 1.4 lc rgb red title "point at −1"
eval panel(0.595)
set title "{/:Bold whole target}"
plot for [i=0:1] whole(1, 1, i, x) with lines ls 20 title i == 0 ? "predicted: its mean" : "", \
     gradient using (is(1, 1, 2) ? $6 : NaN):(first(1)) with points ls 1 title "point at 1", \
     gradient using (is(1, 1, 2) ? $6 : NaN):(second(1)) with points pt 6 ps 1.2 lw 1.4 lc rgb red title "point at −1"
unset title; unset label 1

# --- their difference -------------------------------------------------------------------------
set tmargin at screen 0.475
set bmargin at screen 0.13
set xlabel "place of the third point, x_3" offset 0,0.3
eval panel(0.085)
set yrange [-2.4:2.4]
set ytics 1
set ylabel "difference of the rates × 10^{13}" offset 0.8,0
set key at graph 0.5, graph 0.05 center bottom maxrows 1 samplen 1.5
set label 2 sprintf("three kernels, equal and unequal weights:\n%s,\nproved to within %s", \
  computed(zero_most), upward(zero_bound)) at graph 0.5, graph 0.95 center font small
plot "+" using 1:(-zero_bound*1e13):(zero_bound*1e13) with filledcurves lc rgb black notitle, 0 with lines ls 20 notitle, \
     for [k=1:3] for [z=0:1] gradient using (is(k, z, 1) ? $6 : NaN):(1e13*difference(z)) with points ls style(k) title z == 0 ? word(titles, k) : ""
unset label 2

eval panel(0.595)
set yrange [-0.125:0.23]
set ytics 0.1
set ylabel "difference of the rates"
set key at graph 0.98, graph 0.03 right bottom noreverse Right maxrows auto
set label 3 sprintf("mirror-symmetric:\n%s,\nproved to within %s", computed(mirror_most), upward(mirror_bound)) \
  at -4.1, 0.212 left font small
set arrow 3 from -1.75, 0.155 to -0.12, 0.012 lw 0.8 lc rgb "#444444" size 0.18,20
eval foot("gradients proved to within ".upward(gradient_bound))
plot for [k=1:3] whole(k, 0, 0, x) - whole(k, 0, 1, x) with lines ls 20 notitle, \
     whole(1, 1, 0, x) - whole(1, 1, 1, x) with lines ls 20 notitle, \
     for [k=1:3] gradient using (is(k, 0, 2) ? $6 : NaN):(difference(0)) with points ls style(k) title word(titles, k), \
     gradient using (is(1, 1, 2) ? $6 : NaN):(difference(1)) with points pt 6 ps 1.0 lc rgb black title "Laplace, unequal weights"

unset multiplot
unset output
