/* SPDX-License-Identifier: MIT
 *
 * Plans: which cells a sweep has, in which order, with which values.
 */
#include "support.h"

#include <math.h>
#include <time.h>

#include "core/descent.h"
#include "core/kernel.h"
#include "core/rule.h"

/* The cells of a plan are exactly these texts, in this order. */
static void expect_cells(const struct kd_plan *plan, const char *const *cells, size_t n) {
  assert_int_equal(plan->n_cells, n);
  for (size_t i = 0; i < n; i++) {
    char text[256];
    cell_text(plan, i, text, sizeof text);
    assert_string_equal(text, cells[i]);
  }
}

static void test_no_sweep_is_one_cell_of_defaults(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(GOOD "about: one line\n");
  struct kd_cell *cell = kd_cell_create(plan);
  const struct kd_problem *p = &cell->problem;
  kd_plan_cell(plan, 0, cell);
  assert_string_equal(plan->experiment, "good");
  assert_string_equal(plan->about, "one line");
  assert_string_equal(plan->text, GOOD "about: one line\n");
  assert_string_equal(plan->overrides, "");
  assert_int_equal(plan->n_cells, 1);
  assert_int_equal(plan->n_axes, 0);
  assert_int_equal(plan->max_points, 2);
  assert_int_equal(plan->max_recorded, 0);
  assert_int_equal(plan->record, KD_RECORD_LOSS | KD_RECORD_GRADIENT);
  assert_string_equal(p->kernel->name, "laplace");
  assert_true(p->h == 1 && p->shift == 0 && p->lower == -1 && p->upper == 1);
  assert_true(p->n == 2 && p->x[0] == -2 && p->x[1] == 2.5 && p->z[0] == 0 && p->z[1] == 0);
  assert_string_equal(p->rule->name, "best");
  assert_string_equal(p->descent->name, "none");
  assert_true(p->bins == 64 && p->order == 8 && p->rate == 1 && p->steps == 100 &&
              p->every == 1);
  assert_int_equal(p->record, plan->record);
  kd_cell_free(cell);
  kd_plan_free(plan);
}

/* A base value may stand in its section though an axis replaces it in all cells. */
static void test_sweep_replaces_what_is_set(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(GOOD "kernel: {family: laplace, bandwidth: 2}\n"
                                      "sweep: {kernel.bandwidth: [0.5, 1]}\n");
  static const char *const cells[] = {"kernel.bandwidth=0.5", "kernel.bandwidth=1"};
  expect_cells(plan, cells, 2);
  kd_plan_free(plan);
}

static void test_last_axis_is_fastest(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(GOOD "sweep:\n"
                                      "  kernel.family: [gaussian, laplace]\n"
                                      "  shift.by: [-0.5, 0, .25]\n");
  static const char *const cells[] = {
      "kernel.family=gaussian shift.by=-0.5", "kernel.family=gaussian shift.by=0",
      "kernel.family=gaussian shift.by=0.25", "kernel.family=laplace shift.by=-0.5",
      "kernel.family=laplace shift.by=0",     "kernel.family=laplace shift.by=0.25"};
  expect_cells(plan, cells, 6);
  assert_int_equal(plan->n_axes, 2);
  assert_string_equal(plan->axis[1].name, "shift.by");
  assert_int_equal(plan->axis[1].n, 3);
  assert_int_equal(plan->swept[0].n_names, 2);
  assert_string_equal(plan->swept[0].names[0], "gaussian");
  kd_plan_free(plan);
}

static void test_codes_count_names_in_order_of_use(void **state) {
  (void)state;
  struct kd_plan *plan =
      plan_of(GOOD "sweep:\n  pairs:\n    kernel.family: [cauchy, ~, laplace, cauchy]\n"
                   "    kernel.bandwidth: [1, 2, 3, 4]\n");
  struct kd_cell *cell = kd_cell_create(plan);
  const double code[] = {0, NAN, 1, 0};
  for (size_t i = 0; i < 4; i++) {
    kd_plan_cell(plan, i, cell);
    assert_true(isnan(code[i]) ? isnan(cell->value[0]) : cell->value[0] == code[i]);
    assert_true(cell->value[1] == (double)(i + 1));
  }
  kd_plan_cell(plan, 1, cell);
  assert_string_equal(cell->problem.kernel->name, "laplace"); /* ~ is the default */
  kd_cell_free(cell);
  kd_plan_free(plan);
}

