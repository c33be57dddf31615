/* SPDX-License-Identifier: MIT
 *
 * A column into a file, in the netCDF-4 way: chunks of whole rows, about
 * 256 KiB, Fletcher32, no time stamps; a dimension is a dimension scale, all
 * others are attached to theirs; units, long_name, flags, _FillValue and
 * coordinates as attributes.
 */
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>

#include "column.h"
#include "dataset.h"
#include "h5.h"
#include "press.h"
#include "words.h"

enum { CHUNK_BYTES = 256 * 1024, CHUNK_VALUES_MAX = 1 << 24 };

static const double no_real = NAN;
static const int64_t no_integer = KD_NO_INTEGER;

/* What stands for a missing value, NULL if none can be missing. */
static const void *missing_value(const struct kd_slot *slot) {
  hid_t native = kd_column_native(slot);
  if (native == H5T_NATIVE_DOUBLE) return &no_real;
  return native == H5T_NATIVE_INT64 ? (const void *)&no_integer : NULL;
}

/* Whole rows, about CHUNK_BYTES; a row too long for a chunk is cut. */
static void chunk_extents(size_t rank, const hsize_t *extent, size_t value_size,
                          hsize_t *chunk) {
  hsize_t left = CHUNK_BYTES / value_size; /* values, for the axes still to come */
  for (size_t k = rank; k-- > 0;) {
    bool inner = k > 0 && k == rank - 1;
    hsize_t most = inner ? CHUNK_VALUES_MAX : left < 1 ? 1 : left;
    chunk[k] = extent[k] < most ? extent[k] : most;
    left /= chunk[k];
  }
}

static void extents(const struct kd_table *table, const struct kd_slot *slot, hsize_t *extent,
                    hsize_t *chunk) {
  const struct kd_column *c = &slot->column;
  for (size_t k = 0; k < c->n_dims; k++) extent[k] = table->head.extent[c->dim[k]];
  chunk_extents(c->n_dims, extent, kd_slot_value_bytes(slot), chunk);
}

size_t kd_dataset_chunk_rows(const struct kd_table *table, const struct kd_slot *slot) {
  hsize_t extent[KD_RANK_MAX], chunk[KD_RANK_MAX];
  extents(table, slot, extent, chunk);
  return (size_t)chunk[0];
}

int kd_dataset_create(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                      bool compress, hid_t *dataset, struct kd_err *err) {
  int code = KD_OK, rank = (int)slot->column.n_dims;
  hsize_t extent[KD_RANK_MAX], chunk[KD_RANK_MAX];
  hid_t stored = kd_column_stored(slot), native = kd_column_native(slot);
  const void *missing = missing_value(slot);
  extents(table, slot, extent, chunk);

  *dataset = H5I_INVALID_HID;
  hid_t space = H5Screate_simple(rank, extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
  if (space < 0 || list < 0 || H5Pset_chunk(list, rank, chunk) < 0 ||
      (compress && (H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, KD_DEFLATE_LEVEL) < 0)) ||
      H5Pset_fletcher32(list) < 0 || H5Pset_obj_track_times(list, false) < 0 ||
      (missing && H5Pset_fill_value(list, native, missing) < 0) ||
      (*dataset = H5Dcreate2(file, slot->column.name, stored, space, H5P_DEFAULT, list,
                             H5P_DEFAULT)) < 0)
    code = kd_h5_fail(err, slot->column.name);
  code = kd_h5_close(space, code, err);
  return kd_h5_close(list, code, err);
}

int kd_dataset_write(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                     size_t from, size_t n, const void *values, struct kd_err *err) {
  hid_t stored, memory;
  int code = kd_dataset_rows(dataset, table, slot, from, n, &stored, &memory, err);
  if (!code &&
      H5Dwrite(dataset, kd_column_native(slot), memory, stored, H5P_DEFAULT, values) < 0)
    code = kd_h5_fail(err, slot->column.name);
  code = kd_h5_close(stored, code, err);
  return kd_h5_close(memory, code, err);
}

