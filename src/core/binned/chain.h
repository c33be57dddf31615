/* SPDX-License-Identifier: MIT
 *
 * The sums over a grid's nodes, with D the decay from node to node:
 *
 *   A_m = D A_{m-1} + a_{m-1},  B_m = D B_{m+1} + b_m        F_m = A_m + B_m
 *   L_m = D L_{m-1} + u_m,      R_m = D R_{m+1} + u_m        u_m = weight_m/F_m
 *
 * where a_m and b_m are what the points in gap m send to node m + 1 and to node m.
 */
#ifndef KD_CHAIN_H
#define KD_CHAIN_H

#include <stdbool.h>

#include "core/exact/share.h"
#include "core/rule.h"
#include "sweeps.h"

/* What is kept of a block of gaps between passes */
struct kd_link {
  struct kd_scaled A; /* at its first node */
  double A_error;     /* relative, in KD_U */
  double e;           /* its F are in units of 2^e, its u of 2^-e */
  bool has_points;
  _Alignas(32) double sum[KD_ROW]; /* of its lanes: of a from the left, then of u */
};

struct kd_chain {
  const struct kd_grid *grid; /* weights; its nodes are every stride-th here */
  size_t n, stride;           /* nodes */
  double gap;                 /* step/h between nodes, at most 1/2 */
  size_t n_blocks;
  double *table;        /* table.h: a, b; then L_m and R_{m+1} of each gap m */
  struct kd_link *link; /* n_blocks */
  struct kd_front A, B; /* of the points outside, at the first and the last node */
  double block_weight;  /* scratch */
  /* Results */
  struct kd_front R, L; /* R at the first and L at the last node */
  double most_a;        /* the largest a_m */
  double mean_log_f;    /* sum_m weight_m log F_m, ... */
  double log_size;      /* ... and with |log F_m| */
  double least;         /* the least F_m, or 0 where blocks needed units of their own */
  /* What the recursions add, in KD_U: to the relative errors of all F but at some nodes; the
   * sum over those nodes of weight times what they add there; to those of L and R in gaps
   * with points. */
  double F_error, spread, flow_error;
};

void kd_chain_run(struct kd_chain *chain);

#endif
