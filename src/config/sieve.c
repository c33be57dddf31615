/* SPDX-License-Identifier: MIT
 *
 * See sieve.h. The axes are walked in order, slowest first. What costs time is
 * kept: the numbers of ranges, and d_centre of each combination of the axes
 * that place points or target.
 */
#include "sieve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/frame.h"
#include "core/shift.h"
#include "resolve.h"

static const uint64_t of_extent =
    KD_KEY_BIT(KD_KEY_POINTS_LAYOUT) | KD_KEY_BIT(KD_KEY_POINTS_AT) |
    KD_KEY_BIT(KD_KEY_POINTS_COUNT) | KD_KEY_BIT(KD_KEY_POINTS_FILE) |
    KD_KEY_BIT(KD_KEY_POINTS_COLUMN) | KD_KEY_BIT(KD_KEY_INTEGRAL_RULE) |
    KD_KEY_BIT(KD_KEY_INTEGRAL_BINS) | KD_KEY_BIT(KD_KEY_DESCENT_METHOD) |
    KD_KEY_BIT(KD_KEY_DESCENT_STEPS) | KD_KEY_BIT(KD_KEY_DESCENT_EVERY);

static const uint64_t of_placing = KD_KEY_BIT(KD_KEY_SPACE) | KD_KEY_BIT(KD_KEY_TARGET_BOUNDS) |
                                   KD_KEY_BIT(KD_KEY_TARGET_CENTRE) |
                                   KD_KEY_BIT(KD_KEY_TARGET_HALF_WIDTH) | KD_KEYS_OF_POINTS;

struct work {
  struct kd_sieve *sieve;
  const struct kd_spec *spec;
  struct kd_diag *diag;
  struct kd_extent *extent;
  struct kd_value value[KD_N_KEYS];
  uint64_t keys;             /* looked at */
  size_t depth;              /* axes that are walked */
  size_t of[KD_FILTERS_MAX]; /* axes that stand still when filter f is asked */
  bool asked[KD_FILTERS_MAX], held[KD_FILTERS_MAX];
  size_t at[KD_N_KEYS];      /* value of each axis */
  size_t stride[KD_N_KEYS];  /* cells that share one */
  double *number[KD_N_KEYS]; /* those of a range; NULL = none, or not looked at */
  double *d_centre;          /* NaN = not known yet; NULL = not asked for */
  double *x, *y, *dy;
  size_t capacity, visits, placed;
  bool measures; /* extents of what is left may be smaller than the product's */
  bool failed;
};

void kd_sieve_clear(struct kd_sieve *sieve) {
  free(sieve->first);
  free(sieve->before);
  *sieve = (struct kd_sieve){0};
}

static bool fail(struct work *work) {
  work->failed = true;
  kd_diag_no_memory(work->diag);
  return false;
}

/* --------------------------------------------------------------- intervals */

static bool grow(struct work *work) {
  struct kd_sieve *sieve = work->sieve;
  size_t capacity = work->capacity ? 2 * work->capacity : 64;
  size_t *first = realloc(sieve->first, capacity * sizeof *first);
  if (first) sieve->first = first;
  size_t *before = realloc(sieve->before, (capacity + 1) * sizeof *before);
  if (before) sieve->before = before;
  if (!first || !before) return fail(work);
  work->capacity = capacity;
  return true;
}

/* Cells first .. first + n - 1 of the product stay. */
static void keep(struct work *work, size_t first, size_t n) {
  struct kd_sieve *sieve = work->sieve;
  size_t last = sieve->n - 1;
  bool joins = sieve->n > 0 &&
               sieve->first[last] + sieve->before[sieve->n] - sieve->before[last] == first;
  if (!joins && sieve->n == work->capacity && !grow(work)) return;
  if (!joins) {
    if (sieve->n == 0) sieve->before[0] = 0;
    sieve->before[sieve->n + 1] = sieve->before[sieve->n];
    sieve->first[sieve->n++] = first;
  }
  sieve->before[sieve->n] += n;
}

size_t kd_sieve_index(const struct kd_sieve *sieve, size_t index) {
  size_t low = 0, high = sieve->n;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (sieve->before[middle] <= index)
      low = middle;
    else
      high = middle;
  }
  return sieve->first[low] + (index - sieve->before[low]);
}

/* -------------------------------------------------------------------- axes */

