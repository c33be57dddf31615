/* SPDX-License-Identifier: MIT
 *
 * The target's two halves as wings, right and left of its centre, for kernels of bounded
 * support that are polynomials in pieces: nodes where pieces begin or end, outwards by rising
 * r = |x|, as recursions can take them many at once. What depends on positions alone is kept.
 *
 * Seen along a wing, a site enters at Y - h, leaves at Y + h and, if its kernel has a kink
 * there (triangular), passes its middle at Y. Zones from 0 outwards are as wide as a piece,
 * 2 h or h. So a piece that covers r covers just one end of r's zone, or touches both:
 *
 *   pieces that cover the inner end end in this zone: sums over them, from its outer end on,
 *   are recursions inwards, in which only positive terms come in;
 *   those that cover the outer end begin in this zone: likewise, outwards.
 *
 * A zone begins at a node of its own, where all sums begin anew. Beyond the edge of T the
 * nodes of the last zone go on, without enterings. Both wings are treated alike, so that
 * reflection changes no bit. Where a place is on two zones it counts for the inner one.
 *
 * Nodes lie in blocks of lanes, line.h, each with the stretch before it. Order and
 * coincidence of nodes are those of the exact places, lengths are right to 4 KD_U.
 */
#ifndef KD_ZONE_H
#define KD_ZONE_H

#include "core/err.h"
#include "core/estimate.h"
#include "line.h"
#include "pole.h"

enum kd_zone_kind { KD_ZONE_NOTHING, KD_ZONE_LEAVES, KD_ZONE_ENTERS, KD_ZONE_MIDDLE };
enum { KD_ZONE_KINDS = KD_ZONE_MIDDLE + 1 };

/* Cells with those of the node before in front: cell k's own is at KD_LANES_WIDE + k, that of
 * the node before it at k. */
enum { KD_SHIFTED = KD_LANES_WIDE + KD_PLACES };

/* In front of numbers that stand from KD_LANES_WIDE on; before: of the last node of the block
 * before. */
static inline void kd_zone_shift(double *x, double before) {
  for (size_t l = 1; l < KD_LANES_WIDE; l++) x[l] = x[KD_PLACES + l - 1];
  x[0] = before;
}

struct kd_zone_wing {
  size_t first, end; /* blocks */
};

/* Start from {0}. Lengths are in units of 1/unit. */
struct kd_zones {
  bool placed, serves; /* the rest is that of the present points; they can be gone through */
  bool by_rank;        /* points are named by their place in the estimate, not in the input */
  bool halves;         /* pieces are h wide */
  double unit, h, w;
  size_t n; /* points */
  struct kd_zone_wing wing[2];
  struct kd_pole_rules rules;
  size_t room, n_cells;                 /* places; NULL rows until there is room */
  uint32_t *point;                      /* by cells: name of who enters or the like */
  uint8_t *kind;                        /* enum kd_zone_kind */
  double *length;                       /* of the stretch before the node */
  double *part;                         /* of T that this is; 0 beyond T */
  double *keep;                         /* 0 where a zone begins, else 1 */
  double *to_end;                       /* to the zone's outer end; 0 where one begins */
  double *from_start;                   /* from its inner end, KD_SHIFTED a block */
  double *lane_keep, *lane_length;      /* product and sum along each lane */
  double *f, *mass, *left, *right, *to; /* by cells, for the caller; one more of `to`, 0 */
  size_t points_room;
  uint32_t *event[3]; /* by names: cells of the point's events, n_cells if it
                         has no such: the inner end, the outer one, the middle */
  uint32_t *order;    /* points outwards, tied ones in the same order on both sides: */
  size_t n_side[3];   /* right, left, at the centre */
  uint32_t *along;    /* scratch: names along a wing, */
  double *y;          /* and where */
  double *weight;     /* by names, and one more; for the caller */
};

void kd_zones_clear(struct kd_zones *zones);

/* Of these points. zones->serves then says whether all of T is covered and lengths are not
 * near the ends of the range. KD_SYSTEM when memory is short. */
int kd_zones_place(struct kd_zones *zones, const struct kd_estimate *estimate, bool halves,
                   bool by_rank, struct kd_err *err);

#endif
