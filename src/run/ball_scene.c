/* SPDX-License-Identifier: MIT
 *
 * From a problem's doubles, taken exactly, to the points that the oracle sees. The
 * shift is shift.h's, dispatched by name and carried out without rounding.
 */
#include "ball.h"

#ifdef KD_ARB

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/circle.h"
#include "core/kernel.h"
#include "core/shift.h"

/* y_i = x_i - c and w, exactly */
static void centre(struct kd_scene *s) {
  const struct kd_problem *p = s->problem;
  struct kd_place c, upper;
  kd_place_init(&c), kd_place_init(&upper);
  kd_place_set_d(&c, p->lower), kd_place_set_d(&upper, p->upper);
  kd_place_add(&c, &upper, 1);
  kd_place_scale(&c, 0.5);
  kd_place_set(&s->w, &upper);
  kd_place_add(&s->w, &c, -1);
  for (size_t i = 0; i < s->n; i++) {
    kd_place_set_d(&s->y[i], p->x[i]);
    kd_place_add(&s->y[i], &c, -1);
    if (s->circle) kd_place_reduce(&s->y[i], 1);
  }
  kd_place_clear(&c), kd_place_clear(&upper);
}

void kd_scene_clear(struct kd_scene *s) {
  kd_terms_clear(s);
  kd_places_free(s->y, s->n);
  kd_place_clear(&s->w), kd_place_clear(&s->reach);
  arb_clear(s->h), arb_clear(s->shape), arb_clear(s->width), arb_clear(s->log_norm);
  arb_clear(s->rate[0]), arb_clear(s->rate[1]);
  _arb_vec_clear(s->S, (slong)s->n);
  for (size_t j = 0; s->spot && j < s->n; j++)
    arb_clear(s->spot[j].b), arb_clear(s->spot[j].end);
  free(s->spot), free(s->log_S);
}

int kd_scene_init(struct kd_scene *s, const struct kd_problem *p, struct kd_err *err) {
  *s = (struct kd_scene){.problem = p, .n = p->n, .circle = p->space == KD_SPACE_CIRCLE};
  kd_place_init(&s->w), kd_place_init(&s->reach);
  arb_init(s->h), arb_init(s->shape), arb_init(s->width), arb_init(s->log_norm);
  arb_init(s->rate[0]), arb_init(s->rate[1]);
  s->kernel = kd_ball_kernel_find(p->kernel->name);
  s->S = _arb_vec_init((slong)p->n);
  s->y = kd_places_create(p->n);
  s->log_S = calloc(p->n, sizeof *s->log_S);
  s->spot = calloc(p->n, sizeof *s->spot);
  if (!s->y || !s->log_S || !s->spot) return kd_no_memory(err);
  for (size_t j = 0; j < p->n; j++) arb_init(s->spot[j].b), arb_init(s->spot[j].end);
  double shape = p->kernel->shape_name ? p->shape : 1;
  arb_set_d(s->h, p->h);
  arb_set_d(s->shape, shape);
  kd_place_set_d(&s->reach, p->h);
  s->whole = floor(shape) == shape && shape < 1e6;
  centre(s);
  return KD_OK;
}

static void least_distance(const struct kd_scene *s, struct kd_place *out) {
  struct kd_place r;
  kd_place_init(&r);
  for (size_t i = 0; i < s->n; i++) {
    kd_place_set(&r, &s->y[i]);
    if (kd_place_sign(&r) < 0) kd_place_scale(&r, -1);
    if (i == 0 || kd_place_cmp(&r, out, 1) < 0) kd_place_set(out, &r);
  }
  kd_place_clear(&r);
}

/* A point at the centre has no side, nor has one opposite to it: opposite is what no
 * double is closer to, for none is exactly there. */
static bool all_have_sides(const struct kd_scene *s) {
  struct kd_place r, opposite;
  bool have = true;
  kd_place_init(&r), kd_place_init(&opposite);
  kd_place_set_d(&opposite, KD_PI_HIGH);
  for (size_t i = 0; i < s->n; i++) {
    int side = kd_place_sign(&s->y[i]);
    kd_place_set(&r, &s->y[i]);
    kd_place_scale(&r, side);
    if (side == 0 || (s->circle && kd_place_cmp(&r, &opposite, 1) >= 0)) have = false;
  }
  kd_place_clear(&r), kd_place_clear(&opposite);
  return have;
}

