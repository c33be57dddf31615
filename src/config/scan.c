/* SPDX-License-Identifier: MIT
 *
 * Combinations of some keys' values; see scan.h. Of an axis only the values
 * that a check can tell apart are visited: the ends of a range, each name once;
 * in a lock-step group each combination once. Where lists of numbers make too
 * many combinations all the same, the extremes stand for all.
 */
#include "scan.h"

#include <stdlib.h>
#include <string.h>

enum { VISITS_MAX = 1000000, NONE = -1 };

/* An axis that moves, and which of its values are visited. */
struct kd_steps {
  size_t axis, n;
  size_t *index;                  /* n positions on the axis, owned; NULL: all */
  const struct kd_series *single; /* the only series that is looked at, or NULL */
};

void kd_scan_init(struct kd_scan *scan, const struct kd_spec *spec, struct kd_diag *diag) {
  *scan = (struct kd_scan){.spec = spec, .diag = diag};
}

/* ---------------------------------------------------------- what is visited */

static bool is_looked_at(const struct kd_scan *scan, const struct kd_series *series) {
  return (scan->keys & KD_KEY_BIT(kd_key_id(series->key))) != 0;
}

/* What a check can tell of a value that moves with others: of a list its
 * length, of a pair that it is set. */
static uint64_t face(const struct kd_key *key, const struct kd_value *value) {
  uint64_t bits = 0;
  if (!value->set) return (uint64_t)NONE;
  switch (key->type) {
  case KD_KEY_REAL:
  case KD_KEY_INTEGER:
    memcpy(&bits, &value->number, sizeof bits);
    return bits;
  case KD_KEY_REALS:
    return value->n;
  case KD_KEY_NAME:
  case KD_KEY_TEXT:
    return value->choice;
  default:
    return 0;
  }
}

static bool same_face(const struct kd_scan *scan, size_t axis, size_t a, size_t b) {
  for (size_t s = 0; s < scan->spec->n_swept; s++) {
    const struct kd_series *series = &scan->spec->swept[s];
    if (series->axis != axis || !is_looked_at(scan, series)) continue;
    struct kd_value left = kd_series_value(series, a), right = kd_series_value(series, b);
    if (face(series->key, &left) != face(series->key, &right)) return false;
  }
  return true;
}

static size_t hash_face(const struct kd_scan *scan, size_t axis, size_t i) {
  uint64_t hash = 0;
  for (size_t s = 0; s < scan->spec->n_swept; s++) {
    const struct kd_series *series = &scan->spec->swept[s];
    if (series->axis != axis || !is_looked_at(scan, series)) continue;
    struct kd_value value = kd_series_value(series, i);
    hash = (hash ^ face(series->key, &value)) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15); /* doubles end in zeros */
    hash ^= hash >> 32;
  }
  return (size_t)hash;
}

/* The positions whose faces were not seen before. */
static bool each_once(const struct kd_scan *scan, struct kd_steps *steps) {
  size_t n = scan->spec->axis[steps->axis].n, size = 16;
  while (size < 2 * n) size *= 2;
  size_t *seen = calloc(size, sizeof *seen); /* position + 1 */
  steps->index = calloc(n, sizeof *steps->index);
  steps->n = 0;
  for (size_t i = 0; seen && steps->index && i < n; i++) {
    size_t at = hash_face(scan, steps->axis, i) & (size - 1);
    while (seen[at] && !same_face(scan, steps->axis, seen[at] - 1, i))
      at = (at + 1) & (size - 1);
    if (seen[at]) continue;
    seen[at] = i + 1;
    steps->index[steps->n++] = i;
  }
  bool good = seen && steps->index;
  free(seen);
  return good;
}

/* How far up a value stands among those of its list. */
static double height(const struct kd_series *series, size_t i) {
  const struct kd_value *value = &series->list[i];
  return series->key->type == KD_KEY_REALS ? (double)value->n : value->number;
}

