/* SPDX-License-Identifier: MIT
 *
 * Reading an image back into a table: its head, an empty table of that head,
 * which says what columns there must be, then column by column.
 */
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "file.h"
#include "h5.h"
#include "image.h"
#include "read_head.h"

/* No deflate stream expands by more (zlib: 1032), so what promises more than
 * this was not written by us. Kept from asking for absurd memory. */
static const double EXPANSION_MAX = 1100;

static int open_file(const unsigned char *image, size_t size, hid_t *file, struct kd_err *err) {
  int code = KD_OK;
  char name[KD_H5_NAME_SIZE];
  kd_h5_image_name(image, name);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0 || H5Pset_fapl_core(access, 1 << 16, false) < 0 ||
      H5Pset_file_image(access, (void *)image, size) < 0 ||
      (*file = H5Fopen(name, H5F_ACC_RDONLY, access)) < 0)
    code = kd_h5_fail(err, "cannot be opened");
  return kd_h5_close(access, code, err);
}

/* The variables must name the coordinates that there are. */
static int check_coordinates(hid_t file, const struct kd_table_head *head, struct kd_err *err) {
  char *expected = kd_image_coordinates(head), *stored = NULL;
  hid_t dataset = H5I_INVALID_HID;
  hsize_t extent[KD_RANK_MAX];
  int code = expected ? KD_OK : kd_no_memory(err);
  if (!code) code = kd_dataset_open(file, "status", 1, &dataset, extent, err);
  if (!code) code = kd_h5_take_text(dataset, "coordinates", &stored, err);
  if (!code && strcmp(stored, expected) != 0)
    code = kd_fail(err, KD_SYSTEM, "coordinates: has '%s', names '%s'", expected, stored);
  free(stored);
  free(expected);
  return kd_h5_close(dataset, code, err);
}

static int read_columns(hid_t file, struct kd_table *table, struct kd_err *err) {
  H5G_info_t info;
  if (H5Gget_info(file, &info) < 0) return kd_h5_fail(err, "cannot list its columns");
  int code = KD_OK;
  for (size_t i = 0; i < table->n_slots && !code; i++)
    code = kd_dataset_read(file, table, &table->slot[i], err);
  if (!code && info.nlinks != table->n_slots)
    code = kd_fail(err, KD_SYSTEM, "%llu columns, its head promises %zu",
                   (unsigned long long)info.nlinks, table->n_slots);
  return code;
}

int kd_image_read(const unsigned char *image, size_t size, struct kd_table **table,
                  struct kd_err *err) {
  hid_t file = H5I_INVALID_HID;
  struct kd_read_head read = {0};
  *table = NULL;
  kd_h5_quiet();
  int code = open_file(image, size, &file, err);
  if (!code) code = kd_read_head(file, &read, err);
  if (!code && kd_file_payload(&read.head) > EXPANSION_MAX * (double)size)
    code = kd_fail(err, KD_SYSTEM, "its extents are too large for its size");
  if (!code) code = check_coordinates(file, &read.head, err);
  if (!code) code = kd_table_create(&read.head, table, err);
  if (!code) code = read_columns(file, *table, err);
  kd_h5_close_file(file);
  kd_read_head_clear(&read);
  if (code) {
    kd_table_free(*table);
    *table = NULL;
  }
  return code;
}
