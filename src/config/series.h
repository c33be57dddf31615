/* SPDX-License-Identifier: MIT
 *
 * The values that a sweep gives to one path: a list as written (of lists for a
 * path whose value is a list), or a range
 *   {from, to, count, scale: linear|log}
 * of which no value is stored, so that a range of 10^6 costs what one of 2
 * costs.
 */
#ifndef KD_SERIES_H
#define KD_SERIES_H

#include "range.h"
#include "value.h"

struct kd_series {
  const struct kd_key *key;
  struct kd_mark mark;   /* of the path in the sweep */
  size_t axis;           /* index of its axis */
  size_t n;              /* values */
  struct kd_value *list; /* n values, owned; NULL: a range */
  struct kd_range range;
  struct kd_mark range_mark;
};

enum { KD_SERIES_MAX = 1000000000, KD_GROUP_MAX = 20000 };

/* Reads a list or a range; `~` in a list is `unset`, the key's default. False
 * after an error. */
bool kd_series_read(const struct kd_key *key, const struct kd_node *node,
                    const struct kd_value *unset, struct kd_diag *diag,
                    struct kd_series *series);

void kd_series_clear(struct kd_series *series);

/* Number i of a range (range.h). */
double kd_series_number(const struct kd_series *series, size_t i);

/* Value i; its list, if any, belongs to the series. */
struct kd_value kd_series_value(const struct kd_series *series, size_t i);

#endif
