/* SPDX-License-Identifier: MIT
 *
 * One problem from end to end: shift, nodes, loss and gradient, the unshifted
 * twin with the defect, the descent.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bins.h"
#include "circle.h"
#include "core/exact/exact.h"
#include "descent.h"
#include "frame.h"
#include "num.h"
#include "objective.h"
#include "problem.h"
#include "sensitivity.h"
#include "shift.h"
#include "workspace.h"

static const char *const status_names[KD_N_STATUS] = {"ok", "uncovered", "diverged",
                                                      "not-applicable", "failed"};

const char *kd_status_name(enum kd_status status) {
  return status_names[status];
}

/* What the factor 10^(log10_factor + log10_slope x) of K adds to the loss: its
 * mean over T, whose mean position is c. It never meets the gradient. */
static double scale_loss(const struct kd_problem *p) {
  static const double LOG_10 = 2.30258509299404568402;
  if (p->log10_factor == 0 && p->log10_slope == 0) return 0;
  return -LOG_10 * (p->log10_factor + p->log10_slope * kd_frame_of(p).c);
}

/* Of the same: its roundings, few and relative to its terms */
static double scale_loss_error(const struct kd_problem *p) {
  double terms =
      fabs(p->log10_factor) + fabs(p->log10_slope) * (fabs(p->lower) + fabs(p->upper));
  return 8 * KD_U * 2.31 * terms;
}

static int quadrature(const struct kd_rule *rule, const struct kd_problem *p,
                      struct kd_workspace *ws, double *G, struct kd_objective *out,
                      struct kd_err *err) {
  struct kd_estimate *e = &ws->estimate;
  struct kd_rule_args args = {p->bins, p->order, p->tolerance};
  int code = kd_rule_place(rule, e, &args, &ws->nodes, err);
  if (!code) *out = kd_objective(e, &ws->nodes, G, ws->scratch);
  return code;
}

/* The closed form; where its bound is wide (positions that are off, next to zeros of f)
 * a rule that stands for the integral may do better, unless the closed form was asked for. */
static int closed_form(kd_exact *exact, const struct kd_rule *rule, const struct kd_problem *p,
                       struct kd_workspace *ws, double *G, struct kd_objective *out,
                       struct kd_err *err) {
  static const double WIDE = 1e-12;
  struct kd_objective other;
  int code = exact(&ws->estimate, &ws->room, out, G, err);
  if (code || !(out->gradient_bound > WIDE) || rule->closed == KD_CLOSED_ONLY) return code;
  code = quadrature(rule, p, ws, G, &other, err);
  if (code) return code;
  if (other.gradient_bound < out->gradient_bound)
    *out = other;
  else
    code = exact(&ws->estimate, &ws->room, out, G, err);
  return code;
}

/* The kernel's closed form, if the rule takes it. With few points on the circle nodes are
 * as good: inward shifts by dyadic steps change no bit of them. */
static kd_exact *closed_form_of(const struct kd_problem *p, const struct kd_rule *rule) {
  enum { FROM_ON_CIRCLE = 64 };
  if (rule->closed == KD_CLOSED_NEVER) return NULL;
  if (p->space == KD_SPACE_LINE) return p->kernel->exact;
  if (rule->closed == KD_CLOSED_WHERE_ANY && p->n < FROM_ON_CIRCLE) return NULL;
  return p->kernel->exact_on_circle;
}

/* Loss and gradient of the estimate as it stands. */
static int objective_by(const struct kd_rule *rule, const struct kd_problem *p,
                        struct kd_workspace *ws, double *G, struct kd_objective *out,
                        struct kd_err *err) {
  kd_exact *exact = closed_form_of(p, rule);
  int code = exact ? closed_form(exact, rule, p, ws, G, out, err)
                   : quadrature(rule, p, ws, G, out, err);
  if (code) return code;
  out->loss += scale_loss(p);
  if (out->uncovered == 0) out->loss_bound += scale_loss_error(p) + KD_U * fabs(out->loss);
  return KD_OK;
}

static int objective_now(const struct kd_problem *p, struct kd_workspace *ws, double *G,
                         struct kd_objective *out, struct kd_err *err) {
  return objective_by(p->rule, p, ws, G, out, err);
}

