/* SPDX-License-Identifier: MIT
 *
 * See shift.h.
 */
#include "shift.h"

#include <math.h>

double kd_d_centre(size_t n, const double *y) {
  double least = INFINITY;
  for (size_t i = 0; i < n; i++) least = fmin(least, fabs(y[i]));
  return least;
}
