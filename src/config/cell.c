/* SPDX-License-Identifier: MIT
 *
 * One cell of a plan: its values from the axes, then its problem and its key.
 * Nothing is allocated after kd_cell_create.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cellkey.h"
#include "core/numerics.h"
#include "number.h"
#include "plan_private.h"
#include "resolve.h"

/* A number of a range costs more than all else of a cell (range.h), so the first of each
 * are remembered. */
enum { KNOWN_MAX = 65536 };

static size_t known_count(const struct kd_series *series) {
  return series->list ? 0 : series->n < KNOWN_MAX ? series->n : KNOWN_MAX;
}

static const struct kd_series *series_of(const struct kd_plan *plan, size_t s) {
  return &plan->private->spec.swept[plan->private->origin[s].series];
}

/* One block for all coordinates, NAN where not known yet */
static double *known_numbers(const struct kd_plan *plan) {
  size_t n = 1;
  for (size_t s = 0; s < plan->n_swept; s++) n += known_count(series_of(plan, s));
  double *number = malloc(n * sizeof *number);
  for (size_t i = 0; number && i < n; i++) number[i] = NAN;
  return number;
}

/* Value i of the series, whose known numbers are at `number` */
static struct kd_value value_of(const struct kd_series *series, size_t i, double *number) {
  if (i >= known_count(series)) return kd_series_value(series, i);
  struct kd_value value = {.set = true, .number = number[i], .mark = series->range_mark};
  if (isnan(value.number)) {
    value = kd_series_value(series, i);
    number[i] = value.number;
  }
  return value;
}

struct kd_cell *kd_cell_create(const struct kd_plan *plan) {
  struct kd_cell *cell = calloc(1, sizeof *cell);
  if (!cell) return NULL;
  cell->value = calloc(plan->n_swept + 1, sizeof *cell->value);
  cell->at = malloc((plan->n_swept + 1) * sizeof *cell->at);
  cell->x = calloc(plan->max_points, sizeof *cell->x);
  cell->z = calloc(plan->max_points, sizeof *cell->z);
  cell->resolved = calloc(KD_N_KEYS, sizeof *cell->resolved);
  cell->hash = kd_cellkey_create();
  for (size_t s = 0; cell->at && s < plan->n_swept; s++) cell->at[s] = SIZE_MAX;
  cell->number = known_numbers(plan);
  if (cell->value && cell->at && cell->number && cell->x && cell->z && cell->resolved &&
      cell->hash) {
    memcpy(cell->resolved, plan->private->spec.value, KD_N_KEYS * sizeof *cell->resolved);
    return cell;
  }
  kd_cell_free(cell);
  return NULL;
}

void kd_cell_free(struct kd_cell *cell) {
  if (!cell) return;
  free(cell->value);
  free(cell->at);
  free(cell->number);
  free(cell->x);
  free(cell->z);
  free(cell->resolved);
  kd_cellkey_free(cell->hash);
  free(cell);
}

/* Position of the cell on each axis, the last one fastest. */
static void place(const struct kd_plan *plan, size_t index, size_t *at) {
  for (size_t a = plan->n_axes; a-- > 0; index /= plan->axis[a].n)
    at[a] = index % plan->axis[a].n;
}

static size_t in_product(const struct kd_plan *plan, size_t index) {
  const struct kd_sieve *sieve = &plan->private->sieve;
  return sieve->n ? kd_sieve_index(sieve, index) : index;
}

/* Whether series s of the cell still stands at value i of its axis; now it does. */
static bool stands(struct kd_cell *cell, size_t s, size_t i) {
  bool same = cell->at[s] == i;
  cell->at[s] = i;
  return same;
}

void kd_plan_place(const struct kd_plan *plan, size_t index, struct kd_cell *cell) {
  size_t at[KD_N_KEYS];
  double *number = cell->number;
  place(plan, in_product(plan, index), at);
  for (size_t s = 0; s < plan->n_swept; s++) {
    const struct kd_series *series = series_of(plan, s);
    struct kd_value *value = &cell->resolved[kd_key_id(series->key)];
    size_t i = at[series->axis];
    if (!stands(cell, s, i)) {
      *value = value_of(series, i, number);
      cell->value[s] = kd_plan_coordinate(plan, s, i, value);
    }
    number += known_count(series);
  }
}

void kd_plan_key(const struct kd_plan *plan, size_t index, int64_t numerics,
                 struct kd_cell *cell) {
  const struct kd_plan_private *private = plan->private;
  kd_plan_place(plan, index, cell);
  kd_cellkey(cell->resolved, private->spec.unset, numerics, cell->hash, &cell->key_high,
             &cell->key_low);
}

void kd_plan_cell(const struct kd_plan *plan, size_t index, struct kd_cell *cell) {
  kd_plan_key(plan, index, KD_NUMERICS_VERSION, cell);
  kd_resolve_problem(cell->resolved, cell->x, cell->z, &cell->problem);
}

/* Of so many cells, all if there are no more; else the golden ratio spreads them. */
void kd_plan_measure(struct kd_plan *plan) {
  enum { SAMPLE = 4096 };
  static const double GOLDEN = 0.61803398874989484820;
  const struct kd_spec *spec = &plan->private->spec;
  size_t n = plan->n_cells < SAMPLE ? plan->n_cells : SAMPLE, at[KD_N_KEYS];
  struct kd_value value[KD_N_KEYS];
  struct kd_problem problem;
  double sum = 0;
  memcpy(value, spec->value, sizeof value);
  for (size_t i = 0; i < n; i++) {
    double turn = (double)i * GOLDEN, share = turn - floor(turn);
    size_t index = n < SAMPLE ? i : (size_t)(share * (double)plan->n_cells);
    place(plan, in_product(plan, index), at);
    for (size_t a = 0; a < spec->n_axes; a++) kd_spec_load(spec, a, at[a], ~UINT64_C(0), value);
    kd_resolve_outline(value, &problem);
    sum += (double)problem.n;
    plan->cell_bytes = fmax(plan->cell_bytes, kd_workspace_bytes(&problem));
  }
  plan->mean_points = sum / (double)n;
}

void kd_cell_value_text(const struct kd_plan *plan, const struct kd_cell *cell, size_t s,
                        char *text, size_t size) {
  const struct kd_swept *swept = &plan->swept[s];
  if (isnan(cell->value[s]))
    snprintf(text, size, "~");
  else if (swept->kind == KD_SWEPT_NAME)
    snprintf(text, size, "%s", swept->names[(size_t)cell->value[s]]);
  else
    kd_number_text(cell->value[s], text, size);
}
