/* SPDX-License-Identifier: MIT
 *
 * Joining what is stored of a result: the old file and the parts, found by key, fill
 * the rows of a new table; what is missing is computed by others; the finished table
 * replaces the file and the parts go.
 *
 * Nothing is removed before it stands in a file that is durable. Cells that the table
 * has no row for (the config no longer names them) are moved into a part.
 */
#ifndef KD_MERGE_H
#define KD_MERGE_H

#include "part.h"

/* What is stored of a row; a failed cell is worth less than a good one. */
enum kd_found { KD_FOUND_NOTHING, KD_FOUND_FAILED, KD_FOUND_GOOD };

struct kd_key_row {
  uint64_t high, low;
  size_t row;
};

struct kd_merge {
  const char *path;       /* of the result, borrowed */
  struct kd_table *table; /* to be filled, borrowed */
  struct kd_parts parts;
  unsigned char *found;       /* enum kd_found, one a row */
  struct kd_key_row *wanted;  /* one a row */
  size_t n_spare, spare_room; /* cells in parts that the table has no row for */
  struct kd_key_row *spare;
  size_t n_file_spare;                          /* and such cells in the file */
  bool anything;                                /* there is a file or a part */
  bool current;                                 /* the file holds just this table */
  void (*say)(void *context, const char *text); /* of damaged files; NULL = nobody listens */
  void *context;
};

/* Looks what there is for the result at `path`, whose cells are the rows of `table`; n_shards
 * as in kd_parts_list. Start from {0}; to be cleared also on error. */
int kd_merge_open(struct kd_merge *merge, const char *path, struct kd_table *table,
                  size_t shard, size_t n_shards, struct kd_err *err);
void kd_merge_clear(struct kd_merge *merge);

/* Fills rows of the table, in which all coordinates are placed and row i has the key
 * wanted[i] (made by kd_merge_expect). Damaged parts are removed, a damaged file is
 * renamed to NAME.h5.damaged. */
int kd_merge_expect(struct kd_merge *merge, struct kd_err *err);
int kd_merge_fill(struct kd_merge *merge, struct kd_err *err);

/* Makes the table, now whole, the result: only if `changed` or it is not current. prune:
 * cells without a row are dropped. */
int kd_merge_finish(struct kd_merge *merge, bool changed, bool prune, struct kd_err *err);

#endif
