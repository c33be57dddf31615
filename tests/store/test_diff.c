/* SPDX-License-Identifier: MIT
 *
 * Two tables compared: which cells belong together, and how far apart numbers are that
 * were put a known distance apart.
 */
#include "example.h"

#include "store/diff.h"

/* The example with one record changed by `change`, NULL = none */
static struct kd_table *changed(size_t row, void (*change)(struct kd_cell_record *record)) {
  struct kd_table_head head = example_head();
  struct kd_table *table = example_table(&head);
  struct kd_cell_record record;
  const double value[N_COORDINATES] = {(double)(row % 3), 0.125 * (double)row,
                                       1000 + (double)row};
  if (!change) return table;
  struct kd_table *from = example_table(&head); /* the record borrows its arrays */
  kd_table_record(from, row, &record);
  change(&record);
  kd_table_put(table, row, &record, value);
  kd_table_free(from);
  return table;
}

static struct kd_diff diff_of(const struct kd_table *a, const struct kd_table *b,
                              enum kd_diff_by measure) {
  struct kd_err err;
  struct kd_diff diff;
  if (kd_diff_make(&diff, a, b, measure, &err)) fail_msg("%s", err.text);
  return diff;
}

static const struct kd_diff_quantity *quantity(const struct kd_diff *diff, const char *name) {
  for (size_t i = 0; i < diff->n_quantities; i++)
    if (strcmp(diff->quantity[i].a.name, name) == 0) return &diff->quantity[i];
  return NULL;
}

/* Row 4 changed: the quantity's distance and the count of its differing cells. */
static void assert_distance(void (*change)(struct kd_cell_record *), enum kd_diff_by measure,
                            const char *name, double worst, size_t n_cells) {
  struct kd_table *a = changed(4, NULL), *b = changed(4, change);
  struct kd_diff diff = diff_of(a, b, measure);
  const struct kd_diff_quantity *q = quantity(&diff, name);
  assert_non_null(q);
  if (!(q->worst == worst)) fail_msg("%s: %.17g apart, not %.17g", name, q->worst, worst);
  assert_int_equal(q->n_cells, n_cells);
  assert_int_equal(diff.n_differing, n_cells);
  assert_int_equal(kd_diff_any(&diff), n_cells > 0);
  assert_int_equal(diff.n_pairs, CELLS);
  assert_int_equal(diff.n_by_key, CELLS);
  for (size_t i = 0; i < CELLS; i++) assert_int_equal(diff.differs[i], n_cells && i == 4);
  if (worst > 0) assert_int_equal(diff.pair[q->pair].a, 4);
  kd_diff_clear(&diff);
  kd_table_free(a);
  kd_table_free(b);
}

static void next_up(struct kd_cell_record *r) {
  r->result.d_edge = nextafter(r->result.d_edge, 1);
}
static void five_down(struct kd_cell_record *r) {
  for (int i = 0; i < 5; i++)
    r->result.loss_sensitivity = nextafter(r->result.loss_sensitivity, 0);
}
static void through_zero(struct kd_cell_record *r) {
  r->result.uncovered_share = -0x1p-1074;
}
static void minus_zero(struct kd_cell_record *r) {
  r->result.uncovered_share = -0.0;
}
static void gone(struct kd_cell_record *r) {
  r->result.d_centre = NAN;
}
static void infinite(struct kd_cell_record *r) {
  r->result.loss = INFINITY;
}
static void one_step(struct kd_cell_record *r) {
  r->result.steps_taken += 6;
}
static void failed(struct kd_cell_record *r) {
  r->result.status = KD_STATUS_FAILED;
}
static void no_change(struct kd_cell_record *r) {
  (void)r;
}

