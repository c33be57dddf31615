/* SPDX-License-Identifier: MIT
 *
 * Joining what there is of a result: cells of the old file and of the parts, found by
 * key, and cells just computed become the rows of a new file, which replaces the old one;
 * then the parts go. No more of the cells is in memory than a window of the file that is
 * written and what was computed last; of each row 13 bytes, while keys are looked up
 * about 28 more.
 *
 * Nothing is removed before it stands in a file that is durable. Cells that the result
 * has no row for (the config no longer names them) are moved into a part.
 */
#ifndef KD_MERGE_H
#define KD_MERGE_H

#include "keys.h"
#include "part.h"

/* Cells just computed: places begin, begin+1, ... of the list of what is to do. */
struct kd_batch {
  size_t begin;
  struct kd_table *table; /* owned */
};

struct kd_merge {
  /* Set by the caller, borrowed */
  const char *path;                 /* of the result */
  const struct kd_table_head *head; /* of the result: its cells are the rows */
  size_t n;                         /* of rows */
  size_t n_threads;                 /* >= 1: that compress the result */
  void (*coordinates)(void *context, size_t row, double *value);
  void *coordinates_context;
  const size_t *todo;                           /* rows to do; NULL = all */
  void (*say)(void *context, const char *text); /* of damaged files; NULL = nobody listens */
  void *say_context;
  struct kd_keys wanted; /* key of each row, if anything is to be looked up */
  /* What there is */
  struct kd_parts parts;
  unsigned char *state; /* of a row: enum kd_status, or KD_NOT_THERE */
  bool anything;        /* there is a file or a part */
  /* private */
  struct kd_table *shape;
  struct kd_place *place; /* of a row; only where it is there */
  size_t n_sources, room;
  struct kd_source *source;
  struct kd_keys spare, file_spare; /* cells of parts, and of the file, without a row */
  uint32_t *file_spare_row;
  bool current; /* the file holds just this result */
};

enum { KD_NOT_THERE = 255 };

/* Looks what there is for the result; n_shards as in kd_parts_list. Start from {0} and what
 * the caller sets; to be cleared also on error. */
int kd_merge_open(struct kd_merge *merge, size_t shard, size_t n_shards, struct kd_err *err);
void kd_merge_clear(struct kd_merge *merge);

/* Finds rows by the keys in `wanted`; a failed cell is worth less than a good one. Damaged
 * parts are removed, a damaged file is renamed to NAME.h5.damaged, one that
 * this program cannot read to NAME.h5.other. */
int kd_merge_find(struct kd_merge *merge, struct kd_err *err);

/* Takes over n tables, also on error: stored as one part, or, if not `durable`, kept in
 * memory for kd_merge_finish. */
int kd_merge_add(struct kd_merge *merge, size_t n, const struct kd_batch *batch, bool durable,
                 struct kd_err *err);

/* Makes all rows, which are there now, the result: only if `changed` or the file is not
 * current, as *written says. prune: cells without a row are dropped. */
int kd_merge_finish(struct kd_merge *merge, bool changed, bool prune, bool *written,
                    struct kd_err *err);

#endif
