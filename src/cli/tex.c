/* SPDX-License-Identifier: MIT
 *
 * See tex.h.
 */
#include "tex.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void kd_tex_number(double value) {
  if (!isfinite(value)) {
    fputs(isnan(value) ? "" : value < 0 ? "$-\\infty$" : "$\\infty$", stdout);
  } else if (value == 0) {
    fputs("0", stdout);
  } else {
    int exponent = (int)floor(log10(fabs(value)));
    printf("$%.1f{\\cdot}10^{%d}$", value / pow(10, exponent), exponent);
  }
}

void kd_tex_short_number(double value) {
  double size = fabs(value);
  if (size >= 1e-3 && size < 1e5)
    printf("$%.*f$",
           size >= 100    ? 0
           : size >= 10   ? 1
           : size >= 1    ? 2
           : size >= 0.01 ? 3
                          : 4,
           value);
  else
    kd_tex_number(value);
}

void kd_tex_text(const char *text) {
  for (; *text; text++) {
    if (strchr("_%#$&{}", *text)) putchar('\\');
    if (*text == '~')
      fputs("--", stdout);
    else
      putchar(*text);
  }
}