static void test_lock_step_moves_together(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(
      GOOD
      "sweep:\n"
      "  shapes: {kernel.family: [laplace, exppow, student-t], kernel.shape: [~, 0.5, ~]}\n"
      "  shift.by: [0, 1]\n");
  static const char *const cells[] = {"kernel.family=laplace kernel.shape=~ shift.by=0",
                                      "kernel.family=laplace kernel.shape=~ shift.by=1",
                                      "kernel.family=exppow kernel.shape=0.5 shift.by=0",
                                      "kernel.family=exppow kernel.shape=0.5 shift.by=1",
                                      "kernel.family=student-t kernel.shape=~ shift.by=0",
                                      "kernel.family=student-t kernel.shape=~ shift.by=1"};
  struct kd_cell *cell = kd_cell_create(plan);
  expect_cells(plan, cells, 6);
  assert_string_equal(plan->axis[0].name, "shapes");
  assert_int_equal(plan->swept[1].axis, 0);
  assert_int_equal(plan->swept[2].axis, 1);
  kd_plan_cell(plan, 2, cell);
  assert_true(cell->problem.shape == 0.5);
  kd_plan_cell(plan, 4, cell);
  assert_true(cell->problem.shape == kd_kernel_find("student-t")->shape_default);
  kd_plan_cell(plan, 0, cell);
  assert_true(isnan(cell->problem.shape));
  kd_cell_free(cell);
  kd_plan_free(plan);
}

/* ---------------------------------------------------------- lists of lists */

static void test_lists_are_swept(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of("experiment: good\nlogits: {init: explicit}\nsweep:\n"
                                 "  target.bounds: [[0, 1], [-0.5, 2]]\n"
                                 "  layouts:\n    points.at: [[1, 2], [3, 4, 5]]\n"
                                 "    logits.at: [[0, 1], [0, 1, 2]]\n");
  static const char *const cells[] = {
      "target.lower=0 target.upper=1 points.at=0 logits.at=0",
      "target.lower=0 target.upper=1 points.at=1 logits.at=1",
      "target.lower=-0.5 target.upper=2 points.at=0 logits.at=0",
      "target.lower=-0.5 target.upper=2 points.at=1 logits.at=1"};
  expect_cells(plan, cells, 4);
  assert_int_equal(plan->n_swept, 4);
  assert_int_equal(plan->swept[0].kind, KD_SWEPT_REAL);
  assert_int_equal(plan->swept[2].kind, KD_SWEPT_INDEX);
  assert_int_equal(plan->swept[3].axis, 1);
  assert_int_equal(plan->max_points, 3);
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, 3, cell);
  assert_true(cell->problem.lower == -0.5 && cell->problem.upper == 2);
  assert_true(cell->problem.n == 3 && cell->problem.x[2] == 5 && cell->problem.z[2] == 2);
  kd_plan_cell(plan, 0, cell);
  assert_true(cell->problem.n == 2 && cell->problem.x[1] == 2 && cell->problem.z[1] == 1);
  kd_cell_free(cell);
  kd_plan_free(plan);
}

static void test_an_unset_list_is_the_default(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of("experiment: good\npoints: {at: [9]}\nsweep:\n  forms:\n"
                                 "    target.bounds: [[0, 1], ~]\n"
                                 "    target.half_width: [~, 3]\n");
  static const char *const cells[] = {"target.lower=0 target.upper=1 target.half_width=~",
                                      "target.lower=~ target.upper=~ target.half_width=3"};
  expect_cells(plan, cells, 2);
  char text[64];
  kd_plan_value_text(plan, 0, 0, text, sizeof text);
  assert_string_equal(text, "[0, 1]");
  kd_plan_value_text(plan, 1, 1, text, sizeof text);
  assert_string_equal(text, "~");
  kd_plan_free(plan);
}

static void test_set_lists(void **state) {
  (void)state;
  struct kd_plan *plan = plan_with(GOOD, "points.at=[[1], [2, 3]]", NULL);
  static const char *const cells[] = {"points.at=0", "points.at=1"};
  expect_cells(plan, cells, 2);
  char text[12];
  kd_plan_value_text(plan, 0, 1, text, sizeof text);
  assert_string_equal(text, "[2, 3]");
  kd_plan_free(plan);
  plan = plan_with("experiment: a\ntarget: {half_width: 1}\nsweep: {points.at: [[1], [2]]}\n",
                   "points.at=[4, 5, 6, 7]", NULL);
  assert_int_equal(plan->n_axes, 0);
  assert_int_equal(plan->max_points, 4);
  kd_plan_free(plan);
}

