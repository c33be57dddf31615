/* SPDX-License-Identifier: MIT
 *
 * The sums over a table of ratios, eight lanes at a time in a fixed order: the same bits on
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
enum { BLOCKS_A_RUN = 16, POINTS_A_RUN = 8, ROWS = 4, ROWS_AT_A_TIME = 64 };

/* Of four F: their inverse is a number; so is the product of a lane's of a run. */
static const double LEAST = 0x1p-960, LEAST_FOR_LOG = 0x1p-60;

/* --- runs of blocks --- */

/* And what they leave in lanes: products of F, four of which are never less than `least`, and
 * sums of u */
struct run {
  _Alignas(64) double product[LANES], least[LANES], u[LANES];
  size_t begin, end;
  const double *matrix; /* NULL: not yet chosen */
};

/* Before the first one */
static void start(struct run *run, const double *matrix) {
  run->begin = run->end = 0, run->matrix = matrix;
  for (size_t l = 0; l < LANES; l++) run->least[l] = 1, run->u[l] = 0;
}

/* The next one, and empty lanes; false past the last one */
static bool next(const struct kd_ratios *r, struct run *run) {
  size_t left = r->n_blocks - run->end;
  run->begin = run->end;
  run->end += left < BLOCKS_A_RUN ? left : BLOCKS_A_RUN;
  for (size_t l = 0; l < LANES; l++) run->product[l] = 1;
  if (left) memset(r->lanes, 0, r->n * LANES * sizeof *r->lanes);
  return left;
}

