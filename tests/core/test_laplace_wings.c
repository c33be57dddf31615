/* SPDX-License-Identifier: MIT
 *
 * laplace and asymmetric-laplace by wings (laplace_wings.h), at any number of points, against
 * the recursion from knot to knot that few points take (laplace.c); layouts that one of the
 * two is not for; what changes no bit.
 */
#include "drawn.h"

#include "core/exact/laplace_wings.h"
#include "precise.h"

enum { MOST = 512 };

static const double CLOSE = 1e-13; /* of max S, of max(1, |L|) */

struct outcome {
  struct kd_objective o;
  double G[MOST], log_m[MOST];
};

static struct kd_wings wings;

/* dy, dw: how far positions and half-width may be off */
static struct kd_estimate estimate_off(const struct drawn *d, const double *dy, double dw) {
  struct kd_estimate e = {.space = d->p.space,
                          .kernel = d->p.kernel,
                          .h = d->p.h,
                          .shape = d->p.shape,
                          .w = (d->p.upper - d->p.lower) / 2,
                          .dw = dw};
  double y[MOST], c = (d->p.lower + d->p.upper) / 2;
  struct kd_err err;
  for (size_t j = 0; j < d->p.n; j++) y[j] = d->x[j] - c;
  assert_int_equal(kd_estimate_points(&e, d->p.n, y, dy, d->z, &err), KD_OK);
  return e;
}

static struct kd_estimate estimate_of(const struct drawn *d) {
  return estimate_off(d, NULL, 0);
}

static bool by_wings(const struct kd_estimate *e, struct outcome *a) {
  double rate = e->kernel->lopsided ? e->shape : 1;
  struct kd_err err;
  bool done;
  assert_int_equal(
      kd_laplace_wings(e, rate, 1 / rate, &wings, &done, &a->o, a->G, a->log_m, &err), KD_OK);
  return done;
}

static bool solve(const struct drawn *d, struct outcome *a) {
  struct kd_estimate e = estimate_of(d);
  bool done = by_wings(&e, a);
  kd_estimate_clear(&e);
  return done;
}

/* --- against knots --- */

/* Weights of both may differ by their errors where they are tiny. */
static void compare(const struct drawn *d, const struct kd_estimate *e,
                    const struct outcome *a) {
  struct outcome b;
  struct kd_err err;
  assert_true(d->p.n < KD_WINGS_FROM);
  assert_int_equal(e->kernel->exact(e, &room, &b.o, b.G, b.log_m, &err), KD_OK);
  double top = largest(e->n, e->S), size = fmax(1, fabs(b.o.loss));
  must(a->o.gradient_bound <= CLOSE * top || a->o.gradient_bound <= 2 * b.o.gradient_bound,
       &d->p);
  must(a->o.loss_bound <= CLOSE * size || a->o.loss_bound <= 2 * b.o.loss_bound, &d->p);
  must_be_close(a->o.loss, b.o.loss, fmin(CLOSE * size, a->o.loss_bound + b.o.loss_bound),
                &d->p);
  double tolerance = fmin(CLOSE * top, a->o.gradient_bound + b.o.gradient_bound);
  for (size_t i = 0; i < e->n; i++) {
    must_be_close(a->G[i], b.G[i], tolerance, &d->p);
    must_be_close(a->log_m[i], b.log_m[i], CLOSE * fmax(1, fabs(b.log_m[i])) + e->dlog_S_max,
                  &d->p);
  }
}

static void against_knots(const char *kernel) {
  uint64_t all = tries(3000), served = 0;
  struct outcome a;
  for (uint64_t seed = 0; seed < all; seed++) {
    struct drawn d = random_problem(seed);
    uint64_t i = 9000;
    d.p.kernel = kd_kernel_find(kernel);
    d.p.shape = exp(uniform(seed, &i, -1, 1));
    struct kd_estimate e = estimate_of(&d);
    if (by_wings(&e, &a)) compare(&d, &e, &a), served++;
    kd_estimate_clear(&e), drop(&d);
  }
  assert_true(served > all / 3);
}

static void laplace(void **state) {
  (void)state, against_knots("laplace");
}

