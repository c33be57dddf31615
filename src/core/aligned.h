/* SPDX-License-Identifier: MIT
 *
 * Memory that begins with a cache line: a vector that lies in two lines is read or written
 * twice, which costs a twentieth of a large cell. Not zeroed.
 */
#ifndef KD_ALIGNED_H
#define KD_ALIGNED_H

#include <stdint.h>
#include <stdlib.h>

enum { KD_CACHE_LINE = 64 }; /* bytes */

/* Whole lines for n things of a size; NULL when memory is short. The caller's, to free */
static inline void *kd_aligned_alloc(size_t n, size_t size) {
  if (n > (SIZE_MAX - KD_CACHE_LINE) / size) return NULL;
  return aligned_alloc(KD_CACHE_LINE,
                       (n * size + KD_CACHE_LINE - 1) / KD_CACHE_LINE * KD_CACHE_LINE);
}

/* Likewise for n numbers */
static inline double *kd_numbers(size_t n) {
  return kd_aligned_alloc(n, sizeof(double));
}

#endif
