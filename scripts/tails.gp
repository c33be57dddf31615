# SPDX-License-Identifier: MIT
# How the gradient comes to its limit when all points go away: heavy tails (left), exponential
# ones (middle), light ones (right). Points are measured, thin lines predicted, without any
# fitted constant; below, measured over predicted.
#table gradient: kernel.family,kernel.shape,kernel.bandwidth,shift.by,point,gradient,gradient_bound,x,logits
#claims C5b

eval begin(10.2, 6.9)

gradient = tables."gradient.csv"
# T = [-1/2, 1/2], c = 0. Weights, distances from c and sides, taken back from the first shift.
N = 4
array S[N]; array r[N]; array s[N]
D(dummy) = -column(4)
i(dummy) = int(column(5)) + 1
stats gradient using 4 nooutput; nearest = -STATS_max; farthest = -STATS_min
stats gradient using (D(0) == nearest ? (S[i(0)] = exp($9), s[i(0)] = sgn($8), r[i(0)] = abs($8) - nearest) \
  : NaN) nooutput
all = sum [j=1:N] S[j]
do for [j=1:N] { S[j] = S[j]/all }
larger(a, b) = a > b ? a : b

# --- what is predicted ---------------------------------------------------------------------
# heavy: q(D) max_i S_i |r_i - mean r|
mean_r = sum [j=1:N] S[j]*r[j]
heavy = 0
do for [j=1:N] { heavy = larger(heavy, S[j]*abs(r[j] - mean_r)) }

# exponential: log K = -lambda r + a exp(-m r), of first order in a, by 400 bins; rho those of
# the Laplace kernel with bandwidth 1/lambda
dist(j, v) = r[j] - s[j]*v
weight(j, v, lambda) = S[j]*exp(-lambda*dist(j, v))
f(v, lambda) = sum [j=1:N] weight(j, v, lambda)
mean_e(v, lambda, m) = (sum [j=1:N] weight(j, v, lambda)*exp(-m*dist(j, v)))/f(v, lambda)
turn(k, v, lambda, m) = weight(k, v, lambda)/f(v, lambda)*(exp(-m*dist(k, v)) - mean_e(v, lambda, m))
turns(k, lambda, m) = abs(sum [n=1:400] turn(k, (n - 200.5)/400, lambda, m))/400
array exponential[2] = [0, 0]
do for [j=1:N] {
  exponential[1] = larger(exponential[1], 2*turns(j, 1, 1))
  exponential[2] = larger(exponential[2], turns(j, pi/2, pi))
}

# light: the nearest point to the left and to the right of c share T at a border; hard labels
# are those shares, and the border is off by log(S_i/S_k)/(2 q)
left = 0; right = 0
do for [j=1:N] {
  if (s[j] < 0) { if (left == 0 || r[j] < r[left]) { left = j } }
  else { if (right == 0 || r[j] < r[right]) { right = j } }
}
border = (r[right] - r[left])/2
share(j) = j == left ? 0.5 + border : j == right ? 0.5 - border : 0
light = abs(log(S[left]/S[right]))/2

power(p, D) = p*D**(p - 1)
q(k, D) = k == 1 ? 2*D/(1 + D*D) : k == 2 ? 6*D/(5 + D*D) : k == 3 ? power(0.5, D) : k == 4 ? power(0.9, D) : \
          k == 7 ? power(1.1, D) : k == 8 ? power(1.5, D) : k == 9 ? D : power(3, D)
# In between, a tail is straight over the span of the points: the Laplace gradient with bandwidth
# 1/q(D), by 200 bins. It joins the three laws; where q is still small or moderate it is what one sees.
rho_mean(k, lambda) = (sum [n=1:200] weight(k, (n - 100.5)/200, lambda)/f((n - 100.5)/200, lambda))/200
straight_off(k, j, lambda) = abs((k <= 4 ? S[j] : share(j)) - rho_mean(j, lambda))
straight(k, D) = (lambda = q(k, D), larger(larger(straight_off(k, 1, lambda), straight_off(k, 2, lambda)), \
                                           larger(straight_off(k, 3, lambda), straight_off(k, 4, lambda))))
