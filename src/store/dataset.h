/* SPDX-License-Identifier: MIT
 *
 * One column as one dataset, for write.c and read.c.
 */
#ifndef KD_DATASET_H
#define KD_DATASET_H

#include <hdf5.h>
#include <stdbool.h>

#include "table_private.h"

/* How all datasets of a file are written. */
struct kd_dataset_style {
  bool compress;
  const char *coordinates; /* paths, a space between each */
};

/* The dimensions must have been written before the columns over them. */
int kd_dataset_write(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                     const struct kd_dataset_style *style, struct kd_err *err);

/* Fills the slot, whose type and extents the dataset must have. */
int kd_dataset_read(hid_t file, const struct kd_table *table, struct kd_slot *slot,
                    struct kd_err *err);

/* Opens a dataset and checks that it has `rank` axes, whose extents are given
 * back. *dataset is to be closed also on error. */
int kd_dataset_open(hid_t file, const char *name, size_t rank, hid_t *dataset,
                    hsize_t extent[KD_RANK_MAX], struct kd_err *err);

#endif
