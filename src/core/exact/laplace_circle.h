/* SPDX-License-Identifier: MIT
 *
 * The Laplace kernel on the circle, by the shorter arc and normalised over the circle:
 * the integrals themselves, no bins.
 */
#ifndef KD_LAPLACE_CIRCLE_H
#define KD_LAPLACE_CIRCLE_H

#include "core/err.h"
#include "core/estimate.h"
#include "core/objective.h"
#include "stretch.h"

/* Room for kd_laplace_circle_exact, kept between calls; start from {0}. */
struct kd_laplace_circle {
  size_t capacity;
  struct kd_event *event; /* where points and antipodes lie on half a circle */
  size_t *event_of;       /* of each of the estimate's points */
  struct kd_half_rules rules;
};

void kd_laplace_circle_clear(struct kd_laplace_circle *room);

/* L and G of this estimate (its kernel is laplace, on the circle) and their bounds: G,
 * n values in the order of the input, caller's. O(n) on top of the estimate's own
 * sorting. Any bandwidth, any arc T; e->ratio and e->probe are scratch. KD_SYSTEM when
 * memory is short.
 *
 * Rounding errors, whatever n: a few roundings of max(S_i, mean_T rho_i) in G_i; a few
 * of 1 and of the terms of L in L. To the bit the same: permuted, reflected, logits
 * raised by a dyadic number. */
int kd_laplace_circle_exact(const struct kd_estimate *estimate, struct kd_laplace_circle *room,
                            struct kd_objective *out, double *G, double *log_m,
                            struct kd_err *err);

#endif
