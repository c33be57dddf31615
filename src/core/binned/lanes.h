/* SPDX-License-Identifier: MIT
 *
 * Points go by in chunks that stay in the cache, and along a chunk in rows of KD_WIDE lanes
 * side by side: sums and extremes of each lane are plain loops whose bits hang on no
 * vector's width. Reductions under `omp simd` would not do: gcc 12 makes wrong code of some,
 * and clang has another start for infinite ones.
 */
#ifndef KD_BINNED_LANES_H
#define KD_BINNED_LANES_H

#include <stddef.h>

#include "core/vmath/bits.h"

enum { KD_WIDE = 32, KD_CHUNK = 256 };

/* n rounded up to whole chunks */
static inline size_t kd_whole_chunks(size_t n) {
  return (n + KD_CHUNK - 1) / KD_CHUNK * KD_CHUNK;
}

/* Points of the chunk that begins at `first` */
static inline size_t kd_chunk_size(size_t n, size_t first) {
  return n - first < KD_CHUNK ? n - first : KD_CHUNK;
}

static inline void kd_lanes_fill(double *lane, double x) {
  for (int l = 0; l < KD_WIDE; l++) lane[l] = x;
}

static inline double kd_lanes_most(const double *lane) {
  double most = lane[0];
  for (int l = 1; l < KD_WIDE; l++) most = lane[l] > most ? lane[l] : most;
  return most;
}

static inline double kd_lanes_least(const double *lane) {
  double least = lane[0];
  for (int l = 1; l < KD_WIDE; l++) least = lane[l] < least ? lane[l] : least;
  return least;
}

/* Half of the lanes on the other half; overwrites them */
KD_INLINE double kd_lanes_sum(double *lane) {
#pragma omp simd
  for (int l = 0; l < 16; l++) lane[l] += lane[l + 16];
#pragma omp simd
  for (int l = 0; l < 8; l++) lane[l] += lane[l + 8];
  double a = lane[0] + lane[4], b = lane[1] + lane[5], c = lane[2] + lane[6];
  return (a + c) + (b + (lane[3] + lane[7]));
}

#endif
