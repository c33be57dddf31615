/* SPDX-License-Identifier: MIT
 *
 * See scales.h.
 */
#include "scales.h"

#include <hdf5_hl.h>

#include "h5.h"

static int check_axis(hid_t file, hid_t dataset, const struct kd_column *c, unsigned axis,
                      struct kd_err *err) {
  const char *name = kd_dim_name(c->dim[axis]);
  hid_t scale = H5Dopen2(file, name, H5P_DEFAULT);
  if (scale < 0) return kd_h5_fail(err, name);
  htri_t attached = H5DSis_attached(dataset, scale, axis);
  int code = attached < 0 ? kd_h5_fail(err, c->name) : KD_OK;
  if (!attached)
    code =
        kd_fail(err, KD_SYSTEM, "%s: not attached to the dimension scale '%s'", c->name, name);
  return kd_h5_close(scale, code, err);
}

static int check_column(hid_t file, const struct kd_column *c, bool is_dimension,
                        struct kd_err *err) {
  int code = KD_OK;
  hid_t dataset = H5Dopen2(file, c->name, H5P_DEFAULT);
  if (dataset < 0) return kd_h5_fail(err, c->name);
  if (is_dimension && H5DSis_scale(dataset) <= 0)
    code = kd_fail(err, KD_SYSTEM, "%s: not a dimension scale", c->name);
  for (unsigned axis = 0; axis < c->n_dims && !is_dimension && !code; axis++)
    code = check_axis(file, dataset, c, axis, err);
  return kd_h5_close(dataset, code, err);
}

static int check_all(hid_t file, const struct kd_table *table, struct kd_err *err) {
  int code = KD_OK;
  for (size_t i = 0; i < kd_table_n_columns(table) && !code; i++) {
    struct kd_column c;
    kd_table_column(table, i, &c);
    bool is_dimension = false;
    for (int d = 0; d < KD_N_DIMS; d++)
      is_dimension = is_dimension || c.name == kd_dim_name((enum kd_dim)d);
    code = check_column(file, &c, is_dimension, err);
  }
  return code;
}

/* In memory: HDF5 would lock the file, which not all file systems can. */
int kd_scales_check(const char *path, const struct kd_table *table, struct kd_err *err) {
  int code = KD_OK;
  hid_t file = H5I_INVALID_HID, access = H5Pcreate(H5P_FILE_ACCESS);
  kd_h5_quiet();
  if (access < 0 || H5Pset_fapl_core(access, 1 << 16, false) < 0 ||
      (file = H5Fopen(path, H5F_ACC_RDONLY, access)) < 0)
    code = kd_h5_fail(err, "cannot be opened");
  if (!code) code = check_all(file, table, err);
  code = kd_h5_close(access, code, err);
  if (file >= 0 && H5Fclose(file) < 0 && !code) code = kd_h5_fail(err, "cannot be closed");
  return code ? kd_context(err, code, "%s", path) : KD_OK;
}
