/* SPDX-License-Identifier: MIT
 *
 * A sweep over the target from left to right for kernels of bounded support that are
 * polynomials in pieces: the stretches between ends of pieces, with F on each.
 */
#ifndef KD_SWEEP_H
#define KD_SWEEP_H

#include "blur.h"
#include "core/estimate.h"
#include "core/num.h"
#include "place.h"
#include "segment.h"
#include "site.h"
#include "window.h"

enum { KD_PIECES = 2 };

/* A piece on [y + from h, y + to h]. `moment` takes moments about the ends of a window to
 * points further out, by `after` at the right and `before` at the left. */
struct kd_piece {
  int from, to;
  double (*moment)(const struct kd_moments *m, double after, double before);
};

/* K(r) = factor k/h^(degree + 1), k a sum of pieces. */
struct kd_family {
  size_t degree, n_pieces;
  struct kd_piece piece[KD_PIECES];
  double factor;
  double steep, peak; /* the largest slope and value of k at h = 1 */
  kd_segment_over *over;
  double roundings; /* of mean rho_i, in units of KD_U, relative; see compact.c */
};

struct kd_sweep {
  /* the caller's, before it starts; lengths in the units of the sites */
  const struct kd_estimate *e;
  const struct kd_family *family;
  const struct kd_sites *sites;
  const struct kd_pole_rules *rules;
  size_t *from[KD_PIECES], *to[KD_PIECES]; /* of each site's piece: first stretch, last + 1 */
  struct kd_moments *front[KD_PIECES];     /* room for windows over sites */
  struct kd_moments *over;                 /* of each stretch: moments of 1/F */
  double h, w;

  /* what it finds */
  size_t n;                    /* stretches that are covered */
  struct kd_sum log_F;         /* share of T times mean log F, over them */
  struct kd_sum size_log_F;    /* the same with sizes */
  struct kd_sum covered, gaps; /* shares of T; slivers by rounding are in neither */
  bool whole;                  /* there are neither gaps nor slivers */
  struct kd_blur blur;

  struct kd_window window[KD_PIECES]; /* of sites that cover the stretch */
  size_t was_first, was_end;          /* of the supports covering the last stretch */
  struct kd_segment last;
  struct kd_moments *last_over; /* NULL if it has none */
};

void kd_sweep(struct kd_sweep *s);

/* Ends of a site's piece */
struct kd_dd kd_sweep_begin(const struct kd_sweep *s, size_t piece, size_t site);
struct kd_dd kd_sweep_end(const struct kd_sweep *s, size_t piece, size_t site);

double kd_sweep_distance(const struct kd_sweep *s, struct kd_dd a, struct kd_dd b);

#endif
