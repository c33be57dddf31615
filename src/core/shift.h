/* SPDX-License-Identifier: MIT
 *
 * The inward shift: all points move to the target's centre c at one speed,
 *   x_i <- c + s_i (r_i - d),   r_i = |x_i - c|, s_i = sign(x_i - c),
 * outwards for d < 0. In the centred coordinates y_i = x_i - c used here.
 */
#ifndef KD_SHIFT_H
#define KD_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

/* min_i |y_i|: the shift at which the first of n points reaches the centre */
double kd_d_centre(size_t n, const double *y);

/* min_i |y_i| - w: ... the nearest edge of T; < 0 with a point inside T */
static inline double kd_d_edge(double d_centre, double w) {
  return d_centre - w;
}

/* A point at the centre has no side, and none may pass the centre. */
static inline bool kd_shift_exists(double d, double d_centre) {
  return d == 0 || (d_centre > 0 && d <= d_centre);
}

static inline double kd_shifted(double y, double d) {
  return y > 0 ? y - d : y + d;
}

#endif
