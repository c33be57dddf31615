/* SPDX-License-Identifier: MIT
 *
 * Filters over the columns of a table: the comparisons of a config's `where`, with a
 * column's name where that has a path.
 */
#ifndef KD_WHERE_H
#define KD_WHERE_H

#include "config/comparison.h"
#include "store/table.h"

/* One side of a filter: a column, or a number (of a name: its code in the other's). */
struct kd_where_side {
  bool is_column;
  struct kd_column column;
  double number;
};

struct kd_where_filter {
  struct kd_where_side side[2];
  enum kd_relation relation;
};

struct kd_where {
  const struct kd_table_head *head; /* borrowed */
  size_t n;
  struct kd_where_filter *filter; /* n, owned */
  size_t n_columns;
  struct kd_column *column; /* that the filters look at, owned */
};

/* Reads n filters. KD_USAGE for a text that is no comparison of columns. To be cleared
 * also on error. */
int kd_where_read(struct kd_where *where, const struct kd_table *table, size_t n,
                  const char *const *text, struct kd_err *err);
void kd_where_clear(struct kd_where *where);

/* Whether all filters hold at this place; for kd_export. */
bool kd_where_holds(const void *where, const size_t at[KD_N_DIMS]);

#endif
