/* SPDX-License-Identifier: MIT
 *
 * What laplace.c and laplace_flat.c share: the points of an estimate as knots, from left
 * to right, and the sums over them that run from both ends.
 */
#ifndef KD_LAPLACE_KNOTS_H
#define KD_LAPLACE_KNOTS_H

#include "laplace.h"
#include "share.h"

/* Of the stretch that follows a knot, see laplace_flat.c */
struct kd_flat {
  double at_left, at_right, step;
};

struct kd_knot {
  double y;
  double fall;               /* e^-u - 1 over the gap u before it, of one rate, if u <= 1/2 */
  struct kd_running S;       /* weight */
  struct kd_scaled A;        /* sum over this knot and those to its left */
  double A_error;            /* relative, in KD_U */
  double rho, error;         /* mean over T, and its absolute error in KD_U */
  double right, right_error; /* the right part of the stretch that follows */
  union {
    struct kd_share share; /* in A, later in B */
    struct kd_flat flat;
  };
};

/* mean of K/f; of the stretch that follows, its right part over B */
struct kd_gain {
  struct kd_scaled m, right;
};

struct kd_knots {
  const struct kd_estimate *e;
  const struct kd_laplace *laplace;
  double rate_A, rate_B; /* 1/h times these: how what is left, right of a place falls off */
  struct kd_norm norm;
  struct kd_knot *at;
  size_t n;
  struct kd_gain *gain; /* n, or NULL: not wanted */
};

/* Takes the knot's weight into a sum that is there. */
struct kd_share kd_knot_take_in(struct kd_front *front, const struct kd_knot *knot);

double kd_gap(const struct kd_knots *knots, size_t k); /* to the next knot, bandwidths */

/* Between two positions (NULL: none), rates as in kd_knots; all but A and B */
struct kd_stretch kd_stretch_place(const struct kd_estimate *estimate, const double *left,
                                   const double *right, double rate_A, double rate_B);

/* Between two knots (NULL: none), given B at the right one */
struct kd_stretch kd_stretch_between(const struct kd_knots *knots, const struct kd_knot *left,
                                     const struct kd_knot *right, const struct kd_front *B);

/* Whether all points, from `first` to `last`, lie so close to each other that S_i - mean
 * rho_i would cancel (laplace_flat.c). left, right: neighbours, on two sides of T if there are
 * such. rate: the greater of two; lopsided: they differ. */
bool kd_laplace_is_flat(const struct kd_estimate *estimate, double first, double left,
                        double right, double last, double rate, bool lopsided);
bool kd_knots_are_flat(const struct kd_knots *knots);

/* G then, and log m unless it is NULL; returns G's bound but for the errors of positions.
 * Fills mean_T rho_j, in sorted order. */
double kd_laplace_flat(const struct kd_knots *knots, double *G, double *log_m, double *rho);

#endif
