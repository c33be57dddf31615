/* SPDX-License-Identifier: MIT
 *
 * C5b, the far field: what the gradient tends to as points move out of T is decided by what
 * the score q of an even kernel does far out. Let delta be the least distance between T and a
 * point, R the largest, q within V of q0 in between (kd_slope), a_j = log K_j but for what all
 * have in common, and r_j = |x_j - c|, which for points outside T is mean_T of their distance.
 *
 * q falls to 0:   G_i = q0 S_i (r_i - sum_j S_j r_j) + rest, and so to 0 as q does. As
 *   a_i - a_j = -q0 (l_i - l_j) within V s, s = r_max - r_min + 2 w, and as along t a_j, 0 <= t
 *   <= 1, |rho_i''| <= rho_i max((a_i - mean a)^2, var a):  |rest| <= V s + (q s)^2/2.
 * q rises to 1/H: G is the gradient with a kernel of constant score and bandwidth H, of the
 *   layout outside T. For tails that are called exponential 1/H - q(r) <= (2/H) e^{-r/H}
 *   (kernel.h), so that a_j is off by something in [-2 e^{-delta/H}, 0], rho by a quarter.
 * q rises without limit: G_i = S_i - (share of T whose nearest point is i, coincident ones in
 *   proportion to S) + rest. On T, points other than the nearest A have rho_j <= (S_j/S_A)
 *   e^{-q g}, q the least in between, g >= 0 how much farther they are: constant for points on
 *   A's side, growing by 2 a length from the border of A's share for the others, so with gap g0
 *   there their mean over T is at most (S_j/S_A) e^{-q g0} min(share, 1/(4 q w)).
 */
#include <math.h>

#include "core/num.h"
#include "core/shift.h"
#include "core/vmath/vmath.h"
#include "rows.h"
#include "shift.h"

enum tail { FALLS, LEVELS, RISES, NO_TAIL };

static double score(const struct kd_problem *p, double bandwidths) {
  return -p->kernel->slope(bandwidths * p->h, 0, p->h, p->shape).at;
}

static enum tail tail_of(const struct kd_problem *p) {
  double near = score(p, 0x1p20), far = score(p, 0x1p40);
  if (!(p->kernel->support == INFINITY && far > 0)) return NO_TAIL;
  if (far < near / 2) return FALLS;
  if (far > 2 * near) return RISES;
  return far == near && p->kernel->tail == KD_TAIL_EXPONENTIAL ? LEVELS : NO_TAIL;
}

/* As placed: distances between points and T, and scores there */
struct range {
  double delta, far; /* of the nearest and the farthest point, from T and to its other edge */
  double spread;     /* s */
  double q, V;
  double off; /* of all positions */
};

static struct range range_of(const struct kd_court *c) {
  const struct kd_estimate *e = &c->stage.estimate;
  double least = INFINITY, most = 0, dy = 0;
  for (size_t j = 0; j < e->n; j++) {
    least = fmin(least, fabs(e->y[j])), most = fmax(most, fabs(e->y[j]));
    dy = fmax(dy, e->dy[j]);
  }
  struct range r = {.off = dy + e->dw + 8 * KD_U * (most + e->w)};
  r.delta = least - e->w - r.off, r.far = most + e->w + r.off;
  r.spread = most - least + 2 * e->w + 2 * r.off;
  double t = 1.01 * (r.far - r.delta) / 2;
  struct kd_slope slope = e->kernel->slope((r.far + r.delta) / 2, t, e->h, e->shape);
  r.q = -slope.at, r.V = fabs(slope.rate) * t + slope.rest + 1e-12 * r.q;
  return r;
}

static bool applies(struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  if (p->space != KD_SPACE_LINE || !p->shift_mode->to_centre || p->kernel->lopsided ||
      p->kernel->constant_score || !kd_court_integral(c) || !(c->d < fmin(0, c->d_edge)))
    return false;
  return tail_of(p) != NO_TAIL;
}

/* --- q falls --- */

/* Prediction to G[2]; what it may be off by */
static double fill_falling(struct kd_court *c) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct range r = range_of(c);
  struct kd_sum mean = {0};
  for (size_t j = 0; j < e->n; j++) kd_sum_add(&mean, e->S[j] * (fabs(e->y[j]) - r.delta));
  double r_mean = kd_sum_value(&mean);
  for (size_t j = 0; j < e->n; j++)
    c->G[2][e->index[j]] = r.q * e->S[j] * ((fabs(e->y[j]) - r.delta) - r_mean);
  double turn = (r.q + r.V) * r.spread;
  double rounding = r.q * (4 * r.off + r.spread * (4 * e->dlog_S_max + 16 * KD_U));
  return 1.01 * (r.V * r.spread + turn * turn / 2 + rounding);
}

