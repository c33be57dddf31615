/* SPDX-License-Identifier: MIT
 *
 * Points in the gaps of a grid (table.h), in the order of the input. What stays with a
 * layout is kept: each point's cell and its decays to the gap's two nodes. Points left of
 * all nodes, or right of them, are seen from the nearest of their side: adding a number to
 * all their positions changes nothing.
 */
#ifndef KD_GAPS_H
#define KD_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "binned.h"
#include "core/num.h"
#include "placing.h"

/* Start from {0}. */
struct kd_gaps {
  size_t n, n_blocks;
  size_t points_room, table_room;
  bool placed;    /* the next fields are those of the present points */
  uint32_t *cell; /* whole chunks of n */
  double *decay;  /* e^(-r/h) to the node on the left, or to the nearest outside */
  double D;       /* across a gap */
  struct kd_outside nearest;
  double error;         /* of log K, from positions, but for the weights', in KD_U */
  double most_in_a_gap; /* points, once they are counted, else 0 */
  double *table;        /* n_blocks of KD_NUMBERS, then lines for the points outside */
};

/* Weights in units of the largest */
struct kd_load {
  double total;                       /* of the weights */
  double outside_left, outside_right; /* what they send to the nearest of their side */
  double least_log;                   /* of the weights, those that count */
  bool any_dropped;                   /* others are below e^-600 */
};

/* What comes back to the nearest points outside, and its logarithm, which has no limits */
struct kd_side {
  double value, log;
};

void kd_gaps_clear(struct kd_gaps *gaps);

/* Room for n points and that grid. KD_SYSTEM when memory is short. */
int kd_gaps_reserve(struct kd_gaps *gaps, size_t n, const struct kd_grid *grid,
                    struct kd_err *err);

/* Fills the table with what the points send to nodes; places them first, unless they are.
 * weight: n values, the caller's. */
void kd_gaps_scatter(struct kd_gaps *gaps, const struct kd_points *points,
                     const struct kd_grid *grid, double *weight, struct kd_load *load);

/* Counts the points of the fullest gap. KD_SYSTEM when memory is short. */
int kd_gaps_count(struct kd_gaps *gaps, struct kd_err *err);

/* From L, R in the table and what comes back to the sides: G of weights e^(z - top), which
 * it overwrites, and log m unless it is NULL. Returns the largest mean_T rho_j. */
double kd_gaps_gather(struct kd_gaps *gaps, const struct kd_points *points,
                      const struct kd_load *load, struct kd_side left, struct kd_side right,
                      double *G, double *log_m);

#endif
