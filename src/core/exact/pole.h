/* SPDX-License-Identifier: MIT
 *
 * Integrals of Bernstein's polynomials of degree 2 over a linear function:
 *   N_m(r) = int_0^1 b_m(t) / (r + (1 - r) t) dt,  b = (1-t)^2, 2 t (1-t), t^2,
 * for 0 <= r <= 1: one pole at t = -r/(1 - r), as near as the end of the interval.
 */
#ifndef KD_POLE_H
#define KD_POLE_H

#include <stddef.h>

/* Gauss rules with Bernstein's polynomials in their weights; fill once. */
struct kd_pole_rules {
  struct kd_pole_rule {
    size_t n;
    double t[16], weight[3][16];
  } rule[3];
};

void kd_pole_rules_fill(struct kd_pole_rules *rules);

/* Relative error at most 50 KD_U for r as given; of N_0 + N_1/2 and N_1/2 + N_2, the
 * integrals with 1 - t and t, 40 KD_U. r = 0: N_0 is infinite and
 * given as 0, for the callers' other factor is 0 there. */
void kd_pole(const struct kd_pole_rules *rules, double r, double N[3]);

#endif
