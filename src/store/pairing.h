/* SPDX-License-Identifier: MIT
 *
 * Cells of one table side by side: sets of cells that have the same values on all axes but
 * one. On that axis a set holds each value once; coordinates in lock-step are one axis.
 */
#ifndef KD_PAIRING_H
#define KD_PAIRING_H

#include "table.h"

struct kd_pairing {
  const struct kd_table *table; /* borrowed */
  size_t n_values;              /* of the axis, in the order of the rows */
  size_t *value;                /* a row that has it, n_values */
  size_t n_sets;                /* complete ones: others are left out */
  size_t *row;                  /* n_sets times n_values rows */
  size_t n_left_out;            /* rows in sets that lack a value */
  size_t rarest;                /* the value that most sets lack */
};

/* Which of n rows to pair by an axis, whose coordinates are columns. */
struct kd_pairing_axis {
  size_t n;
  const struct kd_column *column; /* n > 0 */
};

/* Pairs the rows for which keep[row] (NULL: all). KD_SYSTEM when memory is short. To be
 * cleared also on error. */
int kd_pairing_make(struct kd_pairing *pairing, const struct kd_table *table,
                    const struct kd_pairing_axis *axis, const bool *keep, struct kd_err *err);
void kd_pairing_clear(struct kd_pairing *pairing);

#endif