static uint64_t keys_of_axis(const struct kd_spec *spec, size_t axis) {
  uint64_t keys = 0;
  for (size_t s = 0; s < spec->n_swept; s++)
    if (spec->swept[s].axis == axis) keys |= KD_KEY_BIT(kd_key_id(spec->swept[s].key));
  return keys;
}

/* How many of the first axes must stand still for these keys to do so. */
static size_t depth_of(const struct kd_spec *spec, uint64_t keys) {
  size_t depth = 0;
  for (size_t a = 0; a < spec->n_axes; a++)
    if (keys_of_axis(spec, a) & keys) depth = a + 1;
  return depth;
}

/* Whether an axis carries keys of both sets. */
static bool meet(const struct kd_spec *spec, uint64_t a, uint64_t b) {
  for (size_t axis = 0; axis < spec->n_axes; axis++) {
    uint64_t keys = keys_of_axis(spec, axis);
    if (keys & a && keys & b) return true;
  }
  return false;
}

static void load(struct work *work, size_t axis, size_t i) {
  const struct kd_spec *spec = work->spec;
  work->at[axis] = i;
  for (size_t s = 0; s < spec->n_swept; s++) {
    const struct kd_series *series = &spec->swept[s];
    enum kd_key_id id = kd_key_id(series->key);
    if (series->axis != axis || !(work->keys & KD_KEY_BIT(id))) continue;
    if (work->number[s])
      work->value[id] = (struct kd_value){.set = true, .number = work->number[s][i]};
    else
      work->value[id] = kd_series_value(series, i);
  }
}

/* ----------------------------------------------------------------- filters */

/* Where d_centre of the present layout and target is kept. */
static double *place_of_d_centre(struct work *work) {
  size_t place = 0;
  for (size_t a = 0; a < work->depth; a++)
    if (keys_of_axis(work->spec, a) & of_placing)
      place = place * work->spec->axis[a].n + work->at[a];
  return &work->d_centre[place];
}

static void stop(struct work *work, const char *hint, const char *what, int most) {
  if (!work->failed)
    kd_diag_add(work->diag, work->spec->where, hint, "the filters look at more than %d %s",
                most, what);
  work->failed = true;
}

static double d_centre_of(struct work *work) {
  double *kept = place_of_d_centre(work);
  struct kd_problem problem;
  if (!isnan(*kept)) return *kept;
  kd_resolve_layout(work->value, work->x, &problem);
  work->placed += problem.n;
  if (work->placed > KD_SIEVE_POINTS)
    stop(work, "sweep fewer layouts", "positions of points", KD_SIEVE_POINTS);
  struct kd_frame frame = kd_frame_of(&problem);
  kd_frame_place(&frame, &problem, work->y, work->dy);
  return *kept = kd_d_centre(problem.n, work->y);
}

/* Whether the filters that are asked when `depth` axes stand still all hold. */
static bool passes(struct work *work, size_t depth) {
  for (size_t f = 0; f < work->spec->n_filters; f++) {
    const struct kd_filter *filter = &work->spec->filter[f];
    if (work->of[f] != depth) continue;
    work->visits++;
    double d_centre = kd_filter_is_placed(filter) ? d_centre_of(work) : NAN;
    work->asked[f] = true;
    if (!kd_filter_holds(filter, work->value, d_centre)) return false;
    work->held[f] = true;
  }
  return true;
}

/* -------------------------------------------------------------------- walk */

static void raise_to(size_t *most, size_t n) {
  if (n > *most) *most = n;
}

static void measure(struct work *work) {
  if (!work->measures) return;
  raise_to(&work->extent->max_points, kd_resolve_count(work->value));
  raise_to(&work->extent->max_recorded, kd_resolve_recorded(work->value));
  raise_to(&work->extent->max_bins, kd_resolve_bins(work->value));
}

/* The cells from `first` on that share the values of the first `depth` axes. */
static void walk(struct work *work, size_t depth, size_t first) {
  if (++work->visits > KD_SIEVE_VISITS)
    stop(work, "sweep fewer values", "combinations of values", KD_SIEVE_VISITS);
  if (work->failed || !passes(work, depth)) return;
  size_t stride = depth > 0 ? work->stride[depth - 1] : work->extent->n_cells;
  if (depth == work->depth) {
    measure(work);
    keep(work, first, stride);
    return;
  }
  for (size_t i = 0; i < work->spec->axis[depth].n && !work->failed; i++) {
    load(work, depth, i);
    walk(work, depth + 1, first + i * work->stride[depth]);
  }
}

/* ------------------------------------------------------------------- begin */

