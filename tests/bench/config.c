/* SPDX-License-Identifier: MIT
 *
 * ms of the processor to answer each config of hostile.h, the median of some runs: a
 * person waits for no error. Exit 1 if one takes more than LIMIT.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "config/plan.h"
#include "tests/config/hostile.h"

enum { RUNS = 7, LIMIT = 100 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double answer(const char *path) {
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  FILE *out = fopen("/dev/null", "w");
  kd_diag_init(&diag);
  double begin = seconds();
  kd_plan_read(path, NULL, 0, &plan, &diag);
  if (out) kd_diag_print(&diag, out);
  double end = seconds();
  if (out) fclose(out);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return end - begin;
}

static double median_ms(const struct hostile *row) {
  char path[] = "/tmp/kdegrad-bench-XXXXXX", *text = hostile_text(row);
  double time[RUNS];
  int file = mkstemp(path);
  size_t n = text ? strlen(text) : 0;
  if (!text || file < 0 || write(file, text, n) != (ssize_t)n) exit(3);
  close(file);
  for (int i = 0; i < RUNS; i++) time[i] = answer(path);
  unlink(path);
  free(text);
  qsort(time, RUNS, sizeof *time, rising);
  return 1e3 * time[RUNS / 2];
}

int main(void) {
  double slowest = 0;
  printf("\nhostile configs, ms to an answer\n");
  for (size_t i = 0; i < N_HOSTILE; i++) {
    double ms = median_ms(&hostile[i]);
    printf("%8.1f  %s\n", ms, hostile[i].name);
    if (ms > slowest) slowest = ms;
  }
  printf("slowest: %.1f ms of %d\n", slowest, LIMIT);
  return slowest > LIMIT;
}
