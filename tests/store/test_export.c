/* SPDX-License-Identifier: MIT
 *
 * Columns as text: broadcast, blocks, 17 digits, names of codes, refusals.
 */
#include "example.h"

#include "store/export.h"

static char *export(const struct kd_table_head *head, enum kd_export_format format,
                    const char *const *columns) {
  struct kd_err err = {""};
  char *text;
  size_t size, n = 0;
  while (columns[n]) n++;
  struct kd_table *table = example_table(head);
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  struct kd_export wanted = {.n = n, .column = columns, .format = format};
  int code = kd_export(table, &wanted, out, &n, &err);
  fclose(out);
  kd_table_free(table);
  if (code) fail_msg("%s", err.text);
  return text;
}

#define COLUMNS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void assert_export(const struct kd_table_head *head, enum kd_export_format format,
                          const char *const *columns, const char *expected) {
  char *text = export(head, format, columns);
  assert_string_equal(text, expected);
  free(text);
}

static void a_line_a_cell(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  head.extent[KD_DIM_CELL] = 4;
  assert_export(&head, KD_EXPORT_TSV,
                COLUMNS("kernel.family", "shift.by", "points.seed", "status", "d_edge"),
                "kernel.family\tshift.by\tpoints.seed\tstatus\td_edge\n"
                "laplace\t0\t1000\tok\t0.25\n"
                "gaussian\t0.125\t1001\tuncovered\t0.25\n"
                "cauchy\t0.25\tnan\tok\t0.25\n"
                "laplace\t0.375\t1003\tnot-applicable\tnan\n");
  assert_export(&head, KD_EXPORT_CSV, COLUMNS("loss", "cell", "key_high"),
                "loss,cell,key_high\n"
                "2,0,18446744073709551615\n"
                "inf,1,18446744073709551614\n"
                "2.7320508075688772,2,18446744073709551613\n"
                "nan,3,0\n");
}

static void blocks_of_steps(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  head.extent[KD_DIM_CELL] = 5;
  static const char expected[] = "shift.by\titeration\n0\t0\n0\t10\n0\t20\n0\t30\n"
                                 "\n0.125\t0\n0.125\t10\n0.125\t20\n"
                                 "\n0.25\t0\n0.25\t10\n0.25\t20\n0.25\t30\n"
                                 "\n0.5\t0\n0.5\t10\n0.5\t20\n0.5\t30\n"; /* row 3 has none */
  assert_export(&head, KD_EXPORT_TSV, COLUMNS("shift.by", "iteration"), expected);
}

static void no_blocks_in_csv_or_of_one_line(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  head.extent[KD_DIM_CELL] = 2;
  assert_export(&head, KD_EXPORT_CSV, COLUMNS("cell", "step"),
                "cell,step\n0,0\n0,1\n0,2\n0,3\n1,0\n1,1\n1,2\n");
  head.extent[KD_DIM_POINT] = 1;
  assert_export(&head, KD_EXPORT_TSV, COLUMNS("cell", "point", "status"),
                "cell\tpoint\tstatus\n0\t0\tok\n1\t0\tuncovered\n");
  assert_export(&head, KD_EXPORT_TSV, COLUMNS("step"), "step\n0\n1\n2\n3\n");
}

/* Lines of the two cells of bins_by_points: 2 bins of 3 points, 1 bin of 2 points. */
static char *expected_bins(const char *between) {
  char *text;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  for (size_t row = 0; row < 2; row++) {
    size_t b = 2 - row, n = 3 - row;
    fputs(row ? between : "", out);
    for (size_t m = 0; m < b; m++)
      for (size_t i = 0; i < n; i++)
        fprintf(out, "%g %zu %.17g %.17g %.17g\n", 0.125 * (double)row, i,
                example_number(row, m, 5), example_number(row, 3 + i, 0.1),
                example_number(row, 2 * b + m * n + i, 5));
  }
  fclose(out);
  return text;
}

