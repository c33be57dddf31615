/* SPDX-License-Identifier: MIT
 *
 * C4f, M midpoint bins of the target. Their outermost centres are the edges: nothing
 * changes until d = min r_i - (w - w/M). Wherever a shift takes points P onto a bin's centre
 * dG_k/dd jumps, for there log K_j turns from rising to falling by 1/h each. With rho in this
 * bin and R = sum_P rho_j,
 *
 *   jump of dG_k/dd = 2/(hM) rho_k ([k in P] - R),   e.g. 2 rho_i (1 - rho_i)/(hM).
 *
 * It is judged as a second difference over steps delta on both sides of a kink, in which no
 * other one lies: G(d + delta) - 2 G(d) + G(d - delta) = delta jump + rest. In between, with
 * X the share of the points that come nearer, |d^2 rho_k/dd^2| <= 4/h^2 X(1-X)|1-2X| <=
 * 0.4/h^2, so |rest| <= 0.4 (delta/h)^2.
 */
#include <math.h>

#include "core/num.h"
#include "core/vmath/dd.h"
#include "rows.h"
#include "shift.h"

static const double STEP = 0x1p-12; /* delta, bandwidths: power and rest in balance */

static bool applies(struct kd_court *c) {
  const struct kd_rule *rule = c->problem->rule;
  return kd_claim_shifts_inward(c) && !rule->integral && rule->nodes_a_bin == 1 &&
         rule->nodes_more == 0 && c->problem->bins > 1;
}

/* The centres of the bins, in court->nodes */
static int place_bins(struct kd_court *c, struct kd_err *err) {
  struct kd_rule_args args = {.bins = c->problem->bins};
  return kd_rule_place(c->problem->rule, &c->stage.estimate, &args, &c->nodes, err);
}

/* What a point may be off from a centre */
static double blur_of(const struct kd_court *c) {
  double most = 0, far = 0;
  for (size_t i = 0; i < c->problem->n; i++) {
    most = fmax(most, c->stage.dy[i]);
    far = fmax(far, fabs(c->stage.y[i]));
  }
  return most + c->nodes.dv + c->frame.dw + 4 * KD_U * (far + c->frame.w);
}

/* The shift at which point i stands on centre m; NaN if it does not before d_centre */
static double kink_of(const struct kd_court *c, size_t i, size_t m) {
  double y = c->stage.y[i], v = c->nodes.v[m];
  return v * y >= 0 && fabs(v) > 0 ? fabs(y) - fabs(v) : NAN;
}

/* A kink, and the steps that fit around it */
struct kink {
  double d, step;
};

static struct kink next_kink(const struct kd_court *c, double blur) {
  double best = NAN, gap = INFINITY;
  for (size_t i = 0; i < c->problem->n; i++)
    for (size_t m = 0; m < c->nodes.n; m++) {
      double d = kink_of(c, i, m);
      if (!(d < c->d_centre - blur)) continue;
      bool ahead = d >= c->d, better = ahead ? !(best >= c->d) || d < best
                                             : isnan(best) || (best < c->d && d > best);
      if (better) best = d;
    }
  for (size_t i = 0; i < c->problem->n; i++)
    for (size_t m = 0; m < c->nodes.n; m++) {
      double apart = fabs(kink_of(c, i, m) - best);
      if (apart > blur) gap = fmin(gap, apart);
    }
  double step = fmin(STEP * c->problem->h, fmin(gap / 2, c->d_centre - best));
  return (struct kink){best, step};
}

/* Adds what the bin at v makes of the jump, of all components, to court->G[3]. The points
 * are placed at the kink. */
static int add_jump(struct kd_court *c, int path, double v, double blur, double *bound,
                    struct kd_err *err) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct kd_objective o;
  double R = 0, share = 2 / (c->problem->h * (double)c->problem->bins);
  int code = kd_court_bin(c, path, v, c->nodes.dv, c->G[4], &o, err);
  if (code) return code;
  for (size_t j = 0; j < e->n; j++)
    if (fabs(e->y[j] - v) <= blur) R += e->S[j] - c->G[4][e->index[j]];
  for (size_t j = 0; j < e->n; j++) {
    double rho = e->S[j] - c->G[4][e->index[j]];
    c->G[3][e->index[j]] += share * rho * ((fabs(e->y[j] - v) <= blur ? 1 : 0) - R);
  }
  *bound += share * ((double)e->n + 3) * (o.gradient_bound + 8 * KD_U);
  return KD_OK;
}

