/* SPDX-License-Identifier: MIT
 *
 * The ledger over tables made by hand: every verdict, the cell that is named, several
 * files, and findings through a result file and back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run/ledger.h"
#include "store/file.h"

static const enum kd_claim_id CLAIM = KD_CLAIM_C4b, OTHER = KD_CLAIM_C4c;

static const struct kd_finding none = {NAN, NAN, NAN, NAN};
static const struct kd_finding holds = {1e-17, 1e-15, 0.5, 1e-15};
static const struct kd_finding nearly = {9e-16, 1e-15, 0.5, 1e-15};
static const struct kd_finding refuted = {3e-15, 1e-15, 0.5, 1e-15};
static const struct kd_finding loudly = {0.25, 1e-15, 0, 1e-15};
static const struct kd_finding powerless = {1e-17, 1e-15, 1e-16, 1e-15};
static const struct kd_finding unbounded = {0.25, INFINITY, 0.5, 1e-15};

/* A table of n cells with that finding of CLAIM in each */
static struct kd_table *table_of(unsigned claims, size_t n, const struct kd_finding *finding) {
  static const char *const family[] = {"laplace", "cauchy"};
  static const struct kd_coordinate coordinate[] = {
      {"kernel.family", "1", "family", KD_TYPE_CODE, 2, family},
      {"shift.by", "1", "shift", KD_TYPE_REAL, 0, NULL},
      {"points.seed", "1", "seed", KD_TYPE_INTEGER, 0, NULL}};
  struct kd_table_head head = {.experiment = "made",
                               .about = "",
                               .config = "",
                               .overrides = "",
                               .program_version = "test",
                               .extent = {n, 1, 0, 0},
                               .claims = claims,
                               .n_coordinates = 3,
                               .coordinate = coordinate};
  struct kd_table *table;
  struct kd_err err;
  if (kd_table_create(&head, &table, &err)) fail_msg("%s", err.text);
  for (size_t row = 0; row < n; row++) {
    struct kd_cell_record record = {.result = {.n = 1}, .key_low = row};
    const double value[] = {(double)(row % 2), 0.1 * (double)(row + 1), row ? 7 : NAN};
    kd_findings_clear(record.finding);
    record.finding[CLAIM] = finding[row];
    kd_table_put(table, row, &record, value);
  }
  return table;
}

static struct kd_ledger ledger_of(size_t n, const struct kd_finding *finding) {
  struct kd_ledger ledger;
  struct kd_table *table = table_of(1u << CLAIM, n, finding);
  kd_ledger_init(&ledger);
  kd_ledger_add(&ledger, "made.h5", table);
  kd_table_free(table);
  return ledger;
}

static void verdicts(void **state) {
  (void)state;
  const struct {
    enum kd_verdict verdict;
    struct kd_finding finding[4];
    size_t worst; /* row */
  } row[] = {
      {KD_VERDICT_VACUOUS, {none, none, none, none}, 0},
      {KD_VERDICT_HOLDS, {none, holds, nearly, holds}, 2},
      {KD_VERDICT_HOLDS, {powerless, unbounded, holds, none}, 2},
      {KD_VERDICT_INCONCLUSIVE, {powerless, none, unbounded, powerless}, 0},
      {KD_VERDICT_REFUTED, {holds, nearly, refuted, none}, 2},
      {KD_VERDICT_REFUTED, {loudly, unbounded, refuted, powerless}, 0},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    struct kd_ledger ledger = ledger_of(4, row[i].finding);
    const struct kd_ledger_line *line = &ledger.line[CLAIM];
    char cell[32];
    assert_int_equal(kd_ledger_verdict(line), row[i].verdict);
    assert_int_equal(kd_ledger_as_expected(&ledger, CLAIM), row[i].verdict == KD_VERDICT_HOLDS);
    assert_int_equal(kd_ledger_verdict(&ledger.line[OTHER]), KD_VERDICT_NOT_RUN);
    assert_true(kd_ledger_as_expected(&ledger, OTHER));
    assert_int_equal(line->cells, 4);
    if (line->applies == 0) continue;
    snprintf(cell, sizeof cell, "made.h5, cell %zu:", row[i].worst);
    assert_memory_equal(line->where, cell, strlen(cell));
    assert_memory_equal(&line->worst, &row[i].finding[row[i].worst], sizeof line->worst);
  }
}

