# SPDX-License-Identifier: MIT
# The defect of Student's t against its shape (above), against the place where its score is flat
# (below, left), and its way to the Gaussian's (below, right). Points are measured, thin lines
# predicted.
#table defect: kernel.bandwidth,shift.by,kernel.family,kernel.shape,defect,defect_bound
#table layout: kernel.bandwidth,shift.by,kernel.family,point,x,logits

eval begin(8.4, 7.2)

defect = tables."defect.csv"; layout = tables."layout.csv"
# T = [-1/2, 1/2]; the points before the shift
N = 4
array r[N]; array s[N]; array S[N]
stats layout using (strcol(3) eq "gaussian" && $1 == 1 && $2 == 0.75 ? \
  (r[int($4) + 1] = abs($5) + $2, s[int($4) + 1] = sgn($5), S[int($4) + 1] = exp($6)) : NaN) nooutput

# G by 400 bins, for the kernels at both ends of the family: 0 is 1/r, 1 the Gaussian
dist(j, v, d) = r[j] - d - s[j]*v
term(e, j, v, d, h) = S[j]*(e ? exp(-0.5*(dist(j, v, d)/h)**2) : 1/dist(j, v, d))
f(e, v, d, h) = sum [j=1:N] term(e, j, v, d, h)
at(m) = (m - 200.5)/400
rho(e, i, v, d, h) = term(e, i, v, d, h)/f(e, v, d, h)
step(e, i, d, h) = (sum [m=1:400] (rho(e, i, at(m), d, h) - rho(e, i, at(m), 0, h)))/400
# Close to the Gaussian: d log k/d(1/nu) = u^4/4 - u^2/2, which turns rho_i by
phi(j, v, d, h) = (dist(j, v, d)/h)**4/4 - (dist(j, v, d)/h)**2/2
mean_phi(v, d, h) = (sum [j=1:N] term(1, j, v, d, h)*phi(j, v, d, h))/f(1, v, d, h)
turn(i, v, d, h) = rho(1, i, v, d, h)*(phi(i, v, d, h) - mean_phi(v, d, h))
turned(i, d, h) = (sum [m=1:400] (turn(i, at(m), d, h) - turn(i, at(m), 0, h)))/400

array heavy[6]; array slope[6]; array gauss[6]
array h[3] = [0.5, 1.0, 2.0]
array shifts[2] = [0.75, 1.25]
slot(n, k) = 2*(n - 1) + k
is(n, k) = column(1) == h[n] && column(2) == shifts[k] && strcol(3) eq "student-t"
do for [n=1:3] { do for [k=1:2] {
  heavy[slot(n, k)] = 0; most = 0.0; largest = 1
  do for [i=1:N] {
    if (abs(step(0, i, shifts[k], h[n])) > heavy[slot(n, k)]) { heavy[slot(n, k)] = abs(step(0, i, shifts[k], h[n])) }
    if (abs(step(1, i, shifts[k], h[n])) > most) { most = abs(step(1, i, shifts[k], h[n])); largest = i }
  }
  slope[slot(n, k)] = abs(turned(largest, shifts[k], h[n]))
  stats defect using (column(1) == h[n] && column(2) == shifts[k] && strcol(3) eq "gaussian" ? $5 : NaN) nooutput
  gauss[slot(n, k)] = STATS_max
} }
stats defect using 6 nooutput; all_bound = STATS_max
stats defect using (strcol(3) eq "student-t" ? $5 : NaN) nooutput; defect_least = STATS_min

set multiplot
set logscale x

# --- against the shape, h = 1 -------------------------------------------------------------------
set tmargin at screen 0.965
set bmargin at screen 0.545
set lmargin at screen 0.095
set rmargin at screen 0.985
set xrange [0.012:1.2e5]
set yrange [0:0.27]
set xtics ("0.01" 0.01, "0.1" 0.1, "1" 1, "10" 10, "100" 100, "10^3" 1e3, "10^4" 1e4, "10^5" 1e5)
set ytics 0.05
set xlabel "shape ν of the kernel (1 + u^2/ν)^{−(ν+1)/2}" offset 0,0.4
set ylabel "defect  max_i |G_i(d) − G_i(0)|" offset 0.8,0
set arrow 1 from 1, graph 0 to 1, graph 0.9 nohead ls 21
set label 1 "Cauchy" at 1.12, 0.232 left font small textcolor rgb grey
set label 2 "Gaussian" at 1.1e5, gauss[slot(2, 2)] + 0.009 right font small textcolor rgb grey
set label 3 sprintf("the smallest of all cells:\n%.4f, proved to within %s", defect_least, upward(all_bound)) \
  at 0.0135, 0.024 left font small
set label 4 "1/r" at 0.0125, heavy[slot(2, 2)] + 0.009 left font small textcolor rgb grey
set key at graph 0.98, graph 0.05 right bottom reverse Left samplen 2.4
plot for [k=1:2] gauss[slot(2, k)] + 0*x with lines ls 20 title k == 1 ? "limits: 1/r, Gaussian" : "", \
     for [k=1:2] (x < 0.05 ? heavy[slot(2, k)] : NaN) with lines ls 20 notitle, \
     defect using (is(2, 2) ? $4 : NaN):5 with linespoints ls 1 lw 1 title "d = 1.25 = d_{edge}, h = 1", \
     defect using (is(2, 1) ? $4 : NaN):5 with linespoints ls 2 lw 1 title "d = 0.75, h = 1"
unset label; unset arrow

# --- where the score is flat ---------------------------------------------------------------------
set tmargin at screen 0.45
set bmargin at screen 0.125
set rmargin at screen 0.48
set logscale y
set xrange [0.05:110]
set yrange [0.008:0.5]
set xtics ("0.1" 0.1, "1" 1, "10" 10, "100" 100)
set ytics ("0.01" 0.01, "0.03" 0.03, "0.1" 0.1, "0.3" 0.3)
set xlabel "distance h√ν at which the score is flat" offset 0,0.3
set ylabel "defect at d_{edge}" offset 0.8,0
set key at graph 0.97, graph 0.05 right bottom noreverse Right
plot for [n=1:3] defect using (is(n, 2) ? $1*sqrt($4) : NaN):5 with linespoints ls n lw 1 title "h = ".word("1/2 1 2", n)

# --- the way to the Gaussian ------------------------------------------------------------------------
set lmargin at screen 0.60
set rmargin at screen 0.985
set xrange [0.5:1.2e5]
set yrange [1e-7:3]
set xtics ("1" 1, "100" 100, "10^4" 1e4)
set ytics ("10^{-6}" 1e-6, "10^{-4}" 1e-4, "10^{-2}" 1e-2, "1" 1)
set xlabel "shape ν"
set ylabel "|defect − the Gaussian's|" offset 0.5,0
set key at graph 0.03, graph 0.05 left bottom reverse Left
eval foot("defects proved to within ".upward(all_bound))
plot for [n=1:3] slope[slot(n, 2)]/x with lines ls 20 title n == 1 ? "predicted: ∝ 1/ν" : "", \
     for [n=1:3] defect using (is(n, 2) ? $4 : NaN):(abs($5 - gauss[slot(n, 2)])) \
       with points ls n title "h = ".word("1/2 1 2", n)

unset multiplot
unset output
