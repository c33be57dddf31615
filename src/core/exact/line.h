/* SPDX-License-Identifier: MIT
 *
 * Points of a layout in order along the line, as recursions from both ends can take them
 * many at once: blocks of 512 places, in each 16 lanes of 32 places, lane after lane along
 * the line, and place i of all lanes side by side. What depends on positions alone is kept
 * here: decays, parts of T, ways between lanes.
 *
 * Place s and the last but s are of the same lane but for reflection, so that reflecting a
 * layout changes no bit of a recursion: what fills the blocks lies at both ends, as many
 * places at each; a point at the centre, and the middle one of an odd number, stands twice,
 * with half its weight. Ties take places of their own, at no distance.
 */
#ifndef KD_LINE_PLACES_H
#define KD_LINE_PLACES_H

#include <stdint.h>

#include "core/err.h"
#include "core/estimate.h"
#include "stretch.h"

enum { KD_LANE = 32, KD_LANES_WIDE = 16, KD_PLACES = KD_LANE * KD_LANES_WIDE };

/* Where an array has place s */
static inline size_t kd_lane_cell(size_t s) {
  size_t lane = s / KD_LANE % KD_LANES_WIDE;
  return s / KD_PLACES * KD_PLACES + s % KD_LANE * KD_LANES_WIDE + lane;
}

#define KD_NOBODY UINT32_MAX

/* A stretch that is not short: from the place of this cell on */
struct kd_long_stretch {
  size_t cell;
  struct kd_stretch t; /* but for A and B */
};

/* A point that stands at several places, as at this cell with this part of its weight */
struct kd_shared_place {
  size_t cell;
  double factor;
  double m; /* for the caller */
};

/* Start from {0}. */
struct kd_lanes {
  bool placed;           /* the rest is that of the present points */
  bool serves;           /* they can be gone through so */
  size_t room, n_blocks; /* places that there is room for */
  uint32_t *point;       /* by cells: place in the input, or KD_NOBODY */
  double *decay;         /* e^-gap to the next place */
  double *part;          /* of T, between this place and the next if that is a short stretch */
  double *decay_before;  /* for each lane: e^-gap before its first place */
  double *way_A, *way_B; /* for each lane, from its last place to that of the lane before; from
                            its first to that of the lane after: kd_lane_way */
  size_t n_pairs;        /* of nodes in a short stretch */
  double tau_a_part;     /* tau of a short stretch (stretch.h) over its part of T */
  double short_part, short_half; /* short stretches: sum of parts, and of parts times half of
                                    the gap */
  size_t n_long, long_room;
  struct kd_long_stretch *long_stretch; /* in order */
  size_t n_shared, shared_room;
  struct kd_shared_place *shared; /* in order */
  double *E, *B, *u, *V;          /* by cells, for the caller */
};

void kd_lanes_clear(struct kd_lanes *lanes);

/* Of these points, for the Laplace kernel on the line. lanes->serves then says whether gaps
 * are narrow enough, few stretches long and the points not as near to each other as
 * laplace_flat.c wants them. KD_SYSTEM when memory is short. */
int kd_lanes_place(struct kd_lanes *lanes, const struct kd_estimate *estimate,
                   struct kd_err *err);

/* A sum goes on by a way and takes in what is there: u <= 1/2 bandwidths are kept as
 * e^-u - 1, others as e^-u. */
static inline void kd_lane_way(struct kd_running *sum, double way, double own) {
  if (way > 0) {
    kd_running_multiply(sum, way);
    kd_running_add(sum, own);
  } else {
    kd_running_add(sum, own + way * sum->high);
  }
}

#endif
