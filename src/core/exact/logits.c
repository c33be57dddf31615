/* SPDX-License-Identifier: MIT
 *
 * See logits.h.
 */
#include "logits.h"

#include "core/vmath/clones.h"
#include "core/vmath/lanes.h"
#include "core/vmath/vmath.h"

static const double LEAST_LOG = -250;

KD_CLONES static bool range_of_logits(size_t n, const double *z, double *most) {
  kd_four top = {z[0], z[0], z[0], z[0]}, low = top;
  size_t i = 0;
  for (; i + 4 <= n; i += 4) kd_four_raise(&top, z + i), kd_four_lower(&low, z + i);
  double high = kd_four_most(&top), least = kd_four_least(&low);
  for (; i < n; i++) high = z[i] > high ? z[i] : high, least = z[i] < least ? z[i] : least;
  *most = high;
  return least - high >= LEAST_LOG;
}

bool kd_logits_range(size_t n, const double *z, double *most) {
  return range_of_logits(n, z, most);
}

KD_CLONES static void weigh_logits(size_t n, const double *z, double most, double *weight) {
#pragma omp simd
  for (size_t i = 0; i < n; i++) weight[i] = kd_exp(z[i] - most);
}

void kd_logits_weigh(size_t n, const double *z, double most, double *weight) {
  weigh_logits(n, z, most, weight);
}
