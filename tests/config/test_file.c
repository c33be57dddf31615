/* SPDX-License-Identifier: MIT
 *
 * Positions out of text tables (tests/config/data).
 */
#include "support.h"

#include <math.h>
#include <xxhash.h>

#include "config/text_table.h"

/* A config in a new folder, with the tables beside it: "FOLDER/a.yaml". */
static char *new_folder(void) {
  const char *folder = getenv("TMP");
  char *path = NULL;
  assert_true(asprintf(&path, "%s/kdegrad-file-XXXXXX", folder ? folder : "/tmp") > 0);
  assert_non_null(mkdtemp(path));
  return path;
}

static void put(const char *folder, const char *name, const char *text, size_t n) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, n, file), n);
  fclose(file);
}

/* The plan of FOLDER/a.yaml, or NULL with what is wrong in *errors. */
static struct kd_plan *plan_in(const char *folder, const char *text, int *code, char **errors) {
  char path[4096];
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  put(folder, "a.yaml", text, strlen(text));
  snprintf(path, sizeof path, "%s/a.yaml", folder);
  kd_diag_init(&diag);
  *code = kd_plan_read(path, NULL, 0, &plan, &diag);
  *errors = diag_text(&diag);
  kd_diag_clear(&diag);
  return plan;
}

static struct kd_plan *good_plan(const char *folder, const char *text) {
  char *errors;
  int code;
  struct kd_plan *plan = plan_in(folder, text, &code, &errors);
  if (!plan) print_error("%s", errors);
  assert_non_null(plan);
  free(errors);
  return plan;
}

#define HEAD "experiment: a\ntarget: {bounds: [-1, 1]}\n"

/* A table and a column give exactly these positions. */
static void expect(const char *file, const char *column, size_t n, const double *x) {
  char *text = NULL, *folder = getcwd(NULL, 0);
  assert_non_null(folder);
  assert_true(
      asprintf(&text,
               HEAD
               "points: {layout: file, file: \"%s/tests/config/data/%s\", column: \"%s\"}\n",
               folder, file, column) > 0);
  struct kd_plan *plan = plan_of(text);
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, 0, cell);
  assert_int_equal(plan->max_points, n);
  assert_int_equal(cell->problem.n, n);
  for (size_t i = 0; i < n; i++) assert_true(cell->problem.x[i] == x[i]);
  kd_cell_free(cell);
  kd_plan_free(plan);
  free(text);
  free(folder);
}

static void test_columns(void **state) {
  (void)state;
  expect("table.txt", "1", 4, (const double[]){-2.5, 1.75, 3.25, -4});
  expect("table.txt", "x", 4, (const double[]){-2.5, 1.75, 3.25, -4});
  expect("table.txt", "y", 4, (const double[]){0.3, -0.2, 0.9, 0});
  expect("quoted.csv", "pos x", 3, (const double[]){1.5, 2.5, -3});
  expect("quoted.csv", "2", 3, (const double[]){1.5, 2.5, -3});
  expect("quoted.csv", "w", 3, (const double[]){0, 1000, 4});
  expect("plain.txt", "1", 3, (const double[]){1, 2, 3});
}

static void test_the_key_is_of_what_it_holds(void **state) {
  (void)state;
  static const char *const text[] = {
      HEAD "points: {layout: file, file: one.txt}\n",
      HEAD "points: {layout: file, file: ./two.csv, column: z}\n",
      HEAD "points: {layout: file, file: two.csv}\n",
  };
  char *folder = new_folder();
  put(folder, "one.txt", "3 4\n5 6\n", 8);
  put(folder, "two.csv", "a,z\n9,3.0\n9,5e0", 15);
  uint64_t key[3];
  for (int i = 0; i < 3; i++) {
    struct kd_plan *plan = good_plan(folder, text[i]);
    struct kd_cell *cell = kd_cell_create(plan);
    kd_plan_cell(plan, 0, cell);
    key[i] = cell->key_high;
    kd_cell_free(cell);
    kd_plan_free(plan);
  }
  assert_true(key[0] == key[1]);
  assert_true(key[0] != key[2]);
  free(folder);
}

