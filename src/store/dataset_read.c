/* SPDX-License-Identifier: MIT
 *
 * A column out of a file. Its type and shape must be what the table expects,
 * its codes must have names.
 */
#include "dataset.h"
#include "h5.h"
#include "image.h"

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

static int check_type(hid_t dataset, const struct kd_column *c, struct kd_err *err) {
  hid_t type = H5Dget_type(dataset);
  if (type < 0) return kd_h5_fail(err, c->name);
  int code = KD_OK;
  if (H5Tequal(type, kd_image_stored(c)) <= 0)
    code = kd_fail(err, KD_SYSTEM, "%s: not of the expected type", c->name);
  return kd_h5_close(type, code, err);
}

static int check_codes(const struct kd_column *c, size_t n, struct kd_err *err) {
  for (size_t i = 0; i < n; i++) {
    if (!c->code && c->integer[i] == KD_NO_INTEGER) continue;
    int64_t v = c->code ? c->code[i] : c->integer[i];
    if (v < 0 || (uint64_t)v >= c->n_names)
      return kd_fail(err, KD_SYSTEM, "%s: code %lld has no name", c->name, (long long)v);
  }
  return KD_OK;
}

int kd_dataset_read(hid_t file, const struct kd_table *table, struct kd_slot *slot,
                    struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  hid_t dataset;
  hsize_t extent[KD_RANK_MAX];
  int code = kd_dataset_open(file, c->name, c->n_dims, &dataset, extent, err);
  for (size_t k = 0; k < c->n_dims && !code; k++)
    if (extent[k] != table->head.extent[c->dim[k]])
      code = kd_fail(err, KD_SYSTEM, "%s: %llu values along '%s', which has %zu", c->name,
                     (unsigned long long)extent[k], kd_dim_name(c->dim[k]),
                     table->head.extent[c->dim[k]]);
  if (!code) code = check_type(dataset, c, err);
  if (!code &&
      H5Dread(dataset, kd_image_native(c), H5S_ALL, H5S_ALL, H5P_DEFAULT, slot->data) < 0)
    code = kd_h5_fail(err, c->name);
  if (!code && c->type == KD_TYPE_CODE)
    code = check_codes(c, kd_column_count(&table->head, c), err);
  return kd_h5_close(dataset, code, err);
}
