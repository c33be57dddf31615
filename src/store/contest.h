/* SPDX-License-Identifier: MIT
 *
 * One quantity compared over the sets of a pairing: of each value of the axis the median and
 * the quartiles, how often it has the least number, how often it ties for it.
 *
 * A column over points counts with its largest modulus, one over steps with the last that
 * there is. A number is beaten if it exceeds that whose upper end (number + bound) is least
 * in its set by more than both bounds together. Who beats all others wins; who is
 * not beaten by that one, nor wins, ties. Without a bound every difference counts.
 */
#ifndef KD_CONTEST_H
#define KD_CONTEST_H

#include "pairing.h"

/* What one value of the axis came to */
struct kd_contestant {
  size_t n, n_missing;         /* sets in which it has a number; in which it has none */
  size_t wins, ties;           /* of sets with two numbers or more */
  double lower, median, upper; /* quartiles, between two numbers by line; NaN if n = 0 */
};

struct kd_contest {
  struct kd_column column;
  bool bounded;   /* there is a column of bounds */
  bool all_equal; /* in every set all have the same number, or none */
  size_t n_numbers;
  struct kd_contestant *one; /* of each value of the axis; owned */
};

/* Whether a column is one number a cell, or becomes one, and no bound of another. */
bool kd_contest_takes(const struct kd_column *column);

/* How it becomes one: "value", "largest" modulus over points, "last" of the steps */
const char *kd_contest_number(const struct kd_column *column);

/* KD_SYSTEM when memory is short. To be cleared also on error. */
int kd_contest_make(struct kd_contest *contest, const struct kd_pairing *pairing,
                    const struct kd_column *column, struct kd_err *err);
void kd_contest_clear(struct kd_contest *contest);

#endif
