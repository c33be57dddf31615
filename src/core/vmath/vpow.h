/* SPDX-License-Identifier: MIT
 *
 * x^y for x >= 0 as loops can hold it, and numbers in equal ratios; bounds in vmath.h.
 *
 *   x^y = exp(y log x),  |y log x| may be 745, and its absolute error is the relative
 *   error of the result: so log x in two parts, right to 2^-67.
 *
 * With f, k and s = f/(2 + f) as in vlog.h and z = s^2 <= 0.0295
 *
 *   15/2 log x = k (15/2 log 2) + s (15 + 5 z + 3 z^2 + z^3 T(z))
 *
 * (whole numbers need no second part). Numbers cut to 24 or 26 bits have exact products
 * without FMA: s = sh + sl where sl is the remainder of the division; z = sh^2 + sl (sh + s),
 * the first 48 bits long; z^2 = c^2 + (z - c)(z + c); the bracket = th + tl. Rounded are
 * z^3 T <= 6e-5, in ten steps at most, which is 2^-53 * 10 * 6e-5/15 = 2^-67.6 of the
 * sum, the small parts (each below 2^-22 of its own sum), and T misses 2^-71.7. With
 * y (2/15) in two parts y log x is right to 745 * 2^-67 < 2^-57: 1/16 ulp on top of exp.
 */
#ifndef KD_VPOW_H
#define KD_VPOW_H

#include "vlog.h"

/* x = cut + rest, the first with 26 bits; `more` small */
KD_INLINE struct kd_dd kd_cut_in_two(double x, double more) {
  double cut = kd_cut_26(x);
  return (struct kd_dd){cut, (x - cut) + more};
}

/* 15/2 log x of finite x > 0, the first part with 26 bits */
KD_INLINE struct kd_dd kd_log_in_two(double x) {
  struct kd_log_parts p = kd_log_split(x);
  struct kd_dd s = kd_quotient_in_two((struct kd_dd){p.f, 0}, kd_fast_two_sum(2, p.f));
  double both = s.high + s.low, z_high = s.high * s.high, z_low = s.low * (s.high + both);
  double z = z_high + z_low, c = kd_cut_24(z), zz = z * z;
  double T = ((0x1.1249249249240p+1 + z * 0x1.aaaaaaaaad373p+0) +
              zz * (0x1.5d1745cf110adp+0 + z * 0x1.2762775a4f844p+0)) +
             zz * zz *
                 ((0x1.ffff497d33abep-1 + z * 0x1.c3e4e72a7df7ap-1) +
                  zz * (0x1.909be45f38ffbp-1 + z * 0x1.a463f789a4660p-1));
  double small = (5 * z_low + 3 * ((z - c) * (z + c))) + z * zz * T;
  double t_high = kd_cut_26(15 + (5 * z_high + (3 * (c * c) + small)));
  double t_low = small - (((t_high - 15) - 5 * z_high) - 3 * (c * c));
  struct kd_dd log_m = kd_fast_two_sum(s.high * t_high, s.low * t_high + t_low * both);
  struct kd_dd sum = kd_fast_two_sum(p.k * 0x1.4cb5ecf0a9p+2, log_m.high);
  return kd_cut_in_two(sum.high, sum.low + (log_m.low + p.k * 0x1.9410886a2bc2fp-40));
}

/* An exponent y as 2/15 y in two parts, and what x^y is at the ends. Made before a loop:
 * compilers do not take a choice that hangs on y alone out of it, nor run it side by side. */
struct kd_exponent {
  struct kd_dd y;
  double at_0, at_infinity, elsewhere; /* elsewhere: x < 0 and NaN */
};

KD_INLINE struct kd_exponent kd_exponent(double y) {
  const struct kd_dd scale = {0x1.1111111111111p-3, 0x1.1111111111111p-59};
  /* log x is 0 or above 2^-54 in size: beyond 2^70 nothing changes but overflow. */
  double inside = fabs(y) < 0x1p70 ? y : y > 0 ? 0x1p70 : -0x1p70;
  struct kd_dd scaled = kd_dd_scaled(scale, inside);
  struct kd_exponent e = {kd_cut_in_two(scaled.high, scaled.low), y > 0 ? 0 : INFINITY,
                          y > 0 ? INFINITY : 0, NAN};
  if (y == 0) e.at_0 = e.at_infinity = e.elsewhere = 1;
  if (y != y) e.at_0 = e.at_infinity = e.y.high = NAN;
  return e;
}

KD_INLINE double kd_power(double x, struct kd_exponent e) {
  struct kd_dd log_x = kd_log_in_two(x);
  struct kd_dd a = kd_fast_two_sum(e.y.high * log_x.high,
                                   e.y.high * log_x.low + e.y.low * (log_x.high + log_x.low));
  double power = kd_exp_tail(a.high, a.low);
  power = x == 1 ? 1 : power;
  power = x == 0 ? e.at_0 : power;
  power = x < INFINITY ? power : e.at_infinity;
  return x >= 0 ? power : e.elsewhere;
}

KD_INLINE double kd_pow(double x, double y) {
  return kd_power(x, kd_exponent(y));
}

/* a^(1 - i/n) b^(i/n), the numbers between a and b in equal ratios: finite a, b > 0, whole
 * 0 <= i <= n < 2^49. */
KD_INLINE double kd_between(double a, double b, double i, double n) {
  struct kd_dd sum =
      kd_dd_sum(kd_dd_scaled(kd_log_in_two(a), n - i), kd_dd_scaled(kd_log_in_two(b), i));
  struct kd_dd mean = kd_dd_quotient(sum, (struct kd_dd){7.5 * n, 0});
  return kd_exp_tail(mean.high, mean.low);
}

#endif
