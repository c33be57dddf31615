/* SPDX-License-Identifier: MIT
 *
 * Parts: what is done of a result and not yet in it. A part is a result file with fewer
 * cells, NAME.parts/KEY.h5, named after the key of its first cell (behind that, where it
 * is needed, the shard K-of-N and a number: no part ever replaces another).
 */
#ifndef KD_PART_H
#define KD_PART_H

#include <stdbool.h>
#include <stddef.h>

#include "gather.h"
#include "keys.h"

struct kd_part {
  char *name;
  bool keep; /* holds cells that its result has no place for */
};

struct kd_parts {
  char *folder; /* NAME.parts */
  char tag[48]; /* "" or "-KofN" */
  size_t n;
  struct kd_part *part; /* by name, those of this process last */
};

/* Lists the parts of the result at `path`, none if there is no folder. n_shards = 0: no
 * shard. Start from {0}; to be cleared also on error. */
int kd_parts_list(struct kd_parts *parts, const char *path, size_t shard, size_t n_shards,
                  struct kd_err *err);
void kd_parts_clear(struct kd_parts *parts);

/* Stores these rows, whose first one has this key, as one more part: durably, without
 * compression. */
int kd_parts_store(struct kd_parts *parts, const struct kd_table_head *head,
                   const struct kd_gather *rows, struct kd_key_pair key, struct kd_err *err);

/* Path of the i-th part; freed by the caller, NULL when memory is short. */
char *kd_parts_path(const struct kd_parts *parts, size_t i);

/* Removes the parts that need not be kept, all if `all`; and the folder, once empty. */
int kd_parts_remove(struct kd_parts *parts, bool all, struct kd_err *err);

/* Removes what killed writers left in the folder: for holders of the exclusive lock. */
void kd_parts_tidy(const struct kd_parts *parts);

#endif