/* Loss and gradient with the points moved by d, off by at most dd. */
static int objective_at(const struct kd_problem *p, double d, double dd,
                        struct kd_workspace *ws, double *G, struct kd_objective *out,
                        struct kd_err *err) {
  struct kd_estimate *e = &ws->estimate;
  struct kd_frame frame = kd_frame_of(p);
  e->space = p->space, e->kernel = p->kernel, e->h = p->h, e->shape = p->shape;
  e->log_mass = e->log_mass_error = 0;
  if (p->space == KD_SPACE_CIRCLE)
    e->log_mass = kd_circle_log_mass(p->kernel, p->h, p->shape, &e->log_mass_error);
  e->w = frame.w, e->dw = frame.dw;
  kd_frame_place(&frame, p, ws->y, ws->dy);
  if (d != 0) kd_frame_move(p, d, dd, ws->y, ws->dy);
  int code = kd_estimate_points(e, p->n, ws->y, ws->dy, p->z, err);
  return code ? code : objective_now(p, ws, G, out, err);
}

/* At the present shift, whose points the estimate holds. */
static int add_sensitivity(const struct kd_problem *p, struct kd_workspace *ws,
                           struct kd_result *r, struct kd_err *err) {
  const struct kd_estimate *e = &ws->estimate;
  struct kd_rule_args args = {p->bins, p->order, p->tolerance};
  struct kd_frame frame = kd_frame_of(p);
  int code = kd_rule_place(p->rule, e, &args, &ws->nodes, err);
  if (code) return code;
  kd_frame_place(&frame, p, ws->y, ws->dy); /* where the points began */
  for (size_t j = 0; j < p->n; j++)
    ws->velocity[j] =
        p->shift_mode->velocity(ws->y[e->index[j]], p->shift_left, p->shift_right);
  r->loss_sensitivity = kd_sensitivity(e, &ws->nodes, p->rule->integral, ws->velocity,
                                       ws->sensitivity, ws->scratch);
  if (r->uncovered_share > 0) r->loss_sensitivity = NAN; /* of an infinite loss */
  r->sensitivity = ws->sensitivity;
  return KD_OK;
}

static int add_bins(const struct kd_problem *p, struct kd_workspace *ws, struct kd_result *r,
                    struct kd_err *err) {
  struct kd_rule_args args = {p->bins, p->order, p->tolerance};
  int code = kd_rule_place(p->rule, &ws->estimate, &args, &ws->nodes, err);
  if (code) return code;
  return kd_bins_fill(p, &ws->estimate, &ws->nodes, &ws->bins, r, err);
}

/* max_i |a_i - b_i|; a NaN among them is not passed over */
static double max_difference(size_t n, const double *a, const double *b) {
  double most = 0;
  for (size_t i = 0; i < n; i++) {
    double d = fabs(a[i] - b[i]);
    if (!(d <= most)) most = d;
  }
  return most;
}

static int add_defect(const struct kd_problem *p, struct kd_workspace *ws, struct kd_result *r,
                      struct kd_err *err) {
  struct kd_objective twin;
  int code = objective_at(p, 0, 0, ws, ws->twin, &twin, err);
  /* Where f = 0 the two gradients are means over different sets. */
  if (code || r->uncovered_share > 0 || twin.uncovered > 0) return code;
  r->defect = max_difference(p->n, ws->gradient, ws->twin);
  r->defect_bound = r->gradient_bound + twin.gradient_bound + KD_U * r->defect;
  r->loss_change = r->loss - twin.loss;
  r->loss_change_bound = r->loss_bound + twin.loss_bound + KD_U * fabs(r->loss_change);
  return KD_OK;
}

/* What the binned rule costs, against the integral of the same layout, which the
 * estimate holds. */
static int add_bin_error(const struct kd_problem *p, struct kd_workspace *ws,
                         struct kd_result *r, struct kd_err *err) {
  struct kd_objective integral;
  int code = objective_by(kd_rule_find("best"), p, ws, ws->twin, &integral, err);
  if (code || r->uncovered_share > 0 || integral.uncovered > 0) return code;
  r->bin_error = max_difference(p->n, ws->gradient, ws->twin);
  r->loss_bin_error = r->loss - integral.loss;
  return KD_OK;
}

static double norm(size_t n, const double *G) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += G[i] * G[i];
  return sqrt(sum);
}

static bool all_finite(size_t n, const double *a) {
  for (size_t i = 0; i < n; i++)
    if (!isfinite(a[i])) return false;
  return true;
}

/* Walks down from the logits of the problem; the estimate holds its points. The
 * nodes are placed anew at each step, for the points that matter change. */
