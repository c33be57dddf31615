/* SPDX-License-Identifier: MIT
 *
 * Small results for the tests of parts and of merging: a cell is known by its number, from
 * which its key and all its values follow.
 */
#ifndef KD_TEST_CELLS_H
#define KD_TEST_CELLS_H

#include <dirent.h>

#include "example.h"
#include "store/merge.h"

static const struct kd_coordinate cells_coordinates[] = {
    {"shift.by", "length", "inward shift", KD_TYPE_REAL, 0, NULL}};

static inline struct kd_key_pair cell_key(size_t cell) {
  return (struct kd_key_pair){cell * 0x9e3779b97f4a7c15u, cell};
}

static inline struct kd_table_head cells_head(size_t n) {
  return (struct kd_table_head){.experiment = "cells",
                                .about = "",
                                .config = "experiment: cells\n",
                                .overrides = "",
                                .program_version = "kdegrad test",
                                .numerics_version = 3,
                                .extent = {n, POINTS, 0, 0},
                                .record = KD_RECORD_LOSS | KD_RECORD_GRADIENT,
                                .n_coordinates = 1,
                                .coordinate = cells_coordinates};
}

/* Failed or good; 1 to 3 points. */
static inline void fill_cell(struct kd_table *table, size_t row, size_t cell, bool good) {
  double v[3], coordinate = 0.125 * (double)cell;
  for (size_t i = 0; i < 3; i++) v[i] = (double)cell + 0.25 * (double)i;
  struct kd_key_pair key = cell_key(cell);
  struct kd_cell_record record = {.result = {.status = good ? KD_STATUS_OK : KD_STATUS_FAILED,
                                             .loss = good ? (double)cell + 0.5 : NAN,
                                             .n = good ? 1 + cell % 3 : 0,
                                             .gradient = v,
                                             .x = v,
                                             .logits = v},
                                  .key_high = key.high,
                                  .key_low = key.low};
  kd_table_put(table, row, &record, &coordinate);
}

/* Cells first .. first+n-1 */
static inline struct kd_table *cells_table(size_t first, size_t n, bool good) {
  struct kd_err err;
  struct kd_table *table;
  struct kd_table_head head = cells_head(n);
  if (kd_table_create(&head, &table, &err)) fail_msg("%s", err.text);
  for (size_t row = 0; row < n; row++) fill_cell(table, row, first + row, good);
  return table;
}

/* Entries of folder/NAME, 0 if it is not there */
static inline size_t n_files(const char *directory) {
  char *path = path_of(directory);
  size_t n = 0;
  for (DIR *d = opendir(path); d; closedir(d), d = NULL)
    for (struct dirent *entry; (entry = readdir(d));) n += entry->d_name[0] != '.';
  free(path);
  return n;
}

#endif
