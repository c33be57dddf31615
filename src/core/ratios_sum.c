/* SPDX-License-Identifier: MIT
 *
 * The sums over a table of ratios, four lanes at a time in a fixed order: the same bits on
 * every processor. A pair of nodes and the points' two sides meet in one addition each, so
 * that reflection changes no bit. Four nodes share a division, and a lane's nodes of a run of
 * blocks one logarithm, by products that stay above 2^-960:
 *
 *   1/a = b (c d)/((a b)(c d)),   sum_m log F_m = log prod_m F_m
 */
#include <math.h>
#include <string.h>

#include "core/vmath/clones.h"
#include "core/vmath/lanes.h"
#include "core/vmath/vmath.h"
#include "num.h"
#include "ratios.h"

enum { WIDTH = KD_RATIOS_WIDTH, PAIRS = KD_RATIOS_PAIRS, LANES = KD_RATIOS_LANES };
enum { FOURS = WIDTH / 4, BLOCKS_A_RUN = 16, ROWS = 4, ROWS_AT_A_TIME = 64 };

/* Of four F: their inverse is a number; so is the product of a lane's of a run. */
static const double LEAST = 0x1p-960, LEAST_FOR_LOG = 0x1p-60;

#define ONES ((kd_four){1, 1, 1, 1})

/* sum_j S_j E_j of n rows onto F; `first`: there is nothing yet */
KD_INLINE void add_rows(size_t n, const double *S, const double *E, bool first, double *F) {
  kd_four sum[FOURS] = {{0}};
  for (size_t j = 0; j < n; j++)
#pragma GCC unroll 8
    for (size_t q = 0; q < FOURS; q++) sum[q] += S[j] * KD_FOUR(E + j * WIDTH + 4 * q);
#pragma GCC unroll 8
  for (size_t q = 0; q < FOURS; q++) {
    if (!first) sum[q] += KD_FOUR(F + 4 * q);
    KD_FOUR(F + 4 * q) = sum[q];
  }
}

/* F of a block, 1 in empty places */
KD_INLINE void sum_points(const struct kd_ratios *r, size_t block, double *F) {
  size_t n_sides = r->n_left + r->n_right, n_centre = r->n - n_sides;
  const double *E = r->E + block * r->n * WIDTH, *weight = r->weight + block * WIDTH;
  add_rows(r->n_left, r->S, E, true, F);
  if (r->n_right) add_rows(r->n_right, r->S + r->n_left, E + r->n_left * WIDTH, false, F);
  if (n_centre) add_rows(n_centre, r->S + n_sides, E + n_sides * WIDTH, false, F);
  if (block + 1 < r->n_blocks || r->n_nodes % WIDTH == 0) return;
  for (size_t k = 0; k < WIDTH; k++)
    if (weight[k] == 0) F[k] = 1;
}

/* u = weight/F of a block; the products of four F each go to the lanes of `product`. */
KD_INLINE void divide(const double *F, const double *weight, double *u, kd_four *product,
                      kd_four *least) {
#pragma GCC unroll 2
  for (size_t q = 0; q < LANES; q += 4) {
    kd_four a = KD_FOUR(F + q), b = KD_FOUR(F + q + PAIRS), ab = a * b;
    kd_four c = KD_FOUR(F + q + LANES), d = KD_FOUR(F + q + LANES + PAIRS), cd = c * d;
    kd_four all = ab * cd, inverse = 1 / all, over_ab = inverse * cd, over_cd = inverse * ab;
    KD_FOUR(u + q) = KD_FOUR(weight + q) * (b * over_ab);
    KD_FOUR(u + q + PAIRS) = KD_FOUR(weight + q + PAIRS) * (a * over_ab);
    KD_FOUR(u + q + LANES) = KD_FOUR(weight + q + LANES) * (d * over_cd);
    KD_FOUR(u + q + LANES + PAIRS) = KD_FOUR(weight + q + LANES + PAIRS) * (c * over_cd);
    KD_CHOOSE(least, all < *least, all);
    product[q / 4] *= all;
  }
}

