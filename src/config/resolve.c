/* SPDX-License-Identifier: MIT
 *
 * From a cell's values to its problem; see resolve.h. The values were checked.
 */
#include "resolve.h"

#include <math.h>

#include "core/descent.h"
#include "core/kernel.h"
#include "core/layout.h"
#include "core/rule.h"
#include "core/shift.h"
#include "files.h"

void kd_resolve_target(const struct kd_value *values, double *lower, double *upper) {
  const struct kd_value *bounds = &values[KD_KEY_TARGET_BOUNDS];
  double c = values[KD_KEY_TARGET_CENTRE].number, w = values[KD_KEY_TARGET_HALF_WIDTH].number;
  *lower = bounds->set ? bounds->list[0] : c - w;
  *upper = bounds->set ? bounds->list[1] : c + w;
}

static struct kd_text_column column_of(const struct kd_value *values) {
  return kd_files_column(&values[KD_KEY_POINTS_FILE], &values[KD_KEY_POINTS_COLUMN]);
}

size_t kd_resolve_count(const struct kd_value *values) {
  const struct kd_layout *layout = &kd_layouts[values[KD_KEY_POINTS_LAYOUT].choice];
  if (layout->uses & KD_USES_AT) return values[KD_KEY_POINTS_AT].n;
  if (layout->uses & KD_USES_FILE) return column_of(values).n;
  double count = values[KD_KEY_POINTS_COUNT].number;
  return count >= 1 ? (size_t)count : 0;
}

size_t kd_resolve_recorded(const struct kd_value *values) {
  if (!kd_keys[KD_KEY_DESCENT_STEPS].reads(values)) return 0;
  size_t every = (size_t)values[KD_KEY_DESCENT_EVERY].number;
  return (size_t)values[KD_KEY_DESCENT_STEPS].number / every + 1;
}

size_t kd_resolve_bins(const struct kd_value *values) {
  const struct kd_rule *rule = &kd_rules[values[KD_KEY_INTEGRAL_RULE].choice];
  if (rule->integral || !(values[KD_KEY_RECORD].names & KD_RECORD_BINS)) return 0;
  return kd_rule_nodes(rule, (size_t)values[KD_KEY_INTEGRAL_BINS].number);
}

double kd_resolve_shape(const struct kd_value *values) {
  const struct kd_kernel *kernel = &kd_kernels[values[KD_KEY_KERNEL_FAMILY].choice];
  const struct kd_value *shape = &values[KD_KEY_KERNEL_SHAPE];
  if (!kernel->shape_name) return NAN;
  return shape->set ? shape->number : kernel->shape_default;
}

static void place_points(const struct kd_value *values, const struct kd_problem *problem,
                         double *x) {
  const struct kd_value *span = &values[KD_KEY_POINTS_SPAN];
  struct kd_layout_args args = {
      .at = values[KD_KEY_POINTS_AT].list,
      .count = problem->n,
      .lower = span->list ? span->list[0] : NAN,
      .upper = span->list ? span->list[1] : NAN,
      .centre = values[KD_KEY_POINTS_CENTRE].number,
      .scale = values[KD_KEY_POINTS_SCALE].number,
      .distance = values[KD_KEY_POINTS_DISTANCE].number,
      .clusters = (size_t)values[KD_KEY_POINTS_CLUSTERS].number,
      .spread = values[KD_KEY_POINTS_SPREAD].number,
      .target_centre = problem->lower + (problem->upper - problem->lower) / 2,
      .seed = (uint64_t)values[KD_KEY_POINTS_SEED].number,
  };
  const struct kd_layout *layout = &kd_layouts[values[KD_KEY_POINTS_LAYOUT].choice];
  if (layout->uses & KD_USES_FILE) args.at = column_of(values).x;
  layout->fill(&args, x);
}

static void set_logits(const struct kd_value *values, const struct kd_problem *problem,
                       double *z) {
  struct kd_layout_args args = {
      .at = values[KD_KEY_LOGITS_AT].list,
      .count = problem->n,
      .scale = values[KD_KEY_LOGITS_SCALE].number,
      .seed = (uint64_t)values[KD_KEY_LOGITS_SEED].number,
  };
  kd_logits[values[KD_KEY_LOGITS_INIT].choice].fill(&args, z);
}

void kd_resolve_layout(const struct kd_value *values, double *x, struct kd_problem *problem) {
  *problem = (struct kd_problem){.space = (enum kd_space)values[KD_KEY_SPACE].choice,
                                 .n = kd_resolve_count(values),
                                 .x = x};
  kd_resolve_target(values, &problem->lower, &problem->upper);
  place_points(values, problem, x);
}

void kd_resolve_outline(const struct kd_value *values, struct kd_problem *problem) {
  *problem = (struct kd_problem){
      .space = (enum kd_space)values[KD_KEY_SPACE].choice,
      .kernel = &kd_kernels[values[KD_KEY_KERNEL_FAMILY].choice],
      .h = values[KD_KEY_KERNEL_BANDWIDTH].number,
      .shape = kd_resolve_shape(values),
      .n = kd_resolve_count(values),
      .shift = values[KD_KEY_SHIFT_BY].number,
      .shift_unit = &kd_shift_units[values[KD_KEY_SHIFT_UNIT].choice],
      .shift_mode = &kd_shift_modes[values[KD_KEY_SHIFT_MODE].choice],
      .shift_left = values[KD_KEY_SHIFT_LEFT].number,
      .shift_right = values[KD_KEY_SHIFT_RIGHT].number,
      .log10_factor = values[KD_KEY_KERNEL_LOG10_FACTOR].number,
      .log10_slope = values[KD_KEY_KERNEL_LOG10_SLOPE].number,
      .rule = &kd_rules[values[KD_KEY_INTEGRAL_RULE].choice],
      .bins = (size_t)values[KD_KEY_INTEGRAL_BINS].number,
      .order = (size_t)values[KD_KEY_INTEGRAL_ORDER].number,
      .tolerance = values[KD_KEY_INTEGRAL_TOLERANCE].number,
      .descent = &kd_descents[values[KD_KEY_DESCENT_METHOD].choice],
      .rate = values[KD_KEY_DESCENT_RATE].number,
      .steps = (size_t)values[KD_KEY_DESCENT_STEPS].number,
      .every = (size_t)values[KD_KEY_DESCENT_EVERY].number,
      .gap = values[KD_KEY_DESCENT_GAP].number,
      .record = values[KD_KEY_RECORD].names,
      .claims = values[KD_KEY_CLAIMS].names,
  };
  kd_resolve_target(values, &problem->lower, &problem->upper);
}

void kd_resolve_problem(const struct kd_value *values, double *x, double *z,
                        struct kd_problem *problem) {
  kd_resolve_outline(values, problem);
  problem->x = x, problem->z = z;
  place_points(values, problem, x);
  set_logits(values, problem, z);
}
