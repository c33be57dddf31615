/* SPDX-License-Identifier: MIT
 *
 * The points of a layout as two wings, right and left of the target's centre, each a row of
 * knots outwards from it, for sums over kernels that fall off exponentially. Both wings are
 * treated alike, so that reflection changes no bit. Of a wing, with r = |y|, K falls off at
 * the rate a/h outwards and b/h inwards.
 *
 * Knots lie in blocks of 128, at most WIDEST bandwidths wide, with an anchor r0 each. Point j
 * of a block and the stretch after knot k, from r_k to r_{k+1}, have factors that depend on
 * positions alone:
 *
 *   in_j = e^{a (r_j - r0)/h},         out_j = e^{-b (r_j - r0)/h}
 *   mid_in_k = e^{-a (r' - r0)/h},     mid_out_k = e^{b (r' - r0)/h},  r' its middle
 *   tau_k = (a + b)/2 (r_{k+1} - r_k)/h
 *
 * so that with the weights S, anywhere in the stretch,
 *
 *   f = P_k e^{-a (r - r0)/h} + Q_k e^{b (r - r0)/h},
 *   P_k = sum_{j <= k} S_j in_j,       Q_k = sum_{j > k} S_j out_j
 *
 * are plain sums of positive terms. Knots that are no points stand at the centre and, in wide
 * gaps, every bandwidth; S = 0 there. Points on an edge of T or beyond it are not knots: they
 * are one term each side, seen from the nearest of them, out_j = e^{-b (r_j - r_near)/h}.
 *
 * The factors are right to 2 KD_U, their exponents being formed in pairs of doubles; tau to 5.
 */
#ifndef KD_WING_H
#define KD_WING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/vmath/dd.h"

struct kd_estimate;

enum { KD_WING_LANES = 8, KD_WING_STEPS = 16, KD_WING_BLOCK = 128 };

/* Where knot k of a block is: lanes of 16 consecutive knots side by side */
static inline size_t kd_wing_place(size_t k) {
  return (k % KD_WING_STEPS) * KD_WING_LANES + k / KD_WING_STEPS;
}

/* Of a block: its anchor and the ways to the one before, or the centre; the largest tau; and
 * what enters it, for the sums (laplace_wings.c). A way of u bandwidths, rate times distance,
 * is kept as e^-u, or as e^-u - 1 where u <= 1/2; right to 2 KD_U. */
struct kd_wing_block {
  double anchor, way_a, way_b, widest;
  double I, O, V;
};

struct kd_wing {
  double a, b;
  size_t first, end;                 /* blocks of knots; none if all points are outside */
  size_t first_outside, end_outside; /* blocks of points outside */
  double way_b_to_edge;              /* from the last anchor to T's edge */
  double nearest;                    /* r of the nearest outside, or infinity */
  struct kd_dd beyond;               /* b/h times its distance from the edge */
};

/* Start from {0}. */
struct kd_wings {
  struct kd_wing wing[2];    /* right, left */
  size_t n_blocks, n_centre; /* points at the centre: the first of all */
  double h;
  size_t points_room, blocks_room;
  uint32_t *slot; /* of each of the estimate's points, but for those at the centre: points
                     inside T that tie share one */
  struct kd_wing_block *block;
  double *in, *out, *mid_in, *mid_out, *tau; /* 128 a block; points outside: `out` alone */
  double *S, *U, *V;                         /* likewise, for the sums; S is 0 */
};

void kd_wings_clear(struct kd_wings *wings);

/* Places the points of an estimate, which is sorted; K falls off at rate_A/h on their right,
 * rate_B/h on their left. *serves: false for layouts that this is not for, sparse ones in a
 * wide T, and lengths near the ends of the range. KD_SYSTEM when memory is short. */
int kd_wings_place(struct kd_wings *wings, const struct kd_estimate *estimate, double rate_A,
                   double rate_B, bool *serves, struct kd_err *err);

#endif
