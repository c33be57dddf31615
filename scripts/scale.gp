# SPDX-License-Identifier: MIT
# When the kernel is multiplied by 10^(factor + slope x), the loss follows the predicted
# lines (above; their distance from it in the middle) and the gradient stays (below).
#table loss: kernel.family,kernel.log10_slope,kernel.log10_factor,loss,loss_bound
#table gradient: kernel.family,kernel.log10_slope,kernel.log10_factor,point,gradient,gradient_bound
#claims C2

eval begin(7.2, 7.2)

loss = tables."loss.csv"; gradient = tables."gradient.csv"
kernels = "laplace gaussian cauchy"
titles = "Laplace Gaussian Cauchy"
slopes = "-400 0 400"
which(name) = name eq "laplace" ? 1 : name eq "gaussian" ? 2 : name eq "cauchy" ? 3 : 0

# Loss and gradient of the plain kernels, and the law: the target's mean of x is 1/4.
array L[3]; array G[12]
slot(k, i) = 4*k - 4 + i + 1
plain(k) = k > 0 && $2 == 0 && $3 == 0
stats loss using (plain(which(strcol(1))) ? (L[which(strcol(1))] = $4) : NaN) nooutput
stats gradient using (plain(which(strcol(1))) ? (G[slot(which(strcol(1)), int($4))] = $5) : NaN) nooutput
law(factor, slope) = -log(10)*(factor + slope/4.0)

moved(k) = column(4) - L[k]
off(k) = moved(k) - law($3, $2)
changed(k) = column(4) == column(4) ? column(5) - G[slot(k, int(column(4)))] : NaN
stats loss using (which(strcol(1)) > 0 ? abs(off(which(strcol(1)))) : NaN) nooutput; loss_most = STATS_max
stats loss using 5 nooutput; loss_bound = STATS_max
stats gradient using (which(strcol(1)) > 0 ? abs(changed(which(strcol(1)))) : NaN) nooutput; change_most = STATS_max
stats gradient using 6 nooutput; change_bound = 2*STATS_max

is(k) = strcol(1) eq word(kernels, k)
style(k) = k + (k > 2)
size(k) = k == 1 ? 1.3 : k == 2 ? 0.85 : 0.5
set multiplot
set style fill solid 0.13 noborder
set lmargin at screen 0.125
set rmargin at screen 0.975
set xrange [-315:315]
set xtics 100 format ""

set tmargin at screen 0.975
set bmargin at screen 0.555
set yrange [-1050:1050]
set ytics 500
set ylabel "change of the loss  (nat)" offset 0.5,0
set key at graph 0.98, graph 0.97 right top noreverse Right samplen 2.4
do for [s=1:3] {
  set label s sprintf("slope %s", word(slopes, s)) at 225, law(225, word(slopes, s) + 0) + 85 center rotate by -19 font small
}
plot for [s=1:3] law(x, word(slopes, s) + 0) with lines ls 20 title s == 1 ? "predicted: −ln 10 (factor + slope/4)" : "", \
     for [k=1:3] loss using (is(k) ? $3 : NaN):(moved(k)) with points ls style(k) ps size(k) title word(titles, k)
do for [s=1:3] { unset label s }

set tmargin at screen 0.52
set bmargin at screen 0.335
set yrange [-2.6:2.6]
set ytics 1
set ylabel "distance from\npredicted × 10^{12}" offset 0.5,0
unset key
set label 1 computed(loss_most) at 0, 2.1 center font small
plot "+" using 1:(-1e12*loss_bound):(1e12*loss_bound) with filledcurves lc rgb black, 0 with lines ls 20, \
     for [k=1:3] loss using (is(k) ? $3 : NaN):(1e12*off(k)) with points ls style(k) ps size(k)

set tmargin at screen 0.30
set bmargin at screen 0.115
set yrange [-1.7:1.7]
set ytics 1
set xtics format "%g"
set xlabel "factor (power of ten by which K is multiplied at x = 0)" offset 0,0.3
set ylabel "change of the\ngradient × 10^{14}"
set label 1 computed(change_most) at 0, 1.35 center font small
eval foot(sprintf("grey: gradient's change proved to within %s, loss to within %s", upward(change_bound), upward(loss_bound)))
plot "+" using 1:(-1e14*change_bound):(1e14*change_bound) with filledcurves lc rgb black, 0 with lines ls 20, \
     for [k=1:3] gradient using (is(k) ? $3 : NaN):(1e14*changed(k)) with points ls style(k) ps size(k)

unset multiplot
unset output