KD_INLINE double sum_of(const double *lane) {
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
         ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

/* So many blocks at a time stay in the first cache between the two looks at them. */
KD_INLINE size_t blocks_at_a_time(const struct kd_ratios *r, size_t left) {
  size_t most = r->n < ROWS_AT_A_TIME ? ROWS_AT_A_TIME / r->n : 1;
  return most < left ? most : left;
}

/* kappa where the first blocks, the outermost nodes, say that the kernel is flat */
KD_INLINE const double *choose(const struct kd_ratios *r, size_t blocks, const double *u) {
  double part = (double)blocks / (double)r->n_blocks;
  return sum_of(u) <= (1 + KD_RATIOS_FLAT) * part ? r->kappa : r->E;
}

#define AT_ONCE  4
#define NAME(it) it##_fours
#define CLONES   KD_CLONES_OF_FOURS
#include "ratios_lanes.h"

#define AT_ONCE  8
#define NAME(it) it##_eights
#define CLONES   KD_CLONE_OF_EIGHTS
#include "ratios_lanes.h"

static void pass(const struct kd_ratios *r, struct run *run) {
  (KD_HAS_EIGHTS() ? pass_eights : pass_fours)(r, run);
}

static void look_again(const struct kd_ratios *r, const struct run *run) {
  (KD_HAS_EIGHTS() ? look_again_eights : look_again_fours)(r, run);
}

static void look_at_errors(const struct kd_ratios *r, const double *more, const struct run *run,
                           double *W) {
  (KD_HAS_EIGHTS() ? look_at_errors_eights : look_at_errors_fours)(r, more, run, W);
}

/* --- logarithms --- */

/* A sum of logarithms, and of their sizes */
struct logs {
  struct kd_sum sum;
  double size;
};

static void add_log(struct logs *logs, double log) {
  kd_sum_add(&logs->sum, log);
  logs->size += fabs(log);
}

/* Of each lane's product, times the weight of its nodes; and what they are in size */
KD_CLONES static void take_logs(const struct kd_ratios *r, const struct run *run, double *log,
                                double *size) {
#pragma omp simd
  for (size_t l = 0; l < LANES; l++) {
    log[l] = r->lane_weight[l] * kd_log(run->product[l]);
    size[l] = fabs(log[l]);
  }
}

static void add_run(const struct kd_ratios *r, const struct run *run, struct logs *logs) {
  double log[LANES], size[LANES];
  take_logs(r, run, log, size);
  kd_sum_add(&logs->sum, sum_of(log));
  logs->size += sum_of(size);
}

/* --- sums --- */

/* A run's onto those of the runs before it */
static void add_lanes(const struct kd_ratios *r, const struct run *run) {
  struct kd_sum *sum = (struct kd_sum *)r->sums;
  for (size_t j = 0; j < r->n; j++) {
    double of_run = sum_of(r->lanes + j * LANES);
    if (run->begin == 0)
      sum[j] = (struct kd_sum){.sum = of_run};
    else
      kd_sum_add(&sum[j], of_run);
  }
}

static void take_sums(const struct kd_ratios *r) {
  const struct kd_sum *sum = (const struct kd_sum *)r->sums;
  for (size_t j = 0; j < r->n; j++) r->t[j] = kd_sum_value(&sum[j]);
}

/* A logarithm a node: weights that differ, or products that leave the range of doubles */
static void log_each(const struct kd_ratios *r, struct logs *logs) {
  double log[WIDTH];
  *logs = (struct logs){0};
  for (size_t i = 0; i < r->n_blocks * WIDTH; i += WIDTH) {
    kd_vlog(WIDTH, r->F + i, log);
    for (size_t k = i; k < i + PAIRS; k++)
      add_log(logs, r->weight[k] * log[k - i] + r->weight[k + PAIRS] * log[k - i + PAIRS]);
  }
}

/* What the lanes' weights do not tell: the middle of an odd number of nodes stands in both
 * places of its pair, and the outer pair has a weight of its own. */
static void correct(const struct kd_ratios *r, struct logs *logs) {
  size_t middle = r->n_nodes / 2;
  double outer = r->weight[0] - r->lane_weight[0];
  if (r->n_nodes % 2 && r->n_nodes > 1)
    add_log(logs, -r->lane_weight[middle % LANES] *
                      kd_log(r->F[middle / PAIRS * WIDTH + middle % PAIRS]));
  if (outer != 0) add_log(logs, outer * kd_log(r->F[0] * r->F[PAIRS]));
}

static double lesser(double a, double b) {
  return a < b ? a : b;
}

static double least_of(const double *lane) {
  return lesser(lesser(lesser(lane[0], lane[4]), lesser(lane[1], lane[5])),
                lesser(lesser(lane[2], lane[6]), lesser(lane[3], lane[7])));
}

bool kd_ratios_sum(struct kd_ratios *r, const double *S, const double *matrix, bool log,
                   struct kd_ratios_sums *out) {
  struct run run;
  struct logs logs = {0};
  bool by_lanes = log && r->even;
  start(&run, matrix);
  for (size_t row = 0; row < r->n; row++) r->S[row] = S[r->point[row]];
  while (next(r, &run)) {
    pass(r, &run);
    add_lanes(r, &run);
    if (by_lanes) add_run(r, &run, &logs);
  }
  take_sums(r);
  out->matrix = run.matrix, out->u = sum_of(run.u);
  out->least = least_of(run.least);
  if (!(out->least >= LEAST)) return false;
  if (by_lanes) correct(r, &logs);
  if (log && !(by_lanes && out->least >= LEAST_FOR_LOG)) log_each(r, &logs);
  out->log_F = kd_sum_value(&logs.sum), out->log_size = logs.size;
  return true;
}

void kd_ratios_sum_again(struct kd_ratios *r, const double *matrix) {
  struct run run;
  start(&run, matrix);
  while (next(r, &run)) {
    look_again(r, &run);
    add_lanes(r, &run);
  }
  take_sums(r);
}

double kd_ratios_errors(struct kd_ratios *r, const double *more, double *sums) {
  struct run run;
  _Alignas(64) double W[LANES] = {0};
  start(&run, NULL);
  memset(sums, 0, r->n * sizeof *sums);
  while (next(r, &run)) {
    look_at_errors(r, more, &run, W);
    for (size_t j = 0; j < r->n; j++) sums[j] += sum_of(r->lanes + j * LANES);
  }
  return sum_of(W);
}

double kd_ratios_roundings_of_F(size_t n) {
  return (double)(n < POINTS_A_RUN ? n : POINTS_A_RUN + 2 + n / POINTS_A_RUN) + 1;
}

double kd_ratios_roundings_of_t(size_t n_blocks) {
  return (double)(n_blocks < BLOCKS_A_RUN ? n_blocks : BLOCKS_A_RUN) + 8;
}

double kd_ratios_roundings_of_errors(size_t n_blocks) {
  return 64 + (double)(n_blocks / BLOCKS_A_RUN);
}
