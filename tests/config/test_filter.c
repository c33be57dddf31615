/* SPDX-License-Identifier: MIT
 *
 * Filters: which cells they leave, and that a plan with them is the plan
 * without, less those cells.
 */
#include "support.h"

#include <math.h>
#include <time.h>

#include "core/frame.h"
#include "core/kernel.h"
#include "core/shift.h"

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* "0 3 4": the cells, as indices in the product, that a filter leaves of the
 * sweep; a cell of the product is found by its values. */
static void expect_left(const char *config, const char *where, const char *expected) {
  char text[1024], got[256] = "", values[256], other[256];
  snprintf(text, sizeof text, "%swhere: [%s]\n", config, where);
  struct kd_plan *all = plan_of(config), *left = plan_of(text);
  assert_int_equal(left->n_product, all->n_cells);
  size_t product = 0;
  for (size_t i = 0; i < left->n_cells; i++, product++) {
    cell_text(left, i, values, sizeof values);
    for (;; product++) {
      assert_true(product < all->n_cells);
      cell_text(all, product, other, sizeof other);
      if (strcmp(values, other) == 0) break;
    }
    sprintf(got + strlen(got), "%s%zu", i ? " " : "", product);
  }
  if (strcmp(got, expected) != 0) print_error("where: [%s]\n", where);
  assert_string_equal(got, expected);
  kd_plan_free(all);
  kd_plan_free(left);
}

#define SWEEP                                                                                  \
  GOOD "sweep:\n  kernel.family: [laplace, gaussian, exppow]\n  shift.by: [-1, 0, 0.5, 2]\n"

static void test_relations(void **state) {
  (void)state;
  expect_left(SWEEP, "shift.by == 0.5", "2 6 10");
  expect_left(SWEEP, "shift.by != 0.5", "0 1 3 4 5 7 8 9 11");
  expect_left(SWEEP, "shift.by < 0.5", "0 1 4 5 8 9");
  expect_left(SWEEP, "shift.by <= 0.5", "0 1 2 4 5 6 8 9 10");
  expect_left(SWEEP, "shift.by > 0.5", "3 7 11");
  expect_left(SWEEP, "shift.by >= +5e-1", "2 3 6 7 10 11");
  expect_left(SWEEP, "-1>=shift.by", "0 4 8");
  expect_left(SWEEP, "\"  shift.by   <-0.5  \"", "0 4 8");
}

static void test_names(void **state) {
  (void)state;
  expect_left(SWEEP, "kernel.family == gaussian", "4 5 6 7");
  expect_left(SWEEP, "laplace!=kernel.family", "4 5 6 7 8 9 10 11");
  expect_left(SWEEP, "kernel.family == kernel.family, shift.by == 0", "1 5 9");
  expect_left(GOOD "sweep: {integral.rule: [midpoint, gauss-legendre]}\n",
              "integral.rule == gauss-legendre", "1");
  expect_left(GOOD "sweep: {space: [line, circle]}\n", "space == circle", "1");
}

static void test_all_must_hold(void **state) {
  (void)state;
  expect_left(SWEEP, "shift.by >= 0, kernel.family != laplace, shift.by < 2", "5 6 9 10");
  expect_left(SWEEP, "", "0 1 2 3 4 5 6 7 8 9 10 11");
  expect_left(SWEEP, "kernel.bandwidth == 1", "0 1 2 3 4 5 6 7 8 9 10 11");
}

static void test_paths_with_paths(void **state) {
  (void)state;
  expect_left(GOOD "sweep:\n  kernel.bandwidth: [0.5, 1, 2]\n  shift.by: [0.5, 1]\n",
              "shift.by < kernel.bandwidth", "2 4 5");
  expect_left(GOOD "sweep:\n  pairs: {kernel.bandwidth: [1, 2, 3], shift.by: [3, 2, 1]}\n",
              "kernel.bandwidth <= shift.by", "0 1");
}

/* GOOD has points at -2 and 2.5, the target [-1, 1]. */
static void test_distances(void **state) {
  (void)state;
  expect_left(GOOD "sweep: {shift.by: [1, 1.5, 2, 2.5]}\n", "shift.by <= d_edge", "0");
  expect_left(GOOD "sweep: {shift.by: [1, 1.5, 2, 2.5]}\n", "shift.by <= d_centre", "0 1 2");
  expect_left(GOOD "sweep: {shift.by: [0, 1]}\n", "d_centre == 2, d_edge == 1", "0 1");
  expect_left("experiment: a\npoints: {at: [1, 4]}\nsweep:\n"
              "  target.bounds: [[-1, 0], [2, 3], [5, 9]]\n  points.at: [[4, 6], [-3, 9]]\n",
              "d_edge >= 1", "0 1 2 3");
  expect_left("experiment: a\npoints: {at: [1, 4]}\nsweep:\n"
              "  target.bounds: [[-1, 0], [2, 3], [5, 9]]\n",
              "target.upper < 9, target.lower != -1", "1");
  expect_left("experiment: a\npoints: {at: [1, 4]}\ntarget: {centre: 3}\n"
              "sweep: {target.half_width: [0.5, 1, 2]}\n",
              "target.lower < 2.5, target.half_width < 2", "1");
}

