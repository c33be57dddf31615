/* SPDX-License-Identifier: MIT
 *
 * uniform, triangular and epanechnikov on the line: G, log m and L at other logits while
 * points stay. A leaner form of compact.h without bounds.
 */
#ifndef KD_COMPACT_STEP_H
#define KD_COMPACT_STEP_H

#include "zone.h"

/* z: n logits in the order of the input, G, and log m and the loss unless NULL, likewise; the
 * caller's. *done: false, and nothing set, if the points (kd_zones_place) or logits, of
 * which some are below the largest by more than 250, are not for it; points of an
 * estimate that has been sorted. degree, factor: as compact_zones.h has them. KD_SYSTEM when
 * memory is short. */
int kd_compact_step(const struct kd_estimate *estimate, size_t degree, double factor,
                    const double *z, struct kd_zones *zones, bool *done, double *G,
                    double *log_m, double *loss, struct kd_err *err);

#endif
