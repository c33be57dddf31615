/* SPDX-License-Identifier: MIT
 *
 * C4a to C4d: with a kernel of constant score an inward shift multiplies every K_j by the
 * same e^{d/h}, at all bins that no point passes. So g stays, and log f rises by d/h: at
 * the centre until the first point reaches it, over all of T until one reaches its edge.
 */
#include "shift.h"

#include <math.h>

#include "core/num.h"
#include "core/shift.h"
#include "rows.h"

bool kd_claim_shifts_inward(const struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  return p->kernel->constant_score && p->space == KD_SPACE_LINE && p->shift_mode->to_centre &&
         c->d_centre > 0 && c->d != 0;
}

bool kd_claim_stays_outside(const struct kd_court *c) {
  return fmax(0, c->d) <= c->d_edge + c->blur + c->dd;
}

double kd_claim_crossing(const struct kd_court *c, double delta) {
  double w = c->frame.w, h = c->problem->h;
  return fmin(1, delta / w) * (2 * delta / h);
}

/* Two layouts of a problem by one path, their gradients in G[0] and G[1] */
static int read_pair(struct kd_court *c, const struct kd_problem *p, int path, double d,
                     double dd, struct kd_objective pair[2], struct kd_err *err) {
  int code = kd_court_read_as(c, p, path, 0, 0, c->G[0], &pair[0], err);
  return code ? code : kd_court_read_as(c, p, path, d, dd, c->G[1], &pair[1], err);
}

/* --- C4a --- */

static bool applies(struct kd_court *c) {
  return kd_claim_shifts_inward(c);
}

/* Offset on the nearest point's side, half-way to where the shift takes it */
static double passed_bin(const struct kd_court *c) {
  size_t first = 0;
  for (size_t i = 1; i < c->problem->n; i++)
    if (fabs(c->stage.y[i]) < fabs(c->stage.y[first])) first = i;
  return copysign(c->d_centre - c->d / 2, c->stage.y[first]);
}

/* The bin at offset v before the shift and after; points may pass it by `passed`. */
static int compare_bins(struct kd_court *c, int path, double v, double passed,
                        struct kd_measure *m, struct kd_err *err) {
  struct kd_objective before, after;
  int code = kd_court_place(c, 0, 0, err);
  if (!code) code = kd_court_bin(c, path, v, 0, c->G[0], &before, err);
  if (!code) code = kd_court_place(c, c->d, c->dd, err);
  if (!code) code = kd_court_bin(c, path, v, 0, c->G[1], &after, err);
  if (code) return code;
  double residual = kd_court_distance(c, c->G[0], c->G[1]);
  kd_measure_add(m, residual,
                 before.gradient_bound + after.gradient_bound + KD_U * residual +
                     2 * passed / c->problem->h);
  return KD_OK;
}

static int judge_at_centre(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                           struct kd_err *err) {
  int code = kd_court_place(c, 0, 0, err);
  double v = falsified ? passed_bin(c) : 0, blur = 2 * (c->blur + c->dd);
  return code ? code : compare_bins(c, path, v, c->d > c->d_centre - blur ? blur : 0, m, err);
}

/* --- C4b, C4c: the gradient over all of T --- */

int kd_claim_keeps(struct kd_court *c, const struct kd_problem *p, int path, double d,
                   double dd, double slack, struct kd_measure *m, struct kd_err *err) {
  struct kd_objective o[2];
  int code = read_pair(c, p, path, d, dd, o, err);
  if (code) return code;
  double residual = kd_court_distance(c, c->G[0], c->G[1]);
  kd_measure_add(m, residual,
                 o[0].gradient_bound + o[1].gradient_bound + KD_U * residual + slack);
  return KD_OK;
}

static int compare_gradients(struct kd_court *c, int path, double d, double dd,
                             struct kd_measure *m, struct kd_err *err) {
  return kd_claim_keeps(c, c->problem, path, d, dd, kd_claim_crossing(c, c->blur + c->dd), m,
                        err);
}

/* How far the points on v's side are from passing it */
static double reach_of(const struct kd_court *c, double v) {
  double reach = INFINITY;
  for (size_t i = 0; i < c->problem->n; i++)
    if (c->stage.y[i] * v > 0) reach = fmin(reach, fabs(c->stage.y[i]) - fabs(v));
  return reach;
}

