/* SPDX-License-Identifier: MIT
 *
 * Kernels that fall off exponentially on both sides of the point (laplace, and with two
 * rates asymmetric-laplace) on the line: the integrals themselves, no bins.
 */
#ifndef KD_LAPLACE_H
#define KD_LAPLACE_H

#include "core/err.h"
#include "core/estimate.h"
#include "core/objective.h"
#include "stretch.h"
#include "wing.h"

/* Room for kd_laplace_exact, kept between calls; start from {0}. */
struct kd_laplace {
  size_t capacity, gains_capacity;
  struct kd_knot *knot; /* places of points, from left to right */
  size_t *knot_of;      /* knot of each of the estimate's points */
  struct kd_gain *gain; /* of each knot, if log m is wanted */
  struct kd_half_rules rules;
  struct kd_wings wings; /* many points: laplace_wings.c */
};

void kd_laplace_clear(struct kd_laplace *laplace);

/* L and G of this estimate (its kernel is laplace or asymmetric-laplace, on the line)
 * and their bounds, log m_j if log_m is not NULL (kernel.h): n values in the order of the
 * input, caller's. O(n) on top of the
 * estimate's own sorting. Any distance, any bandwidth; e->ratio is scratch. KD_SYSTEM
 * when memory is short.
 *
 * Rounding errors, whatever n: a few roundings of max(S_i, mean_T rho_i) in G_i, and
 * where all points lie within h/4 of each other (laplace) of max_i S_i sum_j S_j
 * |y_i - y_j|/h; a few of 1 and of the terms of L in L. To the bit the same G: permuted,
 * reflected (laplace), logits raised by a dyadic number, and points outside T moved
 * inwards at one speed (laplace), if x, c, w and the step are dyadic. */
int kd_laplace_exact(const struct kd_estimate *estimate, struct kd_laplace *laplace,
                     struct kd_objective *out, double *G, double *log_m, struct kd_err *err);

#endif
