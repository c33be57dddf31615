/* SPDX-License-Identifier: MIT
 *
 * Where points stand among a grid's gaps, a chunk of them (lanes.h) at a time.
 */
#ifndef KD_PLACING_H
#define KD_PLACING_H

#include <stdbool.h>
#include <stdint.h>

#include "binned.h"
#include "core/aligned.h"
#include "lanes.h"

/* Of the points left and right of all nodes, the nearest; infinite if there is none. */
struct kd_outside {
  double left, right;
  bool all; /* there are no others */
};

struct kd_placing {
  double left_end, right_end; /* points up to here, or from here on, are outside */
  struct kd_outside nearest;
  double step, gaps;                             /* half a gap; number of gaps */
  double per_gap, rate;                          /* 1/(2 step), 1/h */
  uint32_t outside_left, outside_right;          /* table.h, kd_line_outside */
  _Alignas(KD_CACHE_LINE) double error[KD_WIDE]; /* the largest of h log K */
};

/* Looks at all points. blocks: of the grid's table */
struct kd_placing kd_placing_of(const struct kd_points *points, const struct kd_grid *grid,
                                size_t blocks);

/* Cells and decays (gaps.h) of the chunk from `first` on; a chunk's worth of them is set. */
void kd_placing_chunk(const struct kd_points *points, size_t first, struct kd_placing *placing,
                      uint32_t *cell, double *decay);

#endif
