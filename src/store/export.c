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

#include "json.h"

/* Within a line, and at its end */
static const char end_of_field[][2] = {
    [KD_EXPORT_TSV] = {'\t', '\n'}, [KD_EXPORT_CSV] = {',', '\n'}};

/* The columns asked for, and the shape they share. */
struct selection {
  const struct kd_table *table;
  const struct kd_export *wanted;
  FILE *out;
  size_t n, n_lines; /* columns found; lines printed */
  struct kd_column *column;
  bool over_cells; /* a line, or block of lines, each cell */
  size_t n_inner;  /* dimensions within a cell, the last one fastest */
  enum kd_dim inner[KD_RANK_MAX - 1];
};

static int select_column(struct selection *s, const char *name, struct kd_err *err) {
  struct kd_column *column = &s->column[s->n];
  int code = kd_table_require(s->table, name, column, err);
  if (code) return code;
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

/* "bin", "bin and point": what a line runs over within a cell */
static void shape_text(const struct selection *s, char text[32]) {
  snprintf(text, 32, "%s%s%s", s->n_inner > 0 ? kd_dim_name(s->inner[0]) : "cell",
           s->n_inner > 1 ? " and " : "", s->n_inner > 1 ? kd_dim_name(s->inner[1]) : "");
}

/* The largest shape must hold the column. */
static int check_shape(const struct selection *s, const struct kd_column *column,
                       const char *others, struct kd_err *err) {
  char shape[32];
  shape_text(s, shape);
  for (size_t k = 0; k < column->n_dims; k++) {
    enum kd_dim dim = column->dim[k];
    if (dim == KD_DIM_CELL ? s->over_cells || !others : within_cell(s, dim)) continue;
    return kd_fail(err, KD_USAGE, "column '%s' runs over %s, %s over %s", column->name,
                   kd_dim_name(dim), others ? others : "another", shape);
  }
  return KD_OK;
}

static int check_shapes(const struct selection *s, struct kd_err *err) {
  int code = KD_OK;
  for (size_t i = 0; i < s->n && !code; i++) code = check_shape(s, &s->column[i], NULL, err);
  for (size_t i = 0; i < s->wanted->n_read && !code; i++)
    code = check_shape(s, &s->wanted->read[i], "the columns asked for", err);
  return code;
}

/* CSV as of RFC 4180; names in the plain format hold no white space. */
static void print_name(const struct selection *s, const char *name) {
  if (s->wanted->format == KD_EXPORT_JSON) {
    kd_json_text(s->out, name);
    return;
  }
  if (s->wanted->format != KD_EXPORT_CSV || !strpbrk(name, ",\"")) {
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

static void print_number(const struct selection *s, double number) {
  if (s->wanted->format == KD_EXPORT_JSON)
    kd_json_number(s->out, number);
  else if (isnan(number))
    fputs("nan", s->out); /* printf may say -nan */
  else
    fprintf(s->out, "%.17g", number);
}

static void print_code(const struct selection *s, const struct kd_column *column,
                       int64_t code) {
  if (code >= 0 && (uint64_t)code < column->n_names)
    print_name(s, column->names[code]);
  else
    print_number(s, NAN);
}

/* A whole number beyond 2^53 is a text in JSON: many of its readers would round it. */
static void print_unsigned(const struct selection *s, uint64_t number) {
  const char *quote = s->wanted->format == KD_EXPORT_JSON ? "\"" : "";
  fprintf(s->out, "%s%" PRIu64 "%s", quote, number, quote);
}

static void print_value(const struct selection *s, const struct kd_column *column, size_t i) {
  switch (column->type) {
  case KD_TYPE_REAL:
    print_number(s, column->real[i]);
    return;
  case KD_TYPE_INTEGER:
    if (column->integer[i] == KD_NO_INTEGER)
      print_number(s, NAN);
    else
      fprintf(s->out, "%" PRId64, column->integer[i]);
    return;
  case KD_TYPE_UNSIGNED:
    print_unsigned(s, column->unsigned_[i]);
    return;
  case KD_TYPE_CODE:
    print_code(s, column, column->code ? column->code[i] : column->integer[i]);
  }
}

static void print_header(const struct selection *s) {
  if (s->wanted->format == KD_EXPORT_JSON) return;
  for (size_t k = 0; k < s->n; k++) {
    print_name(s, s->column[k].name);
    putc(end_of_field[s->wanted->format][k + 1 == s->n], s->out);
  }
}

static void print_fields(const struct selection *s, const size_t at[KD_N_DIMS]) {
  const struct kd_table_head *head = kd_table_head(s->table);
  for (size_t k = 0; k < s->n; k++) {
    print_value(s, &s->column[k], kd_column_index(head, &s->column[k], at));
    putc(end_of_field[s->wanted->format][k + 1 == s->n], s->out);
  }
}

static void print_object(const struct selection *s, const size_t at[KD_N_DIMS]) {
  const struct kd_table_head *head = kd_table_head(s->table);
  fputs(s->n_lines > 1 ? ",\n {" : "[{", s->out);
  for (size_t k = 0; k < s->n; k++) {
    kd_json_text(s->out, s->column[k].name);
    fputs(": ", s->out);
    print_value(s, &s->column[k], kd_column_index(head, &s->column[k], at));
    fputs(k + 1 == s->n ? "}" : ", ", s->out);
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

static bool has_blocks(const struct selection *s) {
  const struct kd_table_head *head = kd_table_head(s->table);
  size_t lines = 1;
  for (size_t k = 0; k < s->n_inner; k++) lines *= head->extent[s->inner[k]];
  return s->wanted->format == KD_EXPORT_TSV && lines > 1;
}

/* `first`: whether no line of its cell has been printed before. */
static void print_line(struct selection *s, const size_t at[KD_N_DIMS], bool *first) {
  if (s->wanted->keep && !s->wanted->keep(s->wanted->filters, at)) return;
  if (*first && s->n_lines > 0 && has_blocks(s)) putc('\n', s->out);
  *first = false;
  s->n_lines++;
  if (s->wanted->format == KD_EXPORT_JSON)
    print_object(s, at);
  else
    print_fields(s, at);
}

/* All lines of one cell. */
static void print_block(struct selection *s, size_t cell) {
  size_t at[KD_N_DIMS] = {[KD_DIM_CELL] = cell};
  size_t n = inner_length(s, 0, cell), n_last = inner_length(s, 1, cell);
  bool first = true;
  for (size_t i = 0; i < n; i++) {
    if (s->n_inner > 0) at[s->inner[0]] = i;
    for (size_t j = 0; j < n_last; j++) {
      if (s->n_inner > 1) at[s->inner[1]] = j;
      print_line(s, at, &first);
    }
  }
}

static void print_all(struct selection *s) {
  size_t n_cells = s->over_cells ? kd_table_head(s->table)->extent[KD_DIM_CELL] : 1;
  print_header(s);
  for (size_t cell = 0; cell < n_cells; cell++) print_block(s, cell);
  if (s->wanted->format == KD_EXPORT_JSON) fputs(s->n_lines ? "]\n" : "[]\n", s->out);
}

int kd_export(const struct kd_table *table, const struct kd_export *wanted, FILE *out,
              size_t *n_lines, struct kd_err *err) {
  *n_lines = 0;
  if (wanted->n == 0) return kd_fail(err, KD_USAGE, "no columns to export");
  struct selection s = {.table = table,
                        .wanted = wanted,
                        .out = out,
                        .column = calloc(wanted->n, sizeof *s.column)};
  if (!s.column) return kd_no_memory(err);
  int code = KD_OK;
  for (size_t i = 0; i < wanted->n && !code; i++)
    code = select_column(&s, wanted->column[i], err);
  if (!code) code = check_shapes(&s, err);
  if (!code) {
    errno = 0;
    print_all(&s);
    *n_lines = s.n_lines;
    if (fflush(out) != 0 || ferror(out))
      code = kd_fail(err, KD_SYSTEM, "cannot write the columns: %s",
                     errno ? strerror(errno) : "output error");
  }
  free(s.column);
  return code;
}
