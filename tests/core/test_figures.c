/* SPDX-License-Identifier: MIT
 *
 * The published figures of the layout x = (-2.5, 1.75, 3.25, -4),
 * z = (0.3, -0.2, 0.9, 0), T = [-1/2, 1/2], h = 1: each to its last printed
 * digit.
 */
#include "problems.h"

static void laplace_keeps_its_gradient(void **state) {
  (void)state;
  static const double G[] = {-0.0711528, -0.236255, 0.181137, 0.12627};
  struct kd_problem p = layout_problem("laplace", 0);
  for (int k = 0; k <= 40; k++) {
    p.shift = k / 32.0;
    struct answer a = answer_to(&p);
    assert_close(a.r.loss, 3.386641921 - p.shift, 6e-10);
    assert_close(a.G[0], G[0], 6e-8);
    for (int i = 1; i < 4; i++) assert_close(a.G[i], G[i], 6e-7);
    assert_true(a.r.defect == 0); /* dyadic: to the bit */
    assert_close(a.r.loss_change, -p.shift, a.r.loss_change_bound);
    assert_true(a.r.d_edge == 1.25 && a.r.d_centre == 1.75);
  }
}

static void laplace_loses_it_past_the_edge(void **state) {
  (void)state;
  static const struct {
    double d, defect, defect_digit, rise, rise_digit;
  } row[] = {{1.26, 2.4999e-5, 6e-10, 4.9673e-5, 6e-10},
             {1.3, 6.2456e-4, 6e-9, 1.2195e-3, 6e-8},
             {1.5, 1.5379e-2, 6e-7, 2.7666e-2, 6e-7},
             {1.75, 5.869e-2, 6e-6, 9.657e-2, 6e-6}};
  struct kd_problem p = layout_problem("laplace", 0);
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    p.shift = row[k].d;
    struct answer a = answer_to(&p);
    assert_close(a.r.defect, row[k].defect, row[k].defect_digit);
    assert_close(a.r.loss_change + p.shift, row[k].rise, row[k].rise_digit);
  }
}

static void defects_of_the_others(void **state) {
  (void)state;
  static const struct {
    const char *kernel;
    double shape, defect, digit;
  } row[] = {{"gaussian", 0, 0.245076, 6e-7},  {"cauchy", 0, 0.0441034, 6e-8},
             {"logistic", 0, 0.0785824, 6e-8}, {"sech", 0, 0.0525082, 6e-8},
             {"exppow", 0.5, 0.0445238, 6e-8}, {"exppow", 0.9, 0.0198763, 6e-8},
             {"exppow", 1.1, 0.0253088, 6e-8}, {"exppow", 2, 0.190547, 6e-7},
             {"exppow", 0.1, 0.0123, 6e-5},    {"exppow", 0.6, 0.0455, 6e-5},
             {"exppow", 20, 0.0432, 6e-5},     {"exppow", 1, 0, 1e-15}};
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    struct kd_problem p = layout_problem(row[k].kernel, row[k].shape);
    p.shift = 1.25;
    assert_close(answer_to(&p).r.defect, row[k].defect, row[k].digit);
  }
}

static void far_field(void **state) {
  (void)state;
  static const struct {
    const char *kernel;
    double G[4], digit;
  } row[] = {{"gaussian", {0.111795, -0.726486, 0.437015, 0.177677}, 6e-7},
             {"sech", {-0.0652122, -0.378786, 0.287741, 0.156258}, 6e-7},
             {"logistic", {-0.0711528, -0.236255, 0.181137, 0.12627}, 6e-7},
             {"cauchy", {-2.779e-3, -4.395e-3, 2.872e-3, 4.302e-3}, 6e-7}};
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    struct kd_problem p = layout_problem(row[k].kernel, 0);
    p.shift = -80;
    struct answer a = answer_to(&p);
    for (int i = 0; i < 4; i++) assert_close(a.G[i], row[k].G[i], row[k].digit);
  }
}

/* T = [-1/2, 1/2], h = 1, x = (1, 2), z = 0: the note's claim fails at d_centre. */
static void shortest_witness(void **state) {
  (void)state;
  static const double x[] = {1, 2}, z[] = {0, 0};
  struct kd_problem p = layout_problem("laplace", 0);
  p.n = 2, p.x = x, p.z = z, p.shift = 1;
  assert_close(answer_to(&p).r.defect, 0.055472, 6e-7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(laplace_keeps_its_gradient),
      cmocka_unit_test(laplace_loses_it_past_the_edge),
      cmocka_unit_test(defects_of_the_others),
      cmocka_unit_test(far_field),
      cmocka_unit_test(shortest_witness),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
