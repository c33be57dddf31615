/* SPDX-License-Identifier: MIT
 *
 * What a running sum is made of, and the way back. A front takes in one weight after
 * the other, A_k = e^-u A_{k-1} + S_k; each keeps its share of the sum. Of a part r of
 * f's integral that A_k stands for, S_k's share is own r, and the rest (1 - own) r goes
 * on to what A_{k-1} was made of: positive terms in [0, 1] only, nothing overflows.
 *
 * Errors, in roundings u = KD_U; each number is kept with its own.
 *   A: its relative error is the mean, weighted by both shares, of that of S_k and of
 *      (error of A_{k-1}) + kd_decay_error(gap): a sum remembers its past no longer than
 *      its terms last, and errors with them.
 *   Shares: own = 1/(1 + q), before = q/(1 + q), the error E of q being that of A_{k-1},
 *      of the decay and of S_k. So own is right to before E + 3, and 1 - own to own (E +
 *      10), for it is formed from the smaller of the two, which is rounded 5 times.
 *   r: absolutely, (1 - own) times its own + what 1 - own is off + error of the part.
 *      Nothing cancels, shares damp what is handed on.
 *   What pairs of doubles round (u^2 a step) counts with what is of second order.
 */
#ifndef KD_SHARE_H
#define KD_SHARE_H

#include "core/estimate.h"
#include "scaled.h"

/* S_j, from its logarithm where a double cannot hold it */
struct kd_scaled kd_weight(const struct kd_estimate *estimate, size_t j);

/* What its rounding can be, relative, in KD_U */
double kd_weight_error(struct kd_scaled S);

/* Of a weight in a running sum that has just taken it in: its own share, the share of
 * what was there before, and the relative error of their quotient, in KD_U; the sum. */
struct kd_share {
  double own, before, error;
  struct kd_scaled sum;
};

/* A running sum with its relative error, in KD_U; start from {0} */
struct kd_front {
  struct kd_running sum;
  double error;
};

/* To a place u bandwidths further; u < 0: the sum grows. */
void kd_front_move(struct kd_front *front, double u);

/* The same, 0 <= u <= 1/2, given e^-u - 1 */
void kd_front_fall(struct kd_front *front, double u, double fall);

/* Adds a weight, or what became of one, that is right to `error`. */
struct kd_share kd_front_take_in(struct kd_front *front, struct kd_scaled S, double error);

/* What parts make on their way back; its absolute error in KD_U; start from {0} */
struct kd_flow {
  struct kd_running mean;
  double error;
};

/* Adds a part with its error. */
void kd_flow_add(struct kd_flow *flow, double part, double error);

/* What stays with a weight of this share, added to rho and its error, ... */
void kd_flow_collect(const struct kd_flow *flow, const struct kd_share *share, double *rho,
                     double *error);

/* ... the same a unit of the weight, which may be 0, added to m ... */
void kd_flow_gain(const struct kd_flow *flow, const struct kd_share *share,
                  struct kd_scaled *m);

/* ... and what goes on. */
void kd_flow_pass(struct kd_flow *flow, const struct kd_share *share);

#endif
