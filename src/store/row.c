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

/* `values` (NULL = none), n of them, into a row of `width`; the rest missing. */
static void put_array(struct kd_slot *slot, size_t row, size_t width, const void *values,
                      size_t n) {
  assert(n <= width);
  if (!values) n = 0;
  size_t begin = row * width;
  if (slot->column.type == KD_TYPE_REAL)
    for (size_t i = 0; i < n; i++)
      ((double *)slot->data)[begin + i] = plain_nan(((const double *)values)[i]);
  else if (n > 0)
    memcpy((int64_t *)slot->data + begin, values, n * sizeof(int64_t));
  kd_slot_clear(slot, begin + n, begin + width);
}

static void put_coordinate(struct kd_slot *slot, size_t row, double value) {
  if (slot->column.type == KD_TYPE_REAL)
    ((double *)slot->data)[row] = plain_nan(value);
  else
    ((int64_t *)slot->data)[row] = fabs(value) < 0x1p63 ? (int64_t)value : KD_NO_INTEGER;
}

void kd_table_put(struct kd_table *table, size_t row, const struct kd_cell_record *record,
                  const double *value) {
  assert(row < table->head.extent[KD_DIM_CELL]);
  for (size_t i = table->first_coordinate; i < table->first_variable; i++)
    put_coordinate(&table->slot[i], row, value[i - table->first_coordinate]);
  for (size_t i = table->first_variable; i < table->n_slots; i++) {
    struct kd_slot *slot = &table->slot[i];
    const char *field = (const char *)record + slot->variable->offset;
    if (slot->column.n_dims == 1) {
      put_number(slot, row, field);
      continue;
    }
    enum kd_dim dim = slot->column.dim[1];
    const void *values;
    memcpy(&values, field, sizeof values);
    put_array(slot, row, table->head.extent[dim], values,
              dim == KD_DIM_POINT ? record->result.n : record->result.n_recorded);
  }
}

static void take_number(const struct kd_slot *slot, size_t row, char *field) {
  if (slot->column.type == KD_TYPE_CODE) {
    enum kd_status status = (enum kd_status)((const uint8_t *)slot->data)[row];
    memcpy(field, &status, sizeof status);
  } else {
    memcpy(field, (const uint64_t *)slot->data + row, sizeof(uint64_t));
  }
}

void kd_table_record(const struct kd_table *table, size_t row, struct kd_cell_record *record) {
  *record = (struct kd_cell_record){
      .result = {.loss = NAN,
                 .loss_change = NAN,
                 .defect = NAN,
                 .uncovered_share = NAN,
                 .d_edge = NAN,
                 .d_centre = NAN,
                 .n = kd_table_length(table, KD_DIM_POINT, row),
                 .n_recorded = kd_table_length(table, KD_DIM_STEP, row)}};
  for (size_t i = table->first_variable; i < table->n_slots; i++) {
    const struct kd_slot *slot = &table->slot[i];
    char *field = (char *)record + slot->variable->offset;
    if (slot->column.n_dims == 1) {
      take_number(slot, row, field);
    } else {
      const void *values =
          (const uint64_t *)slot->data + row * table->head.extent[slot->column.dim[1]];
      memcpy(field, &values, sizeof values);
    }
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