static void test_files_are_named_with_their_hash(void **state) {
  (void)state;
  char *folder = new_folder(), expected[256];
  put(folder, "one.txt", "3 4\n5 6\n", 8);
  put(folder, "two.txt", "7 8\n", 4);
  struct kd_plan *plan = good_plan(folder, HEAD "points: {layout: file}\nsweep:\n"
                                                "  points.file: [one.txt, two.txt]\n"
                                                "  points.column: [1, 2]\n");
  XXH128_hash_t one = XXH3_128bits("3 4\n5 6\n", 8), two = XXH3_128bits("7 8\n", 4);
  snprintf(expected, sizeof expected, "%016lx%016lx  one.txt\n%016lx%016lx  two.txt",
           (unsigned long)one.high64, (unsigned long)one.low64, (unsigned long)two.high64,
           (unsigned long)two.low64);
  assert_string_equal(plan->files, expected);
  struct kd_cell *cell = kd_cell_create(plan);
  kd_plan_cell(plan, 1, cell);
  assert_true(cell->value[0] == 0 && cell->value[1] == 1);
  assert_true(cell->problem.n == 2 && cell->problem.x[0] == 4 && cell->problem.x[1] == 6);
  kd_plan_cell(plan, 2, cell);
  assert_true(cell->problem.n == 1 && cell->problem.x[0] == 7);
  char text[64];
  kd_plan_value_text(plan, 0, 1, text, sizeof text);
  assert_string_equal(text, "two.txt");
  kd_cell_free(cell);
  kd_plan_free(plan);
  plan = good_plan(folder, HEAD "points: {at: [1]}\n");
  assert_string_equal(plan->files, "");
  kd_plan_free(plan);
  free(folder);
}

static void test_filters_know_the_positions(void **state) {
  (void)state;
  char *folder = new_folder();
  put(folder, "one.txt", "3 4\n5 6\n", 8);
  struct kd_plan *plan =
      good_plan(folder, HEAD "points: {layout: file, file: one.txt}\nsweep:\n"
                             "  points.column: [1, 2]\n"
                             "  shift.by: [1, 2, 3]\n"
                             "where: [shift.by <= d_edge]\n");
  assert_int_equal(plan->n_cells, 5);
  kd_plan_free(plan);
  free(folder);
}

static void expect_refusal(const char *folder, const char *file, const char *message) {
  char text[512], *errors;
  int code;
  snprintf(text, sizeof text, HEAD "points: {layout: file, file: %s}\n", file);
  assert_null(plan_in(folder, text, &code, &errors));
  assert_int_equal(code, KD_SYSTEM);
  if (!strstr(errors, message)) print_error("%s", errors);
  assert_non_null(strstr(errors, message));
  assert_non_null(strstr(errors, "a.yaml:3:30: error: "));
  free(errors);
}

static void test_what_cannot_be_read(void **state) {
  (void)state;
  char *folder = new_folder();
  expect_refusal(folder, "none.txt", "none.txt cannot be opened: No such file or directory");
  expect_refusal(folder, ".", "cannot be read: it is no regular file");
  expect_refusal(folder, "/dev/zero", "/dev/zero cannot be read: it is no regular file");
  free(folder);
}

/* Long tables, and one position too many. */
static void test_many_lines(void **state) {
  (void)state;
  enum { N = 200000 };
  char *folder = new_folder(), *text = malloc(16 * N), *end = text, path[4096];
  struct kd_text_column column;
  struct kd_hash hash;
  struct kd_diag diag;
  struct kd_column_choice first = {"1", {0}};
  for (int i = 0; i < N; i++) end += sprintf(end, "%d.25 x\n", i);
  put(folder, "long.txt", text, (size_t)(end - text));
  snprintf(path, sizeof path, "%s/long.txt", folder);
  kd_diag_init(&diag);
  assert_true(kd_text_table_read(path, (struct kd_mark){0}, &first, N, &column, &hash, &diag));
  assert_int_equal(column.n, N);
  assert_true(column.x[N - 1] == N - 0.75);
  kd_text_column_clear(&column);
  assert_false(
      kd_text_table_read(path, (struct kd_mark){0}, &first, N - 1, &column, &hash, &diag));
  char *errors = diag_text(&diag);
  assert_non_null(strstr(errors, "long.txt:200000:1: error: more than 199999 positions"));
  kd_diag_clear(&diag);
  free(errors);
  free(text);
  free(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_columns),
      cmocka_unit_test(test_the_key_is_of_what_it_holds),
      cmocka_unit_test(test_files_are_named_with_their_hash),
      cmocka_unit_test(test_filters_know_the_positions),
      cmocka_unit_test(test_what_cannot_be_read),
      cmocka_unit_test(test_many_lines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
