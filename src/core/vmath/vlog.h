/* SPDX-License-Identifier: MIT
 *
 * log and log1p as loops can hold them; see vmath.h for their bounds.
 *
 *   x = 2^k (1 + f), 1 + f in [1/sqrt 2, sqrt 2];  s = f/(2 + f)
 *   log(1 + f) = 2 atanh s = f - (f^2/2 - s (f^2/2 + R)),  R = 2 (s^2/3 + s^4/5 + ...)
 *
 * f is exact, k LN2_HIGH is exact (42 and 11 bits), and their sum is kept in two parts: the
 * last subtraction rounds once. What it takes off is largest against the result at
 * f = 0.414, k = 0 or -1, result 0.3466, an ulp of which is e/2 (e = 2^-53):
 *
 *   s = 0.172               1.6 e s
 *   R = 0.020               5 e for z, 2.5 e more: 0.15 e
 *   f^2/2 = 0.086           e/16; f^2/2 + R: 0.28 e
 *   s (f^2/2 + R) = 0.018   0.10 e
 *   f^2/2 - s (...)         0.23 e
 *
 * that is 0.46 ulp and the last half: 0.97 ulp; at f < 0, at smaller f and other k it is
 * less. 0.81 seen.
 *
 * log1p takes 1 + x in two parts (exactly) and adds the quotient of the lower by the upper
 * part to what is taken off; its own error is below 2^-105, the square it leaves out at
 * most 1/8 ulp, at 2^-52, where nothing else is lost. The coefficients are twice those of
 * tests/core/minimax.py.
 */
#ifndef KD_VLOG_H
#define KD_VLOG_H

#include "vexp.h"

/* x = 2^k (1 + f) for finite x > 0, by moving the bits of x so that the exponent changes at
 * sqrt 2; for other x some finite numbers. */
struct kd_log_parts {
  double k, f;
};

KD_INLINE struct kd_log_parts kd_log_split(double x) {
  const uint64_t root = 0x3fe6a09e667f3bcd, one = 0x3ff0000000000000;
  double tiny = x < 0x1p-1022 ? 54 : 0, lifted = x < 0x1p-1022 ? x * 0x1p54 : x;
  uint64_t moved = kd_bits(lifted) + (one - root);
  uint64_t exponent = moved >> 52, mantissa = moved & 0xfffffffffffff;
  double k = kd_from_bits(exponent | 0x4330000000000000) - (0x1p52 + 1023);
  return (struct kd_log_parts){k - tiny, kd_from_bits(mantissa + root) - 1};
}

/* log(2^k (1 + f)) + tail, |tail| small against f or k */
KD_INLINE double kd_log_join(struct kd_log_parts p, double tail) {
  double s = p.f / (2 + p.f), z = s * s, zz = z * z, square = 0.5 * p.f * p.f;
  double R = z * ((0x1.5555555555570p-1 + z * 0x1.99999999889a3p-2) +
                  zz * ((0x1.2492493b86773p-2 + z * 0x1.c71c568fafc4cp-3) +
                        zz * ((0x1.74656ab709520p-3 + z * 0x1.39b533fa5e870p-3) +
                              zz * 0x1.2e502f5b0ec4ep-3)));
  struct kd_dd start = kd_fast_two_sum(p.k * KD_LN2_HIGH, p.f);
  double rest = s * (square + R) + (p.k * KD_LN2_LOW + (start.low + tail));
  return start.high - (square - rest);
}

KD_INLINE double kd_log(double x) {
  double y = kd_log_join(kd_log_split(x), 0);
  y = x < INFINITY ? y : x;
  y = x > 0 ? y : x == 0 ? -INFINITY : NAN;
  return x != x ? x : y;
}

KD_INLINE double kd_log1p(double x) {
  struct kd_dd one_plus = kd_two_sum(1, x);
  double y = kd_log_join(kd_log_split(one_plus.high), one_plus.low / one_plus.high);
  y = x < INFINITY ? y : x;
  y = x > -1 ? y : x == -1 ? -INFINITY : NAN;
  return fabs(x) >= 0x1p-54 ? y : x;
}

#endif
