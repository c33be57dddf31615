/* SPDX-License-Identifier: MIT
 *
 * Gauss-Legendre nodes and weights: roots x of the Legendre polynomial P_n by
 * Newton's method, and w = 2 / ((1 - x^2) P_n'(x)^2) (NIST DLMF 3.5.21). In
 * double-double arithmetic (Dekker, Numer. Math. 18 (1971) 224), so that both
 * are right to the last bit of a double, on any machine.
 */
#include <math.h>

#include "num.h"
#include "rule.h"

/* high + low, |low| <= half an ulp of high */
struct dd {
  double high, low;
};

static struct dd dd_fast_sum(double a, double b) { /* |a| >= |b| */
  double s = a + b;
  return (struct dd){s, b - (s - a)};
}

static struct dd dd_sum(struct dd a, struct dd b) {
  struct kd_exact_sum s = kd_two_sum(a.high, b.high);
  return dd_fast_sum(s.sum, s.rest + (a.low + b.low));
}

static struct dd dd_product(struct dd a, struct dd b) {
  double rest = kd_product_rest(a.high, b.high);
  return dd_fast_sum(a.high * b.high, rest + (a.high * b.low + a.low * b.high));
}

static struct dd dd_scaled(struct dd a, double factor) {
  return dd_product(a, (struct dd){factor, 0});
}

static struct dd dd_quotient(struct dd a, struct dd b) {
  double q = a.high / b.high;
  struct dd rest = dd_sum(a, dd_scaled(b, -q));
  return dd_fast_sum(q, (rest.high + rest.low) / b.high);
}

/* P_n(x), and P_n'(x) into *slope, by the three-term recurrence (DLMF 18.9.1) */
static struct dd legendre(size_t n, struct dd x, struct dd *slope) {
  const struct dd one = {1, 0};
  struct dd before = one, now = x;
  for (size_t k = 2; k <= n; k++) {
    double kk = (double)k;
    struct dd next =
        dd_sum(dd_scaled(dd_product(x, now), 2 * kk - 1), dd_scaled(before, -(kk - 1)));
    before = now;
    now = dd_quotient(next, (struct dd){kk, 0});
  }
  struct dd rise = dd_sum(dd_product(x, now), dd_scaled(before, -1));
  struct dd edge = dd_sum(dd_product(x, x), dd_scaled(one, -1));
  *slope = dd_quotient(dd_scaled(rise, (double)n), edge);
  return now;
}

void kd_gauss_legendre(size_t order, double *node, double *weight) {
  enum { NEWTON_STEPS = 6 }; /* from 3 digits to 30 */
  const struct dd one = {1, 0}, two = {2, 0};
  for (size_t i = 0; i < (order + 1) / 2; i++) {
    /* The i-th root from the right is near cos(pi (i + 3/4)/(n + 1/2)). */
    double angle = 3.14159265358979323846 * ((double)i + 0.75) / ((double)order + 0.5);
    struct dd x = {2 * i + 1 == order ? 0 : cos(angle), 0}, slope = one;
    for (int step = 0; step < NEWTON_STEPS; step++) {
      struct dd value = legendre(order, x, &slope);
      x = dd_sum(x, dd_scaled(dd_quotient(value, slope), -1));
    }
    legendre(order, x, &slope);
    struct dd room = dd_sum(one, dd_scaled(dd_product(x, x), -1));
    struct dd w = dd_quotient(two, dd_product(room, dd_product(slope, slope)));
    node[i] = -x.high, node[order - 1 - i] = x.high;
    weight[i] = weight[order - 1 - i] = w.high;
  }
}
