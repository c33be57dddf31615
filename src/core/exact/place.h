/* SPDX-License-Identifier: MIT
 *
 * Places on the line where supports begin and end, y +- h without rounding: as sums of
 * two doubles. Their order is that of the exact numbers, so every part of an
 * algorithm that sweeps over them sees the same one, and what touches, touches.
 */
#ifndef KD_PLACE_H
#define KD_PLACE_H

#include <stdbool.h>

#include "core/vmath/dd.h"

static inline struct kd_dd kd_place_sum(double y, double h) {
  return kd_two_sum(y, h);
}

static inline bool kd_place_before(struct kd_dd a, struct kd_dd b) {
  return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* b - a, relative error at most 3 KD_U: rests matter only where the highs differ by a
 * few units in their last place or not at all, and then all sums but the last are exact. */
static inline double kd_place_distance(struct kd_dd a, struct kd_dd b) {
  struct kd_dd high = kd_two_sum(b.high, -a.high), low = kd_two_sum(b.low, -a.low);
  struct kd_dd both = kd_two_sum(high.high, low.high);
  return both.high + (both.low + (high.low + low.low));
}

#endif
