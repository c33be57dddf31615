# SPDX-License-Identifier: MIT
# Defect on the circle against the outward shift (above), for the kernel of the shorter arc
# and for two smooth ones; the law of the wrapped Laplace kernel (below). Points are measured,
# thin lines predicted.
#table defect: kernel.family,kernel.bandwidth,shift.by,defect,defect_bound
#table layout: kernel.family,kernel.bandwidth,shift.by,point,x,logits
#claims C7

eval begin(8.4, 7.2)

defect = tables."defect.csv"; layout = tables."layout.csv"
w = 0.25    # T = [-w, w]
N = 4
array r[N]; array s[N]; array S[N]
stats layout using (strcol(1) eq "laplace" && $3 == 0 ? \
  (r[int($4) + 1] = abs($5), s[int($4) + 1] = sgn($5), S[int($4) + 1] = exp($6)) : NaN) nooutput
larger(a, b) = a > b ? a : b
smaller(a, b) = a < b ? a : b
most_r = 0; least_r = pi
do for [j=1:N] { most_r = larger(most_r, r[j]); least_r = smaller(least_r, r[j]) }
break = pi - w - most_r
inside = w - least_r    # the shift at which the first point enters T

# Moved outwards by D, point j is at l = r_j + D - s_j v from the place v of T, if one goes on in its
# direction. Against exp(-l/h) it weighs more by 1 + e_j: the other way round is 2(pi - l) longer.
l(j, v, D) = r[j] + D - s[j]*v
e(wrapped, j, v, D, h) = wrapped ? exp(-2*(pi - l(j, v, D))/h) : exp(2*larger(0, l(j, v, D) - pi)/h) - 1
term(j, v, h) = S[j]*exp(-l(j, v, 0)/h)
f(v, h) = sum [j=1:N] term(j, v, h)
mean_e(wrapped, v, D, h) = (sum [j=1:N] term(j, v, h)*e(wrapped, j, v, D, h))/f(v, h)
turn(wrapped, k, v, D, h) = term(k, v, h)/f(v, h)*(e(wrapped, k, v, D, h) - mean_e(wrapped, v, D, h)) \
                           /(1 + mean_e(wrapped, v, D, h))
bins = 32
at(n) = w*((2*n - 1.0)/bins - 1)
component(wrapped, k, D, h) = abs(sum [n=1:bins] (turn(wrapped, k, at(n), D, h) - turn(wrapped, k, at(n), 0, h)))/bins
predicted(wrapped, D, h) = larger(larger(component(wrapped, 1, D, h), component(wrapped, 2, D, h)), \
                                  larger(component(wrapped, 3, D, h), component(wrapped, 4, D, h)))

# Von Mises at small D, by the derivative: D max_i |mean_T rho_i (q_i - mean q)|, q = sin(l)/h^2
vm_term(j, v, h) = S[j]*exp(cos(l(j, v, 0))/h**2)
vm_f(v, h) = sum [j=1:N] vm_term(j, v, h)
vm_q(v, h) = (sum [j=1:N] vm_term(j, v, h)*sin(l(j, v, 0)))/vm_f(v, h)/h**2
vm_turn(k, v, h) = vm_term(k, v, h)/vm_f(v, h)*(sin(l(k, v, 0))/h**2 - vm_q(v, h))
vm_slope(k, h) = abs(sum [n=1:bins] vm_turn(k, at(n), h))/bins
slope = 0
do for [j=1:N] { slope = larger(slope, vm_slope(j, 0.25)) }

# The least 2 pi - l_far - l_near over T at D = 0; it loses 2 D
around = 2*pi
do for [n=0:100] {
  far = 0; near = 2*pi
  do for [j=1:N] { far = larger(far, l(j, w*(n/50.0 - 1), 0)); near = smaller(near, l(j, w*(n/50.0 - 1), 0)) }
  around = smaller(around, 2*pi - far - near)
}
law(D, h) = exp(-(around - 2*D)/h)

is(kernel, h) = strcol(1) eq kernel && (h == 0 || column(2) == h)
D(dummy) = -column(3)
stats defect using (is("laplace", 0) && D(0) <= break && D(0) >= inside ? $4 : NaN) nooutput; zero_most = STATS_max
stats defect using (is("laplace", 0) && D(0) <= break && D(0) >= inside ? $5 : NaN) nooutput; zero_bound = STATS_max
stats defect using 5 nooutput; all_bound = STATS_max

array widths[3] = [0.125, 0.25, 0.5]
names = "1/8 1/4 1/2"
array mark[3] = [9, 5, 13]
array colour[3] = [blue, red, purple]

