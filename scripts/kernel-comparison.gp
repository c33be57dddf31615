# SPDX-License-Identifier: MIT
# All kernels of the line on the same random layouts, a row each: medians with quartiles of what
# a shift does to the gradient near the target, and of what is left of it far away.
#compare edge: --by kernel.family --columns defect,sensitivity --where 'shift.unit == edge'
#compare centre: --by kernel.family --columns defect,breaking_shift --where 'shift.unit == centre'
#compare start: --by kernel.family --columns gradient --where 'shift.by == 0'
#compare far-10: --by kernel.family --columns gradient,sensitivity --where 'shift.by == -10'
#compare far-40: --by kernel.family --columns gradient,sensitivity --where 'shift.by == -40'
#compare far-160: --by kernel.family --columns gradient,sensitivity --where 'shift.by == -160'

eval begin(10.2, 6.6)

N = 15
table(name) = tables.name.".csv"
# Columns: quantity, number, the kernel's three, cells, missing, quartiles, wins, ties; a kernel a row
is(quantity) = strcol(1) eq quantity
row(dummy) = -(int(column(0) + N - 1) % N)
median(dummy) = column(9)
tally(dummy) = strcol(11) eq "0" && strcol(12) eq "0" ? "–" : strcol(11).", ".strcol(12)
shown(quantity, v) = is(quantity) ? v : NaN

stats table("edge") using (is("defect") ? column(6) + column(7) : NaN) nooutput; layouts = STATS_max
stats table("centre") using (is("breaking_shift") && strcol(3) eq "laplace" ? median(0) : NaN) nooutput; ends = STATS_max

array name[N]; array won[N]; array rate[N]
k(dummy) = 1 - row(0)
stats table("edge") using (is("defect") ? (name[k(0)] = kernel_title(strcol(3), strcol(4)), won[k(0)] = tally(0), 1) : NaN) nooutput
set ytics () scale 0
do for [k=1:N] { set ytics add (name[k] 1 - k) }
# How |dG/dd| falls from D = 40 to 160, as a power
stats table("far-40") using (is("sensitivity") ? (rate[k(0)] = median(0), 1) : NaN) nooutput
stats table("far-160") using (is("sensitivity") ? (rate[k(0)] = log(median(0)/rate[k(0)])/log(4), 1) : NaN) nooutput

set multiplot
set style fill transparent solid 0.25 noborder
set yrange [-N + 0.4:0.9]
set tmargin at screen 0.90
set bmargin at screen 0.175
set grid noytics xtics
set tics scale 0.4
unset key
left(n) = word("0.150 0.362 0.505 0.655 0.835", n) + 0
right(n) = word("0.285 0.465 0.608 0.785 0.985", n) + 0
panel(n) = sprintf("set lmargin at screen %g; set rmargin at screen %g", left(n), right(n))
# Exact zeros, and what is below `least`, stand at the left border, open.
held(n, least) = valid(n) ? (column(n) < least ? least : column(n)) : NaN
symbol(least) = valid(9) ? (column(9) < least ? 6 : 7) : 0
bars(quantity, least) = is(quantity) ? (column(10) >= least) : 0
do for [k=0:14:1] { if (k == 4 || k == 7 || k == 9) { set arrow 100 + k from graph 0, first -k + 0.5 to graph 1, first -k + 0.5 nohead ls 21 } }

# --- defect at d_edge ------------------------------------------------------------------------
eval panel(1)
set logscale x
set format x "10^{%T}"
least = 3e-4
set xrange [least:0.5]
set xtics ("0" least, "10^{-3}" 1e-3, "10^{-2}" 1e-2, "10^{-1}" 1e-1)
set title "{/:Bold defect at d_{edge}}" offset 0,0.3
set xlabel "max_i |G_i(d) − G_i(0)|" offset 0,0.4
set label 1 "wins, ties" at graph 1.03, first 0.75 left font small textcolor rgb grey
do for [k=1:N] { set label 20 + k won[k] at graph 1.03, first 1 - k left font small textcolor rgb grey }
plot table("edge") using (bars("defect", least) ? median(0) : NaN):(row(0)):(held(8, least)):(column(10)):(row(0) - 0.22):(row(0) + 0.22):(tail_colour(-row(0))) \
       with boxxyerror lc rgb variable notitle, \
     "" using (shown("defect", held(9, least))):(row(0)):(symbol(least)):(tail_colour(-row(0))) with points pt variable ps 0.75 lc rgb variable notitle
