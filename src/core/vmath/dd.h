/* SPDX-License-Identifier: MIT
 *
 * Double-double arithmetic: a number as high + low, |low| <= half an ulp of high, about
 * 106 bits. Dekker, Numer. Math. 18 (1971) 224; Knuth, Seminumerical Algorithms 4.2.2.
 * Products split their factors (no FMA), so factors must stay below 2^996.
 */
#ifndef KD_DD_H
#define KD_DD_H

#include <float.h>

#include "bits.h"

#ifdef __FAST_MATH__
#error "kdegrad's arithmetic is exact rounding by IEEE 754: compile without -ffast-math"
#endif
#if FLT_EVAL_METHOD != 0
#error "kdegrad needs double arithmetic in double: on 32-bit x86 compile with -mfpmath=sse"
#endif

struct kd_dd {
  double high, low;
};

/* a + b exactly, where |a| >= |b| or a = 0 */
KD_INLINE struct kd_dd kd_fast_two_sum(double a, double b) {
  double s = a + b;
  return (struct kd_dd){s, b - (s - a)};
}

/* a + b exactly */
KD_INLINE struct kd_dd kd_two_sum(double a, double b) {
  double s = a + b, t = s - a;
  return (struct kd_dd){s, (a - (s - t)) + (b - t)};
}

/* a b exactly, unless it is below 2^-969 */
KD_INLINE struct kd_dd kd_two_product(double a, double b) {
  double ta = 0x8000001p0 * a, tb = 0x8000001p0 * b;
  double ah = ta - (ta - a), bh = tb - (tb - b), al = a - ah, bl = b - bh;
  double p = a * b;
  return (struct kd_dd){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

KD_INLINE struct kd_dd kd_dd_sum(struct kd_dd a, struct kd_dd b) {
  struct kd_dd s = kd_two_sum(a.high, b.high);
  return kd_fast_two_sum(s.high, s.low + (a.low + b.low));
}

/* Adds a double to a running sum. */
KD_INLINE void kd_dd_add(struct kd_dd *a, double term) {
  struct kd_dd s = kd_two_sum(a->high, term);
  *a = kd_fast_two_sum(s.high, s.low + a->low);
}

KD_INLINE struct kd_dd kd_dd_product(struct kd_dd a, struct kd_dd b) {
  struct kd_dd p = kd_two_product(a.high, b.high);
  return kd_fast_two_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

KD_INLINE struct kd_dd kd_dd_scaled(struct kd_dd a, double factor) {
  struct kd_dd p = kd_two_product(a.high, factor);
  return kd_fast_two_sum(p.high, p.low + a.low * factor);
}

/* A quotient of the high parts, and what is left over by it */
KD_INLINE struct kd_dd kd_dd_quotient(struct kd_dd a, struct kd_dd b) {
  double inverse = 1 / b.high, q = a.high * inverse;
  struct kd_dd p = kd_two_product(q, b.high);
  double rest = ((a.high - p.high) - p.low) + (a.low - q * b.low);
  return kd_fast_two_sum(q, rest * inverse);
}

/* A quotient in two parts, the first of 24 bits, which makes its product with the 26 bits
 * of b exact; right to 2^-74 where a and b are. Far fewer steps than kd_dd_quotient. */
KD_INLINE struct kd_dd kd_quotient_in_two(struct kd_dd a, struct kd_dd b) {
  double inverse = 1 / b.high, high = kd_cut_24(a.high * inverse);
  double b_high = kd_cut_26(b.high), b_low = (b.high - b_high) + b.low;
  double rest = ((a.high - high * b_high) - high * b_low) + a.low;
  return (struct kd_dd){high, rest * inverse};
}

#endif
