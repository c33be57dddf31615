/* SPDX-License-Identifier: MIT
 *
 * The plain way to compute f and the gradient, for claims to be judged by: at every node
 * v each pair takes its own r = v - y_j, no position meets another,
 *
 *   t_j = log S_j + log K(r) (+ a tilt),  log f = log sum_j e^t_j,  rho_j = e^t_j / f,
 *
 * with the largest t_j taken out before exp. Slow (a loop over all pairs) and good to fewer
 * digits than block.h where points are far away, but its bounds are proved as well.
 */
#ifndef KD_DIRECT_H
#define KD_DIRECT_H

#include "core/estimate.h"
#include "core/objective.h"
#include "core/rule.h"

/* Factors on the K_j, as logarithms: at offset v one for each sorted point, and bounds on
 * their errors. */
struct kd_tilt {
  void (*fill)(const void *context, const struct kd_estimate *estimate, double v,
               double *log_factor, double *error);
  const void *context;
};

enum { KD_DIRECT_SCRATCH = 11 };

/* As kd_objective; tilt may be NULL. G: n values in the order of the input, scratch:
 * KD_DIRECT_SCRATCH n doubles, caller's. */
struct kd_objective kd_direct(const struct kd_estimate *estimate, const struct kd_nodes *nodes,
                              const struct kd_tilt *tilt, double *G, double *scratch);

#endif
