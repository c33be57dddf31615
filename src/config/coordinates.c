/* SPDX-License-Identifier: MIT
 *
 * The coordinates of a plan's cells: what a result file holds of each swept
 * path. Names become codes in the order in which the axis first uses them,
 * target.bounds becomes target.lower and target.upper, any other list its
 * place on the axis.
 */
#include <math.h>
#include <stdlib.h>

#include "plan_private.h"
#include "value_text.h"

void kd_plan_clear_axes(struct kd_plan *plan) {
  struct kd_plan_private *private = plan->private;
  for (size_t s = 0; private->origin && s < plan->n_swept; s++) {
    free(private->origin[s].names);
    free(private->origin[s].code);
  }
  free(private->origin);
  free(private->axis);
  free(private->swept);
}

static bool code_names(const struct kd_series *series, struct kd_origin *origin,
                       struct kd_swept *swept) {
  size_t n = 0;
  while (series->key->choice(n)) n++;
  origin->names = calloc(n, sizeof *origin->names);
  origin->code = calloc(n, sizeof *origin->code);
  if (!origin->names || !origin->code) return false;
  for (size_t i = 0; i < n; i++) origin->code[i] = n;
  for (size_t i = 0; i < series->n; i++) {
    size_t choice = series->list[i].choice;
    if (!series->list[i].set || origin->code[choice] < n) continue;
    origin->code[choice] = swept->n_names;
    origin->names[swept->n_names++] = series->key->choice(choice);
  }
  swept->names = origin->names;
  return true;
}

static enum kd_swept_kind kind_of(enum kd_key_type type) {
  switch (type) {
  case KD_KEY_NAME:
    return KD_SWEPT_NAME;
  case KD_KEY_REAL:
    return KD_SWEPT_REAL;
  case KD_KEY_INTEGER:
    return KD_SWEPT_INTEGER;
  default:
    return KD_SWEPT_INDEX;
  }
}

/* Appends a coordinate of series s. */
static bool add(struct kd_plan *plan, size_t s) {
  const struct kd_series *series = &plan->private->spec.swept[s];
  struct kd_origin *origin = &plan->private->origin[plan->n_swept];
  struct kd_swept *swept = &plan->private->swept[plan->n_swept++];
  origin->series = s;
  *swept = (struct kd_swept){.path = series->key->path,
                             .doc = series->key->doc,
                             .key = series->key,
                             .kind = kind_of(series->key->type),
                             .axis = series->axis};
  if (swept->kind == KD_SWEPT_INDEX) swept->doc = "which value of its axis, counted from 0";
  return swept->kind != KD_SWEPT_NAME || code_names(series, origin, swept);
}

static bool add_bounds(struct kd_plan *plan, size_t s) {
  static const char *const path[] = {"target.lower", "target.upper"};
  static const char *const doc[] = {"lower bound a of the target",
                                    "upper bound b of the target"};
  for (int upper = 0; upper < 2; upper++) {
    size_t at = plan->n_swept;
    if (!add(plan, s)) return false;
    plan->private->origin[at].upper = upper;
    plan->private->swept[at].path = path[upper];
    plan->private->swept[at].doc = doc[upper];
    plan->private->swept[at].kind = KD_SWEPT_REAL;
  }
  return true;
}

bool kd_plan_list_axes(struct kd_plan *plan) {
  struct kd_plan_private *private = plan->private;
  const struct kd_spec *spec = &private->spec;
  plan->n_axes = spec->n_axes;
  plan->axis = private->axis = calloc(spec->n_axes + 1, sizeof *private->axis);
  plan->swept = private->swept = calloc(spec->n_swept + 2, sizeof *private->swept);
  private->origin = calloc(spec->n_swept + 2, sizeof *private->origin);
  if (!plan->axis || !plan->swept || !private->origin) return false;
  for (size_t a = 0; a < spec->n_axes; a++)
  private->axis[a] = (struct kd_axis){spec->axis[a].name, spec->axis[a].n};
  for (size_t s = 0; s < spec->n_swept; s++) {
    bool bounds = kd_key_id(spec->swept[s].key) == KD_KEY_TARGET_BOUNDS;
    if (!(bounds ? add_bounds : add)(plan, s)) return false;
  }
  return true;
}

double kd_plan_coordinate(const struct kd_plan *plan, size_t s, size_t i,
                          const struct kd_value *value) {
  const struct kd_origin *origin = &plan->private->origin[s];
  if (!value->set) return NAN;
  switch (plan->swept[s].kind) {
  case KD_SWEPT_NAME:
    return (double)origin->code[value->choice];
  case KD_SWEPT_INDEX:
    return (double)i;
  default:
    return plan->swept[s].key->type == KD_KEY_PAIR ? value->list[origin->upper] : value->number;
  }
}

void kd_plan_value_text(const struct kd_plan *plan, size_t s, size_t i, char *text,
                        size_t size) {
  const struct kd_series *series = &plan->private->spec.swept[plan->private->origin[s].series];
  struct kd_value value = kd_series_value(series, i);
  kd_value_text(series->key, &value, text, size);
}
