/* SPDX-License-Identifier: MIT
 *
 * Rows of a table: one cell's record in and out. kd_variable.offset says where
 * in the record a variable's number, or the pointer to its array, stands.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "table_private.h"

/* One NaN for all: its sign and payload differ from machine to machine. */
static double plain_nan(double v) {
  return isnan(v) ? NAN : v;
}

static void put_number(struct kd_slot *slot, size_t row, const char *field) {
  switch (slot->column.type) {
  case KD_TYPE_REAL: {
    double v;
    memcpy(&v, field, sizeof v);
    ((double *)slot->data)[row] = plain_nan(v);
    return;
  }
  case KD_TYPE_INTEGER:
  case KD_TYPE_UNSIGNED:
    memcpy((uint64_t *)slot->data + row, field, sizeof(uint64_t));
    return;
  case KD_TYPE_CODE: {
    enum kd_status status;
    memcpy(&status, field, sizeof status);
    ((uint8_t *)slot->data)[row] = (uint8_t)status;
  }
  }
}

/* `values` (NULL = none), n of them, to where `width` values begin; the rest missing. */
static void put_array(struct kd_slot *slot, size_t begin, size_t width, const void *values,
                      size_t n) {
  assert(n <= width);
  if (!values) n = 0;
  if (slot->column.type == KD_TYPE_REAL)
    for (size_t i = 0; i < n; i++)
      ((double *)slot->data)[begin + i] = plain_nan(((const double *)values)[i]);
  else if (n > 0)
    memcpy((int64_t *)slot->data + begin, values, n * sizeof(int64_t));
  kd_slot_clear(slot, begin + n, begin + width);
}

/* How long the cell is in that dimension. */
static size_t record_length(const struct kd_cell_record *record, enum kd_dim dim) {
  switch (dim) {
  case KD_DIM_POINT:
    return record->result.n;
  case KD_DIM_STEP:
    return record->result.n_recorded;
  case KD_DIM_BIN:
    return record->result.n_bins;
  default:
    return 0;
  }
}

/* An array of dim[1], or a block of dim[1] arrays of dim[2]. */
static void put_arrays(struct kd_slot *slot, const struct kd_table_head *head, size_t row,
                       const struct kd_cell_record *record, const void *values) {
  const struct kd_column *c = &slot->column;
  size_t extent = head->extent[c->dim[1]], length = record_length(record, c->dim[1]);
  if (c->n_dims == 2) {
    put_array(slot, row * extent, extent, values, length);
    return;
  }
  size_t width = head->extent[c->dim[2]], n = record_length(record, c->dim[2]);
  size_t stride = record->stride ? record->stride : n;
  for (size_t m = 0; m < extent; m++)
    put_array(slot, (row * extent + m) * width, width,
              values && m < length ? (const double *)values + m * stride : NULL, n);
}

void kd_slot_place(struct kd_slot *slot, size_t row, double value) {
  if (slot->column.type == KD_TYPE_REAL)
    ((double *)slot->data)[row] = plain_nan(value);
  else
    ((int64_t *)slot->data)[row] = fabs(value) < 0x1p63 ? (int64_t)value : KD_NO_INTEGER;
}

static void put_variables(struct kd_table *table, size_t row,
                          const struct kd_cell_record *record) {
  for (size_t i = table->first_variable; i < table->n_slots; i++) {
    struct kd_slot *slot = &table->slot[i];
    const char *field = (const char *)record + slot->variable->offset;
    if (slot->column.n_dims == 1) {
      put_number(slot, row, field);
      continue;
    }
    const void *values;
    memcpy(&values, field, sizeof values);
    put_arrays(slot, &table->head, row, record, values);
  }
}

void kd_table_put(struct kd_table *table, size_t row, const struct kd_cell_record *record,
                  const double *value) {
  assert(row < table->head.extent[KD_DIM_CELL]);
  for (size_t i = table->first_coordinate; i < table->first_variable; i++)
    kd_slot_place(&table->slot[i], row, value[i - table->first_coordinate]);
  put_variables(table, row, record);
}

