/* SPDX-License-Identifier: MIT
 *
 * See shared.h. Each coordinate is looked at by itself: its distinct values in order, and
 * how many marked cells have each. A condition on it is a set of names, a bound or a range
 * of numbers. That which tells the marked cells best has the largest F1 = 2 |both| /
 * (|marked| + |meeting|), van Rijsbergen's measure of a classification.
 */
#include "shared.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/number.h"
#include "json.h"

/* Names in a list; values of an axis each of which is tried as a bound. */
enum { LISTED = 4, LEVELS_TRIED = 2000 };

/* One value of a coordinate; NaN = unset, the last one. */
struct level {
  double value;
  size_t n, n_marked;
};

/* The values that the cells have on one coordinate */
struct axis {
  struct kd_column column;
  size_t n, n_taken;  /* distinct values; those that marked cells have */
  size_t first, last; /* of those */
  struct level *level;
};

static int by_value(const void *a, const void *b) {
  return kd_value_order(((const struct level *)a)->value, ((const struct level *)b)->value);
}

static bool axis_make(struct axis *axis, size_t n, const struct kd_marked *list) {
  struct level *level = axis->level = calloc(n + 1, sizeof *level);
  if (!level) return false;
  for (size_t i = 0; i < n; i++)
    level[i] = (struct level){kd_column_number(&axis->column, list[i].row), 1, list[i].marked};
  qsort(level, n, sizeof *level, by_value);
  for (size_t i = 0; i < n; i++) {
    if (axis->n > 0 && by_value(&level[axis->n - 1], &level[i]) == 0) {
      level[axis->n - 1].n++;
      level[axis->n - 1].n_marked += level[i].n_marked;
    } else {
      level[axis->n++] = level[i];
    }
  }
  for (size_t k = 0; k < axis->n; k++) {
    if (!level[k].n_marked) continue;
    if (axis->n_taken++ == 0) axis->first = k;
    axis->last = k;
  }
  return true;
}

void kd_shared_print_value(FILE *out, const struct kd_column *column, double v) {
  char text[KD_NUMBER_TEXT];
  if (isnan(v)) {
    fputs("~", out);
  } else if (column->type == KD_TYPE_CODE) {
    fputs(column->names[(size_t)v], out);
  } else {
    kd_number_text(v, text, sizeof text);
    fputs(text, out);
  }
}

static void print_level(FILE *out, const struct axis *axis, size_t k) {
  kd_shared_print_value(out, &axis->column, axis->level[k].value);
}

/* "= a or b" of the values taken, "is not c or d" of those that are not */
static void print_list(FILE *out, const struct axis *axis, bool taken) {
  const char *between = taken ? "= " : "is not ";
  for (size_t k = 0; k < axis->n; k++) {
    if ((axis->level[k].n_marked > 0) != taken) continue;
    fputs(between, out);
    print_level(out, axis, k);
    between = " or ";
  }
}

/* The values from k to l, as a condition on a number */
static void print_range(FILE *out, const struct axis *axis, size_t k, size_t l) {
  if (k == l) {
    fputs("= ", out);
    print_level(out, axis, k);
  } else if (k == 0 || l == axis->n - 1) {
    fputs(k == 0 ? "<= " : ">= ", out);
    print_level(out, axis, k == 0 ? l : k);
  } else {
    fputs("from ", out);
    print_level(out, axis, k);
    fputs(" to ", out);
    print_level(out, axis, l);
  }
}

/* How a condition on an axis is put */
enum form { NONE, RANGE, LIST, OTHERS };

/* What all marked cells meet; NONE if the axis tells nothing. */
static enum form form_of(const struct axis *axis) {
  size_t n_left = axis->n - axis->n_taken;
  bool ordered = axis->column.type != KD_TYPE_CODE && !isnan(axis->level[axis->n - 1].value);
  if (n_left == 0) return NONE;
  if (axis->n_taken == 1 || (ordered && axis->last - axis->first + 1 < axis->n)) return RANGE;
  if (axis->n_taken <= LISTED && axis->n_taken <= n_left) return LIST;
  if (n_left <= LISTED) return OTHERS;
  return axis->n_taken <= LISTED ? LIST : NONE;
}

/* The search for one table and one list of cells */
struct search {
  const struct kd_table *table;
  size_t n;
  const struct kd_marked *list;
  bool *meets; /* n: all conditions so far */
  struct kd_shared *shared;
};

static bool open_axis(const struct search *search, size_t c, struct axis *axis) {
  *axis = (struct axis){.n = 0};
  kd_table_find(search->table, kd_table_head(search->table)->coordinate[c].path, &axis->column);
  return axis_make(axis, search->n, search->list);
}

/* Adds the condition: values k to l, or with LIST and OTHERS those taken. */
static bool add(struct search *search, const struct axis *axis, enum form form, size_t k,
                size_t l) {
  struct kd_shared *shared = search->shared;
  size_t size;
  FILE *out = open_memstream(&shared->condition[shared->n], &size);
  if (!out) return false;
  fprintf(out, "%s ", axis->column.name);
  if (form == RANGE)
    print_range(out, axis, k, l);
  else
    print_list(out, axis, form == LIST);
  if (fclose(out) != 0) return false;
  shared->n++;
  for (size_t i = 0; i < search->n; i++) {
    struct level wanted = {.value = kd_column_number(&axis->column, search->list[i].row)};
    const struct level *level = bsearch(&wanted, axis->level, axis->n, sizeof wanted, by_value);
    size_t at = (size_t)(level - axis->level);
    bool meets = form == RANGE ? k <= at && at <= l : level->n_marked > 0;
    search->meets[i] = search->meets[i] && meets;
  }
  return true;
}

