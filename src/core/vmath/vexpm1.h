/* SPDX-License-Identifier: MIT
 *
 * expm1, sinh and tanh as loops can hold them; see vmath.h for their bounds.
 *
 * k and r as in vexp.h, and with c = r cut to 26 bits, so that c^2 is exact,
 *
 *   e^r - 1 = (r + c^2/2) + ((r - c)(r + c)/2 + r^3 P(r))
 *
 * The first sum is kept in two parts. Errors, with e = 2^-53, at the upper end of r
 * (r^3 P = 0.0124, e^r - 1 = 0.5) and at the lower (0.0037, -0.25):
 *
 *   r = high - low          none if k = 0, else e/4: by r^2/2 and r^3/6 0.12 e, 0.08 e
 *   r^3 P                   4.2 roundings: 0.052 e, 0.016 e; P misses 2^-58.9: 0.008 e, 0.004 e
 *   second bracket          three roundings: 0.024 e, 0.006 e
 *
 * E = e^x - 1 = (2^k - 1) + 2^k (first) + 2^k (second), each sum but the last in two parts. So
 * E is off by 0.09 e where k = 0, E <= 0.5; 2 * 0.11 e where k = 1, E = 0.5; 0.21 e/2 where
 * k = -1, E = -0.25; elsewhere by less, in ulps 0.22. Then
 *
 *   expm1   rounds E: 0.72 ulp
 *   tanh    E/(E + 2), E = e^2|x| - 1, the quotient in two parts, one rounding: 0.78 ulp,
 *           at tanh x = 0.2, E = 0.5
 *   sinh    (E + E/(E + 1))/2 likewise: 0.82 ulp, at sinh x = 0.42, E = 0.5
 *
 * At the arguments where no formula holds a last choice sets the result. The coefficients
 * are from tests/core/minimax.py.
 */
#ifndef KD_VEXPM1_H
#define KD_VEXPM1_H

#include "vexp.h"

/* e^r - 1 of r = high - low, in two parts */
KD_INLINE struct kd_dd kd_expm1_near_0(double high, double low) {
  double r = high - low, z = r * r, zz = z * z;
  double c = kd_cut_26(r);
  double P = ((0x1.5555555555555p-3 + r * 0x1.55555555555cbp-5) +
              z * (0x1.11111111117cep-7 + r * 0x1.6c16c16bc7831p-10)) +
             zz * (((0x1.a01a019d3d919p-13 + r * 0x1.a01a03e5b5cf7p-16) +
                    z * (0x1.71de393f8c643p-19 + r * 0x1.27ddfb46885efp-22)) +
                   zz * (0x1.aec486b858c8fp-26 + r * 0x1.2e97b307512e4p-29));
  struct kd_dd sum = kd_fast_two_sum(high, 0.5 * c * c);
  sum.low += 0.5 * (r - c) * (r + c) + (r * z * P - low);
  return sum;
}

/* (e^x - 1)/4 for -40 <= x <= 710.5 in two parts that need not be adjusted to each other;
 * a quarter, so that sinh reaches its end. */
KD_INLINE struct kd_dd kd_expm1_quarter(double x) {
  struct kd_exp_parts p = kd_exp_split(x, 0);
  struct kd_dd rise = kd_expm1_near_0(p.high, p.low);
  double scale = kd_from_bits((p.shifted - 1025) << 52);
  struct kd_dd start = kd_two_sum(scale, -0.25);
  struct kd_dd sum = kd_fast_two_sum(start.high, scale * rise.high);
  return (struct kd_dd){sum.high, scale * rise.low + (start.low + sum.low)};
}

KD_INLINE double kd_expm1(double x) {
  double inside = x < -40 ? -40 : x > 710.5 ? 710.5 : x;
  struct kd_dd quarter = kd_expm1_quarter(inside);
  double y = 4 * (quarter.high + quarter.low);
  return fabs(x) >= 0x1p-54 ? y : x; /* NaN as it came */
}

KD_INLINE double kd_tanh(double x) {
  double a = fabs(x), inside = a > 20 ? 20 : a;
  struct kd_dd E = kd_expm1_quarter(2 * inside);
  E = kd_fast_two_sum(E.high, E.low);
  struct kd_dd below = kd_two_sum(E.high, 0.5);
  below.low += E.low;
  struct kd_dd q = kd_quotient_in_two(E, below);
  double y = q.high + q.low;
  y = x < 0 ? -y : y;
  return a >= 0x1p-28 ? y : x;
}

KD_INLINE double kd_sinh(double x) {
  double a = fabs(x), inside = a > 710.5 ? 710.5 : a;
  struct kd_dd E = kd_expm1_quarter(inside);
  E = kd_fast_two_sum(E.high, E.low);
  struct kd_dd below = kd_two_sum(4 * E.high, 1);
  below.low += 4 * E.low;
  struct kd_dd q = kd_quotient_in_two(E, below); /* (1 - e^-a)/4 */
  q.high = a > 40 ? 0.25 : q.high;
  q.low = a > 40 ? 0 : q.low;
  struct kd_dd sum = kd_two_sum(E.high, q.high);
  double y = 2 * (sum.high + (sum.low + (E.low + q.low)));
  y = x < 0 ? -y : y;
  return a >= 0x1p-28 ? y : x;
}

#endif
