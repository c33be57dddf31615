/* SPDX-License-Identifier: MIT
 *
 * From what a model was told to its problem. Each name and number is in its own range
 * already; here they must fit each other.
 */
#include <math.h>
#include <stdlib.h>

#include "circle.h"
#include "descent.h"
#include "kernel.h"
#include "layout.h"
#include "model.h"
#include "rule.h"
#include "shift.h"

static bool on_circle(const struct kd_model *m) {
  return m->choice[KD_MODEL_SPACE] == KD_SPACE_CIRCLE;
}

static const struct kd_kernel *kernel_of(const struct kd_model *m) {
  return &kd_kernels[m->choice[KD_MODEL_FAMILY]];
}

static const struct kd_layout *layout_of(const struct kd_model *m) {
  return &kd_layouts[m->choice[KD_MODEL_LAYOUT]];
}

static int check_target(const struct kd_model *m, struct kd_err *err) {
  const double *bounds = m->list[KD_MODEL_BOUNDS].value;
  if (!bounds) return kd_fail(err, KD_USAGE, "target.bounds are missing");
  double width = bounds[1] - bounds[0], middle = bounds[0] + width / 2;
  if (!(bounds[0] < middle && middle < bounds[1]))
    return kd_fail(err, KD_USAGE, "target.bounds: no double lies between them");
  if (on_circle(m) && width > 2 * KD_PI_HIGH)
    return kd_fail(err, KD_USAGE, "target.bounds are longer than the circle");
  return KD_OK;
}

static int check_kernel(const struct kd_model *m, struct kd_err *err) {
  const struct kd_kernel *kernel = kernel_of(m);
  double shape = m->number[KD_MODEL_SHAPE];
  if (kernel->circle_only && !on_circle(m))
    return kd_fail(err, KD_USAGE, "kernel.family %s lives on the circle", kernel->name);
  if (!kernel->shape_name || isnan(shape)) return KD_OK;
  if (shape >= kernel->shape_min && shape <= kernel->shape_max) return KD_OK;
  return kd_fail(err, KD_USAGE, "kernel.shape must be from %g to %g for %s, got %g",
                 kernel->shape_min, kernel->shape_max, kernel->name, shape);
}

static int check_rule(const struct kd_model *m, struct kd_err *err) {
  const struct kd_kernel *kernel = kernel_of(m);
  const struct kd_rule *rule = &kd_rules[m->choice[KD_MODEL_RULE]];
  bool exact = on_circle(m) ? kernel->exact_on_circle != NULL : kernel->exact != NULL;
  if (rule->closed == KD_CLOSED_ONLY && !exact)
    return kd_fail(err, KD_USAGE, "integral.rule %s: %s has no closed form%s", rule->name,
                   kernel->name, on_circle(m) ? " on the circle" : "");
  if (rule->integral && m->record & KD_RECORD_BINS)
    return kd_fail(err, KD_USAGE, "integral.rule %s has no fixed bins to record", rule->name);
  return KD_OK;
}

static int check_layout(const struct kd_model *m, struct kd_err *err) {
  const struct kd_layout *layout = layout_of(m);
  if (layout->circle_only && !on_circle(m))
    return kd_fail(err, KD_USAGE, "points.layout %s lives on the circle", layout->name);
  const struct {
    unsigned use;
    bool told;
    const char *path;
  } needs[] = {{KD_USES_AT, m->list[KD_MODEL_AT].n > 0, "points.at"},
               {KD_USES_COUNT, !isnan(m->number[KD_MODEL_COUNT]), "points.count"},
               {KD_USES_SPAN, m->list[KD_MODEL_SPAN].n > 0, "points.span"}};
  for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
    if (layout->uses & needs[i].use && !needs[i].told)
      return kd_fail(err, KD_USAGE, "%s is missing: points.layout %s needs it", needs[i].path,
                     layout->name);
  return KD_OK;
}

static int check_descent(const struct kd_model *m, struct kd_err *err) {
  if (!(m->record & KD_RECORDS_OF_DESCENT) || kd_descents[m->choice[KD_MODEL_DESCENT]].step)
    return KD_OK;
  return kd_fail(err, KD_USAGE, "there is no descent to record: descent.method is none");
}

static size_t count(const struct kd_model *m, enum kd_model_number number) {
  return (size_t)m->number[number];
}

