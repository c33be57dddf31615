/* SPDX-License-Identifier: MIT
 *
 * Checks of large sweeps: quick, and not blind for it.
 */
#include "support.h"

#include <time.h>

enum { MANY = 30000 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* "NAME: [item, item, ...]\n" with n items, where the odd one stands at `at` (n: nowhere). */
static char *put_list(char *end, const char *name, const char *item, const char *odd, size_t at,
                      size_t n) {
  end += sprintf(end, "  %s: [", name);
  for (size_t i = 0; i < n; i++)
    end += sprintf(end, "%s%s", i ? "," : "", i == at ? odd : item);
  return stpcpy(end, "]\n");
}

/* Two axes of MANY values each, the odd ones in the middle. */
static char *two_axes(const char *head, const char *const first[3],
                      const char *const second[3]) {
  char *text = malloc(1 << 20), *end = stpcpy(text, head);
  end = put_list(end, first[0], first[1], first[2], MANY / 2, MANY);
  put_list(end, second[0], second[1], second[2], MANY / 3, MANY);
  return text;
}

static void expect_cells(const char *text, size_t max_points) {
  double begin = seconds();
  struct kd_plan *plan = plan_of(text);
  assert_int_equal(plan->n_cells, (size_t)MANY * MANY);
  assert_int_equal(plan->max_points, max_points);
  kd_plan_free(plan);
  assert_true(seconds() - begin < 5);
}

static void expect_error(const char *text, const char *message) {
  double begin = seconds();
  char *errors = errors_of(text, strlen(text));
  if (!strstr(errors, message)) print_error("%.2000s", errors);
  assert_non_null(strstr(errors, message));
  free(errors);
  assert_true(seconds() - begin < 5);
}

static void test_products_of_long_lists(void **state) {
  (void)state;
  static const char head[] =
      "experiment: a\ntarget: {half_width: 1}\npoints: {at: [3]}\nsweep:\n";
  char *text = two_axes("experiment: a\npoints: {at: [3]}\nsweep:\n",
                        (const char *[]){"target.centre", "1", "2"},
                        (const char *[]){"target.half_width", "1", "3"});
  expect_cells(text, 1);
  free(text);
  text = two_axes("experiment: a\npoints: {at: [3]}\nsweep:\n",
                  (const char *[]){"target.centre", "1", "1e30"},
                  (const char *[]){"target.half_width", "1", "3"});
  expect_error(text, "target is too narrow");
  free(text);
  text = two_axes(head, (const char *[]){"points.at", "[4]", "[5]"},
                  (const char *[]){"shift.by", "0", "1"});
  expect_cells(text, 1);
  free(text);
}

static void test_an_odd_list_is_found(void **state) {
  (void)state;
  static const char head[] =
      "experiment: a\ntarget: {half_width: 1}\nlogits: {init: explicit}\nsweep:\n";
  char *text = two_axes(head, (const char *[]){"points.at", "[4]", "[5]"},
                        (const char *[]){"logits.at", "[0]", "[1]"});
  expect_cells(text, 1);
  free(text);
  text = two_axes(head, (const char *[]){"points.at", "[4]", "[4,5]"},
                  (const char *[]){"logits.at", "[0]", "[1]"});
  expect_error(text, "logits.at has 1 number for 2 points");
  free(text);
  text = two_axes(head, (const char *[]){"points.at", "[4]", "[5]"},
                  (const char *[]){"logits.at", "[0]", "[1,2]"});
  expect_error(text, "logits.at has 2 numbers for 1 point");
  free(text);
}

/* Names that move with numbers: no combination may be passed over. */
static void test_groups(void **state) {
  (void)state;
  enum { N = 12000 };
  char *text = malloc(1 << 20), *end;
  end = stpcpy(text, "experiment: a\ntarget: {half_width: 1}\npoints: {at: [3]}\nsweep:\n"
                     "  shift.by: {from: 0, to: 1, count: 1000}\n  shapes:\n");
  end = put_list(end, "  kernel.family", "exppow", "laplace", 7000, N);
  put_list(end, "  kernel.shape", "2", "~", 7000, N);
  struct kd_plan *plan = plan_of(text);
  assert_int_equal(plan->n_cells, 1000 * N);
  kd_plan_free(plan);
  end = strstr(text, "  shapes:\n") + 10;
  end = put_list(end, "  kernel.family", "exppow", "laplace", 7000, N);
  put_list(end, "  kernel.shape", "2", "~", 7001, N);
  expect_error(text, "kernel.shape: laplace has no shape");
  free(text);
}

/* Counts that an axis replaces do not make rows longer; ranges do by their larger end. */
static void test_extents(void **state) {
  (void)state;
  struct kd_plan *plan =
      plan_of("experiment: a\ntarget: {half_width: 1}\nrecord: [trajectory]\n"
              "points: {layout: equidistant, count: 1000}\ndescent: {method: gd}\nsweep:\n"
              "  points.count: {from: 9, to: 1, count: 9}\n"
              "  descent.steps: [7, 100, 3]\n  descent.every: {from: 1, to: 5, count: 5}\n");
  assert_int_equal(plan->max_points, 9);
  assert_int_equal(plan->max_recorded, 101);
  kd_plan_free(plan);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_products_of_long_lists),
      cmocka_unit_test(test_an_odd_list_is_found),
      cmocka_unit_test(test_groups),
      cmocka_unit_test(test_extents),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
