# SPDX-License-Identifier: MIT
# The cost of binning against the number of bins, for three rules and three shifts:
# smooth integrand, kink within a bin, kink between bins. Points are measured, thin lines
# predicted.
#table cost: shift.by,integral.rule,integral.bins,bin_error,gradient_bound
#table layout: shift.by,integral.rule,integral.bins,point,x,logits

eval begin(8.4, 4.3)

cost = tables."cost.csv"; layout = tables."layout.csv"
stats cost using 5 nooutput; bound = STATS_max
shifts = "0 1.6 1.625"
rules = "midpoint trapezoid simpson"
is(s, r) = abs(column(1) - word(shifts, s)) < 1e-9 && strcol(2) eq word(rules, r)

# Layouts of the three shifts; T = [-1/2, 1/2], h = 1, H = 1/M.
array px[12]; array pz[4]
take(s, i, at, logit) = (px[4*s - 4 + i] = at, pz[i] = logit, 1)
do for [s=1:3] { stats layout using (is(s, 1) && $3 == 1 ? take(s, int($4) + 1, $5, $6) : NaN) nooutput }
place(s, j) = px[4*s - 4 + j]
term(s, j, v) = exp(pz[j] - abs(v - place(s, j)))
rho(s, i, v) = term(s, i, v)/(sum [j=1:4] term(s, j, v))

# Where points on the right of v weigh R in all: R' = 2R(1 - R), and rho_i is a part of R, or
# of 1 - R. Over the target R' and R''' change, kinks aside, by
R(s, v) = sum [j=1:4] (place(s, j) > v ? rho(s, j, v) : 0)
R1(R) = 2*R*(1 - R)
R3(R) = 4*R1(R)*(1 - 2*R)**2 - 4*R1(R)**2
part(s, i, v) = place(s, i) > v ? rho(s, i, v)/R(s, v) : -rho(s, i, v)/(1 - R(s, v))
first(s, i, v) = part(s, i, v)*R1(R(s, v))
third(s, i, v) = part(s, i, v)*R3(R(s, v))
y(s) = place(s, 2)
inside(s) = abs(y(s)) < 0.5
turn(s, i) = first(s, i, 0.5) - first(s, i, -0.5) - kink(s, i)
turn3(s, i) = third(s, i, 0.5) - third(s, i, -0.5) \
  - (inside(s) ? third(s, i, y(s) + 1e-12) - third(s, i, y(s) - 1e-12) : 0)

# A kink of rho_i at the point x_2 inside the target, a share t into its bin
kink(s, i) = !inside(s) ? 0 : 2*rho(s, 2, y(s))*((i == 2 ? -1 : 0) + rho(s, i, y(s)))
t(s, M) = (y(s) + 0.5)*M - floor((y(s) + 0.5)*M)
bent_mid(t) = (1 - t)**2/2 - (t < 0.5 ? 0.5 - t : 0)
bent_trapezoid(t) = (1 - t)**2/2 - (1 - t)/2

# Integral minus rule: of second order, for Simpson also of fourth
mid_error(s, i, M) = (turn(s, i)/24 + kink(s, i)*bent_mid(t(s, M)))/M**2
trapezoid_error(s, i, M) = (-turn(s, i)/12 + kink(s, i)*bent_trapezoid(t(s, M)))/M**2
simpson_error(s, i, M) = (2*mid_error(s, i, M) + trapezoid_error(s, i, M))/3 - turn3(s, i)/2880/M**4
error(s, r, i, M) = abs(r == 1 ? mid_error(s, i, M) : r == 2 ? trapezoid_error(s, i, M) : simpson_error(s, i, M))
larger(a, b) = a > b ? a : b
most(s, r, M) = larger(larger(error(s, r, 1, M), error(s, r, 2, M)), larger(error(s, r, 3, M), error(s, r, 4, M)))

titles = "'all points outside: smooth' 'kink within a bin' 'kink between bins for M ≥ 8'"
rule_style(r) = r + 1
set style fill solid 0.13 noborder
set logscale xy
set xrange [0.8:1300]
set yrange [1e-16:0.3]
set xtics ("1" 1, "4" 4, "16" 16, "64" 64, "256" 256, "1024" 1024)
set ytics 100 format "10^{%T}"
set mytics 1
set xlabel "number of bins M" offset 0,0.4
set key at graph 0.03, graph 0.12 left bottom reverse Left samplen 2.4
set multiplot
set tmargin at screen 0.91
set bmargin at screen 0.195
do for [s=1:3] {
  set lmargin at screen 0.09 + (s - 1)*0.305
  set rmargin at screen 0.09 + (s - 1)*0.305 + 0.28
  set title sprintf("d = %s: %s", word(shifts, s), word(titles, s)) offset 0,-0.6
  set ylabel (s == 1 ? "bin error  max_i |G_i − G_i(integral)|" : "") offset 0.8,0
  if (s == 1) {
    set label 1 "below the sums' bounds" at 1.1, bound*0.2 left font small textcolor rgb "#444444" front
    set label 2 "∝ M^{-2}" at 50, 2e-5 left font small; set label 3 "∝ M^{-4}" at 22, 4e-9 left font small
  } else { unset label }
  if (s == 2) { set format y ""; unset key }
  if (s == 3) { eval foot("the rules' sums proved to within ".upward(bound)) }
  plot "+" using 1:(bound) with filledcurves y=1e-16 lc rgb black notitle, \
       for [r=1:3] cost using (is(s, r) ? $3 : NaN):(most(s, r, $3)) with lines ls 20 title r == 1 ? "predicted" : "", \
       for [r=1:3] cost using (is(s, r) ? $3 : NaN):4 with points ls rule_style(r) title word("midpoint trapezoid Simpson", r)
}
unset multiplot
unset output
