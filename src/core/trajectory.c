/* SPDX-License-Identifier: MIT
 *
 * See trajectory.h.
 *
 * Panels of `best` and `adaptive` are proved to be resolved at the weights for which they
 * were placed, with a margin (panel.c: what strays at most a tenth of what is kept). They
 * serve as long as no log S_j that matters has moved by more than MOVED: e^{2 MOVED} < 2
 * then.
 */
#include "trajectory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descent.h"
#include "num.h"

static const double MOVED = 0.34, MATTERS = 1e-22;

/* --- one walk --- */

static void clear_walk(struct kd_walk *w) {
  free(w->z), free(w->G), free(w->log_m), free(w->u), free(w->v), free(w->placed);
  *w = (struct kd_walk){0};
}

static int begin(struct kd_walk *w, const struct kd_problem *p, const size_t *order,
                 struct kd_err *err) {
  if (p->n > w->n) {
    clear_walk(w);
    w->z = calloc(p->n, sizeof *w->z);
    w->G = calloc(p->n, sizeof *w->G);
    w->log_m = calloc(p->n, sizeof *w->log_m);
    w->u = calloc(p->n, sizeof *w->u);
    w->v = calloc(p->n, sizeof *w->v);
    w->placed = calloc(p->n, sizeof *w->placed);
    if (!w->z || !w->G || !w->log_m || !w->u || !w->v || !w->placed) return kd_no_memory(err);
    w->n = p->n;
  }
  for (size_t k = 0; k < p->n; k++) w->z[k] = p->z[order[k]];
  memset(w->u, 0, p->n * sizeof *w->u);
  memset(w->v, 0, p->n * sizeof *w->v);
  w->at_nodes = false;
  return KD_OK;
}

/* Whether a weight that matters has moved since nodes were placed for it */
static bool has_moved(const struct kd_walk *w, const struct kd_estimate *e) {
  for (size_t j = 0; j < e->n; j++) {
    double moved = fabs(e->log_S[j] - w->placed[j]);
    if (!(moved <= MOVED) && !(e->S[j] + fabs(w->G[e->index[j]]) < MATTERS)) return true;
  }
  return false;
}

static int place(struct kd_walk *w, const struct kd_problem *p, struct kd_stage *stage,
                 struct kd_err *err) {
  const struct kd_estimate *e = &stage->estimate;
  bool by_weights = p->rule->integral && !(p->rule->uses & KD_RULE_USES_BINS);
  if (w->at_nodes && !(by_weights && has_moved(w, e))) return KD_OK;
  int code = kd_stage_place(stage, p, err);
  w->at_nodes = !code && kd_ratios_fit(e->n, stage->nodes.n);
  memcpy(w->placed, e->log_S, e->n * sizeof *w->placed);
  return w->at_nodes ? kd_ratios_fill(&stage->ratios, e, &stage->nodes, false, err) : code;
}

/* G and log_m at the present logits, the loss if it is wanted */
static int look(struct kd_walk *w, const struct kd_problem *p, struct kd_stage *stage,
                bool with_loss, struct kd_objective *now, struct kd_err *err) {
  bool done;
  kd_stage_logits(stage, w->z);
  int code = kd_stage_step(stage, p, w->G, w->log_m, &done, with_loss ? &now->loss : NULL, err);
  if (code || done) {
    now->uncovered = 0;
    return code;
  }
  if (kd_stage_closed_form(p, p->rule))
    return kd_stage_objective(stage, p, p->rule, w->G, w->log_m, now, err);
  code = kd_stage_by_bins(stage, p, p->rule, w->G, w->log_m, &done, now, err);
  if (!code && done) now->loss += kd_stage_scale_loss(p);
  if (!code && !done) code = kd_stage_sort(stage, p->n, err);
  if (!code && !done) code = place(w, p, stage, err);
  if (code || done) return code;
  if (w->at_nodes &&
      kd_ratios_look(&stage->ratios, &stage->estimate, with_loss ? &now->loss : NULL, w->G,
                     w->log_m, &now->uncovered)) {
    if (with_loss) now->loss += kd_stage_scale_loss(p);
    return KD_OK;
  }
  w->at_nodes = false;
  return kd_stage_objective(stage, p, p->rule, w->G, w->log_m, now, err);
}

static bool all_finite(size_t n, const double *a) {
  for (size_t i = 0; i < n; i++)
    if (!isfinite(a[i])) return false;
  return true;
}

/* False if that leaves the finite numbers */
static bool advance(struct kd_walk *w, const struct kd_problem *p, size_t number) {
  struct kd_step step = {.n = p->n,
                         .number = number,
                         .rate = p->rate,
                         .G = w->G,
                         .log_m = w->log_m,
                         .z = w->z,
                         .u = w->u,
                         .v = w->v};
  p->descent->step(&step);
  return all_finite(p->n, w->z);
}

/* --- rows --- */

static double norm(size_t n, const double *G) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += G[i] * G[i];
  return sqrt(sum);
}

/* log max_j m_j; of no use where the loss is infinite */
static double gap_of(size_t n, const double *log_m, double uncovered) {
  double most = 0;
  for (size_t j = 0; j < n; j++) most = log_m[j] > most ? log_m[j] : most;
  return uncovered > 0 ? INFINITY : most;
}

static double max_difference(size_t n, const double *a, const double *b) {
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs(a[i] - b[i]));
  return most;
}

static void free_rows(struct kd_trajectory *t) {
  free(t->iteration), free(t->loss), free(t->norm), free(t->gap);
  free(t->defect), free(t->loss_change);
  t->n_rows = 0;
}

