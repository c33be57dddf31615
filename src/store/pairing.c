/* SPDX-License-Identifier: MIT
 *
 * See pairing.h. Rows are sorted by their values on the axis, which numbers these; then by
 * all other coordinates, so that a set stands together.
 */
#include "pairing.h"

#include <stdlib.h>
#include <string.h>

/* A row as it is sorted: by n coordinates, then by the number of its value on the axis. */
struct entry {
  size_t row, value, n;
  const double *coordinate;
};

static int by_place(const struct entry *p, const struct entry *q) {
  for (size_t i = 0; i < p->n; i++) {
    int order = kd_value_order(p->coordinate[i], q->coordinate[i]);
    if (order) return order;
  }
  return 0;
}

static int by_entry(const void *a, const void *b) {
  const struct entry *p = a, *q = b;
  int order = by_place(p, q);
  if (!order) order = (p->value > q->value) - (p->value < q->value);
  return order ? order : (p->row > q->row) - (p->row < q->row);
}

static int by_row(const void *a, const void *b) {
  const size_t *p = a, *q = b;
  return (*p > *q) - (*p < *q);
}

/* Sorts the rows by these columns, and by their values' numbers. The coordinates, which the
 * entries point to, are the caller's to free. */
static double *sort(const struct kd_pairing_axis *by, size_t n, struct entry *list) {
  double *coordinate = calloc(n * by->n + 1, sizeof *coordinate);
  if (!coordinate) return NULL;
  for (size_t i = 0; i < n; i++) {
    list[i].n = by->n;
    list[i].coordinate = coordinate + i * by->n;
    for (size_t c = 0; c < by->n; c++)
      coordinate[i * by->n + c] = kd_column_number(&by->column[c], list[i].row);
  }
  qsort(list, n, sizeof *list, by_entry);
  return coordinate;
}

static bool begins_set(const struct entry *list, size_t i) {
  return i == 0 || by_place(&list[i - 1], &list[i]) != 0;
}

/* Numbers the values in the order of their first rows. */
static bool number_values(struct kd_pairing *pairing, size_t n, struct entry *list) {
  size_t *first = pairing->value = calloc(n + 1, sizeof *first);
  if (!first) return false;
  for (size_t i = 0; i < n; i++)
    if (begins_set(list, i)) first[pairing->n_values++] = list[i].row;
  qsort(first, pairing->n_values, sizeof *first, by_row);
  for (size_t i = 0; i < n; i++) {
    list[i].value = i ? list[i - 1].value : 0;
    if (!begins_set(list, i)) continue;
    const size_t *at = bsearch(&list[i].row, first, pairing->n_values, sizeof *first, by_row);
    list[i].value = (size_t)(at - first);
  }
  return true;
}

/* Of the entries of one set, its rows by value; false if one lacks. A row that has the
 * same coordinates as another stands behind it and is left. */
static bool take_set(const struct kd_pairing *pairing, size_t n, const struct entry *list,
                     size_t *row, size_t *lacking) {
  size_t found = 0, i = 0;
  for (size_t v = 0; v < pairing->n_values; v++) {
    bool there = i < n && list[i].value == v;
    if (there) row[v] = list[i].row;
    found += there;
    lacking[v] += !there;
    while (i < n && list[i].value == v) i++;
  }
  return found == pairing->n_values;
}

static bool collect(struct kd_pairing *pairing, size_t n, const struct entry *list) {
  size_t *lacking = calloc(pairing->n_values + 1, sizeof *lacking);
  pairing->row = calloc(n + pairing->n_values + 1, sizeof *pairing->row);
  bool good = lacking && pairing->row;
  for (size_t i = 0, end; good && i < n; i = end) {
    for (end = i + 1; end < n && !begins_set(list, end);) end++;
    size_t *row = pairing->row + pairing->n_sets * pairing->n_values;
    if (take_set(pairing, end - i, list + i, row, lacking))
      pairing->n_sets++;
    else
      pairing->n_left_out += end - i;
  }
  for (size_t v = 0; good && v < pairing->n_values; v++)
    if (lacking[v] > lacking[pairing->rarest]) pairing->rarest = v;
  free(lacking);
  return good;
}

/* Coordinates that are not the axis's */
static void find_others(const struct kd_table *table, const struct kd_pairing_axis *axis,
                        struct kd_pairing_axis *others, struct kd_column *column) {
  const struct kd_table_head *head = kd_table_head(table);
  *others = (struct kd_pairing_axis){.column = column};
  for (size_t c = 0; c < head->n_coordinates; c++) {
    bool own = false;
    kd_table_find(table, head->coordinate[c].path, &column[others->n]);
    for (size_t k = 0; k < axis->n; k++)
      own = own || strcmp(axis->column[k].name, column[others->n].name) == 0;
    if (!own) others->n++;
  }
}

static bool pair(struct kd_pairing *pairing, const struct kd_pairing_axis *axis, size_t n,
                 struct entry *list) {
  struct kd_pairing_axis others;
  size_t n_coordinates = kd_table_head(pairing->table)->n_coordinates;
  struct kd_column *column = calloc(n_coordinates + 1, sizeof *column);
  double *own = sort(axis, n, list), *other = NULL;
  bool good = column && own && number_values(pairing, n, list);
  if (good) {
    find_others(pairing->table, axis, &others, column);
    other = sort(&others, n, list);
  }
  good = good && other && collect(pairing, n, list);
  free(column);
  free(own);
  free(other);
  return good;
}

int kd_pairing_make(struct kd_pairing *pairing, const struct kd_table *table,
                    const struct kd_pairing_axis *axis, const bool *keep, struct kd_err *err) {
  size_t n_rows = kd_table_head(table)->extent[KD_DIM_CELL], n = 0;
  struct entry *list = calloc(n_rows + 1, sizeof *list);
  *pairing = (struct kd_pairing){.table = table};
  for (size_t row = 0; list && row < n_rows; row++)
    if (!keep || keep[row]) list[n++].row = row;
  bool good = list && pair(pairing, axis, n, list);
  free(list);
  return good ? KD_OK : kd_no_memory(err);
}

void kd_pairing_clear(struct kd_pairing *pairing) {
  free(pairing->value);
  free(pairing->row);
  *pairing = (struct kd_pairing){0};
}
