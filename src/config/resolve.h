/* SPDX-License-Identifier: MIT
 *
 * From a cell's values to its problem.
 */
#ifndef KD_RESOLVE_H
#define KD_RESOLVE_H

#include "core/problem.h"
#include "value.h"

/* Bounds of the target, from either form. */
void kd_resolve_target(const struct kd_value *values, double *lower, double *upper);

/* Number of points; 0 while points.at or points.count is missing. */
size_t kd_resolve_count(const struct kd_value *values);

/* Recorded steps of the trajectory: floor(steps/every) + 1, 0 without one. */
size_t kd_resolve_recorded(const struct kd_value *values);

/* Bins that are recorded: the nodes of a binned rule, 0 if none are. */
size_t kd_resolve_bins(const struct kd_value *values);

/* Shape: as set, else the family's default; NaN where the family has none. */
double kd_resolve_shape(const struct kd_value *values);

/* Positions in x, and of the problem what they and the target need. */
void kd_resolve_layout(const struct kd_value *values, double *x, struct kd_problem *problem);

/* Fills the problem, but for positions and logits, which are NULL. */
void kd_resolve_outline(const struct kd_value *values, struct kd_problem *problem);

/* Fills the problem, its positions in x and its logits in z, n values each. */
void kd_resolve_problem(const struct kd_value *values, double *x, double *z,
                        struct kd_problem *problem);

#endif
