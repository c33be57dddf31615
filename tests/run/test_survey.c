/* SPDX-License-Identifier: MIT
 *
 * Surveys of what no run of today leaves: cells of another numerics version, more of them
 * than one part holds, the same cell failed here and good there.
 */
#include "run/survey.h"

#include <ftw.h>

#include "core/numerics.h"
#include "run/run.h"
#include "tests/config/support.h"

#define SWEEP GOOD "sweep: {kernel.bandwidth: {from: 1, to: 2, count: 100}}\n"

enum { NOW = KD_NUMERICS_VERSION, BEFORE = NOW - 1, LATER = NOW + 5 };

static char folder[] = "/tmp/kdegrad-survey-XXXXXX";
static char result[64];

/* Rows first, first + step, ... of the plan's cells, keyed by that version, as a file */
static void store(const char *path, const struct kd_plan *plan, size_t first, size_t step,
                  int64_t numerics, enum kd_status status) {
  struct kd_table_head head;
  struct kd_table *table;
  struct kd_err err;
  struct kd_cell *cell = kd_cell_create(plan);
  assert_int_equal(kd_run_head(plan, &head, &err), KD_OK);
  head.numerics_version = numerics;
  head.extent[KD_DIM_CELL] = (plan->n_cells - first + step - 1) / step;
  assert_int_equal(kd_table_create(&head, &table, &err), KD_OK);
  for (size_t row = 0; row < head.extent[KD_DIM_CELL]; row++) {
    kd_plan_key(plan, first + row * step, numerics, cell);
    struct kd_cell_record record = {
        .result = {.status = status}, .key_high = cell->key_high, .key_low = cell->key_low};
    kd_table_put(table, row, &record, cell->value);
  }
  if (kd_file_write(path, table, true, &err)) fail_msg("%s", err.text);
  kd_table_free(table);
  free((void *)head.coordinate);
  kd_cell_free(cell);
}

static struct kd_survey survey_of(const struct kd_plan *plan) {
  struct kd_survey survey;
  struct kd_err err;
  if (kd_survey(plan, "config.yaml", result, true, &survey, &err)) fail_msg("%s", err.text);
  return survey;
}

static const char *part(unsigned i) {
  static char path[96];
  snprintf(path, sizeof path, "%s/a.parts", folder);
  mkdir(path, 0777);
  snprintf(path, sizeof path, "%s/a.parts/%032x.h5", folder, i);
  return path;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw) {
  (void)st, (void)type;
  return ftw->level > 0 ? remove(path) : 0;
}

static int clear(void **state) {
  (void)state;
  return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void cells_of_another_version_are_known(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(SWEEP);
  store(result, plan, 0, 2, BEFORE, KD_STATUS_OK);
  store(part(1), plan, 97, 1, LATER, KD_STATUS_OK);
  store(part(2), plan, 0, 1, LATER, KD_STATUS_FAILED);
  struct kd_survey survey = survey_of(plan);
  assert_int_equal(survey.n_done, 0);
  assert_int_equal(survey.n_todo, 100);
  assert_int_equal(survey.n_spare, 50); /* also stored by a version that came second */
  assert_int_equal(survey.n_groups, 2);
  for (size_t g = 0; g < 2; g++) {
    assert_int_equal(survey.group[g].why, KD_WHY_NUMERICS);
    assert_int_equal(survey.group[g].numerics, g ? LATER : BEFORE);
    assert_int_equal(survey.group[g].n, 50);
  }
  kd_survey_clear(&survey);
  kd_plan_free(plan);
}

static void good_cells_count_before_failed_ones(void **state) {
  (void)state;
  struct kd_plan *plan = plan_of(SWEEP);
  store(part(1), plan, 0, 1, NOW, KD_STATUS_FAILED);
  store(part(2), plan, 0, 4, NOW, KD_STATUS_OK);
  store(part(3), plan, 0, 3, NOW, KD_STATUS_FAILED);
  struct kd_survey survey = survey_of(plan);
  assert_int_equal(survey.n_done, 25);
  assert_int_equal(survey.stored.keys.n, 159);
  assert_int_equal(survey.n_spare, 0);
  assert_int_equal(survey.n_groups, 1);
  assert_int_equal(survey.group[0].why, KD_WHY_FAILED);
  for (size_t i = 0; i < 100; i++) assert_int_equal(survey.done[i], i % 4 == 0);
  kd_survey_clear(&survey);
  kd_plan_free(plan);
}

static void a_table_of_many_keys_finds_each(void **state) {
  (void)state;
  struct kd_plan *plan =
      plan_of(GOOD "sweep: {kernel.bandwidth: {from: 1, to: 2, count: 3000}}\n");
  for (unsigned i = 0; i < 3; i++) store(part(i), plan, i, 3, NOW, KD_STATUS_OK);
  struct kd_survey survey = survey_of(plan);
  assert_int_equal(survey.n_done, 3000);
  assert_int_equal(kd_stored_find(&survey.stored, (struct kd_key_pair){1, 1}), KD_STORED_NOT);
  kd_survey_clear(&survey);
  kd_plan_free(plan);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(cells_of_another_version_are_known, clear),
      cmocka_unit_test_setup(good_cells_count_before_failed_ones, clear),
      cmocka_unit_test_setup(a_table_of_many_keys_finds_each, clear),
  };
  if (!mkdtemp(folder)) return 1;
  snprintf(result, sizeof result, "%s/a.h5", folder);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  clear(NULL);
  rmdir(folder);
  return failed;
}
