/* SPDX-License-Identifier: MIT
 *
 * See inputs.h.
 */
#include "inputs.h"

#include <math.h>

#include "core/num.h"
#include "core/vmath/vmath.h"

static const double VAGUE = 0.125; /* largest eta whose second order is kept */

struct moments {
  double most, mean; /* max_j eta_j, sum_j m_j eta_j */
  double growth;     /* of m_j (1 - m_j) on the way */
};

static double eta(const struct kd_estimate *e, double slope, bool weights, size_t j) {
  return slope * e->dy[j] + (weights ? e->dlog_S[j] : 0);
}

static struct moments moments(const struct kd_estimate *e, const double *m, double error,
                              double slope, bool weights) {
  struct moments a = {0};
  struct kd_sum mean = {0};
  for (size_t j = 0; j < e->n; j++) {
    double eta_j = eta(e, slope, weights, j);
    a.most = fmax(a.most, eta_j);
    kd_sum_add(&mean, (m[j] + error) * eta_j);
  }
  a.mean = kd_sum_value(&mean) * (1 + 8 * KD_U);
  a.growth = a.most <= VAGUE ? kd_exp(4 * a.most) : INFINITY;
  return a;
}

/* What moving all terms can do to G */
static double of_terms(const struct kd_estimate *e, const double *m, double error, double slope,
                       bool weights, const struct moments *a) {
  double largest = 0, all = a->mean * (1 + 8 * KD_U);
  if (!(a->most > 0)) return 0;
  for (size_t i = 0; i < e->n; i++) {
    double eta_i = eta(e, slope, weights, i), m_i = m[i] + error;
    double own = m_i * fmax(0, 1 - m[i] + error) * eta_i;
    double others = fmin(m_i * a->most, all - m_i * eta_i);
    double weight = weights ? e->S[i] * e->dlog_S[i] : 0;
    largest = fmax(largest, own + others + weight);
  }
  return largest * a->growth;
}

static double of_edges(const struct kd_estimate *e, const double *m, double error,
                       double slope) {
  double step = e->dw / e->w, c = 4 * e->w * slope, top = 0;
  double rise = c > 0 ? c / -kd_expm1(-c) : 1;
  if (!(step > 0)) return 0;
  if (step > VAGUE) return 1;
  if (step * rise > VAGUE) return 1.2 * step;
  for (size_t j = 0; j < e->n; j++) top = fmax(top, m[j]);
  return 1.2 * step * fmin(1, 1.3 * rise * (top + error));
}

struct kd_input_errors kd_input_errors(const struct kd_estimate *e, const double *m,
                                       double error, double slope, bool positions_only) {
  struct kd_input_errors out;
  struct moments a = moments(e, m, error, slope, true);
  out.loss = fmin(a.most, a.growth * a.mean) + e->dw * slope;
  if (positions_only) {
    struct moments positions = moments(e, m, error, slope, false);
    out.gradient = of_terms(e, m, error, slope, false, &positions);
  } else {
    out.gradient = of_terms(e, m, error, slope, true, &a) + of_edges(e, m, error, slope);
  }
  out.gradient = fmin(out.gradient, 2); /* both G_i are in [-1, 1] */
  return out;
}
