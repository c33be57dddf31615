/* SPDX-License-Identifier: MIT
 *
 * Distances of what two tables hold; see diff.h. Doubles are numbered in their order: the
 * ulps between two are the difference of their numbers (Knuth's ulp, counted).
 */
#include "diff.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The two numbers at one place, and the sum of their bounds (NaN = no bounds). */
struct two {
  double a, b, room;
};

static uint64_t number_in_order(double v) {
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static uint64_t ulps_between(double a, double b) {
  uint64_t p = number_in_order(a), q = number_in_order(b);
  return p > q ? p - q : q - p;
}

static double bits_of(uint64_t ulps) {
  double n = 0;
  for (; ulps; ulps >>= 1) n++;
  return n;
}

/* Whole numbers are an ulp apart; two names are as far apart as can be. */
static double between(const struct two *two, enum kd_type type, enum kd_diff_by measure) {
  if (type == KD_TYPE_CODE) return INFINITY;
  uint64_t ulps =
      type == KD_TYPE_INTEGER ? (uint64_t)fabs(two->a - two->b) : ulps_between(two->a, two->b);
  return measure == KD_BY_BITS ? bits_of(ulps) : (double)ulps;
}

static double distance(const struct two *two, enum kd_type type, enum kd_diff_by measure) {
  double a = two->a, b = two->b;
  if (isnan(a) || isnan(b)) return isnan(a) && isnan(b) ? 0 : INFINITY;
  if (a == b && (measure != KD_BY_BITS || !signbit(a) == !signbit(b))) return 0;
  if (isinf(a) || isinf(b)) return INFINITY;
  if (measure != KD_BY_BOUNDS) return between(two, type, measure);
  return isnan(two->room) ? INFINITY : fabs(a - b) / two->room;
}

static bool differ(double distance, enum kd_diff_by measure) {
  return distance > (measure == KD_BY_BOUNDS ? 1 : 0);
}

/* NaN where a column is missing, or ends before this place. */
static double value_at(const struct kd_table *table, const struct kd_column *column,
                       const size_t at[KD_N_DIMS]) {
  const struct kd_table_head *head = kd_table_head(table);
  for (size_t k = 0; k < column->n_dims; k++)
    if (at[column->dim[k]] >= head->extent[column->dim[k]]) return NAN;
  return kd_column_number(column, kd_column_index(head, column, at));
}

/* A column of both and, measured by bounds, theirs */
struct work {
  const struct kd_diff *diff;
  struct kd_diff_quantity *quantity;
  struct kd_column bound_a, bound_b;
  size_t pair;
  bool differs;
};

static void compare_at(struct work *work, const size_t at[KD_N_DIMS]) {
  const struct kd_diff *diff = work->diff;
  struct kd_diff_quantity *q = work->quantity;
  size_t in_a[KD_N_DIMS], in_b[KD_N_DIMS];
  memcpy(in_a, at, sizeof in_a);
  memcpy(in_b, at, sizeof in_b);
  in_a[KD_DIM_CELL] = diff->pair[work->pair].a;
  in_b[KD_DIM_CELL] = diff->pair[work->pair].b;
  struct two two = {value_at(diff->a, &q->a, in_a), value_at(diff->b, &q->b, in_b), NAN};
  if (q->measure == KD_BY_BOUNDS)
    two.room =
        value_at(diff->a, &work->bound_a, in_a) + value_at(diff->b, &work->bound_b, in_b);
  double d = distance(&two, q->a.type, q->measure);
  if (isinf(two.room) && isfinite(two.a) && isfinite(two.b) && two.a != two.b) q->n_unbounded++;
  work->differs = work->differs || differ(d, q->measure);
  if (!(d > q->worst)) return;
  q->worst = d;
  q->pair = work->pair;
  memcpy(q->at, at, sizeof q->at);
}

static size_t longest(const struct kd_diff *diff, enum kd_dim dim) {
  size_t a = kd_table_head(diff->a)->extent[dim], b = kd_table_head(diff->b)->extent[dim];
  return a > b ? a : b;
}

static void compare_pair(struct work *work) {
  const struct kd_column *c = &work->quantity->a;
  size_t n = c->n_dims > 1 ? longest(work->diff, c->dim[1]) : 1;
  size_t n_last = c->n_dims > 2 ? longest(work->diff, c->dim[2]) : 1;
  size_t at[KD_N_DIMS] = {0};
  work->differs = false;
  for (size_t i = 0; i < n; i++) {
    if (c->n_dims > 1) at[c->dim[1]] = i;
    for (size_t j = 0; j < n_last; j++) {
      if (c->n_dims > 2) at[c->dim[2]] = j;
      compare_at(work, at);
    }
  }
}

static void compare_all(struct kd_diff *diff, struct work *work) {
  for (work->pair = 0; work->pair < diff->n_pairs; work->pair++) {
    compare_pair(work);
    if (!work->differs) continue;
    work->quantity->n_cells++;
    if (!diff->differs[work->pair]) diff->n_differing++;
    diff->differs[work->pair] = true;
  }
}

/* What is compared: all variables but keys. */
static bool is_compared(const struct kd_table *table, size_t i, struct kd_column *column) {
  kd_table_column(table, i, column);
  if (column->dim[0] != KD_DIM_CELL || column->type == KD_TYPE_UNSIGNED) return false;
  return kd_variable_is(column->name);
}

static void compare_column(struct kd_diff *diff, const struct kd_column *a,
                           const struct kd_column *b, enum kd_diff_by measure) {
  struct kd_diff_quantity *q = &diff->quantity[diff->n_quantities];
  struct work work = {.diff = diff, .quantity = q};
  *q = (struct kd_diff_quantity){.a = *a, .b = *b, .measure = measure};
  if (measure == KD_BY_BOUNDS && kd_name_is_bound(a->name)) return;
  if (measure == KD_BY_BOUNDS && !(kd_table_find_bound(diff->a, a->name, &work.bound_a) &&
                                   kd_table_find_bound(diff->b, a->name, &work.bound_b)))
    q->measure = KD_BY_BITS;
  diff->n_quantities++;
  compare_all(diff, &work);
}

static void compare_columns(struct kd_diff *diff, enum kd_diff_by measure) {
  struct kd_column a, b;
  for (size_t i = 0; i < kd_table_n_columns(diff->a); i++) {
    if (!is_compared(diff->a, i, &a)) continue;
    if (kd_table_find(diff->b, a.name, &b))
      compare_column(diff, &a, &b, measure);
    else
      diff->alone[0][diff->n_alone[0]++] = a.name;
  }
  for (size_t i = 0; i < kd_table_n_columns(diff->b); i++)
    if (is_compared(diff->b, i, &b) && !kd_table_find(diff->a, b.name, &a))
      diff->alone[1][diff->n_alone[1]++] = b.name;
}

static int compare_tables(struct kd_diff *diff, enum kd_diff_by measure, struct kd_err *err) {
  diff->differs = calloc(diff->n_pairs + 1, sizeof *diff->differs);
  diff->quantity = calloc(kd_n_variables, sizeof *diff->quantity);
  for (int side = 0; side < 2; side++)
    diff->alone[side] = calloc(kd_n_variables, sizeof *diff->alone[side]);
  if (!diff->differs || !diff->quantity || !diff->alone[0] || !diff->alone[1])
    return kd_no_memory(err);
  compare_columns(diff, measure);
  return KD_OK;
}

int kd_diff_make(struct kd_diff *diff, const struct kd_table *a, const struct kd_table *b,
                 enum kd_diff_by measure, struct kd_err *err) {
  *diff = (struct kd_diff){.a = a, .b = b};
  int code = kd_diff_match(diff, err);
  return code ? code : compare_tables(diff, measure, err);
}

int kd_diff_pairs(struct kd_diff *diff, const struct kd_table *a, const struct kd_table *b,
                  size_t n, const struct kd_pair *pair, enum kd_diff_by measure,
                  struct kd_err *err) {
  *diff = (struct kd_diff){.a = a, .b = b, .n_pairs = n, .n_by_key = n};
  diff->pair = calloc(n, sizeof *diff->pair);
  if (!diff->pair) return kd_no_memory(err);
  memcpy(diff->pair, pair, n * sizeof *pair);
  return compare_tables(diff, measure, err);
}

void kd_diff_clear(struct kd_diff *diff) {
  free(diff->pair);
  free(diff->differs);
  free(diff->quantity);
  for (int side = 0; side < 2; side++) {
    free(diff->only[side]);
    free(diff->alone[side]);
  }
  *diff = (struct kd_diff){0};
}

bool kd_diff_any(const struct kd_diff *diff) {
  bool any = diff->n_differing > 0;
  for (int side = 0; side < 2; side++)
    any = any || diff->n_only[side] > 0 || diff->n_alone[side] > 0;
  return any;
}
