/* SPDX-License-Identifier: MIT
 *
 * See merge.h.
 */
#include "merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "durable.h"
#include "find.h"
#include "write.h"

int kd_merge_open(struct kd_merge *merge, size_t shard, size_t n_shards, struct kd_err *err) {
  struct stat st;
  int code = kd_parts_list(&merge->parts, merge->path, shard, n_shards, err);
  merge->anything = merge->parts.n > 0 || stat(merge->path, &st) == 0;
  if (!code && n_shards == 0) {
    kd_durable_tidy(merge->path);
    kd_parts_tidy(&merge->parts);
  }
  if (!code) code = kd_table_shape(merge->head, &merge->shape, err);
  merge->state = malloc(merge->n);
  merge->place = calloc(merge->n, sizeof *merge->place);
  if (!code && (!merge->state || !merge->place)) code = kd_no_memory(err);
  if (!code) memset(merge->state, KD_NOT_THERE, merge->n);
  return code;
}

void kd_merge_clear(struct kd_merge *merge) {
  kd_parts_clear(&merge->parts);
  for (size_t i = 0; i < merge->n_sources; i++) kd_source_clear(&merge->source[i]);
  free(merge->source);
  kd_keys_clear(&merge->wanted);
  kd_keys_clear(&merge->spare);
  kd_keys_clear(&merge->file_spare);
  free(merge->file_spare_row);
  kd_table_free(merge->shape);
  free(merge->state);
  free(merge->place);
  *merge = (struct kd_merge){0};
}

int kd_merge_source(struct kd_merge *merge, struct kd_source source, struct kd_err *err) {
  if (merge->n_sources == merge->room) {
    size_t room = 2 * merge->room + 16;
    struct kd_source *more = realloc(merge->source, room * sizeof *more);
    if (!more) {
      kd_source_clear(&source);
      return kd_no_memory(err);
    }
    merge->source = more;
    merge->room = room;
  }
  merge->source[merge->n_sources++] = source;
  return KD_OK;
}

/* --- cells just computed --- */

static size_t n_rows(const struct kd_table *table) {
  return kd_table_head(table)->extent[KD_DIM_CELL];
}

static size_t total(size_t n, const struct kd_batch *batch) {
  size_t sum = 0;
  for (size_t i = 0; i < n; i++) sum += n_rows(batch[i].table);
  return sum;
}

/* Notes where the rows of a batch are: in that source, from row `first` on. */
static void place_batch(struct kd_merge *merge, const struct kd_batch *batch, size_t source,
                        size_t first) {
  for (size_t i = 0; i < n_rows(batch->table); i++) {
    size_t place = batch->begin + i, row = merge->todo ? merge->todo[place] : place;
    merge->place[row] = (struct kd_place){(uint32_t)source, (uint32_t)(first + i), 0};
    merge->state[row] = (unsigned char)kd_table_status(batch->table, i);
  }
}

/* Writes the batches, one behind the other, as a part. */
static int store(struct kd_merge *merge, size_t n, const struct kd_batch *batch,
                 struct kd_err *err) {
  size_t rows = total(n, batch), to = 0;
  struct kd_key_pair key;
  struct kd_source *source = calloc(n, sizeof *source);
  struct kd_place *place = calloc(rows, sizeof *place);
  int code = source && place ? KD_OK : kd_no_memory(err);
  for (size_t i = 0; i < n && !code; i++) {
    source[i].table = batch[i].table;
    for (size_t row = 0; row < n_rows(batch[i].table); row++, to++)
      place[to] = (struct kd_place){(uint32_t)i, (uint32_t)row, (uint32_t)to};
  }
  struct kd_gather gather = {.source = source, .place = place, .n = rows};
  struct kd_table_head head = *merge->head;
  head.extent[KD_DIM_CELL] = rows;
  kd_table_key(batch->table, 0, &key.high, &key.low);
  if (!code) code = kd_parts_store(&merge->parts, &head, &gather, key, err);
  free(source);
  free(place);
  return code;
}