/* Columns over cells, points, bins are repeated along what they do not run over. */
static void bins_by_points(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  head.extent[KD_DIM_CELL] = 2;
  head.extent[KD_DIM_POINT] = 3;
  head.extent[KD_DIM_BIN] = 2;
  for (int csv = 0; csv < 2; csv++) {
    char *expected = expected_bins(csv ? "" : "\n");
    char *text = export(&head, csv ? KD_EXPORT_CSV : KD_EXPORT_TSV,
                        COLUMNS("shift.by", "point", "bin_centre", "x", "bin_gradient"));
    for (char *p = text; *p; p++)
      if (*p == (csv ? ',' : '\t')) *p = ' ';
    assert_string_equal(strchr(text, '\n') + 1, expected);
    free(text);
    free(expected);
  }
  assert_export(&head, KD_EXPORT_TSV, COLUMNS("cell", "bin", "status"),
                "cell\tbin\tstatus\n0\t0\tok\n0\t1\tok\n\n1\t0\tuncovered\n");
  head.extent[KD_DIM_CELL] = 1;
  assert_export(&head, KD_EXPORT_TSV, COLUMNS("bin"), "bin\n0\n1\n");
}

static void seventeen_digits(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  char *text = export(&head, KD_EXPORT_TSV, COLUMNS("gradient")), *rest = text;
  strsep(&rest, "\n");
  for (size_t row = 0; row < CELLS; row++)
    for (size_t i = 0; row != NOT_APPLICABLE && i < POINTS - row % 3; i++) {
      char *line = strsep(&rest, "\n");
      while (!*line) line = strsep(&rest, "\n");
      assert_true(strtod(line, NULL) == example_number(row, i, 0.1));
    }
  assert_string_equal(rest, "");
  free(text);
}

static void csv_quotes(void **state) {
  (void)state;
  struct kd_coordinate odd = {
      "points.file", "1", "file",
      KD_TYPE_CODE,  3,   (const char *const[]){"a,b", "say\"so\"", "plain"}};
  struct kd_table_head head = example_head();
  struct kd_coordinate c[N_COORDINATES] = {odd, example_coordinates[1], example_coordinates[2]};
  head.coordinate = c;
  head.extent[KD_DIM_CELL] = 3;
  assert_export(&head, KD_EXPORT_CSV, COLUMNS("points.file", "cell"),
                "points.file,cell\n\"a,b\",0\n\"say\"\"so\"\"\",1\nplain,2\n");
}

/* Texts are quoted; what JSON has no word for is null or a text. */
static void json_objects(void **state) {
  (void)state;
  struct kd_coordinate odd = {"points.file", "1", "file",
                              KD_TYPE_CODE,  2,   (const char *const[]){"a\"b", "c\\d"}};
  struct kd_table_head head = example_head();
  head.coordinate =
      (struct kd_coordinate[]){odd, example_coordinates[1], example_coordinates[2]};
  head.extent[KD_DIM_CELL] = 2;
  head.extent[KD_DIM_POINT] = 1;
  assert_export(&head, KD_EXPORT_JSON, COLUMNS("points.file", "loss", "key_high", "point"),
                "[{\"points.file\": \"a\\\"b\", \"loss\": 2, "
                "\"key_high\": \"18446744073709551615\", \"point\": 0},\n"
                " {\"points.file\": \"c\\\\d\", \"loss\": \"inf\", "
                "\"key_high\": \"18446744073709551614\", \"point\": 0}]\n");
  head = example_head();
  head.extent[KD_DIM_CELL] = 4;
  assert_export(&head, KD_EXPORT_JSON, COLUMNS("points.seed", "d_edge"),
                "[{\"points.seed\": 1000, \"d_edge\": 0.25},\n"
                " {\"points.seed\": 1001, \"d_edge\": 0.25},\n"
                " {\"points.seed\": null, \"d_edge\": 0.25},\n"
                " {\"points.seed\": 1003, \"d_edge\": null}]\n");
}

