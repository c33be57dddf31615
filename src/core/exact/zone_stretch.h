/* SPDX-License-Identifier: MIT
 *
 * The stretches of a block (zone.h) side by side: moments of 1/F on each, and the mean of
 * log F, from F at the nodes.
 *
 * In t from -1 to 1 along a stretch of length l, F_0 and F_1 at its ends, mass = -F''/2 or 0,
 *
 *   F = C (1 + s t - q t^2),  C = (F_0 + F_1)/2 + R,  s C = (F_1 - F_0)/2,
 *   q C = R = mass (l/2)^2
 *
 * and 1/F = (a_0 - a_1 t + a_2 t^2 - ...)/C, a_{n+1} = s a_n + q a_{n-1}, a_0 = 1, a_1 = s:
 *
 *   int 1/F = l/C e                     e = sum a_{2k}/(2k + 1)
 *   int (distance to an end)/F = l^2/(2 C) (e -+ d),   d = sum a_{2k+1}/(2k + 3)
 *   int (product of both)/F = l^3/(2 C) sum a_{2k}/((2k + 1) (2k + 3))
 *   mean log F = log C - sum p_{2k}/(2k (2k + 1)),  p_n = a_n + q a_{n-2}
 *
 * for the powers t1^n + (-t2)^n of the zeros' inverses are s p_{n-1} + q p_{n-2}. As |s| + q/t
 * <= t means that both are at most t, a_n <= 2 t^n: 6 terms do for t = 2^-10, 12 for 2^-5, 28
 * for 1/4, to 2^-57 at most. Longer stretches go by segment.c.
 *
 * Roundings, F, mass given, lengths right to 3: C 3 and of R, at most 1/16 of it, 1; s 5, so of
 * e and d, where it counts by at most 1/50 and 1/3, and 2 for their sums; e - d is at least
 * 0.9. Moments: of mass 4 + 3 + 1 + 2 + 1, at most 13; first 8 + 3 + 1 + 6 + 1, 21; both 12 + 3
 * + 1 + 4 + 1, 25. Degree 0: 5. Mean log F: C's 4 and 4 absolute, and 2 of itself.
 */
#ifndef KD_ZONE_STRETCH_H
#define KD_ZONE_STRETCH_H

#include "core/num.h"
#include "zone.h"

/* By cells; 0 beyond T: int of 1/F; of the distances to the node before and to the node over F;
 * of their product over F. The latter are set for degrees of 1 and 2 at least. */
struct kd_zone_moments {
  double *mass, *left, *right, *both; /* the caller's */
};

/* Of stretches so far: sums of part times mean log F, and of the sizes of these. Start from
 * {0}. */
struct kd_zone_logs {
  struct kd_sum sum, size;
  bool any_long;
};

/* F: at nodes, shifted; not read for degree 0. mass: sum of weights on each stretch, not read
 * for degree 1. */
void kd_zone_cross(const struct kd_zones *zones, size_t block, size_t degree, const double *F,
                   const double *mass, const struct kd_zone_moments *out, bool with_log,
                   struct kd_zone_logs *logs);

#endif
