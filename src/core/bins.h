/* SPDX-License-Identifier: MIT
 *
 * What one estimate looks like bin by bin: at each node of a binned rule its position,
 * log f there, and the gradient g_i = S_i - rho_i of that bin alone, of which loss and
 * gradient are the weighted means.
 */
#ifndef KD_BINS_H
#define KD_BINS_H

#include "estimate.h"
#include "problem.h"
#include "rule.h"

/* Bins of the last problem; start from {0}. */
struct kd_bins {
  size_t capacity;        /* room for bins in the first two */
  double *centre, *log_f; /* one a bin */
  size_t n_gradient;      /* room for numbers in the next */
  double *gradient;       /* n a bin, in the order of the input */
};

void kd_bins_clear(struct kd_bins *bins);

/* Fills *bins with the nodes of this estimate of the problem, and the result's fields with
 * them. KD_SYSTEM when memory is short. */
int kd_bins_fill(const struct kd_problem *problem, const struct kd_estimate *estimate,
                 const struct kd_nodes *nodes, struct kd_bins *bins, struct kd_result *result,
                 struct kd_err *err);

#endif
