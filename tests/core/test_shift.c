/* SPDX-License-Identifier: MIT
 *
 * Shift modes and units, shifts that do not exist, and the factor on K.
 */
#include "problems.h"

static struct kd_problem shifted_by(double by, const char *unit, const char *mode) {
  struct kd_problem p = layout_problem("laplace", 0);
  p.shift = by, p.shift_left = p.shift_right = 1;
  p.shift_unit = kd_shift_unit_find(unit), p.shift_mode = kd_shift_mode_find(mode);
  return p;
}

static void expect_x(const struct kd_problem *p, const double want[4]) {
  struct answer a = answer_to(p);
  assert_int_equal(a.r.status, KD_STATUS_OK);
  for (int i = 0; i < 4; i++) assert_true(a.x[i] == want[i]);
}

static void modes(void **state) {
  (void)state;
  static const double inward[] = {-2, 1.25, 2.75, -3.5}, right[] = {-2, 2.25, 3.75, -3.5};
  static const double sided[] = {-1.5, 0.75, 2.25, -3}, outward[] = {-3, 2.25, 3.75, -4.5};
  struct kd_problem p = shifted_by(0.5, "absolute", "inward");
  expect_x(&p, inward);
  p.shift = -0.5;
  expect_x(&p, outward);
  p = shifted_by(0.5, "absolute", "translate");
  expect_x(&p, right);
  p = shifted_by(0.5, "absolute", "sided");
  p.shift_left = p.shift_right = 2;
  expect_x(&p, sided);
}

static void units(void **state) {
  (void)state;
  static const struct {
    const char *unit;
    double by, d;
  } row[] = {{"absolute", 0.625, 0.625}, {"bandwidth", 1.25, 0.625}, {"edge", 0.5, 0.625},
             {"edge", 1, 1.25},          {"centre", 1, 1.75},        {"centre", 0, 0}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    struct kd_problem p = shifted_by(row[i].by, row[i].unit, "inward");
    p.h = 0.5;
    assert_true(answer_to(&p).x[1] == 1.75 - row[i].d);
  }
}

static void missing_shifts(void **state) {
  (void)state;
  static const double inside[] = {0.25, 3}, centre[] = {0, 3}, z[] = {0, 1};
  struct kd_problem p = shifted_by(0.1, "edge", "inward");
  p.n = 2, p.x = inside, p.z = z;
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_NOT_APPLICABLE);
  p.shift_unit = kd_shift_unit_find("centre");
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_OK);
  p.shift = 1.5; /* past the centre */
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_NOT_APPLICABLE);
  p.x = centre;
  p.shift = -0.5, p.shift_unit = kd_shift_unit_find("absolute"); /* no side */
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_NOT_APPLICABLE);
  p.shift_mode = kd_shift_mode_find("sided");
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_NOT_APPLICABLE);
  p.shift_mode = kd_shift_mode_find("translate");
  assert_int_equal(answer_to(&p).r.status, KD_STATUS_OK);
}

/* Seen from T the points on the right have rate 1/(kappa h), those on the left
 * kappa/h: the gradient survives if they move as kappa^2 : 1, and only then. */
static void asymmetric_laplace(void **state) {
  (void)state;
  struct kd_problem p = shifted_by(0.25, "absolute", "sided");
  p.kernel = kd_kernel_find("asymmetric-laplace");
  for (double kappa = 0.5; kappa <= 2; kappa *= 2) {
    p.shape = kappa, p.shift_right = kappa * kappa, p.shift_left = 1;
    assert_true(answer_to(&p).r.defect <= 2e-16);
    p.shift_right = 1, p.shift_left = kappa * kappa;
    assert_true((answer_to(&p).r.defect > 1e-3) == (kappa != 1));
    p.shift_left = 1;
    assert_true((answer_to(&p).r.defect > 1e-3) == (kappa != 1));
  }
}

/* On the circle the invariance also ends where an arc flips: outwards at
 * pi - w - max r. The wrapped kernel never has it. */
static void circle_flips(void **state) {
  (void)state;
  static const double x[] = {-1, 1.5, 2}, z[] = {0.5, 0, -0.25};
  struct kd_problem p = shifted_by(0, "absolute", "inward");
  p.space = KD_SPACE_CIRCLE, p.n = 3, p.x = x, p.z = z;
  double flip = 3.14159265358979324 - 0.5 - 2;
  for (double d = -0.625; d <= 0.5; d += 0.125) {
    p.shift = d;
    assert_true(answer_to(&p).r.defect <= 1e-15);
  }
  p.shift = -flip - 0.01;
  assert_true(answer_to(&p).r.defect > 1e-6);
  p.shift = 0.25, p.kernel = kd_kernel_find("wrapped-laplace");
  assert_true(answer_to(&p).r.defect > 1e-6);
}

static void factor_moves_the_loss_only(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++) {
    struct kd_problem p = layout_problem(kd_kernels[k].name, 1.5);
    p.h = 5, p.lower = 0, p.upper = 1;
    struct answer a = answer_to(&p);
    p.log10_factor = 300, p.log10_slope = -7;
    struct answer b = answer_to(&p);
    assert_close(b.r.loss - a.r.loss, -log(10) * (300 - 3.5), 2e-13);
    for (int i = 0; i < 4; i++) assert_true(same_bits(a.G[i], b.G[i]));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(modes),          cmocka_unit_test(units),
      cmocka_unit_test(missing_shifts), cmocka_unit_test(asymmetric_laplace),
      cmocka_unit_test(circle_flips),   cmocka_unit_test(factor_moves_the_loss_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
