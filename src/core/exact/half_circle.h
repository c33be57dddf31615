/* SPDX-License-Identifier: MIT
 *
 * Half a circle [0, pi], seen from places v in it: the points within half a circle of v
 * are on its left or on its right. v passes a point: it changes from right to left; v
 * passes a point's antipode: from left to right. So the sums over both sides are windows
 * that slide, and no sum may subtract what has left: e^-40 of it would hide the rest.
 *
 *   1. Events: each point is either near, in this half circle at |y|, or far, with its
 *      antipode there at pi - |y|.
 *   2. Near points lie left of v once v has passed them: a sum N over them, from the
 *      start, that decays. Far points lie left of v, beyond the start, until v passes
 *      their antipode: a sum F over them, from the end, those next to the start first.
 *      So it is on the right, with start and end exchanged. Nothing ever leaves a sum:
 *      each window is two of them, A = N + F on the left of v.
 *   3. The proportion of N and F does not depend on v. It is taken where they are next
 *      to each other: F at its first point, N once more, growing, at its own first
 *      point, and the distance between these two. Where both sums matter, neither's
 *      terms are far from there.
 *
 * Places are pairs of doubles: pi - |y| keeps all digits, and so do differences. Errors
 * as in share.h, in KD_U.
 */
#ifndef KD_HALF_CIRCLE_H
#define KD_HALF_CIRCLE_H

#include <math.h>
#include <stdbool.h>

#include "core/circle.h"
#include "share.h"

/* high + low, |low| at most half an ulp of high */
struct kd_place {
  double high, low;
};

static const struct kd_place KD_START = {0, 0}, KD_END = {KD_PI_HIGH, KD_PI_LOW};

/* b - a, or 0 if that is negative */
static inline double kd_arc_between(struct kd_place a, struct kd_place b) {
  return fmax(0, (b.high - a.high) + (b.low - a.low));
}

static inline bool kd_before(struct kd_place a, struct kd_place b) {
  return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* A sum as it stood at a place, with its relative error */
struct kd_sum_there {
  struct kd_scaled value;
  double error;
};

/* Sums over near points, here and at the first of them; over far ones, at the first */
struct kd_sums {
  struct kd_sum_there near, grown, far;
};

/* The same on their way; start from {0} */
struct kd_fronts {
  struct kd_front near, grown, far;
};

/* Parts of a stretch that go to near and far points, with absolute errors */
struct kd_parts {
  double near, near_error, far, far_error;
};

struct kd_event {
  struct kd_place at;
  bool far;
  struct kd_running S;   /* weight */
  struct kd_sums sums;   /* from the start, with this event */
  struct kd_share share; /* in one of these, later in one of those from the end */
  struct kd_parts ahead; /* what goes to this and later events of the stretch before */
  double rho, error;     /* mean over this half of T, and its absolute error */
  struct kd_scaled m;    /* mean of K/f over it */
};

/* The windows on one side of v; on the right near points begin at the end */
struct kd_side {
  struct kd_place first_near, first_far;
  double beyond;           /* first far point from where the near ones begin, bandwidths */
  struct kd_scaled across; /* e^-u, u bandwidths between the two first points */
  double across_error;
};

enum { KD_LEFT, KD_RIGHT };

struct kd_half_circle {
  const struct kd_estimate *e;
  double sign; /* of y there */
  size_t *event_of;
  struct kd_event *at; /* by rising places */
  size_t n;
  struct kd_side side[2];
};

/* All that is on one side of v, the shares of near and far points in it, and the error
 * of their quotient */
struct kd_window {
  struct kd_sum_there sum;
  double near, far, error;
};

/* Fills the half circle where y has this sign: room for n events at `at`, of which
 * event_of[j] is point j's. Sums from the start are in place. */
struct kd_half_circle kd_half_circle(const struct kd_estimate *estimate, double sign,
                                     struct kd_event *at, size_t *event_of);

struct kd_sums kd_sums_of(const struct kd_fronts *fronts);

/* An event's weight into the sum that it belongs to, where near ones are on this side;
 * sets its share. */
void kd_half_circle_take_in(const struct kd_half_circle *half, struct kd_fronts *fronts,
                            int near_side, struct kd_event *event);

/* Near points summed there, far ones from the other end, seen from a place as many
 * bandwidths from where the near ones begin */
struct kd_window kd_window(const struct kd_side *side, const struct kd_sums *near,
                           const struct kd_sums *far, double reach);

#endif
