/* SPDX-License-Identifier: MIT
 *
 * Columns of a table as text, for gnuplot and for people.
 *
 * The columns are broadcast to the largest shape asked for; one line an index
 * of that shape, values parted by tabs (or commas), numbers with 17 digits,
 * codes as names, a blank line between cells when there is more than one line
 * a cell (gnuplot's blocks; not in csv). Lines past the end of a shorter cell are left
 * out. The first line holds the column names. A shape must be some column's: bins and
 * points go together only where a column over both is asked for.
 */
#ifndef KD_EXPORT_H
#define KD_EXPORT_H

#include <stdio.h>

#include "table.h"

enum kd_export_format { KD_EXPORT_TSV, KD_EXPORT_CSV };

/* KD_USAGE for an unknown column (the text names the nearest, and all there
 * are) or for columns that share no shape (one over point, one over step);
 * KD_SYSTEM when `out` cannot be written. */
int kd_export(const struct kd_table *table, const char *const *columns, size_t n_columns,
              enum kd_export_format format, FILE *out, struct kd_err *err);

#endif
