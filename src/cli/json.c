/* SPDX-License-Identifier: MIT
 *
 * See json.h.
 */
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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

void kd_json_print(const char *format, ...) {
  char *text = NULL;
  va_list list;
  va_start(list, format);
  int n = vasprintf(&text, format, list);
  va_end(list);
  for (int i = 0; i < n; i++) fputc(text[i] == '\'' ? '"' : text[i], stdout);
  if (n >= 0) free(text);
}
