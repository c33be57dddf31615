# SPDX-License-Identifier: MIT
# Where the invariance ends on the circle, for random layouts moved outwards: measured against
# predicted; below, what is measured beyond the prediction against what the gradients' bounds
# let one see.
#table breaks: points.span,points.count,points.seed,target.half_width,kernel.bandwidth,point,x,logits,breaking_shift,breaking_threshold
#claims C7

eval begin(7.2, 7.4)

breaks = tables."breaks.csv"
w(dummy) = column(4)
h(dummy) = column(5)
# A cell's rows are its points in order. Moved outwards by pi, a point right of the centre stands at
# r - pi, one left of it at pi - r.
array r[5]; array s[5]; array S[5]
keep(dummy) = column(6) >= 0 ? (j = int(column(6)) + 1, r[j] = pi - abs(column(7)), s[j] = -sgn(column(7)), \
                                S[j] = exp(column(8)), 1) : 0
last(dummy) = keep(0) ? column(6) == column(2) - 1 : 0
larger(a, b) = a > b ? a : b
far_of(n) = n == 1 ? 1 : (r[n] > r[far_of(n - 1)] ? n : far_of(n - 1))
predicted(dummy) = pi - w(0) - r[far_of(int(column(2)))]
# rho of the farthest point at the edge of T that is farthest from it: the first to flip
arc(j, v) = r[j] - s[j]*v
weight(j, v) = S[j]*exp(-arc(j, v)/h(0))
rho(k, n, v) = weight(k, v)/(sum [m=1:n] weight(m, v))
flips(k, n) = rho(k, n, -s[k]*w(0))
# the shift beyond the prediction at which rho(1 - rho) delta^2/(h(b - a)) exceeds the threshold
onset(k, n) = sqrt(column(10)*h(0)*2*w(0)/(flips(k, n)*(1 - flips(k, n))))
visible(dummy) = onset(far_of(int(column(2))), int(column(2)))

is(k) = abs(w(0) - widths[k]) < 1e-9
array widths[3] = [0.0625, 0.25, 0.5]
names = "1/16 1/4 1/2"
array symbol[3] = [7, 4, 8]
array colour[3] = [black, red, blue]

set multiplot
set lmargin at screen 0.115
set rmargin at screen 0.97
set grid xtics ytics

set tmargin at screen 0.97
set bmargin at screen 0.575
set xrange [0:2.15]
set yrange [0:2.15]
set xtics 0.5
set ytics 0.5
set xlabel "predicted: π − w − max r_i, the first arc is half the circle" offset 0,0.4
set ylabel "measured breaking shift, outwards"
set key at graph 0.02, graph 0.97 left top Left reverse spacing 1.25
plot x with lines ls 21 title "measured = predicted", \
     for [k=1:3] breaks using (last(0) && is(k) ? predicted(0) : NaN):(-$9) \
       with points pt symbol[k] ps 0.6 lc rgb colour[k] \
       title "w = ".word(names, k)

set tmargin at screen 0.47
set bmargin at screen 0.115
set logscale xy
set format xy "10^{%T}"
set xtics autofreq
set ytics autofreq
set xrange [2e-8:2e-5]
set yrange [2e-8:2e-5]
set xlabel "predicted from the bounds: quadratic onset" offset 0,0.3
set ylabel "measured − predicted"
unset key
eval foot("shifts found by bisection")
plot x with lines ls 21 notitle, \
     for [k=1:3] breaks using (last(0) && is(k) ? visible(0) : NaN):(last(0) ? -$9 - predicted(0) : NaN) \
       with points pt symbol[k] ps 0.6 lc rgb colour[k] notitle

unset multiplot
unset output
