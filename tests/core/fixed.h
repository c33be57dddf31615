/* SPDX-License-Identifier: MIT
 *
 * 200 fixed problems, all kernels and rules in turn, on the line and the circle, with and
 * without a shift; and the hash of their numbers.
 */
#ifndef KD_TEST_FIXED_H
#define KD_TEST_FIXED_H

#include <xxhash.h>

#include "core/numerics.h"
#include "core/random.h"
#include "problems.h"

static const struct {
  int version;
  uint64_t hash;
} known = {5, 0x240ab2478be10a69};

enum { FIXED_PROBLEMS = 200 };

static inline double fixed_uniform(uint64_t seed, uint64_t i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, i);
}

static inline struct kd_problem fixed(uint64_t seed, double *x, double *z) {
  struct kd_problem p = layout_problem(kd_kernels[seed % kd_n_kernels].name, 0);
  if (p.kernel->shape_name) p.shape = fixed_uniform(seed, 90, 0.5, 3);
  if (seed % 3 == 0) p.space = KD_SPACE_CIRCLE;
  p.rule = &kd_rules[seed / kd_n_kernels % kd_n_rules];
  p.n = 1 + seed % 17, p.x = x, p.z = z;
  p.h = fixed_uniform(seed, 91, 0.1, 3), p.bins = 1 + seed % 50;
  for (size_t j = 0; j < p.n; j++) {
    x[j] = fixed_uniform(seed, j, -3, 3);
    z[j] = fixed_uniform(seed, 40 + j, -5, 5);
  }
  p.shift = seed % 2 ? -fixed_uniform(seed, 92, 0, 1) : 0;
  p.descent = &kd_descents[1 + seed % (kd_n_descents - 1)];
  p.rate = 0.5, p.steps = 5;
  p.record |= KD_RECORD_SENSITIVITY | KD_RECORD_TRAJECTORY | KD_RECORD_LOGITS;
  return p;
}

/* What counts of a result: rows are the recorded steps of the descent. */
struct fixed_numbers {
  double scalar[6]; /* loss, its bound, the gradient's, defect, loss_change, loss_sensitivity */
  size_t n, rows;
  const double *G, *sensitivity, *loss, *gap, *logits;
};

static inline void fixed_add_values(XXH3_state_t *state, size_t n, const double *value) {
  for (size_t i = 0; i < n && value; i++) {
    double number = isnan(value[i]) ? NAN : value[i]; /* one for all */
    XXH3_64bits_update(state, &number, sizeof number);
  }
}

static inline void fixed_add(XXH3_state_t *state, const struct fixed_numbers *v) {
  fixed_add_values(state, sizeof v->scalar / sizeof *v->scalar, v->scalar);
  fixed_add_values(state, v->n, v->G);
  fixed_add_values(state, v->n, v->sensitivity);
  for (size_t row = 0; row < v->rows; row++) {
    fixed_add_values(state, 1, v->loss + row);
    fixed_add_values(state, 1, v->gap + row);
    fixed_add_values(state, v->n, v->logits + row * v->n);
  }
}

#endif
