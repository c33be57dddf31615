/* SPDX-License-Identifier: MIT
 *
 * A table as the bytes of an HDF5 file in netCDF-4's shape, and back.
 *
 * Each column is a dataset at the root, in the table's order (creation order
 * is tracked). The dimensions are dimension scales; every axis of all others
 * is attached to one. Each dataset has units, long_name; codes flag_values and
 * flag_meanings; variables over `cell` name the coordinates. The head stands in
 * the root's attributes. The same table gives the same bytes.
 */
#ifndef KD_IMAGE_H
#define KD_IMAGE_H

#include <hdf5.h>
#include <stdbool.h>

#include "table.h"

/* `room` bytes are left free behind the *size bytes of the image, which the
 * caller frees. compress: shuffle + deflate. */
int kd_image_make(const struct kd_table *table, bool compress, size_t room,
                  unsigned char **image, size_t *size, struct kd_err *err);

/* Makes a table of an image whose checksum is right; still, nothing in it is
 * trusted: types, shapes and codes are checked. */
int kd_image_read(const unsigned char *image, size_t size, struct kd_table **table,
                  struct kd_err *err);

/* Type of a column's values in the file and in memory; not to be closed. */
hid_t kd_image_stored(const struct kd_column *column);
hid_t kd_image_native(const struct kd_column *column);

/* The n words with a space between each; freed by the caller, NULL when memory
 * is short. */
char *kd_image_join(size_t n, const char *const *words);

/* Paths of the coordinates with a space between each; freed by the caller. */
char *kd_image_coordinates(const struct kd_table_head *head);

#endif
