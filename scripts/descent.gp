# SPDX-License-Identifier: MIT
# Gradient descent from the same logits for a layout and its copy shifted to
# d_edge: loss curves above, their distance below.
#table start: kernel.family,shift.by,point,gradient,gradient_bound,loss,loss_bound
#table loss: kernel.family,shift.by,iteration,trajectory_loss,trajectory_norm,d_edge
#claims C6

eval begin(7.2, 6.6)

loss = tables."loss.csv"
stats loss using 6 nooutput; d_edge = STATS_max
stats tables."start.csv" using 7 nooutput; start_bound = STATS_max
h = 1.0
kernels = "cauchy gaussian laplace"
titles = "Cauchy Gaussian Laplace"
style(k) = 4 - k
here(k, moved) = strcol(1) eq word(kernels, k) && (column(2) > 0) == moved

set multiplot
set lmargin at screen 0.105
set rmargin at screen 0.975
set xrange [0:200]
set xtics 50

set tmargin at screen 0.965
set bmargin at screen 0.565
set yrange [*:*]
set ylabel "loss L (nat)"
set key at graph 0.98, graph 0.96 right top maxrows 3 noreverse Right
set format y "%.1f"
plot for [k=1:3] loss using (here(k, 0) ? $3 : NaN):4 with linespoints ls style(k) pointinterval 25 + k \
       title word(titles, k).", as it stands", \
     for [k=1:3] loss using (here(k, 1) ? $3 : NaN):4 with lines ls style(k) lw 1.2 \
       title word(titles, k).", moved to d_{edge}"

# Each copy's curve follows its original's in the table: keep the original's losses.
set tmargin at screen 0.47
set bmargin at screen 0.118
set xlabel "step of gradient descent (rate 1)" offset 0,0.3
set ylabel "loss of the layout − loss of its copy (nat)"
array kept[201]
keep(s, L) = (kept[s + 1] = L, NaN)
difference(k) = here(k, 0) ? keep(int(column(3)), column(4)) \
              : here(k, 1) ? kept[int(column(3)) + 1] - column(4) : NaN
set format y "%.1f"
set key at graph 0.98, graph 0.98 right top maxrows 2 Right width 1
eval foot("losses at the start proved to within ".upward(start_bound))
plot for [k=1:3] loss using 3:(difference(k)) with linespoints ls style(k) pointinterval 25 + k title word(titles, k), \
     "+" using ($0*20):(d_edge/h) every ::0::10 with points ls 20 lw 1.4 ps 1.3 title "predicted for Laplace: d/h"

unset multiplot
unset output
