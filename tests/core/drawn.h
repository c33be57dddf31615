/* SPDX-License-Identifier: MIT
 *
 * Random problems for the closed forms, and their answers: points inside, outside, on
 * the edges, at the centre, tied; few or a million.
 */
#ifndef KD_TEST_DRAWN_H
#define KD_TEST_DRAWN_H

#include <stdio.h>
#include <stdlib.h>

#include "core/circle.h"
#include "core/exact/exact.h"
#include "core/num.h"
#include "core/random.h"
#include "reproduce.h"

/* Problems a family; KDEGRAD_TRIES in the environment scales it. */
static inline uint64_t tries(uint64_t usual) {
  const char *text = getenv("KDEGRAD_TRIES");
  return text ? 1 + usual * strtoull(text, NULL, 10) / 200 : usual;
}

/* --- problems: bounds, bandwidth, points; arrays of their own --- */

struct drawn {
  struct kd_problem p;
  double *x, *z;
};

struct exact {
  struct kd_estimate e;
  double loss, loss_bound, gradient_bound, *G;
};

static inline struct drawn problem(size_t n, double h, double lower, double upper) {
  struct drawn d = {.x = malloc(n * sizeof(double)), .z = calloc(n, sizeof(double))};
  assert_true(d.x && d.z);
  d.p = layout_problem("laplace", 0);
  d.p.h = h, d.p.lower = lower, d.p.upper = upper, d.p.n = n, d.p.x = d.x, d.p.z = d.z;
  return d;
}

static inline struct drawn copy(const struct drawn *d) {
  struct drawn c = problem(d->p.n, d->p.h, d->p.lower, d->p.upper);
  c.p = d->p, c.p.x = c.x, c.p.z = c.z;
  memcpy(c.x, d->x, d->p.n * sizeof *c.x);
  memcpy(c.z, d->z, d->p.n * sizeof *c.z);
  return c;
}

static inline void drop(struct drawn *d) {
  free(d->x), free(d->z);
}

static inline void forget(struct exact *a) {
  kd_estimate_clear(&a->e);
  free(a->G);
}

/* One room for all: large problems leave nothing behind that small ones see. */
static struct kd_room room;

/* In closed form, of centred positions with errors (NULL: exact), and of a half-width */
static inline struct exact exact_of(const struct drawn *d, const double *y, const double *dy,
                                    double dw) {
  bool line = d->p.space == KD_SPACE_LINE;
  struct exact a = {.e = {.space = d->p.space,
                          .kernel = d->p.kernel,
                          .h = d->p.h,
                          .shape = d->p.shape,
                          .w = (d->p.upper - d->p.lower) / 2,
                          .dw = dw}};
  struct kd_objective out;
  struct kd_err err;
  kd_exact *closed = line ? d->p.kernel->exact : d->p.kernel->exact_on_circle;
  a.G = malloc(d->p.n * sizeof *a.G);
  assert_true(a.G && closed);
  assert_int_equal(kd_estimate_points(&a.e, d->p.n, y, dy, d->z, &err), KD_OK);
  assert_int_equal(closed(&a.e, &room, &out, a.G, NULL, &err), KD_OK);
  a.loss = out.loss, a.loss_bound = out.loss_bound, a.gradient_bound = out.gradient_bound;
  return a;
}

static inline struct exact exact(const struct drawn *d) {
  double c = (d->p.lower + d->p.upper) / 2, *y = malloc(d->p.n * sizeof *y);
  assert_non_null(y);
  for (size_t j = 0; j < d->p.n; j++) {
    y[j] = d->x[j] - c;
    if (d->p.space == KD_SPACE_CIRCLE) y[j] = kd_circle_reduced(y[j]);
  }
  struct exact a = exact_of(d, y, NULL, 0);
  free(y);
  return a;
}

static inline double largest_weight(const struct exact *a) {
  return largest(a->e.n, a->e.S);
}

/* sum_j S_j - 1: the estimate's own rounding of its weights, not judged here */
static inline double excess(const struct exact *a) {
  struct kd_sum sum = {-1, 0};
  for (size_t j = 0; j < a->e.n; j++) kd_sum_add(&sum, a->e.S[j]);
  return kd_sum_value(&sum);
}

/* sum_i G_i is that excess, or 0 where G comes from differences. */
static inline double sum_error(const struct exact *a) {
  struct kd_sum sum = {0};
  for (size_t i = 0; i < a->e.n; i++) kd_sum_add(&sum, a->G[i]);
  return fmin(fabs(kd_sum_value(&sum)), fabs(kd_sum_value(&sum) - excess(a)));
}

/* --- random problems --- */

