# SPDX-License-Identifier: MIT
# Time against N = M for loss and gradient of the Laplace kernel, kdegrad and its peers, from
# what bench.py wrote. `make bench` gives `table`, `format` and `output_file`.
eval begin(7.2, 4.6)
set datafile separator "\t"

names = "'kdegrad' 'C, all pairs' 'C, sorted recursions' 'R, FKSUM' 'numpy, whole matrix' 'numpy, blocks' 'torch, autograd'"
is(name, threads) = strcol(1) eq "laplace" && strcol(4) eq name && $5 == threads
has(name) = int(system(sprintf("grep -c '^laplace\t.*\t%s\t1\t' '%s' || :", name, table)))

there = ""
do for [k=1:words(names)] { if (has(word(names, k))) { there = there." ".k } }

set logscale xy
set xrange [700:1.5e7]
set yrange [1e-4:3e4]
set xtics format "10^{%T}"
set ytics ("1 µs" 1e-3, "10 µs" 1e-2, "100 µs" 0.1, "1 ms" 1, "10 ms" 10, "100 ms" 100, "1 s" 1000, "10 s" 1e4)
set xlabel "points N = bins M" offset 0,0.3
set ylabel "loss and gradient, Laplace kernel" offset 0.5,0
set key outside right center Left reverse samplen 2.6
set style fill solid 0.10 noborder
cpu = system(sprintf("sed -n 's/^# CPU: //p' '%s'", table))
set label 99 "bench: medians on ".cpu at screen 0.985, screen 0.02 right font small textcolor rgb grey
set bmargin at screen 0.155

plot table using (is("machine", 1) ? $2 : NaN):6 with filledcurves y1=1e-4 lc rgb black notitle, \
     '' using (is("machine", 1) ? $2 : NaN):6 with lines ls 20 title "triad: x, z read, G written", \
     for [k in there] '' using (is(word(names, int(k)), 1) ? $2 : NaN):6 with linespoints ls int(k) \
       title k eq "1" ? "{/:Bold kdegrad}" : word(names, int(k)), \
     '' using (is("C, all pairs", 2) ? $2 : NaN):6 with points ls 2 pt 4 title "C, all pairs, 2 threads"
unset output
