/* SPDX-License-Identifier: MIT
 *
 * See breaking.h.
 */
#include "breaking.h"

#include <math.h>

#include "block.h"

/* Whether the gradient at shift d is proved to be another one than the twin's, which stands
 * in twin->other. Where f = 0 on a part of T there is no such gradient any more. */
static int has_changed(const struct kd_problem *p, double d, double dd, struct kd_stage *stage,
                       const struct kd_stage *twin, double twin_bound, bool *changed,
                       double *threshold, struct kd_err *err) {
  struct kd_objective here;
  double most = 0;
  int code = kd_stage_move(stage, p, d, dd, err);
  if (!code) code = kd_stage_objective(stage, p, p->rule, stage->other, NULL, &here, err);
  if (code) return code;
  for (size_t i = 0; i < p->n; i++) most = fmax(most, fabs(stage->other[i] - twin->other[i]));
  *threshold = here.gradient_bound + twin_bound;
  *changed = here.uncovered > 0 || most > *threshold;
  return KD_OK;
}

int kd_breaking_find(const struct kd_problem *p, double d, double dd, struct kd_stage *stage,
                     struct kd_stage *twin, struct kd_breaking *b, struct kd_err *err) {
  enum { HALVINGS = 1100 }; /* down to the least double */
  static const double ADJACENT = 0x1p-51;
  struct kd_objective before;
  bool changed;
  double threshold;
  *b = (struct kd_breaking){NAN, NAN, NAN};
  int code = kd_stage_move(twin, p, 0, 0, err);
  if (!code) code = kd_stage_objective(twin, p, p->rule, twin->other, NULL, &before, err);
  if (!code)
    code = has_changed(p, d, dd, stage, twin, before.gradient_bound, &changed, &threshold, err);
  if (code || !changed || before.uncovered > 0) return code;
  *b = (struct kd_breaking){0, d, threshold};
  for (int i = 0; i < HALVINGS && fabs(b->after - b->before) > ADJACENT * fabs(b->after); i++) {
    double middle = b->before + 0.5 * (b->after - b->before);
    if (middle == b->before || middle == b->after) break;
    code = has_changed(p, middle, 0, stage, twin, before.gradient_bound, &changed, &threshold,
                       err);
    if (code) return code;
    if (changed)
      b->after = middle, b->threshold = threshold;
    else
      b->before = middle;
  }
  return KD_OK;
}

int kd_breaking_edge_rho(const struct kd_problem *p, double d_centre, struct kd_stage *stage,
                         double *rho, struct kd_err *err) {
  struct kd_estimate *e = &stage->estimate;
  *rho = NAN;
  int code = kd_stage_set(stage, p, 0, 0, err);
  if (!code && !p->rule->integral) code = kd_stage_place(stage, p, err);
  if (code) return code;
  double outermost = p->rule->integral ? e->w : fabs(stage->nodes.v[0]);
  if (d_centre < outermost) return KD_OK;
  code = kd_stage_set(stage, p, d_centre - outermost, 0, err);
  if (code) return code;
  double v = e->y[0] < 0 ? -outermost : outermost; /* sorted: the nearest is the first */
  kd_block_fill(e->block, e, 1, &v, NULL);
  if (e->block->covered[0]) *rho = e->S[0] - e->block->g[0];
  return KD_OK;
}
