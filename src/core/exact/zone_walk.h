/* SPDX-License-Identifier: MIT
 *
 * F and integrals of k_j/F over T by way of the nodes of a layout (zone.h).
 */
#ifndef KD_ZONE_WALK_H
#define KD_ZONE_WALK_H

#include "zone.h"

struct kd_zone_walk {
  double log_F, size; /* mean over T of log F, and the sum of sizes of its terms */
  bool any_long;      /* F changes much on some stretch (zone_stretch.h) */
};

/* With the weights E_j in zones->weight, whatever their sum; k_j in units of h's degree-th
 * power, as lengths are. with_log: log_F and size are wanted. fine: roundings, relative: of F
 * 2, 9 or 13, by degree, of the integrals 9, 35 or 44, and 39 or 95 more if any_long. Else of
 * all these 450. */
struct kd_zone_walk kd_zone_walk(struct kd_zones *zones, size_t degree, bool fine,
                                 bool with_log);

/* int k_j/F of points first to first + n - 1, as zones->event has them */
void kd_zone_collect(const struct kd_zones *zones, size_t first, size_t n, double *m);

/* log m, or what stands for 0 (kernel.h) */
void kd_zone_log_m(size_t n, const double *m, double *log_m);

#endif
