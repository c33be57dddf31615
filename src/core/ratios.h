/* SPDX-License-Identifier: MIT
 *
 * Kernel ratios of one layout at fixed nodes, E_jm = K_j(v_m)/K_0(v_m) with 0 the point
 * with the largest kernel there. Where only the logits change, as along a descent, each
 * new look costs two passes over them:
 *
 *   F_m = sum_j S_j E_jm,   m_j = sum_m (weight_m/F_m) E_jm,   G_j = S_j (1 - m_j)
 *
 * Sums of positive terms; no bounds are kept.
 */
#ifndef KD_RATIOS_H
#define KD_RATIOS_H

#include "estimate.h"
#include "rule.h"

/* Start from {0}. */
struct kd_ratios {
  const struct kd_kernel *kernel; /* what they were made for, down to `weight` */
  enum kd_space space;
  double h, shape, log_mass;
  size_t n, n_nodes;
  double *y;          /* n */
  double *v, *weight; /* n_nodes, and more up to whole blocks: weight 0 */
  double *log_k;      /* likewise: log K_0, -inf where uncovered */
  double *E;          /* blocks of nodes; in each a row of `width` for each point */
  size_t width, n_blocks;
  size_t points_room, nodes_room, E_room;
  double *lanes; /* scratch */
  double *m;     /* scratch */
};

void kd_ratios_clear(struct kd_ratios *ratios);

/* Whether a table for so many points and nodes is worth its memory. */
bool kd_ratios_fit(size_t n_points, size_t n_nodes);

/* Fills the table; nothing to do if it holds these points, kernel and nodes already.
 * KD_SYSTEM when memory is short. */
int kd_ratios_fill(struct kd_ratios *ratios, const struct kd_estimate *estimate,
                   const struct kd_nodes *nodes, struct kd_err *err);

/* Loss (NULL: not wanted), G and log m_j (kernel.h), n values each in the order of the
 * input, at the estimate's present weights; *uncovered: weight of the nodes where f = 0.
 * False, and nothing set, if weights are so small that f underflows somewhere. */
bool kd_ratios_look(struct kd_ratios *ratios, const struct kd_estimate *estimate, double *loss,
                    double *G, double *log_m, double *uncovered);

#endif