unset label

# --- sensitivity -----------------------------------------------------------------------------
unset ytics
eval panel(2)
set xtics ("0" least, "10^{-2}" 1e-2, "10^{-1}" 1e-1)
set title "{/:Bold sensitivity at d_{edge}}"
set xlabel "max_i |dG_i/dd|"
plot for [pass=1:1] table("edge") using (bars("sensitivity", least) ? median(0) : NaN):(row(0)):(held(8, least)):(column(10)):(row(0) - 0.22):(row(0) + 0.22):(tail_colour(-row(0))) \
       with boxxyerror lc rgb variable notitle, \
     "" using (shown("sensitivity", held(9, least))):(row(0)):(symbol(least)):(tail_colour(-row(0))) with points pt variable ps 0.75 lc rgb variable notitle

# --- breaking shift --------------------------------------------------------------------------
eval panel(3)
least = 1e-15
set xrange [least:3]
set xtics ("10^{-14}" 1e-14, "10^{-8}" 1e-8, "10^{-2}" 1e-2)
set title "{/:Bold breaking shift}"
set xlabel "d, change proved"
set label 1 "at d_{edge}" at ends/4, -0.5 right font small textcolor rgb "#222222"
plot table("centre") using (bars("breaking_shift", least) ? median(0) : NaN):(row(0)):(held(8, least)):(column(10)):(row(0) - 0.22):(row(0) + 0.22):(tail_colour(-row(0))) \
       with boxxyerror lc rgb variable notitle, \
     "" using (shown("breaking_shift", median(0))):(row(0)):(tail_colour(-row(0))) with points pt 7 ps 0.75 lc rgb variable notitle
unset label 1

# --- the limit far away ----------------------------------------------------------------------
eval panel(4)
unset logscale x
set format x "%g"
set xrange [-0.02:1]
set xtics 0, 0.25, 1
set title "{/:Bold far away: the limit}"
set xlabel "max_i |G_i|, at D"
mark(k) = int(word("1 6 4 7", k))
size(k) = real(word("0.7 0.75 0.6 0.55", k))
do for [k=1:4] {
  set label 40 + k "D = ".word("0 10 40 160", k) at screen 0.69 + 0.075*(k - 1), 0.053 left font small \
    point pt mark(k) ps size(k) lc rgb black offset 0.8,0
}
far = "start far-10 far-40 far-160"
covered(k) = k == 1 || row(0) > -9
set label 1 "the Laplace gradient,\nbandwidth 1/λ" at 0.98, -1.5 right font small textcolor rgb "#444444"
set label 2 "no gradient: 0" at 0.98, -5 right font small textcolor rgb "#444444"
set label 3 "hard labels" at 0.28, -7.5 left font small textcolor rgb "#444444"
set label 4 "uncovered: none" at graph 0.97, first -11.5 right font small textcolor rgb "#444444"
plot for [k=1:4] table(word(far, k)) using (covered(k) ? shown("gradient", median(0)) : NaN):(row(0)):(tail_colour(-row(0))) \
       with points pt mark(k) ps size(k) lc rgb variable notitle

# --- and the rate ----------------------------------------------------------------------------
eval panel(5)
set logscale x
set format x "10^{%T}"
least = 1e-13
set xrange [least:0.3]
set xtics ("0" least, "10^{-10}" 1e-10, "10^{-7}" 1e-7, "10^{-4}" 1e-4, "10^{-1}" 1e-1)
set title "{/:Bold far away: the rate}"
set xlabel "max_i |dG_i/dd| at D"
eval foot(sprintf("%d random layouts a kernel, medians and quartiles over them, the same score at distance 1", layouts))
unset label 1; unset label 2; unset label 3
set label 1 "e^{−λD}, Laplace 0" at 0.2, -0.5 right font small textcolor rgb "#444444"
do for [k=5:7] {
  set label 20 + k sprintf("D^{%.2f}, as D^{%s}", rate[k], k == 5 ? "−1.5" : "−2") at 4e-13, 1 - k left font small textcolor rgb "#444444"
}
plot for [k=2:4] table(word(far, k)) using (covered(k) ? shown("sensitivity", held(9, least)) : NaN):(row(0)):(tail_colour(-row(0))) \
       with points pt mark(k) ps size(k) lc rgb variable notitle

unset multiplot
unset output
