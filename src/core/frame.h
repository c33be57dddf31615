/* SPDX-License-Identifier: MIT
 *
 * Positions as seen from the target's centre c, y_j = x_j - c (on the circle reduced to
 * [-pi, pi]), moved by the shift, with bounds on what rounding did to them: 0 where all
 * is short enough in binary.
 */
#ifndef KD_FRAME_H
#define KD_FRAME_H

#include <stdbool.h>

#include "problem.h"

struct kd_frame {
  double c, c_rest; /* c = (lower + upper)/2, their exact sum */
  double w, dw;     /* half-width, and a bound on its error */
};

struct kd_frame kd_frame_of(const struct kd_problem *problem);

/* y and the bounds dy, n values each in the order of the input, caller's; not moved. */
void kd_frame_place(const struct kd_frame *frame, const struct kd_problem *problem, double *y,
                    double *dy);

/* A layout moved by d, which is off by at most dd: its positions are made where they are
 * read, a part at a time, or held in arrays. x, y and dy are the caller's. */
struct kd_positions {
  size_t n;
  const double *y, *dy; /* held; y is NULL where they are made of the next */
  const double *x;
  struct kd_frame frame;
  bool on_circle, moved;
  double step[2], slip[2], drift[2]; /* of points left and right of c: how far they move, what
                                        that is rounded by, and off by for dd */
};

void kd_positions_init(struct kd_positions *positions, const struct kd_problem *problem,
                       double d, double dd);

/* y and dy of n points from `first` on, caller's. The bits are those of larger parts. */
void kd_positions_read(const struct kd_positions *positions, size_t first, size_t n, double *y,
                       double *dy);

/* The same y alone, which is less work. Returns where they are: in y or where they were.
 * room: n values, caller's. */
const double *kd_positions_look(const struct kd_positions *positions, size_t first, size_t n,
                                double *y, double *room);

#endif
