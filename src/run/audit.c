/* SPDX-License-Identifier: MIT
 *
 * See audit.h. Rows and cells are sorted by key and walked side by side; the same key more
 * than once is paired in order.
 */
#include "audit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/number.h"
#include "run.h"

struct keyed {
  uint64_t high, low;
  size_t index; /* of a row, or of a cell */
};

static int by_key(const struct keyed *p, const struct keyed *q) {
  if (p->high != q->high) return p->high < q->high ? -1 : 1;
  return (p->low > q->low) - (p->low < q->low);
}

static int by_key_and_index(const void *a, const void *b) {
  const struct keyed *p = a, *q = b;
  int order = by_key(p, q);
  return order ? order : (p->index > q->index) - (p->index < q->index);
}

/* --- is it a table of that plan? --- */

static bool same_names(const struct kd_coordinate *a, const struct kd_coordinate *b) {
  if (a->type != b->type || strcmp(a->path, b->path) != 0) return false;
  size_t n = a->type == KD_TYPE_CODE ? a->n_names : 0;
  if (n && n != b->n_names) return false;
  for (size_t i = 0; i < n; i++)
    if (strcmp(a->names[i], b->names[i]) != 0) return false;
  return true;
}

static int check_heads(const struct kd_table_head *want, const struct kd_table_head *have,
                       struct kd_err *err) {
  if (want->record != have->record || want->claims != have->claims)
    return kd_fail(err, KD_UNEXPECTED, "records something else than its config says");
  for (int d = KD_DIM_CELL + 1; d < KD_N_DIMS; d++)
    if (want->extent[d] != have->extent[d])
      return kd_fail(err, KD_UNEXPECTED, "has %zu of '%s', by its config %zu", have->extent[d],
                     kd_dim_name((enum kd_dim)d), want->extent[d]);
  if (want->n_coordinates != have->n_coordinates)
    return kd_fail(err, KD_UNEXPECTED, "has %zu coordinates, by its config %zu",
                   have->n_coordinates, want->n_coordinates);
  for (size_t i = 0; i < want->n_coordinates; i++)
    if (!same_names(&want->coordinate[i], &have->coordinate[i]))
      return kd_fail(err, KD_UNEXPECTED, "coordinate '%s' is not that of its config",
                     have->coordinate[i].path);
  return KD_OK;
}

static int check_table(const struct kd_plan *plan, const struct kd_table *table,
                       struct kd_err *err) {
  struct kd_table_head want = {0};
  int code = kd_run_head(plan, &want, err);
  if (!code) code = check_heads(&want, kd_table_head(table), err);
  free((void *)want.coordinate);
  return code;
}

/* --- which cell is in which row? --- */

static struct keyed *list_rows(const struct kd_table *table, size_t n) {
  struct keyed *list = calloc(n + 1, sizeof *list);
  for (size_t row = 0; list && row < n; row++) {
    list[row].index = row;
    kd_table_key(table, row, &list[row].high, &list[row].low);
  }
  if (list) qsort(list, n, sizeof *list, by_key_and_index);
  return list;
}

static struct keyed *list_cells(const struct kd_plan *plan, int64_t numerics,
                                struct kd_cell *cell) {
  struct keyed *list = calloc(plan->n_cells + 1, sizeof *list);
  for (size_t i = 0; list && i < plan->n_cells; i++) {
    kd_plan_key(plan, i, numerics, cell);
    list[i] = (struct keyed){cell->key_high, cell->key_low, i};
  }
  if (list) qsort(list, plan->n_cells, sizeof *list, by_key_and_index);
  return list;
}

static void note(size_t *n, size_t *first, size_t index) {
  if (*n == 0 || index < *first) *first = index;
  (*n)++;
}

static void match(struct kd_audit *audit, const struct keyed *row, const struct keyed *cell,
                  size_t n_cells) {
  size_t i = 0, j = 0;
  while (i < audit->n_rows || j < n_cells) {
    int order = i == audit->n_rows ? 1 : j == n_cells ? -1 : by_key(&row[i], &cell[j]);
    if (order < 0) {
      audit->cell[row[i].index] = SIZE_MAX;
      note(&audit->n_strange, &audit->first_strange, row[i++].index);
    } else if (order > 0) {
      note(&audit->n_missing, &audit->first_missing, cell[j++].index);
    } else {
      audit->cell[row[i++].index] = cell[j++].index;
    }
  }
}

/* --- are its coordinates right? --- */

static void coordinate_text(const struct kd_column *column, double v, char text[64]) {
  if (isnan(v))
    snprintf(text, 64, "~");
  else if (column->n_names)
    snprintf(text, 64, "%s", column->names[(size_t)v]);
  else
    kd_number_text(v, text, 64);
}

static void check_row(struct kd_audit *audit, const struct kd_plan *plan,
                      const struct kd_table *table, size_t row, const struct kd_cell *cell) {
  for (size_t s = 0; s < plan->n_swept; s++) {
    struct kd_column column;
    char stored[64], expected[64];
    kd_table_find(table, plan->swept[s].path, &column);
    double v = kd_column_number(&column, row), w = cell->value[s];
    if (v == w || (isnan(v) && isnan(w))) continue;
    coordinate_text(&column, v, stored);
    coordinate_text(&column, w, expected);
    if (audit->n_moved == 0)
      snprintf(audit->moved, sizeof audit->moved, "%s is %s, by its config %s", column.name,
               stored, expected);
    note(&audit->n_moved, &audit->first_moved, row);
    return;
  }
}

static void check_rows(struct kd_audit *audit, const struct kd_plan *plan,
                       const struct kd_table *table, struct kd_cell *cell) {
  int64_t numerics = kd_table_head(table)->numerics_version;
  for (size_t row = 0; row < audit->n_rows; row++) {
    if (audit->cell[row] == SIZE_MAX) continue;
    kd_plan_key(plan, audit->cell[row], numerics, cell);
    check_row(audit, plan, table, row, cell);
  }
}

int kd_audit_make(struct kd_audit *audit, const struct kd_plan *plan,
                  const struct kd_table *table, struct kd_err *err) {
  const struct kd_table_head *head = kd_table_head(table);
  *audit = (struct kd_audit){.n_rows = head->extent[KD_DIM_CELL]};
  int code = check_table(plan, table, err);
  if (code) return code;
  struct kd_cell *cell = kd_cell_create(plan);
  struct keyed *rows = list_rows(table, audit->n_rows);
  struct keyed *cells = cell ? list_cells(plan, head->numerics_version, cell) : NULL;
  audit->cell = calloc(audit->n_rows + 1, sizeof *audit->cell);
  bool good = cell && rows && cells && audit->cell;
  if (good) {
    match(audit, rows, cells, plan->n_cells);
    check_rows(audit, plan, table, cell);
  }
  free(rows);
  free(cells);
  kd_cell_free(cell);
  return good ? KD_OK : kd_no_memory(err);
}

void kd_audit_clear(struct kd_audit *audit) {
  free(audit->cell);
  *audit = (struct kd_audit){0};
}

bool kd_audit_is_whole(const struct kd_audit *audit) {
  return audit->n_missing == 0 && audit->n_strange == 0 && audit->n_moved == 0;
}
