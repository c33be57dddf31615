/* SPDX-License-Identifier: MIT
 *
 * The circle of period 2 pi. Doubles cannot hold 2 pi: it is used as a sum of two,
 * so that what is wrapped keeps its last digits.
 */
#ifndef KD_CIRCLE_H
#define KD_CIRCLE_H

#include <math.h>

#include "kernel.h"

#define KD_PI_HIGH 0x1.921fb54442d18p+1
#define KD_PI_LOW  0x1.1a62633145c07p-53

/* y - 2 pi turns */
static inline double kd_turned(double y, double turns) {
  return (y - turns * (2 * KD_PI_HIGH)) - turns * (2 * KD_PI_LOW);
}

/* y reduced to [-pi, pi] */
static inline double kd_circle_reduced(double y) {
  return kd_turned(y, rint(y / (2 * KD_PI_HIGH)));
}

/* log int_-pi^pi K(r) dr: what the log_k of a kernel lacks to be normalised over
 * the circle; *error: a bound on its error. */
double kd_circle_log_mass(const struct kd_kernel *kernel, double h, double shape,
                          double *error);

#endif
