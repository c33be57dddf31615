/* SPDX-License-Identifier: MIT
 *
 * Identities that hold for every kernel and rule: sum of G is 0, scale and
 * translation, permutation, reflection, adding to the logits, shifts to the
 * bit, finite differences of the loss. Random problems come from the program's
 * own generator; a failing one prints itself as a config.
 */
#include "reproduce.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/circle.h"
#include "core/random.h"

/* Problems a kernel and identity; KDEGRAD_TRIES in the environment scales it. */
static uint64_t tries(void) {
  const char *text = getenv("KDEGRAD_TRIES");
  return text ? strtoull(text, NULL, 10) : 200;
}

struct drawn {
  struct kd_problem p;
  double x[MAX_POINTS], z[MAX_POINTS];
};

/* A number of the seed's sequence, uniform in [low, high], a multiple of 1/64 */
static double dyadic(uint64_t seed, uint64_t *i, double low, double high) {
  double u = kd_random_uniform(seed, KD_STREAM_POINTS, (*i)++);
  return floor((low + (high - low) * u) * 64) / 64;
}

/* Positions, bounds and logits dyadic; points outside T if `outside`. */
static struct drawn draw(uint64_t seed, const struct kd_kernel *kernel, bool outside) {
  static struct drawn d;
  uint64_t i = 0;
  double w = 0.25 + dyadic(seed, &i, 0, 1), c = dyadic(seed, &i, -3, 3);
  size_t n = 1 + (size_t)dyadic(seed, &i, 0, 9);
  d.p = layout_problem(kernel->name, 0);
  d.p.shape = kernel->shape_name ? 0.5 + dyadic(seed, &i, 0, 3) : 0;
  d.p.h = 0.3 + 2 * kd_random_uniform(seed, KD_STREAM_POINTS, i++);
  if (isfinite(kernel->support)) d.p.h += 16; /* covers T */
  if (seed % 2 && !outside) d.p.space = KD_SPACE_CIRCLE;
  d.p.lower = c - w, d.p.upper = c + w, d.p.n = n, d.p.x = d.x, d.p.z = d.z;
  for (size_t j = 0; j < n; j++) {
    double side = dyadic(seed, &i, 0, 2) < 1 ? -1 : 1;
    double r = (outside ? w : 0) + 1.0 / 64 + dyadic(seed, &i, 0, 5);
    d.x[j] = c + side * r;
    d.z[j] = dyadic(seed, &i, -4, 4);
  }
  d.p.rule = &kd_rules[seed % kd_n_rules];
  d.p.bins = 1 + seed % 40;
  return d;
}

static void for_all(bool outside, void (*test)(struct drawn *, const struct answer *)) {
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (uint64_t seed = 0; seed < tries(); seed++) {
      struct drawn d = draw(seed, &kd_kernels[k], outside);
      struct answer a = answer_to(&d.p);
      must(a.r.status == KD_STATUS_OK && isfinite(a.r.loss), &d.p);
      test(&d, &a);
    }
}

static void sums_to_zero(struct drawn *d, const struct answer *a) {
  double sum = 0;
  for (size_t i = 0; i < d->p.n; i++) sum += a->G[i];
  must(fabs(sum) <= 1e-15, &d->p);
  must(fabs(sum) <= (double)d->p.n * a->r.gradient_bound, &d->p);
}

/* x, T and h times 2: same gradient, loss + log 2, to the bit where log allows */
static void scaled(struct drawn *d, const struct answer *a) {
  if (d->p.space == KD_SPACE_CIRCLE) return; /* its length is given */
  struct drawn e = *d;
  e.p.x = e.x, e.p.z = e.z, e.p.h *= 2, e.p.lower *= 2, e.p.upper *= 2;
  for (size_t j = 0; j < e.p.n; j++) e.x[j] *= 2;
  struct answer b = answer_to(&e.p);
  must_be_close(b.r.loss - log(2), a->r.loss, a->r.loss_bound + b.r.loss_bound, &d->p);
  for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &d->p);
}

static void translated(struct drawn *d, const struct answer *a) {
  struct drawn e = *d;
  e.p.x = e.x, e.p.z = e.z, e.p.lower += 24.5, e.p.upper += 24.5;
  for (size_t j = 0; j < e.p.n; j++) e.x[j] += 24.5;
  struct answer b = answer_to(&e.p);
  must(same_bits(a->r.loss, b.r.loss), &d->p);
  for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &d->p);
}

/* Once around the circle, the points by turns of their own: 2 pi rounds. */
static void turned(struct drawn *d, const struct answer *a) {
  if (d->p.space != KD_SPACE_CIRCLE) return;
  struct drawn e = *d;
  double rounding = 0;
  e.p.x = e.x, e.p.z = e.z;
  for (size_t j = 0; j < e.p.n; j++) {
    e.x[j] += 2 * KD_PI_HIGH * ((double)(j % 3) - 1);
    rounding = fmax(rounding, 0x1p-51 * fabs(e.x[j]) + 2.5e-16);
  }
  struct answer b = answer_to(&e.p);
  double bound = a->r.gradient_bound + b.r.gradient_bound;
  for (size_t i = 0; i < d->p.n; i++)
    must_be_close(b.G[i], a->G[i], bound + 64 * rounding / d->p.h, &d->p);
}

