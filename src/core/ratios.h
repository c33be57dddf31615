/* SPDX-License-Identifier: MIT
 *
 * Kernel ratios of one layout at fixed nodes, E_jm = K_j(v_m)/K_0(v_m) <= 1 with 0 the point
 * with the largest kernel there. Cells that differ in logits or optimiser alone share them,
 * and so do the steps of a descent: each new look costs two passes over the table,
 *
 *   F_m = sum_j S_j E_jm,   m_j = sum_m (weight_m/F_m) E_jm,   G_j = S_j (1 - m_j).
 *
 * With bounds (ratios_bound.c) kappa = E - 1 and what is uncertain of E are kept, too.
 */
#ifndef KD_RATIOS_H
#define KD_RATIOS_H

#include "estimate.h"
#include "objective.h"
#include "rule.h"

/* Nodes in a block: half of them from the left edge inwards, then their mirror images, so
 * that reflection changes no bit; a node in the middle stands on both sides, with half its
 * weight. Empty places have E = 1, kappa = 0 and weight 0. */
enum { KD_RATIOS_WIDTH = 32, KD_RATIOS_PAIRS = KD_RATIOS_WIDTH / 2, KD_RATIOS_LANES = 8 };

struct kd_wobble;

/* What a look with bounds knows of a point, by the names of ratios_bound.c */
struct kd_ratios_row {
  double G, R, D, own, W;
  double sums, error; /* bounds on what G is off by: of roundings of sums alone, and all */
  bool closely;       /* by each node's errors of E */
};

/* Start from {0}. */
struct kd_ratios {
  const struct kd_kernel *kernel; /* what they were made for, down to node_weight */
  enum kd_space space;
  double h, shape, log_mass;
  size_t n, n_nodes;
  unsigned long placed;       /* of the nodes */
  double dv;                  /* likewise: bound on their errors */
  bool tried;                 /* bounds were asked for */
  double *y, *dy;             /* n */
  double *node, *node_weight; /* n_nodes */
  size_t *point;              /* of each row */
  size_t n_left, n_right; /* rows that are summed first, and next; others last: reflection */
  size_t n_blocks;
  double *E;                           /* blocks; in each a row of KD_RATIOS_WIDTH a point */
  double *weight;                      /* blocks: of the nodes, 0 where uncovered */
  double *per_weight;                  /* 1/weight, or 0; with bounds alone */
  bool even;                           /* the nodes stand at equal steps: */
  double lane_weight[KD_RATIOS_LANES]; /* weight of all but the outer ones by m % 8 */
  double uncovered;                    /* weight of nodes where f = 0 */
  bool bounded;                        /* the next ones are there, and good for bounds */
  double *kappa;                       /* as E */
  double *Ee;                          /* likewise: E is off by E e at most */
  double *most_e, *most_Ee;            /* rows: the largest of all nodes */
  double most;                         /* e of all points */
  bool faint;                          /* some E or kappa has errors of underflow */
  double log_k_sum, log_k_error;       /* weighted sum of log_k; a bound on its error */
  size_t points_room, nodes_room, slots_room, E_room, kappa_room, Ee_room;
  double *S, *lanes, *sums, *t, *d, *more, *u, *F; /* scratch */
  struct kd_ratios_row *row;                       /* scratch */
  struct kd_wobble *wobble;                        /* scratch */
};

/* 0, 1, 2: the row is of those that are summed first, next, last. */
static inline int kd_ratios_side(const struct kd_ratios *r, size_t row) {
  return row < r->n_left ? 0 : row < r->n_left + r->n_right ? 1 : 2;
}

void kd_ratios_clear(struct kd_ratios *ratios);

/* Whether a table for so many points and nodes is worth its memory. */
bool kd_ratios_fit(size_t n_points, size_t n_nodes);

/* Fills the table, with what bounds need if they are asked for (kernels with infinite support
 * alone have any); nothing to do if it holds these points, kernel and nodes already.
 * KD_SYSTEM when memory is short. */
int kd_ratios_fill(struct kd_ratios *ratios, const struct kd_estimate *estimate,
                   const struct kd_nodes *nodes, bool bounds, struct kd_err *err);

/* Loss (NULL: not wanted), G and log m_j (kernel.h), n values each in the order of the
 * input, at the estimate's present weights; *uncovered: weight of the nodes where f = 0.
 * False, and nothing set, if weights are so small that f underflows somewhere. */
bool kd_ratios_look(struct kd_ratios *ratios, const struct kd_estimate *estimate, double *loss,
                    double *G, double *log_m, double *uncovered);

/* Loss, G and their bounds, of a table that is bounded. False, and nothing of use set, where a
 * product of four F is below 2^-240. */
bool kd_ratios_objective(struct kd_ratios *ratios, const struct kd_estimate *estimate,
                         double *G, struct kd_objective *out);

/* --- ratios_sum.c --- */

/* The kernel is flat where sum_m weight_m/F_m - 1 is at most this: kappa keeps digits then. */
#define KD_RATIOS_FLAT 0.5

struct kd_ratios_sums {
  const double *matrix;   /* whose sums are in t */
  double u;               /* sum_m u_m */
  double least;           /* of products of four F: no F is less */
  double log_F, log_size; /* sum_m weight_m log F_m, and of its terms' sizes; or 0 */
};

/* At the weights S, n values in the order of the estimate's points: F and u = weight/F of all
 * places (F = 1 in empty ones), t = sum_m u_m E_jm of each row, or of kappa (NULL: of the one
 * that is likely to fit the kernel); log: log_F is wanted, too. False, and nothing of use set,
 * if a product of four F is below 2^-960. */
bool kd_ratios_sum(struct kd_ratios *ratios, const double *S, const double *matrix, bool log,
                   struct kd_ratios_sums *sums);

/* t of another matrix */
void kd_ratios_sum_again(struct kd_ratios *ratios, const double *matrix);

/* What errors of E, e_jm + more_j, do to the mean of rho_i, without its factor S_i, for rows to
 * be seen closely: n values, the caller's; returned: what they do to the mean of log f. more: n
 * values. */
double kd_ratios_errors(struct kd_ratios *ratios, const double *more, double *sums);

/* Roundings of an F, of a number of t, and of what kd_ratios_errors adds up, relative to the
 * sum of its terms' sizes */
double kd_ratios_roundings_of_F(size_t n);
double kd_ratios_roundings_of_t(size_t n_blocks);
double kd_ratios_roundings_of_errors(size_t n_blocks);

#endif
