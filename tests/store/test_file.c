/* SPDX-License-Identifier: MIT
 *
 * Result files: what is written is read back bit for bit, and the same table
 * gives the same bytes. With a path as argument, writes the example there (for
 * test_readers.sh and for the comparison across processes).
 */
#include "example.h"

#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>

static void round_trip(const struct kd_table_head *head, bool compress) {
  struct kd_err err;
  char *path = path_of("round.h5");
  struct kd_table *table = example_table(head), *back;
  if (kd_file_write(path, table, compress, &err)) fail_msg("%s", err.text);
  if (kd_file_read(path, &back, &err)) fail_msg("%s", err.text);
  assert_same_table(table, back);
  kd_table_free(table);
  kd_table_free(back);
  free(path);
}

static void all_columns_come_back(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  round_trip(&head, true);
  round_trip(&head, false);
  head.overrides = head.about = "";
  head.n_coordinates = 0;
  round_trip(&head, true);
  for (unsigned record = 0; record <= EVERYTHING; record++) {
    head = example_head();
    head.record = record;
    if (!(record & KD_RECORD_TRAJECTORY)) head.extent[KD_DIM_STEP] = 0;
    if (!(record & KD_RECORD_BINS)) head.extent[KD_DIM_BIN] = 0;
    round_trip(&head, true);
  }
}

static void extents_small_and_large(void **state) {
  (void)state;
  static const size_t extent[][KD_N_DIMS] = {
      {1, 1, 1, 1},     {1, 1, 0, 0},     {100000, 3, 0, 0}, {3, 100000, 2, 0},
      {40000, 7, 3, 2}, {2, 40000, 0, 9}, {2, 3, 0, 100000}, {5000, 1, 0, 30}};
  for (size_t i = 0; i < sizeof extent / sizeof *extent; i++) {
    struct kd_table_head head = example_head();
    memcpy(head.extent, extent[i], sizeof head.extent);
    round_trip(&head, i % 2 == 0);
  }
}

static void a_long_config_fits(void **state) {
  (void)state;
  static const size_t lengths[] = {65535, 65536, 200000, 1 << 20};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    struct kd_table_head head = example_head();
    char *text = malloc(lengths[i] + 1);
    assert_non_null(text);
    for (size_t k = 0; k < lengths[i]; k++)
      text[k] = k % 64 == 63 ? '\n' : (char)('a' + k % 26);
    text[lengths[i]] = '\0';
    head.config = head.overrides = text;
    round_trip(&head, true);
    free(text);
  }
}

static void compression_is_a_choice(void **state) {
  (void)state;
  size_t plain, small;
  struct kd_table_head head = example_head();
  head.extent[KD_DIM_CELL] = 20000;
  char *path = path_of("size.h5");
  write_example(path, &head, false);
  free(slurp(path, &plain));
  write_example(path, &head, true);
  free(slurp(path, &small));
  assert_true((double)plain > kd_file_payload(&head));
  assert_true(small < plain / 2);
  free(path);
}

static void assert_same_bytes(const char *a, const char *b) {
  size_t m, n;
  unsigned char *p = slurp(a, &m), *q = slurp(b, &n);
  assert_int_equal(m, n);
  assert_memory_equal(p, q, m);
  free(p);
  free(q);
}

static void same_table_same_bytes(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  char *a = path_of("a.h5"), *b = path_of("b.h5"), *c = path_of("c.h5");
  write_example(a, &head, true);
  write_example(b, &head, true);
  assert_same_bytes(a, b);

  /* Another process, whose fresh memory is not zero, in another second. */
  sleep(1);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    setenv("MALLOC_PERTURB_", "165", 1);
    execl(program_invocation_name, "test_file", c, (char *)NULL);
    _exit(127);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_same_bytes(a, c);

  /* A table that was read is written as it was. */
  struct kd_err err;
  struct kd_table *table;
  assert_int_equal(kd_file_read(a, &table, &err), KD_OK);
  assert_int_equal(kd_file_write(b, table, true, &err), KD_OK);
  kd_table_free(table);
  assert_same_bytes(a, b);
  free(a);
  free(b);
  free(c);
}

/* Files share one library: threads must not meet in it. */
static void *write_and_read(void *argument) {
  struct kd_err err;
  const char *path = argument;
  struct kd_table_head head = example_head();
  head.about = path;
  for (int i = 0; i < 20; i++) {
    struct kd_table *table = NULL, *back = NULL;
    bool good = kd_table_create(&head, &table, &err) == KD_OK &&
                kd_file_write(path, table, false, &err) == KD_OK &&
                kd_file_read(path, &back, &err) == KD_OK &&
                strcmp(kd_table_head(back)->about, path) == 0;
    kd_table_free(table);
    kd_table_free(back);
    if (!good) return argument;
  }
  return NULL;
}

static void threads_do_not_meet(void **state) {
  (void)state;
  enum { N = 4 };
  pthread_t thread[N];
  char *path[N];
  for (int i = 0; i < N; i++) {
    char name[32];
    snprintf(name, sizeof name, "thread%d.h5", i);
    path[i] = path_of(name);
    assert_int_equal(pthread_create(&thread[i], NULL, write_and_read, path[i]), 0);
  }
  for (int i = 0; i < N; i++) {
    void *failed;
    assert_int_equal(pthread_join(thread[i], &failed), 0);
    assert_null(failed);
    free(path[i]);
  }
}

static void payload_is_the_sum_of_the_columns(void **state) {
  (void)state;
  struct kd_table_head head = example_head();
  struct kd_table *table = example_table(&head);
  double sum = 0;
  for (size_t i = 0; i < kd_table_n_columns(table); i++) {
    struct kd_column c;
    kd_table_column(table, i, &c);
    sum += (double)column_bytes(table, &c);
  }
  assert_true(kd_file_payload(&head) == sum);
  kd_table_free(table);
}

int main(int argc, char **argv) {
  if (argc == 2) {
    struct kd_table_head head = example_head();
    write_example(argv[1], &head, true);
    return 0;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_columns_come_back),
      cmocka_unit_test(extents_small_and_large),
      cmocka_unit_test(a_long_config_fits),
      cmocka_unit_test(compression_is_a_choice),
      cmocka_unit_test(same_table_same_bytes),
      cmocka_unit_test(threads_do_not_meet),
      cmocka_unit_test(payload_is_the_sum_of_the_columns),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
