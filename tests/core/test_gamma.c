/* SPDX-License-Identifier: MIT
 *
 * log Gamma and the scaled Bessel function I_0 against MPFR; I_0 by its power series there,
 * in more bits than its terms can take away, and by the asymptotic one where that would take
 * too many terms.
 */
#include <mpfr.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/vmath/gamma.h"
#include "core/vmath/vmath.h"
#include "tests/close.h"

/* A tenth of the arguments of test_vmath: MPFR's log Gamma is slow. */
static int tries(void) {
  const char *text = getenv("KDEGRAD_TRIES");
  return text ? (int)(10 * atof(text)) : 3000;
}

static double error_of(double got, mpfr_t value) {
  mpfr_t difference;
  mpfr_init2(difference, 200);
  mpfr_sub_d(difference, value, got, MPFR_RNDN);
  double error = fabs(mpfr_get_d(difference, MPFR_RNDN));
  mpfr_clear(difference);
  return error;
}

static double ulp_of(double x) {
  return nextafter(fabs(x), INFINITY) - fabs(x);
}

/* Largest error over tries() arguments from^(1-t) to^t about `about`, in ulps of the result,
 * or of 1 where that is larger */
static double lgamma_ulps(double about, double from, double to, int relative) {
  double worst = 0;
  mpfr_t value;
  mpfr_init2(value, 200);
  for (int i = 0, n = tries(); i <= n; i++) {
    double x = about + copysign(kd_between(fabs(from), fabs(to), i, n), from);
    double got = kd_lgamma(x);
    mpfr_set_d(value, x, MPFR_RNDN);
    mpfr_lngamma(value, value, MPFR_RNDN);
    double size = mpfr_get_d(value, MPFR_RNDN);
    double ulp = ulp_of(relative || fabs(size) > 1 ? size : 1);
    double error = error_of(got, value) / ulp;
    if (!(error <= worst)) worst = error;
  }
  mpfr_clear(value);
  print_message("lgamma   %g + [%g, %g]: %.2f ulp\n", about, from, to, worst);
  return worst;
}

static void log_gamma(void **unused) {
  (void)unused;
  assert_true(lgamma_ulps(0, 0x1p-1074, 0.5, 0) <= KD_LGAMMA_ULPS);
  assert_true(lgamma_ulps(0, 0.4, 3, 0) <= KD_LGAMMA_ULPS);
  assert_true(lgamma_ulps(0, 2, 20, 0) <= KD_LGAMMA_ULPS);
  assert_true(lgamma_ulps(0, 15, 1e3, 0) <= KD_LGAMMA_ULPS);
  assert_true(lgamma_ulps(0, 1e3, 2e305, 0) <= KD_LGAMMA_ULPS);
  assert_true(lgamma_ulps(1, 0x1p-52, 0.2, 1) <= KD_LGAMMA_ZERO_ULPS);
  assert_true(lgamma_ulps(1, -0x1p-52, -0.2, 1) <= KD_LGAMMA_ZERO_ULPS);
  assert_true(lgamma_ulps(2, 0x1p-51, 0.2, 1) <= KD_LGAMMA_ZERO_ULPS);
  assert_true(lgamma_ulps(2, -0x1p-51, -0.2, 1) <= KD_LGAMMA_ZERO_ULPS);
  assert_true(kd_lgamma(1) == 0 && kd_lgamma(2) == 0);
  assert_true(kd_lgamma(0) == INFINITY && kd_lgamma(INFINITY) == INFINITY);
  assert_true(isnan(kd_lgamma(-1.5)) && isnan(kd_lgamma(NAN)));
}

/* e^-x I_0(x): the terms' ratios (x/2k)^2, or ((2k-1)/2)^2/(2 k x), and what is before them */
static void i0_exactly(mpfr_t value, double x) {
  bool near = x < 300;
  mpfr_t term, sum, ratio;
  mpfr_inits2(400, term, sum, ratio, (mpfr_ptr)0);
  mpfr_set_ui(term, 1, MPFR_RNDN), mpfr_set_ui(sum, 1, MPFR_RNDN);
  for (double k = 1; mpfr_cmp_d(term, 0x1p-200) > 0; k++) {
    mpfr_set_d(ratio, near ? x : k - 0.5, MPFR_RNDN);
    if (near) mpfr_div_d(ratio, ratio, 2 * k, MPFR_RNDN);
    mpfr_sqr(ratio, ratio, MPFR_RNDN);
    if (!near) mpfr_div_d(ratio, ratio, 2 * k, MPFR_RNDN);
    if (!near) mpfr_div_d(ratio, ratio, x, MPFR_RNDN);
    mpfr_mul(term, term, ratio, MPFR_RNDN);
    mpfr_add(sum, sum, term, MPFR_RNDN);
  }
  mpfr_const_pi(term, MPFR_RNDN);
  mpfr_mul_ui(term, term, 2, MPFR_RNDN);
  mpfr_mul_d(term, term, x, MPFR_RNDN);
  mpfr_rec_sqrt(term, term, MPFR_RNDN);
  if (near) mpfr_set_d(term, -x, MPFR_RNDN), mpfr_exp(term, term, MPFR_RNDN);
  mpfr_mul(value, sum, term, MPFR_RNDN);
  mpfr_clears(term, sum, ratio, (mpfr_ptr)0);
}

static double i0_ulps(double from, double to) {
  double worst = 0;
  mpfr_t value;
  mpfr_init2(value, 200);
  for (int i = 0, n = tries(); i <= n; i++) {
    double x = kd_between(from, to, i, n), got = kd_i0_scaled(x);
    i0_exactly(value, x);
    double error = error_of(got, value) / ulp_of(mpfr_get_d(value, MPFR_RNDN));
    if (!(error <= worst)) worst = error;
  }
  mpfr_clear(value);
  print_message("i0       [%g, %g]: %.2f ulp\n", from, to, worst);
  return worst;
}

static void bessel(void **unused) {
  (void)unused;
  assert_true(i0_ulps(1e-300, 1) <= KD_I0_ULPS);
  assert_true(i0_ulps(1, 20) <= KD_I0_ULPS);
  assert_true(i0_ulps(20, 1000) <= KD_I0_ULPS);
  assert_true(i0_ulps(1000, 1e300) <= KD_I0_ULPS);
  assert_true(kd_i0_scaled(0) == 1 && kd_i0_scaled(INFINITY) == 0);
  assert_true(isnan(kd_i0_scaled(-1)) && isnan(kd_i0_scaled(NAN)));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(log_gamma), cmocka_unit_test(bessel)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  mpfr_free_cache();
  return failed;
}
