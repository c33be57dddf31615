/* SPDX-License-Identifier: MIT
 *
 * The sums over a table of ratios, four lanes at a time in a fixed order: the same bits on
 * every processor. A pair of nodes and the points' two sides meet in one addition each, so
 * that reflection changes no bit.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "core/vmath/clones.h"
#include "core/vmath/four.h"
#include "core/vmath/vmath.h"
#include "num.h"
#include "ratios.h"

enum { WIDTH = KD_RATIOS_WIDTH, PAIRS = KD_RATIOS_PAIRS, LANES = KD_RATIOS_LANES };
enum { FOURS = WIDTH / 4, BLOCKS_A_RUN = 64 };

static const double NO_F = 0x1p-900, NO_PAIR = 0x1p-450;

#define ONES ((kd_four){1, 1, 1, 1})

/* --- F --- */

/* sum_j S_j E_j of n rows onto F; `first`: there is nothing yet */
KD_INLINE void add_rows(size_t n, const double *S, const double *E, bool first, double *F) {
  kd_four sum[FOURS] = {{0}};
  for (size_t j = 0; j < n; j++)
#pragma GCC unroll 8
    for (size_t q = 0; q < FOURS; q++) sum[q] += S[j] * KD_FOUR(E + j * WIDTH + 4 * q);
#pragma GCC unroll 8
  for (size_t q = 0; q < FOURS; q++)
    if (first)
      KD_FOUR(F + 4 * q) = sum[q];
    else
      KD_FOUR(F + 4 * q) += sum[q];
}

/* Of all blocks, sum_j S_j in empty places, so 1 but for rounding; the least */
KD_CLONES static double sum_F(const struct kd_ratios *r) {
  size_t n_sides = r->n_left + r->n_right, n_centre = r->n - n_sides;
  kd_four least = ONES;
  for (size_t block = 0; block < r->n_blocks; block++) {
    const double *E = r->E + block * r->n * WIDTH;
    double *F = r->F + block * WIDTH;
    add_rows(r->n_left, r->S, E, true, F);
    add_rows(r->n_right, r->S + r->n_left, E + r->n_left * WIDTH, false, F);
    if (n_centre) add_rows(n_centre, r->S + n_sides, E + n_sides * WIDTH, false, F);
    for (size_t q = 0; q < WIDTH; q += 4) {
      kd_four sum = KD_FOUR(F + q);
      KD_FOUR_CHOOSE(&least, sum < least, sum);
    }
  }
  return kd_four_least(&least);
}

/* A division serves two nodes: weight F'/(F F') and weight' F/(F F'). */
KD_CLONES static void divide_pairs(const struct kd_ratios *r) {
  for (size_t i = 0; i < r->n_blocks * WIDTH; i += WIDTH)
    for (size_t q = i; q < i + PAIRS; q += 4) {
      kd_four a = KD_FOUR(r->F + q), b = KD_FOUR(r->F + q + PAIRS), inverse = 1 / (a * b);
      KD_FOUR(r->u + q) = KD_FOUR(r->weight + q) * (b * inverse);
      KD_FOUR(r->u + q + PAIRS) = KD_FOUR(r->weight + q + PAIRS) * (a * inverse);
    }
}

KD_CLONES static void divide(const struct kd_ratios *r) {
  for (size_t i = 0; i < r->n_blocks * WIDTH; i += 4)
    KD_FOUR(r->u + i) = KD_FOUR(r->weight + i) / KD_FOUR(r->F + i);
}

double kd_ratios_over_F(struct kd_ratios *r) {
  double least = sum_F(r);
  if (!(least >= NO_F)) return 0;
  if (least >= NO_PAIR)
    divide_pairs(r);
  else
    divide(r);
  return least;
}

/* --- sums over the nodes --- */

/* Blocks begin .. end-1 onto the lanes of each row */
KD_CLONES static void add_blocks(const struct kd_ratios *r, const double *table, size_t begin,
                                 size_t end) {
  for (size_t block = begin; block < end; block++) {
    const double *row = table + block * r->n * WIDTH, *u = r->u + block * WIDTH;
    kd_four u0 = KD_FOUR(u), u1 = KD_FOUR(u + 4), u2 = KD_FOUR(u + 8), u3 = KD_FOUR(u + 12),
            u4 = KD_FOUR(u + 16), u5 = KD_FOUR(u + 20), u6 = KD_FOUR(u + 24),
            u7 = KD_FOUR(u + 28);
    for (size_t j = 0; j < r->n; j++, row += WIDTH) {
      double *lane = r->lanes + j * LANES;
      KD_FOUR(lane) += (u0 * KD_FOUR(row) + u4 * KD_FOUR(row + 16)) +
                       (u2 * KD_FOUR(row + 8) + u6 * KD_FOUR(row + 24));
      KD_FOUR(lane + 4) += (u1 * KD_FOUR(row + 4) + u5 * KD_FOUR(row + 20)) +
                           (u3 * KD_FOUR(row + 12) + u7 * KD_FOUR(row + 28));
    }
  }
}