static void known_distances(void **state) {
  (void)state;
  for (int m = 0; m < KD_N_MEASURES; m++) {
    assert_distance(no_change, (enum kd_diff_by)m, "loss", 0, 0);
    assert_distance(gone, (enum kd_diff_by)m, "d_centre", INFINITY, 1);
    assert_distance(infinite, (enum kd_diff_by)m, "loss", INFINITY, 1);
  }
  assert_distance(next_up, KD_BY_BITS, "d_edge", 1, 1);
  assert_distance(next_up, KD_BY_ULPS, "d_edge", 1, 1);
  assert_distance(next_up, KD_BY_BOUNDS, "d_edge", 1, 1); /* has no bound: bits */
  assert_distance(five_down, KD_BY_ULPS, "loss_sensitivity", 5, 1);
  assert_distance(five_down, KD_BY_BITS, "loss_sensitivity", 3, 1);   /* 5 = 101 */
  assert_distance(through_zero, KD_BY_ULPS, "uncovered_share", 2, 1); /* 0, -0, -tiny */
  assert_distance(minus_zero, KD_BY_BITS, "uncovered_share", 1, 1);
  assert_distance(minus_zero, KD_BY_ULPS, "uncovered_share", 0, 0);
  assert_distance(one_step, KD_BY_BOUNDS, "steps_taken", 3, 1); /* 6 = 110 */
  assert_distance(one_step, KD_BY_ULPS, "steps_taken", 6, 1);
  assert_distance(failed, KD_BY_BOUNDS, "status", INFINITY, 1);
}

/* Row 4's loss has bound 4e-16 in both: 8e-16 together, 2^-50 = 8.88e-16 is beyond. */
static void one_bound(struct kd_cell_record *r) {
  r->result.loss += 0x1p-51;
}
static void two_bounds(struct kd_cell_record *r) {
  r->result.loss += 0x1p-50;
}
static void no_bound(struct kd_cell_record *r) {
  r->result.loss += 1;
  r->result.loss_bound = INFINITY;
}
static void zero_bound(struct kd_cell_record *r) {
  r->result.gradient_bound = -1e-16 * 3 * 4; /* cancels that of the other: no room */
  ((double *)r->result.gradient)[2] += 0x1p-40;
}

static void multiples_of_bounds(void **state) {
  (void)state;
  double sum = 1e-16 * 4 + 1e-16 * 4;
  assert_distance(one_bound, KD_BY_BOUNDS, "loss", 0x1p-51 / sum, 0);
  assert_distance(two_bounds, KD_BY_BOUNDS, "loss", 0x1p-50 / sum, 1);
  assert_distance(no_bound, KD_BY_BOUNDS, "loss", 0, 0);
  assert_distance(zero_bound, KD_BY_BOUNDS, "gradient", INFINITY, 1);
  struct kd_table *a = changed(4, NULL), *b = changed(4, no_bound);
  struct kd_diff diff = diff_of(a, b, KD_BY_BOUNDS);
  assert_int_equal(quantity(&diff, "loss")->n_unbounded, 1);
  assert_null(quantity(&diff, "loss_bound"));
  kd_diff_clear(&diff);
  diff = diff_of(a, b, KD_BY_BITS);
  assert_int_equal(quantity(&diff, "loss_bound")->n_cells, 1);
  kd_diff_clear(&diff);
  kd_table_free(a);
  kd_table_free(b);
}

/* n rows of the example, in that order */
static struct kd_table *rows_of(const struct kd_table *from, size_t n, const size_t *rows) {
  struct kd_err err;
  struct kd_table_head head = *kd_table_head(from);
  struct kd_table *table;
  head.extent[KD_DIM_CELL] = n;
  if (kd_table_create(&head, &table, &err)) fail_msg("%s", err.text);
  for (size_t i = 0; i < n; i++) {
    struct kd_cell_record record;
    kd_table_record(from, rows[i], &record);
    kd_table_put(table, i, &record, (const double[N_COORDINATES]){0, 0, 0});
  }
  return table;
}

/* One cell more in b, with more points and steps, its rows turned round. */
static void by_key_in_any_order(void **state) {
  (void)state;
  struct kd_err err;
  struct kd_table_head head = example_head();
  struct kd_table *a = example_table(&head), *b, *back;
  size_t order[CELLS];
  for (size_t i = 0; i < CELLS; i++) order[i] = CELLS - 1 - i;
  head.extent[KD_DIM_CELL]--;
  head.extent[KD_DIM_POINT] += 2;
  assert_int_equal(kd_table_create(&head, &b, &err), KD_OK);
  for (size_t row = 0; row < CELLS - 1; row++) {
    struct kd_cell_record record;
    kd_table_record(a, row, &record);
    kd_table_put(b, row, &record, (const double[N_COORDINATES]){0, 0, 0});
  }
  back = rows_of(b, CELLS - 1, order + 1);
  struct kd_diff diff = diff_of(a, back, KD_BY_BITS);
  assert_int_equal(diff.n_pairs, CELLS - 1);
  assert_int_equal(diff.n_by_key, CELLS - 1);
  assert_int_equal(diff.n_differing, 0);
  for (size_t i = 0; i < CELLS - 1; i++) {
    assert_int_equal(diff.pair[i].a, i);
    assert_int_equal(diff.pair[i].b, CELLS - 2 - i);
  }
  assert_int_equal(diff.n_only[0], 1);
  assert_int_equal(diff.only[0][0], CELLS - 1);
  assert_int_equal(diff.n_only[1], 0);
  assert_true(kd_diff_any(&diff));
  kd_diff_clear(&diff);
  kd_table_free(a);
  kd_table_free(b);
  kd_table_free(back);
}

