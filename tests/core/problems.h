/* SPDX-License-Identifier: MIT
 *
 * Problems that the tests of core/ share: the layout of the figures, and
 * evaluation into caller-owned copies.
 */
#ifndef KD_TEST_PROBLEMS_H
#define KD_TEST_PROBLEMS_H

#include "core/tables.h"
#include "tests/close.h"

enum { MAX_POINTS = 64, MAX_ROWS = 4096 };

static const double layout_x[] = {-2.5, 1.75, 3.25, -4.0};
static const double layout_z[] = {0.3, -0.2, 0.9, 0.0};

static inline struct kd_problem layout_problem(const char *kernel, double shape) {
  const struct kd_kernel *row = kd_kernel_find(kernel);
  return (struct kd_problem){.space = row && row->circle_only ? KD_SPACE_CIRCLE : KD_SPACE_LINE,
                             .kernel = row,
                             .h = 1,
                             .shape = shape,
                             .lower = -0.5,
                             .upper = 0.5,
                             .n = 4,
                             .x = layout_x,
                             .z = layout_z,
                             .rule = kd_rule_find("best"),
                             .bins = 64,
                             .order = 8,
                             .tolerance = 1e-14,
                             .descent = kd_descent_find("none"),
                             .rate = 1,
                             .every = 1,
      .shift_unit = kd_shift_unit_find("absolute"), .shift_mode = kd_shift_mode_find("inward"),
                             .record = KD_RECORD_LOSS | KD_RECORD_GRADIENT | KD_RECORD_DEFECT};
}

struct answer {
  struct kd_result r; /* scalars; the arrays are the copies below */
  double G[MAX_POINTS], x[MAX_POINTS];
  double loss[MAX_ROWS], norm[MAX_ROWS];
};

static inline struct answer answer_to(const struct kd_problem *p) {
  static struct answer a;
  struct kd_err err;
  struct kd_workspace *ws = kd_workspace_create();
  assert_non_null(ws);
  assert_true(p->n <= MAX_POINTS && p->steps / p->every < MAX_ROWS);
  if (kd_evaluate(p, ws, &a.r, &err)) fail_msg("%s", err.text);
  if (a.r.gradient) memcpy(a.G, a.r.gradient, p->n * sizeof *a.G);
  if (a.r.x) memcpy(a.x, a.r.x, p->n * sizeof *a.x);
  if (a.r.trajectory_loss) memcpy(a.loss, a.r.trajectory_loss, a.r.n_recorded * sizeof *a.loss);
  if (a.r.trajectory_norm) memcpy(a.norm, a.r.trajectory_norm, a.r.n_recorded * sizeof *a.norm);
  kd_workspace_free(ws);
  return a;
}

static inline double largest(size_t n, const double *a) {
  double most = 0;
  for (size_t i = 0; i < n; i++)
    if (!(fabs(a[i]) <= most)) most = fabs(a[i]);
  return most;
}

#endif
