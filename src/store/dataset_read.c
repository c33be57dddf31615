/* SPDX-License-Identifier: MIT
 *
 * A column out of a file. Its type and shape must be what the table expects,
 * its codes must have names.
 */
#include "column.h"
#include "dataset.h"
#include "h5.h"

enum { STEP_BYTES = 1 << 20 };

int kd_dataset_open(hid_t file, const char *name, size_t rank, hid_t *dataset,
                    hsize_t extent[KD_RANK_MAX], struct kd_err *err) {
  H5L_info_t link;
  *dataset = H5I_INVALID_HID;
  if (H5Lget_info(file, name, &link, H5P_DEFAULT) < 0) return kd_h5_fail(err, name);
  if (link.type != H5L_TYPE_HARD) /* may lead into another file */
    return kd_fail(err, KD_SYSTEM, "%s: a link instead of a column", name);
  if ((*dataset = H5Dopen2(file, name, H5P_DEFAULT)) < 0) return kd_h5_fail(err, name);
  hid_t space = H5Dget_space(*dataset);
  int code = KD_OK;
  if (space < 0)
    code = kd_h5_fail(err, name);
  else if (H5Sget_simple_extent_ndims(space) != (int)rank)
    code = kd_fail(err, KD_SYSTEM, "%s: has not %zu axes", name, rank);
  else if (H5Sget_simple_extent_dims(space, extent, NULL) < 0)
    code = kd_h5_fail(err, name);
  return kd_h5_close(space, code, err);
}

static int check_type(hid_t dataset, const struct kd_slot *slot, struct kd_err *err) {
  hid_t type = H5Dget_type(dataset);
  if (type < 0) return kd_h5_fail(err, slot->column.name);
  int code = KD_OK;
  if (H5Tequal(type, kd_column_stored(slot)) <= 0)
    code = kd_fail(err, KD_SYSTEM, "%s: not of the expected type", slot->column.name);
  return kd_h5_close(type, code, err);
}

int kd_dataset_open_slot(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                         hid_t *dataset, struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  hsize_t extent[KD_RANK_MAX];
  int code = kd_dataset_open(file, c->name, c->n_dims, dataset, extent, err);
  for (size_t k = 0; k < c->n_dims && !code; k++)
    if (extent[k] != table->head.extent[c->dim[k]])
      code = kd_fail(err, KD_SYSTEM, "%s: %llu values along '%s', which has %zu", c->name,
                     (unsigned long long)extent[k], kd_dim_name(c->dim[k]),
                     table->head.extent[c->dim[k]]);
  return code ? code : check_type(*dataset, slot, err);
}

int kd_dataset_step(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                    size_t *step, struct kd_err *err) {
  hsize_t chunk[KD_RANK_MAX] = {1};
  int code = KD_OK, rank = (int)slot->column.n_dims;
  hid_t list = H5Dget_create_plist(dataset);
  if (list < 0 || (H5Pget_layout(list) == H5D_CHUNKED && H5Pget_chunk(list, rank, chunk) < 0))
    code = kd_h5_fail(err, slot->column.name);
  size_t row = kd_slot_row_bytes(table, slot), rows = (size_t)chunk[0];
  size_t chunks = row < STEP_BYTES && rows < STEP_BYTES ? STEP_BYTES / (row * rows) : 0;
  *step = rows * (chunks ? chunks : 1);
  return kd_h5_close(list, code, err);
}

int kd_dataset_rows(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                    size_t from, size_t n, hid_t *stored, hid_t *memory, struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  hsize_t start[KD_RANK_MAX] = {from}, count[KD_RANK_MAX] = {n};
  for (size_t k = 1; k < c->n_dims; k++) count[k] = table->head.extent[c->dim[k]];
  *stored = H5Dget_space(dataset);
  *memory = H5Screate_simple((int)c->n_dims, count, NULL);
  if (*stored >= 0 && *memory >= 0 &&
      H5Sselect_hyperslab(*stored, H5S_SELECT_SET, start, NULL, count, NULL) >= 0)
    return KD_OK;
  return kd_h5_fail(err, c->name);
}

static int check_codes(const struct kd_slot *slot, size_t n, const void *values,
                       struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  for (size_t i = 0; i < n; i++) {
    int64_t v = slot->variable ? ((const uint8_t *)values)[i] : ((const int64_t *)values)[i];
    if (!slot->variable && v == KD_NO_INTEGER) continue;
    if (v < 0 || (uint64_t)v >= c->n_names)
      return kd_fail(err, KD_SYSTEM, "%s: code %lld has no name", c->name, (long long)v);
  }
  return KD_OK;
}

/* A dimension's values are the numbers of its places. */
static int check_places(const struct kd_column *c, size_t from, size_t n, const int64_t *values,
                        struct kd_err *err) {
  for (size_t i = 0; i < n; i++)
    if (values[i] != (int64_t)(from + i))
      return kd_fail(err, KD_SYSTEM, "%s: number %lld stands in place %zu", c->name,
                     (long long)values[i], from + i);
  return KD_OK;
}

int kd_dataset_read(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                    size_t from, size_t n, void *values, struct kd_err *err) {
  hid_t stored, memory;
  int code = kd_dataset_rows(dataset, table, slot, from, n, &stored, &memory, err);
  if (!code &&
      H5Dread(dataset, kd_column_native(slot), memory, stored, H5P_DEFAULT, values) < 0)
    code = kd_h5_fail(err, slot->column.name);
  code = kd_h5_close(stored, code, err);
  code = kd_h5_close(memory, code, err);
  if (!code && slot < table->slot + table->first_coordinate)
    code = check_places(&slot->column, from, n, values, err);
  return code || slot->column.type != KD_TYPE_CODE ? code : check_codes(slot, n, values, err);
}
