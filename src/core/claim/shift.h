/* SPDX-License-Identifier: MIT
 *
 * What the claims about inward shifts (C4) share: where they apply, and what errors of
 * positions can do to them.
 */
#ifndef KD_CLAIM_SHIFT_H
#define KD_CLAIM_SHIFT_H

#include "court.h"

/* A kernel of constant score on the line and an inward shift, other than by 0 */
bool kd_claim_shifts_inward(const struct kd_court *court);

/* Whether neither the layout nor its shifted copy has a point inside T. Points may be
 * inside by what positions are off by. */
bool kd_claim_stays_outside(const struct kd_court *court);

/* As if they did not: by at most delta, of all points that pass the edges of T. The share
 * of T that they pass is delta/(2w) on either side; there log K_j changes by at most
 * 2 delta/h, and so do log f and each rho. */
double kd_claim_crossing(const struct kd_court *court, double delta);

/* That the gradient of the problem (the court's, or one like it) is the same unmoved and
 * moved by d, off by at most dd; `slack` goes into the bound. Leaves them in court->G[0]
 * and G[1]. */
int kd_claim_keeps(struct kd_court *court, const struct kd_problem *problem, int path, double d,
                   double dd, double slack, struct kd_measure *measure, struct kd_err *err);

#endif