/* ------------------------------------------------------------------ ranges */

/* Shift of cell i in a plan that sweeps shift.by alone. */
static double shift_of(const struct kd_plan *plan, size_t i) {
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, i, cell);
  double shift = cell->problem.shift;
  kd_cell_free(cell);
  return shift;
}

static void test_dyadic_range_is_exact(void **state) {
  (void)state;
  struct kd_plan *plan =
      plan_of(GOOD "sweep: {shift.by: {from: -0.25, to: 1.75, count: 65, scale: linear}}\n");
  for (size_t i = 0; i < 65; i++) assert_true(shift_of(plan, i) == -0.25 + (double)i / 32);
  assert_false(signbit(shift_of(plan, 8))); /* 0, not -0 */
  kd_plan_free(plan);
  plan = plan_of(GOOD "sweep: {shift.by: {from: 0, to: 1.53125, count: 50}}\n");
  for (size_t i = 0; i < 50; i++) assert_true(shift_of(plan, i) == (double)i / 32);
  kd_plan_free(plan);
}

static void test_ranges_hit_both_ends(void **state) {
  (void)state;
  static const char *const scale[] = {"linear", "log"};
  static const double end[][2] = {{0.1, 0.7}, {0.3, 1e-7}, {3, 1e9}, {1e-59, 1e59}};
  for (size_t k = 0; k < 8; k++) {
    char text[256];
    double from = end[k / 2][0], to = end[k / 2][1];
    snprintf(text, sizeof text,
             GOOD "sweep: {shift.by: {from: %.17g, to: %.17g, count: 12, scale: %s}}\n", from,
             to, scale[k % 2]);
    struct kd_plan *plan = plan_of(text);
    assert_true(shift_of(plan, 0) == from);
    assert_true(shift_of(plan, 11) == to);
    for (size_t i = 1; i < 12; i++)
      assert_true(from < to ? shift_of(plan, i - 1) < shift_of(plan, i)
                            : shift_of(plan, i - 1) > shift_of(plan, i));
    kd_plan_free(plan);
  }
}

static void test_log_range_gives_decades_and_octaves(void **state) {
  (void)state;
  struct kd_plan *decades =
      plan_of(GOOD "sweep: {shift.by: {from: 1e-9, to: 1e9, count: 19, scale: log}}\n");
  struct kd_plan *octaves = plan_of(
      GOOD "sweep: {shift.by: {from: 9.094947017729282e-13, to: 1, count: 41, scale: log}}\n");
  static const double power[] = {1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1,
                                 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9};
  for (size_t i = 0; i < 19; i++) assert_true(shift_of(decades, i) == power[i]);
  for (size_t i = 0; i < 41; i++) assert_true(shift_of(octaves, i) == ldexp(1, (int)i - 40));
  kd_plan_free(decades);
  kd_plan_free(octaves);
}

static void test_integer_ranges(void **state) {
  (void)state;
  struct kd_plan *plan =
      plan_of(GOOD "integral: {rule: midpoint}\n"
                   "sweep:\n"
                   "  integral.bins: {from: 1, to: 1024, count: 11, scale: log}\n");
  struct kd_cell *cell = kd_cell_create(plan);
  for (size_t i = 0; i < 11; i++) {
    kd_plan_cell(plan, i, cell);
    assert_int_equal(cell->problem.bins, 1u << i);
  }
  kd_cell_free(cell);
  kd_plan_free(plan);
}

/* --------------------------------------------------------- points, extents */

