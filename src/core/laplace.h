/* SPDX-License-Identifier: MIT
 *
 * Laplace kernel on the line: the integrals themselves, no bins.
 */
#ifndef KD_LAPLACE_H
#define KD_LAPLACE_H

#include "err.h"
#include "estimate.h"

/* Positive nodes of a Gauss-Legendre rule of even order; the weights sum to 1. */
struct kd_half_rule {
  size_t n;
  double node[5], weight[5];
};

/* Room for kd_laplace_exact, kept between calls; start from {0}. */
struct kd_laplace {
  size_t capacity;
  struct kd_knot *knot; /* places of points, from left to right */
  size_t *knot_of;      /* knot of each of the estimate's points */
  struct kd_half_rule rule[3];
};

void kd_laplace_clear(struct kd_laplace *laplace);

/* L and G of this estimate (its kernel is laplace, on the line): G, n values in
 * the order of the input, caller's. O(n) on top of the estimate's own sorting.
 * Any distance, any bandwidth. KD_SYSTEM when memory is short.
 *
 * Errors, of the weights as the estimate has them, whatever n: a few roundings of
 * max(S_i, mean_T rho_i) in G_i, and where all points lie within h/4 of each other
 * of max_i S_i sum_j S_j |y_i - y_j|/h; 2e-14 max(1, |L|) in L.
 * To the bit the same G: permuted, reflected, logits raised by a dyadic number,
 * and points outside T moved inwards at one speed, if x, c, w and the step are
 * dyadic. */
int kd_laplace_exact(const struct kd_estimate *estimate, struct kd_laplace *laplace,
                     double *loss, double *G, struct kd_err *err);

#endif
