/* SPDX-License-Identifier: MIT
 *
 * Four doubles side by side, for recursions along lanes that loops under `omp simd` cannot
 * hold in registers. gcc and clang make of their + - * / what the processor has; each is one
 * IEEE operation an element.
 */
#ifndef KD_LANES_H
#define KD_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bits.h"

typedef double kd_four __attribute__((vector_size(32), may_alias));
typedef uint64_t kd_four_bits __attribute__((vector_size(32), may_alias));

typedef double kd_four_anywhere __attribute__((vector_size(32), may_alias, aligned(8)));

/* The four at an address that 32 divides, to read or to write; at any address, to read */
#define KD_FOUR(at)          (*(kd_four *)(uintptr_t)(at))
#define KD_FOUR_ANYWHERE(at) (*(const kd_four_anywhere *)(at))

/* x for those of `to` where the mask, a comparison, holds */
#define KD_CHOOSE(to, mask, x)                                                                 \
  (*(to) = (__typeof__(*(to)))(((__typeof__(mask))(x) & (mask)) |                              \
                               ((__typeof__(mask))(*(to)) & ~(mask))))

/* Raises the four to those at an address, or lowers them. No reductions under `omp simd`:
 * gcc 12 makes wrong code of some, and clang has another start for infinite ones. */
KD_INLINE void kd_four_raise(kd_four *most, const double *at) {
  kd_four x = KD_FOUR_ANYWHERE(at);
  KD_CHOOSE(most, x > *most, x);
}

KD_INLINE void kd_four_lower(kd_four *least, const double *at) {
  kd_four x = KD_FOUR_ANYWHERE(at);
  KD_CHOOSE(least, x < *least, x);
}

KD_INLINE double kd_four_most(const kd_four *x) {
  double a = (*x)[0] > (*x)[1] ? (*x)[0] : (*x)[1], b = (*x)[2] > (*x)[3] ? (*x)[2] : (*x)[3];
  return a > b ? a : b;
}

KD_INLINE double kd_four_least(const kd_four *x) {
  double a = (*x)[0] < (*x)[1] ? (*x)[0] : (*x)[1], b = (*x)[2] < (*x)[3] ? (*x)[2] : (*x)[3];
  return a < b ? a : b;
}

#endif
