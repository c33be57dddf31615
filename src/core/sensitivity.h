/* SPDX-License-Identifier: MIT
 *
 * How loss and gradient change with the shift d of a layout:
 *
 *   dL/dd   = -mean_T sum_j rho_j m_j
 *   dG_i/dd = -mean_T rho_i (m_i - sum_j rho_j m_j),
 *   m_j = d log K_j/dd = q(r_j) sign(r_j) dy_j/dd,   r_j = x - x_j
 *
 * with the score q = -d log K/d|r|. Where K jumps at a place y of T that moves with
 * its point, an integral gains (phi(y-) - phi(y+)) dy/dd / (b - a). For points outside
 * T and an inward shift m_j is plainly q_j: the gradient survives if all q_j are equal.
 */
#ifndef KD_SENSITIVITY_H
#define KD_SENSITIVITY_H

#include "estimate.h"
#include "rule.h"

/* velocity: dy_j/dd, n values in sorted order. with_jumps: the nodes stand for the
 * integral, not for a binned sum. Returns dL/dd; dG: n values in the order of the
 * input. scratch: 4 n doubles. All arrays the caller's. */
double kd_sensitivity(const struct kd_estimate *estimate, const struct kd_nodes *nodes,
                      bool with_jumps, const double *velocity, double *dG, double *scratch);

#endif
