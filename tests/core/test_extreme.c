/* SPDX-License-Identifier: MIT
 *
 * The corners: far points, huge logits, one point, identical points, points on
 * the edges and at the centre, extreme bandwidths, uncovered bins. Nothing is
 * ever NaN, and where the right answer is plain it is checked.
 */
#include "problems.h"

static double shape_of(const struct kd_kernel *k) {
  return k->shape_name ? 1.5 : 0;
}

/* All kernels x rules; status must be OK and all numbers finite and consistent. */
static void finite_for_all(const double *x, const double *z, size_t n, double h, double shift,
                           bool compact_too) {
  static const char *const rules[] = {"best", "midpoint", "gauss-legendre"};
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (int rule = 0; rule < 3; rule++) {
      const struct kd_kernel *kernel = &kd_kernels[k];
      if (isfinite(kernel->support) && !compact_too) continue;
      if (kernel->circle_only && (h < 0.1 || h > 100)) continue; /* pi/h beyond doubles */
      struct kd_problem p = layout_problem(kernel->name, shape_of(kernel));
      p.x = x, p.z = z, p.n = n, p.h = h, p.shift = shift, p.rule = kd_rule_find(rules[rule]);
      struct answer a = answer_to(&p);
      double sum = 0;
      for (size_t i = 0; i < n; i++) sum += a.G[i];
      assert_true_msg(a.r.status == KD_STATUS_OK && isfinite(a.r.loss) &&
                          isfinite(a.r.defect) && isfinite(a.r.loss_change) &&
                          isfinite(largest(n, a.G)),
                      "%s, %s: status %s, loss %g", kernel->name, rules[rule],
                      kd_status_name(a.r.status), a.r.loss);
      assert_true_msg(fabs(sum) <= 1e-14, "%s, %s: sum of G %g", kernel->name, rules[rule],
                      sum);
    }
}

static void far_points(void **state) {
  (void)state;
  static const double shifts[] = {-20, -800, -8000, -1048576};
  for (size_t s = 0; s < 4; s++) finite_for_all(layout_x, layout_z, 4, 1, shifts[s], false);
}

static void huge_logits(void **state) {
  (void)state;
  static const double z[] = {700, -700, 0, -700};
  finite_for_all(layout_x, z, 4, 1, 0, false);
  finite_for_all(layout_x, z, 4, 1, -800, false);
}

/* Only a point of weight e^-1400 covers the left half: f > 0 there. */
static void tiny_weight_still_covers(void **state) {
  (void)state;
  static const double x[] = {-0.5, 1}, z[] = {-700, 700};
  struct kd_problem p = layout_problem("uniform", 0);
  p.x = x, p.z = z, p.n = 2, p.h = 1;
  struct answer a = answer_to(&p);
  assert_int_equal(a.r.status, KD_STATUS_OK);
  assert_close(a.r.loss, 700 + log(2), 1e-12);
  assert_close(a.G[0], -0.5, 1e-15);
  assert_close(a.G[1], 0.5, 1e-15);
}

static void one_point_has_no_gradient(void **state) {
  (void)state;
  static const double z[] = {42};
  static const double at[] = {0, 0.25, 0.5, 3, -900};
  for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
    finite_for_all(&at[i], z, 1, 1, 0, false);
    for (size_t k = 0; k < kd_n_kernels; k++) {
      struct kd_problem p = layout_problem(kd_kernels[k].name, 2);
      p.x = &at[i], p.z = z, p.n = 1;
      assert_true(answer_to(&p).G[0] == 0);
    }
  }
}

/* N = 1 at c + r, Laplace and Gaussian: L in closed form, inside and outside T */
static void one_point_losses(void **state) {
  (void)state;
  static const double z[] = {0};
  double at[] = {2, 0, 0.25}, h = 0.5;
  struct kd_problem p = layout_problem("laplace", 0);
  p.z = z, p.n = 1, p.h = h;
  for (int i = 0; i < 3; i++) {
    double r = at[i], mean = r >= 0.5 ? r : 0.25 + r * r; /* mean |v - r| over T */
    p.x = &at[i], p.kernel = kd_kernel_find("laplace");
    assert_close(answer_to(&p).r.loss, mean / h + log(2 * h), 2e-15);
    p.kernel = kd_kernel_find("gaussian"); /* mean (v - r)^2 = 1/12 + r^2 */
    assert_close(answer_to(&p).r.loss,
                 (1.0 / 12 + r * r) / (2 * h * h) + log(h) + 0.5 * log(2 * 3.14159265358979324),
                 4e-15);
  }
}