void kd_trajectory_clear(struct kd_trajectory *t) {
  clear_walk(&t->walk), clear_walk(&t->twin);
  free_rows(t);
  free(t->logits), free(t->order);
  *t = (struct kd_trajectory){0};
}

static int reserve_rows(struct kd_trajectory *t, size_t n, struct kd_err *err) {
  if (n <= t->n_rows) return KD_OK;
  free_rows(t);
  t->iteration = calloc(n, sizeof *t->iteration);
  t->loss = calloc(n, sizeof *t->loss);
  t->norm = calloc(n, sizeof *t->norm);
  t->gap = calloc(n, sizeof *t->gap);
  t->defect = calloc(n, sizeof *t->defect);
  t->loss_change = calloc(n, sizeof *t->loss_change);
  if (!t->iteration || !t->loss || !t->norm || !t->gap || !t->defect || !t->loss_change)
    return kd_no_memory(err);
  t->n_rows = n;
  return KD_OK;
}

static int reserve_logits(struct kd_trajectory *t, size_t rows, size_t n, struct kd_err *err) {
  if (rows > SIZE_MAX / sizeof(double) / n) return kd_no_memory(err);
  if (rows * n <= t->n_logits) return KD_OK;
  free(t->logits);
  t->n_logits = 0;
  t->logits = malloc(rows * n * sizeof *t->logits);
  if (!t->logits) return kd_no_memory(err);
  t->n_logits = rows * n;
  return KD_OK;
}

/* Closed forms are quicker with many points from left to right; other walks have them as
 * the input has. */
static int set_order(struct kd_trajectory *t, const struct kd_problem *p,
                     struct kd_stage *stage, struct kd_stage *twin, struct kd_err *err) {
  if (p->n > t->n_order) {
    free(t->order);
    t->n_order = 0;
    t->order = malloc(p->n * sizeof *t->order);
    if (!t->order) return kd_no_memory(err);
    t->n_order = p->n;
  }
  for (size_t k = 0; k < p->n; k++) t->order[k] = k;
  if (p->n < KD_STEPS_FROM || p->space != KD_SPACE_LINE || !kd_stage_closed_form(p, p->rule))
    return KD_OK;
  int code = kd_stage_sort(stage, p->n, err);
  if (!code && twin) code = kd_stage_sort(twin, p->n, err);
  if (code) return code;
  kd_stage_line_order(stage, t->order);
  kd_stage_reorder(stage, t->order);
  if (twin) kd_stage_reorder(twin, t->order);
  return KD_OK;
}

static int reserve(struct kd_trajectory *t, const struct kd_problem *p, bool has_twin,
                   struct kd_err *err) {
  size_t rows = p->steps / p->every + 1;
  int code = reserve_rows(t, rows, err);
  if (!code && p->record & KD_RECORD_LOGITS) code = reserve_logits(t, rows, p->n, err);
  if (!code) code = begin(&t->walk, p, t->order, err);
  return code || !has_twin ? code : begin(&t->twin, p, t->order, err);
}

static void point_to_rows(const struct kd_trajectory *t, const struct kd_problem *p,
                          bool has_twin, struct kd_result *r) {
  r->iteration = t->iteration;
  r->trajectory_loss = t->loss, r->trajectory_norm = t->norm, r->trajectory_gap = t->gap;
  if (p->record & KD_RECORD_LOGITS) r->trajectory_logits = t->logits;
  if (!has_twin) return;
  r->trajectory_defect = t->defect, r->trajectory_loss_change = t->loss_change;
}

static void record(struct kd_trajectory *t, const struct kd_problem *p, size_t s,
                   const struct kd_objective *now, const struct kd_objective *of_twin,
                   struct kd_result *r) {
  const struct kd_walk *w = &t->walk;
  size_t row = r->n_recorded++;
  t->iteration[row] = (int64_t)s;
  t->loss[row] = now->loss;
  t->norm[row] = norm(p->n, w->G);
  t->gap[row] = gap_of(p->n, w->log_m, now->uncovered);
  for (size_t k = 0; k < p->n && p->record & KD_RECORD_LOGITS; k++)
    t->logits[row * p->n + t->order[k]] = w->z[k];
  if (!of_twin) return;
  bool covered = now->uncovered == 0 && of_twin->uncovered == 0;
  t->defect[row] = max_difference(p->n, w->z, t->twin.z);
  t->loss_change[row] = covered ? now->loss - of_twin->loss : NAN;
}

int kd_trajectory_run(struct kd_trajectory *t, const struct kd_problem *p,
                      struct kd_stage *stage, struct kd_stage *twin, struct kd_result *r,
                      struct kd_err *err) {
  struct kd_objective now = {0}, of_twin = {0};
  int code = set_order(t, p, stage, twin, err);
  if (!code) code = reserve(t, p, twin, err);
  if (!code) point_to_rows(t, p, twin, r);
  for (size_t s = 0; !code; s++) {
    bool recorded = s % p->every == 0;
    code = look(&t->walk, p, stage, recorded, &now, err);
    if (!code && twin) code = look(&t->twin, p, twin, recorded, &of_twin, err);
    if (code) break;
    if (recorded) record(t, p, s, &now, twin ? &of_twin : NULL, r);
    r->steps_taken = (int64_t)s;
    if (s == p->steps) break;
    if (p->gap > 0 && gap_of(p->n, t->walk.log_m, now.uncovered) <= p->gap) break;
    bool finite = advance(&t->walk, p, s + 1);
    if (twin) finite = advance(&t->twin, p, s + 1) && finite;
    if (finite) continue;
    r->status = KD_STATUS_DIVERGED;
    break;
  }
  return code;
}
