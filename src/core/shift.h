/* SPDX-License-Identifier: MIT
 *
 * Shifts of a layout: units and modes, one row of one table each, in the
 * centred coordinates y_i = x_i - c (on the circle in [-pi, pi)).
 *
 *   inward     y_i <- s_i (r_i - d): all points move to the centre at one speed
 *   translate  y_i <- y_i + d
 *   sided      y_i <- s_i (r_i - d factor), a factor for each side
 *
 * with r_i = |y_i|, s_i = sign(y_i).
 */
#ifndef KD_SHIFT_H
#define KD_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

struct kd_problem;

/* min_i |y_i|: the shift at which the first of n points reaches the centre */
double kd_d_centre(size_t n, const double *y);

/* min_i |y_i| - w: ... the nearest edge of T; < 0 with a point inside T */
static inline double kd_d_edge(double d_centre, double w) {
  return d_centre - w;
}

struct kd_shift_unit {
  const char *name, *doc;
  /* Length of one unit, given the bandwidth h and the layout's two distances. */
  double (*length)(double h, double d_edge, double d_centre);
  bool needs_edge; /* does not exist with a point inside T */
  bool of_layout;  /* taken from the positions, with their errors */
};

struct kd_shift_mode {
  const char *name, *doc;
  bool uses_sides;  /* reads shift_left and shift_right */
  bool needs_sides; /* does not exist with a point at the centre or opposite */
  bool to_centre;   /* does not exist beyond d_centre */
  /* dy/dd of a point that began at y, which hangs on y > 0 alone; left and right are read
   * where uses_sides. */
  double (*velocity)(double y, double left, double right);
};

extern const struct kd_shift_unit kd_shift_units[];
extern const size_t kd_n_shift_units;
extern const struct kd_shift_mode kd_shift_modes[];
extern const size_t kd_n_shift_modes;

const struct kd_shift_unit *kd_shift_unit_find(const char *name);
const struct kd_shift_mode *kd_shift_mode_find(const char *name);

/* Whether n points have a side each: not one at the centre, or opposite to it on the circle.
 * y: their positions from the centre. */
bool kd_shift_sides(bool on_circle, size_t n, const double *y);

/* The problem's shift as a length d, off by at most dd; false if there is no such shift
 * of a layout with this d_centre (off by at most dd_centre), all of whose points have a
 * side or not: a unit that does not exist, a point without a side, or one that would
 * pass the centre. A shift by 0 always exists. */
bool kd_shift_distance(const struct kd_problem *problem, double d_centre, double dd_centre,
                       bool sides, double *d, double *dd);

#endif
