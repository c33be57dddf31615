/* SPDX-License-Identifier: MIT
 *
 * Places of the line or circle as p + q pi with p, q exact binary numbers: the
 * shift, the order of places and the reach of a support are decided, not
 * approximated. Doubles only are added and multiplied, so that the numbers stay
 * short; pi is irrational, so that balls of rising precision tell any two apart.
 */
#include "ball.h"

#ifdef KD_ARB

#include <stdlib.h>

void kd_place_init(struct kd_place *a) {
  arf_init(a->p), arf_init(a->q);
}

void kd_place_clear(struct kd_place *a) {
  arf_clear(a->p), arf_clear(a->q);
}

void kd_place_set(struct kd_place *a, const struct kd_place *b) {
  arf_set(a->p, b->p), arf_set(a->q, b->q);
}

void kd_place_set_d(struct kd_place *a, double p) {
  arf_set_d(a->p, p), arf_zero(a->q);
}

void kd_place_add(struct kd_place *a, const struct kd_place *b, double k) {
  arf_t factor;
  arf_init(factor);
  arf_set_d(factor, k);
  arf_addmul(a->p, b->p, factor, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_addmul(a->q, b->q, factor, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_clear(factor);
}

void kd_place_scale(struct kd_place *a, double k) {
  arf_t factor;
  arf_init(factor);
  arf_set_d(factor, k);
  arf_mul(a->p, a->p, factor, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_mul(a->q, a->q, factor, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_clear(factor);
}

static void add_pi(struct kd_place *a, const arf_t q) {
  arf_add(a->q, a->q, q, ARF_PREC_EXACT, ARF_RND_DOWN);
}

void kd_place_add_pi(struct kd_place *a, double k) {
  arf_t factor;
  arf_init(factor);
  arf_set_d(factor, k);
  add_pi(a, factor);
  arf_clear(factor);
}

void kd_place_ball(arb_t out, const struct kd_place *a, slong prec) {
  arb_const_pi(out, prec);
  arb_mul_arf(out, out, a->q, prec);
  arb_add_arf(out, out, a->p, prec);
}

/* Ends, for a sum that a ball cannot tell from 0 has p = q = 0. */
int kd_place_sign(const struct kd_place *a) {
  int p = arf_sgn(a->p), q = arf_sgn(a->q), sign = 0;
  if (q == 0 || p == q) return p;
  if (p == 0) return q;
  arb_t ball;
  arb_init(ball);
  for (slong prec = 64; sign == 0; prec *= 2) {
    kd_place_ball(ball, a, prec);
    sign = arb_is_positive(ball) ? 1 : arb_is_negative(ball) ? -1 : 0;
  }
  arb_clear(ball);
  return sign;
}

int kd_place_cmp(const struct kd_place *a, const struct kd_place *b, double k) {
  struct kd_place difference;
  kd_place_init(&difference);
  kd_place_set(&difference, a);
  kd_place_add(&difference, b, -k);
  int sign = kd_place_sign(&difference);
  kd_place_clear(&difference);
  return sign;
}

/* A multiple near enough from balls, set right by exact comparisons */
void kd_place_reduce(struct kd_place *a, double scale) {
  struct kd_place half;
  arb_t turns;
  arf_t step;
  slong prec = 64 + arf_abs_bound_lt_2exp_si(a->p) * (arf_cmpabs_d(a->p, 1) > 0);
  kd_place_init(&half), arb_init(turns), arf_init(step);
  arf_set_d(half.q, scale);
  arb_const_pi(turns, prec);
  arb_inv(turns, turns, prec);
  arb_mul_arf(turns, turns, a->p, prec);
  arb_add_arf(turns, turns, a->q, prec);
  arb_div_arf(turns, turns, half.q, prec);
  arb_mul_2exp_si(turns, turns, -1);
  arf_floor(step, arb_midref(turns));
  arf_mul(step, step, half.q, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_mul_2exp_si(step, step, 1);
  arf_neg(step, step);
  add_pi(a, step);
  arf_mul_2exp_si(step, half.q, 1);
  while (kd_place_cmp(a, &half, -1) < 0) add_pi(a, step);
  arf_neg(step, step);
  while (kd_place_cmp(a, &half, 1) >= 0) add_pi(a, step);
  kd_place_clear(&half), arb_clear(turns), arf_clear(step);
}

struct kd_place *kd_places_create(size_t n) {
  struct kd_place *list = calloc(n, sizeof *list);
  for (size_t i = 0; list && i < n; i++) kd_place_init(&list[i]);
  return list;
}

void kd_places_free(struct kd_place *list, size_t n) {
  for (size_t i = 0; list && i < n; i++) kd_place_clear(&list[i]);
  free(list);
}

#endif
