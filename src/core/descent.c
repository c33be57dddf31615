/* SPDX-License-Identifier: MIT
 *
 * The optimisers; see descent.h.
 */
#include "descent.h"

#include <string.h>

/* z <- z - rate G */
static void step_gd(size_t n, double rate, const double *G, double *z) {
  for (size_t i = 0; i < n; i++) z[i] -= rate * G[i];
}

const struct kd_descent kd_descents[] = {
    {"none", "no descent", "", NULL},
    {"gd", "plain gradient descent, z <- z - rate G", "Cauchy 1847", step_gd},
};
const size_t kd_n_descents = sizeof kd_descents / sizeof *kd_descents;

const struct kd_descent *kd_descent_find(const char *name) {
  for (size_t i = 0; i < kd_n_descents; i++)
    if (strcmp(kd_descents[i].name, name) == 0) return &kd_descents[i];
  return NULL;
}