static void counts(void **state) {
  (void)state;
  const struct kd_finding finding[] = {none, holds, refuted, loudly, powerless, unbounded};
  struct kd_ledger ledger = ledger_of(6, finding);
  const struct kd_ledger_line *line = &ledger.line[CLAIM];
  assert_int_equal(line->cells, 6);
  assert_int_equal(line->applies, 5);
  assert_int_equal(line->held, 1);
  assert_int_equal(line->refuted, 2);
  assert_int_equal(line->powerless, 2);
  assert_int_equal(line->unbounded, 1);
}

/* Nobody knows what they would have said. */
static void failed_cells(void **state) {
  (void)state;
  struct kd_ledger ledger;
  const struct kd_finding good[] = {holds, holds};
  struct kd_table *table = table_of(1u << CLAIM, 2, good);
  struct kd_cell_record record = {.result = {.status = KD_STATUS_FAILED, .n = 1}};
  const double value[] = {0, 1, 2};
  kd_findings_clear(record.finding);
  kd_table_put(table, 1, &record, value);
  kd_ledger_init(&ledger);
  kd_ledger_add(&ledger, "made.h5", table);
  assert_int_equal(ledger.line[CLAIM].failed, 1);
  assert_int_equal(kd_ledger_verdict(&ledger.line[CLAIM]), KD_VERDICT_INCONCLUSIVE);
  kd_table_free(table);
}

static void cells_are_named(void **state) {
  (void)state;
  const struct kd_finding first[] = {refuted}, later[] = {none, refuted};
  struct kd_ledger ledger = ledger_of(1, first);
  assert_string_equal(ledger.line[CLAIM].where,
                      "made.h5, cell 0: kernel.family = laplace, shift.by = 0.1");
  ledger = ledger_of(2, later);
  assert_string_equal(
      ledger.line[CLAIM].where,
      "made.h5, cell 1: kernel.family = cauchy, shift.by = 0.2, points.seed = 7");
}

/* Files add up; one that was not asked says nothing. */
static void several_files(void **state) {
  (void)state;
  struct kd_ledger ledger;
  const struct kd_finding good[] = {holds, none}, bad[] = {refuted};
  struct kd_table *table[] = {table_of(1u << CLAIM, 2, good), table_of(1u << CLAIM, 1, bad),
                              table_of(0, 1, bad)};
  const char *const name[] = {"a.h5", "b.h5", "c.h5"};
  kd_ledger_init(&ledger);
  for (size_t i = 0; i < 3; i++) {
    kd_ledger_add(&ledger, name[i], table[i]);
    kd_table_free(table[i]);
  }
  assert_int_equal(ledger.line[CLAIM].cells, 3);
  assert_int_equal(kd_ledger_verdict(&ledger.line[CLAIM]), KD_VERDICT_REFUTED);
  assert_memory_equal(ledger.line[CLAIM].where, "b.h5, cell 0", 12);
}

static void through_a_file(void **state) {
  (void)state;
  char path[] = "/tmp/kdegrad-ledger-XXXXXX";
  const struct kd_finding finding[] = {holds, none, unbounded};
  struct kd_table *table = table_of(1u << CLAIM | 1u << OTHER, 3, finding), *read;
  struct kd_ledger ledger;
  struct kd_err err;
  close(mkstemp(path));
  if (kd_file_write(path, table, true, &err)) fail_msg("%s", err.text);
  if (kd_file_read(path, &read, &err)) fail_msg("%s", err.text);
  unlink(path);
  assert_int_equal(kd_table_head(read)->claims, 1u << CLAIM | 1u << OTHER);
  kd_ledger_init(&ledger);
  kd_ledger_add(&ledger, path, read);
  assert_int_equal(kd_ledger_verdict(&ledger.line[CLAIM]), KD_VERDICT_HOLDS);
  assert_int_equal(kd_ledger_verdict(&ledger.line[OTHER]), KD_VERDICT_VACUOUS);
  kd_table_free(table);
  kd_table_free(read);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(verdicts),      cmocka_unit_test(counts),
      cmocka_unit_test(failed_cells),  cmocka_unit_test(cells_are_named),
      cmocka_unit_test(several_files), cmocka_unit_test(through_a_file),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
