/* SPDX-License-Identifier: MIT
 *
 * What is done with one block of a table (table.h): recursions along its lanes, which wait
 * for each other less the more of them there are; two in each loop where there are two to do.
 * With x_i the numbers of a lane and D the decay from node to node:
 *
 *   sums      sum_i D^(15-i) x_i from the left, sum_i D^i x_i from the right
 *   ways      from these, what enters each lane: a triangular matrix of powers of D^16
 *   nodes     the recursion again, from what enters
 */
#ifndef KD_SWEEPS_H
#define KD_SWEEPS_H

#include <math.h>
#include <stdbool.h>

#include "core/vmath/vmath.h"
#include "core/vmath/lanes.h"
#include "table.h"

enum { KD_ROW = 2 * KD_LANES }; /* lanes of a block */

/* What enters each lane: from[l] = before[l] x + sum_k lane[k][l] (sum of lane k), where x
 * enters the block */
struct kd_ways {
  _Alignas(32) double lane[KD_ROW][KD_ROW], before[KD_ROW];
};

/* D^k */
struct kd_powers {
  struct kd_ways left, right;
  double D, step[KD_STEPS]; /* D^(15-i) */
  double u, fall;           /* a block in bandwidths; D^128 - 1 */
};

static inline struct kd_powers kd_powers_of(double gap) {
  struct kd_powers p = {
      .D = kd_exp(-gap), .u = KD_GAPS * gap, .fall = kd_expm1(-KD_GAPS * gap)};
  double power[KD_ROW];
  for (int l = 0; l < KD_ROW; l++) power[l] = kd_exp(-KD_STEPS * l * gap);
  for (int i = 0; i < KD_STEPS; i++) p.step[i] = kd_exp(-(KD_STEPS - 1 - i) * gap);
  for (int l = 0; l < KD_ROW; l++) {
    int back = KD_ROW - 1 - l;
    p.left.before[l] = p.right.before[back] = power[l];
    for (int k = 0; k < l; k++)
      p.left.lane[k][l] = p.right.lane[KD_ROW - 1 - k][back] = power[l - 1 - k];
  }
  return p;
}

/* Two fours, a block's lanes */
struct kd_row {
  kd_four half[2];
};

/* sum: of each lane; x enters the block. */
KD_INLINE void kd_enter(const struct kd_ways *w, const double *sum, double x,
                        struct kd_row *from) {
  kd_four a = KD_FOUR(w->before) * x, b = KD_FOUR(w->before + KD_LANES) * x;
  for (int k = 0; k < KD_ROW; k++) {
    a += KD_FOUR(w->lane[k]) * sum[k];
    b += KD_FOUR(w->lane[k] + KD_LANES) * sum[k];
  }
  from->half[0] = a, from->half[1] = b;
}

/* What leaves the block of the lanes' sums; ways: those of the other direction */
KD_INLINE double kd_leave(const struct kd_ways *other, const double *sum) {
  kd_four all = KD_FOUR(other->before) * KD_FOUR(sum) +
                KD_FOUR(other->before + KD_LANES) * KD_FOUR(sum + KD_LANES);
  return (all[0] + all[1]) + (all[2] + all[3]);
}

KD_INLINE void kd_sums_from_left(const double *x, double D, double *sum) {
  kd_four s = KD_FOUR(x), t = KD_FOUR(x + KD_LINE);
  for (int i = 1; i < KD_STEPS; i++) {
    s = D * s + KD_FOUR(x + kd_line(i, 0));
    t = D * t + KD_FOUR(x + kd_line(i, 1));
  }
  KD_FOUR(sum) = s, KD_FOUR(sum + KD_LANES) = t;
}

/* A_m for a_m from the left, and the sums of b_m from the right */
KD_INLINE void kd_nodes_A(double *cell, const struct kd_row *A, double D, double *sum_b) {
  kd_four p = A->half[0], q = A->half[1], s = {0, 0, 0, 0}, t = s;
  for (int i = 0, k = KD_STEPS - 1; i < KD_STEPS; i++, k--) {
    double *at = cell + kd_line(i, 0), *next = cell + kd_line(i, 1);
    kd_four a = KD_FOUR(at), b = KD_FOUR(next);
    KD_FOUR(at) = p, KD_FOUR(next) = q;
    p = D * p + a, q = D * q + b;
    s = D * s + KD_FOUR(cell + kd_line(k, 0) + KD_LANES);
    t = D * t + KD_FOUR(cell + kd_line(k, 1) + KD_LANES);
  }
  KD_FOUR(sum_b) = s, KD_FOUR(sum_b + KD_LANES) = t;
}

