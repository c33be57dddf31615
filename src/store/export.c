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
#include "image.h"

/* The columns asked for, and the shape they share. */
struct selection {
  const struct kd_table *table;
  enum kd_export_format format;
  FILE *out;
  size_t n;
  struct kd_column *column;
  bool over_cells;   /* a line, or block of lines, each cell */
  enum kd_dim inner; /* KD_DIM_POINT or _STEP, KD_DIM_CELL for none */
  size_t inner_extent;
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
  char *list = kd_image_join(n, names);
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
  for (size_t k = 0; k < column->n_dims; k++) {
    enum kd_dim dim = column->dim[k];
    if (dim == KD_DIM_CELL) {
      s->over_cells = true;
    } else if (s->inner != KD_DIM_CELL && s->inner != dim) {
      return kd_fail(err, KD_USAGE, "column '%s' runs over %s, another over %s", name,
                     kd_dim_name(dim), kd_dim_name(s->inner));
    } else {
      s->inner = dim;
      s->inner_extent = kd_table_head(s->table)->extent[dim];
    }
  }
  s->n++;
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

/* Where the column's value for this index of the shape stands. */
static size_t place(const struct selection *s, const struct kd_column *column, size_t cell,
                    size_t inner) {
  if (column->n_dims == 2) return cell * s->inner_extent + inner;
  return column->dim[0] == KD_DIM_CELL ? cell : inner;
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

static void print_line(const struct selection *s, size_t cell, size_t inner) {
  for (size_t k = 0; k < s->n; k++) {
    print_value(s, &s->column[k], place(s, &s->column[k], cell, inner));
    end_field(s, k);
  }
}

/* Lines of one cell; without cells in the shape, all of the inner dimension. */
static size_t n_lines(const struct selection *s, size_t cell) {
  if (s->inner == KD_DIM_CELL) return 1;
  return s->over_cells ? kd_table_length(s->table, s->inner, cell) : s->inner_extent;
}

static void print_all(const struct selection *s) {
  bool blocks = s->format == KD_EXPORT_TSV && s->inner != KD_DIM_CELL && s->inner_extent > 1;
  bool begun = false;
  size_t n_cells = s->over_cells ? kd_table_head(s->table)->extent[KD_DIM_CELL] : 1;
  print_header(s);
  for (size_t cell = 0; cell < n_cells; cell++) {
    size_t n = n_lines(s, cell);
    if (blocks && begun && n > 0) putc('\n', s->out);
    for (size_t i = 0; i < n; i++) print_line(s, cell, i);
    begun = begun || n > 0;
  }
}

int kd_export(const struct kd_table *table, const char *const *columns, size_t n_columns,
              enum kd_export_format format, FILE *out, struct kd_err *err) {
  if (n_columns == 0) return kd_fail(err, KD_USAGE, "no columns to export");
  struct selection s = {.table = table,
                        .format = format,
                        .out = out,
                        .inner = KD_DIM_CELL,
                        .column = calloc(n_columns, sizeof *s.column)};
  if (!s.column) return kd_no_memory(err);
  int code = KD_OK;
  for (size_t i = 0; i < n_columns && !code; i++) code = select_column(&s, columns[i], err);
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
