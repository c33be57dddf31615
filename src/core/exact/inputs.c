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

/* What the errors are taken from */
struct inputs {
  const struct kd_estimate *e;
  const double *m;
  double error, slope, common;
  bool weights;
};

static double larger(double a, double b) {
  return a > b ? a : b;
}

static double smaller(double a, double b) {
  return a < b ? a : b;
}

static double eta(const struct inputs *in, size_t j) {
  double position = in->slope * in->e->dy[j];
  return position + (in->weights ? in->e->dlog_S[j] - in->common : 0);
}

static struct moments moments(const struct inputs *in) {
  struct moments a = {0};
  struct kd_sum mean = {0};
  for (size_t j = 0; j < in->e->n; j++) {
    double eta_j = eta(in, j);
    a.most = larger(a.most, eta_j);
    kd_sum_add(&mean, (in->m[j] + in->error) * eta_j);
  }
  a.mean = kd_sum_value(&mean) * (1 + 8 * KD_U);
  a.growth = a.most <= VAGUE ? kd_exp(4 * a.most) : INFINITY;
  return a;
}

/* What moving all terms can do to G */
static double of_terms(const struct inputs *in, const struct moments *a) {
  const struct kd_estimate *e = in->e;
  double largest = 0, all = a->mean * (1 + 8 * KD_U);
  if (!(a->most > 0)) return 0;
  for (size_t i = 0; i < e->n; i++) {
    double eta_i = eta(in, i), m_i = in->m[i] + in->error;
    double own = m_i * larger(0, 1 - in->m[i] + in->error) * eta_i;
    double others = smaller(m_i * a->most, all - m_i * eta_i);
    double weight = in->weights ? e->S[i] * e->dlog_S[i] : 0;
    largest = larger(largest, own + others + weight);
  }
  return largest * a->growth;
}

static double of_edges(const struct inputs *in) {
  const struct kd_estimate *e = in->e;
  double step = e->dw / e->w, c = 4 * e->w * in->slope, top = 0;
  double rise = c > 0 ? c / -kd_expm1(-c) : 1;
  if (!(step > 0)) return 0;
  if (step > VAGUE) return 1;
  if (step * rise > VAGUE) return 1.2 * step;
  for (size_t j = 0; j < e->n; j++) top = larger(top, in->m[j]);
  return 1.2 * step * fmin(1, 1.3 * rise * (top + in->error));
}

struct kd_input_errors kd_input_errors(const struct kd_estimate *e, const double *m,
                                       double error, double slope, double common,
                                       bool positions_only) {
  struct kd_input_errors out;
  struct inputs in = {e, m, error, slope, common, true};
  struct moments a = moments(&in);
  out.loss = fmin(a.most, a.growth * a.mean) + e->dw * slope + common;
  if (positions_only) {
    in.weights = false;
    struct moments positions = moments(&in);
    out.gradient = of_terms(&in, &positions);
  } else {
    out.gradient = of_terms(&in, &a) + of_edges(&in);
  }
  out.gradient = fmin(out.gradient, 2); /* both G_i are in [-1, 1] */
  return out;
}
