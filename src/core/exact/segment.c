/* SPDX-License-Identifier: MIT
 *
 * See segment.h. On a stretch of length l, t from 0 to 1 along it:
 *
 * degree 1   F = F_max (r + (1 - r) t), t from the end where F is least, r = F_min/F_max:
 *            N_m of pole.h, and mean log F = log F_max - (1 - r) int t/(r + (1-r) t).
 * degree 2   F is concave, so its zeros -d and 1 + d' are real and outside:
 *              F = B (t + d)(1 + d' - t), B = mass l^2,
 *              F(0)/B = A = d (1 + d'), F(1)/B = A' = d' (1 + d), D = 1 + d + d',
 *              D^2 = 1 + 2 (A + A') + (A - A')^2, d = (D - 1 + (A - A'))/2.
 *            1/F = (1/(t + d) + 1/(1 + d' - t))/(B D): positive parts, each a pole of
 *            its own, 1/(t + d) = (1 - r)/(r + (1 - r) t) with r = d/(1 + d);
 *            mean log F = log(B (1 + d)(1 + d')) - int t/(t + d) - int t/(t + d').
 *            Taking A, A', B for given, d and d' have a relative error of some
 *            roundings, and so have all factors.
 */
#include "segment.h"
#include "core/vmath/vmath.h"

#include <math.h>

static const double LN2 = 0.69314718055994530942;

/* Moments of sum_m B_m of Bernstein's polynomials, from their integrals B */
static struct kd_moments moments(const struct kd_segment *s, const double B[3]) {
  double l = s->length, half = 0.5 * B[1];
  return (struct kd_moments){.mass = l * (B[0] + B[1] + B[2]),
                             .to_right = l * (l * (B[0] + half)),
                             .to_left = l * (l * (B[2] + half)),
                             .to_both = l * (l * (l * half)),
                             .length = l,
                             .e = -s->e};
}

double kd_segment_constant(const struct kd_segment *s, const struct kd_pole_rules *rules,
                           struct kd_moments *over) {
  (void)rules;
  *over = (struct kd_moments){.mass = s->length / s->at_left, .length = s->length, .e = -s->e};
  return kd_log(s->at_left) + s->e * LN2;
}

double kd_segment_linear(const struct kd_segment *s, const struct kd_pole_rules *rules,
                         struct kd_moments *over) {
  int left = s->at_left > s->at_right; /* F is largest there */
  double most = left ? s->at_left : s->at_right, least = left ? s->at_right : s->at_left;
  double r = least / most, N[3], B[3];
  kd_pole(rules, r, N);
  for (int m = 0; m < 3; m++) B[left ? 2 - m : m] = N[m] / most;
  *over = moments(s, B);
  return (kd_log(most) + s->e * LN2) - (1 - r) * (0.5 * N[1] + N[2]);
}

/* d = (D - 1 + g)/2 for g = A - A', as 2 A/(D + 1 - g) where that cancels less */
static double zero(double A, double g, double D) {
  return g < 1 ? 2 * A / (D + (1 - g)) : 0.5 * (D + (g - 1));
}

/* D, without overflow */
static double between_zeros(double A, double g, double other) {
  double rest = 1 + 2 * (A + other), size = fabs(g);
  return size > 1 ? size * sqrt(1 + rest / size / size) : sqrt(rest + g * g);
}

double kd_segment_quadratic(const struct kd_segment *s, const struct kd_pole_rules *rules,
                            struct kd_moments *over) {
  double bend = s->mass * s->length * s->length, B[3] = {0};
  double A[2] = {s->at_left / bend, s->at_right / bend}, g = A[0] - A[1];
  double D = between_zeros(A[0], g, A[1]), turn = 0, level = bend;
  for (int side = 0; side < 2; side++) {
    double d = zero(A[side], side ? -g : g, D), part = 1 / (1 + d), N[3];
    kd_pole(rules, d * part, N);
    for (int m = 0; m < 3; m++) B[side ? 2 - m : m] += part * N[m] / (bend * D);
    level *= 1 + d;
    turn += part * (0.5 * N[1] + N[2]);
  }
  *over = moments(s, B);
  return (kd_log(level) + s->e * LN2) - turn;
}