KD_INLINE double sum_of(const double *lane) {
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
         ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

/* As add_blocks, four nodes of a side sharing one number of the table */
KD_CLONES static void add_blurs(const struct kd_ratios *r) {
  for (size_t block = 0; block < r->n_blocks; block++) {
    const double *row = r->blur + block * r->n * LANES, *u = r->u + block * WIDTH;
    kd_four left = (KD_FOUR(u) + KD_FOUR(u + 4)) + (KD_FOUR(u + 8) + KD_FOUR(u + 12));
    kd_four right = (KD_FOUR(u + 16) + KD_FOUR(u + 20)) + (KD_FOUR(u + 24) + KD_FOUR(u + 28));
    for (size_t j = 0; j < r->n; j++, row += LANES)
      KD_FOUR(r->lanes + j * LANES) += left * KD_FOUR(row) + right * KD_FOUR(row + 4);
  }
}

static void clear_lanes(struct kd_ratios *r) {
  memset(r->lanes, 0, r->n * LANES * sizeof *r->lanes);
}

void kd_ratios_over_nodes(struct kd_ratios *r, const double *matrix, double *out) {
  struct kd_sum *sum = (struct kd_sum *)r->sums;
  memset(sum, 0, r->n * sizeof *sum);
  for (size_t begin = 0, end; begin < r->n_blocks; begin = end) {
    end = r->n_blocks - begin < BLOCKS_A_RUN ? r->n_blocks : begin + BLOCKS_A_RUN;
    clear_lanes(r);
    add_blocks(r, matrix, begin, end);
    for (size_t j = 0; j < r->n; j++) kd_sum_add(&sum[j], sum_of(r->lanes + j * LANES));
  }
  for (size_t j = 0; j < r->n; j++) out[j] = kd_sum_value(&sum[j]);
}

void kd_ratios_blurs(struct kd_ratios *r, double *out) {
  clear_lanes(r);
  add_blurs(r);
  for (size_t j = 0; j < r->n; j++) out[j] = sum_of(r->lanes + j * LANES);
}

double kd_ratios_roundings(const struct kd_ratios *r) {
  size_t blocks = r->n_blocks < BLOCKS_A_RUN ? r->n_blocks : BLOCKS_A_RUN;
  return (double)blocks + 8;
}

/* --- logarithms --- */

struct products {
  kd_four four[PAIRS / 4];
};

KD_INLINE void clear(struct products *p) {
  for (size_t q = 0; q < PAIRS / 4; q++) p->four[q] = ONES;
}

/* Sum of weights times logarithms; two lanes of one weight share one. */
KD_INLINE double logs_of(const struct kd_ratios *r, const struct products *p) {
  _Alignas(32) double product[LANES];
  double log[LANES];
  KD_FOUR(product) = p->four[0] * p->four[2];
  KD_FOUR(product + 4) = p->four[1] * p->four[3];
#pragma omp simd
  for (size_t l = 0; l < LANES; l++) log[l] = r->lane_weight[l] * kd_log(product[l]);
  return sum_of(log);
}

/* Blocks whose products stay above 2^-400, or 2^-500 where one block has less, if all F are
 * 2^-250 or more */
static size_t safe_blocks(double least) {
  int exponent;
  frexp(least, &exponent);
  size_t bits = exponent < 1 ? (size_t)(1 - exponent) : 1; /* F >= 2^-bits */
  return bits < 200 ? 200 / bits : 1;
}

/* One logarithm for the product of a lane's F. The outer pair may have a weight of
 * its own, and a node in the middle stands there twice. */
KD_CLONES static double log_products(const struct kd_ratios *r, size_t run) {
  struct products p;
  bool apart = r->weight[0] != r->lane_weight[0];
  size_t pairs = r->n_nodes / 2, middle = r->n_nodes % 2 ? pairs / 4 : SIZE_MAX;
  double sum = apart && pairs ? r->weight[0] * kd_log(r->F[0] * r->F[PAIRS]) : 0;
  if (middle != SIZE_MAX) {
    size_t slot = pairs / PAIRS * WIDTH + pairs % PAIRS;
    sum += 2 * r->weight[slot] * kd_log(r->F[slot]);
  }
  for (size_t begin = 0, end; begin < r->n_blocks; begin = end) {
    end = r->n_blocks - begin < run ? r->n_blocks : begin + run;
    clear(&p);
    for (size_t block = begin; block < end; block++)
      for (size_t q = 0; q < PAIRS; q += 4) {
        const double *F = r->F + block * WIDTH + q;
        kd_four pair = KD_FOUR(F) * KD_FOUR(F + PAIRS);
        if (apart && block == 0 && q == 0) pair[0] = 1;
        if (middle == (block * PAIRS + q) / 4) pair[r->n_nodes / 2 % 4] = 1;
        p.four[q / 4] *= pair;
      }
    sum += logs_of(r, &p);
  }
  return sum;
}

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

double kd_ratios_log_F(const struct kd_ratios *r, double least) {
  return r->even && least >= 0x1p-250 ? log_products(r, safe_blocks(least)) : log_each(r);
}
