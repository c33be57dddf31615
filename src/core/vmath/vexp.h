/* SPDX-License-Identifier: MIT
 *
 * exp as loops can hold it; see vmath.h for its bound.
 *
 *   x = k log 2 + r, k whole, r in [-0.2877, 0.4055]
 *   e^r - 1 = r + r w/(2 - w),  w = r - (r coth(r/2) - 2),  a polynomial in z = r^2
 *
 * r lies so that 1 <= e^r < 1.5 or 0.75 <= e^r < 1. Errors, with e = 2^-53, half an ulp of 1:
 *
 *   high = x - k LN2_HIGH   exact (LN2_HIGH has 42 bits, k has 11)
 *   low = k LN2_LOW         below 2^-34, its rounding below 2^-87
 *   r = high - low          e/4, which moves u by (e^r - 1) e/4
 *   u = r w/(2 - w)         w to 0.34 e, three roundings: 3.2 e u at r = 0.405, 3.5 e u at
 * -0.288 u - low                 e/16 above, e/32 below s = high + (u - low)    e/4 above (s <
 * 1/2), e/8 below (|s| < 1/4, but e/4 for r within 2e-6 of its lower end) the polynomial e/60
 * (tests/core/minimax.py)
 *
 * Together 0.76 e where an ulp of 1 + s is 2 e, or 0.37 e (0.49 e) where it is e, and half an
 * ulp for the last sum: 0.88 ulp above, 0.87 (0.99) below; 0.81 seen. The powers of 2 are
 * exact unless the result is denormal: then what was an ulp is at most half of one, and the
 * last product adds a half.
 *
 * Beyond the ends the formulas give nonsense, never a trap, and a last choice sets the
 * result: no branches, so that the compiler can run 2, 4 or 8 elements side by side. The
 * coefficients are from tests/core/minimax.py.
 */
#ifndef KD_VEXP_H
#define KD_VEXP_H

#include <math.h>

#include "dd.h"

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
  double shifted = (x * 0x1.71547652b82fep0 - 0.08496) + whole, k = shifted - whole;
  return (struct kd_exp_parts){kd_bits(shifted), x - k * KD_LN2_HIGH, k * KD_LN2_LOW - tail};
}

/* e^r */
KD_INLINE double kd_exp_rest(struct kd_exp_parts p) {
  double r = p.high - p.low, z = r * r;
  double w = r - z * ((0x1.5555555555494p-3 + z * -0x1.6c16c16b41d83p-9) +
                      z * z *
                          ((0x1.1566a931fd2a9p-14 + z * -0x1.bbd05b191d7acp-20) +
                           z * z * 0x1.620c61003db33p-25));
  return 1 + (p.high + (r * w / (2 - w) - p.low));
}

/* exp(x + tail), |tail| below an ulp of x. The factor 2^k in two halves, so that only the
 * last product can leave the range of normal numbers. */
KD_INLINE double kd_exp_tail(double x, double tail) {
  struct kd_exp_parts p = kd_exp_split(x, tail);
  double y = kd_exp_rest(p);
  uint64_t half = p.shifted >> 1, other = p.shifted - half;
  y = y * kd_from_bits(half << 52) * kd_from_bits(other << 52);
  y = x < -746 ? 0 : y;
  return x > 710 ? INFINITY : y;
}

KD_INLINE double kd_exp(double x) {
  return kd_exp_tail(x, 0);
}

/* The same for -708 <= x <= 709, where all is normal, in fewer steps; else some number */
KD_INLINE double kd_exp_normal(double x) {
  struct kd_exp_parts p = kd_exp_split(x, 0);
  return kd_exp_rest(p) * kd_from_bits((p.shifted - 1023) << 52);
}

#endif
