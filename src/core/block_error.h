/* SPDX-License-Identifier: MIT
 *
 * Bounds on the errors of a block's numbers.
 */
#ifndef KD_BLOCK_ERROR_H
#define KD_BLOCK_ERROR_H

#include "block.h"

/* How the bins of a block were computed (block.c) */
struct kd_forms {
  double large[KD_BLOCK]; /* 1: by the form with the largest term taken out; else 0 */
  double kappa[KD_BLOCK]; /* of the other form */
  double top[KD_BLOCK];   /* log of the largest term over K_0; large only */
  double added[KD_BLOCK]; /* log f - log K_0 */
};

/* Fills log_f_error and g_error of a block whose other fields are there; term is lost. */
void kd_block_errors(struct kd_block *block, const struct kd_estimate *estimate,
                     const double *v, const struct kd_wobble *wobble,
                     const struct kd_forms *forms);

/* After kd_block_ratios: expm1(epsilon) into g_error, epsilon a bound on the error of the log
 * ratio of each point at each bin, but for a term common to all points. */
void kd_block_ratio_errors(struct kd_block *block, const struct kd_estimate *estimate,
                           const double *v, const struct kd_wobble *wobble);

/* Bound on the error of log_k at bin k, but for wobble's common term */
double kd_block_log_k_error(const struct kd_block *block, const struct kd_estimate *estimate,
                            size_t k);

#endif
