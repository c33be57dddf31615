/* SPDX-License-Identifier: MIT
 *
 * Finding rows of a result in its old file and its parts: status and key of each stored
 * cell are read, some thousand at a time, and looked up among the keys that are wanted.
 */
#include "find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "h5.h"

enum { STEP = 32768 }; /* a chunk of keys */

/* A file that is searched */
struct search {
  struct kd_merge *merge;
  struct kd_reader reader;
  size_t source; /* it is merge->source[source] */
  bool fits;     /* has the variables of the result */
  bool same;     /* so far its keys are those of the result, row by row */
  /* of STEP rows */
  uint8_t status[STEP];
  uint64_t high[STEP], low[STEP];
};

static size_t cells(const struct search *s) {
  return s->reader.shape->head.extent[KD_DIM_CELL];
}

/* The file is source 0. Gives a stored cell to all rows that want it; false if none does. */
static bool give(struct search *s, size_t row, struct kd_key_pair key, unsigned char status) {
  struct kd_merge *merge = s->merge;
  uint32_t to = kd_keys_find(&merge->wanted, key);
  if (to == KD_NO_ROW) return status == KD_STATUS_FAILED; /* would be computed again anyway */
  for (; to != KD_NO_ROW && s->fits; to = merge->wanted.next[to]) {
    unsigned char have = merge->state[to];
    bool better =
        have == KD_NOT_THERE || (have == KD_STATUS_FAILED && status != KD_STATUS_FAILED);
    if (!better) continue;
    merge->state[to] = status;
    merge->place[to] = (struct kd_place){(uint32_t)s->source, (uint32_t)row, 0};
    if (s->source > 0) merge->current = false; /* a part knows more than the file */
  }
  return true;
}

/* Notes a cell that no row wants. */
static int keep(struct search *s, size_t row, struct kd_key_pair key, struct kd_part *part,
                struct kd_err *err) {
  struct kd_merge *merge = s->merge;
  if (part) {
    part->keep = true;
    return kd_keys_add(&merge->spare, key, err);
  }
  size_t room = merge->file_spare.room;
  int code = kd_keys_add(&merge->file_spare, key, err);
  if (!code && merge->file_spare.room != room) {
    uint32_t *more = realloc(merge->file_spare_row, merge->file_spare.room * sizeof *more);
    if (!more) return kd_no_memory(err);
    merge->file_spare_row = more;
  }
  if (!code) merge->file_spare_row[merge->file_spare.n - 1] = (uint32_t)row;
  return code;
}

/* `part` NULL: the file */
static int search_rows(struct search *s, struct kd_part *part, struct kd_err *err) {
  const struct kd_keys *wanted = &s->merge->wanted;
  int code = KD_OK;
  s->fits = kd_head_same_variables(s->merge->head, &s->reader.shape->head);
  s->same = cells(s) == wanted->n;
  for (size_t from = 0; from < cells(s) && !code; from += STEP) {
    size_t n = cells(s) - from < STEP ? cells(s) - from : STEP;
    code = kd_reader_column(&s->reader, "status", from, n, s->status, err);
    if (!code) code = kd_reader_column(&s->reader, "key_high", from, n, s->high, err);
    if (!code) code = kd_reader_column(&s->reader, "key_low", from, n, s->low, err);
    for (size_t i = 0; i < n && !code; i++) {
      struct kd_key_pair key = {s->high[i], s->low[i]};
      if (!give(s, from + i, key, s->status[i])) code = keep(s, from + i, key, part, err);
      s->same = s->same && wanted->key[from + i].high == key.high &&
                wanted->key[from + i].low == key.low;
    }
  }
  return code;
}

/* Whether rows from .. from+n-1 of the file have the coordinates of the result's; `own` is
 * room for them */
static int compare_coordinates(struct search *s, size_t from, size_t n, double *value,
                               int64_t *own, struct kd_err *err) {
  struct kd_merge *merge = s->merge;
  struct kd_table *shape = merge->shape;
  size_t first = shape->first_coordinate, end = shape->first_variable;
  int code = KD_OK;
  for (size_t c = first; c < end; c++) kd_slot_use(&shape->slot[c], own + (c - first) * STEP);
  for (size_t i = 0; i < n; i++) {
    merge->coordinates(merge->coordinates_context, from + i, value);
    for (size_t c = first; c < end; c++) kd_slot_place(&shape->slot[c], i, value[c - first]);
  }
  for (size_t c = first; c < end && !code && s->same; c++) {
    code = kd_reader_column(&s->reader, shape->slot[c].column.name, from, n, s->high, err);
    s->same = !code && memcmp(s->high, shape->slot[c].data, n * sizeof *own) == 0;
  }
  for (size_t c = first; c < end; c++) kd_slot_use(&shape->slot[c], NULL);
  return code;
}

