# SPDX-License-Identifier: MIT
# Gradient against the inward shift for eight kernels (small panels), and the
# defect of all of them with the law predicted for Laplace past the edge.
#table gradient: kernel.family,shift.by,point,gradient,gradient_bound
#table defect: kernel.family,shift.by,defect,defect_bound,loss_change,loss_change_bound,d_edge,d_centre
#table layout: kernel.family,shift.by,point,x,logits
#claims C4b C4c C4d

eval begin(8.4, 8.5)

kernels = "laplace gaussian exppow cauchy student-t logistic sech uniform"
titles  = "Laplace|Gaussian|exp(−u^{1/2})|Cauchy|Student t, ν = 3|logistic|sech|uniform, h = 3"
title_of(k) = substr(titles, k == 1 ? 1 : cut[k-1] + 1, cut[k] - 1)
array cut[8]
from = 0
do for [k=1:8] {
  p = strstrt(substr(titles, from + 1, strlen(titles)), "|")
  cut[k] = p > 0 ? from + p : strlen(titles) + 1
  from = cut[k]
}

gradient = tables."gradient.csv"
defect = tables."defect.csv"
stats defect every ::1::1 using 7 nooutput;   d_edge = STATS_max
stats defect every ::1::1 using 8 nooutput;   d_centre = STATS_max

# Predicted past the edge: rho (1 - rho) delta^2/(h (b - a)), where rho is the
# responsibility of the first point to enter (the nearest one, on the right) at
# the edge that it reaches. From the layout as stored, at d = d_edge.
layout = tables."layout.csv"
at_edge(k) = strcol(1) eq "laplace" && abs(column(2) - d_edge) < 1e-12
term(x, z) = exp(z - abs(x - 0.5))
all = 0.0; first = 0.0
stats layout using (at_edge(0) ? (all = all + term($4, $5), \
                                  first = first + ($4 == 0.5 ? term($4, $5) : 0), 1) : NaN) nooutput
rho = first/all
law(d) = rho*(1 - rho)*(d - d_edge)**2

set multiplot

# --- small panels: the four components of the gradient --------------------------------
set xrange [0:1.8]
set yrange [-0.55:0.42]
set xtics 0.5 format "%g"
set ytics 0.2 format "%g"
left = 0.085; right = 0.985; top = 0.955; width = (right - left)/4; height = 0.192; gap = 0.07
unset key
do for [k=1:8] {
  column = (k - 1) % 4; row = (k - 1)/4
  set lmargin at screen left + column*width + 0.008
  set rmargin at screen left + (column + 1)*width - 0.008
  set tmargin at screen top - row*(height + gap)
  set bmargin at screen top - row*(height + gap) - height
  set title (k == 1 ? "{/:Bold Laplace}" : title_of(k)) offset 0,-0.7 
  set format y (column == 0 ? "%g" : "")
  set ylabel (column == 0 ? "gradient G_i   (nat/logit)" : "") offset 1.2,0
  set xlabel (row == 1 ? "shift d" : "") offset 0,0.6
  set arrow 1 from d_edge, graph 0 to d_edge, graph 1 nohead ls 21
  set arrow 2 from d_centre, graph 0 to d_centre, graph 1 nohead ls 21
  if (k == 1) {
    set label 1 "d_{edge}" at d_edge - 0.04, graph 0.05 right font small textcolor rgb grey
    set label 6 "d_{centre}" at d_centre - 0.04, graph 0.05 right font small textcolor rgb grey
    set label 2 "x_1" at 0.05, -0.13 font small
    set label 3 "x_2" at 0.05, -0.31 font small
    set label 4 "x_3" at 0.05, 0.245 font small
    set label 5 "x_4" at 0.05, 0.065 font small
  } else { unset label }
  name = word(kernels, k)
  plot for [i=0:3] gradient using \
    (strcol(1) eq name && column(3) == i ? $2 : NaN):4 with lines ls i + 1 lw 1.8
}