static void identical_points(void **state) {
  (void)state;
  static const double x[] = {1.5, 1.5, 1.5}, z[] = {0, 1, -1};
  finite_for_all(x, z, 3, 1, 0, false);
  for (size_t k = 0; k < kd_n_kernels; k++) {
    struct kd_problem p = layout_problem(kd_kernels[k].name, 1.5);
    p.x = x, p.z = z, p.n = 3, p.h = 3, p.shift = 0.75;
    struct answer a = answer_to(&p);
    assert_true(largest(3, a.G) <= fmin(a.r.gradient_bound, 1e-15) &&
                a.r.defect <= fmin(a.r.defect_bound, 1e-15));
  }
}

static void on_the_edges_and_at_the_centre(void **state) {
  (void)state;
  static const double x[] = {-0.5, 0.5, 0}, z[] = {0, 1, -1};
  finite_for_all(x, z, 3, 1, 0, true);
  struct kd_problem p = layout_problem("laplace", 0);
  p.x = x, p.z = z, p.n = 3, p.shift = 0.1;
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_NOT_APPLICABLE);
  p.n = 2; /* without the point at the centre the edges may move up to it */
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_OK);
  p.shift = 0.5;
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_OK);
  p.shift = 0.5 + 1e-15;
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_NOT_APPLICABLE);
}

static void extreme_bandwidths(void **state) {
  (void)state;
  static const double z[] = {0.3, -0.2, 0.9, 0};
  static const double inside[] = {-0.4, -0.1, 0.2, 0.45};
  static const double widths[] = {1e-3, 1e3, 1e6};
  for (int i = 0; i < 3; i++) finite_for_all(inside, z, 4, widths[i], 0, widths[i] > 1);
}

static void uncovered(void **state) {
  (void)state;
  static const double x[] = {-0.5, 2}, z[] = {0, 0};
  static const char *const rules[] = {"best", "midpoint", "gauss-legendre"};
  for (int rule = 0; rule < 3; rule++) {
    struct kd_problem p = layout_problem("uniform", 0);
    p.x = x, p.z = z, p.n = 2, p.h = 0.75, p.rule = kd_rule_find(rules[rule]);
    struct answer a = answer_to(&p);
    assert_int_equal(a.r.status, KD_STATUS_UNCOVERED);
    assert_true(a.r.loss == INFINITY && isnan(a.r.defect) && isnan(a.r.loss_change));
    assert_close(a.r.uncovered_share, 0.25, 1e-15);
    assert_close(a.G[0], 0.75 * -0.5, 1e-15); /* over the covered part */
    assert_close(a.G[1], 0.75 * 0.5, 1e-15);
    p.h = 0.01; /* nothing of the right half is covered by the far one */
    assert_int_equal(answer_to(&p).r.status, KD_STATUS_UNCOVERED);
  }
}

/* Supports that touch leave no gap, though the cuts differ by rounding. */
static void touching_supports(void **state) {
  (void)state;
  static const double x[] = {-0.3, 0.3}, z[] = {0, 0};
  struct kd_problem p = layout_problem("uniform", 0);
  p.x = x, p.z = z, p.n = 2, p.h = 0.3, p.lower = -0.6, p.upper = 0.6;
  struct answer a = answer_to(&p);
  assert_int_equal(a.r.status, KD_STATUS_OK);
  assert_close(a.r.loss, log(4 * 0.3), 2e-15);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(far_points),
      cmocka_unit_test(huge_logits),
      cmocka_unit_test(tiny_weight_still_covers),
      cmocka_unit_test(one_point_has_no_gradient),
      cmocka_unit_test(one_point_losses),
      cmocka_unit_test(identical_points),
      cmocka_unit_test(on_the_edges_and_at_the_centre),
      cmocka_unit_test(extreme_bandwidths),
      cmocka_unit_test(uncovered),
      cmocka_unit_test(touching_supports),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