/* Of a list of many: the first that is unset, the lowest, the highest. */
static bool extremes(struct kd_steps *steps) {
  const struct kd_series *series = steps->single;
  size_t pick[3] = {series->n, series->n, series->n};
  for (size_t i = 0; i < series->n; i++) {
    bool set = series->list[i].set;
    if (!set && pick[0] == series->n) pick[0] = i;
    if (set && (pick[1] == series->n || height(series, i) < height(series, pick[1])))
      pick[1] = i;
    if (set && (pick[2] == series->n || height(series, i) > height(series, pick[2])))
      pick[2] = i;
  }
  steps->index = calloc(3, sizeof *steps->index);
  steps->n = 0;
  for (size_t k = 0; steps->index && k < 3; k++)
    if (pick[k] < series->n) steps->index[steps->n++] = pick[k];
  return steps->index;
}

static bool ends(struct kd_steps *steps) {
  size_t n = steps->single->n;
  steps->index = calloc(2, sizeof *steps->index);
  if (!steps->index) return false;
  steps->n = n > 1 ? 2 : 1;
  if (n > 1) steps->index[1] = n - 1;
  return true;
}

static bool has_list(const struct kd_scan *scan, size_t axis) {
  for (size_t s = 0; s < scan->spec->n_swept; s++) {
    const struct kd_series *series = &scan->spec->swept[s];
    if (series->axis == axis && is_looked_at(scan, series) && series->list) return true;
  }
  return false;
}

static bool choose(const struct kd_scan *scan, struct kd_steps *steps) {
  const struct kd_series *series = steps->single;
  steps->n = scan->spec->axis[steps->axis].n;
  if (series && !series->list) return ends(steps);
  bool named = series && (series->key->type == KD_KEY_NAME || series->key->type == KD_KEY_TEXT);
  if (series && !named) return true;
  return !has_list(scan, steps->axis) || each_once(scan, steps);
}

static double visits(const struct kd_steps *steps, size_t n) {
  double product = 1;
  for (size_t a = 0; a < n; a++) product *= (double)steps[a].n;
  return product;
}

/* ------------------------------------------------------------------- visits */

/* The axes that carry one of the keys, in order. */
static size_t moving_axes(const struct kd_scan *scan, struct kd_steps *steps) {
  size_t n = 0;
  for (size_t s = 0; s < scan->spec->n_swept; s++) {
    const struct kd_series *series = &scan->spec->swept[s];
    if (!is_looked_at(scan, series)) continue;
    if (n > 0 && steps[n - 1].axis == series->axis)
      steps[n - 1].single = NULL;
    else
      steps[n++] = (struct kd_steps){.axis = series->axis, .single = series};
  }
  return n;
}

static bool prepare(const struct kd_scan *scan, struct kd_steps *steps, size_t n) {
  for (size_t a = 0; a < n; a++)
    if (!choose(scan, &steps[a])) return false;
  for (size_t a = 0; a < n && visits(steps, n) > VISITS_MAX; a++)
    if (steps[a].single && !steps[a].index && !extremes(&steps[a])) return false;
  return true;
}

static void load(struct kd_scan *scan, const struct kd_steps *steps, size_t i) {
  kd_spec_load(scan->spec, steps->axis, steps->index ? steps->index[i] : i, scan->keys,
               scan->value);
}

static void visit_all(struct kd_scan *scan, const struct kd_steps *steps, size_t n,
                      void (*visit)(struct kd_scan *scan)) {
  size_t at[KD_N_KEYS] = {0};
  for (size_t a = 0; a < n; a++) load(scan, &steps[a], 0);
  for (;;) {
    visit(scan);
    if (scan->done || kd_diag_full(scan->diag)) return;
    size_t a = n;
    while (a > 0 && ++at[a - 1] == steps[a - 1].n) {
      at[--a] = 0;
      load(scan, &steps[a], 0);
    }
    if (a == 0) return;
    load(scan, &steps[a - 1], at[a - 1]);
  }
}

void kd_scan_over(struct kd_scan *scan, uint64_t keys, void (*visit)(struct kd_scan *scan)) {
  struct kd_steps steps[KD_N_KEYS] = {0};
  memcpy(scan->value, scan->spec->value, sizeof scan->value);
  scan->done = false;
  scan->keys = keys;
  size_t n = moving_axes(scan, steps);
  if (prepare(scan, steps, n))
    visit_all(scan, steps, n, visit);
  else
    kd_diag_no_memory(scan->diag);
  for (size_t a = 0; a < n; a++) free(steps[a].index);
}
