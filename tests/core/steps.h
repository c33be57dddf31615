/* SPDX-License-Identifier: MIT
 *
 * For tests of steps in closed form: layouts of many kinds, and descents followed by cells.
 */
#ifndef KD_TEST_STEPS_H
#define KD_TEST_STEPS_H

#include "problems.h"

#include "core/exact/exact.h"
#include "core/random.h"

enum { MOST = 9000 };

struct layout {
  const struct kd_kernel *kernel;
  size_t n;
  double h, w, *y, *z;
};

struct kind {
  const char *name;
  double h, w, from, to, grid; /* positions: multiples of `grid` unless it is 0 */
  double spread;               /* of logits */
  bool serves;                 /* from 2,000 points on */
};

struct numbers {
  bool done;
  double loss, G[MOST], log_m[MOST];
};

static inline double uniform(uint64_t seed, size_t stream, size_t j) {
  return kd_random_uniform(seed, KD_STREAM_POINTS, stream * MOST + j);
}

/* Its numbers are there until the next one is drawn. */
static inline struct layout draw(const char *kernel, const struct kind *k, uint64_t seed,
                                 size_t n) {
  static double y[MOST], z[MOST];
  for (size_t j = 0; j < n; j++) {
    y[j] = k->from + (k->to - k->from) * uniform(seed, 0, j);
    if (k->grid > 0) y[j] = k->grid * rint(y[j] / k->grid);
    z[j] = k->spread * (uniform(seed, 1, j) - 0.5);
  }
  z[0] = 0.5 * k->spread, z[n - 1] = -0.5 * k->spread;
  return (struct layout){kd_kernel_find(kernel), n, k->h, k->w, y, z};
}

static inline void sort(struct kd_estimate *e, const struct layout *l, const double *z) {
  struct kd_err err;
  *e = (struct kd_estimate){.kernel = l->kernel, .h = l->h, .w = l->w};
  assert_int_equal(kd_estimate_points(e, l->n, l->y, NULL, z, &err), KD_OK);
}

/* A descent's record is what cells say at its logits, h = w = 1, until logits are `reach`
 * apart: it takes steps where they serve, and the other form where they do not. */
static inline void follow_descent(const struct layout *l, double rate, double reach) {
  enum { STEPS = 6 };
  static double logits[MOST];
  struct kd_workspace *ws = kd_workspace_create(), *other = kd_workspace_create();
  struct kd_result r, now;
  struct kd_err err;
  struct kd_problem p = layout_problem(l->kernel->name, 0);
  p.n = l->n, p.x = l->y, p.z = l->z, p.rule = kd_rule_find("exact");
  p.descent = kd_descent_find("gd"), p.rate = rate, p.steps = STEPS;
  p.record = KD_RECORD_LOSS | KD_RECORD_TRAJECTORY | KD_RECORD_LOGITS;
  assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
  p.z = logits, p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT, p.steps = 0;
  double apart = 0;
  for (size_t s = 0; s <= STEPS; s++) {
    double norm = 0;
    memcpy(logits, r.trajectory_logits + s * l->n, l->n * sizeof *logits);
    for (size_t j = 0; j < l->n; j++) apart = fmax(apart, logits[0] - logits[j]);
    assert_int_equal(kd_evaluate(&p, other, &now, &err), KD_OK);
    for (size_t j = 0; j < l->n; j++) norm += now.gradient[j] * now.gradient[j];
    assert_close(r.trajectory_loss[s], now.loss, 1e-13 * (1 + fabs(now.loss)));
    assert_close(r.trajectory_norm[s], sqrt(norm), 1e-14);
  }
  assert_true(apart > reach);
  kd_workspace_free(ws), kd_workspace_free(other);
}

#endif
