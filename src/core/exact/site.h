/* SPDX-License-Identifier: MIT
 *
 * Sites: the places of an estimate's points on the line, from left to right, tied points
 * merged. Of a layout and its mirror image one is taken, the same for both: what is
 * computed from sites is the same to the bit for both.
 */
#ifndef KD_SITE_H
#define KD_SITE_H

#include <stdbool.h>

#include "core/err.h"
#include "core/estimate.h"
#include "window.h"

/* Start from {0}. Lengths but y are in units of 1/unit. */
struct kd_sites {
  size_t n, capacity;
  double unit;               /* a power of two, h unit is in [1, 2) */
  bool symmetric;            /* the layout is its own mirror image */
  double *y;                 /* n, rising */
  double *gap;               /* n: from each site to the next */
  double *dy;                /* n: bound on the error of y */
  struct kd_moments *weight; /* n: mass is S, slack is S dy */
  size_t *of;                /* site of each of the estimate's points */
};

void kd_sites_clear(struct kd_sites *sites);

/* O(n): the estimate is sorted. Relative error of the weights beside that of the points'
 * own: KD_U. KD_SYSTEM when memory is short. */
int kd_sites_gather(struct kd_sites *sites, const struct kd_estimate *e, struct kd_err *err);

/* S_j of a point as mass and e, of any size. Relative error: e->dlog_S, and
 * KD_U (4 + |log S_j|) where S_j is below 2^-256. */
struct kd_moments kd_site_weight(const struct kd_estimate *e, size_t j);

#endif
