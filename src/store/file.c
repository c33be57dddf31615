/* SPDX-License-Identifier: MIT
 *
 * What is asked about result files before they are written.
 */
#include "file.h"

#include <stdio.h>
#include <string.h>

#include "durable.h"
#include "table_private.h"

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

double kd_file_row(const struct kd_table_head *head) {
  double bytes = 8 + 8 * (double)head->n_coordinates; /* with its number */
  for (size_t i = 0; i < kd_n_variables; i++) {
    const struct kd_variable *v = &kd_variables[i];
    if (!kd_head_has(head, v)) continue;
    double values = 1;
    for (size_t k = 1; k < v->n_dims; k++) values *= (double)head->extent[v->dim[k]];
    bytes += values * (v->type == KD_TYPE_CODE ? 1 : 8);
  }
  return bytes;
}

double kd_file_payload(const struct kd_table_head *head) {
  double bytes = (double)head->extent[KD_DIM_CELL] * kd_file_row(head);
  for (int d = KD_DIM_CELL + 1; d < KD_N_DIMS; d++) bytes += 8 * (double)head->extent[d];
  return bytes;
}
