/* SPDX-License-Identifier: MIT
 *
 * Running sums x <- decay x + add along the lanes of a block (line.h), all lanes side by
 * side: first of what each lane has by itself, then, once it is known what enters it, of all.
 */
#ifndef KD_LINE_SUMS_H
#define KD_LINE_SUMS_H

#include "core/vmath/lanes.h"
#include "line.h"

enum { KD_ROW_FOURS = KD_LANES_WIDE / 4 };

/* One number for each lane */
struct kd_row {
  kd_four of[KD_ROW_FOURS];
};

KD_INLINE void kd_row_clear(struct kd_row *x) {
  for (int f = 0; f < KD_ROW_FOURS; f++) x->of[f] = (kd_four){0, 0, 0, 0};
}

KD_INLINE void kd_row_get(struct kd_row *x, const double *at) {
  for (int f = 0; f < KD_ROW_FOURS; f++) x->of[f] = KD_FOUR(at + 4 * f);
}

KD_INLINE void kd_row_set(double *at, const struct kd_row *x) {
  for (int f = 0; f < KD_ROW_FOURS; f++) KD_FOUR(at + 4 * f) = x->of[f];
}

KD_INLINE void kd_row_go_on(struct kd_row *x, const double *decay, const double *add) {
  for (int f = 0; f < KD_ROW_FOURS; f++)
    x->of[f] = KD_FOUR(decay + 4 * f) * x->of[f] + KD_FOUR(add + 4 * f);
}

/* Decays before and additions to each row, which may be of the row before */
struct kd_from_left {
  const double *first_decay, *decay; /* 16; a block */
  const double *first_add, *add;     /* 16; of the second row on */
};

KD_INLINE void kd_row_go_right(struct kd_row *x, const struct kd_from_left *r, size_t i) {
  size_t before = (i - 1) * KD_LANES_WIDE;
  if (i == 0)
    kd_row_go_on(x, r->first_decay, r->first_add);
  else
    kd_row_go_on(x, r->decay + before, r->add + before);
}

/* What enters each lane for what it has made by itself, `sum` entering the block; that goes
 * on to the next. */
KD_INLINE void kd_row_enter_left(struct kd_row *lanes, const double *way,
                                 struct kd_running *sum) {
  _Alignas(64) double x[KD_LANES_WIDE];
  kd_row_set(x, lanes);
  for (int l = 0; l < KD_LANES_WIDE; l++) {
    double own = x[l];
    x[l] = sum->high;
    kd_lane_way(sum, way[l], own);
  }
  kd_row_get(lanes, x);
}

KD_INLINE void kd_row_enter_right(struct kd_row *lanes, const double *way,
                                  struct kd_running *sum) {
  _Alignas(64) double x[KD_LANES_WIDE];
  kd_row_set(x, lanes);
  for (int l = KD_LANES_WIDE; l-- > 0;) {
    double own = x[l];
    x[l] = sum->high;
    kd_lane_way(sum, way[l], own);
  }
  kd_row_get(lanes, x);
}

KD_INLINE void kd_row_start_left(struct kd_row *x, const struct kd_from_left *r,
                                 const double *way, struct kd_running *sum) {
  kd_row_clear(x);
  for (size_t i = 0; i < KD_LANE; i++) kd_row_go_right(x, r, i);
  kd_row_enter_left(x, way, sum);
}

KD_INLINE void kd_row_start_right(struct kd_row *x, const double *decay, const double *add,
                                  const double *way, struct kd_running *sum) {
  kd_row_clear(x);
  for (size_t i = KD_LANE; i-- > 0;)
    kd_row_go_on(x, decay + i * KD_LANES_WIDE, add + i * KD_LANES_WIDE);
  kd_row_enter_right(x, way, sum);
}

#endif
