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
 * <= t means that both are at most t, a_n <= 2 t^n: 6 terms do for t = 2^-10, 11 for 2^-5, 28
 * for 1/4, to 2^-55 at most. Longer stretches go by segment.c. Of s, q, C taken for given, the
 * moments are right to 12 roundings; s, q, C to 4.
 */
#ifndef KD_ZONE_STRETCH_H
#define KD_ZONE_STRETCH_H

#include "zone.h"
#include "zone_sums.h"

/* By cells; 0 beyond T: int of 1/F; of the distances to the node before and to the node over F;
 * of their product over F. The latter are set for degrees of 1 and 2 at least. */
struct kd_zone_moments {
  double *mass, *left, *right, *both; /* the caller's */
};

/* F: at nodes, shifted; not read for degree 0. mass: sum of weights on each stretch, not read
 * for degree 1. Returns the sum of part times mean log F, or 0 where that is not wanted. */
double kd_zone_cross(const struct kd_zones *zones, size_t block, size_t degree, const double *F,
                     const double *mass, bool with_log, const struct kd_zone_moments *out);

#endif