/* Whether chunks hold whole rows */
static bool whole_rows(const struct kd_table *table, const struct kd_slot *slot) {
  hsize_t extent[KD_RANK_MAX], chunk[KD_RANK_MAX];
  extents(table, slot, extent, chunk);
  for (size_t k = 1; k < slot->column.n_dims; k++)
    if (chunk[k] < extent[k]) return false;
  return true;
}

struct chunks {
  hid_t dataset;
  const char *name;
  size_t first_row, rows;
};

static int take_chunk(void *context, size_t chunk, const void *data, size_t size,
                      struct kd_err *err) {
  const struct chunks *c = context;
  hsize_t at[KD_RANK_MAX] = {c->first_row + chunk * c->rows};
  if (H5Dwrite_chunk(c->dataset, H5P_DEFAULT, 0, at, size, data) < 0)
    return kd_h5_fail(err, c->name);
  return KD_OK;
}

int kd_dataset_write_pressed(hid_t dataset, const struct kd_table *table,
                             const struct kd_slot *slot, size_t from, size_t n,
                             const void *values, size_t n_threads, struct kd_err *err) {
  if (!whole_rows(table, slot))
    return kd_dataset_write(dataset, table, slot, from, n, values, err);
  size_t rows = kd_dataset_chunk_rows(table, slot), row = kd_slot_row_bytes(table, slot);
  struct chunks chunks = {dataset, slot->column.name, from, rows};
  struct kd_press press = {.values = values,
                           .size = n * row,
                           .chunk_size = rows * row,
                           .value_size = kd_slot_value_bytes(slot),
                           .missing = missing_value(slot),
                           .n_threads = n_threads,
                           .take = take_chunk,
                           .context = &chunks};
  return kd_press(&press, err);
}

static int attach(hid_t file, hid_t dataset, const struct kd_column *c, struct kd_err *err) {
  int code = KD_OK;
  for (unsigned axis = 0; axis < c->n_dims && !code; axis++) {
    hid_t scale = H5Dopen2(file, kd_dim_name(c->dim[axis]), H5P_DEFAULT);
    if (scale < 0 || H5DSattach_scale(dataset, scale, axis) < 0)
      code = kd_h5_fail(err, c->name);
    code = kd_h5_close(scale, code, err);
  }
  return code;
}

/* Whole numbers get a _FillValue only where one is missing: readers turn
 * columns that have one into floating point. */
static int put_fill(hid_t dataset, const struct kd_slot *slot, bool some_missing,
                    struct kd_err *err) {
  const void *missing = missing_value(slot);
  if (!missing || (slot->column.type != KD_TYPE_REAL && !some_missing)) return KD_OK;
  return kd_h5_put_numbers(dataset, "_FillValue", kd_column_stored(slot),
                           kd_column_native(slot), 1, missing, err);
}

static int put_flags(hid_t dataset, const struct kd_slot *slot, struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  int64_t *value = calloc(c->n_names, sizeof *value);
  char *meanings = kd_words_join(c->n_names, c->names);
  int code = value && meanings ? KD_OK : kd_no_memory(err);
  for (size_t i = 0; !code && i < c->n_names; i++) value[i] = (int64_t)i;
  if (!code)
    code = kd_h5_put_numbers(dataset, "flag_values", kd_column_stored(slot), H5T_NATIVE_INT64,
                             c->n_names, value, err);
  if (!code) code = kd_h5_put_text(dataset, "flag_meanings", meanings, err);
  free(value);
  free(meanings);
  return code;
}

int kd_dataset_describe(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                        hid_t dataset, const char *coordinates, bool missing,
                        struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  bool is_dimension = slot < table->slot + table->first_coordinate;
  int code = KD_OK;
  if (is_dimension && H5DSset_scale(dataset, c->name) < 0) code = kd_h5_fail(err, c->name);
  if (!code && !is_dimension) code = attach(file, dataset, c, err);
  if (!code) code = kd_h5_put_text(dataset, "units", c->units, err);
  if (!code) code = kd_h5_put_text(dataset, "long_name", c->long_name, err);
  if (!code && c->n_names) code = put_flags(dataset, slot, err);
  if (!code) code = put_fill(dataset, slot, missing, err);
  if (!code && slot->variable) code = kd_h5_put_text(dataset, "coordinates", coordinates, err);
  return code;
}
