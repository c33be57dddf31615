/* SPDX-License-Identifier: MIT
 *
 * One column as one dataset, in and out, some rows at a time.
 */
#ifndef KD_DATASET_H
#define KD_DATASET_H

#include <hdf5.h>
#include <stdbool.h>

#include "table_private.h"

/* --- writing --- */

/* Rows in a chunk of the column: whole rows, about 256 KiB. */
size_t kd_dataset_chunk_rows(const struct kd_table *table, const struct kd_slot *slot);

/* Makes the dataset; *dataset is to be closed also on error. */
int kd_dataset_create(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                      bool compress, hid_t *dataset, struct kd_err *err);

/* What readers want to know of it, once all is written. The dimensions must have been
 * written before the columns over them. `coordinates`: their paths, a space between
 * each; `missing`: some of its whole numbers are. */
int kd_dataset_describe(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                        hid_t dataset, const char *coordinates, bool missing,
                        struct kd_err *err);

int kd_dataset_write(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                     size_t from, size_t n, const void *values, struct kd_err *err);

/* The same, for a dataset that is compressed, where the rows begin with a chunk and end with
 * one or with the column: by n_threads. */
int kd_dataset_write_pressed(hid_t dataset, const struct kd_table *table,
                             const struct kd_slot *slot, size_t from, size_t n,
                             const void *values, size_t n_threads, struct kd_err *err);

/* --- reading --- */

/* Opens a dataset and checks that it has `rank` axes, whose extents are given
 * back. *dataset is to be closed also on error. */
int kd_dataset_open(hid_t file, const char *name, size_t rank, hid_t *dataset,
                    hsize_t extent[KD_RANK_MAX], struct kd_err *err);

/* Opens that of a slot, whose type and extents it must have. */
int kd_dataset_open_slot(hid_t file, const struct kd_table *table, const struct kd_slot *slot,
                         hid_t *dataset, struct kd_err *err);

/* Rows that are best read at once: whole chunks, about a megabyte. */
int kd_dataset_step(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                    size_t *step, struct kd_err *err);

/* Rows from .. from+n-1; codes must have names. */
int kd_dataset_read(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                    size_t from, size_t n, void *values, struct kd_err *err);

/* The spaces of both: rows from .. from+n-1 of a dataset, and as many in memory. To be
 * closed also on error. */
int kd_dataset_rows(hid_t dataset, const struct kd_table *table, const struct kd_slot *slot,
                    size_t from, size_t n, hid_t *stored, hid_t *memory, struct kd_err *err);

#endif
