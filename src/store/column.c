/* SPDX-License-Identifier: MIT
 *
 * What the two directions of a file share: types and the list of coordinates.
 */
#include "column.h"

#include <stdlib.h>

#include "words.h"

hid_t kd_column_stored(const struct kd_slot *slot) {
  switch (slot->column.type) {
  case KD_TYPE_REAL:
    return H5T_IEEE_F64LE;
  case KD_TYPE_UNSIGNED:
    return H5T_STD_U64LE;
  case KD_TYPE_CODE:
    if (slot->variable) return H5T_STD_U8LE;
    __attribute__((fallthrough));
  default:
    return H5T_STD_I64LE;
  }
}

hid_t kd_column_native(const struct kd_slot *slot) {
  switch (slot->column.type) {
  case KD_TYPE_REAL:
    return H5T_NATIVE_DOUBLE;
  case KD_TYPE_UNSIGNED:
    return H5T_NATIVE_UINT64;
  case KD_TYPE_CODE:
    if (slot->variable) return H5T_NATIVE_UINT8;
    __attribute__((fallthrough));
  default:
    return H5T_NATIVE_INT64;
  }
}

char *kd_column_coordinates(const struct kd_table_head *head) {
  const char **path = calloc(head->n_coordinates + 1, sizeof *path);
  if (!path) return NULL;
  for (size_t i = 0; i < head->n_coordinates; i++) path[i] = head->coordinate[i].path;
  char *text = kd_words_join(head->n_coordinates, path);
  free(path);
  return text;
}
