/* SPDX-License-Identifier: MIT
 *
 * Doubles as their bits, and cut to fewer of them.
 */
#ifndef KD_BITS_H
#define KD_BITS_H

#include <stdint.h>
#include <string.h>

/* Loops run side by side only what is inlined, so none of this may be left a call. */
#define KD_INLINE static inline __attribute__((always_inline))

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

/* The leading 24 or 26 bits of x, 0 behind: products of two such numbers are exact. */
KD_INLINE double kd_cut_24(double x) {
  return kd_from_bits(kd_bits(x) & 0xffffffffe0000000);
}
KD_INLINE double kd_cut_26(double x) {
  return kd_from_bits(kd_bits(x) & 0xfffffffff8000000);
}

#endif