/* R_{m+1}, in units of `unit`, beside u_m */
KD_INLINE void kd_nodes_R(double *cell, const double *u, const struct kd_row *R, double D,
                          double unit) {
  kd_four p = R->half[0], q = R->half[1];
  for (int i = KD_STEPS; i-- > 0;) {
    size_t at = kd_line(i, 0), next = kd_line(i, 1);
    KD_FOUR(cell + at + KD_LANES) = unit * p, KD_FOUR(cell + next + KD_LANES) = unit * q;
    p = D * p + KD_FOUR(u + at), q = D * q + KD_FOUR(u + next);
  }
}

/* L_m for u_m */
KD_INLINE void kd_nodes_L(double *cell, const double *u, const struct kd_row *L, double D,
                          double unit) {
  kd_four p = L->half[0], q = L->half[1];
  for (int i = 0; i < KD_STEPS; i++) {
    size_t at = kd_line(i, 0), next = kd_line(i, 1);
    p = D * p + KD_FOUR(u + at), q = D * q + KD_FOUR(u + next);
    KD_FOUR(cell + at) = unit * p, KD_FOUR(cell + next) = unit * q;
  }
}

/* Products of the F of even and of odd nodes in each lane: mantissas, biased exponents */
struct kd_product {
  kd_four mantissa[2][2];
  kd_four_bits exponent[2][2];
  size_t blocks;
};

/* What goes along four lanes from the right; sums of u from either side */
struct kd_along {
  kd_four B, from_right, from_left, least;
};

/* A line's u for its A; its parity is that of the step */
KD_INLINE void kd_node_u(double *at, double D, double power, const double *weight,
                         struct kd_along *x, kd_four *mantissa, kd_four_bits *exponent) {
  x->B = D * x->B + KD_FOUR(at + KD_LANES);
  kd_four F = KD_FOUR(at) + x->B, u = KD_FOUR(weight) / F;
  KD_FOUR(at) = u;
  x->from_right = D * x->from_right + u;
  x->from_left += power * u;
  kd_four_bits bits = (kd_four_bits)F;
  KD_CHOOSE(&x->least, F < x->least, F);
  *mantissa *= (kd_four)((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  *exponent += bits >> 52;
}

/* Sums of u over each lane from either side, and the least F of each */
struct kd_flow_sums {
  _Alignas(32) double from_right[KD_ROW], from_left[KD_ROW], least[KD_ROW];
};

/* u_m for A_m and b_m */
KD_INLINE void kd_nodes_u(double *cell, const struct kd_row *B, const struct kd_powers *power,
                          const double *weight, struct kd_product *p, struct kd_flow_sums *s) {
  kd_four high = {INFINITY, INFINITY, INFINITY, INFINITY}, none = {0, 0, 0, 0};
  struct kd_along x = {B->half[0], none, none, high}, y = {B->half[1], none, none, high};
  double D = power->D;
  for (int i = KD_STEPS; i > 0; i -= 2)
    for (int odd = 1; odd >= 0; odd--) {
      int step = i - 2 + odd;
      const double *w = weight + 2 * step * KD_LANES;
      kd_node_u(cell + kd_line(step, 0), D, power->step[step], w, &x, &p->mantissa[odd][0],
                &p->exponent[odd][0]);
      kd_node_u(cell + kd_line(step, 1), D, power->step[step], w + KD_LANES, &y,
                &p->mantissa[odd][1], &p->exponent[odd][1]);
    }
  KD_FOUR(s->from_right) = x.from_right, KD_FOUR(s->from_right + KD_LANES) = y.from_right;
  KD_FOUR(s->from_left) = x.from_left, KD_FOUR(s->from_left + KD_LANES) = y.from_left;
  KD_FOUR(s->least) = x.least, KD_FOUR(s->least + KD_LANES) = y.least;
}

#endif
