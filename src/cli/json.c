/* SPDX-License-Identifier: MIT
 *
 * See json.h.
 */
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/json.h"

void kd_json_string(const char *text) {
  kd_json_text(stdout, text);
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