/* Bins of T that no point passes */
static int judge_bins(struct kd_court *c, int path, struct kd_measure *m, struct kd_err *err) {
  enum { BINS = 8 };
  int code = KD_OK;
  for (int k = 0; k < BINS && !code; k++) {
    double v = (2 * k + 1 - BINS) * (c->frame.w / BINS);
    code = kd_court_place(c, 0, 0, err);
    if (!code && fmax(0, c->d) <= reach_of(c, v) - c->blur - c->dd)
      code = compare_bins(c, path, v, 0, m, err);
  }
  return code;
}

/* The control goes on to the centre, or looks at a bin that is passed. */
static int judge_to_edge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                         struct kd_err *err) {
  double d = falsified ? c->d_centre : c->d;
  if (kd_claim_stays_outside(c))
    return compare_gradients(c, path, d, falsified ? 0 : c->dd, m, err);
  int code = kd_court_place(c, 0, 0, err);
  if (code) return code;
  return falsified ? compare_bins(c, path, passed_bin(c), 0, m, err)
                   : judge_bins(c, path, m, err);
}

static bool applies_up_to_edge(struct kd_court *c) {
  return kd_claim_shifts_inward(c) && kd_claim_stays_outside(c);
}

/* Whether an inward shift moves no responsibility at all: one place, or two that mirror
 * each other with the same weight */
static bool is_symmetric(const struct kd_court *c) {
  const struct kd_estimate *e = &c->stage.estimate;
  double right = 0, left = 0;
  for (size_t j = 0; j < e->n; j++) {
    if (fabs(fabs(e->y[j]) - fabs(e->y[0])) > 0) return false;
    *(e->y[j] > 0 ? &right : &left) += e->S[j];
  }
  return right == 0 || left == 0 || right == left;
}

static bool applies_to_centre(struct kd_court *c) {
  return kd_claim_shifts_inward(c) && kd_court_integral(c) && c->d_edge >= 0 &&
         c->d > c->d_edge + c->blur + c->dd && !is_symmetric(c);
}

/* The control stops at the edge: the true form. */
static int judge_to_centre(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                           struct kd_err *err) {
  double d = falsified ? c->d_edge : c->d;
  return compare_gradients(c, path, d, falsified ? 0 : c->dd, m, err);
}

/* --- C4d: L(0) - L(d) = d/h --- */

static int judge_loss(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                      struct kd_err *err) {
  struct kd_objective o[2];
  double fall = c->d / c->problem->h;
  int code = read_pair(c, c->problem, path, c->d, c->dd, o, err);
  if (code) return code;
  double rounding = KD_U * (fabs(o[0].loss) + fabs(o[1].loss) + 4 * fabs(fall));
  kd_measure_add(m, o[0].loss - o[1].loss - (falsified ? fall / 2 : fall),
                 o[0].loss_bound + o[1].loss_bound + rounding + c->dd / c->problem->h +
                     kd_claim_crossing(c, c->blur + c->dd));
  return KD_OK;
}

const struct kd_claim kd_claim_at_centre = {
    .name = "C4a",
    .statement = "one bin at the centre of T: an inward shift up to d_centre leaves its "
                 "gradient unchanged",
    .reference = "the note; claim/shift.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the bin stands where the nearest point passes it",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge_at_centre};

const struct kd_claim kd_claim_to_edge = {
    .name = "C4b",
    .statement =
        "an inward shift leaves the gradient of each bin unchanged until a point passes "
        "it, so that of all of T up to d_edge",
    .reference = "the note, as it is true; claim/shift.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the shift goes on to d_centre, or the bin is passed",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge_to_edge};

const struct kd_claim kd_claim_to_centre = {
    .name = "C4c",
    .statement = "all of T: an inward shift up to d_centre leaves the gradient unchanged",
    .reference = "the note, read for the whole loss",
    .expected = KD_VERDICT_REFUTED,
    .control = "the shift stops at d_edge",
    .control_holds = true,
    .paths = KD_N_PATHS,
    .applies = applies_to_centre,
    .judge = judge_to_centre};

const struct kd_claim kd_claim_loss = {
    .name = "C4d",
    .statement = "while the gradient is unchanged over all of T, the loss falls by d/h",
    .reference = "claim/shift.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the loss falls by d/(2h)",
    .paths = KD_N_PATHS,
    .applies = applies_up_to_edge,
    .judge = judge_loss};
