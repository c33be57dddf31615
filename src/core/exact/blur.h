/* SPDX-License-Identifier: MIT
 *
 * What a sweep over stretches (compact.c) may owe to positions and edges of T that are
 * wrong by dy_j and dw: bounds, all lengths in the sweep's units.
 */
#ifndef KD_BLUR_H
#define KD_BLUR_H

#include <stdbool.h>

#include "segment.h"
#include "site.h"

struct kd_blur {
  double reach;       /* largest dy of points near T + dw; 0: nothing is wrong */
  double steep, peak; /* largest slope (0 for kernels that jump) and value of k */
  double h, w, tiny;  /* tiny: what is no gap between supports by convention */
  double depth;       /* largest |log S_j| */
  size_t n;           /* points */
  double gradient;    /* for any G_i */
  double own;         /* for G_i, once for each end of the point's own support */
  double loss;
  bool undecided; /* whether all of T is covered hangs on the errors */
  bool gap;       /* no: it is not */
};

/* Sets all but steep, peak and h, which are the caller's. */
void kd_blur_start(struct kd_blur *b, const struct kd_estimate *e, const struct kd_sites *s);

/* A stretch that is covered, with slack = sum S_j dy_j over the points that cover it. G_i
 * may be wrong by S_i/2w times the sum of over->slack over the stretches that point i
 * covers, or by the sum of over->loose if that is less. */
void kd_blur_stretch(struct kd_blur *b, const struct kd_segment *t, struct kd_moments *over);

/* A stretch that no point covers */
void kd_blur_gap(struct kd_blur *b, double length);

/* Where supports begin or end, or T: the stretches on both sides, NULL beyond T. A
 * stretch that is not covered has mass 0. */
struct kd_boundary {
  const struct kd_segment *left, *right;
  struct kd_moments *over_left, *over_right; /* theirs, NULL if they have none */
  size_t n_events;                           /* ends of supports there */
  bool covered; /* some point covers both sides, its ends elsewhere */
};

/* One end of the support of a site */
void kd_blur_event(struct kd_blur *b, const struct kd_boundary *at, const struct kd_sites *s,
                   size_t site, bool begins);

/* An edge of T at which a stretch that is covered ends, F its value there; `covered`: by
 * some point whose support goes on beyond it. */
void kd_blur_edge(struct kd_blur *b, const struct kd_segment *t, double F, bool covered);

#endif
