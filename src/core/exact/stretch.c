/* SPDX-License-Identifier: MIT
 *
 * See stretch.h. The errors, in roundings u = KD_U; functions of libm are right to 2 u
 * (an ulp), part to 4 u, tau, to_A, to_B and the terms of tilt to 6 u.
 *
 *   mu = log(A/B) + tilt. The quotient of mantissas 3 u with those of A and B, its
 *     logarithm and (e_A - e_B) ln 2 each 2 u of themselves, the sums 2 u. A mantissa's
 *     logarithm is at most |mu| + |tilt| + |e_A - e_B| ln 2.
 *   W = mean of the weaker part, as a function of m = |mu| and tau:
 *     |dW/dm| = mean of s (1 - s) <= min(W, 1/4, 1/(2 tau)), s the weaker part;
 *     |tau dW/dtau| = |(s(tau) + s(-tau))/2 - W| <= min(W max(1, tau), 1/2), for
 *     s(tau) <= W 2 tau/(1 - e^{-2 tau}).
 *     The formulas add at most 14 u of W, and tau - m rounds as m would by u (m + 1).
 *   The mean of log(1 + e^{theta - m}), v: |dv/dm| = W, |tau dv/dtau| <= tau/2, which is
 *     at most the distance to the stronger side. Its formulas add 6 u v + 20 u at most:
 *     Gauss rules (Chebyshev coefficients 4/k (2 pi/tau)^-k) less than u/2.
 *   L's share: 4 u for the part, at most 6 u for its terms, 5 u for their sums.
 */
#include "stretch.h"

#include "core/rule.h"
#include "core/vmath/vmath.h"

static const double PI2_6 = 1.64493406684822643647; /* pi^2/6 */

void kd_half_rules_fill(struct kd_half_rules *rules) {
  static const size_t half[] = {1, 2, 5};
  for (size_t r = 0; r < 3; r++) {
    struct kd_half_rule *rule = &rules->rule[r];
    double node[10], weight[10];
    rule->n = half[r];
    kd_gauss_legendre(2 * half[r], node, weight);
    for (size_t k = 0; k < half[r]; k++) {
      rule->node[k] = node[half[r] + k];
      rule->weight[k] = weight[half[r] + k];
    }
  }
}

const struct kd_half_rule *kd_half_rule_for(const struct kd_half_rules *rules, double tau) {
  return &rules->rule[tau <= 0x1p-11 ? 0 : tau <= 0x1p-5 ? 1 : 2];
}

/* Mean over theta in [-tau, tau] of the weaker part 1/(1 + e^{m - theta}), m >= 0:
 * softplus(tau - m) - softplus(-tau - m) over 2 tau, as one logarithm unless
 * that would overflow. */
static double weaker_part(double m, double tau) {
  double top = tau - m;
  if (top > 1) return (top + kd_log1p(kd_exp(-top)) - kd_log1p(kd_exp(-tau - m))) / (2 * tau);
  double x = kd_exp(top), p = -kd_expm1(-2 * tau);
  return kd_log1p(x * p / (1 + x * (1 - p))) / (2 * tau);
}

/* -Li_2(-e^-z), z >= 0, by the Bernoulli numbers: with u = log(1 + e^-z) it is
 * the integral of t/(1 - e^-t) over [0, u] (DLMF 25.12.2 and 24.2.1); u < 0.7 */
static double dilogarithm(double z) {
  static const double c[] = {1.0 / 36,
                             -1.0 / 3600,
                             1.0 / 211680,
                             -1.0 / 10886400,
                             1.0 / 526901760,
                             -691.0 / 16999766784000,
                             7.0 / 7846046208000,
                             -3617.0 / 181400588328960000};
  double u = kd_log1p(kd_exp(-z)), sum = 0;
  for (size_t k = sizeof c / sizeof *c; k-- > 0;) sum = sum * u * u + c[k];
  return u + u * u * (0.25 + u * sum);
}

