/* SPDX-License-Identifier: MIT
 *
 * The inside of a workspace (problem.h): what evaluations keep between them, so that
 * none allocates for a problem that is no larger than those before.
 */
#ifndef KD_WORKSPACE_H
#define KD_WORKSPACE_H

#include "bins.h"
#include "core/exact/exact.h"
#include "estimate.h"
#include "problem.h"
#include "rule.h"

struct kd_workspace {
  struct kd_estimate estimate;
  struct kd_nodes nodes;
  struct kd_room room;
  struct kd_bins bins;
  size_t n; /* room for points in the next rows */
  double *y, *dy, *x, *gradient, *sensitivity, *velocity, *twin, *z, *scratch;
  size_t n_recorded; /* room for recorded steps in the next rows */
  int64_t *iteration;
  double *loss, *norm;
};

/* Room for n points, or recorded steps; KD_SYSTEM when memory is short. */
int kd_workspace_reserve_points(struct kd_workspace *ws, size_t n, struct kd_err *err);
int kd_workspace_reserve_steps(struct kd_workspace *ws, size_t n, struct kd_err *err);

#endif
