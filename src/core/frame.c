/* SPDX-License-Identifier: MIT
 *
 * See frame.h. What a sum rounds off is known exactly (num.h, kd_two_sum).
 */
#include "frame.h"

#include <math.h>
#include <string.h>

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
static void reduce(size_t n, double *y, double *dy) {
  for (size_t i = 0; i < n; i++) {
    double from = fabs(y[i]);
    if (from <= KD_PI_HIGH) continue;
    y[i] = kd_circle_reduced(y[i]);
    dy[i] += from < 15 ? 2 * KD_U * fabs(y[i]) + 0x1p-100 : 4 * KD_U * from;
  }
}

/* x - c, and what that rounds, where c is a double */
KD_CLONES static void differences(size_t n, const double *x, double c, double *y) {
#pragma omp simd
  for (size_t i = 0; i < n; i++) y[i] = x[i] - c;
}

KD_CLONES static void roundings(size_t n, const double *x, double c, double *dy) {
#pragma omp simd
  for (size_t i = 0; i < n; i++) dy[i] = fabs(kd_two_sum(x[i], -c).low);
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

KD_CLONES static void move(size_t n, const struct kd_positions *p, double *y, double *dy) {
  double step_left = p->step[0], slip_left = p->slip[0], drift_left = p->drift[0];
  double step_right = p->step[1], slip_right = p->slip[1], drift_right = p->drift[1];
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    bool right = y[i] > 0;
    struct kd_dd moved = kd_two_sum(y[i], right ? step_right : step_left);
    double slip = right ? slip_right : slip_left, drift = right ? drift_right : drift_left;
    y[i] = moved.high;
    dy[i] += fabs(moved.low) + drift + slip;
  }
}

static void place(const struct kd_frame *frame, size_t n, const double *x, double *y,
                  double *dy) {
  if (frame->c_rest != 0) {
    offsets(n, x, frame->c, frame->c_rest, y, dy);
  } else if (frame->c != 0) {
    differences(n, x, frame->c, y);
    roundings(n, x, frame->c, dy);
  } else {
    memcpy(y, x, n * sizeof *y);
    memset(dy, 0, n * sizeof *dy);
  }
}

void kd_frame_place(const struct kd_frame *frame, const struct kd_problem *p, double *y,
                    double *dy) {
  place(frame, p->n, p->x, y, dy);
  if (p->space == KD_SPACE_CIRCLE) reduce(p->n, y, dy);
}

void kd_positions_init(struct kd_positions *a, const struct kd_problem *p, double d,
                       double dd) {
  a->n = p->n, a->y = a->dy = NULL, a->x = p->x;
  a->frame = kd_frame_of(p);
  a->on_circle = p->space == KD_SPACE_CIRCLE, a->moved = d != 0;
  for (int right = 0; a->moved && right < 2; right++) {
    double y = right ? 1 : -1;
    double velocity = p->shift_mode->velocity(y, p->shift_left, p->shift_right);
    a->step[right] = velocity * d;
    a->slip[right] = fabs(kd_two_product(velocity, d).low);
    a->drift[right] = fabs(velocity) * dd;
  }
}

void kd_positions_read(const struct kd_positions *p, size_t first, size_t n, double *y,
                       double *dy) {
  if (p->y) {
    memcpy(y, p->y + first, n * sizeof *y);
    memcpy(dy, p->dy + first, n * sizeof *dy);
    return;
  }
  place(&p->frame, n, p->x + first, y, dy);
  if (p->on_circle) reduce(n, y, dy);
  if (p->moved) move(n, p, y, dy);
  if (p->moved && p->on_circle) reduce(n, y, dy);
}

const double *kd_positions_look(const struct kd_positions *p, size_t first, size_t n, double *y,
                                double *room) {
  if (p->y) return p->y + first;
  bool plain = !p->moved && !p->on_circle && p->frame.c_rest == 0;
  if (plain && p->frame.c == 0) return p->x + first;
  if (plain)
    differences(n, p->x + first, p->frame.c, y);
  else
    kd_positions_read(p, first, n, y, room);
  return y;
}
