/* SPDX-License-Identifier: MIT
 *
 * What no single value shows: keys that are missing, that exclude each other,
 * that nothing reads; counts that must agree. Holds for every cell of a sweep.
 */
#ifndef KD_CHECK_H
#define KD_CHECK_H

#include "spec.h"

/* What the cells of a sweep need, over all of them. */
struct kd_extent {
  size_t n_cells, max_points, max_recorded, max_bins;
};

/* More cells than max_cells are an error. */
void kd_check(const struct kd_spec *spec, size_t max_cells, struct kd_diag *diag,
              struct kd_extent *extent);

#endif
