/* SPDX-License-Identifier: MIT
 *
 * Positive numbers of any size, m 2^e, and running sums of them that decay (or grow)
 * by factors e^-u. A sum is a double-double, so that what a step rounds is what the
 * step changes: decaying by u <= 1/2 subtracts p = 1 - e^-u times the value, which
 * costs p roundings, about one over the memory 1/p, where multiplying by a rounded
 * e^-u would cost one each step.
 *
 * Errors are relative and in units of KD_U; `value` rounds the pair once more.
 */
#ifndef KD_SCALED_H
#define KD_SCALED_H

#include <math.h>

#include "core/num.h"
#include "core/vmath/dd.h"
#include "core/vmath/vmath.h"

enum { KD_LIMB = 512 };
#define KD_LN2       0.69314718055994530942
#define KD_LIMB_LOG  0x1.62e42fefa39efp+8 /* 512 ln 2, and in two parts */
#define KD_LIMB_HIGH 0x1.62e42fefap+8
#define KD_LIMB_LOW  0x1.cf79abc9e3b3ap-31
#define KD_NEVER     1e300 /* bandwidths over which nothing is left */

/* m 2^e, e a multiple of KD_LIMB; 0, or m >= 2^-KD_LIMB */
struct kd_scaled {
  double m, e;
};

/* (high + low) 2^e, |low| at most half an ulp of high */
struct kd_running {
  double high, low, e;
};

static inline struct kd_scaled kd_running_value(const struct kd_running *a) {
  return (struct kd_scaled){a->high, a->e};
}

static inline double kd_scaled_plain(struct kd_scaled a) {
  return a.e < -4 * KD_LIMB ? 0 : ldexp(a.m, (int)a.e);
}

/* a/b where a <= b or both are near; 2 roundings with those of a and b */
static inline double kd_scaled_ratio(struct kd_scaled a, struct kd_scaled b) {
  double d = a.e - b.e;
  if (!(a.m > 0) || d < -4 * KD_LIMB) return 0;
  return d == 0 ? a.m / b.m : ldexp(a.m / b.m, (int)d);
}

/* log(a/b), antisymmetric to the bit */
static inline double kd_scaled_log_ratio(struct kd_scaled a, struct kd_scaled b) {
  double log_m = a.m < b.m ? -kd_log(b.m / a.m) : kd_log(a.m / b.m);
  return log_m + (a.e - b.e) * KD_LN2;
}

/* term in units of 2^e */
static inline void kd_running_add(struct kd_running *a, double term) {
  struct kd_dd s = kd_two_sum(a->high, term);
  double rest = s.low + a->low;
  a->high = s.high + rest;
  a->low = rest - (a->high - s.high);
}

static inline void kd_running_multiply(struct kd_running *a, double factor) {
  a->high *= factor;
  a->low *= factor;
}

static inline void kd_running_add_scaled(struct kd_running *a, struct kd_scaled b) {
  if (!(b.m > 0)) return;
  if (!(a->high > 0)) *a = (struct kd_running){0, 0, b.e};
  double d = b.e - a->e;
  if (d > 0) {
    kd_running_multiply(a, d > 4 * KD_LIMB ? 0 : ldexp(1, -(int)d));
    a->e = b.e;
  }
  kd_running_add(a, d < 0 ? kd_scaled_plain((struct kd_scaled){b.m, d}) : b.m);
}

/* Back to 2^-LIMB <= m <= 2^LIMB */
static inline void kd_running_lift(struct kd_running *a) {
  if (a->high > 0 && a->high < 0x1p-512)
    kd_running_multiply(a, 0x1p512), a->e -= KD_LIMB;
  else if (a->high > 0x1p512)
    kd_running_multiply(a, 0x1p-512), a->e += KD_LIMB;
}

/* a e^-u, u of either sign; the factor in two halves, which cannot underflow. Beyond
 * 2^50 the limits keep what is left of the remainder, noise, finite. */
static inline void kd_running_decay(struct kd_running *a, double u) {
  if (u > KD_NEVER)
    *a = (struct kd_running){0};
  else if (fabs(u) <= 0.5)
    kd_running_add(a, kd_expm1(-u) * a->high);
  else {
    double limbs = trunc(u / KD_LIMB_LOG);
    double rest = (u - limbs * KD_LIMB_HIGH) - limbs * KD_LIMB_LOW;
    double half = kd_exp(-0.5 * fmax(-356, fmin(356, rest)));
    kd_running_multiply(a, half);
    kd_running_lift(a);
    kd_running_multiply(a, half);
    a->e -= KD_LIMB * limbs;
  }
  kd_running_lift(a);
}

/* What kd_running_decay adds to the relative error of a sum, u itself being right to
 * 5 roundings. |u| <= 1/2: p has those 5 and 2 of expm1, the product one, `high` for
 * the pair one: 9 p/(1 - p) <= 12 |u|. Beyond: u has 5, the reduction 2, each half of
 * the factor 2, the products 2. */
static inline double kd_decay_error(double u) {
  u = fabs(u);
  return u <= 0.5 ? 12 * u : 7 * u + 6;
}

#endif
