/* SPDX-License-Identifier: MIT
 *
 * Walks over the combinations of values that some keys take in a sweep,
 * leaving out the axes that carry none of them and values that make no
 * difference to a check: one of two keys costs far less than the number of
 * cells. A check sees an axis through its extremes, and must therefore hold for
 * all numbers between two for which it holds.
 */
#ifndef KD_SCAN_H
#define KD_SCAN_H

#include <stdbool.h>

#include "spec.h"

struct kd_scan {
  const struct kd_spec *spec;
  struct kd_diag *diag;
  uint64_t keys;                    /* looked at */
  struct kd_value value[KD_N_KEYS]; /* theirs; lists belong to the spec */
  bool done;                        /* set by a visitor that has seen enough */

  size_t max_points, max_recorded, max_bins; /* found so far */
  uint64_t read;                             /* keys that some cell reads */
};

void kd_scan_init(struct kd_scan *scan, const struct kd_spec *spec, struct kd_diag *diag);

/* Calls visit once for each combination of the keys in the set, until `done`
 * or until no more errors would be kept. */
void kd_scan_over(struct kd_scan *scan, uint64_t keys, void (*visit)(struct kd_scan *scan));

#endif
