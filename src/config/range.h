/* SPDX-License-Identifier: MIT
 *
 * Numbers of a range {from, to, count, scale}, the same bits on every machine.
 *
 *   linear   from + i (to - from)/last
 *   log      from (to/from)^(i/last)
 *
 * computed in pairs of doubles and rounded once. A number that no double holds
 * gives way to a decimal of 13 digits that is as near as the rounding of from,
 * to and itself allows: tenths and decades come out as one types them, what is
 * exact in binary stays. The ends are from and to themselves.
 */
#ifndef KD_RANGE_H
#define KD_RANGE_H

#include <stdbool.h>
#include <stddef.h>

struct kd_range {
  double from, to;
  size_t n;            /* >= 1 */
  bool log;            /* from > 0 and to > 0 */
  double log_ratio[2]; /* log: log(to/from), high and low part */
};

struct kd_range kd_range_make(double from, double to, size_t n, bool log);

/* Number i, 0 <= i < n. */
double kd_range_number(const struct kd_range *range, size_t i);

#endif
