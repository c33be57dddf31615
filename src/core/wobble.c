/* SPDX-License-Identifier: MIT
 *
 * See wobble.h: epsilon_j = pull_j delta_j + |slope_j - slope_0| dv, where delta_j is what
 * y_j may be off by, and 0 the point nearest to the middle. What dv does to the nearest
 * is common to all. The rounding of a gap counts with log_ratio (kernel.h) and in
 * block_error.c.
 */
#include "wobble.h"

#include <math.h>

#include "circle.h"
#include "core/vmath/dd.h"
#include "estimate.h"
#include "num.h"

/* Positions with their errors; h - |r| with the formulas around it; rates times |r| */
static double delta(const struct kd_estimate *e, size_t j) {
  double d = e->dy[j];
  if (isfinite(e->kernel->support)) d += 12 * KD_U * e->h;
  if (e->kernel->lopsided) d += 4 * KD_U * (fabs(e->y[j]) + e->w);
  return d;
}

static struct kd_slope slope(const struct kd_estimate *e, double r, double t) {
  return e->kernel->slope(r, t, e->h, e->shape);
}

/* Bound on the slope less that at the middle */
static double spread(struct kd_slope s, double t) {
  return fabs(s.rate) * t + s.rest;
}

/* The largest slope of log K within t of r, on the line's branch */
static double steepest(const struct kd_estimate *e, double r, double t) {
  struct kd_slope s = slope(e, r, t);
  double q = fabs(s.at) + spread(s, t);
  return e->kernel->lopsided ? fmax(q, fabs(slope(e, -r, t).at)) : q;
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

static const struct kd_wobble NONE = {0, 0, -INFINITY};

/* The membership in a closed support, exact where all is */
static struct kd_wobble at_jump(const struct kd_estimate *e, double v, size_t j, double dv) {
  double r = kd_estimate_offset(e, v, j), blur = e->dy[j] + dv;
  bool exact = e->space == KD_SPACE_LINE && kd_two_sum(v, -e->y[j]).low == 0;
  struct kd_wobble wobble = NONE;
  if (!exact) blur += KD_U * fabs(r);
  if (blur > 0 && jumps(e, r, blur))
    wobble.log_edge = e->kernel->log_k(0, e->h, e->shape) - e->log_mass;
  return wobble;
}

/* One offset v, with no common term */
static struct kd_wobble at_node(const struct kd_estimate *e, double v, size_t j, double dv) {
  if (e->kernel->jumps_at_end) return at_jump(e, v, j, dv);
  double r = kd_estimate_offset(e, v, j), reach = e->h * e->kernel->support;
  double d = delta(e, j) + dv + 2 * KD_U * e->w;
  if (fabs(r) > reach + d) return NONE;
  if (jumps(e, r, d)) {
    double jump = e->kernel->log_k(r, e->h, e->shape) - e->kernel->log_k(-r, e->h, e->shape);
    return (struct kd_wobble){fabs(jump), 0, -INFINITY};
  }
  double pull = steepest(e, r, 2 * d);
  if (d * pull < 0.1) return (struct kd_wobble){(delta(e, j) + dv) * pull, pull, -INFINITY};
  if (fabs(r) + 1.5 * d < reach) return (struct kd_wobble){fall(e, r, d), 0, -INFINITY};
  double inside = fmax(0, e->h - 4 * d);
  return (struct kd_wobble){0, 0, e->kernel->log_k(inside, e->h, e->shape) - e->log_mass};
}

/* The point nearest to an offset, by the even kernel's measure */
static size_t nearest(const struct kd_estimate *e, double v) {
  size_t best = 0;
  double least = INFINITY;
  for (size_t j = 0; j < e->n; j++) {
    double r = fabs(kd_estimate_offset(e, v, j));
    if (r < least) best = j, least = r;
  }
  return best;
}

static bool on_panel(const struct kd_estimate *e, double middle, double reach, double dv,
                     struct kd_wobble *wobble, double *common) {
  double support = e->h * e->kernel->support, t = reach + 4 * (dv + KD_U * e->w);
  struct kd_slope s0 = slope(e, kd_estimate_offset(e, middle, nearest(e, middle)), t);
  double spread0 = spread(s0, t);
  *common = dv * (fabs(s0.at) + spread0);
  for (size_t j = 0; j < e->n; j++) {
    double r = kd_estimate_offset(e, middle, j), d = delta(e, j);
    wobble[j] = NONE;
    if (fabs(r) > support + t + d) continue;
    struct kd_slope s = slope(e, r, t + 2 * d);
    double other = spread(s, t + 2 * d), pull = fabs(s.at) + other;
    if (e->kernel->lopsided) pull = fmax(pull, steepest(e, -r, t));
    double apart = fabs(s.at - s0.at) + other + spread0;
    if (fabs(r) <= t + d) apart = pull + fabs(s0.at) + spread0; /* it changes its side */
    wobble[j] = (struct kd_wobble){pull * d + apart * dv, pull, -INFINITY};
    if (!isfinite(wobble[j].epsilon) || !isfinite(pull) || jumps(e, r, t + d)) return false;
  }
  return true;
}

/* Formulas of the circle have pi - r and sin r, where r's rounding counts as much as next
 * to the point. */
static void add_roundings_of_circle(const struct kd_estimate *e, struct kd_wobble *wobble) {
  double most = 0;
  for (size_t j = 0; j < e->n; j++) most = fmax(most, wobble[j].pull);
  for (size_t j = 0; j < e->n; j++) wobble[j].epsilon += 8 * KD_U * most;
}

bool kd_wobble(const struct kd_estimate *e, double middle, double reach, double dv,
               struct kd_wobble *wobble, double *common) {
  bool known = true;
  *common = 0;
  if (reach > 0)
    known = on_panel(e, middle, reach, dv, wobble, common);
  else
    for (size_t j = 0; j < e->n; j++) wobble[j] = at_node(e, middle, j, dv);
  if (e->kernel->circle_only) add_roundings_of_circle(e, wobble);
  return known;
}
