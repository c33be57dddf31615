/* SPDX-License-Identifier: MIT
 *
 * A stretch of the target over which f is proportional to A e^{-a t} + B e^{b t}: what
 * the points left of it and those right of it make there, for kernels that fall off
 * exponentially. Integrals of log f and of the two parts of 1, with their errors.
 *
 * With the middle v, theta = (a + b) (x - v) in [-tau, tau] and mu = log of A's over
 * B's part of f at v:
 *   left part of f = 1/(1 + e^{theta - mu}), integral by log1p;
 *   log f = log of the stronger part + log(1 + e^{+-theta - |mu|}), integral a
 *   dilogarithm (DLMF 25.12.2), or by Gauss where the stretch is short.
 */
#ifndef KD_STRETCH_H
#define KD_STRETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "scaled.h"

/* Positive nodes of a Gauss-Legendre rule of even order; the weights sum to 1. */
struct kd_half_rule {
  size_t n;
  double node[5], weight[5];
};

/* Rules of 2, 4 and 10 nodes */
struct kd_half_rules {
  struct kd_half_rule rule[3];
};

void kd_half_rules_fill(struct kd_half_rules *rules);

/* Gauss of so many nodes that a function with singularities at a distance pi from theta
 * in [-tau, tau], tau <= 1, is integrated to rounding: its Chebyshev coefficients fall
 * like (2 pi/tau)^-k. */
const struct kd_half_rule *kd_half_rule_for(const struct kd_half_rules *rules, double tau);

/* log of what f is divided by for its normalisation, and the sum of the moduli of the
 * terms it was formed from */
struct kd_norm {
  double log, size;
};

struct kd_stretch {
  double part;             /* of T */
  double tau;              /* see the top */
  struct kd_scaled A, B;   /* left sum at its place, right sum at its own */
  double A_error, B_error; /* relative, in KD_U */
  double to_A, to_B;       /* from the middle to those places, times a, b */
  double tilt, tilt_size;  /* to_B - to_A; sum of the moduli of its terms */
};

/* Integrals over the stretch, in units of the mean over T; errors in KD_U. */
struct kd_crossing {
  double left, right;             /* parts of 1 */
  double left_error, right_error; /* absolute */
  double loss, loss_error;        /* share of L */
};

/* The same parts over A and over B, where these may be so unlike that a part is 0 in a
 * double; the crossing's own left and right. 0 where there is no A, or B. */
struct kd_crossing_gains {
  struct kd_scaled left, right;
};

/* part > 0, and A or B is not 0 */
struct kd_crossing kd_stretch_cross(const struct kd_stretch *stretch, struct kd_norm norm,
                                    const struct kd_half_rules *rules);
struct kd_crossing_gains kd_stretch_gains(const struct kd_stretch *stretch,
                                          const struct kd_crossing *crossing);

#endif
