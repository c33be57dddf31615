/* SPDX-License-Identifier: MIT
 *
 * What the errors of positions do to log K: a point may stand a little elsewhere than
 * its double says (the rounding of x - c and of the shift), so may a node, and the
 * offset of the two is rounded.
 */
#ifndef KD_WOBBLE_H
#define KD_WOBBLE_H

#include <stdbool.h>

struct kd_estimate;

struct kd_wobble {
  double epsilon;  /* bound on the error of log K_j, but for a term common to all j */
  double pull;     /* bound on |(log K_j)'| */
  double log_edge; /* where K_j may be 0 or not: the largest log K_j that it may have;
                      else -INFINITY */
};

/* At all offsets up to `reach` from `middle`, off by at most dv themselves: n values in
 * sorted order, and a bound on the common term. False if there are no such bounds but
 * for single offsets (reach 0). */
bool kd_wobble(const struct kd_estimate *estimate, double middle, double reach, double dv,
               struct kd_wobble *wobble, double *common);

#endif
