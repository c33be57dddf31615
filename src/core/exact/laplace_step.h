/* SPDX-License-Identifier: MIT
 *
 * laplace on the line: G, log m and L at other logits while points stay. A leaner form of
 * laplace.h without bounds.
 */
#ifndef KD_LAPLACE_STEP_H
#define KD_LAPLACE_STEP_H

#include "line.h"

/* z: n logits in the order of the input, G, and log m and the loss unless NULL, likewise; the
 * caller's. *done: false, and nothing set, if the points (kd_lanes_place) or logits, of
 * which some are below the largest by more than 250, are not for it; points of an
 * estimate that has been sorted. KD_SYSTEM when memory is short. */
int kd_laplace_step(const struct kd_estimate *estimate, const double *z, struct kd_lanes *lanes,
                    bool *done, double *G, double *log_m, double *loss, struct kd_err *err);

#endif
