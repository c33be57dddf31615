/* SPDX-License-Identifier: MIT
 *
 * See merge.h. One file is in memory at a time beside the table, and 25 bytes a row.
 */
#include "merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "durable.h"
#include "file.h"

int kd_merge_open(struct kd_merge *merge, const char *path, struct kd_table *table,
                  size_t shard, size_t n_shards, struct kd_err *err) {
  struct stat st;
  merge->table = table;
  merge->path = path;
  int code = kd_parts_list(&merge->parts, path, shard, n_shards, err);
  merge->anything = merge->parts.n > 0 || stat(path, &st) == 0;
  if (!code && n_shards == 0) {
    kd_durable_tidy(path);
    kd_parts_tidy(&merge->parts);
  }
  return code;
}

void kd_merge_clear(struct kd_merge *merge) {
  kd_parts_clear(&merge->parts);
  free(merge->found);
  free(merge->wanted);
  free(merge->spare);
  *merge = (struct kd_merge){0};
}

int kd_merge_expect(struct kd_merge *merge, struct kd_err *err) {
  size_t n = kd_table_head(merge->table)->extent[KD_DIM_CELL];
  merge->found = calloc(n, sizeof *merge->found);
  merge->wanted = calloc(n, sizeof *merge->wanted);
  return merge->found && merge->wanted ? KD_OK : kd_no_memory(err);
}

static int by_key(const void *a, const void *b) {
  const struct kd_key_row *p = a, *q = b;
  if (p->high != q->high) return p->high < q->high ? -1 : 1;
  return p->low < q->low ? -1 : p->low > q->low;
}