static void asymmetric(void **state) {
  (void)state, against_knots("asymmetric-laplace");
}

/* --- bounds --- */

static double sign(uint64_t seed, uint64_t *i) {
  return uniform(seed, i, 0, 1) < 0.5 ? -1 : 1;
}

/* Against long double, with positions and half-width off by all that their errors allow; T is
 * about 0, so that positions are what they are. */
static void below_bounds(const struct drawn *d, double off, uint64_t seed, double most[2]) {
  static struct precise p;
  struct outcome a;
  double dy[MOST], dw = off * d->p.upper;
  uint64_t i = 5000;
  p.h = d->p.h, p.left = d->p.kernel->lopsided ? d->p.shape : 1, p.right = 1 / p.left;
  p.n = d->p.n, p.w = d->p.upper + (long double)sign(seed, &i) * dw;
  for (size_t j = 0; j < p.n; j++) {
    dy[j] = off * fabs(d->x[j]);
    p.y[j] = d->x[j] + (long double)sign(seed, &i) * dy[j], p.z[j] = d->z[j];
  }
  struct kd_estimate e = estimate_off(d, dy, dw);
  if (by_wings(&e, &a)) {
    double error = 0, noise = 0x1p-60, loss;
    precise_solve(&p, false);
    loss = fabs((double)(a.o.loss - p.loss));
    for (size_t j = 0; j < p.n; j++) error = fmax(error, fabs((double)(a.G[j] - p.G[j])));
    must(loss <= a.o.loss_bound, &d->p);
    must(error <= a.o.gradient_bound + noise, &d->p);
    most[0] = fmax(most[0], loss / a.o.loss_bound);
    most[1] = fmax(most[1], (error - noise) / a.o.gradient_bound);
  }
  kd_estimate_clear(&e);
}

static void bounds_of(const char *kernel, double off) {
  double most[2] = {0, 0};
  for (uint64_t seed = 0; seed < tries(1000); seed++) {
    uint64_t i = 0;
    double u = uniform(seed, &i, 0, 1), w = exp(uniform(seed, &i, -2, 2));
    struct drawn d =
        problem(1 + (size_t)(100 * u * u), w * exp(uniform(seed, &i, -4, 3)), -w, w);
    d.p.kernel = kd_kernel_find(kernel), d.p.shape = exp(uniform(seed, &i, -1, 1));
    for (size_t j = 0; j < d.p.n; j++) {
      d.x[j] = random_place(&d, seed, &i, j);
      d.z[j] = uniform(seed, &i, -10, 10);
    }
    below_bounds(&d, off, seed, most);
    drop(&d);
  }
  print_message("%s, inputs off by %g: errors at most %.2g of L's bound, %.2g of G's\n", kernel,
                off, most[0], most[1]);
}

static void bounds(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  bounds_of("laplace", 0), bounds_of("laplace", 1e-9);
  bounds_of("asymmetric-laplace", 0), bounds_of("asymmetric-laplace", 1e-9);
}

/* --- which layouts --- */

/* Points at these places, each `times`, logits that rise by `slope` */
static struct drawn points(size_t n, const double *x, size_t times, double h, double slope) {
  struct drawn d = problem(n * times, h, -1, 1);
  for (size_t j = 0; j < n * times; j++) d.x[j] = x[j % n], d.z[j] = slope * (double)j;
  return d;
}

static void serves(size_t n, const double *x, size_t times, double h, double slope,
                   bool serve) {
  struct drawn d = points(n, x, times, h, slope);
  struct outcome a;
  struct kd_estimate e = estimate_of(&d);
  bool done = by_wings(&e, &a);
  assert_int_equal(done, serve);
  if (done) compare(&d, &e, &a);
  kd_estimate_clear(&e), drop(&d);
}