# --- the defect: a broken axis, numbers above, proved bounds below -----------------------
# A defect of 0 stands below any logarithmic axis; what is proved of it is the shaded area.
is(name) = strcol(1) eq name
stats defect using (is("laplace") && column(2) <= d_edge ? column(4) : NaN) nooutput; zero_bound = STATS_max
stats defect using (is("laplace") && column(2) <= d_edge ? column(3) : NaN) nooutput; zero_most = STATS_max
stats defect every ::1 using 4 nooutput; all_bound = STATS_max
stats defect every ::1 using 6 nooutput; loss_bound = STATS_max
defect_top = top - 2*(height + gap) - 0.012; break_at = 0.163

unset title; unset label; unset arrow; unset format
set lmargin at screen left + 0.008
set rmargin at screen 0.80
set logscale y
set xrange [0:1.8]
unset ylabel
set arrow 1 from d_edge, graph 0 to d_edge, graph 1 nohead ls 21
set arrow 2 from d_centre, graph 0 to d_centre, graph 1 nohead ls 21

set tmargin at screen break_at - 0.008
set bmargin at screen 0.084
set border 3
set yrange [1e-17:1e-13]
set ytics ("0" 1e-17, "10^{-16}" 1e-16, "10^{-14}" 1e-14)
set format x "%g"
set xlabel "inward shift d of all points (h = 1; uniform kernel 3)"
set label 1 (zero_most == 0 ? "Laplace: computed 0, " : "Laplace: computed at most ".upward(zero_most).", ") \
  ."proved to within ".upward(zero_bound) at d_edge/2, 4e-16 center font small front
unset key
set style fill solid 0.18 noborder
plot defect using (is("laplace") && column(2) <= d_edge ? $2 : NaN):4 with filledcurves y=1e-17 lc rgb black, \
     defect using (is("laplace") && column(2) <= d_edge ? $2 : NaN):4 with lines lw 0.8 lc rgb black, \
     defect using (is("laplace") && column(3) == 0 ? $2 : NaN):(1e-17) with linespoints ls 1 pointinterval 4

set tmargin at screen defect_top
set bmargin at screen break_at + 0.008
set border 2
unset xlabel; unset label 1
unset xtics
set yrange [6e-5:0.8]
set ytics ("10^{-4}" 1e-4, "10^{-3}" 1e-3, "10^{-2}" 1e-2, "10^{-1}" 0.1)
set label 3 "defect  max_i |G_i(d) − G_i(0)|" at screen 0.018, screen 0.5*(defect_top + 0.084) center rotate by 90
set label 4 "≈" at screen left + 0.008, screen break_at center font ",13" front
set label 5 "the others start at 1/32: they are 0 at d = 0 alone; all proved to within ".upward(all_bound) \
  at 0.04, 8.2e-5 left font small textcolor rgb grey
set label 1 "d_{edge}" at d_edge - 0.015, 0.5 right font small textcolor rgb grey
set label 2 "d_{centre}" at d_centre - 0.015, 0.5 right font small textcolor rgb grey
set key at screen 0.80, screen defect_top - 0.02 left top reverse Left width -2

set samples 400
eval foot(sprintf("defects proved to within %s, changes of the loss %s", upward(all_bound), upward(loss_bound)))
plot for [k=8:2:-1] defect using (strcol(1) eq word(kernels, k) && column(3) > 0 ? $2 : NaN):3 \
       with linespoints ls k pointinterval 6 + k title title_of(k), \
     defect using (is("laplace") && column(3) > 0 ? $2 : NaN):3 \
       with linespoints ls 1 pointinterval 4 title "Laplace", \
     [d_edge:d_centre] law(x) with lines ls 20 notitle, \
     defect using (is("laplace") && column(2) > d_edge ? $2 : NaN):(law($2)) \
       with linespoints ls 20 pointinterval 2 title "Laplace, predicted", \
     NaN with filledcurves lc rgb black title "proved bound"

unset multiplot
unset output
