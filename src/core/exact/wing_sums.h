/* SPDX-License-Identifier: MIT
 *
 * What is done with a block of a wing (wing.h), 128 numbers side by side. With c tau the
 * stretch's part of T, and
 *
 *   alpha = P mid_in,  beta = Q mid_out,  f = alpha e^{-a t} + beta e^{b t}
 *
 * at t/h from the middle of a stretch, theta = (a + b) t in [-tau, tau],
 *
 *   u = c tau mid_in mean(1/(alpha + beta e^theta))
 *   v = c tau mid_out mean(1/(alpha e^-theta + beta))
 *   m_j = mean_T K_j/f = in_j (sum of u over stretches further out) + out_j (sum of v over
 *         those further in)
 *
 * Gauss's nodes in pairs, theta and -theta: with f's middle value F = alpha + beta, p =
 * alpha/F, q = beta/F, omega = (2 sinh(theta/2))^2,
 *
 *   means of the two = (1 + q omega/2)/(F (1 + p q omega)), (1 + p omega/2)/(F (1 + p q omega))
 *   mean of log f = log F + log(1 + p q omega)/2
 *
 * Roundings, relative, in KD_U, E being what P and Q are off:
 *   P, Q: terms 4, sums 24 within the block, what enters 9 beside its own error;
 *   alpha, beta: E + 4. From them u, v: F, quotients and sums 12, omega (15 of itself, at most
 *     0.55 in one factor and 0.27 in the other) 14, Gauss 1, tau, mid and products 11: E + 42;
 *   sums of u, v over the block: 24 more; m: E + 42 + 24 + 10, with c;
 *   mean of log f, absolute: E + 5 + 2 |log F| for its logarithm, 10 for the others, and 20 of
 *     itself for tau, the product, sums.
 */
#ifndef KD_WING_SUMS_H
#define KD_WING_SUMS_H

#include <stdbool.h>

#include "stretch.h"
#include "wing.h"

enum { KD_WING_ALPHA_ERROR = 4, KD_WING_U_ERROR = 42, KD_WING_SUM_ERROR = 28 };

/* One block's rows */
struct kd_wing_rows {
  const double *S, *in, *out, *mid_in, *mid_out, *tau;
  double *U, *V;
};

struct kd_wing_rows kd_wing_rows(const struct kd_wings *wings, size_t block);

/* sum_j S_j out_j over all blocks of points outside; right to 5 with its terms */
double kd_wing_sum_outside(const struct kd_wings *wings, const struct kd_wing *wing);

/* The same over one block, and with in_j; right to 11 */
double kd_wing_sum_out(const struct kd_wing_rows *rows);
double kd_wing_sum_in(const struct kd_wing_rows *rows);

struct kd_wing_pass {
  double u, v;        /* their sums over the block, but for c */
  double least;       /* value of F */
  double log_f, size; /* sum of tau mean log f, and of its modulus */
};

/* With I, O entering P, Q: U becomes the sum of u over the stretches of the block from each
 * knot outwards, V of v over those further in; all but for c. */
struct kd_wing_pass kd_wing_cross(const struct kd_wing_rows *rows, double I, double O,
                                  const struct kd_half_rule *rule);

/* U becomes m, with what enters from further out and from further in. */
void kd_wing_finish(const struct kd_wing_rows *rows, double U, double V, double c);

#endif
