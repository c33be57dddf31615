/* SPDX-License-Identifier: MIT
 *
 * Balls as decimals: how narrow one is, and what is said of it. All bounds are exact
 * comparisons of balls; doubles only propose them.
 */
#include "ball.h"

#ifdef KD_ARB

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* 10^k, rounded to far more bits than it is compared with */
static void power_of_ten(arb_t out, slong k) {
  arb_set_ui(out, 10);
  arb_pow_ui(out, out, (ulong)labs(k), 300);
  if (k < 0) arb_inv(out, out, 300);
}

bool kd_ball_narrow(const arb_t x, int digits) {
  arb_t tolerance;
  arf_t size;
  arb_init(tolerance), arf_init(size);
  arb_get_abs_lbound_arf(size, x, 53);
  power_of_ten(tolerance, -digits);
  arb_mul_2exp_si(tolerance, tolerance, -1);
  if (arf_cmpabs_d(size, 1) > 0) arb_mul_arf(tolerance, tolerance, size, 300);
  arb_get_lbound_arf(size, tolerance, 53);
  bool is = arb_is_finite(x) && arf_cmpabs_mag(size, arb_radref(x)) >= 0;
  arb_clear(tolerance), arf_clear(size);
  return is;
}

/* The least k >= -digits with |x| <= 10^k: no more is said than was asked for. */
static int upper_power(const arb_t x, int digits) {
  arb_t size, power;
  int k = -digits;
  arb_init(size), arb_init(power);
  arb_get_abs_ubound_arf(arb_midref(size), x, 53);
  for (power_of_ten(power, k); !arb_le(size, power); power_of_ten(power, k)) k++;
  arb_clear(size), arb_clear(power);
  return k;
}

/* m 10^k <= |x| */
static bool is_below(double m, const arb_t unit, const arb_t size) {
  arb_t bound;
  arb_init(bound);
  arb_mul_ui(bound, unit, (ulong)m, 300);
  bool below = arb_le(bound, size);
  arb_clear(bound);
  return below;
}

/* The largest number with three digits that is proved to be <= |x| */
static void lower_bound(const arb_t x, char *text, size_t size) {
  arb_t least, unit;
  char exact[32] = "0";
  arb_init(least), arb_init(unit);
  arb_get_abs_lbound_arf(arb_midref(least), x, 53);
  double near = arf_get_d(arb_midref(least), ARF_RND_DOWN);
  if (near > 1e-290 && near < 1e290) {
    int k = (int)floor(log10(near)) - 2;
    double m = ceil(near / pow(10, k));
    power_of_ten(unit, k);
    while (!is_below(m, unit, least)) m--;
    snprintf(exact, sizeof exact, "%.0fe%d", m, k);
  }
  snprintf(text, size, "%.3g", strtod(exact, NULL));
  arb_clear(least), arb_clear(unit);
}

/* `digits` of them from the first one, or from the point where |x| < 1 */
static void decimal(const arb_t x, int digits, char *out, size_t size) {
  double most = fabs(arf_get_d(arb_midref(x), ARF_RND_NEAR));
  int places = digits + (most > 0 && most < 1 ? 1 + (int)floor(log10(most)) : 0);
  char *text = arb_get_str(x, places > 1 ? places : 1, ARB_STR_NO_RADIUS);
  snprintf(out, size, "%s", text);
  flint_free(text);
}

struct kd_enclosure kd_ball_enclosure(const arb_t x, int digits) {
  struct kd_enclosure e = {.middle = arf_get_d(arb_midref(x), ARF_RND_NEAR)};
  arb_t t;
  mag_t error;
  arb_init(t), mag_init(error);
  arb_set_d(t, e.middle);
  arb_sub(t, x, t, ARF_PREC_EXACT);
  arb_get_mag(error, t);
  e.radius = mag_get_d(error);
  if (e.radius == 0 && !mag_is_zero(error)) e.radius = 0x1p-1074;
  e.contains_zero = arb_contains_zero(x);
  if (arb_is_zero(x)) {
    snprintf(e.text, sizeof e.text, "0");
    snprintf(e.bound, sizeof e.bound, "0");
  } else if (e.contains_zero) {
    int k = upper_power(x, digits);
    snprintf(e.text, sizeof e.text, "0e%d", k);
    snprintf(e.bound, sizeof e.bound, "1e%d", k);
  } else {
    decimal(x, digits, e.text, sizeof e.text);
    lower_bound(x, e.bound, sizeof e.bound);
  }
  arb_clear(t), mag_clear(error);
  return e;
}

struct kd_enclosure kd_ball_missing(const char *text) {
  struct kd_enclosure e = {.middle = NAN, .radius = NAN};
  snprintf(e.text, sizeof e.text, "%s", text);
  return e;
}

#endif
