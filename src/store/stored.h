/* SPDX-License-Identifier: MIT
 *
 * What is stored of a result, as far as keys tell: of its file and of each part the head,
 * and of each cell key and whether it failed. Nothing is written, removed or locked, and
 * of the values only keys and statuses are read.
 */
#ifndef KD_STORED_H
#define KD_STORED_H

#include "file.h"
#include "keys.h"

struct kd_stored_file {
  char *path;
  bool is_part;
  enum kd_file_state state;
  char *why;   /* if DAMAGED or STRANGE: what is wrong; the next ones then are empty */
  size_t size; /* bytes */
  double payload;
  char *config, *overrides, *files; /* as in struct kd_table_head */
  int64_t numerics_version;
  size_t n_cells;
};

struct kd_stored {
  char *path; /* of the result, links followed */
  size_t n_files;
  struct kd_stored_file *file; /* the result first, if it is there; then parts by name */
  struct kd_keys keys;         /* of all cells, file by file */
  unsigned char *mark;         /* of each: private */
};

enum kd_stored_cell { KD_STORED_NOT, KD_STORED_FAILED, KD_STORED_GOOD };

/* Reads what there is of the result at `path`: nothing is no error. KD_SYSTEM when a file
 * cannot be read or memory is short. To be cleared also on error. */
int kd_stored_read(const char *path, struct kd_stored *stored, struct kd_err *err);
void kd_stored_clear(struct kd_stored *stored);

/* What is stored under a key, of several cells the best; notes that it was asked for. */
enum kd_stored_cell kd_stored_find(struct kd_stored *stored, struct kd_key_pair key);

/* Different keys under which cells are stored that nobody asked for */
size_t kd_stored_others(const struct kd_stored *stored);

#endif
