/* SPDX-License-Identifier: MIT
 *
 * What the two directions of an image share: types and lists of words.
 */
#include "image.h"

#include <stdlib.h>
#include <string.h>

hid_t kd_image_stored(const struct kd_column *column) {
  if (column->real) return H5T_IEEE_F64LE;
  if (column->integer) return H5T_STD_I64LE;
  return column->unsigned_ ? H5T_STD_U64LE : H5T_STD_U8LE;
}

hid_t kd_image_native(const struct kd_column *column) {
  if (column->real) return H5T_NATIVE_DOUBLE;
  if (column->integer) return H5T_NATIVE_INT64;
  return column->unsigned_ ? H5T_NATIVE_UINT64 : H5T_NATIVE_UINT8;
}

char *kd_image_join(size_t n, const char *const *words) {
  size_t size = 1;
  for (size_t i = 0; i < n; i++) size += strlen(words[i]) + 1;
  char *text = malloc(size), *end = text;
  if (!text) return NULL;
  *text = '\0';
  for (size_t i = 0; i < n; i++) {
    if (i > 0) *end++ = ' ';
    end = stpcpy(end, words[i]);
  }
  return text;
}

char *kd_image_coordinates(const struct kd_table_head *head) {
  const char **path = calloc(head->n_coordinates + 1, sizeof *path);
  if (!path) return NULL;
  for (size_t i = 0; i < head->n_coordinates; i++) path[i] = head->coordinate[i].path;
  char *text = kd_image_join(head->n_coordinates, path);
  free(path);
  return text;
}
