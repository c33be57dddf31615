/* SPDX-License-Identifier: MIT
 *
 * C4g, narrow targets. At d_centre the nearest points stand at the centre and have passed
 * half of T, while all others are still outside. To first order in w, rho at the centre,
 *
 *   change of G_k    = w/(2h) sum_sides rho_k ([k in P] - R)      P: the nearest on the side
 *   rise of L + d/h  = w/(2h) sum_sides R                         R = sum_P rho_j
 *
 * Remainder, for one side. At distance v from the centre, tau = 2v/h <= T = 2w/h < 1,
 * t = 1 - e^-tau, the law past the edge (past_edge.c) is u t/(1 - R t) for G_k and
 * -log(1 - R t) for L, with u = rho_k ([k in P] - R), |u| <= 1/4, all rho at v. As log K_j
 * has the slopes +-1/h, |rho'| and |R'| are at most 2 rho(1-rho)/h <= 1/(2h), and so is
 * |u'|: u and R change by at most tau/4. Also tau - tau^2/2 <= t <= tau. Hence
 *
 *   |u t/(1 - R t) - u(0) tau|    <= tau^2 (1/(1-T) + 1)/4
 *   |-log(1 - R t) - R(0) tau|    <= tau^2 (1/(1-T) + 1/4)
 *
 * and the mean over T of tau^2 on one side is 2/3 (w/h)^2.
 */
#include <math.h>

#include "core/num.h"
#include "rows.h"
#include "shift.h"

static const double NARROW = 0.125; /* bandwidths: wider, the remainder drowns all */

/* As near as the nearest point, but for what positions are off by */
static bool is_nearest(const struct kd_court *c, size_t i) {
  return fabs(c->stage.y[i]) <= c->d_centre + 2 * c->blur;
}

static bool applies(struct kd_court *c) {
  double w = c->frame.w;
  if (!kd_claim_shifts_inward(c) || !kd_court_integral(c) || !(w <= NARROW * c->problem->h))
    return false;
  for (size_t i = 0; i < c->problem->n; i++)
    if (!is_nearest(c, i) && fabs(c->stage.y[i]) < c->d_centre + w + 2 * c->blur) return false;
  return true;
}

/* First order of all components to court->G[2], of the loss as value */
static double first_order(struct kd_court *c, double coefficient) {
  const struct kd_estimate *e = &c->stage.estimate;
  double loss = 0;
  for (size_t i = 0; i < e->n; i++) c->G[2][i] = 0;
  for (int side = -1; side <= 1; side += 2) {
    double R = 0;
    for (size_t j = 0; j < e->n; j++)
      if (is_nearest(c, e->index[j]) && side * e->y[j] > 0) R += e->S[j] - c->G[3][e->index[j]];
    for (size_t j = 0; j < e->n; j++) {
      size_t i = e->index[j];
      bool passes = is_nearest(c, i) && side * e->y[j] > 0;
      c->G[2][i] += coefficient * (e->S[j] - c->G[3][i]) * ((passes ? 1 : 0) - R);
    }
    loss += coefficient * R;
  }
  return loss;
}

static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  struct kd_objective from, to, centre;
  double h = c->problem->h, w = c->frame.w, narrow = 2 * w / h;
  double d0 = c->d_edge >= 0 ? 0 : c->d_edge, step = (c->d_centre - d0) / h;
  int code = kd_court_read(c, path, d0, 0, c->G[0], &from, err);
  if (!code) code = kd_court_read(c, path, c->d_centre, 0, c->G[1], &to, err);
  if (!code) code = kd_court_place(c, 0, 0, err);
  if (!code) code = kd_court_bin(c, path, 0, 0, c->G[3], &centre, err);
  if (code) return code;
  double rise = first_order(c, (falsified ? 0.5 : 1) * w / (2 * h)), residual = 0;
  for (size_t i = 0; i < c->problem->n; i++) {
    double off = fabs(c->G[1][i] - c->G[0][i] - c->G[2][i]);
    if (!(off <= residual)) residual = off;
  }
  double square = 1.01 * (4.0 / 3) * (w / h) * (w / h); /* both sides */
  double crossed = kd_claim_crossing(c, c->blur) + 8 * c->blur / h;
  double first = narrow * ((double)c->problem->n + 2) * (centre.gradient_bound + 4 * KD_U);
  kd_measure_add(m, residual,
                 square * (1 / (1 - narrow) + 1) / 4 + first + crossed + from.gradient_bound +
                     to.gradient_bound + 4 * KD_U);
  kd_measure_add(m, (to.loss - from.loss) + step - rise,
                 square * (1 / (1 - narrow) + 0.25) + first + crossed + from.loss_bound +
                     to.loss_bound + 4 * KD_U * (fabs(to.loss) + fabs(from.loss) + step));
  return KD_OK;
}

const struct kd_claim kd_claim_narrow = {
    .name = "C4g",
    .statement = "narrow targets, at d_centre: the gradient has changed by rho(1-rho) w/(2h), "
                 "loss + d/h by rho w/(2h), to first order in w",
    .reference = "claim/narrow.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "half of both",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