/* d_edge and d_centre are those of the result: the same bits. */
static void test_distances_are_those_of_core(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of("experiment: a\npoints: {layout: normal, scale: 9}\n"
                                 "target: {half_width: 0.3}\nsweep:\n"
                                 "  target.centre: {from: 0.1, to: 1.3, count: 7}\n"
                                 "  points.seed: {from: 1, to: 5, count: 5}\n"
                                 "  points.count: [1, 3]\n"
                                 "where: [d_edge > 1, d_centre < 4]\n");
  struct kd_cell *cell = kd_cell_create(plan);
  size_t n = 0;
  assert_int_equal(plan->n_product, 70);
  assert_true(plan->n_cells > 5 && plan->n_cells < 65);
  for (size_t i = 0; i < plan->n_cells; i++) {
    kd_plan_cell(plan, i, cell);
    struct kd_workspace *ws = kd_workspace_create();
    struct kd_result result;
    struct kd_err err;
    assert_int_equal(kd_evaluate(&cell->problem, ws, &result, &err), KD_OK);
    assert_true(result.d_edge > 1 && result.d_centre < 4);
    n++;
    kd_workspace_free(ws);
  }
  assert_int_equal(n, plan->n_cells);
  kd_cell_free(cell);
  kd_plan_free(plan);
}

static void test_unread_keys_hold_no_comparison(void **state) {
  (void)state;
  static const char shapes[] = GOOD "sweep:\n  shapes: {kernel.family: [laplace, exppow, "
                                    "student-t], kernel.shape: [~, 2, ~]}\n";
  expect_left(shapes, "kernel.shape > 1", "1 2"); /* student-t: its default */
  expect_left(shapes, "kernel.shape != 2", "2");
  static const char layouts[] =
      "experiment: a\ntarget: {bounds: [-1, 1]}\npoints: {at: [3]}\nsweep:\n"
      "  points.layout: [explicit, equidistant]\n  points.count: [4, 8]\n";
  expect_left(layouts, "points.count <= 4", "2");
}

/* ------------------------------------------------------------------- plans */

static void test_extents_are_those_of_what_is_left(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of("experiment: a\ntarget: {bounds: [-1, 1]}\n"
                                 "points: {layout: equidistant}\n"
                                 "sweep:\n  kernel.bandwidth: [1, 2]\n"
                                 "  points.count: {from: 1, to: 1000000, count: 1000000}\n"
                                 "where: [points.count <= 7]\n");
  assert_int_equal(plan->n_cells, 14);
  assert_int_equal(plan->max_points, 7);
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, 13, cell);
  assert_true(cell->problem.n == 7 && cell->problem.h == 2);
  kd_cell_free(cell);
  kd_plan_free(plan);
}

static void test_bins_and_steps_too(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(GOOD "integral: {rule: midpoint}\n"
                                      "record: [loss, bins, trajectory]\n"
                                      "descent: {method: gd}\n"
                                      "sweep:\n  integral.bins: [4, 8, 16]\n"
                                      "  descent.steps: [10, 20]\n"
                                      "where: [integral.bins < 16, descent.steps == 10]\n");
  assert_int_equal(plan->n_cells, 2);
  assert_int_equal(plan->max_bins, 8);
  assert_int_equal(plan->max_recorded, 11);
  kd_plan_free(plan);
}

static void test_filters_are_not_in_the_key(void **state) {
  (void)state;
  struct kd_plan *all = plan_of(SWEEP), *left = plan_of(SWEEP "where: [shift.by == 2]\n");
  struct kd_cell *a = kd_cell_create(all), *b = kd_cell_create(left);
  kd_plan_cell(all, 7, a);
  kd_plan_cell(left, 1, b);
  assert_int_equal(a->key_high, b->key_high);
  assert_int_equal(a->key_low, b->key_low);
  kd_cell_free(a);
  kd_cell_free(b);
  kd_plan_free(all);
  kd_plan_free(left);
}

static void test_set_replaces_the_filters(void **state) {
  (void)state;
  static const char config[] = SWEEP "where: [shift.by == 2]\n";
  struct kd_plan *plan =
      plan_with(config, "where=[shift.by > 0, kernel.family == exppow]", NULL);
  assert_int_equal(plan->n_cells, 2);
  kd_plan_free(plan);
  plan = plan_with(config, "where=~", NULL);
  assert_int_equal(plan->n_cells, 12);
  kd_plan_free(plan);
  plan = plan_with(config, "where=[]", "shift.by=[3]");
  assert_int_equal(plan->n_cells, 3);
  kd_plan_free(plan);
}

