/* SPDX-License-Identifier: MIT
 *
 * The layouts and the starting logits; see layout.h.
 */
#include "layout.h"

#include <string.h>

#include "circle.h"
#include "random.h"

static void fill_at(const struct kd_layout_args *args, double *out) {
  memcpy(out, args->at, args->count * sizeof *out);
}

static void fill_zeros(const struct kd_layout_args *args, double *out) {
  memset(out, 0, args->count * sizeof *out);
}

/* Both ends belong to the grid; a single point stands in the middle. */
static void fill_grid(const struct kd_layout_args *args, double *out) {
  double width = args->upper - args->lower, last = (double)(args->count - 1);
  for (size_t j = 0; j < args->count; j++)
    out[j] = args->lower + (last > 0 ? width * ((double)j / last) : width / 2);
}

static void fill_uniform(const struct kd_layout_args *args, double *out) {
  double width = args->upper - args->lower;
  for (size_t j = 0; j < args->count; j++)
    out[j] = args->lower + width * kd_random_uniform(args->seed, KD_STREAM_POINTS, j);
}

static void fill_normal(const struct kd_layout_args *args, double *out) {
  for (size_t j = 0; j < args->count; j++)
    out[j] = args->centre + args->scale * kd_random_normal(args->seed, KD_STREAM_POINTS, j);
}

static void fill_equidistant(const struct kd_layout_args *args, double *out) {
  for (size_t j = 0; j < args->count; j++)
    out[j] = args->target_centre + (j % 2 ? -args->distance : args->distance);
}

/* Cluster k stands at draw k of its own stream; the points take turns. */
static void fill_clusters(const struct kd_layout_args *args, double *out) {
  double width = args->upper - args->lower;
  for (size_t j = 0; j < args->count; j++) {
    double u = kd_random_uniform(args->seed, KD_STREAM_CLUSTERS, j % args->clusters);
    out[j] = args->lower + width * u +
             args->spread * kd_random_normal(args->seed, KD_STREAM_POINTS, j);
  }
}

/* Half a step off the centre: no point stands there. */
static void fill_ring(const struct kd_layout_args *args, double *out) {
  double step = 2 * KD_PI_HIGH / (double)args->count;
  for (size_t j = 0; j < args->count; j++)
    out[j] = args->target_centre + ((double)j + 0.5) * step;
}

static void fill_logits_normal(const struct kd_layout_args *args, double *out) {
  for (size_t j = 0; j < args->count; j++)
    out[j] = args->scale * kd_random_normal(args->seed, KD_STREAM_LOGITS, j);
}

const struct kd_layout kd_layouts[] = {
    {"explicit", "the positions listed in `at`", KD_USES_AT, fill_at, false},
    {"grid", "`count` positions at equal steps over `span`, both ends included",
     KD_USES_COUNT | KD_USES_SPAN, fill_grid, false},
    {"uniform", "`count` random positions, uniform over `span`",
     KD_USES_COUNT | KD_USES_SPAN | KD_USES_SEED, fill_uniform, false},
    {"normal", "`count` random positions, normal with mean `centre` and deviation `scale`",
     KD_USES_COUNT | KD_USES_CENTRE | KD_USES_SCALE | KD_USES_SEED, fill_normal, false},
    {"equidistant",
     "`count` positions at `distance` from the target's centre, right and left in turn",
     KD_USES_COUNT | KD_USES_DISTANCE, fill_equidistant, false},
    {"clusters",
     "`count` random positions, normal with deviation `spread` around `clusters` places that "
     "are uniform over `span`",
     KD_USES_COUNT | KD_USES_CLUSTERS | KD_USES_SPAN | KD_USES_SEED, fill_clusters, false},
    {"ring", "`count` positions at equal steps around the circle, half a step off the centre",
     KD_USES_COUNT, fill_ring, true},
    {"file", "the positions in `column` of the text table `file`", KD_USES_FILE, fill_at, false},
};
const size_t kd_n_layouts = sizeof kd_layouts / sizeof *kd_layouts;

const struct kd_layout kd_logits[] = {
    {"zeros", "all logits 0: equal weights", 0, fill_zeros, false},
    {"explicit", "the logits listed in `at`", KD_USES_AT, fill_at, false},
    {"normal", "random logits, normal with mean 0 and deviation `scale`",
     KD_USES_SCALE | KD_USES_SEED, fill_logits_normal, false},
};
const size_t kd_n_logits = sizeof kd_logits / sizeof *kd_logits;

static const struct kd_layout *find(const struct kd_layout *rows, size_t n, const char *name) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(rows[i].name, name) == 0) return &rows[i];
  return NULL;
}

const struct kd_layout *kd_layout_find(const char *name) {
  return find(kd_layouts, kd_n_layouts, name);
}

const struct kd_layout *kd_logits_find(const char *name) {
  return find(kd_logits, kd_n_logits, name);
}
