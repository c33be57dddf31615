/* SPDX-License-Identifier: MIT
 *
 * See court.h.
 */
#include "court.h"

#include <math.h>
#include <stdlib.h>

#include "core/circle.h"
#include "core/num.h"
#include "core/shift.h"
#include "core/vmath/dd.h"
#include "core/workspace.h"

enum {
  SCRATCH = KD_DIRECT_SCRATCH + KD_OBJECTIVE_SCRATCH, /* for either */
  N_GRADIENTS = sizeof((struct kd_court *)0)->G / sizeof(double *)
};

double kd_measure_ratio(struct kd_measure m) {
  if (isnan(m.residual)) return -1;
  if (isinf(m.bound)) return 1;
  return m.residual > 0 ? m.residual / m.bound : 0; /* a bound of 0: infinity */
}

void kd_measure_add(struct kd_measure *measure, double residual, double bound) {
  struct kd_measure other = {fabs(residual), bound};
  if (isnan(residual) || isnan(bound)) other = (struct kd_measure){INFINITY, INFINITY};
  if (kd_measure_ratio(other) > kd_measure_ratio(*measure)) *measure = other;
}

static void free_points(struct kd_court *c) {
  free(c->scratch), c->scratch = NULL;
  for (size_t k = 0; k < N_GRADIENTS; k++) free(c->G[k]), c->G[k] = NULL;
  c->capacity = 0;
}

void kd_court_free(struct kd_court *c) {
  if (!c) return;
  kd_stage_clear(&c->stage);
  kd_stage_clear(&c->twin);
  kd_trajectory_clear(&c->trajectory);
  kd_nodes_clear(&c->nodes);
  kd_nodes_clear(&c->bin);
  free_points(c);
  free(c);
}

static int reserve(struct kd_court *c, size_t n, struct kd_err *err) {
  bool good = true;
  if (n <= c->capacity) return KD_OK;
  free_points(c);
  for (size_t k = 0; k < N_GRADIENTS; k++) good &= (c->G[k] = calloc(n, sizeof **c->G)) != NULL;
  c->scratch = calloc(n, SCRATCH * sizeof *c->scratch);
  if (!good || !c->scratch) return kd_no_memory(err);
  c->capacity = n;
  return KD_OK;
}

int kd_court_place(struct kd_court *c, double d, double dd, struct kd_err *err) {
  return kd_stage_set(&c->stage, c->problem, d, dd, err);
}

/* The problem, its room and its shift */
static int hear(struct kd_court *c, const struct kd_problem *p, struct kd_err *err) {
  c->problem = p;
  c->frame = kd_frame_of(p);
  int code = reserve(c, p->n, err);
  if (!code) code = kd_court_place(c, 0, 0, err);
  if (code) return code;
  const double *y = c->stage.y;
  double dy = 0;
  for (size_t i = 0; i < p->n; i++) dy = fmax(dy, c->stage.dy[i]);
  c->d_centre = kd_d_centre(p->n, y);
  c->d_edge = kd_d_edge(c->d_centre, c->frame.w);
  c->blur = dy + c->frame.dw + fabs(kd_two_sum(c->d_centre, -c->frame.w).low);
  bool sides = kd_shift_sides(p->space == KD_SPACE_CIRCLE, p->n, y);
  c->shifts = kd_shift_distance(p, c->d_centre, dy, sides, &c->d, &c->dd);
  return KD_OK;
}

int kd_court_open(struct kd_workspace *ws, const struct kd_problem *p, struct kd_court **court,
                  struct kd_err *err) {
  if (!ws->court) ws->court = calloc(1, sizeof *ws->court);
  *court = ws->court;
  return ws->court ? hear(ws->court, p, err) : kd_no_memory(err);
}

int kd_court_read(struct kd_court *c, int path, double d, double dd, double *G,
                  struct kd_objective *out, struct kd_err *err) {
  return kd_court_read_as(c, c->problem, path, d, dd, G, out, err);
}

int kd_court_read_as(struct kd_court *c, const struct kd_problem *p, int path, double d,
                     double dd, double *G, struct kd_objective *out, struct kd_err *err) {
  int code = kd_stage_set(&c->stage, p, d, dd, err);
  if (code) return code;
  if (path == KD_PATH_MAIN) return kd_stage_objective(&c->stage, p, p->rule, G, NULL, out, err);
  code = kd_stage_place(&c->stage, p, err);
  if (!code) *out = kd_direct(&c->stage.estimate, &c->stage.nodes, NULL, G, c->scratch);
  return code;
}

int kd_court_bin(struct kd_court *c, int path, double v, double dv, double *G,
                 struct kd_objective *out, struct kd_err *err) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct kd_rule_args one = {.bins = 1};
  int code = kd_rule_place(kd_rule_find("midpoint"), e, &one, &c->bin, err);
  if (code) return code;
  c->bin.v[0] = c->bin.panel[0].middle = v;
  c->bin.dv = dv;
  *out = path == KD_PATH_MAIN ? kd_objective(e, &c->bin, G, NULL, c->scratch)
                              : kd_direct(e, &c->bin, NULL, G, c->scratch);
  return KD_OK;
}

double kd_court_distance(const struct kd_court *c, const double *a, const double *b) {
  double most = 0;
  for (size_t i = 0; i < c->problem->n; i++) {
    double d = fabs(a[i] - b[i]);
    if (!(d <= most)) most = d;
  }
  return most;
}

bool kd_court_integral(const struct kd_court *c) {
  return c->problem->rule->integral && !(c->problem->rule->uses & KD_RULE_USES_BINS);
}

/* --- judging --- */

/* By all of its paths: the claim as the path says that it speaks worst for, the control
 * as the path that sees it least. */
static int judge_by_paths(const struct kd_claim *claim, struct kd_court *c, bool falsified,
                          struct kd_measure *all, struct kd_err *err) {
  bool least = falsified && !claim->control_holds;
  int code = KD_OK;
  *all = KD_NO_MEASURE;
  for (int path = 0; path < claim->paths && !code; path++) {
    struct kd_measure m = KD_NO_MEASURE;
    code = claim->judge(c, path, falsified, &m, err);
    bool more = kd_measure_ratio(m) > kd_measure_ratio(*all);
    if (path == 0 || more != least) *all = m;
  }
  return code;
}

static int judge(const struct kd_claim *claim, struct kd_court *c, struct kd_finding *finding,
                 struct kd_err *err) {
  struct kd_measure m, control;
  int code = kd_court_place(c, 0, 0, err);
  if (code || !claim->applies(c)) return code;
  code = judge_by_paths(claim, c, false, &m, err);
  if (code || isnan(m.residual)) return code; /* nothing to measure */
  code = judge_by_paths(claim, c, true, &control, err);
  if (!code)
    *finding = (struct kd_finding){m.residual, m.bound, control.residual, control.bound};
  return code;
}

void kd_findings_clear(struct kd_finding finding[KD_N_CLAIMS]) {
  for (size_t k = 0; k < KD_N_CLAIMS; k++) finding[k] = (struct kd_finding){NAN, NAN, NAN, NAN};
}

int kd_claims_judge(const struct kd_problem *p, struct kd_workspace *ws,
                    struct kd_finding finding[KD_N_CLAIMS], struct kd_err *err) {
  struct kd_court *c;
  kd_findings_clear(finding);
  int code = kd_court_open(ws, p, &c, err);
  for (size_t k = 0; k < KD_N_CLAIMS && !code && c->shifts; k++)
    if (p->claims & 1u << k) code = judge(kd_claims[k], c, &finding[k], err);
  if (code) kd_findings_clear(finding);
  return code;
}
