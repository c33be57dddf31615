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

#include "dataset.h"
#include "h5.h"
#include "image.h"

enum { CHUNK_BYTES = 256 * 1024, CHUNK_VALUES_MAX = 1 << 24, DEFLATE_LEVEL = 4 };

static const double no_real = NAN;
static const int64_t no_integer = KD_NO_INTEGER;

/* What stands for a missing value, NULL if none can be missing. */
static const void *missing_value(const struct kd_column *c) {
  if (c->real) return &no_real;
  return c->integer ? (const void *)&no_integer : NULL;
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

static int create(hid_t file, const struct kd_table_head *head, const struct kd_column *c,
                  bool compress, hid_t *dataset, struct kd_err *err) {
  int code = KD_OK, rank = (int)c->n_dims;
  hsize_t extent[KD_RANK_MAX], chunk[KD_RANK_MAX];
  for (size_t k = 0; k < c->n_dims; k++) extent[k] = head->extent[c->dim[k]];
  hid_t stored = kd_image_stored(c), native = kd_image_native(c);
  chunk_extents(c->n_dims, extent, H5Tget_size(stored), chunk);

  hid_t space = H5Screate_simple(rank, extent, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
  if (space < 0 || list < 0 || H5Pset_chunk(list, rank, chunk) < 0 ||
      (compress && (H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, DEFLATE_LEVEL) < 0)) ||
      H5Pset_fletcher32(list) < 0 || H5Pset_obj_track_times(list, false) < 0 ||
      (missing_value(c) && H5Pset_fill_value(list, native, missing_value(c)) < 0) ||
      (*dataset = H5Dcreate2(file, c->name, stored, space, H5P_DEFAULT, list, H5P_DEFAULT)) < 0)
    code = kd_h5_fail(err, c->name);
  code = kd_h5_close(space, code, err);
  return kd_h5_close(list, code, err);
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

static bool has_missing(const struct kd_table *table, const struct kd_slot *slot) {
  size_t n = kd_column_count(&table->head, &slot->column);
  for (size_t i = 0; i < n; i++)
    if (slot->column.integer[i] == KD_NO_INTEGER) return true;
  return false;
}

/* Whole numbers get a _FillValue only where one is missing: readers turn
 * columns that have one into floating point. */
static int put_fill(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                    struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  if (!missing_value(c) || (c->integer && !has_missing(table, slot))) return KD_OK;
  return kd_h5_put_numbers(dataset, "_FillValue", kd_image_stored(c), kd_image_native(c), 1,
                           missing_value(c), err);
}

static int put_flags(hid_t dataset, const struct kd_column *c, struct kd_err *err) {
  int64_t *value = calloc(c->n_names, sizeof *value);
  char *meanings = kd_image_join(c->n_names, c->names);
  int code = value && meanings ? KD_OK : kd_no_memory(err);
  for (size_t i = 0; !code && i < c->n_names; i++) value[i] = (int64_t)i;
  if (!code)
    code = kd_h5_put_numbers(dataset, "flag_values", kd_image_stored(c), H5T_NATIVE_INT64,
                             c->n_names, value, err);
  if (!code) code = kd_h5_put_text(dataset, "flag_meanings", meanings, err);
  free(value);
  free(meanings);
  return code;
}

int kd_dataset_write(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                     const struct kd_dataset_style *style, struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  bool is_dimension = slot < table->slot + table->first_coordinate;
  hid_t dataset = H5I_INVALID_HID;
  int code = create(file, &table->head, c, style->compress, &dataset, err);
  if (!code &&
      (H5Dwrite(dataset, kd_image_native(c), H5S_ALL, H5S_ALL, H5P_DEFAULT, slot->data) < 0 ||
       (is_dimension && H5DSset_scale(dataset, c->name) < 0)))
    code = kd_h5_fail(err, c->name);
  if (!code && !is_dimension) code = attach(file, dataset, c, err);
  if (!code) code = kd_h5_put_text(dataset, "units", c->units, err);
  if (!code) code = kd_h5_put_text(dataset, "long_name", c->long_name, err);
  if (!code && c->n_names) code = put_flags(dataset, c, err);
  if (!code) code = put_fill(dataset, table, slot, err);
  if (!code && slot->variable)
    code = kd_h5_put_text(dataset, "coordinates", style->coordinates, err);
  return kd_h5_close(dataset, code, err);
}
