/* SPDX-License-Identifier: MIT
 *
 * Kernels of bounded support that are polynomials in pieces, on the line: the integrals
 * themselves, no bins, by a sweep that takes any layout: compact_zones.h goes before it where
 * it serves. The functions are declared in exact.h; this is their room.
 */
#ifndef KD_COMPACT_H
#define KD_COMPACT_H

#include "pole.h"
#include "site.h"
#include "window.h"

/* Room, kept between calls; start from {0}. */
struct kd_compact {
  struct kd_sites sites;
  struct kd_pole_rules rules;
  size_t capacity;               /* sites that there is room for in the next rows */
  size_t *from[2], *to[2];       /* of each piece of each site: first stretch, last + 1 */
  struct kd_moments *front[2];   /* of windows over sites, one for each piece */
  struct kd_moments *over;       /* of each stretch: moments of 1/F */
  struct kd_moments *over_front; /* of windows over stretches */
  double *rho, *slack;           /* of each site: mean over T, and a part of its error */
  double *m;                     /* mean of K/f */
};

void kd_compact_clear(struct kd_compact *compact);

#endif
