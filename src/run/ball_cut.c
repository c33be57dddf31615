/* SPDX-License-Identifier: MIT
 *
 * Where T is cut: at panel edges, at points, at ends of supports and, on the circle, at
 * antipodes, all held as M times the place so that M panels have exact edges.
 */
#include "ball.h"

#ifdef KD_ARB

#include <stdlib.h>

enum { CUTS_A_POINT = 4 * 5 };

static void add_cut(struct kd_cuts *cuts, const struct kd_scene *s, const struct kd_place *v) {
  if (kd_place_cmp(v, &s->w, cuts->M) >= 0 || kd_place_cmp(v, &s->w, -cuts->M) <= 0) return;
  kd_place_set(&cuts->at[cuts->n++], v);
}

/* At M times v, on the circle at all its images */
static void add_cuts(struct kd_cuts *cuts, const struct kd_scene *s, const struct kd_place *v) {
  struct kd_place image;
  kd_place_init(&image);
  for (int k = s->circle ? -2 : 0; k <= (s->circle ? 2 : 0); k++) {
    kd_place_set(&image, v);
    kd_place_add_pi(&image, 2 * k);
    kd_place_scale(&image, cuts->M);
    add_cut(cuts, s, &image);
  }
  kd_place_clear(&image);
}

static void cut_at(struct kd_cuts *cuts, const struct kd_scene *s, size_t j, bool point,
                   bool antipode) {
  struct kd_place v;
  kd_place_init(&v);
  if (point) add_cuts(cuts, s, &s->y[j]);
  for (int side = -1; side <= 1 && kd_ball_kernel_compact(s->kernel); side += 2) {
    kd_place_set(&v, &s->y[j]);
    kd_place_add(&v, &s->reach, side);
    add_cuts(cuts, s, &v);
  }
  if (antipode) {
    kd_place_set(&v, &s->y[j]);
    kd_place_add_pi(&v, 1);
    add_cuts(cuts, s, &v);
  }
  kd_place_clear(&v);
}

static int by_place(const void *a, const void *b) {
  return kd_place_cmp(a, b, 1);
}

/* The edges k w of T for k = -M, -M + 2 .. M */
static void cut_panels(struct kd_cuts *cuts, const struct kd_scene *s) {
  for (double k = -cuts->M; k <= cuts->M; k += 2) {
    struct kd_place *v = &cuts->at[cuts->n++];
    kd_place_set(v, &s->w);
    kd_place_scale(v, k);
  }
}

int kd_cuts_create(struct kd_cuts *cuts, const struct kd_scene *s, size_t panels, bool point,
                   bool antipode, struct kd_err *err) {
  *cuts = (struct kd_cuts){.M = (double)panels, .capacity = s->n * CUTS_A_POINT + panels + 1};
  cuts->at = kd_places_create(cuts->capacity);
  if (!cuts->at) return kd_no_memory(err);
  cut_panels(cuts, s);
  for (size_t j = 0; j < s->n; j++) cut_at(cuts, s, j, point, antipode);
  qsort(cuts->at, cuts->n, sizeof *cuts->at, by_place);
  return KD_OK;
}

void kd_cuts_clear(struct kd_cuts *cuts) {
  kd_places_free(cuts->at, cuts->capacity);
}

#endif
