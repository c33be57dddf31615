/* SPDX-License-Identifier: MIT
 *
 * What no single value shows: keys that are missing, that exclude each other,
 * that nothing reads; counts that must agree. Holds for every cell of a sweep.
 */
#ifndef KD_CHECK_H
#define KD_CHECK_H

#include "spec.h"

enum { KD_CELLS_MAX = 1000000000 };

/* What the cells of a sweep need, over all of them. */
struct kd_extent {
  size_t n_cells, max_points, max_recorded, max_bins;
};

void kd_check(const struct kd_spec *spec, struct kd_diag *diag, struct kd_extent *extent);

#endif