set multiplot
set logscale y
set key at graph 0.02, graph 0.98 left top reverse Left samplen 2.4

# --- three kernels --------------------------------------------------------------------------
set tmargin at screen 0.965
set bmargin at screen 0.56
set lmargin at screen 0.095
set rmargin at screen 0.985
set samples 70
set xrange [-0.55:2.05]
set key at graph 0.27, graph 0.475 left top
set yrange [1e-15:5]
set xtics 0.25
set ytics ("10^{-12}" 1e-12, "10^{-8}" 1e-8, "10^{-4}" 1e-4, "1" 1)
set xlabel "outward shift D" offset 0,0.4
set ylabel "defect  max_i |G_i(D) − G_i(0)|" offset 0.5,0
set arrow 1 from break, graph 0 to break, graph 0.76 nohead ls 21
set label 1 "π − w − max r_i" at break + 0.015, 3e-9 left font small textcolor rgb grey
set label 2 sprintf("shorter arc: %s,\nproved to within %s", computed(zero_most), upward(zero_bound)) \
  at 0.7, 2.2e-13 center font small textcolor rgb "#444444"
set label 3 "inwards" at -0.03, 1 right font small textcolor rgb grey
set label 4 "outwards" at 0.03, 1 left font small textcolor rgb grey
set arrow 4 from 0, graph 0 to 0, 2.5 nohead ls 21
set object 1 rectangle from inside, 1e-15 to break, zero_bound fillstyle solid 0.13 noborder fillcolor rgb black behind
plot "+" using ($1 > break ? $1 : NaN):(predicted(0, $1, 0.25)) with lines ls 20 notitle, \
     predicted(1, x, 0.25) with lines ls 20 notitle, \
     (abs(x) < 0.4 ? slope*abs(x) : NaN) with lines ls 20 title "predicted; von Mises: ∝ |D| at first", \
     defect using (is("von-mises", 0) && $3 != 0 ? D(0) : NaN):4 \
       with points pt 11 ps 0.7 lc rgb green title "von Mises", \
     defect using (is("wrapped-laplace", 0.25) && $3 != 0 ? D(0) : NaN):4 \
       with points pt 5 ps 0.6 lc rgb red title "wrapped Laplace", \
     defect using (is("laplace", 0) && $4 > $5 ? D(0) : NaN):4 \
       with points ls 1 title "Laplace of the shorter arc    (h = 1/4)"
unset label; unset arrow; unset object

# --- the law of the wrapped kernel -------------------------------------------------------------
set tmargin at screen 0.455
set bmargin at screen 0.125
set rmargin at screen 0.49
set samples 40
set xrange [0:36]
set xtics 10
set ytics ("10^{-15}" 1e-15, "10^{-10}" 1e-10, "10^{-5}" 1e-5, "1" 1)
set yrange [1e-15:3]
set xlabel "(2π − ℓ_{far} − ℓ_{near})/h,  the least over T" offset 0,0.3
set ylabel "defect" offset 0.5,0
set label 1 "{/:Bold wrapped Laplace}" at graph 0.97, graph 0.93 right
set key at graph 0.02, graph 0.04 left bottom
u(D, h) = (around - 2*D)/h
plot for [k=1:3] "+" using (u(2*$0/39, widths[k])):(predicted(1, 2*$0/39, widths[k])) with lines ls 20 notitle, \
     exp(-x) with lines ls 21 lw 1.6 title "exp(−(2π − ℓ_{far} − ℓ_{near})/h)", \
     for [k=1:3] defect using (is("wrapped-laplace", widths[k]) && $3 < 0 && $4 > $5 ? u(D(0), $2) : NaN):4 \
       with points pt mark[k] ps 0.6 lc rgb colour[k] title "h = ".word(names, k)
unset label 1

set lmargin at screen 0.60
set rmargin at screen 0.985
set xrange [0:2.05]
set xtics 0.5
unset logscale y
set yrange [0:1.05]
set ytics 0.2
set xlabel "outward shift D"
set ylabel "defect × exp((2π − ℓ_{far} − ℓ_{near})/h)" offset 0.2,0
set key at graph 0.03, graph 0.04 left bottom
eval foot("defects proved to within ".upward(all_bound))
plot for [k=1:3] predicted(1, x, widths[k])/law(x, widths[k]) with lines ls 20 title k == 1 ? "predicted" : "", \
     for [k=1:3] defect using (is("wrapped-laplace", widths[k]) && $3 < 0 && $4 > 4*$5 \
       ? D(0) : NaN):($4/law(D(0), $2)):($5/law(D(0), $2)) \
       with yerrorbars pt mark[k] ps 0.6 lc rgb colour[k] notitle

unset multiplot
unset output