static bool find_common(struct search *search) {
  bool good = true;
  for (size_t c = 0; c < kd_table_head(search->table)->n_coordinates && good; c++) {
    struct axis axis;
    good = open_axis(search, c, &axis);
    enum form form = good ? form_of(&axis) : NONE;
    if (form != NONE) good = add(search, &axis, form, axis.first, axis.last);
    free(axis.level);
  }
  return good;
}

/* Values k to l of an axis, met by most of the marked cells and few others */
struct candidate {
  double score;
  size_t coordinate, k, l;
};

static void try(struct candidate *best, const struct axis *axis, size_t coordinate, size_t k,
                size_t l, size_t n_marked) {
  size_t n_both = 0, n_meeting = 0;
  for (size_t i = k; i <= l; i++) {
    n_both += axis->level[i].n_marked;
    n_meeting += axis->level[i].n;
  }
  double score = 2 * (double)n_both / (double)(n_marked + n_meeting);
  if (2 * n_both > n_marked && score > best->score)
    *best = (struct candidate){score, coordinate, k, l};
}

static void try_axis(struct candidate *best, const struct axis *axis, size_t coordinate,
                     size_t n_marked) {
  bool ordered = axis->column.type != KD_TYPE_CODE && !isnan(axis->level[axis->n - 1].value);
  for (size_t k = 0; k < axis->n; k++) {
    try(best, axis, coordinate, k, k, n_marked);
    if (!ordered || axis->n > LEVELS_TRIED) continue;
    try(best, axis, coordinate, 0, k, n_marked);
    try(best, axis, coordinate, k, axis->n - 1, n_marked);
  }
}

/* The condition that tells the marked cells best, if it does so better than none. */
static bool find_best(struct search *search) {
  size_t n_marked = search->shared->n_marked, n = kd_table_head(search->table)->n_coordinates;
  struct candidate best = {.score = 2 * (double)n_marked / (double)(n_marked + search->n)};
  struct axis axis;
  double none = best.score;
  bool good = true;
  for (size_t c = 0; c < n && good; c++) {
    good = open_axis(search, c, &axis);
    if (good) try_axis(&best, &axis, c, n_marked);
    free(axis.level);
  }
  if (!good || best.score == none) return good;
  good = open_axis(search, best.coordinate, &axis) && add(search, &axis, RANGE, best.k, best.l);
  free(axis.level);
  return good;
}

static bool find(struct search *search) {
  struct kd_shared *shared = search->shared;
  for (size_t i = 0; i < search->n; i++) {
    search->meets[i] = true;
    shared->n_marked += search->list[i].marked;
  }
  if (shared->n_marked == 0) return true;
  if (!find_common(search) || (shared->n == 0 && !find_best(search))) return false;
  for (size_t i = 0; i < search->n; i++)
    if (search->meets[i])
      (*(search->list[i].marked ? &shared->n_meeting : &shared->n_others))++;
  return true;
}

int kd_shared_find(struct kd_shared *shared, const struct kd_table *table, size_t n,
                   const struct kd_marked *list, struct kd_err *err) {
  struct search search = {table, n, list, calloc(n + 1, sizeof *search.meets), shared};
  *shared = (struct kd_shared){0};
  shared->condition =
      calloc(kd_table_head(table)->n_coordinates + 1, sizeof *shared->condition);
  bool good = search.meets && shared->condition && find(&search);
  free(search.meets);
  return good ? KD_OK : kd_no_memory(err);
}

void kd_shared_clear(struct kd_shared *shared) {
  for (size_t i = 0; shared->condition && i < shared->n; i++) free(shared->condition[i]);
  free(shared->condition);
  *shared = (struct kd_shared){0};
}

void kd_shared_print(const struct kd_shared *shared, const char *what) {
  size_t n = shared->n_marked;
  if (shared->n == 0) {
    printf("%zu %s cell%s, of any axis value\n", n, what, n == 1 ? "" : "s");
    return;
  }
  if (n == 1)
    printf("the %s cell has ", what);
  else if (shared->n_meeting == n)
    printf("all %zu %s cells have ", n, what);
  else
    printf("%zu of %zu %s cells have ", shared->n_meeting, n, what);
  for (size_t i = 0; i < shared->n; i++) printf("%s%s", i ? " and " : "", shared->condition[i]);
  if (shared->n_others)
    printf("; so have %zu other%s\n", shared->n_others, shared->n_others == 1 ? "" : "s");
  else
    puts("; no other has");
}

void kd_shared_print_json(const struct kd_shared *shared) {
  printf("{\"cells\": %zu, \"meeting\": %zu, \"others\": %zu, \"conditions\": [",
         shared->n_marked, shared->n_meeting, shared->n_others);
  for (size_t i = 0; i < shared->n; i++) {
    if (i) fputs(", ", stdout);
    kd_json_string(shared->condition[i]);
  }
  fputs("]}", stdout);
}

void kd_shared_print_place(const struct kd_table *table, size_t row) {
  const struct kd_table_head *head = kd_table_head(table);
  for (size_t c = 0; c < head->n_coordinates; c++) {
    struct kd_column column;
    kd_table_find(table, head->coordinate[c].path, &column);
    printf("%s%s = ", c ? ", " : " (", column.name);
    kd_shared_print_value(stdout, &column, kd_column_number(&column, row));
  }
  if (head->n_coordinates) putchar(')');
}
