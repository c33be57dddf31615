/* SPDX-License-Identifier: MIT
 *
 * Tables in memory: columns as the head asks for, rows in and out, refusals.
 */
#include "example.h"

static void columns_follow_the_record(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  struct kd_column c;
  head.record = KD_RECORD_LOSS;
  head.extent[KD_DIM_STEP] = 0;
  struct kd_table *table = example_table(&head);
  assert_true(kd_table_find(table, "loss", &c));
  assert_true(kd_table_find(table, "x", &c));
  assert_true(kd_table_find(table, "kernel.family", &c));
  assert_true(kd_table_find(table, "cell", &c));
  assert_false(kd_table_find(table, "step", &c));
  assert_true(kd_table_find(table, "loss_bound", &c));
  assert_false(kd_table_find(table, "gradient", &c));
  assert_false(kd_table_find(table, "gradient_bound", &c));
  assert_false(kd_table_find(table, "bin_gradient", &c));
  assert_false(kd_table_find(table, "iteration", &c));
  kd_table_free(table);
  kd_table_free(NULL);
}

static void values_stand_where_they_should(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  struct kd_table *table = example_table(&head);
  struct kd_column c;
  assert_true(kd_table_find(table, "gradient", &c));
  assert_true(c.real[2 * POINTS + 1] == example_number(2, 1, 0.1));
  assert_true(isnan(c.real[2 * POINTS + 3]));
  assert_true(kd_table_find(table, "status", &c));
  assert_int_equal(c.code[1], KD_STATUS_UNCOVERED);
  assert_string_equal(c.names[c.code[NOT_APPLICABLE]], "not-applicable");
  assert_true(kd_table_find(table, "iteration", &c));
  assert_int_equal(c.integer[1 * STEPS + 2], 20);
  assert_true(c.integer[1 * STEPS + 3] == KD_NO_INTEGER);
  assert_true(kd_table_find(table, "points.seed", &c));
  assert_true(c.integer[2] == KD_NO_INTEGER);
  assert_int_equal(c.integer[4], 1004);
  assert_true(kd_table_find(table, "key_high", &c));
  assert_true(c.unsigned_[0] == UINT64_MAX);
  assert_true(kd_table_find(table, "loss", &c));
  assert_false(signbit(c.real[NOT_APPLICABLE])); /* one NaN for all */
  assert_int_equal(kd_table_length(table, KD_DIM_POINT, 2), POINTS - 2);
  assert_int_equal(kd_table_length(table, KD_DIM_STEP, 1), STEPS - 1);
  assert_int_equal(kd_table_length(table, KD_DIM_POINT, NOT_APPLICABLE), 0);
  assert_true(kd_table_find(table, "bin_gradient", &c));
  assert_int_equal(c.n_dims, 3);
  assert_int_equal(kd_column_count(&head, &c), CELLS * BINS * POINTS);
  size_t row_2 = 2 * BINS * POINTS; /* holds 3 bins of 3 points */
  assert_true(c.real[row_2 + 2 * POINTS + 1] == example_number(2, 2 * 3 + 2 * 3 + 1, 5));
  assert_true(isnan(c.real[row_2 + 2 * POINTS + 3]));
  size_t row_1 = BINS * POINTS; /* 2 bins, the second one uncovered */
  for (size_t i = 0; i < 4; i++) assert_true(!isnan(c.real[row_1 + i]));
  for (size_t i = 4; i < BINS * POINTS; i++) assert_true(isnan(c.real[row_1 + i]));
  assert_int_equal(kd_table_length(table, KD_DIM_BIN, 1), BINS - 1);
  assert_true(kd_table_find(table, "log_f", &c));
  assert_true(c.real[BINS + 1] == -INFINITY);

  /* A row filled again forgets what it held. */
  struct kd_cell_record record;
  const double value[N_COORDINATES] = {0, 0, 0};
  kd_table_record(table, NOT_APPLICABLE, &record);
  kd_table_put(table, 0, &record, value);
  assert_int_equal(kd_table_length(table, KD_DIM_POINT, 0), 0);
  kd_table_free(table);
}

/* Rows copied by record into a wider table read back the same. */
static void records_survive_a_copy(void **state) {
  (void)state;
  struct kd_err err;
  struct kd_table_head head = example_head();
  struct kd_table *table = example_table(&head), *wide, *back;
  head.extent[KD_DIM_POINT] += 3;
  head.extent[KD_DIM_STEP] += 1;
  head.extent[KD_DIM_BIN] += 2;
  assert_int_equal(kd_table_create(&head, &wide, &err), KD_OK);
  head = example_head();
  assert_int_equal(kd_table_create(&head, &back, &err), KD_OK);
  for (size_t row = 0; row < CELLS; row++) {
    struct kd_cell_record record;
    double value[] = {(double)(row % 3), 0.125 * (double)row,
                      row == 2 ? NAN : 1000 + (double)row};
    kd_table_record(table, row, &record);
    kd_table_put(wide, row, &record, value);
    kd_table_record(wide, row, &record);
    kd_table_put(back, row, &record, value);
  }
  assert_same_table(table, back);
  kd_table_free(table);
  kd_table_free(wide);
  kd_table_free(back);
}

static void assert_no_table(const struct kd_table_head *head, const char *text) {
  struct kd_err err = {""};
  struct kd_table *table;
  assert_int_equal(kd_table_create(head, &table, &err), KD_SYSTEM);
  assert_null(table);
  if (!strstr(err.text, text)) fail_msg("'%s' does not hold '%s'", err.text, text);
}

static void odd_heads_are_refused(void **state) {
  (void)state;
  struct kd_coordinate c[2] = {example_coordinates[0], example_coordinates[1]};
  struct kd_table_head head = example_head();
  head.coordinate = c;
  head.n_coordinates = 2;
  c[0].path = "loss";
  assert_no_table(&head, "two columns named 'loss'");
  c[0].path = "cell";
  assert_no_table(&head, "two columns named 'cell'");
  c[0].path = "a/b";
  assert_no_table(&head, "'a/b' cannot name a column");
  c[0].path = "";
  assert_no_table(&head, "cannot name a column");
  c[0] = example_coordinates[0];
  c[0].names = (const char *const[]){"laplace", "two words", "cauchy"};
  assert_no_table(&head, "'two words' cannot name a code");
  head = example_head();
  head.extent[KD_DIM_CELL] = 0;
  assert_no_table(&head, "without cells");
  head.extent[KD_DIM_CELL] = SIZE_MAX / 4;
  assert_no_table(&head, "memory");
  head.extent[KD_DIM_CELL] = 2;
  head.extent[KD_DIM_POINT] = SIZE_MAX / 16 + 1;
  assert_no_table(&head, "memory");
  head.record = KD_RECORD_BINS;
  head.extent[KD_DIM_POINT] = 2;
  head.extent[KD_DIM_BIN] = SIZE_MAX / 16 + 1;
  assert_no_table(&head, "memory");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_follow_the_record),
      cmocka_unit_test(values_stand_where_they_should),
      cmocka_unit_test(records_survive_a_copy),
      cmocka_unit_test(odd_heads_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
