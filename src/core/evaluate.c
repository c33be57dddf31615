/* SPDX-License-Identifier: MIT
 *
 * One problem from end to end: shift, nodes, loss and gradient, the unshifted
 * twin with the defect, the descent.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bins.h"
#include "breaking.h"
#include "circle.h"
#include "core/vmath/clones.h"
#include "descent.h"
#include "frame.h"
#include "num.h"
#include "problem.h"
#include "sensitivity.h"
#include "shift.h"
#include "workspace.h"

enum { PART = 256 }; /* points at a time */

static const char *const status_names[KD_N_STATUS] = {"ok", "uncovered", "diverged",
                                                      "not-applicable", "failed"};

const char *kd_status_name(enum kd_status status) {
  return status_names[status];
}

/* At the present shift, whose points the estimate holds. */
static int add_sensitivity(const struct kd_problem *p, struct kd_workspace *ws,
                           struct kd_result *r, struct kd_err *err) {
  struct kd_stage *stage = &ws->stage;
  const struct kd_estimate *e = &stage->estimate;
  struct kd_frame frame = kd_frame_of(p);
  int code = kd_stage_place(stage, p, err);
  if (code) return code;
  kd_frame_place(&frame, p, stage->y, stage->dy); /* where the points began */
  for (size_t j = 0; j < p->n; j++)
    ws->velocity[j] =
        p->shift_mode->velocity(stage->y[e->index[j]], p->shift_left, p->shift_right);
  r->loss_sensitivity = kd_sensitivity(e, &stage->nodes, p->rule->integral, ws->velocity,
                                       ws->sensitivity, stage->scratch);
  if (r->uncovered_share > 0) r->loss_sensitivity = NAN; /* of an infinite loss */
  r->sensitivity = ws->sensitivity;
  return KD_OK;
}

