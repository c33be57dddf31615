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
#include "core/vmath/four.h"
#include "core/vmath/vmath.h"
#include "num.h"
#include "ratios.h"

enum { WIDTH = KD_RATIOS_WIDTH, PAIRS = KD_RATIOS_PAIRS, LANES = KD_RATIOS_LANES };
enum { BLOCKS_A_RUN = 16 };

/* Of four F: their inverse is a number; so is the product of a lane's of a run. */
static const double LEAST = 0x1p-960, LEAST_FOR_LOG = 0x1p-60;

#define ONES ((kd_four){1, 1, 1, 1})

/* Four lanes of a block: a and b, c and d are mirror images. */
struct quarter {
  kd_four a, b, c, d;
};

KD_INLINE void load(struct quarter *x, const double *at) {
  x->a = KD_FOUR(at), x->b = KD_FOUR(at + PAIRS);
  x->c = KD_FOUR(at + LANES), x->d = KD_FOUR(at + LANES + PAIRS);
}

KD_INLINE void store(const struct quarter *x, double *at) {
  KD_FOUR(at) = x->a, KD_FOUR(at + PAIRS) = x->b;
  KD_FOUR(at + LANES) = x->c, KD_FOUR(at + LANES + PAIRS) = x->d;
}

/* F + sum_j S_j E_j of n rows; `first`: F is nothing yet */
KD_INLINE void add_rows(size_t n, const double *S, const double *E, bool first,
                        struct quarter *F) {
  struct quarter sum = {{0}, {0}, {0}, {0}}, row;
  for (size_t j = 0; j < n; j++) {
    load(&row, E + j * WIDTH);
    sum.a += S[j] * row.a, sum.b += S[j] * row.b;
    sum.c += S[j] * row.c, sum.d += S[j] * row.d;
  }
  if (!first) sum.a += F->a, sum.b += F->b, sum.c += F->c, sum.d += F->d;
  *F = sum;
}

KD_INLINE void sum_points(const struct kd_ratios *r, const double *E, struct quarter *F) {
  size_t n_sides = r->n_left + r->n_right;
  add_rows(r->n_left, r->S, E, true, F);
  if (r->n_right) add_rows(r->n_right, r->S + r->n_left, E + r->n_left * WIDTH, false, F);
  if (r->n > n_sides) add_rows(r->n - n_sides, r->S + n_sides, E + n_sides * WIDTH, false, F);
}

/* F = 1 in empty places */
KD_INLINE void fill_empty(struct quarter *F, const struct quarter *weight) {
  KD_FOUR_CHOOSE(&F->a, weight->a == 0, ONES);
  KD_FOUR_CHOOSE(&F->b, weight->b == 0, ONES);
  KD_FOUR_CHOOSE(&F->c, weight->c == 0, ONES);
  KD_FOUR_CHOOSE(&F->d, weight->d == 0, ONES);
}

/* From weights to u = weight/F; the product of all four F goes to `product`. */
KD_INLINE void divide(const struct quarter *F, struct quarter *u, kd_four *product,
                      kd_four *least) {
  kd_four ab = F->a * F->b, cd = F->c * F->d, all = ab * cd, inverse = 1 / all;
  kd_four over_ab = inverse * cd, over_cd = inverse * ab;
  KD_FOUR_CHOOSE(least, all < *least, all);
  *product *= all;
  u->a *= F->b * over_ab, u->b *= F->a * over_ab;
  u->c *= F->d * over_cd, u->d *= F->c * over_cd;
}

/* u times n rows, onto four lanes of each */
KD_INLINE void sum_nodes(size_t n, const double *matrix, const struct quarter *u,
                         double *lane) {
  struct quarter row;
  for (size_t j = 0; j < n; j++) {
    load(&row, matrix + j * WIDTH);
    KD_FOUR(lane + j * LANES) += (u->a * row.a + u->b * row.b) + (u->c * row.c + u->d * row.d);
  }
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

KD_CLONES static void look(const struct kd_ratios *r, const double *matrix, struct run *run) {
  kd_four product[LANES / 4] = {ONES, ONES}, least = run->least;
  for (size_t block = run->begin; block < run->end; block++)
#pragma GCC unroll 2
    for (size_t q = 0; q < LANES; q += 4) {
      size_t place = block * WIDTH + q, number = block * r->n * WIDTH + q;
      struct quarter F, u;
      load(&u, r->weight + place);
      sum_points(r, r->E + number, &F);
      if (block + 1 == r->n_blocks) fill_empty(&F, &u);
      divide(&F, &u, &product[q / 4], &least);
      store(&F, r->F + place), store(&u, r->u + place);
      sum_nodes(r->n, matrix + number, &u, r->lanes + q);
    }
  run->product[0] = product[0], run->product[1] = product[1], run->least = least;
}

KD_CLONES static void look_again(const struct kd_ratios *r, const double *matrix,
                                 const struct run *run) {
  for (size_t block = run->begin; block < run->end; block++)
#pragma GCC unroll 2
    for (size_t q = 0; q < LANES; q += 4) {
      struct quarter u;
      load(&u, r->u + block * WIDTH + q);
      sum_nodes(r->n, matrix + block * r->n * WIDTH + q, &u, r->lanes + q);
    }
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
    look(r, matrix, &run);
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
