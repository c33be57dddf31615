/* SPDX-License-Identifier: MIT
 *
 * log Gamma, in three ways (NIST DLMF 5.5.1, 5.11.1):
 *
 *   near 2    log Gamma(2 + t) = t Q(t), |t| <= 1/2, Q a polynomial (tests/core/minimax.py)
 *   below 16  Gamma(x + 1) = x Gamma(x) leads there; below 1/2 in two steps. No two terms
 *             of opposite sign are near each other but log Gamma(x + 1) - log x about x = 1,
 *             where 0.42 (x - 1) - (x - 1) = -0.58 (x - 1): the error grows by 2.5.
 *   above     Stirling's series with seven terms: the next is below 2^-56 at 16.
 *
 * I_0 (DLMF 10.25.2, 10.40.1), both series of positive terms, in double-double, so that
 * sums lose nothing:
 *
 *   x <= 20   sum_k (x^2/4)^k / k!^2
 *   above     1/sqrt(2 pi x) sum_k ((2k-1)!!)^2 / (k! (8x)^k), divergent in the end, but its
 *             least term is below e^-2x: it is left at the first term below 2^-60.
 */
#include "gamma.h"

#include <stddef.h>

#include "vmath.h"

/* c[0] + c[1] x + ... + c[n-1] x^(n-1) */
static double polynomial(const double *c, size_t n, double x) {
  double value = c[n - 1];
  for (size_t i = n - 1; i-- > 0;) value = value * x + c[i];
  return value;
}

static double lgamma_near_2(double t) {
  static const double Q[] = {
      0x1.b0ee6072093cep-2,   0x1.4a34cc4a60fa6p-2,   -0x1.13e001a55760ap-4,
      0x1.51322ac7d84aep-6,   -0x1.e404fc218db6dp-8,  0x1.7add6eadb02f2p-9,
      -0x1.38ac5c2d4ac38p-10, 0x1.0b36af89fb7d3p-11,  -0x1.d3fd4b65e8fb5p-13,
      0x1.a127ae927c31bp-14,  -0x1.78de9b060f1f9p-15, 0x1.580e4259f8ab0p-16,
      -0x1.3cb3b5d9093ecp-17, 0x1.2589dc8c7a6fep-18,  -0x1.12777069f0977p-19,
      0x1.016e0abf7ab04p-20,  -0x1.ce0e78f6865b2p-22, 0x1.af2ad1dcce911p-23,
      -0x1.201981bd6fcfdp-23, 0x1.1a31211d696f8p-24};
  return t * polynomial(Q, sizeof Q / sizeof *Q, t);
}

/* (x - 1/2) log x - x + log(2 pi)/2 + 1/(12 x) - ..., x >= 16 */
static double lgamma_stirling(double x) {
  static const double series[] = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                  1.0 / 1188, -691.0 / 360360, 1.0 / 156};
  double inverse = 1 / x, tail = inverse * polynomial(series, 7, inverse * inverse);
  double at_half = 0.91893853320467274178 - 0.5; /* log(2 pi)/2, and the -1/2 taken off */
  return (x - 0.5) * (kd_log(x) - 1) + (at_half + tail);
}

double kd_lgamma(double x) {
  if (!(x >= 0)) return x < 0 ? NAN : x;
  if (x == 0 || x == INFINITY) return INFINITY;
  if (x < 0.5) return lgamma_near_2(x) - kd_log(x * (1 + x));
  if (x < 1.5) return lgamma_near_2(x - 1) - kd_log(x);
  if (x >= 16) return lgamma_stirling(x);
  double product = 1;
  for (; x > 2.5; product *= x) x -= 1;
  return lgamma_near_2(x - 2) + kd_log(product);
}

static double i0_near(double x) {
  struct kd_dd z = kd_two_product(0.5 * x, 0.5 * x), term = {1, 0}, sum = term;
  for (double k = 1; term.high > 0x1p-60 * sum.high; k++) {
    term = kd_dd_quotient(kd_dd_product(term, z), (struct kd_dd){k * k, 0});
    sum = kd_dd_sum(sum, term);
  }
  return kd_exp(-x) * sum.high;
}

static double i0_far(double x) {
  const double factor = 0.39894228040143267794; /* 1/sqrt(2 pi) */
  double sum = 0, term = 1;
  for (double k = 1; term > 0x1p-60; k++) {
    term *= (2 * k - 1) * (2 * k - 1) / (8 * k * x);
    sum += term;
  }
  return (factor + factor * sum) / sqrt(x);
}

double kd_i0_scaled(double x) {
  if (!(x >= 0)) return x < 0 ? NAN : x;
  return x <= 20 ? i0_near(x) : i0_far(x);
}
