/* SPDX-License-Identifier: MIT
 *
 * A hash of many results of every elementary function, one line each, for
 * test_vmath_bits.sh: first the array form, then the function of single numbers.
 */
#include <stdio.h>

#include "core/vmath/gamma.h"
#include "core/vmath/vmath.h"

enum { N = 100000 };

static uint64_t state;

static uint64_t splitmix(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/* Half of them any bits at all (infinities and NaN too), half of moderate size */
static void fill(double *x) {
  state = 1;
  for (size_t i = 0; i < N; i++) {
    uint64_t bits = splitmix();
    x[i] = i % 2 ? kd_from_bits(bits) : ldexp((double)(int64_t)bits, (int)(i % 12) - 63);
  }
}

static void print(const char *name, const double *y) {
  uint64_t hash = 0xcbf29ce484222325; /* FNV-1a over words */
  for (size_t i = 0; i < N; i++) hash = (hash ^ kd_bits(y[i])) * 0x100000001b3;
  printf("%-8s %016llx\n", name, (unsigned long long)hash);
}

static double x[N], y[N];

#define SINGLE(name, call)                                                                     \
  static void single_##name(void) {                                                            \
    for (size_t i = 0; i < N; i++) y[i] = call;                                                \
    print(#name, y);                                                                           \
  }
#define BOTH(f)                                                                                \
  SINGLE(f, kd_##f(x[i]))                                                                      \
  static void both_##f(void) {                                                                 \
    kd_v##f(N, x, y);                                                                          \
    print(#f, y);                                                                              \
    single_##f();                                                                              \
  }

BOTH(exp)
BOTH(expm1)
BOTH(sinh)
BOTH(tanh)
BOTH(log)
BOTH(log1p)
BOTH(sin)
BOTH(cos)
SINGLE(pow, kd_pow(x[i], y[i]))
SINGLE(lgamma, kd_lgamma(x[i]))
SINGLE(i0, kd_i0_scaled(x[i]))

int main(void) {
  fill(x);
  both_exp(), both_expm1(), both_sinh(), both_tanh();
  both_log(), both_log1p(), both_sin(), both_cos();
  kd_vpow(N, x, -1.25, y), print("pow", y);
  for (size_t i = 0; i < N; i++) y[i] = x[N - 1 - i];
  single_pow();
  single_lgamma();
  single_i0();
  return 0;
}
