/* SPDX-License-Identifier: MIT
 *
 * See wobble.h: epsilon_j = (a bound on the score) times delta_j, where delta_j is what
 * |x - y_j| may be off by. The part of a gap's rounding that is proportional to it counts
 * with the roundings of log_ratio (kernel.h).
 */
#include "wobble.h"

#include <math.h>

#include "circle.h"
#include "estimate.h"
#include "num.h"

/* Positions with their errors, and two roundings where the bin lies between two points
 * (estimate.c, gap); h - |r| with the formulas around it; sums of turns. */
static double delta(const struct kd_estimate *e, size_t j, double dv) {
  double d = e->dy[j] + dv + 2 * KD_U * e->w;
  if (isfinite(e->kernel->support)) d += 12 * KD_U * e->h;
  if (e->kernel->lopsided) d += 4 * KD_U * (fabs(e->y[j]) + e->w);
  if (e->space == KD_SPACE_CIRCLE) d += 64 * KD_U;
  return d;
}

/* The largest slope of log K within t of r, on the line's branch */
static double steepest(const struct kd_estimate *e, double r, double t) {
  struct kd_slope s = e->kernel->slope(r, t, e->h, e->shape);
  double q = fabs(s.at) + fabs(s.rate) * t + s.rest;
  if (!e->kernel->lopsided) return q;
  s = e->kernel->slope(-r, t, e->h, e->shape);
  return fmax(q, fabs(s.at));
}

/* Whether K jumps within d of r: at the end of the support, or at the antipode. */
static bool jumps(const struct kd_estimate *e, double r, double d) {
  if (e->kernel->jumps_at_end && fabs(fabs(r) - e->h) <= d) return true;
  return e->kernel->lopsided && e->space == KD_SPACE_CIRCLE && KD_PI_HIGH - fabs(r) <= d;
}

/* What log K falls by from |r| - d to |r| + d: K falls outwards. */
static double fall(const struct kd_estimate *e, double r, double d) {
  double near = fmax(0, fabs(r) - d), far = fabs(r) + d;
  return -e->kernel->log_ratio(far - near, copysign(far, r), copysign(near, r), e->h, e->shape);
}

/* One offset v. The membership in a closed support is exact where all is. */
static struct kd_wobble at_node(const struct kd_estimate *e, double v, size_t j, double dv) {
  double r = kd_estimate_offset(e, v, j), d = delta(e, j, dv),
         reach = e->h * e->kernel->support;
  double rest = e->space == KD_SPACE_LINE ? kd_two_sum(v, -e->y[j]).rest : r;
  double blur = e->dy[j] + dv + (rest != 0 ? KD_U * fabs(r) : 0);
  if (e->kernel->jumps_at_end)
    return (struct kd_wobble){0, blur > 0 && jumps(e, r, blur)
                                     ? e->kernel->log_k(0, e->h, e->shape) - e->log_mass
                                     : -INFINITY};
  if (fabs(r) > reach + d) return (struct kd_wobble){0, -INFINITY};
  if (jumps(e, r, d)) {
    double jump = e->kernel->log_k(r, e->h, e->shape) - e->kernel->log_k(-r, e->h, e->shape);
    return (struct kd_wobble){fabs(jump), -INFINITY};
  }
  double epsilon = d * steepest(e, r, 2 * d);
  if (epsilon < 0.1) return (struct kd_wobble){epsilon, -INFINITY};
  if (fabs(r) + 1.5 * d < reach) return (struct kd_wobble){fall(e, r, d), -INFINITY};
  double inside = fmax(0, e->h - 4 * d);
  return (struct kd_wobble){0, e->kernel->log_k(inside, e->h, e->shape) - e->log_mass};
}

bool kd_wobble(const struct kd_estimate *e, double middle, double reach, double dv,
               struct kd_wobble *wobble) {
  double support = e->h * e->kernel->support;
  for (size_t j = 0; j < e->n; j++) {
    double r = kd_estimate_offset(e, middle, j), d = delta(e, j, dv);
    wobble[j] = (struct kd_wobble){0, -INFINITY};
    if (reach > 0) {
      if (fabs(r) > support + reach + d) continue;
      wobble[j].epsilon = d * steepest(e, r, reach + 2 * d);
      if (!isfinite(wobble[j].epsilon) || jumps(e, r, reach + d)) return false;
    } else {
      wobble[j] = at_node(e, middle, j, dv);
    }
  }
  return true;
}
