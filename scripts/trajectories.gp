# SPDX-License-Identifier: MIT
# Six optimisers on a layout and its copy shifted to d_edge: how far their logits are from
# each other (below), and how far the loss is from its least (above).
#table walks: points.at,kernel.family,descent.method,iteration,trajectory_gap,trajectory_defect,trajectory_loss_change,d_edge
#claims C6

eval begin(7.2, 8.4)

walks = tables."walks.csv"
methods = "gd momentum nesterov rmsprop adam em"
array colour[6] = [black, blue, sky, red, orange, green]
array symbol[6] = [7, 9, 11, 5, 13, 4]
first(k) = 2*k # markers of one line stand between those of the others
is(layout, kernel, k) = column(1) == layout && strcol(2) eq kernel && strcol(3) eq word(methods, k)

set multiplot
set lmargin at screen 0.125
set rmargin at screen 0.97
set xrange [0:10000]
set xtics 2000
set logscale y
set format y "10^{%T}"

set tmargin at screen 0.97
set bmargin at screen 0.66
set yrange [1e-9:3]
set ytics 1e3
set ylabel "optimality gap (nat)"
set key at graph 0.74, graph 0.44 right top maxrows 2 Right width 1
plot for [k=1:6] walks using (is(0, "laplace", k) && $5 > 0 ? $4 : NaN):5 with linespoints lc rgb colour[k] lw 1.8 \
       pt symbol[k] ps 0.6 pointinterval 13 title word(methods, k)

# Zeros stand on a line of their own, below a break of the axis.
set tmargin at screen 0.60
set bmargin at screen 0.09
zero = 1e-18
set yrange [zero/5:1e6]
set ytics ("0" zero, "10^{-16}" 1e-16, "10^{-12}" 1e-12, "10^{-8}" 1e-8, "10^{-4}" 1e-4, "1" 1, "10^4" 1e4)
set arrow 1 from graph -0.012, first 8e-18 to graph 0.012, first 1.6e-17 nohead lc rgb "#444444"
set arrow 2 from graph -0.012, first 5e-18 to graph 0.012, first 1e-17 nohead lc rgb "#444444"
set xlabel "step of the optimiser"
set ylabel "largest difference of a logit from that of the copy"
set label 1 "Gaussian and Cauchy, all optimisers" at 5000, 1e5 center textcolor rgb "#222222"
set label 2 "Laplace, positions rounded by the shift" at 5000, 1e-10 center textcolor rgb "#222222"
set label 3 "Laplace, dyadic positions: the same logits to the last bit" at 5000, 1.3e-17 center textcolor rgb "#222222"
unset key
eval foot("")
shown(v) = v > 0 ? v : zero
plot for [k=1:6] walks using (is(0, "gaussian", k) && $4 > 0 ? $4 : NaN):6 with lines lc rgb colour[k] lw 1.4 dt (6,3) notitle, \
     for [k=1:6] walks using (is(0, "cauchy", k) && $4 > 0 ? $4 : NaN):6 with lines lc rgb colour[k] lw 1.0 dt (2,2) notitle, \
     for [k=1:6] walks using (is(1, "laplace", k) && $6 > 0 ? $4 : NaN):6 with linespoints lc rgb colour[k] lw 1.8 \
       pt symbol[k] ps 0.6 pointinterval 13 notitle, \
     for [k=1:6] walks using (is(0, "laplace", k) ? $4 : NaN):(shown($6)) with linespoints lc rgb colour[k] lw 1.8 \
       pt symbol[k] ps 0.6 pointinterval (12 + k) notitle

unset multiplot
unset output
