/* SPDX-License-Identifier: MIT
 *
 * Key = seed, counter = (i, stream); see random.h.
 */
#include "random.h"

#include <math.h>
#include <Random123/philox.h>

#include "num.h"

void kd_random_block(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
  philox4x32_key_t k = {{key[0], key[1]}};
  philox4x32_ctr_t r = philox4x32(c, k);
  for (int lane = 0; lane < 4; lane++) out[lane] = r.v[lane];
}

double kd_random_uniform(uint64_t seed, enum kd_stream stream, uint64_t i) {
  uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
  uint32_t counter[4] = {(uint32_t)i, (uint32_t)(i >> 32), (uint32_t)stream, 0};
  uint32_t block[4];
  kd_random_block(counter, key, block);
  uint64_t bits = ((uint64_t)block[0] << 32 | block[1]) >> 12; /* 52 bits */
  return ldexp((double)bits + 0.5, -52);                       /* exact */
}

double kd_random_normal(uint64_t seed, enum kd_stream stream, uint64_t i) {
  return kd_normal_quantile(kd_random_uniform(seed, stream, i));
}
