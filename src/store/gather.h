/* SPDX-License-Identifier: MIT
 *
 * Rows of a new file that stand elsewhere: in files and in tables in memory. They are
 * brought together column by column, or in windows of rows where a column is long, so
 * that the memory needed does not grow with the file, and each source is read once a
 * window.
 */
#ifndef KD_GATHER_H
#define KD_GATHER_H

#include <stdint.h>

#include "table_private.h"

/* Where rows come from: a file whose checksum was verified, or a table. */
struct kd_source {
  char *path;             /* NULL = in memory; owned */
  struct kd_table *table; /* owned */
};

/* Row `to` of the new file is row `row` of that source. */
struct kd_place {
  uint32_t source, row, to;
};

struct kd_gather {
  const struct kd_source *source;
  const struct kd_place *place; /* n of them, sorted by source and row */
  size_t n;
  /* The coordinates of a row; NULL: they are those of the sources. */
  void (*coordinates)(void *context, size_t row, double *value);
  void *context;
};

void kd_source_clear(struct kd_source *source);

/* Sorts by source and row. */
void kd_places_sort(struct kd_place *place, size_t n);

/* Columns first .. end-1 of a shape (their values point to room for n rows) are filled with
 * rows from .. from+n-1 of the new file. No dimension is among them. */
int kd_gather_rows(const struct kd_gather *gather, struct kd_table *shape, size_t first,
                   size_t end, size_t from, size_t n, struct kd_err *err);

#endif
