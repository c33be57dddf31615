/* SPDX-License-Identifier: MIT
 *
 * Points in the order in which an estimate has them.
 */
#ifndef KD_SORT_H
#define KD_SORT_H

#include <stddef.h>
#include <stdint.h>

struct kd_sort {
  double y, dy, z;
  size_t index; /* place in the input */
};

/* n points by rising (|y|, z, y, index); dy: NULL for zeros. keys, spare: n numbers each,
 * scratch. */
void kd_sort_points(size_t n, const double *y, const double *dy, const double *z,
                    uint64_t *keys, uint64_t *spare, struct kd_sort *out);

#endif
