/* SPDX-License-Identifier: MIT
 *
 * What the errors of an estimate's inputs (weights, positions, half-width) do to L and
 * G at most, for any kernel with |d log K/dx| <= slope.
 *
 * An input's error multiplies term j of f by e^{delta_j}, |delta_j| <= eta_j = dlog_S_j +
 * slope dy_j. On the way there rho_i changes at the rate rho_i (delta_i - sum_j rho_j
 * delta_j), so that with m_i = mean_T rho_i, and mean_T rho_i^2 >= m_i^2,
 *
 *   |change of m_i| <= m_i (1 - m_i) eta_i + min(m_i max eta, sum_{j != i} m_j eta_j)
 *   |change of L|   <= sum_j m_j eta_j
 *
 * where m_j and 1 - m_j are at most e^{2 max eta} times larger on the way.
 * Moving the edges of T by dw changes m_i by dw/w max_T rho_i at most, where rho_i
 * falls no faster than e^{-2 slope x}: m_i >= rho_i (1 - e^-c)/c, c = 4 w slope. It
 * changes L by dw slope at most, for log f at an edge is within w slope of its mean.
 */
#ifndef KD_INPUTS_H
#define KD_INPUTS_H

#include "core/estimate.h"

struct kd_input_errors {
  double loss, gradient; /* max norm */
};

/* m: mean_T rho_j, n values in sorted order, each right to `error`. common: that much of each
 * dlog_S_j is the same number for all, so that no rho_j sees it (estimate.h, or 0).
 * positions_only: G's part is that of the positions, the others being the caller's. */
struct kd_input_errors kd_input_errors(const struct kd_estimate *estimate, const double *m,
                                       double error, double slope, double common,
                                       bool positions_only);

#endif
