# SPDX-License-Identifier: MIT
# Norm of the gradient against the outward shift: constant, to a constant, or to 0 (above); heavy
# tails against the rate of their score (below, left); the zeros of a mirror-symmetric pair
# (below, right).
#table gradient: points.at,kernel.family,kernel.shape,shift.by,point,gradient,gradient_bound,x,logits
#claims C3c

eval begin(8.4, 7.4)

gradient = tables."gradient.csv"
# T = [-1/2, 1/2], c = 0, h = 1
N = 3
array r[N]; array s[N]; array S[N]
D(dummy) = -column(4)
j(dummy) = int(column(5)) + 1
mirror(dummy) = column(1) == 1
stats gradient using ($1 == 0 && $4 == 0 ? (r[j(0)] = abs($8), s[j(0)] = sgn($8), S[j(0)] = exp($9)) : NaN) nooutput
all = sum [k=1:N] S[k]
do for [k=1:N] { S[k] = S[k]/all }

# A cell's rows are its points in order: the last one brings the norm.
square = 0.0
size(dummy) = (square = column(5) == 0 ? column(6)**2 : square + column(6)**2, \
               column(5) == (mirror(0) ? 1 : N - 1) ? sqrt(square) : NaN)

# --- what is predicted -----------------------------------------------------------------------
# the Laplace gradient of the layout moved out of T, by 200 bins
term(k, v, lambda) = S[k]*exp(-lambda*(r[k] - s[k]*v))
f(v, lambda) = sum [k=1:N] term(k, v, lambda)
at(m) = (m - 0.5)/200 - 0.5
G(k, lambda) = S[k] - (sum [m=1:200] term(k, at(m), lambda)/f(at(m), lambda))/200
laplace(lambda) = sqrt(sum [k=1:N] G(k, lambda)**2)
# hard labels: the nearest points left and right of c share T at the border between them
left = 0; right = 0
do for [k=1:N] {
  if (s[k] < 0) { if (left == 0 || r[k] < r[left]) { left = k } }
  else { if (right == 0 || r[k] < r[right]) { right = k } }
}
border = (r[right] - r[left])/2
hard(k) = S[k] - (k == left ? 0.5 + border : k == right ? 0.5 - border : 0)
hard_norm = sqrt(sum [k=1:N] hard(k)**2)
# heavy tails
mean_r = sum [k=1:N] S[k]*r[k]
spread = sqrt(sum [k=1:N] (S[k]*(r[k] - mean_r))**2)
heavy(k, D) = spread*(k == 6 ? 2*D/(1 + D*D) : k == 7 ? 4*D/(3 + D*D) : 0.5/sqrt(D))

families = "laplace gaussian exppow logistic sech cauchy student-t exppow"
shapes = "0 0 3 0 0 0 3 0.5"
is(k) = strcol(2) eq word(families, k) && (word(shapes, k) eq "0" || column(3) == word(shapes, k))
named(k) = word("Laplace Gaussian exp(−u^3) logistic sech Cauchy Student exp(−u^{0.5})", k).(k == 7 ? " t, ν = 3" : "")

# Laplace: from where the last point has left T, each component against that at the farthest
leaves = 0.0
do for [k=1:N] { leaves = 0.5 - r[k] > leaves ? 0.5 - r[k] : leaves }
stats gradient using 4 nooutput; farthest = -STATS_min
array limit[N]
stats gradient using (is(1) && !mirror(0) && D(0) == farthest ? (limit[j(0)] = $6) : NaN) nooutput
stats gradient using (is(1) && !mirror(0) && D(0) >= leaves ? abs($6 - limit[j(0)]) \
  : NaN) nooutput; constant_most = STATS_max
stats gradient using (is(1) && !mirror(0) && D(0) >= leaves ? $7 : NaN) nooutput; constant_bound = 2*STATS_max
stats gradient using (mirror(0) ? abs($6) : NaN) nooutput; mirror_most = STATS_max
stats gradient using (mirror(0) ? $7 : NaN) nooutput; mirror_bound = STATS_max
stats gradient using 7 nooutput; gradient_bound = STATS_max

set multiplot
set logscale x
set style fill solid 0.13 noborder

# --- norm against distance -------------------------------------------------------------------
set tmargin at screen 0.97
set bmargin at screen 0.51
set lmargin at screen 0.095
set rmargin at screen 0.795
set xrange [0.05:1400]
set xtics ("1/16" 0.0625, "1/4" 0.25, "1" 1, "4" 4, "16" 16, "64" 64, "256" 256, "1024" 1024)
set yrange [0:0.39]
set ytics 0.1
set xlabel "outward shift D" offset 0,0.4
set ylabel "norm of the gradient  |G|_2" offset 0.8,0
set key at screen 0.985, graph 0.99 right top Left reverse samplen 2.2 width -2
set arrow 1 from leaves, graph 0 to leaves, graph 0.97 nohead ls 21
set label 1 "the last point\nhas left T" at leaves*0.92, 0.025 right font small textcolor rgb grey
set label 2 "hard labels" at 1300, hard_norm + 0.011 right font small textcolor rgb grey
set label 3 sprintf("Laplace from there on: %s off,\nproved to within %s", \
  constant_most == 0 ? "computed 0" : upward(constant_most), upward(constant_bound)) \
  at 1300, laplace(1) - 0.013 right font small textcolor rgb "#444444"
set label 4 "Laplace, h = 2/π" at 1300, laplace(pi/2) + 0.011 right font small textcolor rgb grey
plot laplace(1) with lines ls 20 title "predicted limits", hard_norm with lines ls 20 notitle, \
     laplace(pi/2) with lines ls 20 notitle, \
     for [k=1:8] gradient using (is(k) && !mirror(0) ? D(0) : NaN):(size(0)) with linespoints ls k lw 1 title named(k)
unset label; unset arrow

# --- heavy tails ---------------------------------------------------------------------------------
set tmargin at screen 0.42
set bmargin at screen 0.125
set rmargin at screen 0.47
set logscale y
set xrange [0.8:1400]
set yrange [2e-4:1]
set xtics ("1" 1, "4" 4, "16" 16, "64" 64, "256" 256, "1024" 1024)
set ytics ("0.001" 1e-3, "0.01" 0.01, "0.1" 0.1, "1" 1)
set xlabel "outward shift D" offset 0,0.3
set ylabel "norm, heavy tails" offset 0.8,0
set key at graph 0.03, graph 0.04 left bottom width 0
plot for [k=6:8] heavy(k, x) with lines ls 20 title k == 6 ? "predicted: ∝ q(D)" : "", \
     for [k=6:8] gradient using (is(k) && !mirror(0) ? D(0) : NaN):(size(0)) with points ls k title named(k)

# --- a mirror-symmetric pair ----------------------------------------------------------------------
set lmargin at screen 0.60
set rmargin at screen 0.985
unset logscale y
set yrange [-1.5:18]
set ytics 5
unset key
set ylabel "norm × 10^{15}" offset 0.8,0
set label 1 sprintf("mirror-symmetric pair, all kernels:\nG %s, proved to within %s", computed(mirror_most), \
  upward(mirror_bound)) \
  at graph 0.5, graph 0.94 center font small textcolor rgb "#444444"
eval foot("gradients proved to within ".upward(gradient_bound))
plot "+" using 1:(mirror_bound*sqrt(2)*1e15) with filledcurves y=0 lc rgb black, \
     0 with lines ls 20, \
     for [k=8:1:-1] gradient using (is(k) && mirror(0) && D(0) >= 1 ? D(0) : NaN):(size(0)*1e15) with points ls k

unset multiplot
unset output
