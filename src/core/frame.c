/* SPDX-License-Identifier: MIT
 *
 * See frame.h. What a sum rounds off is known exactly (num.h, kd_two_sum).
 */
#include "frame.h"

#include <math.h>

#include "circle.h"
#include "core/vmath/clones.h"
#include "core/vmath/dd.h"
#include "num.h"
#include "shift.h"

struct kd_frame kd_frame_of(const struct kd_problem *p) {
  struct kd_dd sum = kd_two_sum(p->lower, p->upper);
  struct kd_dd width = kd_two_sum(p->upper, -p->lower);
  return (struct kd_frame){sum.high / 2, sum.low / 2, width.high / 2, fabs(width.low) / 2};
}

/* Onto [-pi, pi] of the circle, by multiples of 2 pi in two doubles: one or two turns
 * round only in front of and behind the lower one, more round as a product, too. */
static void reduce(const struct kd_problem *p, double *y, double *dy) {
  if (p->space == KD_SPACE_LINE || fabs(*y) <= KD_PI_HIGH) return;
  double from = fabs(*y);
  *y = kd_circle_reduced(*y);
  *dy += from < 15 ? 2 * KD_U * fabs(*y) + 0x1p-100 : 4 * KD_U * from;
}

KD_CLONES static void offsets(size_t n, const double *x, double c, double c_rest, double *y,
                              double *dy) {
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    struct kd_dd offset = kd_two_sum(x[i], -c);
    double rest = offset.low - c_rest;
    struct kd_dd all = kd_two_sum(offset.high, rest);
    y[i] = all.high;
    dy[i] = fabs(all.low) + KD_U * fabs(rest);
  }
}

void kd_frame_place(const struct kd_frame *frame, const struct kd_problem *p, double *y,
                    double *dy) {
  offsets(p->n, p->x, frame->c, frame->c_rest, y, dy);
  for (size_t i = 0; p->space == KD_SPACE_CIRCLE && i < p->n; i++) reduce(p, &y[i], &dy[i]);
}

void kd_frame_move(const struct kd_problem *p, double d, double dd, double *y, double *dy) {
  for (size_t i = 0; i < p->n; i++) {
    double velocity = p->shift_mode->velocity(y[i], p->shift_left, p->shift_right);
    double step = velocity * d;
    struct kd_dd moved = kd_two_sum(y[i], step);
    y[i] = moved.high;
    dy[i] += fabs(moved.low) + fabs(velocity) * dd + fabs(kd_two_product(velocity, d).low);
    reduce(p, &y[i], &dy[i]);
  }
}
