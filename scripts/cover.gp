# SPDX-License-Identifier: MIT
# Compact kernels losing the target: the gradient over what is left of it (above), the share
# that is lost (below, left), and the distance from hard labels (below, right). Points are
# measured, thin lines predicted.
#table gradient: kernel.family,shift.by,point,gradient,gradient_bound,uncovered_share,x,logits
#claims C5c C1c

eval begin(8.4, 7.4)

gradient = tables."gradient.csv"
# T = [-1, 1], h = 2
w = 1.0; h = 2.0
N = 3
array r[N]; array s[N]; array S[N]
D(dummy) = -column(2)
j(dummy) = int(column(3)) + 1
stats gradient using ($2 == 0 ? (r[j(0)] = abs($7), s[j(0)] = sgn($7), S[j(0)] = exp($8)) : NaN) nooutput
all = sum [k=1:N] S[k]
do for [k=1:N] { S[k] = S[k]/all }

# Seen from the right, v = -x, a left point's support ends like a right one's: at its side of T
# it covers what lies beyond  begin(k) = r - h + D.
begins(k, D) = r[k] - h + D
reaches(k, v, D) = s[k]*v >= begins(k, D)
# what only point k covers, once nothing is covered twice; the right ones leave in order
nearer_on_side(k) = sum [m=1:N] (s[m] == s[k] && r[m] < r[k])
own(k, D) = nearer_on_side(k) || begins(k, D) >= w ? 0 : begins(k, D) < -w ? 2*w : w - begins(k, D)
gap(D) = (own(1, D) + own(2, D) + own(3, D))/(2*w)
uncovered(D) = gap(D) > 1 ? 0 : 1 - gap(D)
hard(k, D) = S[k]*gap(D) - own(k, D)/(2*w)
# until there, with the uniform kernel: the labels that reach a place share it, by 400 bins
at(m) = w*((m - 0.5)/200 - 1)
weight(v, D) = sum [k=1:N] (reaches(k, v, D) ? S[k] : 0)
place(i, v, D) = weight(v, D) > 0 ? S[i] - (reaches(i, v, D) ? S[i]/weight(v, D) : 0) : 0
set_labels(i, D) = (sum [m=1:400] place(i, at(m), D))/400
# where the second of two points on one side has left, and where cover is lost
larger(a, b) = a > b ? a : b
single = 0.0; last = 0.0
do for [k=1:N] {
  if (nearer_on_side(k)) { single = larger(single, w - begins(k, 0)) } else { last = larger(last, w - begins(k, 0)) }
}
opens = -(begins(1, 0) + begins(2, 0))/2

families = "uniform triangular epanechnikov biweight tricube cosine"
named(k) = k == 3 ? "Epanechnikov" : word(families, k)
is(k) = strcol(1) eq word(families, k)
off(dummy) = column(3) >= 0 ? abs(column(4) - hard(j(0), D(0))) : NaN
stats gradient using (D(0) >= single ? off(0) : NaN) nooutput; hard_most = STATS_max
stats gradient using (D(0) >= single ? $5 : NaN) nooutput; hard_bound = STATS_max
stats gradient using 5 nooutput; gradient_bound = STATS_max
stats gradient using (abs($6 - uncovered(D(0)))) nooutput; share_most = STATS_max
most = 0.0
kept(v) = (most = column(3) == 0 ? v : larger(most, v), column(3) == N - 1 ? most : NaN)

set multiplot
set samples 200
set xrange [-0.03:1.9]
set xtics 0.25
mark(n, at, top) = sprintf("set arrow %d from %g, graph 0 to %g, graph %g nohead ls 21;", n, at, at, top)
marks(top) = mark(1, opens, top).mark(2, single, top).mark(3, last, top)
eval marks(1)

# --- gradients -----------------------------------------------------------------------------------
set tmargin at screen 0.955
set bmargin at screen 0.51
set lmargin at screen 0.095
set rmargin at screen 0.80
set yrange [-0.5:0.62]
set ytics 0.2
set xlabel "outward shift D" offset 0,0.4
set ylabel "gradient G_i over what is covered" offset 0.5,0
set key at screen 0.985, graph 0.99 right top Left reverse samplen 2.2 width -2
set label 1 "cover is lost" at opens, graph 1.03 center font small textcolor rgb grey
set label 2 "no place is covered twice" at single + 0.1, graph 1.03 center font small textcolor rgb grey
set label 3 "nothing is covered" at last, graph 1.03 center font small textcolor rgb grey
set label 4 "G_3" at 1.2, 0.29 left font small
set label 5 "G_1" at 1.2, 0.01 left font small
set label 6 "G_2" at 1.2, -0.285 left font small
plot for [i=1:N] "+" using ($1 >= single ? $1 : NaN):(hard(i, $1)) \
  with lines ls 20 lw 1.6 title i == 1 ? "hard labels" : "", \
     for [i=1:N] "+" using ($1 >= 0 && $1 < single ? $1 : NaN):(set_labels(i, $1)) \
       with lines ls 21 lw 1.6 title i == 1 ? "sets of labels" : "", \
     for [k=1:6] for [i=1:N] gradient using (is(k) && j(0) == i ? D(0) : NaN):4 \
       with points ls k title i == 1 ? named(k) : ""
unset label

# --- the share -----------------------------------------------------------------------------------
set tmargin at screen 0.42
set bmargin at screen 0.125
set rmargin at screen 0.47
set yrange [-0.04:1.35]
eval marks(0.78)
set xtics 0.5
set xlabel "outward shift D" offset 0,0.3
set ylabel "uncovered share of the target"
set key at graph 0.03, graph 0.97 left top width 0
plot uncovered(x) with lines ls 20 lw 1.4 title "predicted", \
     gradient using (is(1) && j(0) == 1 ? D(0) : NaN):6 with points ls 1 \
       title sprintf("all six kernels, %s off", share_most == 0 ? "0" : upward(share_most))

# --- hard labels -----------------------------------------------------------------------------------
set lmargin at screen 0.60
set rmargin at screen 0.985
eval marks(1)
set logscale y
set yrange [1e-17:30]
set ytics ("10^{-16}" 1e-16, "10^{-12}" 1e-12, "10^{-8}" 1e-8, "10^{-4}" 1e-4, "1" 1)
set ylabel "max_i |G_i − hard labels|" offset 0.5,0
set object 1 rectangle from single, 1e-17 to graph 1, first hard_bound \
  fillstyle solid 0.13 noborder fillcolor rgb black behind
set label 1 sprintf("from there on\ncomputed at most %s,\nproved to within %s", upward(hard_most), \
  upward(hard_bound)) at single + 0.04, 2e-9 left font small textcolor rgb "#444444"
unset key
eval foot("gradients proved to within ".upward(gradient_bound))
plot for [k=1:6] gradient using (is(k) ? D(0) : NaN):(is(k) ? kept(off(0)) : NaN) with points ls k

unset multiplot
unset output