/* The length d of the shift; false if there is no such shift */
static bool shift_length(const struct kd_scene *s, struct kd_place *d) {
  const struct kd_problem *p = s->problem;
  const char *unit = p->shift_unit->name, *mode = p->shift_mode->name;
  bool exists = true;
  struct kd_place d_centre;
  kd_place_init(&d_centre);
  least_distance(s, &d_centre);
  kd_place_set_d(d, strcmp(unit, "bandwidth") == 0 ? p->h : 1);
  if (strcmp(unit, "centre") == 0 || strcmp(unit, "edge") == 0) kd_place_set(d, &d_centre);
  if (strcmp(unit, "edge") == 0) {
    kd_place_add(d, &s->w, -1);
    exists = kd_place_sign(d) >= 0;
  }
  kd_place_scale(d, p->shift);
  if (strcmp(mode, "translate") != 0 && !all_have_sides(s)) exists = false;
  if (strcmp(mode, "inward") == 0 && kd_place_cmp(d, &d_centre, 1) > 0) exists = false;
  kd_place_clear(&d_centre);
  return exists;
}

/* How far a point on that side moves to the right, by the length d */
static double factor(const struct kd_problem *p, int side) {
  if (strcmp(p->shift_mode->name, "translate") == 0) return 1;
  if (strcmp(p->shift_mode->name, "inward") == 0) return -side;
  return side > 0 ? -p->shift_right : p->shift_left;
}

bool kd_scene_shift(struct kd_scene *s) {
  struct kd_place d;
  if (s->problem->shift == 0) return true;
  kd_place_init(&d);
  bool exists = shift_length(s, &d);
  for (size_t i = 0; exists && i < s->n; i++) {
    kd_place_add(&s->y[i], &d, factor(s->problem, kd_place_sign(&s->y[i])));
    if (s->circle) kd_place_reduce(&s->y[i], 1);
  }
  kd_place_clear(&d);
  return exists;
}

/* S = softmax(z) */
static void weigh(struct kd_scene *s) {
  const double *z = s->problem->z;
  arb_t sum, t;
  arb_init(sum), arb_init(t);
  size_t top = 0;
  for (size_t i = 1; i < s->n; i++)
    if (z[i] > z[top]) top = i;
  for (size_t i = 0; i < s->n; i++) {
    arb_set_d(&s->S[i], z[i]);
    arb_set_d(t, z[top]);
    arb_sub(&s->S[i], &s->S[i], t, s->prec);
    arb_exp(&s->S[i], &s->S[i], s->prec);
    arb_add(sum, sum, &s->S[i], s->prec);
    s->log_S[i] = z[i] - z[top];
  }
  for (size_t i = 0; i < s->n; i++) arb_div(&s->S[i], &s->S[i], sum, s->prec);
  arb_clear(sum), arb_clear(t);
}

/* Bits of the largest log K_j at the centre: a difference of two of them loses as many. */
static slong spare_bits(struct kd_scene *s) {
  const slong most = 4000;
  slong bits = 0;
  acb_t centre, log_k;
  if (kd_ball_kernel_compact(s->kernel)) return 0;
  acb_init(centre), acb_init(log_k);
  s->prec = 53;
  kd_ball_kernel_prepare(s);
  kd_view_node(s, 0, 1);
  for (size_t j = 0; j < s->n; j++) {
    kd_ball_log_k(log_k, s, centre, j, 0);
    slong size = arf_abs_bound_lt_2exp_si(arb_midref(acb_realref(log_k)));
    if (size > bits) bits = size < most ? size : most;
  }
  acb_clear(centre), acb_clear(log_k);
  return bits;
}

void kd_scene_sharpen(struct kd_scene *s, slong goal) {
  struct kd_place width;
  s->goal = goal;
  s->prec = goal + 40 + spare_bits(s);
  kd_place_init(&width);
  kd_place_set(&width, &s->w);
  kd_place_scale(&width, 2);
  kd_place_ball(s->width, &width, s->prec);
  kd_place_clear(&width);
  weigh(s);
  kd_ball_kernel_prepare(s);
}

#endif
