/* SPDX-License-Identifier: MIT
 *
 * An example table for the tests of store/, and a folder to work in. Row r
 * holds POINTS - r % 3 points, STEPS - r % 2 steps and BINS - r % 2 bins; row 3 does
 * not apply, so all its numbers are missing. Bin 1 is uncovered in row 1.
 */
#ifndef KD_TEST_EXAMPLE_H
#define KD_TEST_EXAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those four first */
#include <cmocka.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"

enum { CELLS = 7, POINTS = 5, STEPS = 4, BINS = 3, NOT_APPLICABLE = 3, N_COORDINATES = 3 };

static const char *const family_names[] = {"laplace", "gaussian", "cauchy"};
static const struct kd_coordinate example_coordinates[N_COORDINATES] = {
    {"kernel.family", "1", "family of the kernel", KD_TYPE_CODE, 3, family_names},
    {"shift.by", "length", "inward shift", KD_TYPE_REAL, 0, NULL},
    {"points.seed", "1", "seed of the layout", KD_TYPE_INTEGER, 0, NULL},
};

#define EVERYTHING                                                                             \
  (KD_RECORD_LOSS | KD_RECORD_GRADIENT | KD_RECORD_DEFECT | KD_RECORD_TRAJECTORY |             \
   KD_RECORD_SENSITIVITY | KD_RECORD_BINS | KD_RECORD_BIN_ERROR)

static inline struct kd_table_head example_head(void) {
  return (struct kd_table_head){.experiment = "example",
                                .about = "An example: Überraschung",
                                .config = "experiment: example\nkernel: {family: laplace}\n",
                                .overrides = "kernel.bandwidth=2\n",
                                .program_version = "kdegrad test",
                                .numerics_version = 3,
                                .extent = {CELLS, POINTS, STEPS, BINS},
                                .record = EVERYTHING,
                                .n_coordinates = N_COORDINATES,
                                .coordinate = example_coordinates};
}

/* A number that is its own place: not round, other for each argument. */
static inline double example_number(size_t row, size_t i, double kind) {
  return kind + sqrt((double)(1 + row)) + 1e-3 * (double)i;
}

/* n numbers of their own, freed by the caller */
static inline double *example_numbers(size_t row, size_t n, double kind) {
  double *v = calloc(n + 1, sizeof *v);
  assert_non_null(v);
  for (size_t i = 0; i < n; i++) v[i] = example_number(row, i, kind);
  return v;
}

/* Bins of a row, n points each, at 2 b + b n numbers. */
static inline void example_bins(struct kd_result *r, size_t row, size_t b, size_t n,
                                double *v) {
  r->n_bins = b;
  r->bin_centre = v, r->log_f = v + b, r->bin_gradient = v + 2 * b;
  if (row != 1 || b < 2) return;
  v[b + 1] = -INFINITY;
  for (size_t i = 0; i < n; i++) v[2 * b + n + i] = NAN;
}

static inline void example_fill_row(struct kd_table *table, size_t row) {
  const struct kd_table_head *head = kd_table_head(table);
  size_t n = head->extent[KD_DIM_POINT], s = head->extent[KD_DIM_STEP];
  size_t b = head->extent[KD_DIM_BIN], fewer = row % 3, fewer_steps = row % 2;
  size_t n_here = n > fewer ? n - fewer : n, b_here = b > fewer_steps ? b - fewer_steps : b;
  double *v = example_numbers(row, 4 * n + 2 * s, 0.1);
  double *w = example_numbers(row, b * (n + 2), 5);
  int64_t *iteration = calloc(s + 1, sizeof *iteration);
  assert_non_null(iteration);
  for (size_t i = 0; i < s; i++) iteration[i] = 10 * (int64_t)i;
  struct kd_cell_record record = {
      .result = {.status = row == 1 ? KD_STATUS_UNCOVERED : KD_STATUS_OK,
                 .loss = row == 1 ? INFINITY : example_number(row, 0, 1),
                 .loss_bound = 1e-16 * (double)row,
                 .loss_change = -example_number(row, 0, 2),
                 .loss_change_bound = 2e-16 * (double)row,
                 .gradient_bound = 3e-16 * (double)row,
                 .defect = 1e-300 / (double)(1 + row),
                 .defect_bound = 4e-16 * (double)row,
                 .bin_error = example_number(row, 1, 6),
                 .loss_bin_error = -example_number(row, 2, 6),
                 .loss_sensitivity = example_number(row, 3, 6),
                 .uncovered_share = 0,
                 .d_edge = 0.25,
                 .d_centre = example_number(row, 0, 3),
                 .n = n_here,
                 .gradient = v,
                 .x = v + n,
                 .logits = v + 2 * n,
                 .sensitivity = v + 3 * n + 2 * s,
                 .n_recorded = s > fewer_steps ? s - fewer_steps : s,
                 .iteration = iteration,
                 .trajectory_loss = v + 3 * n,
                 .trajectory_norm = v + 3 * n + s,
                 .steps_taken = 30},
      .key_high = UINT64_MAX - row,
      .key_low = row};
  example_bins(&record.result, row, b_here, n_here, w);
  if (row == NOT_APPLICABLE)
    record = (struct kd_cell_record){.result = {.status = KD_STATUS_NOT_APPLICABLE,
                                                .loss = -NAN,
                                                .loss_bound = NAN,
                                                .loss_change = NAN,
                                                .loss_change_bound = NAN,
                                                .loss_sensitivity = NAN,
                                                .gradient_bound = NAN,
                                                .defect = NAN,
                                                .defect_bound = NAN,
                                                .bin_error = NAN,
                                                .loss_bin_error = NAN,
                                                .uncovered_share = NAN,
                                                .d_edge = NAN,
                                                .d_centre = NAN},
                                     .key_low = row};
  const double value[N_COORDINATES] = {(double)(row % 3), 0.125 * (double)row,
                                       row == 2 ? NAN : 1000 + (double)row};
  kd_table_put(table, row, &record, value);
  free(v);
  free(w);
  free(iteration);
}

