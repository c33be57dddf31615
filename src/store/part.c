/* SPDX-License-Identifier: MIT
 *
 * The folder of parts; see part.h.
 */
#include "part.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "durable.h"
#include "write.h"

static bool is_part(const char *name) {
  size_t n = strlen(name);
  return n >= 35 && strspn(name, "0123456789abcdef") == 32 && strcmp(name + n - 3, ".h5") == 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct kd_part *)a)->name, ((const struct kd_part *)b)->name);
}

/* Takes over `name`, also on error. */
static int add(struct kd_parts *parts, char *name, struct kd_err *err) {
  if ((parts->n & (parts->n + 1)) == 0) { /* full: 2^k - 1 of them */
    struct kd_part *more = realloc(parts->part, 2 * (parts->n + 1) * sizeof *more);
    if (more) parts->part = more;
    if (!more) free(name), name = NULL;
  }
  if (!name) return kd_no_memory(err);
  parts->part[parts->n++] = (struct kd_part){.name = name};
  return KD_OK;
}

int kd_parts_list(struct kd_parts *parts, const char *path, size_t shard, size_t n_shards,
                  struct kd_err *err) {
  if (n_shards) snprintf(parts->tag, sizeof parts->tag, "-%zuof%zu", shard, n_shards);
  parts->folder = kd_durable_beside(path, ".parts");
  if (!parts->folder) return kd_no_memory(err);
  DIR *directory = opendir(parts->folder);
  if (!directory && errno == ENOENT) return KD_OK;
  if (!directory)
    return kd_fail(err, KD_SYSTEM, "%s: cannot be read: %s", parts->folder, strerror(errno));
  int code = KD_OK;
  for (struct dirent *entry; !code && (entry = readdir(directory));)
    if (is_part(entry->d_name)) code = add(parts, strdup(entry->d_name), err);
  closedir(directory);
  if (parts->n) qsort(parts->part, parts->n, sizeof *parts->part, by_name);
  return code;
}

void kd_parts_clear(struct kd_parts *parts) {
  for (size_t i = 0; i < parts->n; i++) free(parts->part[i].name);
  free(parts->part);
  free(parts->folder);
  *parts = (struct kd_parts){0};
}

char *kd_parts_path(const struct kd_parts *parts, size_t i) {
  char *path;
  return asprintf(&path, "%s/%s", parts->folder, parts->part[i].name) < 0 ? NULL : path;
}

static int new_name(const struct kd_parts *parts, struct kd_key_pair key, unsigned try,
                    char **name, struct kd_err *err) {
  char number[16] = "";
  if (try) snprintf(number, sizeof number, "-%u", try);
  if (asprintf(name, "%016" PRIx64 "%016" PRIx64 "%s%s.h5", key.high, key.low, parts->tag,
               number) >= 0)
    return KD_OK;
  *name = NULL;
  return kd_no_memory(err);
}

/* Adds a name that no file has. Nobody else makes one with this tag: the lock. */
static int add_name(struct kd_parts *parts, struct kd_key_pair key, char **path,
                    struct kd_err *err) {
  *path = NULL;
  for (unsigned try = 0;; try++) {
    char *name;
    int code = new_name(parts, key, try, &name, err);
    if (!code) code = add(parts, name, err);
    if (code) return code;
    if (!(*path = kd_parts_path(parts, parts->n - 1))) return kd_no_memory(err);
    if (access(*path, F_OK) != 0) return KD_OK;
    free(parts->part[--parts->n].name);
    free(*path);
    *path = NULL;
  }
}

int kd_parts_store(struct kd_parts *parts, const struct kd_table_head *head,
                   const struct kd_gather *rows, struct kd_key_pair key, struct kd_err *err) {
  char *path = NULL;
  int code = kd_durable_folder(parts->folder, err);
  if (code) return kd_context(err, code, "%s", parts->folder);
  code = add_name(parts, key, &path, err);
  if (!code) code = kd_write_gathered(path, head, rows, 0, err);
  free(path);
  return code;
}

int kd_parts_remove(struct kd_parts *parts, bool all, struct kd_err *err) {
  int code = KD_OK;
  for (size_t i = 0; i < parts->n && !code; i++) {
    if (parts->part[i].keep && !all) continue;
    char *path = kd_parts_path(parts, i);
    if (!path) return kd_no_memory(err);
    if (unlink(path) != 0 && errno != ENOENT)
      code = kd_fail(err, KD_SYSTEM, "%s: cannot be removed: %s", path, strerror(errno));
    free(path);
  }
  rmdir(parts->folder); /* refused unless it is empty */
  return code;
}

void kd_parts_tidy(const struct kd_parts *parts) {
  DIR *directory = opendir(parts->folder);
  for (struct dirent *entry; directory && (entry = readdir(directory));)
    if (strstr(entry->d_name, ".h5.tmp-")) unlinkat(dirfd(directory), entry->d_name, 0);
  if (directory) closedir(directory);
}
