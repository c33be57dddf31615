# SPDX-License-Identifier: MIT
# The defect of the family exp(-(r/h)^p) against p: zero at p = 1 and nowhere
# else. Above over five octaves each way, below close to p = 1 on both sides,
# where the defect is proportional to |p - 1|.
#table defect: kernel.shape,shift.by,defect,defect_bound,d_edge
#table layout: kernel.shape,shift.by,point,x,logits
#claims C5a

eval begin(7.2, 6.4)

defect = tables."defect.csv"
stats defect using 5 nooutput; d_edge = STATS_max
shifts = "0.25 0.75 1.25"
named(d) = d eq "1.25" ? "d = 1.25 = d_{edge}" : "d = ".d
style(k) = k == 3 ? 1 : k + 1
here(k) = abs(column(2) - word(shifts, k)) < 1e-12

# The two maxima at d_edge, one on each side of p = 1
stats defect using (here(3) && $1 < 1 ? $3 : NaN) nooutput; low_max = STATS_max
stats defect using (here(3) && $1 > 1 ? $3 : NaN) nooutput; high_max = STATS_max
stats defect using (here(3) && $1 < 1 && $3 == low_max ? $1 : NaN) nooutput; low_p = STATS_max
stats defect using (here(3) && $1 > 1 && $3 == high_max ? $1 : NaN) nooutput; high_p = STATS_max

# What is computed and proved at p = 1, at all shifts; and proved next to it
stats defect using ($1 == 1 ? $3 : NaN) nooutput; zero_most = STATS_max
stats defect using ($1 == 1 ? $4 : NaN) nooutput; zero_bound = STATS_max
stats defect using (here(3) && abs($1 - 1) <= 1.05 ? $4 : NaN) nooutput; near_bound = STATS_max
stats defect using 4 nooutput; all_bound = STATS_max

# Predicted slope at p = 1. There d log K/dp = phi = -u log u, hence
# dG_i/dp = -mean_T[rho_i (phi_i - sum_j rho_j phi_j)], and the defect grows like
# |p - 1| max_i |dG_i/dp(d_edge) - dG_i/dp(0)|. T = [-1/2, 1/2], h = 1, 400 bins.
layout = tables."layout.csv"
array px[4]; array pz[4]
take(i, at, logit) = (px[i] = at, pz[i] = logit)
stats layout using ($1 == 1 && $2 < 0.5 ? (take(int($3) + 1, $4 + ($4 > 0 ? $2 : -$2), $5), 1) : NaN) nooutput
u(j, d, v) = abs(v - (px[j] > 0 ? px[j] - d : px[j] + d))
phi(j, d, v) = -u(j, d, v)*log(u(j, d, v))
term(j, d, v) = exp(pz[j] - u(j, d, v))
f(d, v) = sum [j=1:4] term(j, d, v)
mean_phi(d, v) = (sum [j=1:4] term(j, d, v)*phi(j, d, v))/f(d, v)
turn(i, d, v) = -term(i, d, v)/f(d, v)*(phi(i, d, v) - mean_phi(d, v))
slope_of(i, d) = (sum [m=1:400] turn(i, d, (2.0*m - 401)/800))/400
slope = 0
do for [i=1:4] {
  step = abs(slope_of(i, d_edge) - slope_of(i, 0))
  slope = step > slope ? step : slope
}

set multiplot
set lmargin at screen 0.115
set rmargin at screen 0.97

set tmargin at screen 0.955
set bmargin at screen 0.535
set logscale x 2
set xrange [0.03:34]
set yrange [-0.008:0.27]
set xtics ("1/32" 1./32, "1/16" 1./16, "1/8" 1./8, "1/4" 0.25, "1/2" 0.5, "1" 1, "2" 2, "4" 4, "8" 8, "16" 16, "32" 32)
set ytics 0.05
set xlabel "exponent p of the kernel exp(−(r/h)^p)" offset 0,0.3
set ylabel "defect  max_i |G_i(d) − G_i(0)|"
set arrow 1 from 1, graph 0 to 1, graph 1 nohead ls 21
set label 1 "Laplace" at 1.06, 0.255 font small textcolor rgb grey
set arrow 2 from 2, graph 0 to 2, graph 1 nohead ls 21
set label 2 "Gaussian" at 2.12, 0.255 font small textcolor rgb grey
set label 3 sprintf("maximum %.4f\nat p = %.3g", low_max, low_p) at low_p, low_max + 0.033 center font small
set label 4 sprintf("maximum %.3f\nat p = %.3g", high_max, high_p) at high_p*1.25, high_max + 0.012 left font small
set label 5 "flat kernel,\nno gradient" at 0.034, 0.065 font small textcolor rgb grey
set label 6 "to 0.0306 as p → ∞:\ntwo points within h" at 31, 0.075 right font small textcolor rgb grey
set label 7 sprintf("p = 1: computed %s%s,\nproved to within %s", zero_most == 0 ? "" : "at most ", \
  zero_most == 0 ? "0" : upward(zero_most), upward(zero_bound)) at 0.0615, 0.157 left font small
set key at graph 0.02, graph 0.98 left top reverse Left
plot for [k=3:1:-1] defect using (here(k) ? $1 : NaN):3 with linespoints ls style(k) pointinterval 16 + k \
       title named(word(shifts, k)), \
     "+" using (1):(0) every ::0::0 with points pt 6 ps 1.5 lw 1.6 lc rgb black title "predicted: 0 at p = 1 only"

# --- close to p = 1: |p - 1| on a logarithmic axis, both sides --------------------------
unset label; unset arrow
set tmargin at screen 0.40
set bmargin at screen 0.115
unset logscale x
set logscale xy
set xrange [0.038:1.05]
set yrange [5e-3:0.45]
set xtics ("0.05" 0.05, "0.1" 0.1, "0.2" 0.2, "0.5" 0.5, "1" 1)
set ytics ("0.01" 0.01, "0.02" 0.02, "0.05" 0.05, "0.1" 0.1, "0.2" 0.2)
set xlabel "distance |p − 1| from the Laplace kernel" offset 0,0.3
set ylabel "defect at d_{edge}"
set label 1 "all points proved to within ".upward(near_bound) at 0.041, 0.0065 left font small textcolor rgb grey
set key at graph 0.02, graph 0.97 left top reverse Left
eval foot("defects proved to within ".upward(all_bound))
plot defect using (here(3) && $1 > 1 ? $1 - 1 : NaN):3 with linespoints ls 1 pointinterval 2 title "p > 1", \
     defect using (here(3) && $1 < 1 ? 1 - $1 : NaN):3 with linespoints ls 2 pointinterval 3 title "p < 1", \
     slope*x with lines ls 20 lw 1.4 title "predicted: |p − 1| max_i |∂G_i/∂p|, at p = 1"

unset multiplot
unset output
