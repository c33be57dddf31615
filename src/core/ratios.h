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
  size_t n_left,
      n_right; /* rows that are summed first, and next; the others last: reflection */
  size_t n_blocks;
  double *E;                           /* blocks; in each a row of KD_RATIOS_WIDTH a point */
  double *weight;                      /* blocks: of the nodes, 0 where uncovered */
  bool even;                           /* the nodes stand at equal steps: */
  double lane_weight[KD_RATIOS_LANES]; /* weight of all but the outer ones by m % 8 */
  double uncovered;                    /* weight of nodes where f = 0 */
  bool bounded;                        /* the next ones are there, and good for bounds */
  double *kappa;                       /* as E */
  double *blur;                        /* blocks; in each a row of KD_RATIOS_LANES a point: E e,
                                          E being off by a factor 1 + e, at four nodes each */
  double *most_e, *most_Ee;            /* rows: the largest of all nodes */
  double most;                         /* e of all points */
  double log_k_sum, log_k_error;       /* weighted sum of log_k; a bound on its error */
  size_t points_room, nodes_room, slots_room, E_room, kappa_room, blur_room;
  double *S, *lanes, *sums, *t, *d, *u, *F; /* scratch */
  struct kd_wobble *wobble;                 /* scratch */
};

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

/* Loss, G and their bounds (the loss without the factor of K that moves it alone), of a table
 * that is bounded. False, and nothing of use set, where F is below 2^-240 or the errors of E
 * would widen the bounds: sums by blocks know better what they mean where one point rules. */
bool kd_ratios_objective(struct kd_ratios *ratios, const struct kd_estimate *estimate,
                         double *G, struct kd_objective *out);

/* --- ratios_sum.c, of the weights in `S` --- */

/* With F and u = weight/F of all places (F = 1 in empty ones): t = sum_m u_m E_jm of each row,
 * or of another matrix, and sum_m weight_m log F_m (NULL: not wanted). No F is less than what
 * is returned; 0, and nothing of use set, if that is below 2^-960. */
double kd_ratios_sum(struct kd_ratios *ratios, const double *matrix, double *log_F);

/* The same sums of another matrix, and of the blur: n values, the caller's */
void kd_ratios_sum_again(struct kd_ratios *ratios, const double *matrix, double *sums);
void kd_ratios_blurs(struct kd_ratios *ratios, double *sums);

/* Roundings of a number of t, relative to the sum of its terms' sizes */
double kd_ratios_roundings(size_t n_blocks);

/* --- ratios_look.c --- */

/* Whether most looks with bounds would be refused; n_blocks and room for the points are set. */
bool kd_ratios_hopeless(struct kd_ratios *ratios, const struct kd_estimate *estimate,
                        const struct kd_nodes *nodes);

#endif
