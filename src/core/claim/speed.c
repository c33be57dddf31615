/* SPDX-License-Identifier: MIT
 *
 * C5, how the gradient changes with the shift d (sensitivity.h), on a binned rule and with
 * all points outside T: with a_j = log K_j at a bin, ' for d/dd,
 *
 *   dG_i/dd = -mean_T rho_i (a_i' - sum_j rho_j a_j')
 *
 * against a finite step s: |G(d+s) - G(d) - s dG/dd| <= s^2/2 max |G''|. As rho_i'' =
 * rho_i ((a_i' - mean a')^2 - var a' + a_i'' - mean a''), means over j with weights rho,
 *
 *   |G_i''| <= mean_T [A^2 + 2 B],   A = max a_j' - min a_j',  B = max |a_j''| on the step.
 *
 * kd_slope says what (log K)' is within t of an offset: at + rate zeta within `rest`, so
 * that (Cauchy) its derivative is within rest/(t - s) of the rate on the step.
 *
 * The main path is what cells store as sensitivity, the direct one forms the sum from rho by
 * log-sum-exp. If each rho_j of a bin is off by at most eps, the sum is by at most
 * 2 (n + 2) eps max |a_j'|.
 */
#include <math.h>

#include "core/num.h"
#include "core/sensitivity.h"
#include "core/shift.h"
#include "core/vmath/dd.h"
#include "rows.h"
#include "shift.h"

static const double STEP = 0x1p-20; /* bandwidths */

static bool applies(struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  return p->space == KD_SPACE_LINE && !p->rule->integral && p->shift_mode->to_centre &&
         p->kernel->support == INFINITY && !p->kernel->constant_score &&
         c->d + 4 * STEP * p->h < c->d_edge && c->d < c->d_edge - c->blur;
}

/* Of one bin: what is said of a_j' and a_j'' at the head */
struct bin {
  double A, B, steepest; /* max |a_j'| */
};

static struct bin look(const struct kd_estimate *e, double v, double s,
                       const double *velocity) {
  double low = INFINITY, high = -INFINITY;
  struct bin b = {0};
  for (size_t j = 0; j < e->n; j++) {
    double r = kd_estimate_offset(e, v, j), t = fmin(e->h / 4, fabs(r) / 2);
    struct kd_slope k = e->kernel->slope(r, t, e->h, e->shape);
    double at = -k.at * velocity[j];
    double B = t > s ? 1.01 * (fabs(k.rate) + k.rest / (t - s)) : INFINITY;
    low = fmin(low, at - B * s), high = fmax(high, at + B * s);
    b.B = fmax(b.B, B);
    b.steepest = fmax(b.steepest, fabs(at));
  }
  b.A = high - low;
  return b;
}

/* The sum of one bin, whose S_i - rho_i are in court->G[2], to court->G[3] */
static void add_bin(const struct kd_court *c, double v, double weight, const double *velocity) {
  const struct kd_estimate *e = &c->stage.estimate;
  double mean = 0;
  for (int pass = 0; pass < 2; pass++)
    for (size_t j = 0; j < e->n; j++) {
      size_t i = e->index[j];
      double rho = e->S[j] - c->G[2][i];
      double r = kd_estimate_offset(e, v, j);
      double slope = -e->kernel->slope(r, 0, e->h, e->shape).at * velocity[j];
      if (pass == 0) mean += rho * slope;
      if (pass == 1) c->G[3][i] -= weight * rho * (slope - mean);
    }
}

/* dG/dd of the points as placed to court->G[3]; *error: its bound; *curve: of |G''| */
static int differentiate(struct kd_court *c, int path, double s, double *error, double *curve,
                         struct kd_err *err) {
  const struct kd_problem *p = c->problem;
  const struct kd_estimate *e = &c->stage.estimate;
  struct kd_rule_args args = {p->bins, p->order, p->tolerance};
  double *velocity = c->G[4], off = 0;
  int code = kd_rule_place(p->rule, e, &args, &c->nodes, err);
  for (size_t j = 0; j < e->n; j++) {
    velocity[j] = p->shift_mode->velocity(e->y[j], p->shift_left, p->shift_right);
    off = fmax(off, e->dy[j] + c->nodes.dv + KD_U * (fabs(e->y[j]) + e->w));
    c->G[3][j] = 0;
  }
  *error = *curve = 0;
  for (size_t k = 0; k < c->nodes.n && !code; k++) {
    struct kd_objective o;
    double v = c->nodes.v[k], weight = c->nodes.weight[k];
    struct bin b = look(e, v, s, velocity);
    code = kd_court_bin(c, path, v, c->nodes.dv, c->G[2], &o, err);
    if (path == KD_PATH_DIRECT) add_bin(c, v, weight, velocity);
    double eps = o.gradient_bound + 64 * KD_U;
    *error += weight * (2 * (double)(e->n + 2) * eps * b.steepest + 2 * b.B * off);
    *curve += weight * (b.A * b.A + 2 * b.B);
  }
  if (!code && path == KD_PATH_MAIN)
    kd_sensitivity(e, &c->nodes, false, velocity, c->G[3], c->scratch);
  return code;
}

static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  struct kd_objective from, to;
  struct kd_dd end = kd_two_sum(c->d, STEP * c->problem->h);
  double s = STEP * c->problem->h, error, curve, residual = 0;
  int code = kd_court_read(c, path, end.high, fabs(end.low), c->G[1], &to, err);
  if (!code) code = kd_court_read(c, path, c->d, 0, c->G[0], &from, err);
  if (!code) code = differentiate(c, path, s, &error, &curve, err);
  if (code) return code;
  for (size_t i = 0; i < c->problem->n; i++) {
    double off = c->G[1][i] - c->G[0][i] - (falsified ? s / 2 : s) * c->G[3][i];
    if (!(fabs(off) <= residual)) residual = fabs(off);
  }
  kd_measure_add(m, residual,
                 from.gradient_bound + to.gradient_bound + s * error + 8 * KD_U +
                     1.01 * s * s * curve / 2);
  return KD_OK;
}

const struct kd_claim kd_claim_speed = {
    .name = "C5",
    .statement = "points outside T: the gradient changes with the shift by the mean of -rho_i "
                 "times what the score of i exceeds the mean score by",
    .reference = "claim/speed.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "half of that",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
