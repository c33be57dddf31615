/* SPDX-License-Identifier: MIT
 *
 * Chunks of a column as HDF5's filters make them (shuffled, deflated, Fletcher32 behind),
 * by several threads: HDF5 filters one chunk after the other, and most of the time in which
 * a result is written went there.
 */
#ifndef KD_PRESS_H
#define KD_PRESS_H

#include <stddef.h>

#include "core/err.h"

enum { KD_DEFLATE_LEVEL = 4 };

struct kd_press {
  const void *values; /* `size` bytes of them */
  size_t size;
  size_t chunk_size; /* bytes of a chunk; the last one is filled up */
  size_t value_size;
  const void *missing; /* a value to fill up with; NULL: zeros */
  size_t n_threads;    /* at most; the calling one is one of them */
  /* Takes the chunks in order, on the calling thread; `data` is gone afterwards. */
  int (*take)(void *context, size_t chunk, const void *data, size_t size, struct kd_err *err);
  void *context;
};

/* Which bytes are taken does not depend on n_threads. The first error of `take` ends it;
 * KD_SYSTEM when memory is short. */
int kd_press(const struct kd_press *press, struct kd_err *err);

#endif
