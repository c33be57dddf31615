/* SPDX-License-Identifier: MIT
 *
 * See files.h.
 */
#include "files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

bool kd_files_number(struct kd_files *files, struct kd_value *value, bool is_column) {
  struct kd_file_names *names = is_column ? &files->column : &files->file;
  size_t at = XXH3_64bits(value->text, strlen(value->text)) % KD_FILE_PLACES;
  while (names->place[at] && strcmp(names->name[names->place[at] - 1], value->text) != 0)
    at = (at + 1) % KD_FILE_PLACES;
  if (!names->place[at] && names->n == KD_FILES_MAX) return false;
  if (!names->place[at]) {
    names->name[names->n++] = value->text;
    names->place[at] = names->n;
  }
  value->files = files;
  value->choice = names->place[at] - 1;
  return true;
}

bool kd_files_open(struct kd_files *files) {
  size_t n = files->file.n * files->column.n + 1;
  files->data = calloc(n, sizeof *files->data);
  files->tried = calloc(n, sizeof *files->tried);
  files->bytes = calloc(files->file.n + 1, sizeof *files->bytes);
  return files->data && files->tried && files->bytes;
}

void kd_files_clear(struct kd_files *files) {
  size_t n = files->file.n * files->column.n;
  for (size_t i = 0; files->data && i < n; i++) kd_text_column_clear(&files->data[i]);
  free(files->data);
  free(files->tried);
  free(files->bytes);
  *files = (struct kd_files){0};
}

/* The name as the program opens it; NULL if memory is short. */
static char *path_of(const char *config, const char *name) {
  const char *slash = strrchr(config, '/');
  char *path = NULL;
  if (*name == '/' || !slash) return strdup(name);
  return asprintf(&path, "%.*s%s", (int)(slash - config) + 1, config, name) < 0 ? NULL : path;
}

static bool has_changed(const struct kd_files *files, size_t file, const struct kd_hash *hash) {
  const struct kd_hash *before = &files->bytes[file];
  bool is_first = before->high == 0 && before->low == 0;
  return !is_first && (before->high != hash->high || before->low != hash->low);
}

void kd_files_read(struct kd_files *files, const char *config, const struct kd_value *file,
                   const struct kd_value *column, struct kd_diag *diag) {
  size_t at = file->choice * files->column.n + column->choice;
  struct kd_column_choice name = {column->text, column->set ? column->mark : file->mark};
  struct kd_hash hash;
  if (files->tried[at]) return;
  files->tried[at] = true;
  char *path = path_of(config, file->text);
  if (!path) {
    kd_diag_no_memory(diag);
    return;
  }
  if (kd_text_table_read(path, file->mark, &name, KD_FILE_NUMBERS_MAX - files->n_numbers,
                         &files->data[at], &hash, diag)) {
    if (has_changed(files, file->choice, &hash))
      kd_diag_add(diag, file->mark, NULL, "%s changed while it was read", path);
    files->bytes[file->choice] = hash;
    files->n_numbers += files->data[at].n;
  }
  free(path);
}

struct kd_text_column kd_files_column(const struct kd_value *file,
                                      const struct kd_value *column) {
  if (!file->files || !file->files->data) return (struct kd_text_column){0};
  return file->files->data[file->choice * file->files->column.n + column->choice];
}

static bool was_read(const struct kd_files *files, size_t file) {
  for (size_t c = 0; c < files->column.n; c++)
    if (files->data[file * files->column.n + c].n > 0) return true;
  return false;
}

char *kd_files_text(const struct kd_files *files) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  const char *end = "";
  if (!out) return NULL;
  for (size_t f = 0; f < files->file.n; f++) {
    if (!was_read(files, f)) continue;
    fprintf(out, "%s%016" PRIx64 "%016" PRIx64 "  %s", end, files->bytes[f].high,
            files->bytes[f].low, files->file.name[f]);
    end = "\n";
  }
  fclose(out);
  return text;
}
