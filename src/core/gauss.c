/* SPDX-License-Identifier: MIT
 *
 * Gauss-Legendre nodes and weights: roots x of the Legendre polynomial P_n by
 * Newton's method, and w = 2 / ((1 - x^2) P_n'(x)^2) (NIST DLMF 3.5.21). In
 * double-double arithmetic, so that both are right to the last bit of a double, on any
 * machine.
 */
#include <math.h>

#include "core/vmath/dd.h"
#include "core/vmath/vmath.h"
#include "rule.h"

/* P_n(x), and P_n'(x) into *slope, by the three-term recurrence (DLMF 18.9.1) */
static struct kd_dd legendre(size_t n, struct kd_dd x, struct kd_dd *slope) {
  const struct kd_dd one = {1, 0};
  struct kd_dd before = one, now = x;
  for (size_t k = 2; k <= n; k++) {
    double kk = (double)k;
    struct kd_dd next = kd_dd_sum(kd_dd_scaled(kd_dd_product(x, now), 2 * kk - 1),
                                  kd_dd_scaled(before, -(kk - 1)));
    before = now;
    now = kd_dd_quotient(next, (struct kd_dd){kk, 0});
  }
  struct kd_dd rise = kd_dd_sum(kd_dd_product(x, now), kd_dd_scaled(before, -1));
  struct kd_dd edge = kd_dd_sum(kd_dd_product(x, x), kd_dd_scaled(one, -1));
  *slope = kd_dd_quotient(kd_dd_scaled(rise, (double)n), edge);
  return now;
}

void kd_gauss_legendre(size_t order, double *node, double *weight) {
  enum { NEWTON_STEPS = 6 }; /* from 3 digits to 30 */
  const struct kd_dd one = {1, 0}, two = {2, 0};
  for (size_t i = 0; i < (order + 1) / 2; i++) {
    /* The i-th root from the right is near cos(pi (i + 3/4)/(n + 1/2)). */
    double angle = 3.14159265358979323846 * ((double)i + 0.75) / ((double)order + 0.5);
    struct kd_dd x = {2 * i + 1 == order ? 0 : kd_cos(angle), 0}, slope = one;
    for (int step = 0; step < NEWTON_STEPS; step++) {
      struct kd_dd value = legendre(order, x, &slope);
      x = kd_dd_sum(x, kd_dd_scaled(kd_dd_quotient(value, slope), -1));
    }
    legendre(order, x, &slope);
    struct kd_dd room = kd_dd_sum(one, kd_dd_scaled(kd_dd_product(x, x), -1));
    struct kd_dd w = kd_dd_quotient(two, kd_dd_product(room, kd_dd_product(slope, slope)));
    node[i] = -x.high, node[order - 1 - i] = x.high;
    weight[i] = weight[order - 1 - i] = w.high;
  }
}
