/* SPDX-License-Identifier: MIT
 *
 * The array forms of vmath.h: one loop each, built for several instruction sets.
 */
#include "vmath.h"

#include "clones.h"

/* A static loop in clones, and the function by which other files call it */
#define ARRAY_FORM(f)                                                                          \
  KD_CLONES static void loop_##f(size_t n, const double *x, double *y) {                       \
    _Pragma("omp simd") for (size_t i = 0; i < n; i++) y[i] = kd_##f(x[i]);                    \
  }                                                                                            \
  void kd_v##f(size_t n, const double *x, double *y) {                                         \
    loop_##f(n, x, y);                                                                         \
  }

ARRAY_FORM(exp)
ARRAY_FORM(expm1)
ARRAY_FORM(sinh)
ARRAY_FORM(tanh)
ARRAY_FORM(log)
ARRAY_FORM(log1p)
ARRAY_FORM(sin)
ARRAY_FORM(cos)

KD_CLONES static void loop_pow(size_t n, const double *x, struct kd_exponent e, double *y) {
#pragma omp simd
  for (size_t i = 0; i < n; i++) y[i] = kd_power(x[i], e);
}

void kd_vpow(size_t n, const double *x, double exponent, double *y) {
  loop_pow(n, x, kd_exponent(exponent), y);
}