static void fill_problem(struct kd_model *m) {
  const double *number = m->number, *bounds = m->list[KD_MODEL_BOUNDS].value;
  const struct kd_kernel *kernel = kernel_of(m);
  double shape = kernel->shape_name ? kernel->shape_default : NAN;
  if (kernel->shape_name && !isnan(number[KD_MODEL_SHAPE])) shape = number[KD_MODEL_SHAPE];
  m->problem = (struct kd_problem){
      .space = (enum kd_space)m->choice[KD_MODEL_SPACE],
      .kernel = kernel,
      .h = number[KD_MODEL_BANDWIDTH],
      .shape = shape,
      .lower = bounds[0],
      .upper = bounds[1],
      .shift = number[KD_MODEL_SHIFT],
      .shift_unit = &kd_shift_units[m->choice[KD_MODEL_SHIFT_UNIT]],
      .shift_mode = &kd_shift_modes[m->choice[KD_MODEL_SHIFT_MODE]],
      .shift_left = number[KD_MODEL_SHIFT_LEFT],
      .shift_right = number[KD_MODEL_SHIFT_RIGHT],
      .log10_factor = number[KD_MODEL_LOG10_FACTOR],
      .log10_slope = number[KD_MODEL_LOG10_SLOPE],
      .rule = &kd_rules[m->choice[KD_MODEL_RULE]],
      .bins = count(m, KD_MODEL_BINS),
      .order = count(m, KD_MODEL_ORDER),
      .tolerance = number[KD_MODEL_TOLERANCE],
      .descent = &kd_descents[m->choice[KD_MODEL_DESCENT]],
      .rate = number[KD_MODEL_RATE],
      .gap = number[KD_MODEL_GAP],
      .steps = count(m, KD_MODEL_STEPS),
      .every = count(m, KD_MODEL_EVERY),
      .record = m->record,
  };
}

static int reserve(struct kd_model *m, size_t n, struct kd_err *err) {
  if (n <= m->room) return KD_OK;
  double *x = realloc(m->x, n * sizeof *x);
  if (x) m->x = x;
  double *z = realloc(m->z, n * sizeof *z);
  if (z) m->z = z;
  if (!x || !z) return kd_no_memory(err);
  m->room = n;
  return KD_OK;
}

static void place_points(struct kd_model *m, size_t n) {
  const double *span = m->list[KD_MODEL_SPAN].value, *number = m->number;
  struct kd_layout_args args = {.at = m->list[KD_MODEL_AT].value,
                                .count = n,
                                .lower = span ? span[0] : NAN,
                                .upper = span ? span[1] : NAN,
                                .centre = number[KD_MODEL_CENTRE],
                                .scale = number[KD_MODEL_SCALE],
                                .distance = number[KD_MODEL_DISTANCE],
                                .clusters = count(m, KD_MODEL_CLUSTERS),
                                .spread = number[KD_MODEL_SPREAD],
                                .seed = count(m, KD_MODEL_SEED)};
  args.target_centre = m->problem.lower + (m->problem.upper - m->problem.lower) / 2;
  layout_of(m)->fill(&args, m->x);
}

static int make_points(struct kd_model *m, struct kd_err *err) {
  const struct kd_layout *start = &kd_logits[m->choice[KD_MODEL_LOGITS]];
  bool at = layout_of(m)->uses & KD_USES_AT;
  size_t n = at ? m->list[KD_MODEL_AT].n : count(m, KD_MODEL_COUNT);
  size_t n_logits = m->list[KD_MODEL_LOGITS_AT].n;
  if (start->uses & KD_USES_AT && n_logits != n)
    return kd_fail(err, KD_USAGE, "logits.at has %zu numbers for %zu points", n_logits, n);
  if (reserve(m, n, err)) return KD_SYSTEM;
  place_points(m, n);
  struct kd_layout_args args = {.at = m->list[KD_MODEL_LOGITS_AT].value,
                                .count = n,
                                .scale = m->number[KD_MODEL_LOGITS_SCALE],
                                .seed = count(m, KD_MODEL_LOGITS_SEED)};
  start->fill(&args, m->z);
  m->problem.n = n;
  m->problem.x = m->x;
  m->problem.z = m->z;
  return KD_OK;
}

int kd_model_resolve(struct kd_model *m, struct kd_err *err) {
  int code = check_target(m, err);
  if (!code) code = check_kernel(m, err);
  if (!code) code = check_rule(m, err);
  if (!code) code = check_layout(m, err);
  if (!code) code = check_descent(m, err);
  if (code) return code;
  fill_problem(m);
  return make_points(m, err);
}
