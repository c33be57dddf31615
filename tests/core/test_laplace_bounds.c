/* SPDX-License-Identifier: MIT
 *
 * The bounds of the closed forms: never below the error, against long double (precise.h)
 * with inputs moved within their errors; and close enough to it to be of use.
 */
#include "drawn.h"
#include "precise.h"

#define ORDINARY 1e-12 /* of max S, of max(1, |L|) */

/* How a family of problems went */
struct tally {
  size_t n, useful;
  double loss, gradient; /* largest error over bound */
};

static double random_sign(uint64_t seed, uint64_t *i) {
  return uniform(seed, i, 0, 1) < 0.5 ? -1 : 1;
}

/* The problem with positions and half-width off by all that their errors allow */
static void set_precise(struct precise *p, const struct drawn *d, const double *y,
                        const double *dy, double dw, uint64_t seed) {
  uint64_t i = 5000;
  double kappa = d->p.kernel->lopsided ? d->p.shape : 1, w = (d->p.upper - d->p.lower) / 2;
  p->circle = d->p.space == KD_SPACE_CIRCLE;
  p->h = d->p.h, p->left = kappa, p->right = 1 / (long double)kappa, p->n = d->p.n;
  p->w = w + (long double)random_sign(seed, &i) * dw;
  for (size_t j = 0; j < d->p.n; j++) {
    p->y[j] = y[j] + (long double)random_sign(seed, &i) * dy[j];
    p->z[j] = d->z[j];
  }
}

/* Noise of the reference: of 1 in G, unless it comes from differences; where distances
 * are many bandwidths and not to be compared from positions, more. */
static double noise_of(const struct precise *p, bool flat) {
  if (flat) return 1e-300;
  return 0x1p-60 * (p->circle ? 1 + 3 / (double)p->h : 1);
}

static void judge(const struct drawn *d, const struct exact *a, const struct precise *p,
                  bool flat, struct tally *t) {
  double error = 0, noise = noise_of(p, flat), loss = fabs((double)(a->loss - p->loss));
  for (size_t j = 0; j < p->n; j++) error = fmax(error, fabs((double)(a->G[j] - p->G[j])));
  must(loss <= a->loss_bound, &d->p);
  must(error <= a->gradient_bound + noise, &d->p);
  t->n++;
  t->useful += a->gradient_bound <= ORDINARY * largest_weight(a) &&
               a->loss_bound <= ORDINARY * fmax(1, fabs(a->loss));
  t->loss = fmax(t->loss, loss / a->loss_bound);
  t->gradient = fmax(t->gradient, (error - noise) / a->gradient_bound);
}

/* y: d's positions; dy, dw: how far they and the half-width may be off */
static void check(const struct drawn *d, const double *dy, double dw, bool flat, uint64_t seed,
                  struct tally *t) {
  static struct precise p;
  double y[MAX_POINTS], c = (d->p.lower + d->p.upper) / 2;
  for (size_t j = 0; j < d->p.n; j++) {
    y[j] = d->x[j] - c;
    if (d->p.space == KD_SPACE_CIRCLE) y[j] = kd_circle_reduced(y[j]);
  }
  struct exact a = exact_of(d, y, dy, dw);
  set_precise(&p, d, y, dy, dw, seed);
  precise_solve(&p, flat);
  judge(d, &a, &p, flat, t);
  forget(&a);
}

static void report(const char *what, const struct tally *t) {
  print_message("%s: %zu problems, error at most %.2g of L's bound, %.2g of G's; bounds below "
                "%g: %.4f\n",
                what, t->n, t->loss, t->gradient, ORDINARY, (double)t->useful / (double)t->n);
}

static const double none[MAX_POINTS];

/* With T about 0, so that positions are what they are. */
static struct drawn centred_problem(uint64_t seed, double steepest, double widest,
                                    double logits) {
  uint64_t i = 0;
  double u = uniform(seed, &i, 0, 1), span = exp(uniform(seed, &i, -2, 2));
  double h = span * exp(uniform(seed, &i, log(steepest), log(widest)));
  struct drawn d = problem(1 + (size_t)(40 * u * u * u), h, -span / 2, span / 2);
  for (size_t j = 0; j < d.p.n; j++) {
    d.x[j] = random_place(&d, seed, &i, j);
    d.z[j] = uniform(seed, &i, -logits, logits);
  }
  return d;
}

static void ordinary_with(const char *kernel, double shape) {
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(1000); seed++) {
    struct drawn d = centred_problem(seed, 0.01, 10, 10);
    d.p.kernel = kd_kernel_find(kernel), d.p.shape = shape;
    check(&d, none, 0, false, seed, &t);
    drop(&d);
  }
  report(kernel, &t);
  assert_true((double)t.useful >= 0.99 * (double)t.n);
}