predicted(k, D) = k <= 4 ? heavy*q(k, D) : k <= 6 ? exponential[k - 4]*exp(k == 5 ? -D : -pi*D) : light/q(k, D)

# --- what is measured ----------------------------------------------------------------------
families = "cauchy student-t exppow exppow logistic sech exppow exppow gaussian exppow"
shapes = "0 5 0.5 0.9 0 0 1.1 1.5 0 3"
is(k) = strcol(1) eq word(families, k) && (word(shapes, k) eq "0" || abs(column(2) - word(shapes, k)) < 1e-9)

# The Laplace gradients, bandwidths 1 and 2/pi, at all distances: the limits of logistic and sech
array limit[2*N]; array limit_bound[2]
place(dummy) = column(3) == 1 ? 0 : 1
laplace(dummy) = strcol(1) eq "laplace"
stats gradient using (laplace(0) && D(0) == nearest ? \
  (limit[N*place(0) + i(0)] = $6, limit_bound[place(0) + 1] = $7) : NaN) nooutput
stats gradient using (laplace(0) ? abs($6 - limit[N*place(0) + i(0)]) : NaN) nooutput; laplace_most = STATS_max
stats gradient using (laplace(0) ? $7 : NaN) nooutput; laplace_bound = 2*STATS_max

off(k) = abs(column(6) - (k <= 4 ? 0 : k <= 6 ? limit[N*(k - 5) + i(0)] : S[i(0)] - share(i(0))))
bound(k) = column(7) + (k == 5 || k == 6 ? limit_bound[k - 4] : 0)
# A cell's rows are its points in order: the last one brings the largest
most = 0.0
largest(k) = (most = column(5) == 0 ? off(k) : larger(most, off(k)), column(5) == N - 1 ? most : NaN)
shown(k, room) = is(k) ? (largest(k) > bound(k)/room ? most : NaN) : NaN

stats gradient using (is(5) || is(6) ? bound(5) : NaN) nooutput; limit_most = STATS_max
stats gradient using (D(0) <= 32 ? $7 : NaN) nooutput; gradient_bound = STATS_max

# --- drawing -------------------------------------------------------------------------------
title_of(k) = word("Cauchy Student exp(−u^{0.5}) exp(−u^{0.9}) logistic sech exp(−u^{1.1}) exp(−u^{1.5}) Gaussian exp(−u^3)", k).(k == 2 ? " t, ν = 5" : "")
mark(k) = k <= 4 ? word("7 5 9 11", k) + 0 : k <= 6 ? word("7 5", k - 4) + 0 : word("11 9 7 5", k - 6) + 0
array palette[4] = [black, red, blue, green]
colour(k) = k <= 4 ? palette[k] : k <= 6 ? palette[k - 4] : palette[k == 7 ? 4 : k == 8 ? 3 : k == 9 ? 1 : 2]
panel(n) = sprintf("set lmargin at screen %g; set rmargin at screen %g", \
  0.072 + 0.323*(n - 1), 0.334 + 0.323*(n - 1))
far = 'set logscale x; set xrange [0.6:1e15]; set xtics ("1" 1, "10^4" 1e4, "10^8" 1e8, "10^{12}" 1e12)'
near = "unset logscale x; set xrange [0:34]; set xtics 10; set xtics format '%g'"

set multiplot
set style fill solid 0.13 noborder
set samples 150
set tmargin at screen 0.945
set bmargin at screen 0.435
set logscale y
set yrange [2e-17:100]
set ytics ("10^{-16}" 1e-16, "10^{-12}" 1e-12, "10^{-8}" 1e-8, "10^{-4}" 1e-4, "1" 1)
set key at graph 0.02, graph 0.98 left top reverse Left samplen 1.6
named(k, x, y, side) = sprintf('set label %d "%s" at %g, %g %s font "%s" textcolor rgb "%s"', k, title_of(k), x, y, \
  side, small, colour(k))