static void take_number(const struct kd_slot *slot, size_t row, char *field) {
  if (slot->column.type == KD_TYPE_CODE) {
    enum kd_status status = (enum kd_status)((const uint8_t *)slot->data)[row];
    memcpy(field, &status, sizeof status);
  } else {
    memcpy(field, (const uint64_t *)slot->data + row, sizeof(uint64_t));
  }
}

/* A record without a number in it */
static void clear_numbers(struct kd_cell_record *record) {
  static const double missing = NAN;
  *record = (struct kd_cell_record){0};
  for (size_t i = 0; i < kd_n_variables; i++) {
    const struct kd_variable *v = &kd_variables[i];
    if (v->n_dims == 1 && v->type == KD_TYPE_REAL)
      memcpy((char *)record + v->offset, &missing, sizeof missing);
  }
}

void kd_table_record(const struct kd_table *table, size_t row, struct kd_cell_record *record) {
  clear_numbers(record);
  record->result.n = kd_table_length(table, KD_DIM_POINT, row);
  record->result.n_recorded = kd_table_length(table, KD_DIM_STEP, row);
  record->result.n_bins = kd_table_length(table, KD_DIM_BIN, row);
  record->stride = table->head.extent[KD_DIM_POINT];
  for (size_t i = table->first_variable; i < table->n_slots; i++) {
    const struct kd_slot *slot = &table->slot[i];
    char *field = (char *)record + slot->variable->offset;
    if (slot->column.n_dims == 1) {
      take_number(slot, row, field);
    } else {
      size_t width =
          kd_column_count(&table->head, &slot->column) / table->head.extent[KD_DIM_CELL];
      const void *values = (const uint64_t *)slot->data + row * width;
      memcpy(field, &values, sizeof values);
    }
  }
}

/* The last dimension of a row in one piece: n of `width` values there are */
static void copy_piece(struct kd_slot *slot, size_t begin, size_t width, const char *from,
                       size_t n) {
  size_t size = kd_slot_value_bytes(slot);
  if (n > width) n = width;
  memcpy((char *)slot->data + begin * size, from, n * size);
  kd_slot_clear(slot, begin + n, begin + width);
}

void kd_slot_copy(const struct kd_table *table, struct kd_slot *slot, size_t row,
                  const struct kd_table_head *from, const void *values, size_t from_row) {
  const struct kd_column *c = &slot->column;
  const size_t *extent = table->head.extent;
  bool deep = c->n_dims > 2, wide = c->n_dims > 1;
  size_t pieces = deep ? extent[c->dim[1]] : 1, n_pieces = deep ? from->extent[c->dim[1]] : 1;
  enum kd_dim last = c->dim[c->n_dims - 1];
  size_t width = wide ? extent[last] : 1, n = wide ? from->extent[last] : 1;
  const char *piece =
      (const char *)values + from_row * n_pieces * n * kd_slot_value_bytes(slot);
  for (size_t m = 0; m < pieces; m++) {
    copy_piece(slot, (row * pieces + m) * width, width, piece, m < n_pieces ? n : 0);
    piece += n * kd_slot_value_bytes(slot);
  }
}

/* Values of one row up to its last that is not missing. */
static size_t length_in(const struct kd_column *column, size_t begin, size_t width) {
  while (width > 0 &&
         (column->type == KD_TYPE_REAL ? isnan(column->real[begin + width - 1])
                                       : column->integer[begin + width - 1] == KD_NO_INTEGER))
    width--;
  return width;
}

size_t kd_table_length(const struct kd_table *table, enum kd_dim dim, size_t row) {
  size_t longest = 0, width = table->head.extent[dim];
  for (size_t i = table->first_variable; i < table->n_slots && longest < width; i++) {
    const struct kd_column *column = &table->slot[i].column;
    if (column->n_dims != 2 || column->dim[1] != dim) continue;
    size_t length = length_in(column, row * width, width);
    if (length > longest) longest = length;
  }
  return longest;
}
