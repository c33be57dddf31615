/* SPDX-License-Identifier: MIT
 *
 * Writing an image: HDF5's core driver in memory, no file behind it; the head
 * as attributes of the root, the columns as datasets, then H5Fget_file_image.
 */
#include <stdlib.h>

#include "dataset.h"
#include "file.h"
#include "h5.h"
#include "image.h"

/* Half the chunks in a node of HDF5's chunk index, 32 unless told: each of our
 * many small columns takes a whole node, which made half of a small file. */
enum { MEMORY_STEP = 1 << 20, CHUNK_NODE_HALF = 4 };

/* Creation order is tracked so that readers show the columns in ours. Long
 * attributes fit because strings of variable length stand in a heap. */
static int create_file(hid_t *file, struct kd_err *err) {
  int code = KD_OK;
  unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  char name[KD_H5_NAME_SIZE];
  kd_h5_image_name(file, name);
  hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
  if (creation < 0 || access < 0 || H5Pset_link_creation_order(creation, order) < 0 ||
      H5Pset_obj_track_times(creation, false) < 0 ||
      H5Pset_istore_k(creation, CHUNK_NODE_HALF) < 0 ||
      H5Pset_fapl_core(access, MEMORY_STEP, false) < 0 ||
      H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) < 0 ||
      (*file = H5Fcreate(name, H5F_ACC_TRUNC, creation, access)) < 0)
    code = kd_h5_fail(err, "cannot make a file in memory");
  code = kd_h5_close(creation, code, err);
  return kd_h5_close(access, code, err);
}

static int write_head(hid_t file, const struct kd_table_head *head, struct kd_err *err) {
  const struct {
    const char *name, *text;
  } texts[] = {
      {"title", *head->about ? head->about : head->experiment},
      {"experiment", head->experiment},
      {"about", head->about},
      {"source", head->program_version},
      {"config", head->config},
      {"overrides", head->overrides},
      {"files", head->files},
  };
  const struct {
    const char *name;
    int64_t value;
  } integers[] = {
      {"schema_version", KD_SCHEMA_VERSION},
      {"numerics_version", head->numerics_version},
      {"record", head->record},
  };
  int code = KD_OK;
  for (size_t i = 0; i < sizeof texts / sizeof *texts && !code; i++)
    code = kd_h5_put_text(file, texts[i].name, texts[i].text, err);
  for (size_t i = 0; i < sizeof integers / sizeof *integers && !code; i++)
    code = kd_h5_put_integer(file, integers[i].name, integers[i].value, err);
  return code;
}

static int take_image(hid_t file, size_t room, unsigned char **image, size_t *size,
                      struct kd_err *err) {
  ssize_t n = -1;
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0 || (n = H5Fget_file_image(file, NULL, 0)) < 0)
    return kd_h5_fail(err, "cannot take the file from memory");
  *size = (size_t)n;
  if (!(*image = malloc(*size + room))) return kd_no_memory(err);
  if (H5Fget_file_image(file, *image, *size) != n)
    return kd_h5_fail(err, "cannot take the file from memory");
  return KD_OK;
}

int kd_image_make(const struct kd_table *table, bool compress, size_t room,
                  unsigned char **image, size_t *size, struct kd_err *err) {
  hid_t file = H5I_INVALID_HID;
  int code = KD_OK;
  char *coordinates = kd_image_coordinates(&table->head);
  struct kd_dataset_style style = {compress, coordinates};
  *image = NULL;
  if (!coordinates) return kd_no_memory(err);

  kd_h5_quiet();
  code = create_file(&file, err);
  if (!code) code = write_head(file, &table->head, err);
  for (size_t i = 0; i < table->n_slots && !code; i++)
    code = kd_dataset_write(file, table, &table->slot[i], &style, err);
  if (!code) code = take_image(file, room, image, size, err);
  kd_h5_close_file(file);
  free(coordinates);
  if (code) {
    free(*image);
    *image = NULL;
  }
  return code;
}
