/* SPDX-License-Identifier: MIT
 *
 * Joining: cells are found by key in file and parts, whatever their order; what is lost,
 * failed, doubled or no longer wanted; and the file is that of the same cells written at
 * once, byte for byte.
 */
#include <fcntl.h>

#include "cells.h"
#include "store/trailer.h"
#include "store/write.h"

/* A result of some cells that is being made */
struct job {
  struct kd_table_head head;
  const size_t *cell; /* of each row */
  struct kd_merge merge;
  double stretch; /* of the coordinate, 1 if 0 */
  char said[512];
};

static void coordinate(void *context, size_t row, double *value) {
  const struct job *job = context;
  *value = 0.125 * (double)job->cell[row] * (job->stretch ? job->stretch : 1);
}

static void say(void *context, const char *text) {
  struct job *job = context;
  snprintf(job->said, sizeof job->said, "%s", text);
}

/* Finds what there is of these cells, with `job->head` set. */
static void look(struct job *job, const char *path) {
  struct kd_err err;
  size_t n = job->head.extent[KD_DIM_CELL];
  job->merge = (struct kd_merge){.path = path,
                                 .head = &job->head,
                                 .n = n,
                                 .n_threads = 2,
                                 .coordinates = coordinate,
                                 .coordinates_context = job,
                                 .say = say,
                                 .say_context = job};
  if (kd_merge_open(&job->merge, 0, 0, &err)) fail_msg("%s", err.text);
  for (size_t row = 0; row < n; row++)
    assert_int_equal(kd_keys_add(&job->merge.wanted, cell_key(job->cell[row]), &err), KD_OK);
  if (kd_merge_find(&job->merge, &err)) fail_msg("%s", err.text);
}

static void begin(struct job *job, const char *path, size_t n, const size_t *cell) {
  *job = (struct job){.head = cells_head(n), .cell = cell};
  look(job, path);
}

/* Whether the row is there: . not, f failed, o ok */
static void assert_found(const struct job *job, const char *states) {
  assert_int_equal(strlen(states), job->merge.n);
  for (size_t row = 0; row < job->merge.n; row++) {
    char state = job->merge.state[row] == KD_NOT_THERE       ? '.'
                 : job->merge.state[row] == KD_STATUS_FAILED ? 'f'
                                                             : 'o';
    if (state != states[row]) fail_msg("row %zu is '%c', not '%c'", row, state, states[row]);
  }
}

/* Adds the rows that are missing or failed, each as a batch of its own; how many. */
static size_t compute(struct job *job, bool durable) {
  struct kd_err err;
  struct kd_batch batch[16];
  size_t n = 0;
  for (size_t row = 0; row < job->merge.n; row++) {
    unsigned char have = job->merge.state[row];
    if (have != KD_NOT_THERE && have != KD_STATUS_FAILED) continue;
    assert_true(n < 16);
    batch[n++] = (struct kd_batch){row, cells_table(job->cell[row], 1, true)};
  }
  if (kd_merge_add(&job->merge, n, batch, durable, &err)) fail_msg("%s", err.text);
  return n;
}

static void assert_same_bytes(const char *a, const char *b) {
  size_t m, n;
  unsigned char *p = slurp(a, &m), *q = slurp(b, &n);
  assert_int_equal(m, n);
  assert_memory_equal(p, q, m);
  free(p);
  free(q);
}

/* The file must be that of these cells written at once. */
static void assert_result(const char *path, const struct job *job) {
  struct kd_err err;
  struct kd_table *table;
  char *fresh = path_of("fresh.h5");
  assert_int_equal(kd_table_create(&job->head, &table, &err), KD_OK);
  for (size_t row = 0; row < job->head.extent[KD_DIM_CELL]; row++)
    fill_cell(table, row, job->cell[row], true);
  if (kd_file_write(fresh, table, true, &err)) fail_msg("%s", err.text);
  assert_same_bytes(path, fresh);
  assert_int_equal(unlink(fresh), 0);
  kd_table_free(table);
  free(fresh);
}

static bool finish(struct job *job, bool changed, bool prune) {
  struct kd_err err;
  bool written;
  if (kd_merge_finish(&job->merge, changed, prune, &written, &err)) fail_msg("%s", err.text);
  return written;
}