/* Other keys throughout, and the names of the kernels in another order: by the axes. */
static void by_axes(void **state) {
  (void)state;
  static const char *const turned[] = {"cauchy", "laplace", "gaussian", "sech"};
  struct kd_err err;
  struct kd_table_head head = example_head();
  struct kd_table *a = example_table(&head), *b;
  struct kd_coordinate c[N_COORDINATES] = {example_coordinates[1], example_coordinates[2],
                                           example_coordinates[0]};
  c[2].names = turned, c[2].n_names = 4;
  head.coordinate = c;
  assert_int_equal(kd_table_create(&head, &b, &err), KD_OK);
  for (size_t row = 0; row < CELLS; row++) {
    struct kd_cell_record record;
    kd_table_record(a, row, &record);
    record.key_high = record.key_low = 77; /* all the same cell, but none of a */
    double family = row == 6 ? 3 : (double)((row + 1) % 3);
    kd_table_put(
        b, CELLS - 1 - row, &record,
        (const double[]){0.125 * (double)row, row == 2 ? NAN : 1000 + (double)row, family});
  }
  struct kd_diff diff = diff_of(a, b, KD_BY_BITS);
  assert_int_equal(diff.n_pairs, CELLS - 1);
  assert_int_equal(diff.n_by_key, 0);
  assert_int_equal(diff.n_differing, 0);
  for (size_t i = 0; i < CELLS - 1; i++)
    assert_int_equal(diff.pair[i].b, CELLS - 1 - diff.pair[i].a);
  assert_int_equal(diff.only[0][0], 6); /* laplace in a, sech in b */
  assert_int_equal(diff.only[1][0], 0);
  kd_diff_clear(&diff);

  head.n_coordinates = 2; /* without the kernels nothing says which is which */
  struct kd_table *fewer;
  assert_int_equal(kd_table_create(&head, &fewer, &err), KD_OK);
  diff = diff_of(a, fewer, KD_BY_BITS);
  assert_int_equal(diff.n_pairs, 0);
  assert_int_equal(diff.n_only[1], CELLS);
  kd_diff_clear(&diff);
  kd_table_free(a);
  kd_table_free(b);
  kd_table_free(fewer);
}

/* The same key twice in one file is the same cell: neither is alone. */
static void a_cell_twice(void **state) {
  (void)state;
  const size_t rows[] = {2, 0, 2, 1, 2, 3, 4, 5, 6};
  struct kd_table *a = changed(0, NULL), *b = rows_of(a, 9, rows);
  for (int turned = 0; turned < 2; turned++) {
    struct kd_diff diff = diff_of(turned ? b : a, turned ? a : b, KD_BY_BITS);
    assert_int_equal(diff.n_pairs, 9);
    assert_int_equal(diff.n_only[0] + diff.n_only[1], 0);
    assert_false(kd_diff_any(&diff));
    kd_diff_clear(&diff);
  }
  kd_table_free(a);
  kd_table_free(b);
}

static void variables_of_one(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  struct kd_table *a = example_table(&head);
  head.record = KD_RECORD_LOSS;
  struct kd_table *b = example_table(&head);
  struct kd_diff diff = diff_of(b, a, KD_BY_BITS);
  assert_int_equal(diff.n_alone[0], 0);
  assert_true(diff.n_alone[1] > 5);
  assert_string_equal(diff.alone[1][0], "loss_change");
  assert_int_equal(diff.n_differing, 0);
  assert_true(kd_diff_any(&diff));
  kd_diff_clear(&diff);
  kd_table_free(a);
  kd_table_free(b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_distances),     cmocka_unit_test(multiples_of_bounds),
      cmocka_unit_test(by_key_in_any_order), cmocka_unit_test(by_axes),
      cmocka_unit_test(a_cell_twice),        cmocka_unit_test(variables_of_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