static void layouts(void **state) {
  (void)state;
  const double inside[] = {-0.5, 0.25, 0.75}, at_edges[] = {-1, 0, 1, -1.5, 2},
               outside[] = {-3, -2, 1.5, 4}, right[] = {1, 2, 30}, far[] = {-1e6, 2e6},
               centre[] = {0, -0.0, 0.5}, mixed[] = {-80, -0.9, 0.0625, 0.9, 60};
  serves(3, inside, 1, 1, 1, true);
  serves(3, inside, 40, 0.01, 0.01, true); /* gaps of 75 bandwidths, ties */
  serves(3, inside, 1, 1e-5, 1, false);    /* of 75,000 */
  serves(5, at_edges, 30, 0.2, 0.1, true);
  serves(4, outside, 5, 0.5, 1, true);
  serves(3, right, 20, 1, 0.1, true);
  serves(2, far, 4, 1, 0.1, true);
  serves(3, centre, 40, 0.1, 0.1, true);
  serves(2, centre, 60, 0.1, 0.1, false); /* flat */
  serves(5, mixed, 24, 0.05, 0.1, true);
  serves(3, inside, 40, 100, 0.1, false);  /* flat */
  serves(5, mixed, 24, 0.05, 6, true);     /* weights down to e^-714 */
  serves(2, inside, 1, 0.001, 600, false); /* e^-600, 250 bandwidths from the next */
}

/* --- bits --- */

static void must_be_same(const struct drawn *d, const struct outcome *a,
                         const struct outcome *b, bool reversed) {
  size_t n = d->p.n;
  must(same_bits(a->o.loss, b->o.loss), &d->p);
  must(same_bits(a->o.gradient_bound, b->o.gradient_bound), &d->p);
  must(same_bits(a->o.loss_bound, b->o.loss_bound), &d->p);
  for (size_t i = 0; i < n; i++)
    must(same_bits(a->G[i], b->G[reversed ? n - 1 - i : i]), &d->p);
}

/* Mirror images, other orders, raised logits */
static void bits(void **state) {
  (void)state;
  struct outcome a, b;
  uint64_t served = 0;
  for (uint64_t seed = 1; seed < tries(1000); seed++) {
    struct drawn d = dyadic_problem(seed, 200, false), m = copy(&d);
    size_t n = d.p.n;
    if (solve(&d, &a)) {
      served++;
      for (size_t j = 0; j < n; j++) m.x[j] = -d.x[j];
      m.p.lower = -d.p.upper, m.p.upper = -d.p.lower;
      must(solve(&m, &b), &m.p);
      must_be_same(&m, &a, &b, false);
      m.p.lower = d.p.lower, m.p.upper = d.p.upper;
      for (size_t j = 0; j < n; j++) m.x[j] = d.x[n - 1 - j], m.z[j] = d.z[n - 1 - j] + 64.5;
      must(solve(&m, &b), &m.p);
      must_be_same(&m, &a, &b, true);
    }
    drop(&d), drop(&m);
  }
  assert_true(served > tries(1000) / 3);
}

/* Points outside moved inwards, as far as the edge */
static void shifts(void **state) {
  (void)state;
  struct outcome a, b;
  for (uint64_t seed = 1; seed < tries(1000); seed++) {
    struct drawn d = dyadic_problem(seed, 200, true), m = copy(&d);
    double c = (d.p.lower + d.p.upper) / 2, nearest = INFINITY;
    for (size_t j = 0; j < d.p.n; j++) nearest = fmin(nearest, fabs(d.x[j] - c));
    double steps[] = {nearest - (d.p.upper - c), -20, -8192};
    bool served = solve(&d, &a);
    for (size_t k = 0; served && k < 3; k++) {
      for (size_t j = 0; j < d.p.n; j++) m.x[j] = d.x[j] + (d.x[j] < c ? steps[k] : -steps[k]);
      must(solve(&m, &b), &m.p);
      for (size_t i = 0; i < d.p.n; i++) must(same_bits(a.G[i], b.G[i]), &m.p);
    }
    drop(&d), drop(&m);
  }
}

static int clear(void **state) {
  (void)state;
  kd_room_clear(&room), kd_wings_clear(&wings);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(laplace), cmocka_unit_test(asymmetric),
                                     cmocka_unit_test(layouts), cmocka_unit_test(bits),
                                     cmocka_unit_test(shifts),  cmocka_unit_test(bounds)};
  return cmocka_run_group_tests(tests, NULL, clear);
}