/* What a filter is not about costs nothing. */
static void test_a_filter_costs_its_own_axes(void **state) {
  (void)state;
  double begin = seconds();
  struct kd_plan *plan =
      plan_of(GOOD "sweep:\n  kernel.family: [laplace, gaussian, cauchy]\n"
                   "  shift.by: {from: 0, to: 1, count: 20000}\n"
                   "  kernel.bandwidth: {from: 1, to: 2, count: 3000}\n"
                   "where: [kernel.family != gaussian, \"shift.by < d_edge\"]\n");
  assert_int_equal(plan->n_product, 180000000);
  assert_int_equal(plan->n_cells, 2 * 19999 * (size_t)3000);
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, 19999 * (size_t)3000, cell);
  assert_string_equal(cell->problem.kernel->name, "cauchy");
  assert_true(cell->problem.shift == 0 && cell->problem.h == 1);
  kd_plan_cell(plan, plan->n_cells - 1, cell);
  assert_true(cell->problem.shift < 1 && cell->problem.h == 2);
  kd_cell_free(cell);
  kd_plan_free(plan);
  assert_true(seconds() - begin < 5);
}

/* Random filters over random sweeps, against cells asked one by one. */
static void test_any_filter_leaves_what_it_should(void **state) {
  (void)state;
  static const char *const path[] = {"shift.by", "kernel.bandwidth", "points.count", "d_centre",
                                     "d_edge"};
  static const char *const relation[] = {"==", "!=", "<", "<=", ">", ">="};
  unsigned seed = 1;
  for (int trial = 0; trial < 60; trial++) {
    unsigned draw[8];
    for (int i = 0; i < 8; i++) draw[i] = (seed = seed * 1103515245u + 12345u) >> 16;
    unsigned p = draw[0] % 5, q = draw[1] % 5, r = draw[2] % 6, s = draw[3] % 6;
    char text[1024], config[] = "experiment: a\ntarget: {bounds: [-1, 1]}\n"
                                "points: {layout: grid, span: [2, 6]}\nsweep:\n"
                                "  kernel.bandwidth: {from: 1, to: 4, count: 4}\n"
                                "  both: {points.count: [1, 2, 5, 2], points.span: [[2, 6], "
                                "[3, 5], [1, 8], [4, 4.5]]}\n"
                                "  shift.by: {from: 0, to: 4, count: 9}\n";
    snprintf(text, sizeof text, "%swhere: [\"%s %s %u\", \"%s %s %s\"]\n", config, path[p],
             relation[r], draw[4] % 5, path[q], relation[s], path[draw[5] % 5]);
    struct kd_plan *all = plan_of(config), *left = NULL;
    char *file = write_config(text, strlen(text));
    struct kd_diag diag;
    kd_diag_init(&diag);
    kd_plan_read(file, NULL, 0, &left, &diag);
    size_t n = 0;
    struct kd_cell *cell = kd_cell_create(all), *other = left ? kd_cell_create(left) : NULL;
    for (size_t i = 0; i < all->n_cells; i++) {
      kd_plan_cell(all, i, cell);
      const struct kd_problem *problem = &cell->problem;
      double y[5], dy[5];
      struct kd_frame frame = kd_frame_of(problem);
      kd_frame_place(&frame, problem, y, dy);
      double d_centre = kd_d_centre(problem->n, y);
      double value[] = {problem->shift, problem->h, (double)problem->n, d_centre, d_centre - 1};
      bool holds = true;
      for (int f = 0; f < 2; f++) {
        double a = value[f ? q : p], b = f ? value[draw[5] % 5] : draw[4] % 5;
        bool is[] = {a == b, a != b, a<b, a <= b, a> b, a >= b};
        holds = holds && is[f ? s : r];
      }
      if (!holds) continue;
      if (!left || n >= left->n_cells) print_error("%s", text);
      assert_true(left && n < left->n_cells);
      kd_plan_cell(left, n++, other);
      assert_int_equal(cell->key_high, other->key_high);
    }
    assert_int_equal(n, left ? left->n_cells : 0);
    kd_cell_free(cell);
    kd_cell_free(other);
    kd_plan_free(all);
    kd_plan_free(left);
    kd_diag_clear(&diag);
    unlink(file);
    free(file);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_relations),
      cmocka_unit_test(test_names),
      cmocka_unit_test(test_all_must_hold),
      cmocka_unit_test(test_paths_with_paths),
      cmocka_unit_test(test_distances),
      cmocka_unit_test(test_distances_are_those_of_core),
      cmocka_unit_test(test_unread_keys_hold_no_comparison),
      cmocka_unit_test(test_extents_are_those_of_what_is_left),
      cmocka_unit_test(test_bins_and_steps_too),
      cmocka_unit_test(test_filters_are_not_in_the_key),
      cmocka_unit_test(test_set_replaces_the_filters),
      cmocka_unit_test(test_a_filter_costs_its_own_axes),
      cmocka_unit_test(test_any_filter_leaves_what_it_should),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
