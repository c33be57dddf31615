/* SPDX-License-Identifier: MIT
 *
 * exp as loops can hold it; see vmath.h for its bound.
 *
 *   x = k log 2 + r, k whole, r in [-0.288, 0.406]
 *   e^r - 1 = r + r w/(2 - w),  w = r - (r coth(r/2) - 2),  a polynomial in z = r^2
 *
 * With e = 2^-53 (half an ulp of 1): r = high - low, where high = x - k LN2_HIGH is exact
 * (LN2_HIGH has 42 bits, k has 11) and low = k LN2_LOW is below 2^-34. The quotient
 * u = r w/(2 - w) <= 0.095 carries six roundings at most, 6 e u; the polynomial adds 2^-59.
 * It enters after high, which is exact: 1 + (high + (u - low)). The inner sum stays below
 * 0.25 where the result is below 1 (that is why r is not symmetric), so its rounding is at
 * most 1/8 ulp. Together 0.5 + 0.125 + 0.29 ulp if all roundings conspire at the upper end of
 * r; 0.81 in use. A denormal result is rounded once more, by half its ulp.
 *
 * Beyond the ends the formulas give nonsense, never a trap, and a last choice sets the
 * result: no branches, so that the compiler can run 2, 4 or 8 elements side by side. The
 * coefficients are from tests/core/minimax.py.
 */
#ifndef KD_VEXP_H
#define KD_VEXP_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "dd.h"

KD_INLINE uint64_t kd_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

KD_INLINE double kd_from_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#define KD_LN2_HIGH 0x1.62e42fefa38p-1
#define KD_LN2_LOW  0x1.ef35793c7673p-45

/* x + tail = k log 2 + r, r = high - low, and k + 2046 in the last bits of `shifted`. Sums
 * near 1.5 * 2^52 round to whole numbers. */
struct kd_exp_parts {
  uint64_t shifted;
  double high, low;
};

KD_INLINE struct kd_exp_parts kd_exp_split(double x, double tail) {
  const double whole = 0x1.8p52 + 2046;
  double shifted = (x * 0x1.71547652b82fep0 - 0.085) + whole, k = shifted - whole;
  return (struct kd_exp_parts){kd_bits(shifted), x - k * KD_LN2_HIGH, k * KD_LN2_LOW - tail};
}

/* exp(x + tail), |tail| below an ulp of x. The factor 2^k in two halves, so that only the
 * last product can leave the range of normal numbers. */
KD_INLINE double kd_exp_tail(double x, double tail) {
  struct kd_exp_parts p = kd_exp_split(x, tail);
  double r = p.high - p.low, z = r * r;
  double w = r - z * ((0x1.5555555555494p-3 + z * -0x1.6c16c16b41d83p-9) +
                      z * z *
                          ((0x1.1566a931fd2a9p-14 + z * -0x1.bbd05b191d7acp-20) +
                           z * z * 0x1.620c61003db33p-25));
  double y = 1 + (p.high + (r * w / (2 - w) - p.low));
  uint64_t half = p.shifted >> 1, other = p.shifted - half;
  y = y * kd_from_bits(half << 52) * kd_from_bits(other << 52);
  y = x < -746 ? 0 : y;
  return x > 710 ? INFINITY : y;
}

KD_INLINE double kd_exp(double x) {
  return kd_exp_tail(x, 0);
}

#endif