/* u times `rows` rows of some blocks, `n` of them a block, onto the lanes of each */
KD_INLINE void sum_rows(size_t rows, size_t n, const double *matrix, const double *u,
                        size_t blocks, double *lanes) {
  kd_four sum[ROWS][2];
#pragma GCC unroll 4
  for (size_t j = 0; j < rows; j++)
    sum[j][0] = KD_FOUR(lanes + j * LANES), sum[j][1] = KD_FOUR(lanes + j * LANES + 4);
  for (; blocks > 0; blocks--, matrix += n * WIDTH, u += WIDTH)
#pragma GCC unroll 4
    for (size_t j = 0; j < rows; j++) {
      const double *row = matrix + j * WIDTH;
#pragma GCC unroll 2
      for (size_t q = 0; q < 2; q++) {
        const double *at = row + 4 * q, *by = u + 4 * q;
        sum[j][q] += (KD_FOUR(by) * KD_FOUR(at) + KD_FOUR(by + 16) * KD_FOUR(at + 16)) +
                     (KD_FOUR(by + 8) * KD_FOUR(at + 8) + KD_FOUR(by + 24) * KD_FOUR(at + 24));
      }
    }
#pragma GCC unroll 4
  for (size_t j = 0; j < rows; j++)
    KD_FOUR(lanes + j * LANES) = sum[j][0], KD_FOUR(lanes + j * LANES + 4) = sum[j][1];
}

KD_INLINE void sum_nodes(const struct kd_ratios *r, const double *matrix, size_t block,
                         size_t blocks) {
  const double *u = r->u + block * WIDTH;
  size_t j = 0;
  matrix += block * r->n * WIDTH;
  for (; j + ROWS <= r->n; j += ROWS)
    sum_rows(ROWS, r->n, matrix + j * WIDTH, u, blocks, r->lanes + j * LANES);
  for (; j < r->n; j++) sum_rows(1, r->n, matrix + j * WIDTH, u, blocks, r->lanes + j * LANES);
}

