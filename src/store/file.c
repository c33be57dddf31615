/* SPDX-License-Identifier: MIT
 *
 * Result files: image + trailer, written durably and checked before reading.
 */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "durable.h"
#include "image.h"
#include "table_private.h"
#include "trailer.h"

int kd_file_write(const char *path, const struct kd_table *table, bool compress,
                  struct kd_err *err) {
  unsigned char *bytes = NULL;
  size_t size = 0;
  int code = kd_image_make(table, compress, KD_TRAILER_SIZE, &bytes, &size, err);
  if (!code) {
    kd_trailer_seal(bytes, size);
    code = kd_durable_write(path, bytes, size + KD_TRAILER_SIZE, err);
  }
  free(bytes);
  return code ? kd_context(err, code, "%s", path) : KD_OK;
}

/* A slip of the hand (`-o config.yaml`) shall cost nobody a file. */
static int spare_foreign(const char *path, struct kd_err *err) {
  static const char signature[8] = "\211HDF\r\n\032\n";
  char begin[sizeof signature];
  FILE *file = fopen(path, "rb");
  if (!file) return KD_OK; /* not there; or the attempt to write says why */
  size_t n = fread(begin, 1, sizeof begin, file);
  fclose(file);
  if (n == 0 || (n == sizeof begin && memcmp(begin, signature, n) == 0)) return KD_OK;
  return kd_fail(err, KD_SYSTEM, "exists and is no HDF5 file: not overwritten");
}

int kd_file_check_writable(const char *path, struct kd_err *err) {
  int code = kd_durable_try(path, err);
  if (!code) code = spare_foreign(path, err);
  return code ? kd_context(err, code, "%s", path) : KD_OK;
}

int kd_file_read(const char *path, struct kd_table **table, struct kd_err *err) {
  unsigned char *bytes = NULL;
  size_t size = 0;
  *table = NULL;
  int code = kd_durable_read(path, &bytes, &size, err);
  if (!code) code = kd_trailer_check(bytes, size, err);
  if (!code) code = kd_image_read(bytes, size - KD_TRAILER_SIZE, table, err);
  free(bytes);
  return code ? kd_context(err, code, "%s", path) : KD_OK;
}

int kd_file_try(const char *path, struct kd_table **table, enum kd_file_state *state,
                struct kd_err *err) {
  unsigned char *bytes = NULL;
  size_t size = 0;
  *table = NULL;
  *state = KD_FILE_NONE;
  if (access(path, F_OK) != 0 && errno == ENOENT) return KD_OK;
  int code = kd_durable_read(path, &bytes, &size, err);
  if (!code) {
    *state = KD_FILE_GOOD;
    if (kd_trailer_check(bytes, size, err))
      *state = KD_FILE_DAMAGED;
    else if (kd_image_read(bytes, size - KD_TRAILER_SIZE, table, err))
      *state = KD_FILE_STRANGE;
  }
  free(bytes);
  if (code || *state != KD_FILE_GOOD) kd_context(err, KD_SYSTEM, "%s", path);
  return code;
}

double kd_file_payload(const struct kd_table_head *head) {
  double cells = (double)head->extent[KD_DIM_CELL], bytes = 0;
  for (int d = 0; d < KD_N_DIMS; d++) bytes += 8 * (double)head->extent[d];
  bytes += 8 * cells * (double)head->n_coordinates;
  for (size_t i = 0; i < kd_n_variables; i++) {
    const struct kd_variable *v = &kd_variables[i];
    if (!kd_head_has(head, v)) continue;
    double values = cells;
    for (size_t k = 1; k < v->n_dims; k++) values *= (double)head->extent[v->dim[k]];
    bytes += values * (v->type == KD_TYPE_CODE ? 1 : 8);
  }
  return bytes;
}
