/* SPDX-License-Identifier: MIT
 *
 * One column of numbers out of a text table.
 *
 *   # a comment, to the end of the line
 *   x      y         the first line may be a header: none of its fields is a number
 *   -2.5   0.3       fields between blanks, or on a line with commas between commas
 *   "1.75" -0.2      quotes around a field are left out
 */
#ifndef KD_TEXT_TABLE_H
#define KD_TEXT_TABLE_H

#include <stdint.h>

#include "diag.h"

enum { KD_TEXT_TABLE_BYTES = 1 << 30 };

struct kd_hash {
  uint64_t high, low;
};

struct kd_text_column {
  double *x;           /* owned */
  size_t n;            /* >= 1 */
  struct kd_hash hash; /* XXH3-128 of the numbers */
};

/* Which column, and where the config says so. */
struct kd_column_choice {
  const char *text; /* a number from 1, or a name of the header */
  struct kd_mark mark;
};

/* Reads up to `most` numbers, each in the range of points.at. *bytes is the
 * XXH3-128 of the whole file. What cannot be opened is blamed on `place`, where
 * the config names the file. False after an error. */
bool kd_text_table_read(const char *path, struct kd_mark place,
                        const struct kd_column_choice *name, size_t most,
                        struct kd_text_column *column, struct kd_hash *bytes,
                        struct kd_diag *diag);
void kd_text_column_clear(struct kd_text_column *column);

#endif
