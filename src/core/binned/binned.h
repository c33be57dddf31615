/* SPDX-License-Identifier: MIT
 *
 * Closed sums over equal bins: loss and gradient of a binned rule in O(n + bins), where a
 * kernel has a way to it (kernel.h, `binned`). The points are taken as they come: no sort.
 */
#ifndef KD_BINNED_H
#define KD_BINNED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"
#include "core/objective.h"
#include "core/rule.h"

struct kd_positions;
struct kd_room;

/* A layout on the line, in the order of the input */
struct kd_points {
  size_t n;
  const struct kd_positions *at; /* frame.h */
  const double *z;               /* logits */
  double h;                      /* bandwidth */
  double dw;                     /* bound on the error of the target's half-width */
};

/* laplace. *done: false, and nothing else set, if numbers would leave the range of doubles:
 * bins far wider than h; points of weight below e^-600 that may matter; lengths near the ends
 * of the range. The points are those of the call before unless kd_room_points_moved was called.
 *
 * To the bit the same G: logits raised by a dyadic number, and points outside T moved
 * inwards at one speed, if x, c, w and the step are dyadic. Permuted or reflected: within
 * the bounds, for sums go by the order of the input. KD_SYSTEM when memory is short. */
int kd_binned_laplace(const struct kd_points *points, const struct kd_grid *grid,
                      struct kd_room *room, bool *done, struct kd_objective *out, double *G,
                      double *log_m, struct kd_err *err);

#endif
