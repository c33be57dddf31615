/* SPDX-License-Identifier: MIT
 *
 * C7, the circle, where the distance is the shorter arc. A kernel of constant score keeps
 * the gradient under a shift as it does on the line (shift.c) while each arc between a
 * point and a bin of T goes by the same side of the circle: while max_i r_i + w <= pi in
 * the outer of the two layouts. So inwards it is kept up to d_edge, outwards until the
 * farthest point is opposite to the far edge of T, at pi - w - max_i r_i; past that its
 * arcs to a part of T are the other ones. If w > pi/2 no layout is outside T and within that.
 *
 * Where positions are off by delta, points may be past either limit by as much: each time
 * log K_j changes by at most 2 delta/h on a share delta/(2w) of T on either side.
 */
#include "core/circle.h"

#include <math.h>

#include "core/num.h"
#include "core/shift.h"
#include "rows.h"
#include "shift.h"

/* max_i r_i, unshifted */
static double farthest(const struct kd_court *c) {
  double most = 0;
  for (size_t i = 0; i < c->problem->n; i++) most = fmax(most, fabs(c->stage.y[i]));
  return most;
}

/* How far positions may be past a limit that they are said to keep */
static double blur_of(const struct kd_court *c) {
  return c->blur + c->dd + 16 * KD_U;
}

static bool applies(struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  if (p->space != KD_SPACE_CIRCLE || !p->kernel->constant_score || !p->shift_mode->to_centre ||
      c->d == 0 || !kd_claim_stays_outside(c))
    return false;
  return farthest(c) + fmax(0, -c->d) + c->frame.w <= KD_PI_HIGH + blur_of(c);
}

/* The control goes outwards until the farthest point is opposite to a bin half-way to the
 * edge. */
static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  int code = kd_court_place(c, 0, 0, err);
  if (code) return code;
  double past = farthest(c) + c->frame.w / 2 - KD_PI_HIGH;
  return kd_claim_keeps(c, c->problem, path, falsified ? past : c->d, falsified ? 0 : c->dd,
                        2 * kd_claim_crossing(c, blur_of(c)), m, err);
}

const struct kd_claim kd_claim_circle = {
    .name = "C7",
    .statement = "on the circle, by the shorter arc: an inward shift up to d_edge leaves the "
                 "gradient unchanged, an outward one up to pi - w - max r",
    .reference = "claim/circle.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "outwards, w/2 past the end",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
