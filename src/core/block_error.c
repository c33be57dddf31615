/* SPDX-License-Identifier: MIT
 *
 * The true log K_j differ from those computed by eta_j, |eta_j| <= epsilon_j, but for one
 * common term. Then log f is off by at most the mean of expm1(epsilon) under rho, and
 *
 *   rho_i' - rho_i = rho_i sum_{j != i} rho_j (e^eta_i - e^eta_j) / sum_j rho_j e^eta_j,
 *
 * which vanishes where one point rules.
 *
 * In the difference form (block.c) all errors shrink with kappa: those of g_i are rho_i's,
 * and S_i's and those of n terms in proportion to what the two differ by. In the other
 * one they are those of both.
 */
#include "block_error.h"

#include <math.h>

#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "estimate.h"
#include "num.h"
#include "wobble.h"

/* What the sum of two positions, and on the circle of turns, may round off of the gap
 * between two points: where the bin is not between them the gap is one difference. */
KD_INLINE double gap_rounding(bool circle, double v, double y, double y0) {
  if (circle) return y == y0 ? 0 : 16 * KD_U;
  return ((v > y ? 1 : 0) != (v > y0 ? 1 : 0)) ? 2 * KD_U * fabs(v) : 0;
}

/* epsilon_j of all bins; 0 where rho_j is below any double that matters. Returns the
 * largest. */
static double fill_epsilon(const struct kd_block *b, const struct kd_estimate *e,
                           const double *v, const struct kd_wobble *wobble,
                           const struct kd_forms *f, size_t j) {
  const double *ratio = b->ratio + j * b->stride;
  double *epsilon = b->g_error + j * b->stride, most = 0;
  bool circle = e->space == KD_SPACE_CIRCLE;
  for (size_t k = 0; k < b->stride; k++) {
    double size = fabs(ratio[k]), more = 0;
    if (f->large[k])
      more = 2 * KD_U * (fabs(e->log_S[j]) + size + fabs(f->top[k]) + 2) + e->dlog_S[j];
    double all = e->roundings * KD_U * size + more + wobble[j].epsilon +
                 wobble[j].pull * gap_rounding(circle, v[k], e->y[j], b->nearest[k]);
    epsilon[k] = ratio[k] < -700 ? 0 : all;
    most = epsilon[k] > most ? epsilon[k] : most;
  }
  return most;
}

/* expm1(epsilon), or more, in place of epsilon */
static void exponentiate(struct kd_block *b, size_t n, double most) {
  for (size_t i = 0; i < n * b->stride; i++)
    b->g_error[i] = most < 0.01 || b->g_error[i] < 0.01 ? 1.01 * b->g_error[i]
                                                        : kd_expm1(fmin(b->g_error[i], 700));
}

/* mean: of expm1(epsilon) under rho; then g_error becomes that of rho. */
static void spread(struct kd_block *b, const struct kd_estimate *e, double *mean) {
  size_t m = b->stride;
  double noise = KD_U * (double)e->n;
  for (size_t k = 0; k < m; k++) mean[k] = 0;
  for (size_t j = 0; j < e->n; j++)
    for (size_t k = 0; k < m; k++) {
      double rho = e->S[j] - b->g[j * m + k];
      mean[k] += (rho > 0 ? rho : 0) * b->g_error[j * m + k];
    }
  for (size_t j = 0; j < e->n; j++)
    for (size_t k = 0; k < m; k++) {
      double *error = &b->g_error[j * m + k], rho = e->S[j] - b->g[j * m + k];
      rho = rho > 0 ? rho : 0;
      double others = 1 - rho, rest = mean[k] - rho * *error, least = 1 - mean[k];
      others = (others > 0 ? others : 0) + noise;
      rest = (rest > 0 ? rest : 0) + noise * mean[k];
      *error = rho * (others * *error + rest) / (least > 0.01 ? least : 0.01);
    }
}

/* What the two forms add to the errors of g and, in all, to that of log f */
static void add_forms(struct kd_block *b, const struct kd_estimate *e, const struct kd_forms *f,
                      double *mean) {
  size_t m = b->stride;
  double n = (double)e->n, rest[KD_BLOCK];
  for (size_t k = 0; k < m; k++) {
    double spared = fmin(e->dS, e->dlog_S_max * -f->kappa[k]);
    rest[k] = f->large[k] ? KD_U * (n + 16) : 4 * (KD_U * (n + 16) * -f->kappa[k] + spared);
    mean[k] += rest[k];
  }
  for (size_t j = 0; j < e->n; j++)
    for (size_t k = 0; k < m; k++) {
      double g = b->g[j * m + k], S = e->S[j], rho = fabs(S - g);
      double small = (S + rho) * rest[k] + fabs(g) * (e->dlog_S[j] + 16 * KD_U);
      double large = rho * rest[k] + S * (e->dlog_S[j] + 4 * KD_U);
      b->g_error[j * m + k] += f->large[k] ? large : small;
    }
}

/* What points that may cover a bin, or not, can do to it, as a share of f */
static double edges(const struct kd_estimate *e, const struct kd_wobble *wobble, double log_f) {
  double share = 0;
  for (size_t j = 0; j < e->n; j++)
    if (wobble[j].log_edge > -INFINITY)
      share += kd_exp(fmin(0, e->log_S[j] + wobble[j].log_edge - log_f));
  return share < 0.5 ? 2 * share : INFINITY;
}

void kd_block_errors(struct kd_block *b, const struct kd_estimate *e, const double *v,
                     const struct kd_wobble *wobble, const struct kd_forms *f) {
  size_t m = b->stride;
  double mean[KD_BLOCK], edge[KD_BLOCK] = {0}, most = 0;
  for (size_t j = 0; j < e->n; j++) most = fmax(most, fill_epsilon(b, e, v, wobble, f, j));
  exponentiate(b, e->n, most);
  spread(b, e, mean);
  add_forms(b, e, f, mean);
  for (size_t k = 0; k < m; k++) {
    if (isfinite(e->kernel->support) && b->covered[k]) edge[k] = edges(e, wobble, b->log_f[k]);
    double terms = fabs(b->log_k[k]) + e->norm;
    double rounding = KD_U * ((e->roundings + 4) * terms + 4 * fabs(f->added[k]));
    b->log_f_error[k] = mean[k] + edge[k] + rounding + e->log_mass_error;
  }
  for (size_t j = 0; j < e->n; j++)
    for (size_t k = 0; k < m; k++) /* rho is within [0, 1] */
      b->g_error[j * m + k] = fmin(1, b->g_error[j * m + k] + edge[k]);
}