/* Makes the result of these cells, of which `states` are there. */
static void make(const char *path, size_t n, const size_t *cell, const char *states,
                 bool durable) {
  struct job job;
  begin(&job, path, n, cell);
  assert_found(&job, states);
  finish(&job, compute(&job, durable) > 0, false);
  assert_result(path, &job);
  kd_merge_clear(&job.merge);
}

/* One more part, of cells first .. first+n-1 */
static char *add_part(const char *path, size_t first, size_t n, bool good) {
  struct kd_err err;
  struct kd_parts parts = {0};
  struct kd_table *table = cells_table(first, n, good);
  struct kd_source source = {.table = table};
  struct kd_place *place = calloc(n, sizeof *place);
  assert_non_null(place);
  for (size_t i = 0; i < n; i++) place[i] = (struct kd_place){0, (uint32_t)i, (uint32_t)i};
  struct kd_gather rows = {.source = &source, .place = place, .n = n};
  assert_int_equal(kd_parts_list(&parts, path, 0, 0, &err), KD_OK);
  if (kd_parts_store(&parts, kd_table_head(table), &rows, cell_key(first), &err))
    fail_msg("%s", err.text);
  char *stored = kd_parts_path(&parts, parts.n - 1);
  kd_parts_clear(&parts);
  kd_table_free(table);
  free(place);
  return stored;
}

static void put_file(const char *path, size_t first, size_t n, bool good) {
  struct kd_err err;
  struct kd_table *table = cells_table(first, n, good);
  if (kd_file_write(path, table, true, &err)) fail_msg("%s", err.text);
  kd_table_free(table);
}

#define CELLS_OF(...)                                                                          \
  (sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t)), (size_t[]) {                             \
    __VA_ARGS__                                                                                \
  }

static void found_in_file_and_parts(void **state) {
  (void)state;
  for (int durable = 0; durable < 2; durable++) {
    char *path = path_of(durable ? "a1.h5" : "a0.h5");
    make(path, CELLS_OF(1, 2, 3, 4), "....", durable);
    free(add_part(path, 5, 3, true));
    make(path, CELLS_OF(7, 2, 9, 5, 4), "oo.oo", durable); /* leaves out 1, 3 and 6 */
    assert_int_equal(n_files(durable ? "a1.parts" : "a0.parts"), 2);
    make(path, CELLS_OF(1, 2, 3, 4, 5, 6, 7, 8, 9), "ooooooo.o", durable);
    assert_int_equal(n_files(durable ? "a1.parts" : "a0.parts"), 0);
    free(path);
  }
}

static void a_failed_cell_is_worth_less(void **state) {
  (void)state;
  struct job job;
  char *path = path_of("f.h5");
  put_file(path, 1, 2, false);
  free(add_part(path, 2, 2, true));
  free(add_part(path, 3, 2, false)); /* 3 is good in another part */
  begin(&job, path, CELLS_OF(1, 2, 3, 4, 5));
  assert_found(&job, "foof.");
  assert_int_equal(compute(&job, false), 3);
  assert_true(finish(&job, true, false));
  assert_result(path, &job);
  assert_int_equal(n_files("f.parts"), 0);
  kd_merge_clear(&job.merge);

  put_file(path, 1, 1, false); /* computed again, and good now */
  begin(&job, path, CELLS_OF(1));
  assert_int_equal(compute(&job, false), 1);
  assert_true(finish(&job, true, false));
  assert_result(path, &job);
  kd_merge_clear(&job.merge);

  /* a part that knows more than the file makes it old, one that knows less does not */
  put_file(path, 1, 1, false);
  free(add_part(path, 1, 1, true));
  begin(&job, path, CELLS_OF(1));
  assert_true(finish(&job, false, false));
  assert_result(path, &job);
  kd_merge_clear(&job.merge);
  free(add_part(path, 1, 1, false));
  begin(&job, path, CELLS_OF(1));
  assert_found(&job, "o");
  assert_false(finish(&job, false, false));
  kd_merge_clear(&job.merge);

  put_file(path, 1, 1, false);
  free(add_part(path, 1, 1, false));
  begin(&job, path, CELLS_OF(1));
  assert_found(&job, "f");
  assert_false(finish(&job, false, false));
  kd_merge_clear(&job.merge);

  /* failed cells that nobody wants are not kept */
  put_file(path, 1, 2, false);
  free(add_part(path, 3, 1, false));
  make(path, CELLS_OF(9), ".", false);
  assert_int_equal(n_files("f.parts"), 0);
  free(path);
}

