/* SPDX-License-Identifier: MIT
 *
 * The inside of a workspace (problem.h): what evaluations keep between them, so that
 * none allocates for a problem that is no larger than those before.
 */
#ifndef KD_WORKSPACE_H
#define KD_WORKSPACE_H

#include "bins.h"
#include "problem.h"
#include "stage.h"
#include "trajectory.h"

struct kd_court;

struct kd_workspace {
  struct kd_stage stage, twin;
  struct kd_bins bins;
  struct kd_trajectory trajectory;
  struct kd_court *court; /* of claims; NULL until one is judged */
  size_t n;               /* room for points in the next rows */
  double *x, *gradient, *sensitivity, *velocity;
};

/* Room for n points; KD_SYSTEM when memory is short. */
int kd_workspace_reserve(struct kd_workspace *ws, size_t n, struct kd_err *err);

#endif
