/* SPDX-License-Identifier: MIT
 *
 * Columns of a table as text, for gnuplot, for scripts and for people.
 *
 * The columns are broadcast to the largest shape asked for; one line an index
 * of that shape, values parted by tabs (or commas), numbers with 17 digits,
 * codes as names, a blank line between cells when there is more than one line
 * a cell (gnuplot's blocks; not in csv). Lines past the end of a shorter cell are left
 * out. The first line holds the column names. A shape must be some column's: bins and
 * points go together only where a column over both is asked for. As JSON a list of one
 * object a line.
 */
#ifndef KD_EXPORT_H
#define KD_EXPORT_H

#include <stdio.h>

#include "table.h"

enum kd_export_format { KD_EXPORT_TSV, KD_EXPORT_CSV, KD_EXPORT_JSON };

/* What is wanted of a table. */
struct kd_export {
  size_t n;
  const char *const *column; /* n names */
  enum kd_export_format format;
  /* Which lines: false leaves out the one at this place. NULL = all. */
  bool (*keep)(const void *filters, const size_t at[KD_N_DIMS]);
  const void *filters;
  size_t n_read;                /* columns that `keep` looks at; they may not run over */
  const struct kd_column *read; /* more than the lines do */
};

/* KD_USAGE for an unknown column (the text names the nearest, and all there
 * are) or for columns that share no shape (one over point, one over step);
 * KD_SYSTEM when `out` cannot be written. *n_lines counts those printed. */
int kd_export(const struct kd_table *table, const struct kd_export *wanted, FILE *out,
              size_t *n_lines, struct kd_err *err);

#endif
