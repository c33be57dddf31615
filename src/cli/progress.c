/* SPDX-License-Identifier: MIT
 *
 * See progress.h.
 */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 30 };
static const double LINE_EVERY = 30; /* seconds */

struct kd_progress kd_progress_start(const char *name) {
  return (struct kd_progress){.name = name, .terminal = isatty(STDERR_FILENO)};
}

static void describe(char *text, size_t size, size_t done, size_t total, double seconds) {
  double rate = seconds > 0 ? (double)done / seconds : 0;
  double left = rate > 0 ? (double)(total - done) / rate : 0;
  int n = snprintf(text, size, "%zu/%zu cells %3.0f %%  %.4g cells/s", done, total,
                   total ? 100.0 * (double)done / (double)total : 100.0, rate);
  if (rate > 0 && n > 0 && (size_t)n < size)
    snprintf(text + n, size - (size_t)n, "  %.0f:%02.0f left", (double)((long)left / 60),
             (double)((long)left % 60));
}

static void draw_bar(struct kd_progress *p, size_t done, size_t total, const char *text) {
  char bar[BAR + 1];
  size_t full = total ? BAR * done / total : BAR;
  memset(bar, '.', BAR);
  memset(bar, '#', full);
  bar[BAR] = '\0';
  fprintf(stderr, "\r%s [%s] %s\033[K", p->name, bar, text);
  fflush(stderr);
  p->drawn = true;
}

void kd_progress_show(void *context, size_t done, size_t total, double seconds) {
  struct kd_progress *p = context;
  char text[128];
  describe(text, sizeof text, done, total, seconds);
  if (p->terminal) {
    draw_bar(p, done, total, text);
  } else if (seconds - p->last_line >= LINE_EVERY) {
    fprintf(stderr, "%s: %s\n", p->name, text);
    p->last_line = seconds;
  }
}

void kd_progress_end(struct kd_progress *p) {
  if (p->drawn) fputs("\r\033[K", stderr);
  p->drawn = false;
}
