/* SPDX-License-Identifier: MIT
 *
 * The closed forms of compact.h for many points whose positions are exact, side by side.
 */
#ifndef KD_COMPACT_ZONES_H
#define KD_COMPACT_ZONES_H

#include "core/objective.h"
#include "zone.h"

enum { KD_ZONES_FROM = 512 }; /* points; with fewer the sweep is as fast */

/* The same, by zones, to smaller bounds. degree, factor: K(r) = factor k/h^(degree + 1). *done:
 * false, and nothing set but scratch, where that would not do: positions or T that may be
 * wrong, T not all covered, weights below 2^-400, and lengths that kd_zones_place refuses.
 * KD_SYSTEM when memory is short. */
int kd_compact_zones(const struct kd_estimate *estimate, size_t degree, double factor,
                     struct kd_zones *zones, bool *done, struct kd_objective *out, double *G,
                     double *log_m, struct kd_err *err);

#endif