static bool odd_steps_of_even_cells(const void *filters, const size_t at[KD_N_DIMS]) {
  (void)filters;
  return at[KD_DIM_CELL] % 2 == 0 && at[KD_DIM_STEP] % 2 == 1;
}

/* Lines that are left out leave no blank lines behind; what they are chosen by must run
 * over no more than the lines do. */
static void lines_are_chosen(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  struct kd_table *table = example_table(&head);
  struct kd_column iteration;
  struct kd_err err;
  char *text;
  size_t size, n;
  assert_true(kd_table_find(table, "iteration", &iteration));
  struct kd_export wanted = {.n = 2,
                             .column = COLUMNS("cell", "iteration"),
                             .keep = odd_steps_of_even_cells,
                             .n_read = 1,
                             .read = &iteration};
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  assert_int_equal(kd_export(table, &wanted, out, &n, &err), KD_OK);
  assert_int_equal(n, 8);
  wanted.column = COLUMNS("cell", "loss");
  assert_int_equal(kd_export(table, &wanted, out, &n, &err), KD_USAGE);
  assert_string_equal(err.text,
                      "column 'iteration' runs over step, the columns asked for over cell");
  wanted.n = 1, wanted.column = COLUMNS("step"), wanted.read = &iteration;
  assert_int_equal(kd_export(table, &wanted, out, &n, &err), KD_USAGE);
  assert_string_equal(err.text,
                      "column 'iteration' runs over cell, the columns asked for over step");
  fclose(out);
  assert_string_equal(text, "cell\titeration\n0\t10\n0\t30\n\n2\t10\n2\t30\n\n4\t10\n4\t30\n"
                            "\n6\t10\n6\t30\n");
  free(text);
  kd_table_free(table);
}

static void assert_no_export(const char *const *columns, int code, FILE *out,
                             const char *text) {
  struct kd_err err = {""};
  size_t n = 0;
  while (columns[n]) n++;
  struct kd_table_head head = example_head();
  struct kd_table *table = example_table(&head);
  struct kd_export wanted = {.n = n, .column = columns};
  assert_int_equal(kd_export(table, &wanted, out, &n, &err), code);
  kd_table_free(table);
  if (!strstr(err.text, text)) fail_msg("'%s' does not hold '%s'", err.text, text);
}

static void refusals(void **state) {
  (void)state;
  char *text;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  assert_no_export(COLUMNS("cell", "gradent"), KD_USAGE, out,
                   "unknown column 'gradent'; did you mean 'gradient'? there are: cell ");
  assert_no_export(COLUMNS("shiftby"), KD_USAGE, out, "did you mean 'shift.by'?");
  assert_no_export(COLUMNS("gradient", "trajectory_loss"), KD_USAGE, out,
                   "'trajectory_loss' runs over step, another over point");
  assert_no_export(COLUMNS("gradient", "log_f"), KD_USAGE, out,
                   "'log_f' runs over bin, another over point");
  assert_no_export(COLUMNS("trajectory_loss", "bin_gradient"), KD_USAGE, out,
                   "'trajectory_loss' runs over step, another over bin and point");
  assert_no_export(COLUMNS(NULL), KD_USAGE, out, "no columns");
  fclose(out);
  assert_int_equal(size, 0); /* nothing was printed */
  free(text);
  FILE *full = fopen("/dev/full", "w");
  assert_non_null(full);
  assert_no_export(COLUMNS("cell"), KD_SYSTEM, full, "No space left on device");
  fclose(full);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_a_cell),
      cmocka_unit_test(blocks_of_steps),
      cmocka_unit_test(no_blocks_in_csv_or_of_one_line),
      cmocka_unit_test(bins_by_points),
      cmocka_unit_test(seventeen_digits),
      cmocka_unit_test(csv_quotes),
      cmocka_unit_test(json_objects),
      cmocka_unit_test(lines_are_chosen),
      cmocka_unit_test(refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
