/* SPDX-License-Identifier: MIT
 *
 * The rows of shift.h.
 */
#include "shift.h"

#include <math.h>
#include <string.h>

#include "circle.h"
#include "core/vmath/clones.h"
#include "core/vmath/dd.h"
#include "frame.h"
#include "problem.h"

KD_CLONES static double least_modulus(size_t n, const double *y) {
  double least = INFINITY;
#pragma omp simd reduction(min : least)
  for (size_t i = 0; i < n; i++) least = fabs(y[i]) < least ? fabs(y[i]) : least;
  return least;
}

double kd_d_centre(size_t n, const double *y) {
  return least_modulus(n, y);
}

static double length_absolute(double h, double d_edge, double d_centre) {
  (void)h, (void)d_edge, (void)d_centre;
  return 1;
}

static double length_bandwidth(double h, double d_edge, double d_centre) {
  (void)d_edge, (void)d_centre;
  return h;
}

static double length_edge(double h, double d_edge, double d_centre) {
  (void)h, (void)d_centre;
  return d_edge;
}

static double length_centre(double h, double d_edge, double d_centre) {
  (void)h, (void)d_edge;
  return d_centre;
}

static double velocity_inward(double y, double left, double right) {
  (void)left, (void)right;
  return y > 0 ? -1 : 1;
}

static double velocity_translate(double y, double left, double right) {
  (void)y, (void)left, (void)right;
  return 1;
}

static double velocity_sided(double y, double left, double right) {
  return y > 0 ? -right : left;
}

const struct kd_shift_unit kd_shift_units[] = {
    {"absolute", "the unit of the positions", length_absolute, false, false},
    {"bandwidth", "bandwidths h", length_bandwidth, false, false},
    {"edge", "fractions of d_edge", length_edge, true, true},
    {"centre", "fractions of d_centre", length_centre, false, true},
};
const size_t kd_n_shift_units = sizeof kd_shift_units / sizeof *kd_shift_units;

const struct kd_shift_mode kd_shift_modes[] = {
    {"inward", "all points to the centre at one speed", false, true, true, velocity_inward},
    {"translate", "all points to the right", false, false, false, velocity_translate},
    {"sided", "to the centre at `by` times `left` or `right`, by the point's side", true, true,
     false, velocity_sided},
};
const size_t kd_n_shift_modes = sizeof kd_shift_modes / sizeof *kd_shift_modes;

const struct kd_shift_unit *kd_shift_unit_find(const char *name) {
  for (size_t i = 0; i < kd_n_shift_units; i++)
    if (strcmp(kd_shift_units[i].name, name) == 0) return &kd_shift_units[i];
  return NULL;
}

const struct kd_shift_mode *kd_shift_mode_find(const char *name) {
  for (size_t i = 0; i < kd_n_shift_modes; i++)
    if (strcmp(kd_shift_modes[i].name, name) == 0) return &kd_shift_modes[i];
  return NULL;
}

KD_CLONES static size_t without_side(size_t n, const double *y, double opposite) {
  size_t found = 0;
#pragma omp simd reduction(+ : found)
  for (size_t i = 0; i < n; i++) found += y[i] == 0 || fabs(y[i]) >= opposite ? 1 : 0;
  return found;
}

bool kd_shift_sides(bool on_circle, size_t n, const double *y) {
  return without_side(n, y, on_circle ? KD_PI_HIGH : NAN) == 0;
}

bool kd_shift_distance(const struct kd_problem *p, double d_centre, double dd_centre,
                       bool sides, double *d, double *dd) {
  struct kd_frame frame = kd_frame_of(p);
  double d_edge = kd_d_edge(d_centre, frame.w);
  *d = *dd = 0;
  if (p->shift == 0) return true;
  if (p->shift_unit->needs_edge && d_edge < 0) return false;
  if (p->shift_mode->needs_sides && !sides) return false;
  double unit = p->shift_unit->length(p->h, d_edge, d_centre), error = 0;
  if (p->shift_unit->of_layout) error = dd_centre;
  if (p->shift_unit->needs_edge) error += frame.dw + fabs(kd_two_sum(d_centre, -frame.w).low);
  *d = p->shift * unit;
  *dd = fabs(kd_two_product(p->shift, unit).low) + fabs(p->shift) * error;
  return !p->shift_mode->to_centre || *d <= d_centre;
}
