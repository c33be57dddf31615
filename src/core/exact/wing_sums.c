/* SPDX-License-Identifier: MIT
 *
 * See wing_sums.h. Sums along the block run along its lanes, then from lane to lane.
 */
#include "wing_sums.h"

#include "core/num.h"
#include "core/vmath/clones.h"
#include "core/vmath/lanes.h"
#include "core/vmath/vmath.h"

enum { LANES = KD_WING_LANES, STEPS = KD_WING_STEPS, BLOCK = KD_WING_BLOCK };

struct kd_wing_rows kd_wing_rows(const struct kd_wings *w, size_t block) {
  size_t at = block * BLOCK;
  return (struct kd_wing_rows){w->S + at,       w->in + at,  w->out + at, w->mid_in + at,
                               w->mid_out + at, w->tau + at, w->U + at,   w->V + at};
}

/* Halves onto each other */
KD_INLINE double tree(double *x) {
  for (size_t half = BLOCK / 2; half >= 8; half /= 2)
#pragma omp simd
    for (size_t k = 0; k < half; k++) x[k] += x[k + half];
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

KD_CLONES static double weighted_sum(const double *S, const double *factor) {
  _Alignas(64) double x[BLOCK];
#pragma omp simd
  for (size_t k = 0; k < BLOCK; k++) x[k] = S[k] * factor[k];
  return tree(x);
}

double kd_wing_sum_out(const struct kd_wing_rows *r) {
  return weighted_sum(r->S, r->out);
}

double kd_wing_sum_in(const struct kd_wing_rows *r) {
  return weighted_sum(r->S, r->in);
}

/* What each addition rounds off is summed beside. */
KD_CLONES static double compensated_sum(const double *S, const double *factor, size_t n) {
  kd_four sum[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}}, rest[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  for (size_t k = 0; k < n; k += 8)
    for (size_t half = 0; half < 2; half++) {
      kd_four x = KD_FOUR(S + k + 4 * half) * KD_FOUR(factor + k + 4 * half);
      kd_four t = sum[half] + x, z = t - sum[half];
      rest[half] += (sum[half] - (t - z)) + (x - z);
      sum[half] = t;
    }
  struct kd_sum all = {0};
  for (size_t l = 0; l < 8; l++) kd_sum_add(&all, sum[l / 4][l % 4]);
  for (size_t l = 0; l < 8; l++) kd_sum_add(&all, rest[l / 4][l % 4]);
  return kd_sum_value(&all);
}

double kd_wing_sum_outside(const struct kd_wings *w, const struct kd_wing *wing) {
  size_t first = wing->first_outside * BLOCK, end = wing->end_outside * BLOCK;
  return compensated_sum(w->S + first, w->out + first, end - first);
}

/* --- sums from each place on --- */

/* x_k becomes the sum of x up to k, or from k on, and what enters; returns that of all. */
KD_INLINE double sum_along(double *x, double enters, bool up) {
  kd_four s[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  _Alignas(64) double lane[LANES];
  for (size_t i = 0; i < STEPS; i++)
    for (size_t half = 0; half < 2; half++) {
      double *at = x + (up ? i : STEPS - 1 - i) * LANES + 4 * half;
      s[half] += KD_FOUR(at);
      KD_FOUR(at) = s[half];
    }
  for (size_t k = 0; k < LANES; k++) {
    size_t l = up ? k : LANES - 1 - k;
    lane[l] = enters;
    enters += s[l / 4][l % 4];
  }
  for (size_t i = 0; i < STEPS; i++)
    for (size_t half = 0; half < 2; half++)
      KD_FOUR(x + i * LANES + 4 * half) += KD_FOUR(lane + 4 * half);
  return enters;
}

/* From sums that include place k to those that begin after it */
KD_INLINE void from_the_next(double *x, double enters) {
  _Alignas(64) double last[LANES];
  for (size_t l = 0; l + 1 < LANES; l++) last[l] = x[l + 1];
  last[LANES - 1] = enters;
  for (size_t k = 0; k + LANES < BLOCK; k++) x[k] = x[k + LANES];
  for (size_t l = 0; l < LANES; l++) x[BLOCK - LANES + l] = last[l];
}

/* The same for sums up to k */
KD_INLINE void up_to_the_one_before(double *x, double enters) {
  _Alignas(64) double first[LANES];
  const double *last = x + BLOCK - LANES;
  first[0] = enters;
  for (size_t l = 1; l < LANES; l++) first[l] = last[l - 1];
  for (size_t k = BLOCK; k-- > LANES;) x[k] = x[k - LANES];
  for (size_t l = 0; l < LANES; l++) x[l] = first[l];
}

/* --- stretches --- */

struct middle {
  _Alignas(64) double p[BLOCK], q[BLOCK], inverse[BLOCK], log_f[BLOCK];
  _Alignas(64) double of_u[BLOCK], of_v[BLOCK];
};

/* (2 sinh(theta/2))^2, theta^2 = x <= 1 */
KD_INLINE double omega_of(double x) {
  double rest = 1 + x / 56 * (1 + x / 90 * (1 + x / 132 * (1 + x / 182)));
  return x * (1 + x / 12 * (1 + x / 30 * rest));
}

KD_CLONES static void start_middle(const struct kd_wing_rows *r, const double *P,
                                   const double *Q, struct middle *m) {
#pragma omp simd
  for (size_t k = 0; k < BLOCK; k++) {
    double alpha = P[k] * r->mid_in[k], beta = Q[k] * r->mid_out[k], F = alpha + beta;
    double inverse = 1 / F;
    m->p[k] = alpha * inverse, m->q[k] = beta * inverse, m->inverse[k] = inverse;
    m->log_f[k] = kd_log(F);
    m->of_u[k] = m->of_v[k] = 0;
  }
}

KD_CLONES static void add_nodes(const double *tau, double node, double weight,
                                struct middle *m) {
#pragma omp simd
  for (size_t k = 0; k < BLOCK; k++) {
    double theta = node * tau[k], omega = omega_of(theta * theta);
    double over = m->p[k] * m->q[k] * omega, share = weight / (1 + over);
    m->of_u[k] += share * (1 + 0.5 * omega * m->q[k]);
    m->of_v[k] += share * (1 + 0.5 * omega * m->p[k]);
    m->log_f[k] += 0.5 * weight * kd_log1p(over);
  }
}

KD_CLONES static void end_middle(const struct kd_wing_rows *r, struct middle *m) {
#pragma omp simd
  for (size_t k = 0; k < BLOCK; k++) {
    double each = r->tau[k] * m->inverse[k];
    r->U[k] = each * r->mid_in[k] * m->of_u[k];
    r->V[k] = each * r->mid_out[k] * m->of_v[k];
    m->p[k] = r->tau[k] * m->log_f[k];
    m->q[k] = fabs(m->p[k]);
  }
}

KD_CLONES static void sums_of_weights(const struct kd_wing_rows *r, double I, double O,
                                      double *P, double *Q) {
#pragma omp simd
  for (size_t k = 0; k < BLOCK; k++) P[k] = r->S[k] * r->in[k], Q[k] = r->S[k] * r->out[k];
  sum_along(P, I, true);
  sum_along(Q, O, false);
  from_the_next(Q, O);
}

KD_CLONES static void sum_logs(struct middle *m, struct kd_wing_pass *pass) {
  pass->log_f = tree(m->p), pass->size = tree(m->q);
}

/* The inverses' largest: no minimum of F is 0 or no number then. */
KD_CLONES static double most_of(const double *x) {
  kd_four most = KD_FOUR(x);
  for (size_t k = 4; k < BLOCK; k += 4) kd_four_raise(&most, x + k);
  return kd_four_most(&most);
}

KD_CLONES static void sum_parts(const struct kd_wing_rows *r, struct kd_wing_pass *pass) {
  pass->u = sum_along(r->U, 0, false);
  pass->v = sum_along(r->V, 0, true);
  up_to_the_one_before(r->V, 0);
}

struct kd_wing_pass kd_wing_cross(const struct kd_wing_rows *r, double I, double O,
                                  const struct kd_half_rule *rule) {
  _Alignas(64) double P[BLOCK], Q[BLOCK];
  struct middle m;
  struct kd_wing_pass pass;
  sums_of_weights(r, I, O, P, Q);
  start_middle(r, P, Q, &m);
  for (size_t k = 0; k < rule->n; k++) add_nodes(r->tau, rule->node[k], rule->weight[k], &m);
  pass.least = 1 / most_of(m.inverse);
  end_middle(r, &m);
  sum_logs(&m, &pass);
  sum_parts(r, &pass);
  return pass;
}

KD_CLONES static void finish(const struct kd_wing_rows *r, double U, double V, double c) {
#pragma omp simd
  for (size_t k = 0; k < BLOCK; k++)
    r->U[k] = (r->in[k] * (r->U[k] + U) + r->out[k] * (r->V[k] + V)) * c;
}

void kd_wing_finish(const struct kd_wing_rows *r, double U, double V, double c) {
  finish(r, U, V, c);
}