static void plan_walk(struct work *work) {
  const struct kd_spec *spec = work->spec;
  uint64_t keys = 0;
  for (size_t f = 0; f < spec->n_filters; f++) {
    work->of[f] = depth_of(spec, kd_filter_keys(&spec->filter[f]));
    keys |= kd_filter_keys(&spec->filter[f]);
  }
  work->measures = meet(spec, keys, of_extent);
  work->keys = keys | (work->measures ? of_extent : 0);
  work->depth = depth_of(spec, work->keys);
  size_t stride = 1;
  for (size_t a = spec->n_axes; a-- > 0; stride *= spec->axis[a].n) work->stride[a] = stride;
}

/* The numbers of the ranges that are looked at. */
static bool list_ranges(struct work *work) {
  const struct kd_spec *spec = work->spec;
  for (size_t s = 0; s < spec->n_swept; s++) {
    const struct kd_series *series = &spec->swept[s];
    if (series->list || !(work->keys & KD_KEY_BIT(kd_key_id(series->key)))) continue;
    if (series->n > KD_SIEVE_VALUES) {
      stop(work, "sweep fewer values", "values of a range", KD_SIEVE_VALUES);
      return false;
    }
    work->number[s] = calloc(series->n, sizeof *work->number[s]);
    if (!work->number[s]) return fail(work);
    for (size_t i = 0; i < series->n; i++) work->number[s][i] = kd_series_number(series, i);
  }
  return true;
}

static bool make_places(struct work *work, size_t max_points) {
  double n = 1;
  for (size_t a = 0; a < work->depth; a++)
    if (keys_of_axis(work->spec, a) & of_placing) n *= (double)work->spec->axis[a].n;
  if (n > KD_SIEVE_VISITS) {
    stop(work, "sweep fewer values", "combinations of values", KD_SIEVE_VISITS);
    return false;
  }
  work->d_centre = calloc((size_t)n, sizeof *work->d_centre);
  work->x = calloc(max_points, sizeof *work->x);
  work->y = calloc(max_points, sizeof *work->y);
  work->dy = calloc(max_points, sizeof *work->dy);
  if (!work->d_centre || !work->x || !work->y || !work->dy) return fail(work);
  for (size_t i = 0; i < (size_t)n; i++) work->d_centre[i] = NAN;
  return true;
}

static bool prepare(struct work *work) {
  bool placed = false;
  for (size_t f = 0; f < work->spec->n_filters; f++)
    placed = placed || kd_filter_is_placed(&work->spec->filter[f]);
  plan_walk(work);
  if (!list_ranges(work) || (placed && !make_places(work, work->extent->max_points)))
    return false;
  memcpy(work->value, work->spec->value, sizeof work->value);
  struct kd_extent *extent = work->extent;
  if (work->measures) extent->max_points = extent->max_recorded = extent->max_bins = 0;
  return true;
}

static void work_clear(struct work *work) {
  for (size_t s = 0; s < KD_N_KEYS; s++) free(work->number[s]);
  free(work->d_centre);
  free(work->x);
  free(work->y);
  free(work->dy);
}

/* The filter that held for none of the cells that came to it, if there is one. */
static void report_empty(const struct work *work) {
  const struct kd_spec *spec = work->spec;
  for (size_t f = 0; f < spec->n_filters; f++) {
    const struct kd_filter *filter = &spec->filter[f];
    if (!work->asked[f] || work->held[f]) continue;
    kd_diag_add(work->diag, kd_filter_mark(filter, 0, strlen(filter->text), work->diag), NULL,
                spec->n_filters == 1 ? "no cell passes this filter"
                                     : "no cell passes the filters: this one drops the last");
    return;
  }
  kd_diag_add(work->diag, spec->where, NULL, "no cell passes all filters");
}

bool kd_sieve_make(struct kd_sieve *sieve, const struct kd_spec *spec, struct kd_diag *diag,
                   struct kd_extent *extent) {
  struct work *work = calloc(1, sizeof *work);
  *sieve = (struct kd_sieve){0};
  if (!work) {
    kd_diag_no_memory(diag);
    return false;
  }
  work->sieve = sieve, work->spec = spec, work->diag = diag, work->extent = extent;
  if (prepare(work)) walk(work, 0, 0);
  if (!work->failed && sieve->n == 0) report_empty(work);
  bool good = !work->failed && sieve->n > 0;
  if (good) extent->n_cells = sieve->before[sieve->n];
  work_clear(work);
  free(work);
  return good;
}