static int fill_jump(struct kd_court *c, int path, const struct kink *kink, double blur,
                     double *bound, struct kd_err *err) {
  int code = kd_court_place(c, kink->d, 0, err);
  if (!code) code = place_bins(c, err);
  for (size_t i = 0; i < c->problem->n; i++) c->G[3][i] = 0;
  for (size_t m = 0; m < c->nodes.n && !code; m++) {
    bool passed = false;
    for (size_t i = 0; i < c->problem->n; i++)
      passed |= fabs(c->stage.y[i] - c->nodes.v[m]) <= blur;
    if (passed) code = add_jump(c, path, c->nodes.v[m], blur, bound, err);
  }
  return code;
}

/* Points that stand a little beside the centre, by twice the blur, kink there. */
static int judge_kink(struct kd_court *c, int path, const struct kink *kink, double blur,
                      double slope, struct kd_measure *m, struct kd_err *err) {
  struct kd_objective o[3];
  double at[3] = {kink->d - kink->step, kink->d, kink->d + kink->step};
  double before = at[1] - at[0], after = at[2] - at[1], h = c->problem->h;
  double jump_bound = 0, residual = 0, size = 0;
  int code = KD_OK;
  for (int k = 0; k < 3 && !code; k++)
    code = kd_court_read(c, path, at[k], 0, c->G[k], &o[k], err);
  if (!code) code = fill_jump(c, path, kink, 3 * blur, &jump_bound, err);
  if (code) return code;
  for (size_t i = 0; i < c->problem->n; i++) {
    double rise = c->G[2][i] - c->G[1][i], was = (c->G[1][i] - c->G[0][i]) * (after / before);
    double off = fabs(rise - was - slope * after * c->G[3][i]);
    if (!(off <= residual)) residual = off;
    size = fmax(size, fabs(c->G[1][i]));
  }
  double steps = fmax(before, after) / h, ratio = fmax(1, after / before);
  kd_measure_add(m, residual,
                 ratio * (o[0].gradient_bound + 2 * o[1].gradient_bound + o[2].gradient_bound +
                          8 * KD_U * size) +
                     0.4 * steps * steps * 1.01 + after * jump_bound + 8 * blur / h);
  return KD_OK;
}

/* Nothing changes until the outermost centres are reached. */
static int judge_until(struct kd_court *c, int path, double blur, struct kd_measure *m,
                       struct kd_err *err) {
  struct kd_objective o[2];
  double w = c->frame.w, until = c->d_centre - (w - w / (double)c->problem->bins);
  if (!(until >= 0)) return KD_OK;
  int code = kd_court_read(c, path, 0, 0, c->G[0], &o[0], err);
  if (!code) code = kd_court_read(c, path, until, 0, c->G[1], &o[1], err);
  if (!code)
    kd_measure_add(m, kd_court_distance(c, c->G[0], c->G[1]),
                   o[0].gradient_bound + o[1].gradient_bound + KD_U + 4 * blur / c->problem->h);
  return code;
}

static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  int code = kd_court_place(c, 0, 0, err);
  if (!code) code = place_bins(c, err);
  if (code) return code;
  double blur = blur_of(c);
  struct kink kink = next_kink(c, blur);
  if (!(kink.step > 1000 * blur)) return KD_OK;
  if (!falsified) code = judge_until(c, path, blur, m, err);
  return code ? code : judge_kink(c, path, &kink, blur, falsified ? 0.5 : 1, m, err);
}

const struct kd_claim kd_claim_midpoints = {
    .name = "C4f",
    .statement = "M midpoint bins: the gradient is unchanged until the outermost centre is "
                 "reached; there and at each other one its slope jumps by 2 rho(1-rho)/(hM)",
    .reference = "claim/midpoints.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "it jumps by rho(1-rho)/(hM)",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