static void ordinary(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  ordinary_with("laplace", 0);
  ordinary_with("asymmetric-laplace", 0.4);
  ordinary_with("asymmetric-laplace", 8);
}

/* Weights of e^-1400, bandwidths from 10^-4 to 10^4 */
static void wild(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(500); seed++) {
    struct drawn d = centred_problem(seed, 1e-4, 1e4, 700);
    check(&d, none, 0, false, seed, &t);
    drop(&d);
  }
  report("wild", &t);
}

/* Errors of a rounding, and errors that one could see */
static void vague_inputs(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(1000); seed++) {
    uint64_t i = 6000;
    struct drawn d = centred_problem(seed, 0.01, 10, 10);
    double dy[MAX_POINTS] = {0}, size = seed % 2 ? 0x1p-53 : exp(uniform(seed, &i, -20, -4));
    for (size_t j = 0; j < d.p.n; j++)
      dy[j] = seed % 2 ? size * fabs(d.x[j]) : size * d.p.h * uniform(seed, &i, 0, 1);
    check(&d, dy, size * fmin(d.p.h, d.p.upper), false, seed, &t);
    drop(&d);
  }
  report("vague", &t);
}

/* The bound of G stays where it is when all points are a million bandwidths away. */
static void far_away(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(500); seed++) {
    struct drawn d = dyadic_problem(seed, 40, true);
    double c = (d.p.lower + d.p.upper) / 2, far = exp2(ceil(log2(d.p.h)) + 20);
    for (size_t j = 0; j < d.p.n; j++) d.x[j] += d.x[j] < c ? -far : far;
    check(&d, none, 0, false, seed, &t);
    drop(&d);
  }
  report("far", &t);
  assert_true(t.useful == t.n);
}

/* Where G is small so is its bound: a part of its natural size. */
static void flat_with(const char *kernel, double shape) {
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(500); seed++) {
    uint64_t i = 6000;
    struct drawn d = centred_problem(seed, 1, 1, 10);
    d.p.kernel = kd_kernel_find(kernel), d.p.shape = shape;
    double most = 0, dy[MAX_POINTS] = {0}, dw = seed % 2 ? 1e-6 * d.p.upper : 0;
    for (size_t j = 0; j < d.p.n; j++) {
      most = fmax(most, fabs(d.x[j]));
      if (seed % 2) dy[j] = 1e-9 * d.p.upper * uniform(seed, &i, 0, 1);
    }
    d.p.h = exp(uniform(seed, &i, 2.8, 30)) * fmax(most, d.p.upper);
    check(&d, dy, dw, true, seed, &t);
    if (seed % 2 == 0) {
      struct exact a = exact(&d);
      must(a.gradient_bound <= 1e-13 * most / d.p.h * largest_weight(&a), &d.p);
      forget(&a);
    }
    drop(&d);
  }
  report("flat", &t);
}

static void flat(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  flat_with("laplace", 0);
  flat_with("asymmetric-laplace", 2);
}

static void ordinary_on_circle(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(1000); seed++) {
    struct drawn d = circle_problem(seed, 0.05, 60, 10);
    check(&d, none, 0, false, seed, &t);
    drop(&d);
  }
  report("circle", &t);
  assert_true((double)t.useful >= 0.99 * (double)t.n);
}

static void wild_on_circle(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(500); seed++) {
    struct drawn d = circle_problem(seed, 1e-4, 1e6, seed % 2 ? 700 : 10);
    check(&d, none, 0, false, seed, &t);
    drop(&d);
  }
  report("wild circle", &t);
}

static void vague_on_circle(void **state) {
  (void)state;
  if (!precise_enough()) skip();
  struct tally t = {0};
  for (uint64_t seed = 0; seed < tries(1000); seed++) {
    uint64_t i = 6000;
    struct drawn d = circle_problem(seed, 0.01, 10, 10);
    double dy[MAX_POINTS] = {0}, size = exp(uniform(seed, &i, -37, -4));
    for (size_t j = 0; j < d.p.n; j++) dy[j] = size * d.p.h * uniform(seed, &i, 0, 1);
    check(&d, dy, size * fmin(d.p.h, (d.p.upper - d.p.lower) / 2), false, seed, &t);
    drop(&d);
  }
  report("vague circle", &t);
}

static int clear(void **state) {
  (void)state;
  kd_room_clear(&room);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ordinary),       cmocka_unit_test(wild),
      cmocka_unit_test(vague_inputs),   cmocka_unit_test(far_away),
      cmocka_unit_test(flat),           cmocka_unit_test(ordinary_on_circle),
      cmocka_unit_test(wild_on_circle), cmocka_unit_test(vague_on_circle),
  };
  return cmocka_run_group_tests(tests, NULL, clear);
}
