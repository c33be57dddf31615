/* SPDX-License-Identifier: MIT
 *
 * See contest.h. Quartiles are those of Hyndman and Fan's definition 7 (Am. Stat. 50 (1996)
 * 361), which NumPy and R take unless told otherwise.
 */
#include "contest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A cell's number and how far it may be off, 0 if nothing is said of that */
struct number {
  double value, bound;
};

struct work {
  const struct kd_pairing *pairing;
  struct kd_contest *contest;
  struct kd_column bound;
  struct number *set; /* n_values */
  double *list;       /* n_sets */
};

bool kd_contest_takes(const struct kd_column *c) {
  bool is_number = c->type == KD_TYPE_REAL || c->type == KD_TYPE_INTEGER;
  bool short_enough = c->n_dims == 1 || (c->n_dims == 2 && c->dim[1] != KD_DIM_BIN);
  return is_number && short_enough && c->dim[0] == KD_DIM_CELL && !kd_name_is_bound(c->name);
}

const char *kd_contest_number(const struct kd_column *column) {
  if (column->n_dims == 1) return "value";
  return column->dim[1] == KD_DIM_POINT ? "largest" : "last";
}

static double value_of(const struct kd_table *table, const struct kd_column *c, size_t row) {
  if (c->n_dims == 1) return kd_column_number(c, row);
  size_t width = kd_table_head(table)->extent[c->dim[1]];
  double value = NAN;
  for (size_t i = 0; i < width; i++) {
    double v = kd_column_number(c, row * width + i);
    if (isnan(v)) continue;
    value = c->dim[1] == KD_DIM_POINT ? fmax(isnan(value) ? 0 : value, fabs(v)) : v;
  }
  return value;
}

/* An infinite value is a fact; of a missing bound nothing is known. */
static double bound_of(const struct work *work, double value, size_t row) {
  if (!work->contest->bounded || isinf(value)) return 0;
  double bound = kd_column_number(&work->bound, row);
  return isnan(bound) ? INFINITY : bound;
}

static bool beaten(const struct number *a, const struct number *by) {
  return a->value - by->value > a->bound + by->bound;
}

/* The one whose upper end is least, and how many numbers there are */
static size_t find_best(const struct work *work, size_t *n) {
  size_t best = 0;
  *n = 0;
  for (size_t v = 0; v < work->pairing->n_values; v++) {
    const struct number *a = &work->set[v], *b = &work->set[best];
    if (isnan(a->value)) continue;
    if ((*n)++ == 0 || a->value + a->bound < b->value + b->bound) best = v;
  }
  return best;
}

static void judge(struct work *work) {
  struct kd_contest *contest = work->contest;
  size_t n_values = work->pairing->n_values, n, n_unbeaten = 0;
  size_t best = find_best(work, &n);
  contest->n_numbers += n;
  if (n > 0 && n < n_values) contest->all_equal = false;
  if (n < 2) return;
  for (size_t v = 0; v < n_values; v++) {
    const struct number *a = &work->set[v];
    if (a->value != work->set[best].value) contest->all_equal = false;
    n_unbeaten += !isnan(a->value) && !beaten(a, &work->set[best]);
  }
  for (size_t v = 0; v < n_values; v++) {
    if (isnan(work->set[v].value) || beaten(&work->set[v], &work->set[best])) continue;
    (*(n_unbeaten == 1 ? &contest->one[v].wins : &contest->one[v].ties))++;
  }
}

static void judge_all(struct work *work) {
  const struct kd_pairing *p = work->pairing;
  for (size_t s = 0; s < p->n_sets; s++) {
    for (size_t v = 0; v < p->n_values; v++) {
      size_t row = p->row[s * p->n_values + v];
      double value = value_of(p->table, &work->contest->column, row);
      work->set[v] = (struct number){value, bound_of(work, value, row)};
    }
    judge(work);
  }
}

static int by_value(const void *a, const void *b) {
  return kd_value_order(*(const double *)a, *(const double *)b);
}

static double quantile(size_t n, const double *list, double share) {
  if (n == 0) return NAN;
  double place = share * (double)(n - 1);
  size_t i = (size_t)place;
  double t = place - (double)i, a = list[i], b = i + 1 < n ? list[i + 1] : a;
  return t == 0 || a == b || isinf(a) ? a : a + (b - a) * t;
}

static void describe(struct work *work, size_t v) {
  const struct kd_pairing *p = work->pairing;
  struct kd_contestant *one = &work->contest->one[v];
  for (size_t s = 0; s < p->n_sets; s++) {
    double value = value_of(p->table, &work->contest->column, p->row[s * p->n_values + v]);
    if (!isnan(value)) work->list[one->n++] = value;
  }
  one->n_missing = p->n_sets - one->n;
  qsort(work->list, one->n, sizeof *work->list, by_value);
  one->lower = quantile(one->n, work->list, 0.25);
  one->median = quantile(one->n, work->list, 0.5);
  one->upper = quantile(one->n, work->list, 0.75);
}

int kd_contest_make(struct kd_contest *contest, const struct kd_pairing *pairing,
                    const struct kd_column *column, struct kd_err *err) {
  size_t n = pairing->n_values;
  struct work work = {.pairing = pairing,
                      .contest = contest,
                      .set = calloc(n + 1, sizeof *work.set),
                      .list = calloc(pairing->n_sets + 1, sizeof *work.list)};
  *contest = (struct kd_contest){.column = *column, .all_equal = true};
  contest->one = calloc(n + 1, sizeof *contest->one);
  contest->bounded = kd_table_find_bound(pairing->table, column->name, &work.bound);
  bool good = work.set && work.list && contest->one;
  if (good) judge_all(&work);
  for (size_t v = 0; good && v < n; v++) describe(&work, v);
  free(work.set);
  free(work.list);
  return good ? KD_OK : kd_no_memory(err);
}

void kd_contest_clear(struct kd_contest *contest) {
  free(contest->one);
  *contest = (struct kd_contest){0};
}
