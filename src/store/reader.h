/* SPDX-License-Identifier: MIT
 *
 * An open result file whose columns are read some rows at a time.
 */
#ifndef KD_READER_H
#define KD_READER_H

#include "dataset.h"
#include "disk.h"
#include "file.h"

struct kd_reader {
  int fd;
  struct kd_disk disk;
  hid_t file;
  struct kd_table *shape; /* its head and columns, without values */
};

/* Opens a file whose checksum is right; still, nothing in it is trusted: types, shapes and
 * names are checked. An error only where the system cannot read it; otherwise *state says
 * how it was found, and the text why it is not GOOD. To be closed in any case. */
int kd_reader_open(struct kd_reader *reader, const char *path, enum kd_file_state *state,
                   struct kd_err *err);

/* Opens it once more, without going through its bytes again. */
int kd_reader_open_again(struct kd_reader *reader, const char *path, struct kd_err *err);

/* Rows from .. from+n-1 of a column; `values` as wide as the column's. */
int kd_reader_column(const struct kd_reader *reader, const char *name, size_t from, size_t n,
                     void *values, struct kd_err *err);

void kd_reader_close(struct kd_reader *reader);

#endif
