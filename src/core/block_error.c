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

/* What one point brings to all bins of a block */
struct point {
  double y, log_S, dlog_S, epsilon, pull, roundings;
};

KD_CLONES static void fill_epsilon(size_t n, bool circle, const struct point *p,
                                   const double *v, const double *nearest, const double *ratio,
                                   const struct kd_forms *f, double *epsilon) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) {
    double size = fabs(ratio[k]);
    double large = 2 * KD_U * (fabs(p->log_S) + size + fabs(f->top[k]) + 2) + p->dlog_S;
    double all = p->roundings * KD_U * size + f->large[k] * large + p->epsilon +
                 p->pull * gap_rounding(circle, v[k], p->y, nearest[k]);
    epsilon[k] = ratio[k] < -700 ? 0 : all; /* rho_j is below any double that matters */
  }
}

/* expm1(x), x >= 0, or more */
static void exponentiate(size_t n, double *x) {
  double most = 0;
  for (size_t i = 0; i < n; i++) most = x[i] > most ? x[i] : most;
  for (size_t i = 0; most >= 0.01 && i < n; i++)
    if (x[i] >= 0.01) x[i] = kd_expm1(fmin(x[i], 700));
  for (size_t i = 0; i < n; i++) x[i] *= 1.01;
}

KD_INLINE double positive(double x) {
  return x > 0 ? x : 0;
}

/* mean += rho_j expm1(epsilon_j) */
KD_CLONES static void add_mean(size_t n, double S, const double *g, const double *error,
                               double *mean) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) mean[k] += positive(S - g[k]) * error[k];
}

/* From expm1(epsilon_j) to the error of rho_j, by the formula at the top */
KD_CLONES static void spread(size_t n, double S, double noise, const double *g,
                             const double *mean, double *error) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) {
    double rho = positive(S - g[k]), least = 1 - mean[k];
    double others = positive(1 - rho) + noise;
    double rest = positive(mean[k] - rho * error[k]) + noise * mean[k];
    error[k] = rho * (others * error[k] + rest) / (least > 0.01 ? least : 0.01);
  }
}

/* What the form of a bin adds to the error of g_j; rho is within [0, 1] */
KD_CLONES static void add_form(size_t n, double S, double dlog_S, const double *g,
                               const double *large, const double *rest, const double *edge,
                               double *error) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) {
    double rho = fabs(S - g[k]);
    double of_small = (S + rho) * rest[k] + fabs(g[k]) * (dlog_S + 16 * KD_U);
    double of_large = rho * rest[k] + S * (dlog_S + 4 * KD_U);
    double all = error[k] + (large[k] > 0 ? of_large : of_small) + edge[k];
    error[k] = all < 1 ? all : 1;
  }
}

/* What n terms and S do in the form of each bin */
static void fill_rest(const struct kd_estimate *e, size_t m, const struct kd_forms *f,
                      double *rest) {
  double n = (double)e->n;
  for (size_t k = 0; k < m; k++) {
    double spared = fmin(e->dS, e->dlog_S_max * -f->kappa[k]);
    rest[k] = f->large[k] > 0 ? KD_U * (n + 16) : 4 * (KD_U * (n + 16) * -f->kappa[k] + spared);
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

static double log_f_error(const struct kd_estimate *e, const struct kd_block *b, size_t k,
                          double added) {
  double terms = fabs(b->log_k[k]) + e->norm;
  return KD_U * ((e->roundings + 4) * terms + 4 * fabs(added)) + e->log_mass_error;
}

static void fill_ratio_errors(struct kd_block *b, const struct kd_estimate *e, const double *v,
                              const struct kd_wobble *wobble, const struct kd_forms *f) {
  size_t m = b->stride;
  for (size_t j = 0; j < e->n; j++) {
    struct point p = {e->y[j],           e->log_S[j],    e->dlog_S[j],
                      wobble[j].epsilon, wobble[j].pull, e->roundings};
    fill_epsilon(m, e->space == KD_SPACE_CIRCLE, &p, v, b->nearest, b->ratio + j * m, f,
                 b->g_error + j * m);
  }
  exponentiate(e->n * m, b->g_error);
}

void kd_block_ratio_errors(struct kd_block *b, const struct kd_estimate *e, const double *v,
                           const struct kd_wobble *wobble) {
  static const struct kd_forms none = {.large = {0}};
  fill_ratio_errors(b, e, v, wobble, &none);
}

double kd_block_log_k_error(const struct kd_block *b, const struct kd_estimate *e, size_t k) {
  return log_f_error(e, b, k, 0);
}

void kd_block_errors(struct kd_block *b, const struct kd_estimate *e, const double *v,
                     const struct kd_wobble *wobble, const struct kd_forms *f) {
  size_t m = b->stride;
  double mean[KD_BLOCK] = {0}, rest[KD_BLOCK], edge[KD_BLOCK] = {0};
  fill_ratio_errors(b, e, v, wobble, f);
  fill_rest(e, m, f, rest);
  for (size_t j = 0; j < e->n; j++)
    add_mean(m, e->S[j], b->g + j * m, b->g_error + j * m, mean);
  for (size_t k = 0; k < m; k++) {
    if (isfinite(e->kernel->support) && b->covered[k]) edge[k] = edges(e, wobble, b->log_f[k]);
    b->log_f_error[k] = mean[k] + rest[k] + edge[k] + log_f_error(e, b, k, f->added[k]);
  }
  for (size_t j = 0; j < e->n; j++) {
    double *error = b->g_error + j * m;
    spread(m, e->S[j], KD_U * (double)e->n, b->g + j * m, mean, error);
    add_form(m, e->S[j], e->dlog_S[j], b->g + j * m, f->large, rest, edge, error);
  }
}