/* The first of those with this key, as an index; n if there is none */
static size_t find(const struct kd_key_row *list, size_t n, const struct kd_key_row *key) {
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (by_key(&list[middle], key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low < n && by_key(&list[low], key) == 0 ? low : n;
}

static size_t n_rows(const struct kd_table *table) {
  return kd_table_head(table)->extent[KD_DIM_CELL];
}

static struct kd_key_row key_of(const struct kd_table *table, size_t row) {
  struct kd_key_row key = {.row = row};
  kd_table_key(table, row, &key.high, &key.low);
  return key;
}

/* Gives a stored cell to all rows that want it; false if none does. */
static bool give(struct kd_merge *merge, const struct kd_table *from, size_t row) {
  struct kd_key_row key = key_of(from, row);
  size_t n = n_rows(merge->table), i = find(merge->wanted, n, &key);
  unsigned char worth =
      kd_table_status(from, row) == KD_STATUS_FAILED ? KD_FOUND_FAILED : KD_FOUND_GOOD;
  if (i == n) return worth == KD_FOUND_FAILED; /* would be computed again anyway */
  for (; i < n && by_key(&merge->wanted[i], &key) == 0; i++) {
    size_t to = merge->wanted[i].row;
    if (merge->found[to] < worth && kd_table_take(merge->table, to, from, row))
      merge->found[to] = worth;
  }
  return true;
}

static int note_spare(struct kd_merge *merge, struct kd_key_row key, struct kd_err *err) {
  if (merge->n_spare == merge->spare_room) {
    size_t room = 2 * merge->spare_room + 64;
    struct kd_key_row *more = realloc(merge->spare, room * sizeof *more);
    if (!more) return kd_no_memory(err);
    merge->spare = more;
    merge->spare_room = room;
  }
  merge->spare[merge->n_spare++] = key;
  return KD_OK;
}

static void say(const struct kd_merge *merge, const struct kd_err *err, const char *what) {
  struct kd_err line = *err;
  size_t used = strlen(line.text);
  snprintf(line.text + used, sizeof line.text - used, "; %s", what);
  if (merge->say) merge->say(merge->context, line.text);
}

static int fill_from_file(struct kd_merge *merge, struct kd_err *err) {
  struct kd_table *table;
  enum kd_file_state state;
  int code = kd_file_try(merge->path, &table, &state, err);
  if (code || state == KD_FILE_NONE) return code;
  if (state == KD_FILE_STRANGE) say(merge, err, "its cells are computed again");
  if (state == KD_FILE_DAMAGED) {
    char *aside;
    if (asprintf(&aside, "%s.damaged", merge->path) < 0) return kd_no_memory(err);
    bool moved = rename(merge->path, aside) == 0;
    say(merge, err,
        moved ? "renamed to .damaged, its cells are computed again"
              : "its cells are computed again");
    free(aside);
  }
  if (state != KD_FILE_GOOD) return KD_OK;
  for (size_t row = 0; row < n_rows(table); row++)
    if (!give(merge, table, row)) merge->n_file_spare++;
  merge->current = kd_table_same(merge->table, table);
  kd_table_free(table);
  return KD_OK;
}

static int fill_from_part(struct kd_merge *merge, size_t i, struct kd_err *err) {
  struct kd_part *part = &merge->parts.part[i];
  struct kd_table *table;
  enum kd_file_state state;
  char *path = kd_parts_path(&merge->parts, i);
  if (!path) return kd_no_memory(err);
  int code = kd_file_try(path, &table, &state, err);
  part->keep = state == KD_FILE_STRANGE;
  if (!code && state == KD_FILE_STRANGE) say(merge, err, "left alone");
  if (!code && state == KD_FILE_DAMAGED) {
    unlink(path);
    say(merge, err, "removed, its cells are computed again");
  }
  free(path);
  if (code || state != KD_FILE_GOOD) return code;
  for (size_t row = 0; row < n_rows(table) && !code; row++) {
    if (give(merge, table, row)) continue;
    part->keep = true;
    code = note_spare(merge, key_of(table, row), err);
  }
  kd_table_free(table);
  return code;
}

int kd_merge_fill(struct kd_merge *merge, struct kd_err *err) {
  qsort(merge->wanted, n_rows(merge->table), sizeof *merge->wanted, by_key);
  int code = fill_from_file(merge, err);
  size_t n_parts = merge->parts.n;
  for (size_t i = 0; i < n_parts && !code; i++) code = fill_from_part(merge, i, err);
  if (merge->n_spare) qsort(merge->spare, merge->n_spare, sizeof *merge->spare, by_key);
  return code;
}

/* Rows of the old file that neither the table nor a part holds */
static size_t spare_rows(const struct kd_merge *merge, const struct kd_table *old,
                         size_t *rows) {
  size_t n = 0, n_wanted = n_rows(merge->table);
  for (size_t row = 0; row < n_rows(old); row++) {
    struct kd_key_row key = key_of(old, row);
    if (kd_table_status(old, row) != KD_STATUS_FAILED &&
        find(merge->wanted, n_wanted, &key) == n_wanted &&
        find(merge->spare, merge->n_spare, &key) == merge->n_spare)
      rows[n++] = row;
  }
  return n;
}

static int save_spare(struct kd_merge *merge, struct kd_err *err) {
  struct kd_table *old, *spare = NULL;
  int code = kd_file_read(merge->path, &old, err);
  if (code) return code;
  size_t n = 0, *rows = calloc(n_rows(old), sizeof *rows);
  if (!rows)
    code = kd_no_memory(err);
  else
    n = spare_rows(merge, old, rows);
  if (!code && n) code = kd_table_select(old, n, rows, &spare, err);
  if (!code && n) code = kd_parts_store(&merge->parts, spare, err);
  if (!code && n) merge->parts.part[merge->parts.n - 1].keep = true;
  kd_table_free(spare);
  kd_table_free(old);
  free(rows);
  return code;
}

int kd_merge_finish(struct kd_merge *merge, bool changed, bool prune, struct kd_err *err) {
  int code = KD_OK;
  if (merge->n_file_spare && !prune) code = save_spare(merge, err);
  if (!code && (changed || !merge->current))
    code = kd_file_write(merge->path, merge->table, true, err);
  return code ? code : kd_parts_remove(&merge->parts, prune, err);
}