/* Mean over theta in [-tau, tau] of log(1 + e^{theta - m}), m >= 0 */
static double mean_softplus(const struct kd_half_rules *rules, double m, double tau) {
  if (tau > 1) {
    double top = tau - m;
    if (top <= 0) return (dilogarithm(-top) - dilogarithm(tau + m)) / (2 * tau);
    return top * (top / (4 * tau)) +
           (PI2_6 - dilogarithm(top) - dilogarithm(tau + m)) / (2 * tau);
  }
  const struct kd_half_rule *rule = kd_half_rule_for(rules, tau);
  double at_middle = kd_exp(-m), sum = 0;
  for (size_t k = 0; k < rule->n; k++) {
    double x = kd_exp(tau * rule->node[k]);
    sum += 0.5 * rule->weight[k] * (kd_log1p(at_middle * x) + kd_log1p(at_middle / x));
  }
  return sum;
}

static double mu_of(const struct kd_stretch *t) {
  if (!(t->A.m > 0)) return -INFINITY;
  if (!(t->B.m > 0)) return INFINITY;
  return kd_scaled_log_ratio(t->A, t->B) + t->tilt;
}

/* of a finite mu */
static double mu_error(const struct kd_stretch *t, double mu) {
  double limbs = fabs(t->A.e - t->B.e) * KD_LN2;
  return t->A_error + t->B_error + 6 + 4 * fabs(mu) + 10 * t->tilt_size + 6 * limbs;
}

/* What the stretch adds to L; the distance to the points comes last, so that a common
 * shift of all changes that term alone. */
static void add_loss(const struct kd_stretch *t, bool left, struct kd_norm norm, double v,
                     double spread, struct kd_crossing *out) {
  struct kd_scaled sum = left ? t->A : t->B;
  double log_m = kd_log(sum.m), log_e = sum.e * KD_LN2, to = left ? t->to_A : t->to_B;
  out->loss = t->part * (norm.log - (log_m + log_e) - v + to);
  double size = norm.size + fabs(log_m) + fabs(log_e) + v + to;
  out->loss_error = t->part * (15 * size + 28 + (left ? t->A_error : t->B_error) + spread);
}

struct kd_crossing kd_stretch_cross(const struct kd_stretch *t, struct kd_norm norm,
                                    const struct kd_half_rules *rules) {
  struct kd_crossing c;
  double mu = mu_of(t), m = fabs(mu), tau = t->tau, W = weaker_part(m, tau);
  double weaker = t->part * W, stronger = t->part - weaker, error = 0, of_mu = 0;
  if (W > 0) {
    of_mu = mu_error(t, mu);
    double turn = fmin(fmin(W, 0.25), 0.5 / tau) * (of_mu + m + 1);
    error = t->part * (20 * W + turn + 6 * fmin(W * fmax(1, tau), 0.5));
  }
  bool left = mu >= 0;
  c.left = left ? stronger : weaker;
  c.right = left ? weaker : stronger;
  c.left_error = error + (left ? 8 * stronger : 0);
  c.right_error = error + (left ? 0 : 8 * stronger);
  add_loss(t, left, norm, mean_softplus(rules, m, tau), W * of_mu, &c);
  return c;
}

/* part/A. Where the part is nearly too small for a double weaker_part is x p/(2 tau), x =
 * e^{tau - |mu|}, without which it is formed. */
static struct kd_scaled gain(const struct kd_stretch *t, double part, struct kd_scaled A) {
  static const double SMALL = 0x1p-900;
  if (!(A.m > 0)) return (struct kd_scaled){0};
  bool small = part < SMALL;
  if (small) part = t->part * (-kd_expm1(-2 * t->tau) / (2 * t->tau));
  struct kd_running over = {part / A.m, 0, -A.e};
  kd_running_lift(&over);
  if (small) kd_running_decay(&over, fabs(mu_of(t)) - t->tau);
  return kd_running_value(&over);
}

struct kd_crossing_gains kd_stretch_gains(const struct kd_stretch *t,
                                          const struct kd_crossing *c) {
  return (struct kd_crossing_gains){gain(t, c->left, t->A), gain(t, c->right, t->B)};
}
