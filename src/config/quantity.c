/* SPDX-License-Identifier: MIT
 *
 * The rows of quantity.h.
 */
#include "quantity.h"

#include <string.h>

#include "core/frame.h"
#include "core/shift.h"
#include "key.h"

static double lower_of(double lower, double upper, double d_centre) {
  (void)upper, (void)d_centre;
  return lower;
}

static double upper_of(double lower, double upper, double d_centre) {
  (void)lower, (void)d_centre;
  return upper;
}

static double d_centre_of(double lower, double upper, double d_centre) {
  (void)lower, (void)upper;
  return d_centre;
}

static double d_edge_of(double lower, double upper, double d_centre) {
  struct kd_problem problem = {.lower = lower, .upper = upper};
  return kd_d_edge(d_centre, kd_frame_of(&problem).w);
}

#define TARGET                                                                                 \
  (KD_KEY_BIT(KD_KEY_TARGET_BOUNDS) | KD_KEY_BIT(KD_KEY_TARGET_CENTRE) |                       \
   KD_KEY_BIT(KD_KEY_TARGET_HALF_WIDTH))
#define PLACED (KD_KEY_BIT(KD_KEY_SPACE) | TARGET | KD_KEYS_OF_POINTS)

const struct kd_quantity kd_quantities[] = {
    {"target.lower", "lower bound of the target, however it is given", TARGET, false, lower_of},
    {"target.upper", "upper bound of the target", TARGET, false, upper_of},
    {"d_edge", "distance of the nearest point to the target's edge, before the shift", PLACED,
     true, d_edge_of},
    {"d_centre", "distance of the nearest point to the target's centre, before the shift",
     PLACED, true, d_centre_of},
};
const size_t kd_n_quantities = sizeof kd_quantities / sizeof *kd_quantities;

const struct kd_quantity *kd_quantity_find(const char *name) {
  for (size_t i = 0; i < kd_n_quantities; i++)
    if (strcmp(kd_quantities[i].name, name) == 0) return &kd_quantities[i];
  return NULL;
}
