/* SPDX-License-Identifier: MIT
 *
 * See logs.h.
 */
#include "logs.h"

#include <math.h>

#include "core/exact/scaled.h"
#include "core/vmath/clones.h"
#include "core/vmath/dd.h"

void kd_logs_add(struct kd_logs *logs, double weight, double log) {
  kd_sum_add(&logs->mean, weight * log);
  kd_sum_add(&logs->size, weight * fabs(log));
}

void kd_product_clear(struct kd_product *p) {
  const kd_four one = {1, 1, 1, 1};
  *p = (struct kd_product){.mantissa = {{one, one}, {one, one}}};
}

void kd_logs_add_product(struct kd_logs *logs, const struct kd_grid *g, struct kd_product *p) {
  uint64_t bias = (uint64_t)1023 * p->blocks * (KD_STEPS / 2);
  for (int odd = 0; odd < 2; odd++)
    for (int l = 0; l < KD_ROW; l++) {
      double mantissa = p->mantissa[odd][l / KD_LANES][l % KD_LANES];
      uint64_t exponent = p->exponent[odd][l / KD_LANES][l % KD_LANES];
      kd_logs_add(logs, g->inner[odd], kd_log(mantissa));
      kd_logs_add(logs, g->inner[odd], (double)(int64_t)(exponent - bias) * KD_LN2);
    }
  kd_product_clear(p);
}

/* A block's terms, by the lane: sums as kd_sum_add makes them, side by side */
KD_CLONES static void add_rows(struct kd_logs *logs, const double *weight, const double *log) {
  double sum[KD_ROW] = {0}, rest[KD_ROW] = {0}, size[KD_ROW] = {0};
  for (size_t row = 0; row < KD_GAPS; row += KD_ROW)
#pragma omp simd
    for (size_t l = 0; l < KD_ROW; l++) {
      struct kd_dd s = kd_two_sum(sum[l], weight[row + l] * log[row + l]);
      sum[l] = s.high, rest[l] += s.low;
      size[l] += fabs(weight[row + l] * log[row + l]);
    }
  for (int l = 0; l < KD_ROW; l++) {
    kd_sum_add(&logs->mean, sum[l]), kd_sum_add(&logs->mean, rest[l]);
    kd_sum_add(&logs->size, size[l]);
  }
}

void kd_logs_add_nodes(struct kd_logs *logs, const double *weight, const double *cell) {
  double F[KD_GAPS];
  for (size_t k = 0; k < KD_GAPS; k++) {
    double u = cell[k / KD_LANES * KD_LINE + k % KD_LANES];
    F[k] = weight[k] > 0 ? weight[k] / u : 1;
  }
  kd_vlog(KD_GAPS, F, F);
  add_rows(logs, weight, F);
}
