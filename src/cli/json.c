/* SPDX-License-Identifier: MIT
 *
 * See json.h.
 */
#include "json.h"

#include <stdio.h>

void kd_json_string(const char *text) {
  fputc('"', stdout);
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (c == '"' || c == '\\')
      printf("\\%c", c);
    else if (c < 0x20 || c == 0x7f)
      printf("\\u%04x", c);
    else
      fputc(c, stdout);
  }
  fputc('"', stdout);
}