eval panel(1)
eval far
set title "{/:Bold heavy tails: to 0}" offset 0,-0.6
set ylabel "distance from the limit  max_i |G_i − G_i(∞)|" offset 0.6,0
eval named(1, 3e3, 2e-6, "right")
eval named(2, 5e8, 2e-8, "left")
eval named(3, 1e12, 2e-5, "right")
eval named(4, 1e12, 0.06, "right")
plot for [k=1:4] predicted(k, x) with lines ls 20 title k == 1 ? "predicted: ∝ q(D)" : "", \
     for [k=1:4] gradient using (D(0)):(shown(k, 1)) with points pt mark(k) ps 0.6 lc rgb colour(k) notitle
unset ylabel
unset label

eval panel(2)
eval near
set title "{/:Bold exponential tails: to Laplace}"
set label 1 sprintf("doubles prove nothing\nbelow %s", upward(limit_most)) \
  at 1, limit_most/3 left font small textcolor rgb "#444444" front
set label 2 sprintf("Laplace itself, from one D to another:\n%s, proved to within %s", computed(laplace_most), \
  upward(laplace_bound)) \
  at 33.5, 5e-2 right font small textcolor rgb "#444444" front
eval named(5, 17, 1e-7, "left")
eval named(6, 6, 1e-12, "right")
plot "+" using 1:(limit_most) with filledcurves y=2e-17 lc rgb black notitle, \
     for [k=5:6] predicted(k, x) with lines ls 20 title k == 5 ? "predicted: ∝ e^{−D}, ∝ e^{−πD}" : "", \
     for [k=5:6] gradient using (D(0)):(shown(k, 1)) with points pt mark(k) ps 0.6 lc rgb colour(k) notitle
unset label

eval panel(3)
eval far
set title "{/:Bold light tails: to hard labels}"
eval named(7, 1e12, 0.15, "right")
eval named(8, 1e12, 2e-5, "right")
eval named(9, 2e6, 3e-6, "left")
eval named(10, 4e3, 1e-10, "right")
plot for [k=7:10] predicted(k, x) with lines ls 20 title k == 7 ? "predicted: ∝ 1/q(D)" : "", \
     for [k=7:10] gradient using (D(0)):(shown(k, 1)) with points pt mark(k) ps 0.6 lc rgb colour(k) notitle
unset label
unset title

# --- ratios --------------------------------------------------------------------------------
set tmargin at screen 0.38
set bmargin at screen 0.13
unset logscale y
set yrange [0:2.7]
set ytics 0.5
set samples 60
over(k) = shown(k, 4)/predicted(k, D(0))
bar(k) = bound(k)/predicted(k, D(0))
eval panel(1)
eval far
set ylabel "measured / predicted" offset 0.6,0
set xlabel "outward shift D" offset 0,0.3
plot 1 with lines ls 20 notitle, straight(4, x) / predicted(4, x) \
  with lines ls 21 lw 1.5 title "Laplace with h = 1/q(D)", \
     for [k=1:4] gradient using (D(0)):(over(k)):(bar(k)) with yerrorbars pt 7 ps 0.1 lc rgb colour(k) notitle, \
     for [k=1:4] gradient using (D(0)):(over(k)) with points pt mark(k) ps 0.6 lc rgb colour(k) notitle
unset ylabel
eval panel(2)
eval near
plot 1 with lines ls 20 notitle, for [k=5:6] gradient using (D(0)):(over(k)):(bar(k)) \
  with yerrorbars pt 7 ps 0.1 lc rgb colour(k) notitle, \
     for [k=5:6] gradient using (D(0)):(over(k)) with points pt mark(k) ps 0.6 lc rgb colour(k) notitle
eval panel(3)
eval far
eval foot(sprintf("gradients proved to within %s up to D = 32; drawn where they exceed their bound, below 4 times", \
  upward(gradient_bound)))
plot 1 with lines ls 20 notitle, straight(7, x) / predicted(7, x) \
  with lines ls 21 lw 1.5 title "Laplace with h = 1/q(D)", \
     for [k=7:10] gradient using (D(0)):(over(k)):(bar(k)) with yerrorbars pt 7 ps 0.1 lc rgb colour(k) notitle, \
     for [k=7:10] gradient using (D(0)):(over(k)) with points pt mark(k) ps 0.6 lc rgb colour(k) notitle

unset multiplot
unset output
