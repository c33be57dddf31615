/* SPDX-License-Identifier: MIT
 *
 * Attributes: texts as scalar variable-length UTF-8 strings, whole numbers as
 * int64.
 */
#include <stdlib.h>
#include <string.h>

#include "h5.h"

hid_t kd_h5_text_type(void) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type >= 0 &&
      (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
    H5Tclose(type);
    return H5I_INVALID_HID;
  }
  return type;
}

int kd_h5_put_numbers(hid_t where, const char *name, hid_t stored, hid_t type, size_t n,
                      const void *values, struct kd_err *err) {
  hsize_t extent = n;
  hid_t attribute = H5I_INVALID_HID;
  hid_t space = n ? H5Screate_simple(1, &extent, NULL) : H5Screate(H5S_SCALAR);
  int code = KD_OK;
  if (space < 0 ||
      (attribute = H5Acreate2(where, name, stored, space, H5P_DEFAULT, H5P_DEFAULT)) < 0 ||
      H5Awrite(attribute, type, values) < 0)
    code = kd_h5_fail(err, name);
  code = kd_h5_close(attribute, code, err);
  return kd_h5_close(space, code, err);
}

int kd_h5_put_text(hid_t where, const char *name, const char *text, struct kd_err *err) {
  if (!*text) return KD_OK;
  hid_t type = kd_h5_text_type();
  if (type < 0) return kd_h5_fail(err, name);
  int code = kd_h5_put_numbers(where, name, type, type, 0, &text, err);
  return kd_h5_close(type, code, err);
}

int kd_h5_put_integer(hid_t where, const char *name, int64_t value, struct kd_err *err) {
  return kd_h5_put_numbers(where, name, H5T_STD_I64LE, H5T_NATIVE_INT64, 0, &value, err);
}

/* Opens an attribute and checks that it is a scalar of this type. */
static int open_scalar(hid_t where, const char *name, hid_t expected, hid_t *attribute,
                       struct kd_err *err) {
  if ((*attribute = H5Aopen(where, name, H5P_DEFAULT)) < 0) return kd_h5_fail(err, name);
  hid_t space = H5Aget_space(*attribute), type = H5Aget_type(*attribute);
  int code = KD_OK;
  if (space < 0 || type < 0)
    code = kd_h5_fail(err, name);
  else if (H5Sget_simple_extent_type(space) != H5S_SCALAR || H5Tequal(type, expected) <= 0)
    code = kd_fail(err, KD_SYSTEM, "attribute '%s' has another type than expected", name);
  code = kd_h5_close(space, code, err);
  return kd_h5_close(type, code, err);
}

int kd_h5_take_text(hid_t where, const char *name, char **text, struct kd_err *err) {
  char *stored = NULL;
  *text = NULL;
  htri_t there = H5Aexists(where, name);
  if (there < 0) return kd_h5_fail(err, name);
  if (there) {
    hid_t attribute = H5I_INVALID_HID, type = kd_h5_text_type();
    int code =
        type < 0 ? kd_h5_fail(err, name) : open_scalar(where, name, type, &attribute, err);
    if (!code && H5Aread(attribute, type, &stored) < 0) code = kd_h5_fail(err, name);
    code = kd_h5_close(attribute, code, err);
    code = kd_h5_close(type, code, err);
    if (code) {
      H5free_memory(stored);
      return code;
    }
  }
  *text = strdup(stored ? stored : "");
  H5free_memory(stored);
  return *text ? KD_OK : kd_no_memory(err);
}

int kd_h5_count_values(hid_t where, const char *name, size_t *n, struct kd_err *err) {
  *n = 0;
  htri_t there = H5Aexists(where, name);
  if (there < 0) return kd_h5_fail(err, name);
  if (!there) return KD_OK;
  hid_t attribute = H5Aopen(where, name, H5P_DEFAULT), space = H5I_INVALID_HID;
  hssize_t values = -1;
  if (attribute >= 0 && (space = H5Aget_space(attribute)) >= 0)
    values = H5Sget_simple_extent_npoints(space);
  int code = values < 0 ? kd_h5_fail(err, name) : KD_OK;
  if (!code) *n = (size_t)values;
  code = kd_h5_close(space, code, err);
  return kd_h5_close(attribute, code, err);
}

int kd_h5_take_integer(hid_t where, const char *name, int64_t *value, struct kd_err *err) {
  hid_t attribute;
  int code = open_scalar(where, name, H5T_STD_I64LE, &attribute, err);
  if (!code && H5Aread(attribute, H5T_NATIVE_INT64, value) < 0) code = kd_h5_fail(err, name);
  return kd_h5_close(attribute, code, err);
}
