/* SPDX-License-Identifier: MIT
 *
 * Every kernel row, at several shapes where it has one: integral, score,
 * log_ratio against the plain formula in long double, kinks, support. The
 * formulas are written a second time here, from k(u) as published.
 */
#include "problems.h"

#include "core/circle.h"

static const long double PI = 3.14159265358979323846L;

/* Rounding of the reference: long double may be no more than double (valgrind). */
static long double epsilon(void) {
  volatile long double one = 1;
  return one + 0x1p-60L != one ? 0x1p-63L : 0x1p-52L;
}

/* log k(u), up to a constant, in long double */
static long double plain(const char *name, long double r, long double s) {
  bool right = r > 0;
  long double u = fabsl(r);
  if (!strcmp(name, "laplace")) return -u;
  if (!strcmp(name, "gaussian")) return -u * u / 2;
  if (!strcmp(name, "exppow")) return -powl(u, s);
  if (!strcmp(name, "cauchy")) return -log1pl(u * u);
  if (!strcmp(name, "student-t")) return -(s + 1) / 2 * log1pl(u * u / s);
  if (!strcmp(name, "logistic")) return -u - 2 * log1pl(expl(-u));
  if (!strcmp(name, "sech"))
    return -1.57079632679489661923L * u - log1pl(expl(-3.14159265358979323846L * u));
  if (!strcmp(name, "uniform")) return u <= 1 ? 0 : -INFINITY;
  if (!strcmp(name, "asymmetric-laplace")) return -u * (right ? s : 1 / s);
  if (!strcmp(name, "von-mises")) { /* the tests below have h = 1 or give r/h */
    long double half = sinl(u / 2);
    return -2 * half * half;
  }
  if (!strcmp(name, "wrapped-laplace")) return -u + log1pl(expl(-2 * (PI - u)));
  if (u >= 1) return -INFINITY;
  if (!strcmp(name, "triangular")) return log1pl(-u);
  if (!strcmp(name, "epanechnikov")) return log1pl(-u * u);
  if (!strcmp(name, "biweight")) return 2 * log1pl(-u * u);
  if (!strcmp(name, "tricube")) return 3 * log1pl(-u * u * u);
  if (!strcmp(name, "cosine")) {
    long double half = sinl(0.785398163397448309616L * u);
    return log1pl(-2 * half * half);
  }
  fail_msg("kernel '%s' has no reference in this test: write it here", name);
  return 0;
}

/* Calls test(kernel, shape) for all rows and a few shapes each. */
static void for_all(void (*test)(const struct kd_kernel *, double)) {
  static const double shapes[] = {0.3, 0.5, 1, 1.5, 2, 3, 7, 30};
  for (size_t i = 0; i < kd_n_kernels; i++) {
    const struct kd_kernel *k = &kd_kernels[i];
    if (!k->shape_name) test(k, NAN);
    for (size_t s = 0; k->shape_name && s < sizeof shapes / sizeof *shapes; s++)
      test(k, shapes[s]);
  }
}

static double reach(const struct kd_kernel *k) {
  return k->circle_only ? KD_PI_HIGH : INFINITY;
}

/* int_0^end K(r) + K(-r) dr, with r = e^t on panels of a tenth */
static double integral(const struct kd_kernel *k, double h, double shape, double end) {
  double node[16], weight[16], sum = 0, top = log(fmin(end, k->support * h));
  kd_gauss_legendre(16, node, weight);
  for (double t = -50; t < top; t += 0.1)
    for (int m = 0; m < 16; m++) {
      double width = fmin(0.1, top - t), r = exp(t + 0.5 * width * (1 + node[m]));
      double both = exp(k->log_k(r, h, shape)) + exp(k->log_k(-r, h, shape));
      sum += 0.5 * width * weight[m] * r * both;
    }
  return sum;
}

static void integral_is_one(const struct kd_kernel *k, double shape) {
  double sum = k->circle_only ? 1 : integral(k, 0.7, shape, exp(160));
  assert_true_msg(fabs(sum - 1) <= 1e-12, "%s (%g): integral %.17g", k->name, shape, sum);
  if (!strcmp(k->name, "wrapped-laplace"))
    assert_close(integral(k, 0.7, shape, KD_PI_HIGH), 1, 1e-12);
}

static void masses_of_the_circle(const struct kd_kernel *k, double shape) {
  static const double widths[] = {0.3, 0.7, 3, 20};
  for (size_t i = 0; i < 4; i++) {
    double want = integral(k, widths[i], shape, KD_PI_HIGH);
    double error, got = exp(kd_circle_log_mass(k, widths[i], shape, &error));
    assert_true_msg(fabs(got - want) <= 1e-12 * want, "%s (%g, h = %g): mass %.17g, %.17g",
                    k->name, shape, widths[i], got, want);
  }
}

static double score(const struct kd_kernel *k, double r, double h, double shape) {
  return fabs(k->slope(r, 0, h, shape).at);
}

static void score_is_the_slope(const struct kd_kernel *k, double shape) {
  static const double at[] = {0.01, 0.2, 0.5, 0.9, 1.7, 4};
  double h = k->circle_only ? 1 : 0.8;
  for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
    double r = at[i] * h, step = 1e-5 * r;
    if (at[i] * (1 + 1e-5) > fmin(k->support, reach(k))) continue;
    long double rise =
        plain(k->name, (r - step) / h, shape) - plain(k->name, (r + step) / h, shape);
    double slope = (double)(rise / (2 * step)), q = score(k, r, h, shape);
    assert_true_msg(fabs(q - slope) <= 3e-7 * fabs(q) + 1e-11,
                    "%s (%g): score at u = %g: %.17g, %.17g", k->name, shape, at[i], q, slope);
    assert_true(k->lopsided || q == score(k, -r, h, shape));
  }
  assert_true_msg(!k->constant_score || score(k, 0.1, 1, shape) == score(k, 50, 1, shape),
                  "%s: not a constant score", k->name);
}

