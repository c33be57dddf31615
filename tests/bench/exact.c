/* SPDX-License-Identifier: MIT
 *
 * Integrals in closed form: ns a point of one evaluation of unsorted points (loss, gradient
 * and bounds) and of a step of a descent on points that stay, the best of some CPU times. Lines
 * of work, number of points, ns a point, tab between them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/descent.h"
#include "core/kernel.h"
#include "core/problem.h"
#include "core/rule.h"
#include "core/shift.h"

enum { STEPS = 4, RUNS = 5 };

static struct kd_workspace *ws;

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One evaluation and as many steps of a descent */
static double took(struct kd_problem *p, size_t steps) {
  struct kd_result r;
  struct kd_err err;
  double best = INFINITY;
  p->steps = steps, p->every = steps ? steps : 1;
  for (int k = 0; k < RUNS; k++) {
    double begin = seconds();
    if (kd_evaluate(p, ws, &r, &err)) exit(1);
    best = fmin(best, seconds() - begin);
  }
  return best;
}

static void print(const char *kernel, const char *what, size_t n, double time) {
  printf("%s %s\t%zu\t%.2f\n", kernel, what, n, time * 1e9 / (double)n);
}

static void measure(const char *kernel, const char *layout, double h, struct kd_problem *p) {
  p->kernel = kd_kernel_find(kernel), p->h = h;
  char cold[32], step[32];
  snprintf(cold, sizeof cold, "exact%s, cold", layout);
  snprintf(step, sizeof step, "exact%s, step", layout);
  p->record = KD_RECORD_LOSS | KD_RECORD_GRADIENT;
  print(kernel, cold, p->n, took(p, 0));
  p->record = KD_RECORD_TRAJECTORY;
  print(kernel, step, p->n, (took(p, 2 * STEPS) - took(p, STEPS)) / STEPS);
}

/* Points in [-3, 3], z_j = sin j, T = [-1, 1], or as wide as all points */
static void sizes(size_t n) {
  double *x = calloc(n, sizeof *x), *z = calloc(n, sizeof *z);
  if (!x || !z) exit(1);
  for (size_t j = 0; j < n; j++) {
    double turn = 0.6180339887498949 * (double)j;
    x[j] = -3 + 6 * (turn - floor(turn)), z[j] = sin((double)j);
  }
  struct kd_problem p = {.lower = -1,
                         .upper = 1,
                         .n = n,
                         .x = x,
                         .z = z,
                         .rule = kd_rule_find("exact"),
                         .bins = 1,
                         .descent = kd_descent_find("gd"),
                         .rate = 1,
                         .shift_unit = kd_shift_unit_find("absolute"),
                         .shift_mode = kd_shift_mode_find("inward")};
  measure("laplace", "", 1, &p);
  p.lower = -3, p.upper = 3;
  measure("laplace", " inside", 1, &p);
  p.lower = -1, p.upper = 1;
  measure("uniform", "", 1, &p);
  measure("triangular", "", 1, &p);
  measure("epanechnikov", "", 1, &p);
  free(x), free(z);
}

int main(void) {
  ws = kd_workspace_create();
  if (!ws) return 1;
  puts("work\tn\tours_ns");
  for (size_t n = 10000; n <= 1000000; n *= 10) sizes(n);
  kd_workspace_free(ws);
  return 0;
}