static int compare_all_coordinates(struct search *s, struct kd_err *err) {
  size_t n = s->merge->shape->first_variable - s->merge->shape->first_coordinate;
  double *value = calloc(n + 1, sizeof *value);
  int64_t *own = calloc(n + 1, STEP * sizeof *own);
  int code = value && own ? KD_OK : kd_no_memory(err);
  for (size_t from = 0; from < cells(s) && !code && s->same; from += STEP) {
    size_t rows = cells(s) - from < STEP ? cells(s) - from : STEP;
    code = compare_coordinates(s, from, rows, value, own, err);
  }
  free(value);
  free(own);
  return code;
}

static void say(const struct kd_merge *merge, const struct kd_err *err, const char *what) {
  struct kd_err line = *err;
  size_t used = strlen(line.text);
  snprintf(line.text + used, sizeof line.text - used, "; %s", what);
  if (merge->say) merge->say(merge->say_context, line.text);
}

/* A file that is whole but not to be read by this program is another's, or an older one. */
static void put_aside(const struct kd_merge *merge, enum kd_file_state state,
                      const struct kd_err *why) {
  const char *suffix = state == KD_FILE_DAMAGED ? ".damaged" : ".other";
  char *aside, what[64];
  if (asprintf(&aside, "%s%s", merge->path, suffix) < 0) aside = NULL;
  bool renamed = aside && rename(merge->path, aside) == 0;
  snprintf(what, sizeof what, "%s%s%sits cells are computed again",
           renamed ? "renamed to " : "", renamed ? suffix : "", renamed ? ", " : "");
  say(merge, why, what);
  free(aside);
}

static int search_file(struct search *s, struct kd_err *err) {
  struct kd_merge *merge = s->merge;
  enum kd_file_state state;
  int code = kd_reader_open(&s->reader, merge->path, &state, err);
  if (!code && (state == KD_FILE_DAMAGED || state == KD_FILE_STRANGE))
    put_aside(merge, state, err);
  if (!code && state == KD_FILE_GOOD) {
    code = search_rows(s, NULL, err);
    s->same = s->same && kd_table_same_shape(merge->shape, s->reader.shape);
    if (!code && s->same) code = compare_all_coordinates(s, err);
    merge->current = s->same; /* unless a part knows more */
    if (code) kd_context(err, code, "%s", merge->path);
  }
  kd_reader_close(&s->reader);
  return code;
}

static int search_part(struct search *s, struct kd_part *part, const char *path,
                       struct kd_err *err) {
  enum kd_file_state state;
  int code = kd_reader_open(&s->reader, path, &state, err);
  part->keep = state == KD_FILE_STRANGE;
  if (!code && state == KD_FILE_STRANGE) say(s->merge, err, "left alone");
  if (!code && state == KD_FILE_DAMAGED) {
    unlink(path);
    say(s->merge, err, "removed, its cells are computed again");
  }
  if (!code && state == KD_FILE_GOOD) {
    code = search_rows(s, part, err);
    if (code) kd_context(err, code, "%s", path);
  }
  kd_reader_close(&s->reader);
  return code;
}

static int search_parts(struct search *s, struct kd_err *err) {
  struct kd_merge *merge = s->merge;
  int code = KD_OK;
  for (size_t i = 0; i < merge->parts.n && !code; i++) {
    char *path = kd_parts_path(&merge->parts, i);
    if (!path) return kd_no_memory(err);
    s->source = merge->n_sources;
    code = kd_merge_source(merge, (struct kd_source){.path = path}, err);
    if (!code) code = search_part(s, &merge->parts.part[i], merge->source[s->source].path, err);
  }
  return code;
}

int kd_merge_find(struct kd_merge *merge, struct kd_err *err) {
  struct search *s = calloc(1, sizeof *s);
  char *path = strdup(merge->path);
  if (!s || !path) {
    free(s);
    free(path);
    return kd_no_memory(err);
  }
  s->merge = merge;
  int code = kd_keys_index(&merge->wanted, err);
  if (code)
    free(path);
  else
    code = kd_merge_source(merge, (struct kd_source){.path = path}, err);
  if (!code) code = search_file(s, err);
  if (!code) code = search_parts(s, err);
  if (!code) code = kd_keys_index(&merge->spare, err);
  kd_keys_clear(&merge->wanted);
  free(s);
  return code;
}
