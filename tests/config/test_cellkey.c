/* SPDX-License-Identifier: MIT
 *
 * Keys of cells: equal exactly where the numbers are the same.
 */
#include "support.h"

struct key {
  uint64_t high, low;
};

static struct key key_in(const struct kd_plan *plan, size_t index) {
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, index, cell);
  struct key key = {cell->key_high, cell->key_low};
  kd_cell_free(cell);
  return key;
}

/* Key of the only cell of a text. */
static struct key key_of(const char *text) {
  struct kd_plan *plan = plan_of(text);
  struct key key = key_in(plan, 0);
  assert_int_equal(plan->n_cells, 1);
  kd_plan_free(plan);
  return key;
}

static bool same(struct key a, struct key b) {
  return a.high == b.high && a.low == b.low;
}

static void test_titles_comments_and_order_do_not_matter(void **state) {
  (void)state;
  struct key key = key_of(GOOD "kernel: {family: cauchy, bandwidth: 2}\n");
  assert_true(same(key, key_of("# comment\nkernel:\n  bandwidth: 2.0\n  family: cauchy\n"
                               "points: {at: [-2.0, 25e-1]}\nabout: other\n"
                               "target: {bounds: [-1, 1]}\nexperiment: other\n")));
}

static void test_defaults_and_unread_keys_do_not_matter(void **state) {
  (void)state;
  struct key key = key_of(GOOD);
  assert_true(
      same(key, key_of(GOOD "kernel: {family: laplace, bandwidth: 1}\nshift: {by: -0.0}\n"
                            "record: [gradient, loss]\n")));
  struct kd_plan *plan = plan_of(GOOD "sweep:\n  points.count: [3, 4]\n"
                                      "  points.layout: [explicit, equidistant]\n");
  assert_true(same(key, key_in(plan, 0)));
  assert_true(same(key, key_in(plan, 2)));
  assert_false(same(key_in(plan, 1), key_in(plan, 3)));
  kd_plan_free(plan);
  plan = plan_of(GOOD "sweep:\n  integral.tolerance: [1e-9, 1e-6]\n"
                      "  integral.rule: [best, adaptive]\n");
  assert_true(same(key, key_in(plan, 0)));
  assert_true(same(key, key_in(plan, 2)));
  assert_false(same(key_in(plan, 1), key_in(plan, 3)));
  kd_plan_free(plan);
}

static void test_default_shape_is_the_family_s(void **state) {
  (void)state;
  assert_true(same(key_of(GOOD "kernel: {family: exppow}\n"),
                   key_of(GOOD "kernel: {family: exppow, shape: 1}\n")));
  assert_false(same(key_of(GOOD "kernel: {family: exppow}\n"),
                    key_of(GOOD "kernel: {family: exppow, shape: 1.5}\n")));
}

static void test_every_change_gives_another_key(void **state) {
  (void)state;
  static const char *const texts[] = {
      GOOD,
      GOOD "kernel: {family: cauchy}\n",
      GOOD "kernel: {family: exppow, shape: 2}\n",
      GOOD "kernel: {family: student-t, shape: 2}\n",
      GOOD "kernel: {bandwidth: 2}\n",
      GOOD "kernel: {bandwidth: 2.0000000000000004}\n",
      GOOD "shift: {by: 2}\n",
      GOOD "logits: {init: explicit, at: [0, 1]}\n",
      GOOD "logits: {init: explicit, at: [1, 0]}\n",
      GOOD "logits: {init: normal}\n",
      GOOD "logits: {init: normal, scale: 2}\n",
      GOOD "logits: {init: normal, seed: 2}\n",
      GOOD "integral: {rule: midpoint}\n",
      GOOD "integral: {rule: midpoint, bins: 2}\n",
      GOOD "integral: {rule: gauss-legendre}\n",
      GOOD "integral: {rule: gauss-legendre, bins: 2}\n",
      GOOD "integral: {rule: gauss-legendre, order: 2}\n",
      GOOD "integral: {rule: adaptive}\n",
      GOOD "integral: {rule: adaptive, tolerance: 1e-9}\n",
      GOOD "record: [loss]\n",
      GOOD "record: [loss, bin_error]\n",
      GOOD "record: [loss, gradient, defect]\n",
      GOOD "record: [trajectory]\ndescent: {method: gd}\n",
      GOOD "record: [trajectory]\ndescent: {method: gd, steps: 10}\n",
      GOOD "record: [trajectory]\ndescent: {method: gd, every: 10}\n",
      GOOD "record: [trajectory]\ndescent: {method: gd, rate: 10}\n",
      "experiment: a\ntarget: {bounds: [-1, 2]}\npoints: {at: [-2, 2.5]}\n",
      "experiment: a\ntarget: {bounds: [-1, 1]}\npoints: {at: [-2]}\n",
      "experiment: a\ntarget: {bounds: [-1, 1]}\npoints: {at: [2.5, -2]}\n",
  };
  enum { N = sizeof texts / sizeof *texts };
  struct key key[N];
  for (size_t i = 0; i < N; i++) {
    key[i] = key_of(texts[i]);
    for (size_t k = 0; k < i; k++) {
      if (same(key[i], key[k])) print_error("same key:\n%s---\n%s", texts[i], texts[k]);
      assert_false(same(key[i], key[k]));
    }
  }
}

static void test_axis_order_does_not_matter(void **state) {
  (void)state;
  struct kd_plan *a = plan_of(GOOD "sweep:\n  kernel.family: [laplace, cauchy]\n"
                                   "  shift.by: {from: 0, to: 1, count: 3}\n");
  struct kd_plan *b = plan_of(GOOD "sweep:\n  shift.by: [0, 0.5, 1]\n"
                                   "  kernel.family: [laplace, cauchy]\n");
  for (size_t family = 0; family < 2; family++)
    for (size_t by = 0; by < 3; by++)
      assert_true(same(key_in(a, family * 3 + by), key_in(b, by * 2 + family)));
  assert_true(same(key_in(a, 1), key_of(GOOD "shift: {by: 0.5}\n")));
  struct kd_plan *c = plan_of(GOOD "sweep: {points.at: [[0, 1, 2], [-2, 2.5]]}\n");
  assert_true(same(key_in(c, 1), key_of(GOOD)));
  kd_plan_free(c);
  assert_false(same(key_in(a, 1), key_in(a, 2)));
  kd_plan_free(a);
  kd_plan_free(b);
}

/* Stored results are found by these keys: if this fails, files written before
 * are recomputed. Raise KD_NUMERICS_VERSION or leave the key's bytes alone. */
static void test_key_is_stable(void **state) {
  (void)state;
  struct key key =
      key_of(GOOD "kernel: {family: cauchy, bandwidth: 2}\nrecord: [loss, defect]\n");
  assert_int_equal(key.high, UINT64_C(0x7fc6c7c636f3c735));
  assert_int_equal(key.low, UINT64_C(0x54f9dee3f9eebf93));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_titles_comments_and_order_do_not_matter),
      cmocka_unit_test(test_defaults_and_unread_keys_do_not_matter),
      cmocka_unit_test(test_default_shape_is_the_family_s),
      cmocka_unit_test(test_every_change_gives_another_key),
      cmocka_unit_test(test_axis_order_does_not_matter),
      cmocka_unit_test(test_key_is_stable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
