/* SPDX-License-Identifier: MIT
 *
 * Included before anything else (-include) it makes a build whose clones end at AVX2: what a
 * processor without AVX-512 would run (src/core/vmath/clones.h).
 */
#define KD_NO_CLONES
#define KD_CLONES __attribute__((target_clones("default", "avx2")))
