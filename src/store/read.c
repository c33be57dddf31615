/* SPDX-License-Identifier: MIT
 *
 * Reading files: the checksum first, before HDF5 sees a byte; the head; the shape of a
 * table of that head, which says what columns there must be; then rows of columns.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chunks.h"
#include "column.h"
#include "durable.h"
#include "h5.h"
#include "read_head.h"
#include "reader.h"
#include "trailer.h"

/* No deflate stream expands by more (zlib: 1032), so what promises more than
 * this was not written by us. Kept from asking for absurd memory. */
static const double EXPANSION_MAX = 1100;

/* The variables must name the coordinates that there are. */
static int check_coordinates(hid_t file, const struct kd_table_head *head, struct kd_err *err) {
  char *expected = kd_column_coordinates(head), *stored = NULL;
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

static int check_column(hid_t file, const struct kd_table *shape, const struct kd_slot *slot,
                        struct kd_err *err) {
  const struct kd_column *c = &slot->column;
  hsize_t extent[KD_RANK_MAX];
  hid_t dataset;
  int code = kd_dataset_open_slot(file, shape, slot, &dataset, err);
  for (size_t k = 0; k < c->n_dims; k++) extent[k] = shape->head.extent[c->dim[k]];
  if (!code) code = kd_chunks_check(dataset, c->name, c->n_dims, extent, err);
  return kd_h5_close(dataset, code, err);
}

static int check_columns(hid_t file, const struct kd_table *shape, struct kd_err *err) {
  H5G_info_t info;
  if (H5Gget_info(file, &info) < 0) return kd_h5_fail(err, "cannot list its columns");
  int code = KD_OK;
  for (size_t i = 0; i < shape->n_slots && !code; i++)
    code = check_column(file, shape, &shape->slot[i], err);
  if (!code && info.nlinks != shape->n_slots)
    code = kd_fail(err, KD_SYSTEM, "%llu columns, its head promises %zu",
                   (unsigned long long)info.nlinks, shape->n_slots);
  return code;
}

static int read_shape(struct kd_reader *reader, size_t size, struct kd_err *err) {
  struct kd_read_head read = {0};
  kd_h5_quiet();
  int code = kd_disk_open(&reader->disk, reader->fd, size, &reader->file, err);
  if (!code) code = kd_read_head(reader->file, &read, err);
  if (!code && kd_file_payload(&read.head) > EXPANSION_MAX * (double)size)
    code = kd_fail(err, KD_SYSTEM, "its extents are too large for its size");
  if (!code) code = check_coordinates(reader->file, &read.head, err);
  if (!code) code = kd_table_shape(&read.head, &reader->shape, err);
  if (!code) code = check_columns(reader->file, reader->shape, err);
  kd_read_head_clear(&read);
  return code;
}

static int open_and_check(struct kd_reader *reader, const char *path, enum kd_file_state *state,
                          struct kd_err *err) {
  size_t size;
  bool good;
  int code = kd_durable_open(path, &reader->fd, &size, err);
  if (!code) code = kd_trailer_check(reader->fd, size, &good, err);
  if (code) return code;
  *state = !good                                             ? KD_FILE_DAMAGED
           : read_shape(reader, size - KD_TRAILER_SIZE, err) ? KD_FILE_STRANGE
                                                             : KD_FILE_GOOD;
  return KD_OK;
}

static void clear(struct kd_reader *reader) {
  *reader = (struct kd_reader){.fd = -1, .disk = KD_NO_DISK, .file = H5I_INVALID_HID};
}

int kd_reader_open(struct kd_reader *reader, const char *path, enum kd_file_state *state,
                   struct kd_err *err) {
  clear(reader);
  *state = KD_FILE_NONE;
  if (access(path, F_OK) != 0 && errno == ENOENT) return KD_OK;
  int code = open_and_check(reader, path, state, err);
  if (code || *state != KD_FILE_GOOD) kd_context(err, KD_SYSTEM, "%s", path);
  return code;
}

int kd_reader_open_again(struct kd_reader *reader, const char *path, struct kd_err *err) {
  size_t size;
  clear(reader);
  int code = kd_durable_open(path, &reader->fd, &size, err);
  if (!code) code = read_shape(reader, size - KD_TRAILER_SIZE, err);
  return code ? kd_context(err, code, "%s", path) : KD_OK;
}

void kd_reader_close(struct kd_reader *reader) {
  kd_h5_close_file(reader->file, NULL);
  kd_disk_clear(&reader->disk);
  if (reader->fd >= 0) close(reader->fd);
  kd_table_free(reader->shape);
  clear(reader);
}

int kd_reader_column(const struct kd_reader *reader, const char *name, size_t from, size_t n,
                     void *values, struct kd_err *err) {
  hid_t dataset;
  const struct kd_slot *slot = kd_slot_find(reader->shape, name);
  if (!slot) return kd_fail(err, KD_SYSTEM, "has no column '%s'", name);
  int code = kd_dataset_open_slot(reader->file, reader->shape, slot, &dataset, err);
  if (!code) code = kd_dataset_read(dataset, reader->shape, slot, from, n, values, err);
  return kd_h5_close(dataset, code, err);
}

static int read_columns(const struct kd_reader *reader, struct kd_table *table,
                        struct kd_err *err) {
  int code = KD_OK;
  for (size_t s = 0; s < table->n_slots && !code; s++) {
    hid_t dataset;
    struct kd_slot *slot = &table->slot[s];
    size_t rows = table->head.extent[slot->column.dim[0]];
    code = kd_dataset_open_slot(reader->file, table, slot, &dataset, err);
    if (!code) code = kd_dataset_read(dataset, table, slot, 0, rows, slot->data, err);
    code = kd_h5_close(dataset, code, err);
  }
  return code;
}

int kd_file_read(const char *path, struct kd_table **table, struct kd_err *err) {
  struct kd_reader reader;
  enum kd_file_state state = KD_FILE_NONE;
  *table = NULL;
  clear(&reader);
  int code = open_and_check(&reader, path, &state, err);
  if (!code && state != KD_FILE_GOOD) code = KD_SYSTEM; /* the text says why */
  if (!code) code = kd_table_create(&reader.shape->head, table, err);
  if (!code) code = read_columns(&reader, *table, err);
  kd_reader_close(&reader);
  if (!code) return KD_OK;
  kd_table_free(*table);
  *table = NULL;
  return kd_context(err, code, "%s", path);
}
