/* SPDX-License-Identifier: MIT
 *
 * The head of a file: what must be known before its table can be made.
 */
#ifndef KD_READ_HEAD_H
#define KD_READ_HEAD_H

#include <hdf5.h>

#include "table.h"

struct kd_coordinate_texts;

/* The head and what it borrows from. Start from {0}. */
struct kd_read_head {
  struct kd_table_head head;
  char *experiment, *about, *source, *config, *overrides, *files;
  struct kd_coordinate *coordinate;
  struct kd_coordinate_texts *texts; /* one each coordinate */
};

/* Root attributes, extents, and the coordinates: all datasets that are neither
 * a dimension nor a variable. To be cleared also on error. */
int kd_read_head(hid_t file, struct kd_read_head *read, struct kd_err *err);
void kd_read_head_clear(struct kd_read_head *read);

#endif