static void reversed(struct drawn *d, const struct answer *a) {
  struct drawn e = *d;
  size_t n = e.p.n;
  e.p.x = e.x, e.p.z = e.z;
  for (size_t j = 0; j < n; j++) e.x[j] = d->x[n - 1 - j], e.z[j] = d->z[n - 1 - j];
  struct answer b = answer_to(&e.p);
  must(same_bits(a->r.loss, b.r.loss), &d->p);
  for (size_t i = 0; i < n; i++) must(same_bits(a->G[i], b.G[n - 1 - i]), &d->p);
}

static void reflected(struct drawn *d, const struct answer *a) {
  if (d->p.kernel->lopsided) return; /* its mirror image is another kernel */
  struct drawn e = *d;
  e.p.x = e.x, e.p.z = e.z, e.p.lower = -d->p.upper, e.p.upper = -d->p.lower;
  for (size_t j = 0; j < e.p.n; j++) e.x[j] = -e.x[j];
  struct answer b = answer_to(&e.p);
  must(same_bits(a->r.loss, b.r.loss), &d->p);
  for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &d->p);
}

static void raised(struct drawn *d, const struct answer *a) {
  struct drawn e = *d;
  e.p.x = e.x, e.p.z = e.z;
  for (size_t j = 0; j < e.p.n; j++) e.z[j] += 137.25;
  struct answer b = answer_to(&e.p);
  must(same_bits(a->r.loss, b.r.loss), &d->p);
  for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &d->p);
}

/* One point taken twice with half the weight each: same loss, halved gradient. Halving
 * rounds the logit, by as much again as the bounds allow for logits. */
static void split(struct drawn *d, const struct answer *a) {
  struct drawn e = *d;
  size_t n = e.p.n;
  e.p.x = e.x, e.p.z = e.z, e.p.n = n + 1;
  e.x[n] = e.x[0], e.z[n] = e.z[0] -= log(2);
  struct answer b = answer_to(&e.p);
  double halving = 0x1p-52 * fmax(1, fabs(e.z[0]));
  must_be_close(b.r.loss, a->r.loss, a->r.loss_bound + b.r.loss_bound + halving, &d->p);
  must_be_close(b.G[0] + b.G[n], a->G[0],
                a->r.gradient_bound + 2 * b.r.gradient_bound + halving, &d->p);
}

static void differences_of_the_loss(struct drawn *d, const struct answer *a) {
  double step = 1e-3;
  for (size_t i = 0; i < d->p.n; i++) {
    double loss[4];
    for (int k = 0; k < 4; k++) {
      struct drawn e = *d;
      e.p.x = e.x, e.p.z = e.z;
      e.z[i] += step * (k < 2 ? k - 2 : k - 1);
      loss[k] = answer_to(&e.p).r.loss;
    }
    double slope = (8 * (loss[2] - loss[1]) - (loss[3] - loss[0])) / (12 * step);
    must(fabs(slope - a->G[i]) <= 2e-11, &d->p);
  }
}

/* Laplace (and whoever else has a constant score), points outside T: to the bit */
static void shifted(struct drawn *d, const struct answer *a) {
  if (!d->p.kernel->constant_score) return;
  struct drawn e = *d;
  e.p.x = e.x, e.p.z = e.z;
  double steps[] = {a->r.d_edge, floor(a->r.d_edge * 32) / 64, -20, -800, -8000, -1048576};
  for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
    e.p.shift = steps[k];
    struct answer b = answer_to(&e.p);
    double L = a->r.loss - e.p.shift / e.p.h;
    must(b.r.defect == 0, &e.p);
    must(fabs(b.r.loss - L) <= 1e-15 * fmax(fabs(a->r.loss), fabs(L)), &e.p);
    for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &e.p);
  }
}

#define OVER_ALL(test, outside)                                                                \
  static void test##_all(void **state) {                                                       \
    (void)state, for_all(outside, test);                                                       \
  }
OVER_ALL(sums_to_zero, false)
OVER_ALL(scaled, false)
OVER_ALL(translated, false)
OVER_ALL(turned, false)
OVER_ALL(reversed, false)
OVER_ALL(reflected, false)
OVER_ALL(raised, false)
OVER_ALL(split, false)
OVER_ALL(shifted, true)

static void differences_all(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (uint64_t seed = 0; seed < 12; seed++) {
      struct drawn d = draw(seed, &kd_kernels[k], false);
      struct answer a = answer_to(&d.p);
      differences_of_the_loss(&d, &a);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_to_zero_all), cmocka_unit_test(scaled_all),
      cmocka_unit_test(translated_all),   cmocka_unit_test(turned_all),
      cmocka_unit_test(reversed_all),     cmocka_unit_test(reflected_all),
      cmocka_unit_test(raised_all),       cmocka_unit_test(split_all),
      cmocka_unit_test(shifted_all),      cmocka_unit_test(differences_all),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
