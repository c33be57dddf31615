/* SPDX-License-Identifier: MIT
 *
 * Fixed works of the library, to be counted (tests/bench/gate) or timed:
 *
 *   works NAME     does one of them; without a name lists them
 *
 * x_j = -3 + 6 frac(0.618... j), z_j = sin(j), T = [-1, 1]: nothing is drawn.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/descent.h"
#include "core/kernel.h"
#include "core/problem.h"
#include "core/rule.h"
#include "core/shift.h"

struct work {
  const char *name, *kernel, *rule, *descent;
  size_t n, bins, steps, times;
  unsigned record;
};

static const struct work works[] = {
    {"closed-form", "laplace", "exact", "none", 4000, 1, 0, 5, KD_RECORD_GRADIENT},
    {"compact", "triangular", "exact", "none", 1000, 1, 0, 5, KD_RECORD_GRADIENT},
    {"panels", "gaussian", "best", "none", 12, 1, 0, 200, KD_RECORD_DEFECT},
    {"cells", "gaussian", "midpoint", "none", 4, 256, 0, 5000, KD_RECORD_GRADIENT},
    {"binned", "laplace", "midpoint", "none", 4000, 4000, 0, 20, KD_RECORD_GRADIENT},
    {"small", "laplace", "exact", "none", 4, 1, 0, 5000, KD_RECORD_GRADIENT},
    {"steps", "laplace", "exact", "gd", 10000, 1, 50, 1, KD_RECORD_TRAJECTORY},
    {"compact-steps", "triangular", "exact", "gd", 4000, 1, 20, 1, KD_RECORD_TRAJECTORY},
    {"descent", "logistic", "midpoint", "gd", 64, 256, 400, 1, KD_RECORD_TRAJECTORY},
};
enum { N_WORKS = sizeof works / sizeof *works };

static int perform(const struct work *w) {
  double *x = calloc(w->n, sizeof *x), *z = calloc(w->n, sizeof *z);
  struct kd_workspace *ws = kd_workspace_create();
  struct kd_result r;
  struct kd_err err;
  int code = x && z && ws ? 0 : 1;
  for (size_t j = 0; !code && j < w->n; j++) {
    double turn = 0.6180339887498949 * (double)j;
    x[j] = -3 + 6 * (turn - floor(turn)), z[j] = sin((double)j);
  }
  struct kd_problem p = {.kernel = kd_kernel_find(w->kernel),
                         .h = 1,
                         .lower = -1,
                         .upper = 1,
                         .n = w->n,
                         .x = x,
                         .z = z,
                         .rule = kd_rule_find(w->rule),
                         .bins = w->bins,
                         .descent = kd_descent_find(w->descent),
                         .rate = 1,
                         .steps = w->steps,
                         .every = 1,
                         .shift_unit = kd_shift_unit_find("absolute"),
                         .shift_mode = kd_shift_mode_find("inward"),
                         .record = KD_RECORD_LOSS | w->record};
  for (size_t k = 0; !code && k < w->times; k++) code = kd_evaluate(&p, ws, &r, &err);
  kd_workspace_free(ws);
  free(x), free(z);
  return code;
}

int main(int argc, char **argv) {
  for (size_t k = 0; k < N_WORKS; k++)
    if (argc < 2)
      puts(works[k].name);
    else if (strcmp(argv[1], works[k].name) == 0)
      return perform(&works[k]);
  return argc < 2 ? 0 : 2;
}
