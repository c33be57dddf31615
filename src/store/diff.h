/* SPDX-License-Identifier: MIT
 *
 * Two tables compared, cell by cell: which cells are the same problem, and how far apart
 * what is stored of them is.
 *
 * Cells belong together if their keys agree; of those that are left, if the tables have
 * the same coordinates, if these agree (names by name). So results of another numerics
 * version, or with another fixed key, are compared along their axes.
 */
#ifndef KD_DIFF_H
#define KD_DIFF_H

#include "table.h"

/* How the distance of two numbers a, b is measured, and from where on they differ. */
enum kd_diff_by {
  KD_BY_BITS,   /* how many of the last bits differ: log2 of the ulps between, up; 1 */
  KD_BY_ULPS,   /* doubles between them, b counted; 1; -0 is 0 */
  KD_BY_BOUNDS, /* |a - b| over the sum of their bounds; more than 1 */
  KD_N_MEASURES
};

struct kd_pair {
  size_t a, b; /* rows */
};

/* One variable that both tables have. */
struct kd_diff_quantity {
  struct kd_column a, b;
  enum kd_diff_by measure;
  size_t n_cells;     /* pairs that differ */
  size_t n_unbounded; /* numbers that are not equal but have no finite bound: not counted */
  double worst;       /* the largest distance; infinite if one of the two is missing or
                         not finite, or without room for a difference */
  size_t pair, at[KD_N_DIMS]; /* where: the pair; at[CELL] does not count */
};

struct kd_diff {
  const struct kd_table *a, *b; /* borrowed */
  size_t n_pairs, n_by_key;
  struct kd_pair *pair; /* by rising row of a */
  bool *differs;        /* n_pairs */
  size_t n_differing;
  size_t n_only[2], *only[2]; /* rows that only a, only b has */
  size_t n_quantities;
  struct kd_diff_quantity *quantity;
  size_t n_alone[2]; /* variables that only a, only b has */
  const char **alone[2];
};

/* Bounds themselves are not compared by bounds; what has none is compared by bits then.
 * KD_SYSTEM when memory is short. To be cleared also on error. */
int kd_diff_make(struct kd_diff *diff, const struct kd_table *a, const struct kd_table *b,
                 enum kd_diff_by measure, struct kd_err *err);
/* The same for given pairs of rows, n > 0 of them. */
int kd_diff_pairs(struct kd_diff *diff, const struct kd_table *a, const struct kd_table *b,
                  size_t n, const struct kd_pair *pair, enum kd_diff_by measure,
                  struct kd_err *err);
void kd_diff_clear(struct kd_diff *diff);

/* Whether the tables differ in anything that is compared. */
bool kd_diff_any(const struct kd_diff *diff);

/* Pairs the rows of two tables: what kd_diff_make begins with (diff_match.c). */
int kd_diff_match(struct kd_diff *diff, struct kd_err *err);

#endif
