/* SPDX-License-Identifier: MIT
 *
 * The cells that the filters of a sweep leave, as intervals of the product's
 * indices. A filter is asked as soon as the axes it is about stand still, and
 * what hangs on faster axes goes or stays as a whole: the time is that of the
 * axes the filters are about, not of the cells.
 */
#ifndef KD_SIEVE_H
#define KD_SIEVE_H

#include "check.h"

/* Asking a filter once, values of one range, positions of points: at most so many. */
enum { KD_SIEVE_VISITS = 10000000, KD_SIEVE_VALUES = 1000000, KD_SIEVE_POINTS = 20000000 };

struct kd_sieve {
  size_t n;       /* intervals */
  size_t *first;  /* index in the product of each one's first cell; owned */
  size_t *before; /* n + 1: cells left before it; the last one is all; owned */
};

/* Sifts a spec that was checked and has filters. The cells that are left and
 * their extents go to *extent; false after an error, one if no cell is left. */
bool kd_sieve_make(struct kd_sieve *sieve, const struct kd_spec *spec, struct kd_diag *diag,
                   struct kd_extent *extent);
void kd_sieve_clear(struct kd_sieve *sieve);

/* Index in the product of cell `index` of those that are left. */
size_t kd_sieve_index(const struct kd_sieve *sieve, size_t index);

#endif
