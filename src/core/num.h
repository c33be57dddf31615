/* SPDX-License-Identifier: MIT
 *
 * Small numerical helpers: compensated sums, and special functions that libm
 * lacks.
 */
#ifndef KD_NUM_H
#define KD_NUM_H

#include <math.h>

/* Running sum with Neumaier's correction (1974): the error of n terms is about
 * one rounding of the result plus n eps^2 sum |term|. Start from {0}. */
struct kd_sum {
  double sum, rest;
};

static inline void kd_sum_add(struct kd_sum *s, double term) {
  double t = s->sum + term, z = t - s->sum;
  s->rest += (s->sum - (t - z)) + (term - z); /* what t lacks, exactly, without a branch */
  s->sum = t;
}

/* An infinite sum has no correction: inf - inf must not become NaN. */
static inline double kd_sum_value(const struct kd_sum *s) {
  return isfinite(s->sum) ? s->sum + s->rest : s->sum;
}

/* The rounding unit: |fl(x) - x| <= KD_U |x| */
#define KD_U 0x1p-53

/* log Gamma(x + 1/2) - log Gamma(x), x > 0, without the cancellation of the
 * two. Stirling's series (NIST DLMF 5.11.1) after raising x by recurrence. */
double kd_log_gamma_half_step(double x);

/* Inverse of the standard normal distribution function, 0 < p < 1.
 * Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477. */
double kd_normal_quantile(double p);

#endif
