/* SPDX-License-Identifier: MIT
 *
 * The text tables that a config's cells read: each column once, in memory.
 * Files and columns are numbered by their first mention; the values of
 * points.file and points.column hold these numbers as their choice.
 */
#ifndef KD_FILES_H
#define KD_FILES_H

#include "text_table.h"
#include "value.h"

/* Files, columns, numbers in all. */
enum { KD_FILES_MAX = 1000, KD_COLUMNS_MAX = 1000, KD_FILE_NUMBERS_MAX = 10000000 };

/* Names by their hash, in twice as many places as there can be names. */
enum { KD_FILE_PLACES = 2048 };
struct kd_file_names {
  size_t n, place[KD_FILE_PLACES]; /* number of a name + 1; 0 = free */
  const char *name[KD_FILES_MAX];  /* borrowed from the values */
};

struct kd_files {
  struct kd_file_names file, column;
  struct kd_text_column *data; /* owned: column.n of each file */
  bool *tried;                 /* owned: which were read, well or not */
  struct kd_hash *bytes;       /* owned: of each file */
  size_t n_numbers;
};

/* Numbers the value of points.file or points.column; false if there are too many. */
bool kd_files_number(struct kd_files *files, struct kd_value *value, bool is_column);

/* Makes room for the columns, once all are numbered; false if memory is short. */
bool kd_files_open(struct kd_files *files);
void kd_files_clear(struct kd_files *files);

/* Reads a column unless it was tried before. Relative names start at the folder
 * of `config`. */
void kd_files_read(struct kd_files *files, const char *config, const struct kd_value *file,
                   const struct kd_value *column, struct kd_diag *diag);

/* The column of two values, n = 0 if it was not read. */
struct kd_text_column kd_files_column(const struct kd_value *file,
                                      const struct kd_value *column);

/* "HASH  NAME" of each file that was read, one a line, for the caller to free;
 * as xxh128sum prints it. NULL if memory is short. */
char *kd_files_text(const struct kd_files *files);

#endif
