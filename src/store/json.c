/* SPDX-License-Identifier: MIT
 *
 * See json.h.
 */
#include "json.h"

#include <math.h>

void kd_json_text(FILE *out, const char *text) {
  putc('"', out);
  for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
    if (*p == '"' || *p == '\\')
      fprintf(out, "\\%c", *p);
    else if (*p < 0x20 || *p == 0x7f)
      fprintf(out, "\\u%04x", *p);
    else
      putc(*p, out);
  }
  putc('"', out);
}

void kd_json_number(FILE *out, double number) {
  if (isnan(number))
    fputs("null", out);
  else if (isinf(number))
    fputs(number > 0 ? "\"inf\"" : "\"-inf\"", out);
  else
    fprintf(out, "%.17g", number);
}
