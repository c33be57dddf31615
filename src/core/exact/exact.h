/* SPDX-License-Identifier: MIT
 *
 * The closed forms: which there are, and the scratch that they share. Each has the
 * signature kd_exact of kernel.h and stands in its kernel's row.
 */
#ifndef KD_EXACT_H
#define KD_EXACT_H

#include "compact.h"
#include "core/binned/laplace.h"
#include "core/kernel.h"
#include "core/objective.h"
#include "laplace.h"
#include "laplace_circle.h"
#include "line.h"
#include "zone.h"

/* Room for any of them, kept between calls; start from {0}. */
struct kd_room {
  struct kd_laplace laplace;
  struct kd_lanes lanes;
  struct kd_zones zones;
  struct kd_laplace_circle laplace_circle;
  struct kd_compact compact;
  struct kd_laplace_bins laplace_bins;
};

void kd_room_clear(struct kd_room *room);

/* What is kept about points is of no use any more. */
void kd_room_points_moved(struct kd_room *room);

/* laplace and asymmetric-laplace on the line (laplace.h) */
kd_exact kd_exact_laplace;

/* laplace on the line at other logits (laplace_step.h) */
kd_exact_step kd_exact_laplace_step;

/* laplace on the circle (laplace_circle.h) */
kd_exact kd_exact_laplace_circle;

/* uniform, triangular, epanechnikov, on the line: O(n) on top of the estimate's sorting,
 * some 300 bytes a point (compact_zones.h), or by a sweep (compact.h), which takes any layout,
 * some 600. Weights of any size keep their digits. To the bit the same loss and G: permuted,
 * reflected, logits raised by a dyadic number, moved by a dyadic step together with T; all
 * lengths doubled, G. Bounds are proved (compact_zones.c, compact.c, blur.c); the loss's is
 * infinite where it hangs on errors of positions whether T is covered, 0 where the loss
 * is infinite for certain. */
kd_exact kd_exact_uniform, kd_exact_triangular, kd_exact_epanechnikov;

/* The same at other logits (compact_step.h) */
kd_exact_step kd_exact_uniform_step, kd_exact_triangular_step, kd_exact_epanechnikov_step;

#endif
