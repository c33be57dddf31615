/* SPDX-License-Identifier: MIT
 *
 * See stored.h.
 */
#include "stored.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "durable.h"
#include "part.h"
#include "reader.h"

enum { FAILED = 1, ASKED = 2, STEP = 32768 };

enum kd_stored_cell kd_stored_find(struct kd_stored *stored, struct kd_key_pair key) {
  uint32_t row = kd_keys_find(&stored->keys, key);
  if (row == KD_NO_ROW) return KD_STORED_NOT;
  stored->mark[row] |= ASKED;
  for (; row != KD_NO_ROW; row = stored->keys.next[row])
    if (!(stored->mark[row] & FAILED)) return KD_STORED_GOOD;
  return KD_STORED_FAILED;
}

/* Of each key one row, the first, is marked as asked for. */
size_t kd_stored_others(const struct kd_stored *stored) {
  const struct kd_keys *keys = &stored->keys;
  size_t n = 0;
  for (size_t row = 0; row < keys->n; row++)
    n += kd_keys_find(keys, keys->key[row]) == row && !(stored->mark[row] & ASKED);
  return n;
}

struct rows {
  uint64_t high[STEP], low[STEP];
  uint8_t status[STEP];
};

static int read_rows(struct kd_stored *stored, const struct kd_reader *reader, size_t from,
                     size_t n, struct rows *rows, struct kd_err *err) {
  int code = kd_reader_column(reader, "status", from, n, rows->status, err);
  if (!code) code = kd_reader_column(reader, "key_high", from, n, rows->high, err);
  if (!code) code = kd_reader_column(reader, "key_low", from, n, rows->low, err);
  for (size_t i = 0; i < n && !code; i++) {
    stored->mark[stored->keys.n] = rows->status[i] == KD_STATUS_FAILED ? FAILED : 0;
    code = kd_keys_add(&stored->keys, (struct kd_key_pair){rows->high[i], rows->low[i]}, err);
  }
  return code;
}

static int read_keys(struct kd_stored *stored, const struct kd_reader *reader, size_t cells,
                     struct kd_err *err) {
  size_t n = stored->keys.n + cells;
  int code = n > stored->keys.room ? kd_keys_reserve(&stored->keys, n + n / 2, err) : KD_OK;
  unsigned char *mark = code ? NULL : realloc(stored->mark, stored->keys.room);
  if (mark) stored->mark = mark;
  struct rows *rows = mark ? malloc(sizeof *rows) : NULL;
  if (!rows) return kd_no_memory(err);
  for (size_t from = 0; from < cells && !code; from += STEP)
    code =
        read_rows(stored, reader, from, cells - from < STEP ? cells - from : STEP, rows, err);
  free(rows);
  return code;
}

static int keep_head(struct kd_stored_file *file, const struct kd_table_head *head,
                     struct kd_err *err) {
  file->config = strdup(head->config);
  file->overrides = strdup(head->overrides);
  file->files = strdup(head->files);
  file->numerics_version = head->numerics_version;
  file->n_cells = head->extent[KD_DIM_CELL];
  file->payload = kd_file_payload(head);
  return file->config && file->overrides && file->files ? KD_OK : kd_no_memory(err);
}

static int read_opened(struct kd_stored *stored, const struct kd_reader *reader,
                       struct kd_err *err) {
  struct kd_stored_file *file = &stored->file[stored->n_files - 1];
  struct stat st;
  if (fstat(reader->fd, &st) == 0) file->size = (size_t)st.st_size;
  int code = keep_head(file, &reader->shape->head, err);
  if (!code) code = read_keys(stored, reader, file->n_cells, err);
  return code ? kd_context(err, code, "%s", file->path) : KD_OK;
}

/* The text without the "path: " it begins with */
static const char *reason(const struct kd_err *err, const char *path) {
  size_t n = strlen(path);
  return strncmp(err->text, path, n) == 0 && err->text[n] == ':' ? err->text + n + 2
                                                                 : err->text;
}

/* There is room for one more. *gone is set if it is not there. */
static int read_file(struct kd_stored *stored, const char *path, bool is_part, bool *gone,
                     struct kd_err *err) {
  struct kd_reader reader;
  enum kd_file_state state;
  int code = kd_reader_open(&reader, path, &state, err);
  *gone = state == KD_FILE_NONE;
  if (!code && !*gone) {
    struct kd_stored_file *file = &stored->file[stored->n_files++];
    *file = (struct kd_stored_file){.path = strdup(path), .is_part = is_part, .state = state};
    if (state != KD_FILE_GOOD) file->why = strdup(reason(err, path));
    if (!file->path || (state != KD_FILE_GOOD && !file->why))
      code = kd_no_memory(err);
    else if (state == KD_FILE_GOOD)
      code = read_opened(stored, &reader, err);
  }
  kd_reader_close(&reader);
  return code;
}

static int read_all(struct kd_stored *stored, bool *gone, struct kd_err *err) {
  struct kd_parts parts = {0};
  bool no_result;
  int code = kd_parts_list(&parts, stored->path, 0, 0, err);
  stored->file = calloc(parts.n + 1, sizeof *stored->file);
  if (!code && !stored->file) code = kd_no_memory(err);
  if (!code) code = read_file(stored, stored->path, false, &no_result, err);
  for (size_t i = 0; i < parts.n && !code && !*gone; i++) {
    char *part = kd_parts_path(&parts, i);
    code = part ? read_file(stored, part, true, gone, err) : kd_no_memory(err);
    free(part);
  }
  kd_parts_clear(&parts);
  return code ? code : kd_keys_index(&stored->keys, err);
}

static void forget(struct kd_stored *stored) {
  for (size_t i = 0; i < stored->n_files; i++) {
    struct kd_stored_file *file = &stored->file[i];
    free(file->path);
    free(file->why);
    free(file->config);
    free(file->overrides);
    free(file->files);
  }
  free(stored->file);
  free(stored->mark);
  kd_keys_clear(&stored->keys);
  *stored = (struct kd_stored){.path = stored->path};
}

/* A part that is gone stands in the result now: a run ended meanwhile. */
int kd_stored_read(const char *path, struct kd_stored *stored, struct kd_err *err) {
  enum { TRIES = 10 };
  *stored = (struct kd_stored){0};
  if (kd_durable_target(path, &stored->path, err))
    return kd_context(err, KD_SYSTEM, "%s", path);
  for (int i = 0; i < TRIES; i++) {
    bool gone = false;
    forget(stored);
    int code = read_all(stored, &gone, err);
    if (code || !gone) return code;
  }
  return kd_fail(err, KD_SYSTEM, "%s: its parts change all the time; try again", path);
}

void kd_stored_clear(struct kd_stored *stored) {
  forget(stored);
  free(stored->path);
  *stored = (struct kd_stored){0};
}
