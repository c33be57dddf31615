/* SPDX-License-Identifier: MIT
 *
 * What a plan keeps to itself: the spec it came from, and for each
 * coordinate where its values come from.
 */
#ifndef KD_PLAN_PRIVATE_H
#define KD_PLAN_PRIVATE_H

#include "plan.h"
#include "sieve.h"

/* Where coordinate s comes from. */
struct kd_origin {
  size_t series;      /* of the spec */
  bool upper;         /* target.upper: the second number of the pair */
  const char **names; /* owned: n_names names */
  size_t *code;       /* owned: code of choice i */
};

struct kd_plan_private {
  struct kd_spec spec;
  struct kd_sieve sieve; /* empty without filters */
  char *text, *overrides, *files;
  struct kd_axis *axis;
  struct kd_swept *swept;
  struct kd_origin *origin; /* n_swept */
  const struct kd_key *fixed[KD_N_KEYS];
};

/* coordinates.c: fills the plan's axes and coordinates from its spec; false if
 * memory is short. */
bool kd_plan_list_axes(struct kd_plan *plan);
void kd_plan_clear_axes(struct kd_plan *plan);

/* cell.c */
void kd_plan_measure(struct kd_plan *plan); /* mean_points, cell_bytes */

/* Coordinate s of a cell that has value i of its axis. */
double kd_plan_coordinate(const struct kd_plan *plan, size_t s, size_t i,
                          const struct kd_value *value);

#endif
