# SPDX-License-Identifier: MIT
# The gradient of one bin under a 0/1 kernel against the bin's position, for three
# bandwidths. Markers are measured, thin lines predicted; grey bars are what the note says of
# several matches.
#table gradient: kernel.bandwidth,target.centre,point,gradient,gradient_bound,status,x,logits
#claims C1a C1b C1c

eval begin(8.4, 7.6)

gradient = tables."gradient.csv"
bandwidths = "0.3 0.8 1.7"
array px[4]; array S[4]
take(i, at, logit) = (px[i] = at, S[i] = exp(logit), 1)
stats gradient using ($8 == $8 ? take(int($3) + 1, $7, $8) : NaN) nooutput
all = sum [j=1:4] S[j]
do for [j=1:4] { S[j] = S[j]/all }

# m matches; predicted: S_i, less its share of the matches' weight if it matches
matches(j, v, h) = abs(v - px[j]) <= h
m(v, h) = sum [j=1:4] matches(j, v, h)
weight(v, h) = sum [j=1:4] matches(j, v, h)*S[j]
predicted(i, v, h) = m(v, h) == 0 ? NaN : S[i] - matches(i, v, h)*S[i]/weight(v, h)
note(i, v, h) = m(v, h) > 1 && matches(i, v, h) ? S[i] - 1 : NaN

stats gradient using (strcol(6) eq "ok" ? abs($4 - predicted(int($3) + 1, $2, $1)) : NaN) nooutput; distance = STATS_max
stats gradient using (strcol(6) eq "ok" ? $5 : NaN) nooutput; bound = STATS_max
array fewest[3]; array most[3]
do for [k=1:3] {
  stats gradient using (abs($1 - word(bandwidths, k)) < 1e-9 ? m($2, $1) : NaN) nooutput
  fewest[k] = int(STATS_min); most[k] = int(STATS_max)
}

here(k) = abs(column(1) - word(bandwidths, k)) < 1e-9 && strcol(6) eq "ok"
bottom = -1.0; top = 0.62
set multiplot
set style fill solid 0.16 noborder
set xrange [-3.15:3.15]
set yrange [bottom:top]
set ytics 0.5
set samples 800
set lmargin at screen 0.085
set rmargin at screen 0.985
do for [k=1:3] {
  h = word(bandwidths, k) + 0
  set tmargin at screen 0.885 - (k - 1)*0.265
  set bmargin at screen 0.885 - (k - 1)*0.265 - 0.215
  set label 2 sprintf("h = %g: %d to %d points match", h, fewest[k], most[k]) at graph 0, graph 1.09 left
  set ylabel "g_i   (nat/logit)" offset 0.8,0
  if (k == 3) { set xlabel "place of the bin" offset 0,0.3; set format x "%g" } else { set format x "" }
  if (k == 1) { set key at screen 0.985, screen 0.99 right top maxrows 2 noreverse Right samplen 2 width -4 } else { unset key }
  if (k == 1) { set label 1 "no match: f = 0,\nno gradient" at -2.45, -0.15 center font small front } else { unset label 1 }
  do for [j=1:4] { set label 10 + j sprintf("x_%d", j) at px[j], bottom + 0.09 center font small textcolor rgb grey }
  if (k == 3) { eval foot(sprintf("distance from the prediction at most %s, proved to within %s", upward(distance), upward(bound))) }
  plot "+" using 1:(m($1, h) == 0 ? top : bottom) with filledcurves y=bottom lc rgb black notitle, \
       for [i=1:4] note(i, x, h) with lines lw 5 lc rgb "#c8c8c8" title i == 1 ? "the note: S_i − 1" : "", \
       for [i=1:4] predicted(i, x, h) with lines ls 20 title i == 1 ? "predicted: S_i − S_i/ΣS" : "", \
       for [i=1:4] gradient using (here(k) && $3 == i - 1 ? $2 : NaN):4 with points ls i ps 0.6 title sprintf("point x_%d", i)
}
unset multiplot
unset output
