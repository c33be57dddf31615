/* SPDX-License-Identifier: MIT
 *
 * Assertions about random problems: one that fails prints itself as a config that
 * reproduces it.
 */
#ifndef KD_TEST_REPRODUCE_H
#define KD_TEST_REPRODUCE_H

#include <stdio.h>

#include "problems.h"

static inline void print_config(const struct kd_problem *p) {
  fprintf(
      stderr,
      "reproduce with:\nexperiment: failing\nspace: %s\nkernel: {family: %s, bandwidth: %.17g",
      p->space == KD_SPACE_CIRCLE ? "circle" : "line", p->kernel->name, p->h);
  if (p->kernel->shape_name) fprintf(stderr, ", shape: %.17g", p->shape);
  fprintf(stderr, "}\ntarget: {bounds: [%.17g, %.17g]}\npoints: {layout: explicit, at: [",
          p->lower, p->upper);
  for (size_t j = 0; j < p->n; j++) fprintf(stderr, "%s%.17g", j ? ", " : "", p->x[j]);
  fprintf(stderr, "]}\nlogits: {init: explicit, at: [");
  for (size_t j = 0; j < p->n; j++) fprintf(stderr, "%s%.17g", j ? ", " : "", p->z[j]);
  fprintf(stderr, "]}\nintegral: {rule: %s", p->rule->name);
  if (p->rule->uses & KD_RULE_USES_BINS) fprintf(stderr, ", bins: %zu", p->bins);
  if (p->rule->uses & KD_RULE_USES_ORDER) fprintf(stderr, ", order: %zu", p->order);
  if (p->rule->uses & KD_RULE_USES_TOLERANCE)
    fprintf(stderr, ", tolerance: %.17g", p->tolerance);
  fprintf(stderr, "}\nshift: {by: %.17g, unit: %s, mode: %s", p->shift, p->shift_unit->name,
          p->shift_mode->name);
  if (p->shift_mode->uses_sides)
    fprintf(stderr, ", left: %.17g, right: %.17g", p->shift_left, p->shift_right);
  fputs("}\n", stderr);
}

#define must(condition, problem)                                                               \
  do {                                                                                         \
    if (!(condition)) {                                                                        \
      print_config(problem);                                                                   \
      fail_msg("%s", #condition);                                                              \
    }                                                                                          \
  } while (0)

#define must_be_close(value, expected, tolerance, problem)                                     \
  do {                                                                                         \
    double v_ = (value), e_ = (expected), t_ = (tolerance);                                    \
    if (!(fabs(v_ - e_) <= t_)) {                                                              \
      print_config(problem);                                                                   \
      fail_msg("%s = %.17g, expected %.17g within %g", #value, v_, e_, t_);                    \
    }                                                                                          \
  } while (0)

#endif
