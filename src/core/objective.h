/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient of one estimate on one set of nodes:
 *   L = -sum_m weight_m log f(v_m),   G_i = sum_m weight_m (S_i - rho_i(v_m)).
 */
#ifndef KD_OBJECTIVE_H
#define KD_OBJECTIVE_H

#include "estimate.h"
#include "rule.h"

/* The bounds are against the integral (rules that stand for it) or the rule's own
 * binned sum, of the problem as it was put: roundings of positions and weights are in
 * them. */
struct kd_objective {
  double loss;           /* +inf if a node is uncovered */
  double loss_bound;     /* |loss - its true value| is at most this */
  double gradient_bound; /* and max_i |G_i - its true value| this */
  double uncovered;      /* weight of the uncovered nodes: a share of T */
};

enum { KD_OBJECTIVE_SCRATCH = 16 };

/* G: n values in the order of the input, over the covered nodes; caller's. log_m: the same
 * of log m_j (kernel.h), or NULL. scratch: KD_OBJECTIVE_SCRATCH n doubles, caller's. */
struct kd_objective kd_objective(const struct kd_estimate *estimate,
                                 const struct kd_nodes *nodes, double *G, double *log_m,
                                 double *scratch);

/* log m_j of weight S_j, whose part in G is G_j, from m_j, which may be out of the range of
 * doubles. */
double kd_log_m(double m, double S, double log_S, double G);

#endif
