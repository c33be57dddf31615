/* SPDX-License-Identifier: MIT
 *
 * The breaking shift: where on the way from the unshifted layout to a shift the gradient
 * leaves what it was. By bisection: at `after` some G_i is proved to have changed (by more
 * than both bounds), at `before` none is; in between lies the invariance's end, or further
 * inwards what the bounds cannot tell from it. Gradients that come back are not looked for.
 */
#ifndef KD_BREAKING_H
#define KD_BREAKING_H

#include "problem.h"
#include "stage.h"

struct kd_breaking {
  double before, after; /* lengths of the shift, of its sign; NaN: no change is proved at d */
  double threshold;     /* the sum of both gradients' bounds, at `after` */
};

/* For shifts from 0 to d, off by at most dd. The stages are left anywhere. */
int kd_breaking_find(const struct kd_problem *problem, double d, double dd,
                     struct kd_stage *stage, struct kd_stage *twin,
                     struct kd_breaking *breaking, struct kd_err *err);

/* Responsibility of the point that an inward shift first brings to the outermost node of T (to
 * its edge, if the rule stands for the integral), there and then; d_centre as in kd_result.
 * NaN if it is further inside from the start. */
int kd_breaking_edge_rho(const struct kd_problem *problem, double d_centre,
                         struct kd_stage *stage, double *rho, struct kd_err *err);

#endif