static int descend(const struct kd_problem *p, struct kd_workspace *ws, struct kd_result *r,
                   struct kd_err *err) {
  size_t n = p->n, rows = 0;
  double *G = ws->twin;
  int code = kd_workspace_reserve_steps(ws, p->steps / p->every + 1, err);
  memcpy(ws->z, p->z, n * sizeof *ws->z);
  for (size_t s = 0; !code; s++) {
    kd_estimate_logits(&ws->estimate, ws->z);
    struct kd_objective now;
    code = objective_now(p, ws, G, &now, err);
    if (code) break;
    if (s % p->every == 0) {
      ws->iteration[rows] = (int64_t)s;
      ws->loss[rows] = now.loss;
      ws->norm[rows++] = norm(n, G);
    }
    r->steps_taken = (int64_t)s;
    if (s == p->steps) break;
    p->descent->step(n, p->rate, G, ws->z);
    if (!all_finite(n, ws->z)) {
      r->status = KD_STATUS_DIVERGED;
      break;
    }
  }
  r->n_recorded = rows;
  r->iteration = ws->iteration, r->trajectory_loss = ws->loss, r->trajectory_norm = ws->norm;
  return code;
}

/* No NaN leaves as if it were a number. */
static void check_numbers(size_t n, struct kd_result *r) {
  if (!all_finite(n, r->gradient)) {
    r->status = KD_STATUS_FAILED, r->reason = "the gradient is not finite";
  } else if (r->uncovered_share > 0) {
    r->status = KD_STATUS_UNCOVERED;
  } else if (!isfinite(r->loss)) {
    r->status = KD_STATUS_FAILED, r->reason = "the loss is beyond the range of doubles";
  }
}

/* A point at the centre, or opposite to it on the circle, has no side. */
static bool all_have_sides(const struct kd_problem *p, const double *y) {
  for (size_t i = 0; i < p->n; i++)
    if (y[i] == 0 || (p->space == KD_SPACE_CIRCLE && fabs(y[i]) >= KD_PI_HIGH)) return false;
  return true;
}

static double max_error(size_t n, const double *dy) {
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, dy[i]);
  return most;
}

/* All numbers missing */
static struct kd_result empty(const struct kd_problem *p) {
  return (struct kd_result){.n = p->n,
                            .logits = p->z,
                            .loss = NAN,
                            .loss_bound = NAN,
                            .loss_change = NAN,
                            .loss_change_bound = NAN,
                            .loss_sensitivity = NAN,
                            .gradient_bound = NAN,
                            .defect = NAN,
                            .defect_bound = NAN,
                            .bin_error = NAN,
                            .loss_bin_error = NAN,
                            .uncovered_share = NAN,
                            .d_edge = NAN,
                            .d_centre = NAN};
}

struct kd_result kd_result_failed(const struct kd_problem *p, const char *reason) {
  struct kd_result r = empty(p);
  r.status = KD_STATUS_FAILED;
  r.reason = reason;
  return r;
}

int kd_evaluate(const struct kd_problem *p, struct kd_workspace *ws, struct kd_result *r,
                struct kd_err *err) {
  *r = empty(p);
  int code = kd_workspace_reserve_points(ws, p->n, err);
  if (code) return code;

  struct kd_frame frame = kd_frame_of(p);
  kd_frame_place(&frame, p, ws->y, ws->dy);
  r->d_centre = kd_d_centre(p->n, ws->y);
  r->d_edge = kd_d_edge(r->d_centre, frame.w);
  double d, dd;
  bool sides = all_have_sides(p, ws->y);
  if (!kd_shift_distance(p, r->d_centre, max_error(p->n, ws->dy), sides, &d, &dd)) {
    r->status = KD_STATUS_NOT_APPLICABLE;
    return KD_OK;
  }

  struct kd_objective here;
  code = objective_at(p, d, dd, ws, ws->gradient, &here, err);
  if (code) return code;
  for (size_t i = 0; i < p->n; i++) ws->x[i] = d == 0 ? p->x[i] : frame.c + ws->y[i];
  r->x = ws->x;
  r->gradient = ws->gradient;
  r->gradient_bound = here.gradient_bound;
  r->loss = here.loss;
  r->loss_bound = here.loss_bound;
  r->uncovered_share = here.uncovered;
  check_numbers(p->n, r);
  if (r->status == KD_STATUS_FAILED) return KD_OK;

  if (p->record & KD_RECORD_SENSITIVITY && (sides || !p->shift_mode->needs_sides))
    code = add_sensitivity(p, ws, r, err);
  if (!code && p->record & KD_RECORD_BINS && !p->rule->integral) code = add_bins(p, ws, r, err);
  if (!code && p->record & KD_RECORD_BIN_ERROR && !p->rule->integral)
    code = add_bin_error(p, ws, r, err);
  /* From here on the estimate holds other logits, then other points. */
  if (!code && p->record & KD_RECORD_TRAJECTORY && p->descent->step)
    code = descend(p, ws, r, err);
  if (!code && p->record & KD_RECORD_DEFECT) code = add_defect(p, ws, r, err);
  return code;
}