/* Far out and near, gaps from tiny to huge, positions exact in binary. */
static void log_ratio_does_not_cancel(const struct kd_kernel *k, double shape) {
  static const double from[] = {0, 0.25, 1, 20, 300, 800, 8000, 1048576};
  static const double step[] = {0x1p-30, 0x1p-10, 0.25, 1, 40, 3000};
  for (size_t i = 0; i < sizeof from / sizeof *from; i++)
    for (size_t j = 0; j < sizeof step / sizeof *step; j++) {
      double r0 = from[i], r = r0 + step[j];
      double side = k->lopsided ? 1 : -1;
      if (r > reach(k) || !isfinite(k->log_k(r0, 1, shape))) continue;
      double got = k->log_ratio(step[j], side * r, r0, 1, shape);
      /* The reference itself cancels where |log k| is large. */
      long double a = plain(k->name, r, shape), b = plain(k->name, r0, shape);
      double want = (double)(a - b), noise = (double)(4 * epsilon() * (fabsl(a) + fabsl(b)));
      if (isinf(want))
        assert_true(got == want);
      else
        assert_true_msg(fabs(got - want) <= 2e-15 * fabs(want) + noise,
                        "%s (%g): log_ratio(%g, %g) = %.17g, expected %.17g", k->name, shape, r,
                        r0, got, want);
    }
}

/* Jump of the slope of log K at r = 0, and the end of the support */
static void kinks_are_where_it_says(const struct kd_kernel *k, double shape) {
  double h = 1, e = 1e-7;
  double below = (k->log_k(0, h, shape) - k->log_k(-e, h, shape)) / e;
  double above = (k->log_k(e, h, shape) - k->log_k(0, h, shape)) / e;
  if (!k->kink_at_point)
    assert_true_msg(fabs(above - below) <= 1e-5, "%s: an unnamed kink at 0", k->name);
  /* A row may also ask for a cut where a higher derivative jumps. */
  bool sharp = k->kink_at_point && !(shape > 1) && strcmp(k->name, "tricube") != 0;
  if (sharp && !(k->lopsided && shape == 1))
    assert_true_msg(fabs(above - below) >= 0.9, "%s (%g): no kink at 0", k->name, shape);
  if (isfinite(k->support)) {
    assert_true(isfinite(k->log_k(k->support * (1 - 1e-15), h, shape)));
    assert_true(k->log_k(k->support * (1 + 1e-15), h, shape) == -INFINITY);
    assert_true(k->log_k(k->support * 3.3, h, shape) == -INFINITY);
  } else {
    assert_true(isfinite(k->log_k(fmin(20, reach(k)), h, shape)) || shape > 7);
  }
}

/* Near u = 0 a smooth kernel is flat, log k(u) - log k(0) = -c u^2 + O(u^4), where
 * a formula that subtracts |r|/h loses half its digits. */
static void flat_tops_keep_their_digits(void **state) {
  (void)state;
  static const struct {
    const char *kernel;
    double shape, c;
  } row[] = {{"epanechnikov", 0, 1},
             {"biweight", 0, 2},
             {"cosine", 0, 1.2337005501361697},
             {"gaussian", 0, 0.5},
             {"cauchy", 0, 1},
             {"student-t", 3, 2.0 / 3},
             {"logistic", 0, 0.25},
             {"sech", 0, 1.2337005501361697}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    double u = 0x1p-30, want = -row[i].c * u * u;
    double got = kd_kernel_find(row[i].kernel)->log_ratio(u, u, 0, 1, row[i].shape);
    assert_close(got, want, 1e-15 * fabs(want));
  }
}

static void integrals(void **state) {
  (void)state, for_all(integral_is_one);
}
static void masses(void **state) {
  (void)state, for_all(masses_of_the_circle);
}
static void scores(void **state) {
  (void)state, for_all(score_is_the_slope);
}
static void ratios(void **state) {
  (void)state, for_all(log_ratio_does_not_cancel);
}
static void kinks(void **state) {
  (void)state, for_all(kinks_are_where_it_says);
}

static void rows_are_complete(void **state) {
  (void)state;
  for (size_t i = 0; i < kd_n_kernels; i++) {
    const struct kd_kernel *k = &kd_kernels[i];
    assert_ptr_equal(kd_kernel_find(k->name), k);
    assert_true(k->formula && k->reference && k->log_k && k->log_ratio && k->slope &&
                k->support > 0);
  }
  assert_null(kd_kernel_find("lapalce"));
}

static void student_normaliser_at_large_nu(void **state) {
  (void)state; /* log Gamma(x+1/2) - log Gamma(x), from its definition at x = 1/2, 1, 50 */
  assert_close(kd_kernel_find("student-t")->log_k(0, 1, 1), -1.14472988584940017414, 3e-16);
  assert_close(kd_kernel_find("student-t")->log_k(0, 1, 2), -1.03972077083991796413, 3e-16);
  assert_close(kd_kernel_find("student-t")->log_k(0, 1, 1e6), -0.918938783204672742, 1e-15);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_complete),
      cmocka_unit_test(integrals),
      cmocka_unit_test(masses),
      cmocka_unit_test(scores),
      cmocka_unit_test(ratios),
      cmocka_unit_test(kinks),
      cmocka_unit_test(flat_tops_keep_their_digits),
      cmocka_unit_test(student_normaliser_at_large_nu),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