/* --- q rises without limit --- */

/* The points that are nearest to part of T: from `from` to `to`, as offsets */
struct share {
  double y, from, to, S; /* S of all that stand at y */
};

static struct share nearest_on(const struct kd_estimate *e, double side) {
  struct share s = {.y = side * INFINITY, .from = -e->w, .to = e->w};
  for (size_t j = 0; j < e->n; j++)
    if (e->y[j] * side > 0 && fabs(e->y[j]) < fabs(s.y)) s.y = e->y[j];
  for (size_t j = 0; j < e->n; j++)
    if (fabs(e->y[j] - s.y) <= 0) s.S += e->S[j];
  return s;
}

/* Mean over T of what points but the nearest have there, at most */
static double stray(const struct kd_estimate *e, const struct share *s, double q, double off) {
  double length = s->to - s->from, border = s->y > 0 ? s->from : s->to, sum = 0;
  for (size_t j = 0; j < e->n && length > 0; j++) {
    if (fabs(e->y[j] - s->y) <= 0) continue;
    bool same = e->y[j] * s->y > 0;
    double gap = fabs(e->y[j] - border) - fabs(s->y - border);
    double held = same ? length : fmin(length, 1 / (2 * q));
    sum += e->S[j] / s->S * kd_exp(-q * fmax(0, gap - 4 * off)) * held;
  }
  return sum / (2 * e->w);
}

static double fill_rising(struct kd_court *c) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct range r = range_of(c);
  struct share share[2] = {nearest_on(e, -1), nearest_on(e, 1)};
  double least = r.q - r.V, most = r.q + r.V, rest = 0;
  double border = share[0].S > 0 && share[1].S > 0
                      ? (share[0].y + share[1].y) / 2
                      : copysign(INFINITY, share[0].y + share[1].y);
  share[0].to = share[1].from = fmin(e->w, fmax(-e->w, border));
  for (size_t j = 0; j < e->n; j++) {
    const struct share *s = &share[e->y[j] > 0];
    double part = fabs(e->y[j] - s->y) <= 0 ? (s->to - s->from) / (2 * e->w) / s->S : 0;
    c->G[2][e->index[j]] = e->S[j] * (1 - part);
  }
  if (!(least > 0)) return INFINITY;
  for (int k = 0; k < 2; k++)
    if (share[k].S > 0) rest += stray(e, &share[k], least, r.off);
  return 1.01 * (rest + 2 * r.off / e->w + 2 * most * r.off + 4 * e->dlog_S_max + 64 * KD_U);
}

/* --- q levels off --- */

/* Prediction to G[2] for the points at court->d; what it may be off by */
static int fill_level(struct kd_court *c, int path, bool falsified, double *rest,
                      struct kd_err *err) {
  struct kd_problem p = *c->problem;
  struct kd_objective level;
  const struct range r = range_of(c);
  double H = 1 / score(&p, 0x1p40);
  for (size_t k = 0; k < kd_n_kernels; k++)
    if (kd_kernels[k].constant_score) p.kernel = &kd_kernels[k];
  p.h = falsified ? 2 * H : H;
  *rest = 1.01 * kd_exp(-r.delta / H) / 2 + 8 * KD_U * r.far / H;
  int code = kd_court_read_as(c, &p, path, c->d, c->dd, c->G[2], &level, err);
  if (!code) *rest += level.gradient_bound;
  return code;
}

static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  struct kd_objective here;
  enum tail tail = tail_of(c->problem);
  double rest = INFINITY;
  int code = kd_court_read(c, path, c->d, c->dd, c->G[0], &here, err);
  if (!code && tail == LEVELS) code = fill_level(c, path, falsified, &rest, err);
  if (code) return code;
  if (tail == FALLS) rest = fill_falling(c);
  if (tail == RISES) rest = fill_rising(c);
  for (size_t i = 0; tail != LEVELS && falsified && i < c->problem->n; i++) c->G[2][i] /= 2;
  kd_measure_add(m, kd_court_distance(c, c->G[0], c->G[2]), here.gradient_bound + rest);
  return KD_OK;
}

const struct kd_claim kd_claim_far = {
    .name = "C5b",
    .statement = "far outside T: a score that falls to 0 takes the gradient with it, one that "
                 "levels off leaves Laplace's, one that rises the hard labels of the nearest",
    .reference = "claim/far.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "half of that gradient; where the score levels off, twice the bandwidth",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
