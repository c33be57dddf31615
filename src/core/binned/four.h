/* SPDX-License-Identifier: MIT
 *
 * Four doubles side by side, for recursions along lanes that loops under `omp simd` cannot
 * hold in registers. gcc and clang make of their + - * / what the processor has; each is one
 * IEEE operation an element.
 */
#ifndef KD_FOUR_H
#define KD_FOUR_H

#include <stddef.h>
#include <stdint.h>

typedef double kd_four __attribute__((vector_size(32), may_alias));
typedef uint64_t kd_four_bits __attribute__((vector_size(32), may_alias));

/* The four at an address that 32 divides, to read or to write */
#define KD_FOUR(at) (*(kd_four *)(uintptr_t)(at))

#endif
