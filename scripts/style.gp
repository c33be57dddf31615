# SPDX-License-Identifier: MIT
# One style for all figures. scripts/figure gives `format` (svg or pdf), `output_file`,
# `tables` (the folder of the figure's tables), `experiment` (its name) and `cells` (how
# many, and their status), and loads this and then the figure.
#
# Colours of Okabe and Ito (2008, "Color Universal Design"). Every line style has a
# dash and a marker of its own too, so that figures survive greyscale printing.

set encoding utf8
set datafile separator ","
set datafile missing NaN       # rows that a `using` leaves out do not break the line
set border 3 lw 0.8 lc rgb "#444444"
set tics nomirror out scale 0.6 textcolor rgb "#222222"
set key samplen 3.2 spacing 1.15 textcolor rgb "#222222"
set grid ytics lc rgb "#e4e4e4" lw 0.6 dt 1

black = "#000000"; orange = "#e69f00"; sky = "#56b4e9"; green = "#009e73"
yellow = "#d9c400"; blue = "#0072b2"; red = "#d55e00"; purple = "#cc79a7"; grey = "#777777"

set style line 1 lc rgb black  lw 2.6 dt 1            pt 7  ps 0.55
set style line 2 lc rgb red    lw 1.6 dt (12,4)       pt 5  ps 0.55
set style line 3 lc rgb blue   lw 1.6 dt (3,3)        pt 9  ps 0.65
set style line 4 lc rgb green  lw 1.6 dt (12,3,2,3)   pt 11 ps 0.65
set style line 5 lc rgb purple lw 1.6 dt (6,3)        pt 13 ps 0.70
set style line 6 lc rgb orange lw 1.6 dt (12,3,2,3,2,3) pt 4 ps 0.55
set style line 7 lc rgb sky    lw 1.6 dt (2,2)        pt 6  ps 0.60
set style line 8 lc rgb grey   lw 1.6 dt (18,4)       pt 8  ps 0.65
# prediction: thin and open, drawn beside the measurement
set style line 20 lc rgb black lw 1.0 dt (2,3)        pt 6  ps 0.9
# marks: d_edge, d_centre
set style line 21 lc rgb "#999999" lw 0.9 dt 1

# A bound as text, two digits, rounded up: 2.14e-14 gives 2.2 x 10^-14
_digits(v, ten) = sprintf("%.1f × 10^{%d}", ceil(10*v/10.0**ten)/10.0, ten)
upward(v) = _digits(v, int(floor(log10(v))))
computed(v) = "computed ".(v == 0 ? "0" : "at most ".upward(v))

# The kernels of kernel-comparison: a title by family and shape, a colour by number from 0, by tail
# (exponential, heavy, light, compact).
kernel_title(family, shape) = family eq "exppow" ? "exp(−u^{".shape."})" \
  : family eq "student-t" ? "Student t, ν = ".shape : family eq "asymmetric-laplace" ? "asymmetric, κ = ".shape \
  : family eq "laplace" ? "{/:Bold Laplace}" : family eq "cauchy" ? "Cauchy" : family eq "gaussian" ? "Gaussian" : family
tail_colour(k) = k < 4 ? 0x000000 : k < 7 ? 0xd55e00 : k < 9 ? 0x0072b2 : 0x009e73

# The font of remarks; the other texts' is in begin().
small = format eq "svg" ? ",9" : ",6.6"

# The line at the foot of a figure that says what it stands on: `eval foot("bounds ...")`, and on
# its left what the ledger makes of the claims that it shows.
foot(more) = sprintf('set label 99 "%s: %s%s" at screen 0.985, screen 0.016 right font "%s" textcolor rgb grey', \
  experiment, cells, more eq "" ? "" : "; ".more, small) \
  .sprintf('; set label 98 "%s" at screen 0.015, screen 0.016 left font "%s" textcolor rgb grey', verdicts, small)

# Opens the output, of so many inches: `eval begin(8, 6)`.
begin(x, y) = (format eq "svg" \
  ? sprintf('set terminal svg size %d, %d dynamic font "DejaVu Sans,11" background "white"', 96*x, 96*y) \
  : sprintf('set terminal pdfcairo size %g, %g font "DejaVu Sans,8" pointscale 0.75', x, y)) . "; set output output_file"
