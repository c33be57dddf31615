/* SPDX-License-Identifier: MIT
 *
 * Columns as text: one line an index of the largest shape asked for. 17
 * digits, so that reading gives the same double; what is missing is `nan` in
 * every type, which gnuplot and pandas both take for missing.
 */
#include "export.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "words.h"

/* The columns asked for, and the shape they share. */
struct selection {
  const struct kd_table *table;
  enum kd_export_format format;
  FILE *out;
  size_t n;
  struct kd_column *column;
  bool over_cells; /* a line, or block of lines, each cell */
  size_t n_inner;  /* dimensions within a cell, the last one fastest */
  enum kd_dim inner[KD_RANK_MAX - 1];
};

/* One line: where in each dimension it is. */
struct place {
  size_t at[KD_N_DIMS];
};

static int unknown_column(const struct kd_table *table, const char *name, struct kd_err *err) {
  size_t n = kd_table_n_columns(table);
  const char **names = calloc(n, sizeof *names);
  if (!names) return kd_no_memory(err);
  struct kd_nearest nearest;
  kd_nearest_init(&nearest, name);
  for (size_t i = 0; i < n; i++) {
    struct kd_column column;
    kd_table_column(table, i, &column);
    kd_nearest_try(&nearest, names[i] = column.name);
  }
  const char *hint = kd_nearest_hint(&nearest);
  char *list = kd_words_join(n, names);
  int code = list ? kd_fail(err, KD_USAGE, "unknown column '%s'; %s%sthere are: %s", name,
                            hint ? hint : "", hint ? " " : "", list)
                  : kd_no_memory(err);
  free(list);
  free(names);
  return code;
}

static int select_column(struct selection *s, const char *name, struct kd_err *err) {
  struct kd_column *column = &s->column[s->n];
  if (!kd_table_find(s->table, name, column)) return unknown_column(s->table, name, err);
  bool over_cells = column->dim[0] == KD_DIM_CELL;
  size_t n_inner = column->n_dims - over_cells;
  if (n_inner > s->n_inner) {
    s->n_inner = n_inner;
    memcpy(s->inner, column->dim + over_cells, n_inner * sizeof *s->inner);
  }
  s->over_cells = s->over_cells || over_cells;
  s->n++;
  return KD_OK;
}

static bool within_cell(const struct selection *s, enum kd_dim dim) {
  for (size_t k = 0; k < s->n_inner; k++)
    if (s->inner[k] == dim) return true;
  return false;
}

/* The largest shape must hold all columns. */
static int check_shape(const struct selection *s, struct kd_err *err) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t k = 0; k < s->column[i].n_dims; k++) {
      enum kd_dim dim = s->column[i].dim[k];
      if (dim == KD_DIM_CELL || within_cell(s, dim)) continue;
      return kd_fail(err, KD_USAGE, "column '%s' runs over %s, another over %s%s%s",
                     s->column[i].name, kd_dim_name(dim), kd_dim_name(s->inner[0]),
                     s->n_inner > 1 ? " and " : "",
                     s->n_inner > 1 ? kd_dim_name(s->inner[1]) : "");
    }
  return KD_OK;
}

/* CSV as of RFC 4180; names in the other format hold no white space. */
static void print_name(const struct selection *s, const char *name) {
  if (s->format != KD_EXPORT_CSV || !strpbrk(name, ",\"")) {
    fputs(name, s->out);
    return;
  }
  putc('"', s->out);
  for (; *name; name++) {
    if (*name == '"') putc('"', s->out);
    putc(*name, s->out);
  }
  putc('"', s->out);
}

static void print_code(const struct selection *s, const struct kd_column *column,
                       int64_t code) {
  if (code >= 0 && (uint64_t)code < column->n_names)
    print_name(s, column->names[code]);
  else
    fputs("nan", s->out);
}

