/* SPDX-License-Identifier: MIT
 *
 * See pole.h. With d = r/(1 - r) the integrals of t^k/(t + d) are
 *   J_0 = -log r,  J_1 = 1 - d J_0,  J_2 = 1/2 - d J_1,
 * used for r < 1/3, where d < 1/2 and nothing cancels by more than a factor of 5.
 *
 * Else by Gauss: n nodes integrate b(v)/(1 + s v), s = (1 - r)/(1 + r), b of degree 2,
 * but for b(z) 2 Q_n(z)/(s P_n(z)) at z = 1/s (Q_n: Legendre's functions of the second
 * kind), which falls with s. Relative to N_m that is at most 1e-17 for 16 nodes at
 * s = 1/2, 8 nodes at s = 1/8, 4 nodes at s = 1/512.
 */
#include "pole.h"

#include <math.h>

#include "core/rule.h"
#include "core/vmath/vmath.h"

static const size_t orders[3] = {16, 8, 4};
/* (1 - s)/(1 + s) for the s above */
static const double from[3] = {1.0 / 3, 7.0 / 9, 511.0 / 513};

void kd_pole_rules_fill(struct kd_pole_rules *rules) {
  for (size_t i = 0; i < 3; i++) {
    struct kd_pole_rule *rule = &rules->rule[i];
    double node[16], weight[16];
    rule->n = orders[i];
    kd_gauss_legendre(rule->n, node, weight);
    for (size_t k = 0; k < rule->n; k++) {
      double t = 0.5 * (1 + node[k]), rest = 0.5 * (1 - node[k]), half = 0.5 * weight[k];
      rule->t[k] = t;
      rule->weight[0][k] = half * rest * rest;
      rule->weight[1][k] = half * 2 * t * rest;
      rule->weight[2][k] = half * t * t;
    }
  }
}

static void in_closed_form(double r, double N[3]) {
  double scale = 1 / (1 - r), d = r * scale;
  double J0 = r > 0 ? -kd_log(r) : 0, J1 = 1 - d * J0, J2 = 0.5 - d * J1;
  N[0] = r > 0 ? scale * ((J0 - J1) - (J1 - J2)) : 0;
  N[1] = scale * (2 * (J1 - J2));
  N[2] = scale * J2;
}

static void by_gauss(const struct kd_pole_rule *rule, double r, double N[3]) {
  double rise = 1 - r;
  N[0] = N[1] = N[2] = 0;
  for (size_t k = 0; k < rule->n; k++) {
    double over = 1 / (r + rise * rule->t[k]);
    for (int m = 0; m < 3; m++) N[m] += rule->weight[m][k] * over;
  }
}

void kd_pole(const struct kd_pole_rules *rules, double r, double N[3]) {
  if (r < from[0])
    in_closed_form(r, N);
  else
    by_gauss(&rules->rule[r < from[1] ? 0 : r < from[2] ? 1 : 2], r, N);
}