static void flip(const char *path, size_t at) {
  size_t size;
  unsigned char *bytes = slurp(path, &size);
  bytes[at] ^= 1;
  spill(path, bytes, size);
  free(bytes);
}

static void damage_is_put_aside(void **state) {
  (void)state;
  struct job job;
  char *path = path_of("d.h5"), *aside = path_of("d.h5.damaged"), *part;
  put_file(path, 1, 3, true);
  part = add_part(path, 4, 2, true);
  flip(part, 500);
  begin(&job, path, CELLS_OF(1, 2, 3, 4, 5));
  assert_found(&job, "ooo..");
  assert_non_null(strstr(job.said, part));
  assert_non_null(strstr(job.said, "damaged: the checksum does not match; removed"));
  assert_int_not_equal(access(part, F_OK), 0);
  kd_merge_clear(&job.merge);
  free(part);

  part = add_part(path, 4, 2, true);
  flip(path, 500);
  begin(&job, path, CELLS_OF(1, 2, 3, 4, 5));
  assert_found(&job, "...oo");
  assert_non_null(strstr(job.said, "does not match; renamed to .damaged"));
  assert_int_equal(access(aside, F_OK), 0);
  assert_int_not_equal(access(path, F_OK), 0);
  finish(&job, compute(&job, true) > 0, false);
  assert_result(path, &job);
  kd_merge_clear(&job.merge);
  free(part);
  free(path);
  free(aside);
}

/* With a right checksum, but not for this program: it stays. */
static void strange_parts_are_left_alone(void **state) {
  (void)state;
  struct job job;
  struct kd_err err;
  char *path = path_of("s.h5"), *part = add_part(path, 1, 1, true);
  int fd = open(part, O_RDWR | O_TRUNC);
  assert_true(fd >= 0 && write(fd, "of another program", 18) == 18);
  assert_int_equal(kd_trailer_seal(fd, &err), KD_OK);
  close(fd);
  begin(&job, path, CELLS_OF(1));
  assert_found(&job, ".");
  assert_non_null(strstr(job.said, "left alone"));
  finish(&job, compute(&job, false) > 0, false);
  kd_merge_clear(&job.merge);
  assert_int_equal(access(part, F_OK), 0);
  free(part);
  free(path);
}

static void prune_drops_what_has_no_row(void **state) {
  (void)state;
  struct job job;
  char *path = path_of("p.h5");
  put_file(path, 1, 3, true);
  free(add_part(path, 4, 3, true));
  begin(&job, path, CELLS_OF(2, 5));
  assert_true(finish(&job, false, true));
  assert_result(path, &job);
  kd_merge_clear(&job.merge);
  assert_int_equal(n_files("p.parts"), 0);
  make(path, CELLS_OF(1, 2, 3, 4, 5, 6), ".o..o.", false);
  free(path);
}

static void spare_cells_are_stored_once(void **state) {
  (void)state;
  char *path = path_of("k.h5"), *parts = path_of("k.parts");
  put_file(path, 1, 4, true);
  free(add_part(path, 3, 1, true)); /* 3 stands in both */
  struct job job = {.head = cells_head(1), .cell = (size_t[]){4}};
  job.head.config = "experiment: cells\n# of one\n";
  look(&job, path);
  assert_true(finish(&job, false, false));
  kd_merge_clear(&job.merge);
  assert_int_equal(n_files("k.parts"), 2);
  struct kd_err err;
  struct kd_table *table;
  struct kd_parts list = {0};
  assert_int_equal(kd_parts_list(&list, path, 0, 0, &err), KD_OK);
  size_t cells = 0;
  for (size_t i = 0; i < list.n; i++) {
    char *part = kd_parts_path(&list, i);
    assert_int_equal(kd_file_read(part, &table, &err), KD_OK);
    cells += kd_table_head(table)->extent[KD_DIM_CELL];
    assert_string_equal(kd_table_head(table)->config, "experiment: cells\n");
    kd_table_free(table);
    free(part);
  }
  assert_int_equal(cells, 3); /* 1, 2 and 3 */
  kd_parts_clear(&list);
  make(path, CELLS_OF(4, 3, 2, 1), "oooo", false);
  assert_int_not_equal(access(parts, F_OK), 0);
  free(path);
  free(parts);
}

