/* SPDX-License-Identifier: MIT
 *
 * Error texts: one line, cut at the end if it does not fit.
 */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int kd_fail(struct kd_err *err, int code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(err->text, sizeof err->text, format, args);
  va_end(args);
  return code;
}

int kd_context(struct kd_err *err, int code, const char *format, ...) {
  char inner[sizeof err->text];
  memcpy(inner, err->text, sizeof inner);
  va_list args;
  va_start(args, format);
  int n = vsnprintf(err->text, sizeof err->text, format, args);
  va_end(args);
  size_t used = n < 0 ? 0 : (size_t)n < sizeof inner ? (size_t)n : sizeof inner - 1;
  const char *part[] = {": ", inner};
  for (int i = 0; i < 2; i++) {
    size_t room = sizeof inner - 1 - used, length = strlen(part[i]);
    memcpy(err->text + used, part[i], length < room ? length : room);
    used += length < room ? length : room;
  }
  err->text[used] = '\0';
  return code;
}

int kd_no_memory(struct kd_err *err) {
  return kd_fail(err, KD_SYSTEM, "out of memory");
}
