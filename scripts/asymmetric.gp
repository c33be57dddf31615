# SPDX-License-Identifier: MIT
# Which ratio of the speeds of both sides keeps the gradient of the asymmetric Laplace kernel:
# defect against the ratio (above), at three ratios against kappa (below, left), and how far the
# zeros are proved (below, right). Points are measured, thin lines predicted.
#table defect: kernel.shape,shift.right,defect,defect_bound
#table layout: kernel.shape,shift.right,point,x,logits
#claims C5d

eval begin(8.4, 7.2)

defect = tables."defect.csv"; layout = tables."layout.csv"
# T = [-1/2, 1/2], h = 1; before the shift, which moves the left points by 1/2, the right ones
# by 1/2 times the ratio (1 in these rows)
by = 0.5
N = 4
array r[N]; array s[N]; array S[N]
stats layout using ($1 == 1 && $2 == 1 ? \
  (r[int($3) + 1] = abs($4) - by, s[int($3) + 1] = sgn($4), S[int($3) + 1] = exp($5)) : NaN) nooutput

# kappa = k, ratio = q: the left points count exp(turn) times as much against the right ones
turn(k, q) = by*(q/k - k)
rate(j, k) = s[j] > 0 ? 1/k : k
term(j, v, k) = S[j]*exp(-rate(j, k)*(r[j] - s[j]*v))
f(v, k) = sum [j=1:N] term(j, v, k)
left(v, k) = (sum [j=1:N] (s[j] < 0 ? term(j, v, k) : 0))/f(v, k)
change(i, v, k, e) = term(i, v, k)/f(v, k)*((s[i] < 0 ? 1 + e : 1)/(1 + e*left(v, k)) - 1)
bins = 32
component(i, k, e) = abs(sum [m=1:bins] change(i, (m - 0.5)/bins - 0.5, k, e))/bins
larger(a, b) = a > b ? a : b
largest(k, e) = larger(larger(component(1, k, e), component(2, k, e)), larger(component(3, k, e), component(4, k, e)))
predicted(k, q) = largest(k, exp(turn(k, q)) - 1)

is(v, k) = abs(log(v/k)) < 1e-9
kept(dummy) = is($2, $1**2)
stats defect using (kept(0) ? $3 : NaN) nooutput; zero_most = STATS_max
stats defect using (kept(0) ? $4 : NaN) nooutput; zero_bound = STATS_max
stats defect using 4 nooutput; all_bound = STATS_max

array kappas[5] = [0.5, sqrt(0.5), 1.0, sqrt(2.0), 2.0]
names = "1/2 1/√2 1 √2 2"
style(n) = word("3 5 1 4 2", n) + 0

set multiplot
set logscale x 2
set samples 120

# --- defect against the ratio -----------------------------------------------------------------
set tmargin at screen 0.97
set bmargin at screen 0.535
set lmargin at screen 0.095
set rmargin at screen 0.985
set xrange [0.24:4.2]
set yrange [-0.009:0.3]
set xtics ("1/4" 0.25, "1/2" 0.5, "1" 1, "2" 2, "4" 4)
set ytics 0.1
set xlabel "speed of the points right of the target : speed of those on its left" offset 0,0.4
set ylabel "defect  max_i |G_i(d) − G_i(0)|" offset 0.5,0
set key at graph 0.03, graph 0.97 left top maxrows 4 reverse Left samplen 2.4
plot for [n=1:5] predicted(kappas[n], x) with lines ls 20 title n == 1 ? "predicted" : "", \
     for [n=1:5] "+" using (kappas[n]**2):(0) every ::0::0 with points pt 6 ps 1.5 lw 1.4 lc rgb black \
       title n == 1 ? "predicted: 0 at κ^2" : "", \
     for [n=1:5] defect using (is($1, kappas[n]) ? $2 : NaN):3 with points ls style(n) title "κ = ".word(names, n)

# --- three ways to choose the ratio ------------------------------------------------------------
set tmargin at screen 0.44
set bmargin at screen 0.125
set rmargin at screen 0.49
set xrange [0.47:2.12]
set xtics ("1/2" 0.5, "1/√2" sqrt(0.5), "1" 1, "√2" sqrt(2.0), "2" 2)
set yrange [-0.006:0.2]
set xlabel "shape κ of the kernel" offset 0,0.3
set ylabel "defect"
set key at graph 0.03, graph 0.98 left top maxrows auto
plot predicted(x, 1) with lines ls 20 notitle, predicted(x, 1/x**2) with lines ls 20 notitle, \
     0 with lines ls 20 notitle, \
     defect using (is($2, 1/$1**2) ? $1 : NaN):3 with points ls 2 title "right : left = 1 : κ^2, swapped", \
     defect using (is($2, 1) ? $1 : NaN):3 with points ls 3 title "1 : 1, the note's shift", \
     defect using (kept(0) ? $1 : NaN):3 with points ls 1 title "κ^2 : 1, which keeps it"

# --- the zeros -----------------------------------------------------------------------------------
set lmargin at screen 0.60
set rmargin at screen 0.985
set yrange [-1:14]
set ytics 5
set ylabel "defect at κ^2 : 1,  × 10^{15}"
set style fill solid 0.13 noborder
set label 1 sprintf("%s,\nproved to within %s", computed(zero_most), upward(zero_bound)) \
  at 1, 12.7 center font small textcolor rgb "#444444"
eval foot("defects proved to within ".upward(all_bound))
plot defect using (kept(0) ? $1 : NaN):(1e15*($3 + $4)) with filledcurves y=0 lc rgb black notitle, \
     0 with lines ls 20 notitle, defect using (kept(0) ? $1 : NaN):(1e15*$3) with points ls 1 notitle

unset multiplot
unset output