static int add_part(struct kd_merge *merge, size_t n, const struct kd_batch *batch,
                    struct kd_err *err) {
  int code = store(merge, n, batch, err);
  if (code) return code;
  char *path = kd_parts_path(&merge->parts, merge->parts.n - 1);
  code =
      path ? kd_merge_source(merge, (struct kd_source){.path = path}, err) : kd_no_memory(err);
  for (size_t i = 0, first = 0; i < n && !code; i++) {
    place_batch(merge, &batch[i], merge->n_sources - 1, first);
    first += n_rows(batch[i].table);
  }
  return code;
}

int kd_merge_add(struct kd_merge *merge, size_t n, const struct kd_batch *batch, bool durable,
                 struct kd_err *err) {
  int code = KD_OK;
  if (durable && n) code = add_part(merge, n, batch, err);
  for (size_t i = 0; i < n; i++) {
    if (durable || code) {
      kd_table_free(batch[i].table);
      continue;
    }
    code = kd_merge_source(merge, (struct kd_source){.table = batch[i].table}, err);
    if (!code) place_batch(merge, &batch[i], merge->n_sources - 1, 0);
  }
  return code;
}

/* --- the new file --- */

/* Rows of the old file that neither the result nor a part holds, and the first one's key */
static size_t list_spare(const struct kd_merge *merge, struct kd_place *place,
                         struct kd_key_pair *first) {
  size_t n = 0;
  for (size_t i = 0; i < merge->file_spare.n; i++) {
    if (kd_keys_find(&merge->spare, merge->file_spare.key[i]) != KD_NO_ROW) continue;
    if (n == 0) *first = merge->file_spare.key[i];
    place[n] = (struct kd_place){0, merge->file_spare_row[i], (uint32_t)n};
    n++;
  }
  return n;
}

static int store_spare(struct kd_merge *merge, const struct kd_place *place, size_t n,
                       struct kd_key_pair key, struct kd_err *err) {
  struct kd_reader reader;
  int code = kd_reader_open_again(&reader, merge->path, err);
  if (!code) {
    struct kd_gather gather = {.source = merge->source, .place = place, .n = n};
    struct kd_table_head head = reader.shape->head;
    head.extent[KD_DIM_CELL] = n;
    code = kd_parts_store(&merge->parts, &head, &gather, key, err);
  }
  if (!code) merge->parts.part[merge->parts.n - 1].keep = true;
  kd_reader_close(&reader);
  return code;
}

static int save_spare(struct kd_merge *merge, struct kd_err *err) {
  struct kd_key_pair key;
  struct kd_place *place = calloc(merge->file_spare.n, sizeof *place);
  if (!place) return kd_no_memory(err);
  size_t n = list_spare(merge, place, &key);
  int code = n ? store_spare(merge, place, n, key, err) : KD_OK;
  free(place);
  return code;
}

/* From here on places are sorted by where they come from. */
static int write_result(struct kd_merge *merge, struct kd_err *err) {
  for (size_t row = 0; row < merge->n; row++) merge->place[row].to = (uint32_t)row;
  kd_places_sort(merge->place, merge->n);
  struct kd_gather gather = {.source = merge->source,
                             .place = merge->place,
                             .n = merge->n,
                             .coordinates = merge->coordinates,
                             .context = merge->coordinates_context};
  return kd_write_gathered(merge->path, merge->head, &gather, merge->n_threads, err);
}

int kd_merge_finish(struct kd_merge *merge, bool changed, bool prune, bool *written,
                    struct kd_err *err) {
  int code = KD_OK;
  *written = changed || !merge->current;
  if (merge->file_spare.n && !prune) code = save_spare(merge, err);
  if (!code && *written) code = write_result(merge, err);
  return code ? code : kd_parts_remove(&merge->parts, prune, err);
}