static inline double uniform(uint64_t seed, uint64_t *i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, (*i)++);
}

/* Inside, outside, on an edge, at the centre, tied with an earlier point */
static inline double random_place(const struct drawn *d, uint64_t seed, uint64_t *i, size_t j) {
  double a = d->p.lower, b = d->p.upper, span = b - a;
  double kind = uniform(seed, i, 0, 10), u = uniform(seed, i, 0, 1);
  if (kind < 4) return a + span * u;
  if (kind < 7) return a + span * (4 * u - 1.5);
  if (kind < 8) return u < 0.5 ? a : b;
  if (kind < 8.5) return (a + b) / 2;
  return j ? d->x[(size_t)(u * (double)j)] : a + 20 * span * u;
}

static inline struct drawn random_problem(uint64_t seed) {
  uint64_t i = 0;
  double span = exp(uniform(seed, &i, -2, 2)), c = uniform(seed, &i, -3, 3);
  double h = span * exp(uniform(seed, &i, -6.9, 6.9)), u = uniform(seed, &i, 0, 1);
  size_t n = 1 + (size_t)(40 * u * u * u);
  struct drawn d = problem(n, h, c - span / 2, c + span / 2);
  double spread = seed % 3 ? 10 : 700;
  for (size_t j = 0; j < n; j++) {
    d.x[j] = random_place(&d, seed, &i, j);
    d.z[j] = uniform(seed, &i, -spread, spread);
    if (j && uniform(seed, &i, 0, 1) < 0.1) d.z[j] = d.z[j - 1];
  }
  return d;
}

/* --- the circle --- */

/* The Laplace kernel, T of this centre and half-width */
static inline struct drawn on_circle(size_t n, double h, double c, double w) {
  struct drawn d = problem(n, h, c - w, c + w);
  d.p.space = KD_SPACE_CIRCLE;
  return d;
}

/* Anywhere, on an edge, at the centre, opposite to it, tied, opposite to an earlier one */
static inline double random_angle(const struct drawn *d, uint64_t seed, uint64_t *i, size_t j) {
  double kind = uniform(seed, i, 0, 10), u = uniform(seed, i, 0, 1);
  double c = (d->p.lower + d->p.upper) / 2;
  if (kind < 6) return 4 * KD_PI_HIGH * (u - 0.5);
  if (kind < 7) return u < 0.5 ? d->p.lower : d->p.upper;
  if (kind < 7.5) return c;
  if (kind < 8) return u < 0.5 ? c - KD_PI_HIGH : c + KD_PI_HIGH;
  if (!j) return c + u;
  double x = d->x[(size_t)(u * (double)j)];
  return kind < 9 ? x : x > 0 ? x - KD_PI_HIGH : x + KD_PI_HIGH;
}

/* T is now and then the whole circle, and about 0. */
static inline struct drawn circle_problem(uint64_t seed, double steepest, double widest,
                                          double logits) {
  uint64_t i = 0;
  double c = seed % 2 ? 0 : uniform(seed, &i, -3, 3), u = uniform(seed, &i, 0, 1);
  double w = seed % 5 ? exp(uniform(seed, &i, -4, log(3.14))) : KD_PI_HIGH;
  double h = exp(uniform(seed, &i, log(steepest), log(widest)));
  struct drawn d = on_circle(1 + (size_t)(30 * u * u * u), h, c, w);
  for (size_t j = 0; j < d.p.n; j++) {
    d.x[j] = random_angle(&d, seed, &i, j);
    d.z[j] = uniform(seed, &i, -logits, logits);
  }
  return d;
}

/* --- dyadic problems --- */

/* A multiple of 1/64 */
static inline double dyadic(uint64_t seed, uint64_t *i, double low, double high) {
  return floor(uniform(seed, i, low, high) * 64) / 64;
}

static inline struct drawn dyadic_problem(uint64_t seed, size_t n_most, bool outside) {
  uint64_t i = 0;
  double w = 0.25 + dyadic(seed, &i, 0, 1), c = dyadic(seed, &i, -3, 3);
  size_t n = 1 + (size_t)uniform(seed, &i, 0, (double)n_most);
  struct drawn d = problem(n, exp(uniform(seed, &i, -5, 5)), c - w, c + w);
  double reach = seed % 2 ? 5 : 1;
  for (size_t j = 0; j < n; j++) {
    double side = uniform(seed, &i, 0, 2) < 1 ? -1 : 1;
    double r = outside ? w + 1.0 / 64 + dyadic(seed, &i, 0, reach) : dyadic(seed, &i, 0, reach);
    d.x[j] = c + side * r, d.z[j] = dyadic(seed, &i, -4, 4);
  }
  return d;
}

#endif
