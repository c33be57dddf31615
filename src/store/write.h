/* SPDX-License-Identifier: MIT
 *
 * Writing a file whose rows are gathered from elsewhere.
 */
#ifndef KD_WRITE_H
#define KD_WRITE_H

#include "gather.h"

/* Bytes of values that are in memory at a time, unless a single row, or one chunk of
 * rows, has more. */
enum { KD_WINDOW_BYTES = 1 << 24 };

/* A file with this head, one row for each place; otherwise as kd_file_write. `pressing`:
 * threads that compress it, 0 = it is not compressed. */
int kd_write_gathered(const char *path, const struct kd_table_head *head,
                      const struct kd_gather *gather, size_t pressing, struct kd_err *err);

#endif
