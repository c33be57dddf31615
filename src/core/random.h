/* SPDX-License-Identifier: MIT
 *
 * Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw,
 * SC 2011). Number i of a stream depends on (seed, stream, i) alone, so that
 * layouts are the same whatever was drawn before.
 */
#ifndef KD_RANDOM_H
#define KD_RANDOM_H

#include <stdint.h>

/* Streams keep draws for different purposes apart. */
enum kd_stream {
  KD_STREAM_POINTS = 1,
  KD_STREAM_LOGITS = 2,
  KD_STREAM_CLUSTERS = 3,
  KD_STREAM_SAMPLE = 4, /* of cells to recompute */
};

/* Uniform on the 2^52 odd multiples of 2^-53: inside (0, 1), never an end. */
double kd_random_uniform(uint64_t seed, enum kd_stream stream, uint64_t i);

/* Standard normal, by the inverse of the distribution function. */
double kd_random_normal(uint64_t seed, enum kd_stream stream, uint64_t i);

/* One Philox block, for tests against the published vectors. */
void kd_random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
