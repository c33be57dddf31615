/* SPDX-License-Identifier: MIT
 *
 * One stretch of the target on which f is a polynomial F >= 0 of degree 0, 1 or 2 and
 * has no zero inside: the moments of 1/F, and the mean of log F.
 */
#ifndef KD_SEGMENT_H
#define KD_SEGMENT_H

#include "pole.h"
#include "window.h"

/* F in units of 2^e, of a length of its own choice */
struct kd_segment {
  double length;
  double at_left, at_right; /* F at the ends; equal for degree 0 */
  double mass;              /* sum S_j over the points that cover it; degree 2: -F''/2 */
  double slack;             /* sum S_j dy_j over them; not read here */
  int e;
};

/* Fills *over, the moments of 1/F on the stretch, and returns m, the mean of log F. F may
 * vanish at an end: moments that are infinite there are finite numbers, any, in *over.
 * F counts as given; relative errors of the moments, in units of KD_U: 3 for degree 0, 52
 * for degree 1, 108 for degree 2; absolute ones of m: 2 + 6 |m|, 12 + 6 |m|, 24 + 6 |m|. */
typedef double kd_segment_over(const struct kd_segment *s, const struct kd_pole_rules *rules,
                               struct kd_moments *over);

kd_segment_over kd_segment_constant, kd_segment_linear, kd_segment_quadratic;

#endif
