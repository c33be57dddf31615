/* SPDX-License-Identifier: MIT
 *
 * sin and cos for |x| <= 3000 (NaN beyond) as loops can hold them; bounds in vmath.h.
 *
 *   x = k pi/2 + r, |r| <= pi/4 and a little, r in two parts
 *
 * pi/2 is taken off in three parts of 42, 42 and 53 bits. k has 11 bits, so the first two
 * products are exact, the first difference too; what is left out is below 2^-126, and no
 * double up to 3000 is nearer than 2^-62 to a multiple of pi/2. In two parts r is right to
 * 2^-64. With e = 2^-53, at r = pi/4, where an ulp of the results is e:
 *
 *   sin     r + r^3 (...): r^3 (...) = 0.078, three roundings: 0.24 e; their sum with the
 *           lower part of r e/16; the polynomial 0.04 e
 *   cos     1 - z/2 + z^2 (...): z e/2; z^2 (...) = 0.016, five roundings: 0.08 e; sums 0.03 e
 *
 * and half an ulp for the last sum: below 0.9 ulp, less for smaller r. Coefficients from
 * tests/core/minimax.py.
 */
#ifndef KD_VTRIG_H
#define KD_VTRIG_H

#include "vexp.h"

/* sin(r + low) and cos(r + low), |r| <= 0.79, |low| <= an ulp of r */
KD_INLINE double kd_sin_near_0(double r, double low) {
  double z = r * r, zz = z * z;
  double p =
      (0x1.111111110f88dp-7 + z * -0x1.a01a019c1378ep-13) +
      zz * ((0x1.71de357910f11p-19 + z * -0x1.ae5e67248e797p-26) + zz * 0x1.5d933cf89576bp-33);
  double cubic = z * r * (-0x1.5555555555549p-3 + z * p);
  return r + (cubic + low * (1 - 0.5 * z));
}

KD_INLINE double kd_cos_near_0(double r, double low) {
  double z = r * r, zz = z * z;
  double p = ((0x1.555555555554cp-5 + z * -0x1.6c16c16c1517ep-10) +
              zz * ((0x1.a01a019cb1bd0p-16 + z * -0x1.27e4f809efeddp-22) +
                    zz * (0x1.1ee9ebe89b1d1p-29 + z * -0x1.8fae9c21a14a7p-37)));
  struct kd_dd start = kd_fast_two_sum(1, -0.5 * z);
  return start.high + (start.low + (zz * p - r * low));
}

/* sin(x + quarters pi/2) */
KD_INLINE double kd_sin_turned(double x, unsigned quarters) {
  const double whole = 0x1.8p52;
  double shifted = x * 0x1.45f306dc9c883p-1 + whole, k = shifted - whole;
  struct kd_dd r = kd_two_sum(x - k * 0x1.921fb54442800p0, -k * 0x1.4611a62633000p-42);
  r = kd_fast_two_sum(r.high, r.low - k * 0x1.45c06e0e68948p-86);
  uint64_t quadrant = kd_bits(shifted) + quarters, odd = -(quadrant & 1);
  uint64_t sine = kd_bits(kd_sin_near_0(r.high, r.low));
  uint64_t cosine = kd_bits(kd_cos_near_0(r.high, r.low));
  uint64_t y = ((sine & ~odd) | (cosine & odd)) ^ ((quadrant & 2) << 62);
  return fabs(x) <= 3000 ? kd_from_bits(y) : NAN;
}

KD_INLINE double kd_sin(double x) {
  double y = kd_sin_turned(x, 0);
  return fabs(x) >= 0x1p-27 ? y : x;
}

KD_INLINE double kd_cos(double x) {
  return kd_sin_turned(x, 1);
}

#endif