static int add_bins(const struct kd_problem *p, struct kd_workspace *ws, struct kd_result *r,
                    struct kd_err *err) {
  struct kd_stage *stage = &ws->stage;
  int code = kd_stage_place(stage, p, err);
  return code ? code : kd_bins_fill(p, &stage->estimate, &stage->nodes, &ws->bins, r, err);
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

/* Against the twin, which stands on its stage. */
static int add_defect(const struct kd_problem *p, struct kd_workspace *ws, struct kd_result *r,
                      struct kd_err *err) {
  struct kd_objective twin;
  double *G = ws->twin.other;
  int code = kd_stage_objective(&ws->twin, p, p->rule, G, NULL, &twin, err);
  /* Where f = 0 the two gradients are means over different sets. */
  if (code || r->uncovered_share > 0 || twin.uncovered > 0) return code;
  r->defect = max_difference(p->n, ws->gradient, G);
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
  double *G = ws->stage.other;
  int code = kd_stage_objective(&ws->stage, p, kd_rule_find("best"), G, NULL, &integral, err);
  if (code || r->uncovered_share > 0 || integral.uncovered > 0) return code;
  r->bin_error = max_difference(p->n, ws->gradient, G);
  r->loss_bin_error = r->loss - integral.loss;
  return KD_OK;
}

KD_CLONES static bool all_finite(size_t n, const double *a) {
  size_t bad = 0;
#pragma omp simd reduction(+ : bad)
  for (size_t i = 0; i < n; i++) bad += fabs(a[i]) < INFINITY ? 0 : 1;
  return bad == 0;
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

/* Leaves the stage at the problem's shift again. */
static int add_breaking_shift(const struct kd_problem *p, double d, double dd,
                              struct kd_workspace *ws, struct kd_result *r,
                              struct kd_err *err) {
  struct kd_breaking found;
  int code = kd_breaking_find(p, d, dd, &ws->stage, &ws->twin, &found, err);
  r->breaking_shift = found.after, r->breaking_shift_before = found.before;
  r->breaking_threshold = found.threshold;
  if (!code) code = kd_breaking_edge_rho(p, r->d_centre, &ws->stage, &r->edge_rho, err);
  return code ? code : kd_stage_move(&ws->stage, p, d, dd, err);
}

KD_CLONES static double max_error(size_t n, const double *dy) {
  double most = 0;
#pragma omp simd reduction(max : most)
  for (size_t i = 0; i < n; i++) most = dy[i] > most ? dy[i] : most;
  return most;
}

/* Of a layout before its shift */
struct extent {
  double w; /* half-width of the target */
  double d_centre;
  double error; /* the largest of a position; looked for where there is a shift */
  bool sides;   /* all points have one */
};

static struct extent extent_of(const struct kd_problem *p) {
  struct kd_positions all;
  kd_positions_init(&all, p, 0, 0);
  struct extent e = {all.frame.w, INFINITY, 0, true};
  double y[PART], dy[PART];
  for (size_t first = 0; first < p->n; first += PART) {
    size_t n = p->n - first < PART ? p->n - first : PART;
    const double *here = kd_positions_look(&all, first, n, y, dy);
    e.d_centre = fmin(e.d_centre, kd_d_centre(n, here));
    if (all.on_circle) e.sides = e.sides && kd_shift_sides(true, n, here);
    if (p->shift == 0) continue;
    kd_positions_read(&all, first, n, y, dy);
    e.error = fmax(e.error, max_error(n, dy));
  }
  e.sides = e.sides && e.d_centre > 0;
  return e;
}

/* Where the points of a stage are */
static void fill_x(const struct kd_positions *moved, double *x) {
  double dy[PART];
  for (size_t first = 0; first < moved->n; first += PART) {
    size_t n = moved->n - first < PART ? moved->n - first : PART;
    kd_positions_read(moved, first, n, x + first, dy);
    for (size_t i = first; i < first + n; i++) x[i] = moved->frame.c + x[i];
  }
}

/* All numbers missing. In place: a copy of so much would take longer than a small problem's
 * parts. */
static void empty(const struct kd_problem *p, struct kd_result *r) {
  memset(r, 0, sizeof *r);
  r->n = p->n, r->logits = p->z;
  r->loss = r->loss_bound = r->loss_change = r->loss_change_bound = NAN;
  r->gradient_bound = r->defect = r->defect_bound = r->bin_error = r->loss_bin_error = NAN;
  r->breaking_shift = r->breaking_shift_before = r->breaking_threshold = r->edge_rho = NAN;
  r->loss_sensitivity = r->uncovered_share = r->d_edge = r->d_centre = NAN;
}

struct kd_result kd_result_failed(const struct kd_problem *p, const char *reason) {
  struct kd_result r;
  empty(p, &r);
  r.status = KD_STATUS_FAILED;
  r.reason = reason;
  return r;
}

int kd_evaluate(const struct kd_problem *p, struct kd_workspace *ws, struct kd_result *r,
                struct kd_err *err) {
  empty(p, r);
  int code = kd_workspace_reserve(ws, p->n, err);
  if (code) return code;

  struct extent extent = extent_of(p);
  r->d_centre = extent.d_centre;
  r->d_edge = kd_d_edge(r->d_centre, extent.w);
  double d, dd;
  if (!kd_shift_distance(p, r->d_centre, extent.error, extent.sides, &d, &dd)) {
    r->status = KD_STATUS_NOT_APPLICABLE;
    return KD_OK;
  }

  struct kd_objective here;
  code = kd_stage_move(&ws->stage, p, d, dd, err);
  if (!code) code = kd_stage_objective(&ws->stage, p, p->rule, ws->gradient, NULL, &here, err);
  if (code) return code;
  if (d != 0) fill_x(&ws->stage.positions, ws->x);
  r->x = d != 0 ? ws->x : p->x;
  r->gradient = ws->gradient;
  r->gradient_bound = here.gradient_bound;
  r->loss = here.loss;
  r->loss_bound = here.loss_bound;
  r->uncovered_share = here.uncovered;
  check_numbers(p->n, r);
  if (r->status == KD_STATUS_FAILED) return KD_OK;

  if (p->record & KD_RECORD_SENSITIVITY && (extent.sides || !p->shift_mode->needs_sides))
    code = add_sensitivity(p, ws, r, err);
  if (!code && p->record & KD_RECORD_BINS && !p->rule->integral) code = add_bins(p, ws, r, err);
  if (!code && p->record & KD_RECORD_BIN_ERROR && !p->rule->integral)
    code = add_bin_error(p, ws, r, err);
  if (!code && p->record & KD_RECORD_BREAKING_SHIFT)
    code = add_breaking_shift(p, d, dd, ws, r, err);
  bool with_twin = p->record & KD_RECORD_DEFECT;
  if (!code && with_twin) code = kd_stage_move(&ws->twin, p, 0, 0, err);
  if (!code && with_twin) code = add_defect(p, ws, r, err);
  if (!code && p->record & KD_RECORDS_OF_DESCENT && p->descent->step)
    code =
        kd_trajectory_run(&ws->trajectory, p, &ws->stage, with_twin ? &ws->twin : NULL, r, err);
  return code;
}
