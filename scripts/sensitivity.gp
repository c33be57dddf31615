# SPDX-License-Identifier: MIT
# The derivative of the gradient by the shift: formula against central differences. Left, what
# lies between them against the step; right, their values for each kernel.
#table gradient: kernel.family,kernel.shape,shift.by,point,gradient,gradient_bound,sensitivity
#claims C5

eval begin(9.4, 6.2)

gradient = tables."gradient.csv"
N = 3; at = 0.5
larger(a, b) = a > b ? a : b
# Rows come by kernel: its points at d first, then in pairs at d - delta and d + delta.
array formula[N]; array below[N]; array below_slope[N]
j(dummy) = int(column(4)) + 1
delta(dummy) = column(3) - at
centre(dummy) = column(3) == at ? (formula[j(0)] = column(7), 1) : 0
lower(dummy) = column(3) < at ? (below[j(0)] = column(5), below_slope[j(0)] = column(7), 1) : 0
upper(dummy) = column(3) > at
most = 0.0
kept(v) = (most = column(4) == 0 ? v : larger(most, v), column(4) == N - 1 ? most : NaN)
difference(dummy) = (column(5) - below[j(0)])/(2*delta(0))
# What lies between formula and difference: the largest component, at pairs only
between(dummy) = column(4) >= 0 ? (centre(0) || lower(0) ? NaN : kept(abs(difference(0) - formula[j(0)]))) : NaN
# proved: the gradients are at most a bound off, hence the difference this much
allowed(dummy) = column(6)/delta(0)
# The error of a difference, delta^2/6 of the third derivative of G, which is the second one
# of the formula: from its values at +-1/16
curved(dummy) = kept(abs(column(7) - 2*formula[j(0)] + below_slope[j(0)])/delta(0)**2/6)

# --- by kernel ---------------------------------------------------------------------------------
families = "laplace asymmetric-laplace logistic sech gaussian exppow exppow cauchy student-t uniform triangular epanechnikov cosine biweight tricube"
shapes = "0 2 0 0 0 3 0.5 0 3 0 0 0 0 0 0"
named(k) = word("Laplace asymmetric|Laplace,|κ=2 logistic sech Gaussian exp(−u^3) exp(−u^{0.5}) Cauchy Student|t,|ν=3 uniform triangular Epanechnikov cosine biweight tricube", k)
K = words(families)
is(k) = strcol(1) eq word(families, k) && (word(shapes, k) eq "0" || column(2) == word(shapes, k))
array law[K]
do for [k=1:K] {
  stats gradient using (is(k) ? (centre(0) || lower(0) ? NaN : delta(0) == 0.0625 ? curved(0) : NaN) : NaN) nooutput
  law[k] = STATS_max
}
spaced(name) = strstrt(name, "|") ? spaced(name[1:strstrt(name, "|") - 1]." ".name[strstrt(name, "|") + 1:*]) : name
tail(k) = k == 1 ? 1 : k <= 4 ? 5 : k <= 6 ? 3 : k <= 9 ? 4 : 2
titles = "Laplace compact light heavy exponential"

stats gradient using (is(1) ? abs($7) : NaN) nooutput; formula_most = STATS_max
stats gradient using (is(1) && delta(0) == 0.25 ? $6/delta(0) : NaN) nooutput; zero_bound = STATS_max
stats gradient using (is(1) ? (centre(0) || lower(0) ? NaN : abs(difference(0))) : NaN) nooutput; zero_most = STATS_max
stats gradient using 6 nooutput; gradient_bound = STATS_max

set multiplot
set tmargin at screen 0.95
set bmargin at screen 0.125

# --- formula against differences -----------------------------------------------------------------
set lmargin at screen 0.085
set rmargin at screen 0.52
set logscale xy
set xrange [1e-8:0.5]
set yrange [1e-19:30]
set xtics ("10^{-8}" 1e-8, "10^{-6}" 1e-6, "10^{-4}" 1e-4, "10^{-2}" 1e-2)
set label 3 "uniform: straight pieces" at 0.3, 1.2e-16 right font small textcolor rgb "#444444" front
set ytics ("10^{-18}" 1e-18, "10^{-15}" 1e-15, "10^{-12}" 1e-12, "10^{-9}" 1e-9, "10^{-6}" 1e-6, "10^{-3}" 1e-3, "1" 1)
set xlabel "step δ of the difference" offset 0,0.3
set ylabel "max_i |(G_i(d+δ) − G_i(d−δ))/(2δ) − dG_i/dd|" offset 0.6,0
set style fill solid 0.13 noborder
set samples 100
set label 1 "what the\nbounds of G\nallow" at 2.6e-8, 8e-10 left font small textcolor rgb "#444444" front
set key at graph 0.03, graph 0.985 left top reverse Left samplen 2.4
plot "+" using 1:(gradient_bound/$1) with filledcurves y=1e-19 lc rgb black notitle, \
     for [k=2:K] (law[k] > 1e-9 ? law[k]*x**2 : NaN) with lines ls 20 lc rgb "#888888" \
       title k == 2 ? "predicted: ∝ δ^2, by the formula's curvature" : "", \
     for [t=2:5] NaN with points ls t title word(titles, t), \
     for [k=2:K] gradient using (is(k) ? (upper(0) ? delta(0) : NaN) : NaN):(is(k) ? between(0) : NaN) \
       with points ls tail(k) notitle, \
     gradient using (is(1) ? (upper(0) ? delta(0) : NaN) : NaN):(is(1) ? between(0) : NaN) \
       with points ls 1 title "Laplace"
unset label

# --- their values ------------------------------------------------------------------------------------
set lmargin at screen 0.70
set rmargin at screen 0.985
unset logscale y
set xrange [0.003:1]
set xtics ("0" 0.0042, "0.01" 0.01, "0.1" 0.1, "1" 1)
set yrange [K + 0.6:0.4]
set ytics scale 0
set ytics ("" 1)
set for [k=1:K] ytics add (spaced(named(k)) k)
unset ylabel
set xlabel "max_i |dG_i/dd|"
set key at graph 1, graph 1.0 right bottom maxrows 1 noreverse Right samplen 1
set grid ytics
set label 1 sprintf("formula %s, differences %s,\nproved to within %s", upward(formula_most), \
  zero_most == 0 ? "0" : upward(zero_most), upward(zero_bound)) at 0.0075, 0.93 left font small textcolor rgb "#444444"
eval foot(sprintf("gradients proved to within %s", upward(gradient_bound)))
# Zero has no place on this axis: it stands left of its break.
set arrow 1 from 0.0062, graph 0 to 0.0062, graph 1 nohead ls 20 lc rgb "#bbbbbb"
placed(v) = v < 1e-12 ? 0.0042 : v
by_formula(k) = is(k) ? (centre(0) ? placed(kept(abs(column(7)))) : NaN) : NaN
by_difference(k) = is(k) ? (centre(0) || lower(0) ? NaN : delta(0) < 1e-4 && delta(0) > 5e-5 \
  ? placed(kept(abs(difference(0)))) : NaN) : NaN
plot for [k=1:K] gradient using (by_formula(k)):(k) with points ls tail(k) title k == 1 ? "formula" : "", \
     for [k=1:K] gradient using (by_difference(k)):(k) with points ls 20 ps 1.3 \
       title k == 1 ? "difference, δ = 2^{−14}" : ""

unset multiplot
unset output
