/* SPDX-License-Identifier: MIT
 *
 * A table of cells in memory: one column per stored variable and per swept
 * path. It is what a result file holds; a part is a table with fewer cells.
 */
#ifndef KD_TABLE_H
#define KD_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "variable.h"

/* A missing value of an INTEGER column or of a coordinate's CODE. */
#define KD_NO_INTEGER INT64_MIN

/* One swept path: an auxiliary coordinate over `cell`, under its dotted name.
 * All texts are borrowed by kd_table_create, which copies them. */
struct kd_coordinate {
  const char *path, *units, *long_name;
  enum kd_type type; /* REAL, INTEGER, or CODE (int64 with flag_values) */
  size_t n_names;    /* CODE: names by code */
  const char *const *names;
};

struct kd_table_head {
  const char *experiment, *about; /* about becomes the file's title */
  const char *config, *overrides; /* whole text; --set arguments, one a line */
  const char *files;           /* "HASH  NAME" of each that was read, one a line; NULL = "" */
  const char *program_version; /* e.g. "kdegrad 0.1.0" */
  int64_t numerics_version;
  size_t extent[KD_N_DIMS]; /* cells in this table, points, steps, bins */
  unsigned record, claims;  /* which variables there are */
  size_t n_coordinates;
  const struct kd_coordinate *coordinate;
};

struct kd_table; /* opaque */

/* KD_SYSTEM when memory is short, when there is no cell, when a coordinate's
 * path or a code's name holds white space or '/' or is taken already. */
int kd_table_create(const struct kd_table_head *head, struct kd_table **table,
                    struct kd_err *err);
void kd_table_free(struct kd_table *table);

/* The table's own copy of the head. */
const struct kd_table_head *kd_table_head(const struct kd_table *table);

/* Fills row `row`: the record's variables (missing ones and what lies beyond
 * a shorter cell: NaN, INT64_MIN for integers) and `value`, n_coordinates
 * numbers (NaN = unset). Every NaN is stored as the same NaN. Different rows may
 * be filled by different threads. A row never filled is missing, status failed. */
void kd_table_put(struct kd_table *table, size_t row, const struct kd_cell_record *record,
                  const double *value);

/* The inverse of kd_table_put: what row `row` holds of a cell, its arrays
 * borrowed from the table. Copies a stored cell into another table. */
void kd_table_record(const struct kd_table *table, size_t row, struct kd_cell_record *record);

/* Keeps the first n_rows rows (at least one). */
void kd_table_cut(struct kd_table *table, size_t n_rows);

/* What every row holds: its status and key. */
enum kd_status kd_table_status(const struct kd_table *table, size_t row);
void kd_table_key(const struct kd_table *table, size_t row, uint64_t *high, uint64_t *low);

/* How many points, steps or bins row `row` has: up to the last that any column
 * holds a value for. */
size_t kd_table_length(const struct kd_table *table, enum kd_dim dim, size_t row);

/* A column by name: a variable, a dimension ("cell", "point", ...) or a
 * coordinate. Borrowed from the table. */
struct kd_column {
  const char *name, *units, *long_name;
  enum kd_type type;
  size_t n_dims;
  enum kd_dim dim[KD_RANK_MAX];
  size_t n_names;
  const char *const *names;  /* names by code, for CODE */
  const double *real;        /* REAL */
  const int64_t *integer;    /* INTEGER, and CODE of a coordinate */
  const uint64_t *unsigned_; /* UNSIGNED */
  const uint8_t *code;       /* CODE of a variable (status) */
};

/* Values of a column: the product of its extents. */
size_t kd_column_count(const struct kd_table_head *head, const struct kd_column *column);

/* Where in the column the value of a place stands: its number in each dimension; those
 * that the column does not run over do not matter. */
size_t kd_column_index(const struct kd_table_head *head, const struct kd_column *column,
                       const size_t at[KD_N_DIMS]);

/* A value as a number, codes as theirs; NaN if it is missing. Not for UNSIGNED. */
double kd_column_number(const struct kd_column *column, size_t i);

/* The order of two such numbers, -1, 0 or 1; all NaN are equal, and the last. */
int kd_value_order(double a, double b);

size_t kd_table_n_columns(const struct kd_table *table);
void kd_table_column(const struct kd_table *table, size_t i, struct kd_column *column);
/* false if there is none of that name. */
bool kd_table_find(const struct kd_table *table, const char *name, struct kd_column *column);
/* The same as an error: KD_USAGE, with the nearest name and all there are. */
int kd_table_require(const struct kd_table *table, const char *name, struct kd_column *column,
                     struct kd_err *err);

/* The column of bounds on the one of that name; false if there is none. Whether a name is
 * that of bounds. */
bool kd_table_find_bound(const struct kd_table *table, const char *name,
                         struct kd_column *bound);
bool kd_name_is_bound(const char *name);

#endif
