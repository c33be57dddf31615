/* SPDX-License-Identifier: MIT
 *
 * Positions as seen from the target's centre c, y_j = x_j - c (on the circle reduced to
 * [-pi, pi]), moved by the shift, with bounds on what rounding did to them: 0 where all
 * is short enough in binary.
 */
#ifndef KD_FRAME_H
#define KD_FRAME_H

#include "problem.h"

struct kd_frame {
  double c, c_rest; /* c = (lower + upper)/2, their exact sum */
  double w, dw;     /* half-width, and a bound on its error */
};

struct kd_frame kd_frame_of(const struct kd_problem *problem);

/* y and the bounds dy, n values each in the order of the input, caller's; not moved. */
void kd_frame_place(const struct kd_frame *frame, const struct kd_problem *problem, double *y,
                    double *dy);

/* The same moved by d, which is off by at most dd. */
void kd_frame_move(const struct kd_problem *problem, double d, double dd, double *y,
                   double *dy);

#endif
