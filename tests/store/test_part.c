/* SPDX-License-Identifier: MIT
 *
 * The folder of parts: names, also where several begin with one cell, what is kept and
 * what goes, and that nothing else in the folder is touched.
 */
#include "store/part.h"

#include "cells.h"

#define KEY_OF_1 "9e3779b97f4a7c150000000000000001"
#define KEY_OF_2 "3c6ef372fe94f82a0000000000000002"

static struct kd_parts listed(const char *path, size_t shard, size_t n_shards) {
  struct kd_err err;
  struct kd_parts parts = {0};
  if (kd_parts_list(&parts, path, shard, n_shards, &err)) fail_msg("%s", err.text);
  return parts;
}

/* Stores cells first, first+1 as one more part. */
static void store(struct kd_parts *parts, size_t first) {
  struct kd_err err;
  struct kd_table *table = cells_table(first, 2, true);
  struct kd_source source = {.table = table};
  const struct kd_place place[] = {{0, 0, 0}, {0, 1, 1}};
  struct kd_gather rows = {.source = &source, .place = place, .n = 2};
  if (kd_parts_store(parts, kd_table_head(table), &rows, cell_key(first), &err))
    fail_msg("%s", err.text);
  kd_table_free(table);
}

static bool is_there(const char *name) {
  char *path = path_of(name);
  bool there = access(path, F_OK) == 0;
  free(path);
  return there;
}

static void no_folder_no_parts(void **state) {
  (void)state;
  struct kd_err err;
  char *path = path_of("none.h5");
  struct kd_parts parts = listed(path, 0, 0);
  assert_int_equal(parts.n, 0);
  assert_int_equal(kd_parts_remove(&parts, true, &err), KD_OK);
  assert_false(is_there("none.parts"));
  kd_parts_clear(&parts);
  free(path);
}

static void names_tell_the_first_cell(void **state) {
  (void)state;
  struct kd_err err;
  char *path = path_of("a.h5");
  struct kd_parts parts = listed(path, 0, 0), shard, again;
  store(&parts, 1);
  store(&parts, 2);
  store(&parts, 1); /* the same first cell: no part replaces another */
  store(&parts, 1);
  shard = listed(path, 2, 3);
  store(&shard, 1);
  store(&shard, 1);
  again = listed(path, 0, 0);
  static const char *const name[] = {KEY_OF_2 ".h5",      KEY_OF_1 "-1.h5",
                                     KEY_OF_1 "-2.h5",    KEY_OF_1 "-2of3-1.h5",
                                     KEY_OF_1 "-2of3.h5", KEY_OF_1 ".h5"};
  assert_int_equal(again.n, 6);
  for (size_t i = 0; i < 6; i++) assert_string_equal(again.part[i].name, name[i]);

  char *full = kd_parts_path(&again, 3);
  struct kd_table *table, *expected = cells_table(1, 2, true);
  assert_int_equal(kd_file_read(full, &table, &err), KD_OK);
  assert_same_table(table, expected);
  kd_table_free(table);
  kd_table_free(expected);
  free(full);

  assert_int_equal(kd_parts_remove(&again, false, &err), KD_OK);
  assert_false(is_there("a.parts"));
  kd_parts_clear(&parts);
  kd_parts_clear(&shard);
  kd_parts_clear(&again);
  free(path);
}

static void parts_to_keep_stay(void **state) {
  (void)state;
  struct kd_err err;
  char *path = path_of("b.h5");
  struct kd_parts parts = listed(path, 0, 0);
  store(&parts, 1);
  store(&parts, 2);
  store(&parts, 3);
  parts.part[1].keep = true;
  assert_int_equal(kd_parts_remove(&parts, false, &err), KD_OK);
  assert_int_equal(n_files("b.parts"), 1);
  assert_true(is_there("b.parts/" KEY_OF_2 ".h5"));
  assert_int_equal(kd_parts_remove(&parts, true, &err), KD_OK); /* prune */
  assert_false(is_there("b.parts"));
  kd_parts_clear(&parts);
  free(path);
}

static void foreign_files_are_left_alone(void **state) {
  (void)state;
  static const char *const name[] = {"c.parts/README",           "c.parts/other.h5",
                                     "c.parts/" KEY_OF_1 ".txt", "c.parts/" KEY_OF_1 "0.h5",
                                     "c.parts/" KEY_OF_1,        "c.parts/.hidden.h5"};
  enum { N = sizeof name / sizeof *name };
  struct kd_err err;
  char *path = path_of("c.h5");
  struct kd_parts parts = listed(path, 0, 0), again;
  store(&parts, 1);
  for (size_t i = 0; i < N; i++) {
    char *foreign = path_of(name[i]);
    spill(foreign, "mine", 4);
    free(foreign);
  }
  char *rest = path_of("c.parts/" KEY_OF_2 ".h5.tmp-123-0"); /* of a killed writer */
  spill(rest, "half", 4);
  again = listed(path, 0, 0);
  assert_int_equal(again.n, 1);
  kd_parts_tidy(&again);
  assert_int_not_equal(access(rest, F_OK), 0);
  assert_int_equal(kd_parts_remove(&again, true, &err), KD_OK);
  assert_false(is_there("c.parts/" KEY_OF_1 ".h5"));
  for (size_t i = 0; i < N; i++) assert_true(is_there(name[i]));
  kd_parts_clear(&parts);
  kd_parts_clear(&again);
  free(rest);
  free(path);
}

static void what_cannot_be(void **state) {
  (void)state;
  struct kd_err err = {""};
  struct kd_parts parts = {0};
  char *path = path_of("d.h5"), *file = path_of("d.parts");
  spill(file, "a file", 6);
  assert_int_equal(kd_parts_list(&parts, path, 0, 0, &err), KD_SYSTEM);
  assert_non_null(strstr(err.text, "d.parts: cannot be read: Not a directory"));
  kd_parts_clear(&parts);
  free(path);
  free(file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_folder_no_parts), cmocka_unit_test(names_tell_the_first_cell),
      cmocka_unit_test(parts_to_keep_stay), cmocka_unit_test(foreign_files_are_left_alone),
      cmocka_unit_test(what_cannot_be),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