static void test_extents_cover_all_cells(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of("experiment: good\n"
                                 "target: {centre: 1, half_width: 0.5}\n"
                                 "points: {at: [3], span: [2, 4]}\n"
                                 "record: [loss, trajectory]\n"
                                 "descent: {method: gd, steps: 103, every: 10}\n"
                                 "sweep:\n"
                                 "  points.layout: [explicit, grid, equidistant]\n"
                                 "  points.count: [5, 9, 2]\n");
  struct kd_cell *cell = kd_cell_create(plan);
  static const size_t n[] = {1, 1, 1, 5, 9, 2, 5, 9, 2};
  assert_int_equal(plan->max_points, 9);
  assert_int_equal(plan->max_recorded, 11);
  for (size_t i = 0; i < 9; i++) {
    kd_plan_cell(plan, i, cell);
    assert_int_equal(cell->problem.n, n[i]);
    assert_true(cell->problem.lower == 0.5 && cell->problem.upper == 1.5);
  }
  kd_plan_cell(plan, 3, cell);
  for (size_t j = 0; j < 5; j++) assert_true(cell->problem.x[j] == 2 + (double)j / 2);
  kd_plan_cell(plan, 8, cell);
  assert_true(cell->problem.x[0] == 2 && cell->problem.x[1] == 0); /* c +- distance */
  kd_cell_free(cell);
  kd_plan_free(plan);
}

/* The nodes of the binned rules, known before any cell is computed */
static void test_bins_are_counted_if_recorded(void **state) {
  (void)state;
  static const char text[] = GOOD "sweep:\n  integral.rule: [midpoint, trapezoid, simpson]\n"
                                  "  integral.bins: [7, 12, 3]\n";
  struct kd_plan *plan = plan_of(text);
  assert_int_equal(plan->max_bins, 0);
  kd_plan_free(plan);
  plan = plan_with(text, "record=[bins]", NULL);
  assert_int_equal(plan->max_bins, 25);
  kd_plan_free(plan);
  plan = plan_with(text, "record=[bins]", "integral.rule=[midpoint, trapezoid]");
  assert_int_equal(plan->max_bins, 13);
  kd_plan_free(plan);
}

static void test_tolerance_reaches_the_problem(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(GOOD "integral: {rule: adaptive}\n"
                                      "sweep: {integral.tolerance: [1e-16, 1e-3]}\n");
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, 0, cell);
  assert_true(cell->problem.tolerance == 1e-16);
  kd_plan_cell(plan, 1, cell);
  assert_true(cell->problem.tolerance == 1e-3);
  kd_cell_free(cell);
  kd_plan_free(plan);
}