static void one_key_many_rows(void **state) {
  (void)state;
  char *path = path_of("m.h5");
  make(path, CELLS_OF(1, 2, 1, 1), "....", false);
  make(path, CELLS_OF(1, 2, 1, 1), "oooo", false);
  make(path, CELLS_OF(1, 1, 3, 2, 1, 2), "oo.ooo", true);
  make(path, CELLS_OF(1), "o", false);
  free(path);
}

static ino_t inode(const char *path) {
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  return st.st_ino;
}

static void a_current_file_is_not_written(void **state) {
  (void)state;
  struct job job;
  char *path = path_of("c.h5");
  make(path, CELLS_OF(1, 2, 3), "...", false);
  ino_t before = inode(path);
  begin(&job, path, CELLS_OF(1, 2, 3));
  assert_false(finish(&job, false, false));
  assert_int_equal(inode(path), before);
  kd_merge_clear(&job.merge);

  /* another order, head, or coordinate */
  make(path, CELLS_OF(1, 3, 2), "ooo", false);
  make(path, CELLS_OF(1, 3), "oo", false);
  for (int again = 0; again < 2; again++) {
    job = (struct job){.head = cells_head(2), .cell = (size_t[]){1, 3}, .stretch = 2};
    look(&job, path);
    assert_int_equal(finish(&job, false, false), !again);
    kd_merge_clear(&job.merge);
  }
  static const struct {
    const char *config, *about, *files;
  } heads[] = {{"# a comment\n", "", NULL},
               {"# a comment\n", "About", NULL},
               {"# a comment\n", "About", "HASH  points.tsv"}};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
    for (int again = 0; again < 2; again++) {
      job = (struct job){.head = cells_head(2), .cell = (size_t[]){1, 3}};
      job.head.config = heads[i].config;
      job.head.about = heads[i].about;
      job.head.files = heads[i].files;
      look(&job, path);
      assert_int_equal(finish(&job, false, false), !again);
      assert_result(path, &job);
      kd_merge_clear(&job.merge);
    }
  free(path);
}

/* Row r holds that cell; checked without our own writer's help, too. */
static void assert_values(const char *path, size_t n, const size_t *cell) {
  struct kd_err err;
  struct kd_table *table;
  struct kd_column loss, gradient, shift;
  assert_int_equal(kd_file_read(path, &table, &err), KD_OK);
  assert_true(kd_table_find(table, "loss", &loss) && kd_table_find(table, "shift.by", &shift));
  assert_true(kd_table_find(table, "gradient", &gradient));
  size_t width = kd_table_head(table)->extent[KD_DIM_POINT];
  for (size_t row = 0; row < n; row++) {
    double c = (double)cell[row];
    size_t points = 1 + cell[row] % 3;
    assert_true(loss.real[row] == c + 0.5 && shift.real[row] == 0.125 * c);
    for (size_t i = 0; i < width; i++) {
      double value = gradient.real[row * width + i];
      assert_true(i < points ? value == c + 0.25 * (double)i : isnan(value));
    }
  }
  kd_table_free(table);
}

enum { LONG = 60000, HALF = LONG / 2, WIDE = 40 };

static void begin_long(struct job *job, const char *path, const size_t *cell) {
  *job = (struct job){.head = cells_head(LONG), .cell = cell};
  job->head.extent[KD_DIM_POINT] = WIDE;
  look(job, path);
}

/* Columns longer than a window, from all kinds of source, in another order than they are
 * stored in */
