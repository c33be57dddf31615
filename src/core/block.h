/* SPDX-License-Identifier: MIT
 *
 * f and the gradient at a block of bins at once: all loops run over the bins of the
 * block, side by side, and over the points one after the other, so that the numbers of
 * a bin do not depend on what else is in the block.
 */
#ifndef KD_BLOCK_H
#define KD_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct kd_estimate;
struct kd_wobble;

/* Bins at once, at most; fewer where there are many points. */
enum { KD_BLOCK = 32 };

/* Room for a block and its results; start from {0}. */
struct kd_block {
  size_t n, width, capacity; /* points; bins at most; of the matrices */
  double *ratio;             /* log K_j - log K_0, a row of `stride` bins for each point */
  double *term;              /* scratch, likewise */
  double *g, *g_error;       /* results, likewise: g_i = S_i - rho_i */
  size_t stride;             /* bins in the block */
  double log_f[KD_BLOCK], log_f_error[KD_BLOCK];
  double nearest[KD_BLOCK]; /* scratch: y of the point with the largest kernel, */
  double log_k[KD_BLOCK];   /* and log K of it */
  bool covered[KD_BLOCK];
};

void kd_block_clear(struct kd_block *block);

/* Room for n points; sets width. KD_SYSTEM when memory is short. */
int kd_block_reserve(struct kd_block *block, size_t n, struct kd_err *err);

/* The bins at offsets v, 1 <= n_bins <= width: covered, and where it is true log_f and g,
 * rows in the order of the estimate's points. wobble: unless NULL n values for the whole
 * block (wobble.h); then log_f_error and g_error bound the errors against the bins of the
 * problem as it was put, but for wobble's common term in log f. */
void kd_block_fill(struct kd_block *block, const struct kd_estimate *estimate, size_t n_bins,
                   const double *v, const struct kd_wobble *wobble);

/* After kd_block_fill: K_j/f into `term`, infinite beyond the range of doubles, 0 in
 * uncovered bins. */
void kd_block_ratios_to_f(struct kd_block *block);

/* Only `ratio`, nearest, log_k and covered. */
void kd_block_ratios(struct kd_block *block, const struct kd_estimate *estimate, size_t n_bins,
                     const double *v);

/* Only `ratio`, nearest, log_k and covered: of one bin log rho_j, n values in sorted order,
 * -inf where a point does not reach. False, and nothing set, if no point covers it. */
bool kd_block_log_rho(struct kd_block *block, const struct kd_estimate *estimate, double v,
                      double *log_rho);

#endif