static void test_cells_do_not_depend_on_what_came_before(void **state) {
  (void)state;
  struct kd_plan *plan =
      plan_of("experiment: good\ntarget: {bounds: [0, 1]}\n"
              "points: {layout: normal}\nlogits: {init: normal}\n"
              "sweep:\n  points.count: [3, 40]\n  points.seed: [~, 7]\n"
              "  shapes: {kernel.family: [exppow, laplace], kernel.shape: [2, ~]}\n");
  struct kd_cell *used = kd_cell_create(plan);
  for (size_t k = 0; k < 64; k++) {
    struct kd_cell *fresh = kd_cell_create(plan);
    size_t i = k * 5 % 8;
    kd_plan_cell(plan, i, used);
    kd_plan_cell(plan, i, fresh);
    assert_int_equal(used->key_high, fresh->key_high);
    assert_int_equal(used->problem.n, fresh->problem.n);
    assert_memory_equal(used->problem.x, fresh->problem.x, fresh->problem.n * sizeof(double));
    assert_memory_equal(used->problem.z, fresh->problem.z, fresh->problem.n * sizeof(double));
    assert_memory_equal(&used->problem.shape, &fresh->problem.shape, sizeof(double));
    kd_cell_free(fresh);
  }
  kd_cell_free(used);
  kd_plan_free(plan);
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void test_a_million_cells_plan_at_once(void **state) {
  (void)state;
  double begin = seconds();
  struct kd_plan *plan =
      plan_of("experiment: good\nrecord: [loss]\npoints: {layout: equidistant}\nsweep:\n"
              "  target.centre: {from: 0, to: 1, count: 100}\n"
              "  points.count: {from: 1, to: 100, count: 100}\n"
              "  target.half_width: {from: 1e-3, to: 1, count: 100, scale: log}\n");
  assert_int_equal(plan->n_cells, 1000000);
  assert_true(seconds() - begin < 1);
  kd_plan_free(plan);
}

/* ------------------------------------------------------------------- --set */

#define SWEPT                                                                                  \
  GOOD "sweep:\n  kernel.bandwidth: [1, 2]\n"                                                  \
       "  pairs: {shift.by: [0, 1], kernel.family: [laplace, cauchy]}\n"

static void test_set_one_value_ends_its_axis(void **state) {
  (void)state;
  struct kd_plan *plan = plan_with(SWEPT, "kernel.bandwidth=4", "shift.by=0.5");
  static const char *const cells[] = {"kernel.family=laplace", "kernel.family=cauchy"};
  struct kd_cell *cell = kd_cell_create(plan);
  expect_cells(plan, cells, 2);
  assert_int_equal(plan->n_axes, 1);
  assert_string_equal(plan->overrides, "kernel.bandwidth=4\nshift.by=0.5");
  kd_plan_cell(plan, 1, cell);
  assert_true(cell->problem.h == 4 && cell->problem.shift == 0.5);
  kd_cell_free(cell);
  kd_plan_free(plan);
}

static void test_set_list_replaces_an_axis_in_place(void **state) {
  (void)state;
  struct kd_plan *plan = plan_with(SWEPT, "kernel.bandwidth=[3]", "kernel.family=cauchy");
  static const char *const cells[] = {"kernel.bandwidth=3 shift.by=0",
                                      "kernel.bandwidth=3 shift.by=1"};
  expect_cells(plan, cells, 2);
  kd_plan_free(plan);
}

static void test_set_range_adds_the_fastest_axis(void **state) {
  (void)state;
  struct kd_plan *plan = plan_with(GOOD "shift: {by: 3}\nsweep: {kernel.bandwidth: [1, 2]}\n",
                                   "shift.by={from: 0, to: 1, count: 2}", NULL);
  static const char *const cells[] = {
      "kernel.bandwidth=1 shift.by=0", "kernel.bandwidth=1 shift.by=1",
      "kernel.bandwidth=2 shift.by=0", "kernel.bandwidth=2 shift.by=1"};
  expect_cells(plan, cells, 4);
  kd_plan_free(plan);
}

static void test_set_exchanges_the_targets_form(void **state) {
  (void)state;
  struct kd_plan *plan = plan_with(GOOD, "target.half_width=3", "points.at=[7, 8, 9]");
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, 0, cell);
  assert_true(cell->problem.lower == -3 && cell->problem.upper == 3);
  assert_true(cell->problem.n == 3 && cell->problem.x[2] == 9);
  kd_cell_free(cell);
  kd_plan_free(plan);
  plan = plan_with("experiment: good\npoints: {at: [1]}\ntarget: {centre: 1}\n"
                   "sweep: {target.half_width: [1, 2]}\n",
                   "target.bounds=[5, 6]", NULL);
  assert_int_equal(plan->n_cells, 1);
  kd_plan_free(plan);
}

static void test_set_tilde_takes_a_key_away(void **state) {
  (void)state;
  struct kd_plan *plan = plan_with(GOOD "kernel: {family: exppow, shape: 2}\n",
                                   "kernel.shape=~", "kernel.family=laplace");
  assert_int_equal(plan->n_cells, 1);
  kd_plan_free(plan);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_no_sweep_is_one_cell_of_defaults),
      cmocka_unit_test(test_sweep_replaces_what_is_set),
      cmocka_unit_test(test_last_axis_is_fastest),
      cmocka_unit_test(test_codes_count_names_in_order_of_use),
      cmocka_unit_test(test_lock_step_moves_together),
      cmocka_unit_test(test_lists_are_swept),
      cmocka_unit_test(test_an_unset_list_is_the_default),
      cmocka_unit_test(test_set_lists),
      cmocka_unit_test(test_dyadic_range_is_exact),
      cmocka_unit_test(test_ranges_hit_both_ends),
      cmocka_unit_test(test_log_range_gives_decades_and_octaves),
      cmocka_unit_test(test_integer_ranges),
      cmocka_unit_test(test_extents_cover_all_cells),
      cmocka_unit_test(test_bins_are_counted_if_recorded),
      cmocka_unit_test(test_tolerance_reaches_the_problem),
      cmocka_unit_test(test_cells_do_not_depend_on_what_came_before),
      cmocka_unit_test(test_a_million_cells_plan_at_once),
      cmocka_unit_test(test_set_one_value_ends_its_axis),
      cmocka_unit_test(test_set_list_replaces_an_axis_in_place),
      cmocka_unit_test(test_set_range_adds_the_fastest_axis),
      cmocka_unit_test(test_set_exchanges_the_targets_form),
      cmocka_unit_test(test_set_tilde_takes_a_key_away),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
