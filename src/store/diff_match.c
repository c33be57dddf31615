/* SPDX-License-Identifier: MIT
 *
 * Which cells of two tables belong together; see diff.h. Both lists of rows are sorted,
 * by key and then, what is left, by the values of the coordinates, and walked side by side.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"

/* A row of one table as it is sorted: by its key, or by n values. */
struct entry {
  size_t row;
  uint64_t high, low;
  size_t n;
  const double *value;
};

static int compare(const struct entry *p, const struct entry *q) {
  if (p->high != q->high) return p->high < q->high ? -1 : 1;
  if (p->low != q->low) return p->low < q->low ? -1 : 1;
  for (size_t i = 0; i < p->n; i++) {
    int order = kd_value_order(p->value[i], q->value[i]);
    if (order) return order;
  }
  return 0;
}

static int by_entry(const void *a, const void *b) {
  const struct entry *p = a, *q = b;
  int order = compare(p, q);
  return order ? order : (p->row > q->row) - (p->row < q->row);
}

static size_t n_rows(const struct kd_table *table) {
  return kd_table_head(table)->extent[KD_DIM_CELL];
}

static struct entry *list_keys(const struct kd_table *table) {
  struct entry *list = calloc(n_rows(table), sizeof *list);
  for (size_t row = 0; list && row < n_rows(table); row++) {
    list[row].row = row;
    kd_table_key(table, row, &list[row].high, &list[row].low);
  }
  return list;
}

/* Walks two sorted lists; what stays alone is moved to their fronts. In a group of equal
 * entries the surplus of one side goes with the last of the other if `shared`, which keys
 * are: the same problem twice. */
static void walk(struct kd_diff *diff, struct entry *list[2], size_t n[2], bool shared) {
  size_t i = 0, j = 0, alone[2] = {0, 0};
  while (i < n[0] || j < n[1]) {
    int order = i == n[0] ? 1 : j == n[1] ? -1 : compare(&list[0][i], &list[1][j]);
    if (order < 0) {
      list[0][alone[0]++] = list[0][i++];
    } else if (order > 0) {
      list[1][alone[1]++] = list[1][j++];
    } else {
      diff->pair[diff->n_pairs++] = (struct kd_pair){list[0][i].row, list[1][j].row};
      bool more_a = i + 1 < n[0] && compare(&list[0][i + 1], &list[0][i]) == 0;
      bool more_b = j + 1 < n[1] && compare(&list[1][j + 1], &list[1][j]) == 0;
      if (!shared || more_a == more_b || more_a) i++;
      if (!shared || more_a == more_b || more_b) j++;
    }
  }
  n[0] = alone[0];
  n[1] = alone[1];
}

static bool is_coordinate_of(const struct kd_table_head *head, const char *path) {
  for (size_t i = 0; i < head->n_coordinates; i++)
    if (strcmp(head->coordinate[i].path, path) == 0) return true;
  return false;
}

static bool same_coordinates(const struct kd_table *a, const struct kd_table *b) {
  const struct kd_table_head *p = kd_table_head(a), *q = kd_table_head(b);
  if (p->n_coordinates != q->n_coordinates) return false;
  for (size_t i = 0; i < p->n_coordinates; i++)
    if (!is_coordinate_of(q, p->coordinate[i].path)) return false;
  return true;
}

/* The code that `of` has for a name of `from`; -1 if none, which no code of its own is. */
static double code_in(const struct kd_column *of, const struct kd_column *from, double code) {
  if (isnan(code)) return code;
  for (size_t i = 0; i < of->n_names; i++)
    if (strcmp(of->names[i], from->names[(size_t)code]) == 0) return (double)i;
  return -1 - code;
}

/* The coordinates of the entries' rows, in the order and with the codes of table a. */
static double *place(const struct kd_table *a, const struct kd_table *table, size_t n,
                     struct entry *list) {
  const struct kd_table_head *head = kd_table_head(a);
  size_t n_values = head->n_coordinates;
  double *value = calloc(n * n_values + 1, sizeof *value);
  if (!value) return NULL;
  for (size_t c = 0; c < n_values; c++) {
    struct kd_column of, from;
    kd_table_find(a, head->coordinate[c].path, &of);
    kd_table_find(table, head->coordinate[c].path, &from);
    for (size_t i = 0; i < n; i++) {
      double v = kd_column_number(&from, list[i].row);
      value[i * n_values + c] = from.n_names ? code_in(&of, &from, v) : v;
    }
  }
  for (size_t i = 0; i < n; i++)
    list[i] = (struct entry){.row = list[i].row, .n = n_values, .value = value + i * n_values};
  return value;
}

static bool match_values(struct kd_diff *diff, struct entry *list[2], size_t n[2]) {
  double *a = place(diff->a, diff->a, n[0], list[0]);
  double *b = place(diff->a, diff->b, n[1], list[1]);
  for (int side = 0; side < 2 && a && b; side++)
    if (n[side]) qsort(list[side], n[side], sizeof **list, by_entry);
  if (a && b) walk(diff, list, n, false);
  for (int side = 0; side < 2; side++)
    for (size_t i = 0; i < n[side]; i++) list[side][i].value = NULL;
  free(a);
  free(b);
  return a && b;
}

static int by_row(const void *a, const void *b) {
  const size_t *p = a, *q = b;
  return (*p > *q) - (*p < *q);
}

static int by_pair(const void *a, const void *b) {
  const struct kd_pair *p = a, *q = b;
  int order = by_row(&p->a, &q->a);
  return order ? order : by_row(&p->b, &q->b);
}

static bool note_alone(struct kd_diff *diff, int side, const struct entry *list, size_t n) {
  diff->only[side] = calloc(n + 1, sizeof *diff->only[side]);
  if (!diff->only[side]) return false;
  diff->n_only[side] = n;
  for (size_t i = 0; i < n; i++) diff->only[side][i] = list[i].row;
  qsort(diff->only[side], n, sizeof *diff->only[side], by_row);
  return true;
}

static bool match(struct kd_diff *diff, struct entry *list[2]) {
  size_t n[2] = {n_rows(diff->a), n_rows(diff->b)};
  for (int side = 0; side < 2; side++) qsort(list[side], n[side], sizeof **list, by_entry);
  walk(diff, list, n, true);
  diff->n_by_key = diff->n_pairs;
  if (same_coordinates(diff->a, diff->b) && !match_values(diff, list, n)) return false;
  qsort(diff->pair, diff->n_pairs, sizeof *diff->pair, by_pair);
  return note_alone(diff, 0, list[0], n[0]) && note_alone(diff, 1, list[1], n[1]);
}

int kd_diff_match(struct kd_diff *diff, struct kd_err *err) {
  struct entry *list[2] = {list_keys(diff->a), list_keys(diff->b)};
  diff->pair = calloc(n_rows(diff->a) + n_rows(diff->b), sizeof *diff->pair);
  bool good = list[0] && list[1] && diff->pair && match(diff, list);
  free(list[0]);
  free(list[1]);
  return good ? KD_OK : kd_no_memory(err);
}
