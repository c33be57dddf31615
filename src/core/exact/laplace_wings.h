/* SPDX-License-Identifier: MIT
 *
 * kd_laplace_exact (laplace.h) for many points, side by side.
 */
#ifndef KD_LAPLACE_WINGS_H
#define KD_LAPLACE_WINGS_H

#include "core/objective.h"
#include "wing.h"

enum { KD_WINGS_FROM = 512 }; /* points */

/* The same, by wings, to smaller bounds or about the same. rate_A, rate_B: as in wing.h. *done:
 * false, and nothing set but scratch, where that would not do: f below 2^-900 in T, points
 * so close together that G would cancel (laplace_flat.c), and layouts that kd_wings_place
 * refuses. KD_SYSTEM when memory is short. */
int kd_laplace_wings(const struct kd_estimate *estimate, double rate_A, double rate_B,
                     struct kd_wings *wings, bool *done, struct kd_objective *out, double *G,
                     double *log_m, struct kd_err *err);

#endif
