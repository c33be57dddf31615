# SPDX-License-Identifier: MIT
# How many steps the weights take, a kernel a row: expectation maximisation (left), five gradient
# methods (middle), and gradient descent against its law, which knows nothing of the kernel (right).
#compare em: --by kernel.family --columns steps_taken --where 'descent.method == em'
#compare gd: --by kernel.family --columns steps_taken --where 'descent.method == gd' --where 'descent.gap == 0.01'
#compare momentum: --by kernel.family --columns steps_taken --where 'descent.method == momentum'
#compare nesterov: --by kernel.family --columns steps_taken --where 'descent.method == nesterov'
#compare rmsprop: --by kernel.family --columns steps_taken --where 'descent.method == rmsprop'
#compare adam: --by kernel.family --columns steps_taken --where 'descent.method == adam'
#compare law-2: --by kernel.family --columns steps_taken --where 'descent.gap == 0.001' --where 'points.count == 2'
#compare law-4: --by kernel.family --columns steps_taken --where 'descent.gap == 0.001' --where 'points.count == 4'
#compare law-8: --by kernel.family --columns steps_taken --where 'descent.gap == 0.001' --where 'points.count == 8'
#table censored: kernel.family,kernel.bandwidth,descent.method,descent.gap --where 'steps_taken == 10000'

eval begin(10.2, 6.4)

N = 15
table(name) = tables.name.".csv"
# Columns: quantity, number, the kernel's three, cells, missing, quartiles, wins, ties; a kernel a row
row(dummy) = -(int(column(0) + N - 1) % N)
k(dummy) = 1 - row(0)

array name[N]; array h[N]; array em_won[N]; array lost[N]
here(dummy) = strcol(2) eq "value"
stats table("em") using (here(0) ? (name[k(0)] = kernel_title(strcol(3), strcol(4)), h[k(0)] = strcol(3).strcol(5), \
  em_won[k(0)] = strcol(11).", ".strcol(12), 1) : NaN) nooutput
stats table("em") using (here(0) ? column(6) : NaN) nooutput; layouts = STATS_max
# Stopped at 10,000 steps, of each kernel
is(n) = strcol(1).strcol(2) eq h[n] && strcol(4) ne "0.001"
do for [n=1:N] {
  lost[n] = 0
  stats table("censored") using (is(n) ? (lost[n] = lost[n] + 1) : 0) nooutput
}

set multiplot
set style fill transparent solid 0.25 noborder
set yrange [-N + 0.4:0.9]
set tmargin at screen 0.90
set bmargin at screen 0.165
set grid noytics xtics
set tics scale 0.4
unset key
left(n) = real(word("0.150 0.465 0.775", n))
right(n) = real(word("0.355 0.690 0.985", n))
panel(n) = sprintf("set lmargin at screen %g; set rmargin at screen %g", left(n), right(n))
do for [n=4:9] { if (n == 4 || n == 7 || n == 9) { set arrow 100 + n from graph 0, first -n + 0.5 to graph 1, first -n + 0.5 nohead ls 21 } }
told(n, x, text) = sprintf('set label %d "%s" at graph %g, first %d left font "%s" textcolor rgb grey', 200 + 100*x + n, text, x, 1 - n, small)

eval panel(1)
set ytics () scale 0
do for [n=1:N] {
  set ytics add (name[n] 1 - n)
  eval told(n, 1.03, em_won[n])
}
set label 1 "wins, ties" at graph 1.03, first 0.75 left font small textcolor rgb grey
set logscale x
set xrange [1:1e4]
set xtics ("1" 1, "10" 10, "100" 100, "1000" 1e3, "10^4" 1e4)
set title "{/:Bold expectation maximisation}" offset 0,0.3
set xlabel "steps to a gap of 10^{−6}" offset 0,0.4
plot table("em") using (here(0) ? column(9) : NaN):(row(0)):8:10:(row(0) - 0.22):(row(0) + 0.22):(tail_colour(-row(0))) with boxxyerror lc rgb variable notitle, \
     "" using (here(0) ? column(9) : NaN):(row(0)):(tail_colour(-row(0))) with points pt 7 ps 0.75 lc rgb variable notitle
unset label

unset ytics
eval panel(2)
methods = "gd momentum nesterov rmsprop adam"
rates = "1 1/8 1/8 1/32 1/32"
mark(m) = int(word("7 5 4 9 8", m))
do for [n=1:N] { eval told(n, 1.03, lost[n] == 0 ? "–" : sprintf("%d", lost[n])) }
set label 2 "censored" at graph 1.03, first 0.75 left font small textcolor rgb grey
do for [m=1:5] {
  set label 10 + m sprintf("%s, %s", word(methods, m), word(rates, m)) at screen 0.115 + 0.125*m, 0.052 left font small \
    point pt mark(m) ps 0.6 lc rgb black offset 0.8,0
}
set xrange [20:400]
set xtics ("20" 20, "50" 50, "100" 100, "200" 200, "400" 400)
set title "{/:Bold gradient methods}"
set xlabel "steps to a gap of 10^{−2}, medians"
plot for [m=1:5] table(word(methods, m)) using (here(0) ? column(9) : NaN):(row(0)):(tail_colour(-row(0))) \
       with points pt mark(m) ps 0.6 lc rgb variable notitle
unset label

eval panel(3)
unset logscale x
set xrange [0:1150]
set xtics 0, 250, 1000
set title "{/:Bold gradient descent and its law}"
set xlabel "steps to a gap of 10^{−3}"
counts = "2 4 8"
eval foot(sprintf("%d random layouts a kernel, medians and quartiles; censored: cells of all five that take more than 10,000 steps", layouts))
do for [m=1:3] {
  law = (1 - 1.0/word(counts, m))/1e-3
  set arrow m from law, graph 0 to law, graph 1 nohead ls 20 lw 1.4
  set label 20 + m sprintf("%s%s", m == 1 ? "N = " : "", word(counts, m)) at law, graph 1.018 center font small
}
plot for [m=1:3] table("law-".word(counts, m)) using (here(0) ? column(9) : NaN):(row(0)):8:10:(row(0) - 0.22):(row(0) + 0.22):(tail_colour(-row(0))) \
       with boxxyerror lc rgb variable notitle, \
     for [m=1:3] table("law-".word(counts, m)) using (here(0) ? column(9) : NaN):(row(0)):(tail_colour(-row(0))) with points pt 7 ps 0.6 lc rgb variable notitle

unset multiplot
unset output