static void long_columns_in_windows(void **state) {
  (void)state;
  struct job job;
  struct kd_err err;
  char *path = path_of("w.h5");
  size_t *cell = calloc(LONG, sizeof *cell), *todo = calloc(LONG, sizeof *todo);
  assert_true(cell && todo && 8.0 * WIDE * LONG > 1.1 * KD_WINDOW_BYTES);
  for (size_t row = 0; row < LONG; row++) {
    cell[row] = row * 7 % LONG; /* every cell once */
    if (cell[row] >= HALF) todo[cell[row] - HALF] = row;
  }
  put_file(path, 0, HALF, true);
  begin_long(&job, path, cell);
  job.merge.todo = todo;
  struct kd_batch batch[] = {{0, cells_table(HALF, 1000, true)},
                             {1000, cells_table(HALF + 1000, HALF - 1000, true)}};
  if (kd_merge_add(&job.merge, 1, batch, true, &err)) fail_msg("%s", err.text);
  if (kd_merge_add(&job.merge, 1, batch + 1, false, &err)) fail_msg("%s", err.text);
  finish(&job, true, false);
  assert_result(path, &job);
  kd_merge_clear(&job.merge);
  assert_values(path, LONG, cell);

  for (size_t row = 0; row < LONG; row++) cell[row] = LONG - 1 - row;
  begin_long(&job, path, cell);
  assert_true(finish(&job, false, false));
  kd_merge_clear(&job.merge);
  assert_values(path, LONG, cell);
  free(cell);
  free(todo);
  free(path);
}

static void rows_from_the_middle(void **state) {
  (void)state;
  enum { N = 10, FROM = 3, ROWS = 4 };
  static const size_t cell[N] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  struct kd_err err;
  struct kd_table *shape;
  struct job job = {.cell = cell};
  struct kd_table_head head = cells_head(N);
  struct kd_source source = {.table = cells_table(1, N, true)};
  struct kd_place place[N];
  for (size_t i = 0; i < N; i++) place[i] = (struct kd_place){0, (uint32_t)i, (uint32_t)i};
  struct kd_gather gather = {&source, place, N, coordinate, &job};
  assert_int_equal(kd_table_shape(&head, &shape, &err), KD_OK);
  for (int own = 0; own < 2; own++) {
    double room[4 * ROWS] = {0};
    gather.coordinates = own ? coordinate : NULL;
    struct kd_slot *slot = &shape->slot[shape->first_coordinate]; /* shift.by, status, loss */
    for (size_t s = 0; s < 3; s++) kd_slot_use(&slot[s], room + s * ROWS);
    size_t first = shape->first_coordinate;
    assert_int_equal(kd_gather_rows(&gather, shape, first, first + 3, FROM, ROWS, &err), 0);
    for (size_t i = 0; i < ROWS; i++) {
      assert_true(room[i] == 0.125 * (double)cell[FROM + i]);
      assert_true(room[2 * ROWS + i] == (double)cell[FROM + i] + 0.5);
      assert_true(room[3 * ROWS + i] == 0);
    }
  }
  kd_table_free(shape);
  kd_source_clear(&source);
}

/* Cells stored with more room for points, or less, than the result has */
static void other_extents(void **state) {
  (void)state;
  static const size_t points[] = {3, 9, 3, 4};
  static const size_t cell[] = {1, 2, 3};
  char *path = path_of("e.h5");
  put_file(path, 1, 3, true);
  for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
    struct job job = {.head = cells_head(3), .cell = cell};
    job.head.extent[KD_DIM_POINT] = points[i];
    look(&job, path);
    assert_found(&job, "ooo");
    assert_true(finish(&job, false, false));
    assert_result(path, &job);
    kd_merge_clear(&job.merge);
  }
  free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(found_in_file_and_parts),
      cmocka_unit_test(a_failed_cell_is_worth_less),
      cmocka_unit_test(damage_is_put_aside),
      cmocka_unit_test(strange_parts_are_left_alone),
      cmocka_unit_test(prune_drops_what_has_no_row),
      cmocka_unit_test(spare_cells_are_stored_once),
      cmocka_unit_test(one_key_many_rows),
      cmocka_unit_test(a_current_file_is_not_written),
      cmocka_unit_test(long_columns_in_windows),
      cmocka_unit_test(rows_from_the_middle),
      cmocka_unit_test(other_extents),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