static void print_value(const struct selection *s, const struct kd_column *column, size_t i) {
  switch (column->type) {
  case KD_TYPE_REAL:
    if (isnan(column->real[i]))
      fputs("nan", s->out); /* printf may say -nan */
    else
      fprintf(s->out, "%.17g", column->real[i]);
    return;
  case KD_TYPE_INTEGER:
    if (column->integer[i] == KD_NO_INTEGER)
      fputs("nan", s->out);
    else
      fprintf(s->out, "%" PRId64, column->integer[i]);
    return;
  case KD_TYPE_UNSIGNED:
    fprintf(s->out, "%" PRIu64, column->unsigned_[i]);
    return;
  case KD_TYPE_CODE:
    print_code(s, column, column->code ? column->code[i] : column->integer[i]);
  }
}

/* Where the column's value for this line stands. */
static size_t index_of(const struct selection *s, const struct kd_column *column,
                       const struct place *place) {
  const struct kd_table_head *head = kd_table_head(s->table);
  size_t i = 0;
  for (size_t k = 0; k < column->n_dims; k++)
    i = i * head->extent[column->dim[k]] + place->at[column->dim[k]];
  return i;
}

static void end_field(const struct selection *s, size_t k) {
  putc(k + 1 == s->n ? '\n' : s->format == KD_EXPORT_CSV ? ',' : '\t', s->out);
}

static void print_header(const struct selection *s) {
  for (size_t k = 0; k < s->n; k++) {
    print_name(s, s->column[k].name);
    end_field(s, k);
  }
}

static void print_line(const struct selection *s, const struct place *place) {
  for (size_t k = 0; k < s->n; k++) {
    print_value(s, &s->column[k], index_of(s, &s->column[k], place));
    end_field(s, k);
  }
}

/* How far a cell goes in the k-th inner dimension; without cells in the shape, all of it;
 * 1 where there is none. */
static size_t inner_length(const struct selection *s, size_t k, size_t cell) {
  if (k >= s->n_inner) return 1;
  enum kd_dim dim = s->inner[k];
  return s->over_cells ? kd_table_length(s->table, dim, cell)
                       : kd_table_head(s->table)->extent[dim];
}

/* All lines of one cell. */
static void print_block(const struct selection *s, size_t cell, size_t n, size_t n_last) {
  struct place place = {.at[KD_DIM_CELL] = cell};
  for (size_t i = 0; i < n; i++) {
    if (s->n_inner > 0) place.at[s->inner[0]] = i;
    for (size_t j = 0; j < n_last; j++) {
      if (s->n_inner > 1) place.at[s->inner[1]] = j;
      print_line(s, &place);
    }
  }
}

static bool has_blocks(const struct selection *s) {
  const struct kd_table_head *head = kd_table_head(s->table);
  size_t lines = 1;
  for (size_t k = 0; k < s->n_inner; k++) lines *= head->extent[s->inner[k]];
  return s->format == KD_EXPORT_TSV && lines > 1;
}

static void print_all(const struct selection *s) {
  bool blocks = has_blocks(s), begun = false;
  size_t n_cells = s->over_cells ? kd_table_head(s->table)->extent[KD_DIM_CELL] : 1;
  print_header(s);
  for (size_t cell = 0; cell < n_cells; cell++) {
    size_t n = inner_length(s, 0, cell), n_last = inner_length(s, 1, cell);
    bool empty = n == 0 || n_last == 0;
    if (blocks && begun && !empty) putc('\n', s->out);
    print_block(s, cell, n, n_last);
    begun = begun || !empty;
  }
}

int kd_export(const struct kd_table *table, const char *const *columns, size_t n_columns,
              enum kd_export_format format, FILE *out, struct kd_err *err) {
  if (n_columns == 0) return kd_fail(err, KD_USAGE, "no columns to export");
  struct selection s = {.table = table,
                        .format = format,
                        .out = out,
                        .column = calloc(n_columns, sizeof *s.column)};
  if (!s.column) return kd_no_memory(err);
  int code = KD_OK;
  for (size_t i = 0; i < n_columns && !code; i++) code = select_column(&s, columns[i], err);
  if (!code) code = check_shape(&s, err);
  if (!code) {
    errno = 0;
    print_all(&s);
    if (fflush(out) != 0 || ferror(out))
      code = kd_fail(err, KD_SYSTEM, "cannot write the columns: %s",
                     errno ? strerror(errno) : "output error");
  }
  free(s.column);
  return code;
}
