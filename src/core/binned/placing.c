/* SPDX-License-Identifier: MIT
 *
 * See placing.h. The gap of a point is found by rounding, so that next to a node it may be
 * the wrong one of two: what its decays are off by then is part of the error.
 *
 * Points outside that are further than FARTHEST from the nearest of their side, in bandwidths,
 * do not count: weights are at least e^-600 where it matters (binned.h), so these send less
 * than n e^-100 of what that one sends, and get back less than e^-100.
 */
#include "placing.h"

#include <math.h>

#include "core/frame.h"
#include "core/num.h"
#include "core/rule.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "table.h"

static const double FARTHEST = 700;

/* Nearest points outside, and to the centre, lane by lane */
struct lanes {
  _Alignas(KD_CACHE_LINE) double left[KD_WIDE], right[KD_WIDE], centre[KD_WIDE];
};

KD_CLONES static void look(const double *y, double left_end, double right_end,
                           struct lanes *a) {
  for (int row = 0; row < KD_CHUNK; row += KD_WIDE)
#pragma omp simd
    for (int l = 0; l < KD_WIDE; l++) {
      double x = y[row + l], left = x <= left_end ? x : -INFINITY;
      double right = x >= right_end ? x : INFINITY, centre = fabs(x);
      a->left[l] = left > a->left[l] ? left : a->left[l];
      a->right[l] = right < a->right[l] ? right : a->right[l];
      a->centre[l] = centre < a->centre[l] ? centre : a->centre[l];
    }
}

/* The chunk's positions; behind the last point the first is repeated. */
static void read(const struct kd_points *p, size_t first, double *y, double *dy) {
  size_t n = kd_chunk_size(p->n, first);
  kd_positions_read(p->at, first, n, y, dy);
  for (size_t j = n; j < KD_CHUNK; j++) y[j] = y[0], dy[j] = dy[0];
}

static struct kd_outside survey(const struct kd_points *p, double left_end, double right_end) {
  struct lanes a;
  double y[KD_CHUNK], dy[KD_CHUNK];
  kd_lanes_fill(a.left, -INFINITY), kd_lanes_fill(a.right, INFINITY);
  kd_lanes_fill(a.centre, INFINITY);
  size_t first = 0;
  for (; first + KD_CHUNK <= p->n; first += KD_CHUNK)
    look(kd_positions_look(p->at, first, KD_CHUNK, y, dy), left_end, right_end, &a);
  if (first < p->n) {
    read(p, first, y, dy);
    look(y, left_end, right_end, &a);
  }
  return (struct kd_outside){kd_lanes_most(a.left), kd_lanes_least(a.right),
                             kd_lanes_least(a.centre) >= -left_end};
}

struct kd_placing kd_placing_of(const struct kd_points *p, const struct kd_grid *grid,
                                size_t blocks) {
  double right_end = grid->n > 1 ? grid->end : 0x1p-1074; /* no point is on both sides */
  return (struct kd_placing){.left_end = -grid->end,
                             .right_end = right_end,
                             .nearest = survey(p, -grid->end, right_end),
                             .step = grid->step,
                             .gaps = (double)grid->n - 1,
                             .per_gap = 0.5 / grid->step,
                             .rate = 1 / p->h,
                             .outside_left = kd_line_outside(blocks, 0),
                             .outside_right = kd_line_outside(blocks, 1)};
}

/* error: of h log K from the position, its distance, and from a node that rounding has put on
 * the wrong side; 0 where a point outside is out of sight */
KD_CLONES static void place(const double *y, const double *dy, struct kd_placing *f,
                            uint32_t *cell, double *decay) {
  double left_end = f->left_end, right_end = f->right_end, step = f->step, gaps = f->gaps;
  double left_most = f->nearest.left, right_most = f->nearest.right;
  double rate = f->rate, per_gap = f->per_gap, last = gaps > 1 ? gaps - 1 : 0;
  uint32_t outside_left = f->outside_left, outside_right = f->outside_right;
  for (int row = 0; row < KD_CHUNK; row += KD_WIDE)
#pragma omp simd
    for (int l = 0; l < KD_WIDE; l++) {
      int j = row + l;
      double m = (y[j] + gaps * step) * per_gap;
      m = m > 0 ? m : 0, m = m < last ? m : last;
      m = (double)(int32_t)m;
      bool left = y[j] <= left_end, right = y[j] >= right_end;
      double node = (2 * m - gaps) * step, r = y[j] - node, over = r - 2 * step;
      over = over > -r ? over : -r, over = over > 0 ? over : 0;
      double from = right ? right_most : node, d = y[j] - from;
      d = left ? left_most - y[j] : d;
      double u = d * rate, e = kd_exp_normal(-u), off = 2 * over, error = dy[j];
      off = left || right ? 3 * KD_U * d : off;
      error += off;
      error = u <= FARTHEST ? error : 0;
      decay[j] = u <= FARTHEST ? e : 0;
      f->error[l] = error > f->error[l] ? error : f->error[l];
      uint32_t at = kd_cell((uint32_t)(int32_t)m), of_lane = (uint32_t)(l & 7) * KD_LINE;
      at = left ? outside_left + of_lane : at;
      cell[j] = right ? outside_right + of_lane : at;
    }
}

void kd_placing_chunk(const struct kd_points *p, size_t first, struct kd_placing *placing,
                      uint32_t *cell, double *decay) {
  _Alignas(KD_CACHE_LINE) double y[KD_CHUNK], dy[KD_CHUNK];
  read(p, first, y, dy);
  place(y, dy, placing, cell, decay);
}