KD_INLINE double sum_of(const double *lane) {
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
         ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

/* --- runs of blocks --- */

struct run {
  size_t begin, end;
  kd_four product[LANES / 4], least;
};

/* So many blocks at a time stay in the first cache between the two looks at them. */
KD_INLINE size_t blocks_at_a_time(const struct kd_ratios *r, size_t left) {
  size_t most = r->n < ROWS_AT_A_TIME ? ROWS_AT_A_TIME / r->n : 1;
  return most < left ? most : left;
}

/* All divisions of some blocks, then their sums: a division's wait is filled by the next. */
KD_CLONES static void pass(const struct kd_ratios *r, const double *matrix, struct run *run) {
  kd_four product[LANES / 4] = {ONES, ONES}, least = run->least;
  size_t blocks;
  for (size_t block = run->begin; block < run->end; block += blocks) {
    blocks = blocks_at_a_time(r, run->end - block);
    for (size_t b = block; b < block + blocks; b++) {
      double *F = r->F + b * WIDTH;
      sum_points(r, b, F);
      divide(F, r->weight + b * WIDTH, r->u + b * WIDTH, product, &least);
    }
    sum_nodes(r, matrix, block, blocks);
  }
  run->product[0] = product[0], run->product[1] = product[1], run->least = least;
}

KD_CLONES static void look_again(const struct kd_ratios *r, const double *matrix,
                                 const struct run *run) {
  sum_nodes(r, matrix, run->begin, run->end - run->begin);
}

KD_CLONES static double take_logs(const struct kd_ratios *r, const struct run *run) {
  const double *product = (const double *)run->product;
  double log[LANES];
#pragma omp simd
  for (size_t l = 0; l < LANES; l++) log[l] = r->lane_weight[l] * kd_log(product[l]);
  return sum_of(log);
}

/* The next run, and empty lanes; false past the last one */
static bool next(const struct kd_ratios *r, struct run *run) {
  size_t left = r->n_blocks - run->end;
  run->begin = run->end;
  run->end += left < BLOCKS_A_RUN ? left : BLOCKS_A_RUN;
  if (left) memset(r->lanes, 0, r->n * LANES * sizeof *r->lanes);
  return left;
}

static void add_lanes(const struct kd_ratios *r, struct kd_sum *sum) {
  for (size_t j = 0; j < r->n; j++) kd_sum_add(&sum[j], sum_of(r->lanes + j * LANES));
}

static void take_sums(const struct kd_ratios *r, double *t) {
  const struct kd_sum *sum = (const struct kd_sum *)r->sums;
  for (size_t j = 0; j < r->n; j++) t[j] = kd_sum_value(&sum[j]);
}

/* A logarithm a node: weights that differ, or products that leave the range of doubles */
static double log_each(const struct kd_ratios *r) {
  struct kd_sum sum = {0};
  double log[WIDTH];
  for (size_t i = 0; i < r->n_blocks * WIDTH; i += WIDTH) {
    kd_vlog(WIDTH, r->F + i, log);
    for (size_t k = i; k < i + PAIRS; k++)
      kd_sum_add(&sum, r->weight[k] * log[k - i] + r->weight[k + PAIRS] * log[k - i + PAIRS]);
  }
  return kd_sum_value(&sum);
}

double kd_ratios_sum(struct kd_ratios *r, const double *matrix, double *log_F) {
  struct kd_sum *sum = (struct kd_sum *)r->sums, log = {0};
  struct run run = {.least = ONES};
  bool by_lanes = log_F && r->even;
  memset(sum, 0, r->n * sizeof *sum);
  while (next(r, &run)) {
    pass(r, matrix, &run);
    add_lanes(r, sum);
    if (by_lanes) kd_sum_add(&log, take_logs(r, &run));
  }
  take_sums(r, r->t);
  double least = kd_four_least(&run.least);
  if (!(least >= LEAST)) return 0;
  if (!log_F) return least;
  size_t middle = r->n_nodes / 2; /* of an odd number: it stands in both places of its pair */
  if (by_lanes && r->n_nodes % 2 && r->n_nodes > 1)
    kd_sum_add(&log, -r->lane_weight[middle % LANES] *
                         kd_log(r->F[middle / PAIRS * WIDTH + middle % PAIRS]));
  double outer = r->weight[0] - r->lane_weight[0]; /* the outer pair's own weight */
  if (by_lanes && outer != 0) kd_sum_add(&log, outer * kd_log(r->F[0] * r->F[PAIRS]));
  *log_F = by_lanes && least >= LEAST_FOR_LOG ? kd_sum_value(&log) : log_each(r);
  return least;
}

void kd_ratios_sum_again(struct kd_ratios *r, const double *matrix, double *sums) {
  struct kd_sum *sum = (struct kd_sum *)r->sums;
  struct run run = {0};
  memset(sum, 0, r->n * sizeof *sum);
  while (next(r, &run)) {
    look_again(r, matrix, &run);
    add_lanes(r, sum);
  }
  take_sums(r, sums);
}

/* As look_again, four nodes of a side sharing one number of the matrix */
KD_CLONES static void look_at_blurs(const struct kd_ratios *r, const struct run *run) {
  for (size_t block = run->begin; block < run->end; block++) {
    const double *row = r->blur + block * r->n * LANES, *u = r->u + block * WIDTH;
    kd_four left = (KD_FOUR(u) + KD_FOUR(u + 4)) + (KD_FOUR(u + 8) + KD_FOUR(u + 12));
    kd_four right = (KD_FOUR(u + 16) + KD_FOUR(u + 20)) + (KD_FOUR(u + 24) + KD_FOUR(u + 28));
    for (size_t j = 0; j < r->n; j++, row += LANES)
      KD_FOUR(r->lanes + j * LANES) += left * KD_FOUR(row) + right * KD_FOUR(row + 4);
  }
}

void kd_ratios_blurs(struct kd_ratios *r, double *sums) {
  struct run run = {0};
  memset(sums, 0, r->n * sizeof *sums);
  while (next(r, &run)) {
    look_at_blurs(r, &run);
    for (size_t j = 0; j < r->n; j++) sums[j] += sum_of(r->lanes + j * LANES);
  }
}

double kd_ratios_roundings(size_t n_blocks) {
  return (double)(n_blocks < BLOCKS_A_RUN ? n_blocks : BLOCKS_A_RUN) + 8;
}
