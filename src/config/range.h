/* SPDX-License-Identifier: MIT
 *
 * Numbers of a range {from, to, count, scale}, the same bits on every machine.
 *
 *   linear   from + i (to - from)/last
 *   log      from (to/from)^(i/last)
 *
 * computed in pairs of doubles and rounded once. A number that no double holds
 * gives way to a decimal of 13 digits less than an ulp away, so that tenths and
 * decades come out as one types them; what is exact in binary stays. The ends
 * are from and to themselves.
 */
#ifndef KD_RANGE_H
#define KD_RANGE_H

#include <stdbool.h>
#include <stddef.h>

/* Number i of n >= 1; a log range has from > 0 and to > 0. */
double kd_range_number(double from, double to, bool log, size_t i, size_t n);

#endif
