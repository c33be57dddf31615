/* SPDX-License-Identifier: MIT
 *
 * Descents: the logits of a problem as an optimiser moves them, and beside it those of its
 * twin. The points stay, so kernel ratios are computed once (ratios.h) where the rule's
 * nodes do not depend on weights, else as long as weights have hardly moved; closed forms, of
 * integrals or of sums over equal bins, are used where the rule takes them.
 *
 * The optimality gap is log max_j m_j, m_j = mean_T K_j/f: as L is convex in S with
 * dL/dS_j = -m_j, L(S) - min L <= log max_j m_j (concavity of the logarithm), and m_j = 1
 * where S_j > 0 at the optimum.
 */
#ifndef KD_TRAJECTORY_H
#define KD_TRAJECTORY_H

#include "problem.h"
#include "stage.h"

/* One walk and what its optimiser keeps, n values each */
struct kd_walk {
  size_t n;
  double *z, *G, *log_m, *u, *v;
  double *placed; /* log S when nodes were placed */
  bool at_nodes;  /* there are such nodes */
};

/* Room for the recorded steps, kept between problems; start from {0}. */
struct kd_trajectory {
  struct kd_walk walk, twin;
  size_t n_rows, n_logits; /* room */
  int64_t *iteration;
  double *loss, *norm, *gap, *defect, *loss_change;
  double *logits; /* n a row */
  size_t n_order; /* room */
  size_t *order;  /* of the walks' points: places in the input */
};

void kd_trajectory_clear(struct kd_trajectory *trajectory);

/* Walks down from the problem's logits, on the stage that holds its points, and records
 * into the result what the problem asks for, the arrays belonging to `trajectory`. twin: the
 * stage of the unshifted layout, or NULL. Stages are left at other logits. KD_SYSTEM when
 * memory is short. */
int kd_trajectory_run(struct kd_trajectory *trajectory, const struct kd_problem *problem,
                      struct kd_stage *stage, struct kd_stage *twin, struct kd_result *result,
                      struct kd_err *err);

#endif
