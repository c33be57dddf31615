/* SPDX-License-Identifier: MIT
 *
 * The table of a grid's gaps: gap m lies between nodes m and m + 1, and holds two numbers,
 * one for each direction, in one cache line. Blocks of 128 gaps are 8 lanes of 16 consecutive
 * ones, stored so that the same step of four lanes is side by side:
 *
 *   line (step, half):  right[4 lanes], left[4 lanes]
 *
 * for recursions over the gaps run along the lanes, 4 of them at once. Behind the blocks each
 * side has lines for the points outside; several, as one would be written to without a pause.
 */
#ifndef KD_TABLE_H
#define KD_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum {
  KD_LANES = 4,           /* in a half */
  KD_STEPS = 16,          /* of a lane */
  KD_LINE = 2 * KD_LANES, /* numbers */
  KD_GAPS = 2 * KD_LANES * KD_STEPS,
  KD_NUMBERS = 2 * KD_GAPS, /* of a block */
  KD_LINES_OUTSIDE = 8,     /* of a side */
};

/* Where the line of a step begins in its block */
static inline size_t kd_line(int step, int half) {
  return (size_t)(2 * step + half) * KD_LINE;
}

/* Where gap m's number for the right is; that for the left is KD_LANES further. */
static inline uint32_t kd_cell(uint32_t m) {
  return ((m >> 7 << 5 | (m & 15) << 1 | (m >> 6 & 1)) << 3) | (m >> 4 & 3);
}

/* Where the lines for points left, or right, of all nodes begin */
static inline uint32_t kd_line_outside(size_t blocks, int right) {
  return (uint32_t)(blocks * KD_NUMBERS) + (right ? KD_LINES_OUTSIDE * KD_LINE : 0);
}

static inline size_t kd_table_size(size_t blocks) {
  return blocks * KD_NUMBERS + (size_t)2 * KD_LINES_OUTSIDE * KD_LINE;
}

#endif