static inline struct kd_table *example_table(const struct kd_table_head *head) {
  struct kd_err err;
  struct kd_table *table;
  if (kd_table_create(head, &table, &err)) fail_msg("%s", err.text);
  for (size_t row = 0; row < head->extent[KD_DIM_CELL]; row++) example_fill_row(table, row);
  return table;
}

static inline size_t column_bytes(const struct kd_table *table, const struct kd_column *c) {
  return kd_column_count(kd_table_head(table), c) * (c->code ? 1 : 8);
}

static inline const void *column_values(const struct kd_column *c) {
  if (c->real) return c->real;
  if (c->integer) return c->integer;
  return c->code ? (const void *)c->code : c->unsigned_;
}

static inline void assert_same_column(const struct kd_column *a, const struct kd_column *b) {
  assert_string_equal(a->name, b->name);
  assert_string_equal(a->units, b->units);
  assert_string_equal(a->long_name, b->long_name);
  assert_int_equal(a->type, b->type);
  assert_int_equal(a->n_dims, b->n_dims);
  assert_memory_equal(a->dim, b->dim, a->n_dims * sizeof *a->dim);
  assert_int_equal(a->n_names, b->n_names);
  for (size_t i = 0; i < a->n_names; i++) assert_string_equal(a->names[i], b->names[i]);
}

/* Head, columns and values, bit for bit. */
static inline void assert_same_table(const struct kd_table *a, const struct kd_table *b) {
  const struct kd_table_head *p = kd_table_head(a), *q = kd_table_head(b);
  assert_string_equal(p->experiment, q->experiment);
  assert_string_equal(p->about, q->about);
  assert_string_equal(p->config, q->config);
  assert_string_equal(p->overrides, q->overrides);
  assert_string_equal(p->program_version, q->program_version);
  assert_int_equal(p->numerics_version, q->numerics_version);
  assert_int_equal(p->record, q->record);
  assert_memory_equal(p->extent, q->extent, sizeof p->extent);
  assert_int_equal(kd_table_n_columns(a), kd_table_n_columns(b));
  for (size_t i = 0; i < kd_table_n_columns(a); i++) {
    struct kd_column c, d;
    kd_table_column(a, i, &c);
    kd_table_column(b, i, &d);
    assert_same_column(&c, &d);
    assert_memory_equal(column_values(&c), column_values(&d), column_bytes(a, &c));
  }
}

/* --- folder and files ---------------------------------------------------- */

static char folder[200];

static inline int make_folder(void **state) {
  (void)state;
  const char *parent = getenv("TMP");
  snprintf(folder, sizeof folder, "%s/kdegrad-store-XXXXXX", parent ? parent : "/tmp");
  return mkdtemp(folder) ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type,
                             struct FTW *ftw) {
  (void)st, (void)type, (void)ftw;
  return remove(path);
}

static inline int remove_folder(void **state) {
  (void)state;
  return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* "folder/name"; freed by the caller. */
static inline char *path_of(const char *name) {
  char *path;
  assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
  return path;
}

static inline unsigned char *slurp(const char *path, size_t *size) {
  FILE *in = fopen(path, "rb");
  assert_non_null(in);
  assert_int_equal(fseek(in, 0, SEEK_END), 0);
  *size = (size_t)ftell(in);
  rewind(in);
  unsigned char *bytes = malloc(*size + 1);
  assert_non_null(bytes);
  assert_int_equal(fread(bytes, 1, *size, in), *size);
  fclose(in);
  return bytes;
}

static inline void spill(const char *path, const void *bytes, size_t size) {
  FILE *out = fopen(path, "wb");
  assert_non_null(out);
  assert_int_equal(fwrite(bytes, 1, size, out), size);
  assert_int_equal(fclose(out), 0);
}

static inline void write_example(const char *path, const struct kd_table_head *head,
                                 bool compress) {
  struct kd_err err;
  struct kd_table *table = example_table(head);
  if (kd_file_write(path, table, compress, &err)) fail_msg("%s", err.text);
  kd_table_free(table);
}

/* Reading must fail with a message that holds the path and `text`. */
static inline void assert_refused(const char *path, const char *text) {
  struct kd_err err = {""};
  struct kd_table *table;
  assert_int_equal(kd_file_read(path, &table, &err), KD_SYSTEM);
  assert_null(table);
  if (!strstr(err.text, path) || !strstr(err.text, text))
    fail_msg("'%s' does not hold '%s'", err.text, text);
}

#endif
