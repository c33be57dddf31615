/* SPDX-License-Identifier: MIT
 *
 * kd_laplace_exact against rule `best` on random problems, against closed forms,
 * against windowed sums at a million points, and its identities, most of them to
 * the bit. A failing random problem prints itself as a config. (Stored numbers of 20
 * digits: test_reference.c.)
 */
#include "core/laplace.h"
#include "reproduce.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/num.h"
#include "core/objective.h"
#include "core/random.h"
#include "core/rule.h"

static const double LOSS_TOLERANCE = 2e-14;     /* of max(1, |L|) */
static const double GRADIENT_TOLERANCE = 1e-14; /* of max S */

/* Problems a family; KDEGRAD_TRIES in the environment scales it. */
static uint64_t tries(uint64_t usual) {
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
  double loss, *G;
};

static struct drawn problem(size_t n, double h, double lower, double upper) {
  struct drawn d = {.x = malloc(n * sizeof(double)), .z = calloc(n, sizeof(double))};
  assert_true(d.x && d.z);
  d.p = layout_problem("laplace", 0);
  d.p.h = h, d.p.lower = lower, d.p.upper = upper, d.p.n = n, d.p.x = d.x, d.p.z = d.z;
  return d;
}

static struct drawn copy(const struct drawn *d) {
  struct drawn c = problem(d->p.n, d->p.h, d->p.lower, d->p.upper);
  memcpy(c.x, d->x, d->p.n * sizeof *c.x);
  memcpy(c.z, d->z, d->p.n * sizeof *c.z);
  return c;
}

static void drop(struct drawn *d) {
  free(d->x), free(d->z);
}

static void forget(struct exact *a) {
  kd_estimate_clear(&a->e);
  free(a->G);
}

/* One room for all: large problems leave nothing behind that small ones see. */
static struct kd_laplace room;

static struct exact exact(const struct drawn *d) {
  struct exact a = {.e = {.kernel = d->p.kernel, .h = d->p.h}};
  struct kd_err err;
  double c = (d->p.lower + d->p.upper) / 2, *y = malloc(d->p.n * sizeof *y);
  a.G = malloc(d->p.n * sizeof *a.G);
  a.e.w = (d->p.upper - d->p.lower) / 2;
  assert_true(y && a.G);
  for (size_t j = 0; j < d->p.n; j++) y[j] = d->x[j] - c;
  assert_int_equal(kd_estimate_points(&a.e, d->p.n, y, NULL, d->z, &err), KD_OK);
  assert_int_equal(kd_laplace_exact(&a.e, &room, &a.loss, a.G, &err), KD_OK);
  free(y);
  return a;
}

static double largest_weight(const struct exact *a) {
  return largest(a->e.n, a->e.S);
}

/* sum_j S_j - 1: the estimate's own rounding of its weights, not judged here */
static double excess(const struct exact *a) {
  struct kd_sum sum = {-1, 0};
  for (size_t j = 0; j < a->e.n; j++) kd_sum_add(&sum, a->e.S[j]);
  return kd_sum_value(&sum);
}

/* sum_i G_i is that excess, or 0 where G comes from differences. */
static double sum_error(const struct exact *a) {
  struct kd_sum sum = {0};
  for (size_t i = 0; i < a->e.n; i++) kd_sum_add(&sum, a->G[i]);
  return fmin(fabs(kd_sum_value(&sum)), fabs(kd_sum_value(&sum) - excess(a)));
}

/* --- random problems --- */

static double uniform(uint64_t seed, uint64_t *i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, (*i)++);
}

/* Inside, outside, on an edge, at the centre, tied with an earlier point */
static double random_place(const struct drawn *d, uint64_t seed, uint64_t *i, size_t j) {
  double a = d->p.lower, b = d->p.upper, span = b - a;
  double kind = uniform(seed, i, 0, 10), u = uniform(seed, i, 0, 1);
  if (kind < 4) return a + span * u;
  if (kind < 7) return a + span * (4 * u - 1.5);
  if (kind < 8) return u < 0.5 ? a : b;
  if (kind < 8.5) return (a + b) / 2;
  return j ? d->x[(size_t)(u * (double)j)] : a + 20 * span * u;
}

static struct drawn random_problem(uint64_t seed) {
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

static void against_best(void **state) {
  (void)state;
  struct kd_nodes nodes = {0};
  struct kd_err err;
  double G[MAX_POINTS], scratch[KD_OBJECTIVE_SCRATCH * MAX_POINTS];
  for (uint64_t seed = 0; seed < tries(1500); seed++) {
    struct drawn d = random_problem(seed);
    struct exact a = exact(&d);
    assert_int_equal(kd_rule_place(d.p.rule, &a.e, &(struct kd_rule_args){0}, &nodes, &err),
                     KD_OK);
    struct kd_objective best = kd_objective(&a.e, &nodes, G, scratch);
    must_be_close(a.loss, best.loss, LOSS_TOLERANCE * fmax(1, fabs(best.loss)), &d.p);
    /* best's nodes are rounded, which moves rho where h is small */
    double tolerance = GRADIENT_TOLERANCE * largest_weight(&a) + 0x1p-53 * a.e.w / d.p.h;
    for (size_t i = 0; i < d.p.n; i++) must_be_close(a.G[i], G[i], tolerance, &d.p);
    forget(&a), drop(&d);
  }
  kd_nodes_clear(&nodes);
}

/* |x - x_j| - |x - x_i| without forming the distances */
static double further(double x, double xj, double xi) {
  if (x >= xj) return x >= xi ? xi - xj : (x - xj) - (xi - x);
  return x >= xi ? (xj - x) - (x - xi) : xj - xi;
}

/* Adds S_i sum_j S_j (K_j - K_i)/f times weight to G_i; to size_i the same without
 * signs: what a rounding is measured by. */
static void flat_bin(const struct kd_estimate *e, double x, double weight, struct kd_sum *G,
                     double *size) {
  for (size_t i = 0; i < e->n; i++) {
    struct kd_sum over = {0};
    double f = 0, terms = 0;
    for (size_t j = 0; j < e->n; j++) {
      double ratio = expm1(-further(x, e->y[j], e->y[i]) / e->h);
      kd_sum_add(&over, e->S[j] * ratio);
      terms += fabs(e->S[j] * ratio);
      f += e->S[j] * (1 + ratio);
    }
    kd_sum_add(&G[e->index[i]], weight * e->S[i] * kd_sum_value(&over) / f);
    size[e->index[i]] += weight * e->S[i] * terms / f;
  }
}

static int rising(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Gauss between the points; outside all of them nothing depends on x. */
static void flat_reference(const struct kd_estimate *e, double *G, double *size) {
  struct kd_sum sum[MAX_POINTS] = {{0}};
  double cut[MAX_POINTS + 2] = {-e->w, e->w}, node[10], gauss[10];
  size_t n = 2;
  kd_gauss_legendre(10, node, gauss);
  memset(size, 0, e->n * sizeof *size);
  for (size_t j = 0; j < e->n; j++)
    if (fabs(e->y[j]) < e->w) cut[n++] = e->y[j];
  qsort(cut, n, sizeof *cut, rising);
  for (size_t k = 1; k < n; k++) {
    double half = (cut[k] - cut[k - 1]) / 2;
    for (size_t m = 0; m < 10; m++)
      flat_bin(e, cut[k - 1] + half * (1 + node[m]), half / (2 * e->w) * gauss[m], sum, size);
  }
  for (size_t i = 0; i < e->n; i++) G[i] = kd_sum_value(&sum[i]);
}

/* Points within h/4 of each other: G is small, for h >> span minute, and keeps its
 * own digits. */
static void flat_keeps_digits(void **state) {
  (void)state;
  double G[MAX_POINTS], size[MAX_POINTS];
  for (uint64_t seed = 0; seed < tries(600); seed++) {
    struct drawn d = random_problem(3 * seed + 1); /* logits +-10 */
    uint64_t i = 1000;
    double least = INFINITY, most = -INFINITY;
    for (size_t j = 0; j < d.p.n; j++) least = fmin(least, d.x[j]), most = fmax(most, d.x[j]);
    d.p.h = fmax(d.p.h, exp(uniform(seed, &i, 1.4, 30)) * (most - least));
    struct exact a = exact(&d);
    flat_reference(&a.e, G, size);
    for (size_t k = 0; k < d.p.n; k++)
      must_be_close(a.G[k], G[k], 2e-15 * largest(d.p.n, size), &d.p);
    forget(&a), drop(&d);
  }
}

/* --- closed forms --- */

/* One point: G = 0, L = log 2h + mean |x - x_1|/h. */
static void one_point(void **state) {
  (void)state;
  const double at[] = {0, 0.25, 0.5, -0.5, 3, -1e6, 1e9};
  for (size_t k = 0; k < sizeof at / sizeof *at; k++)
    for (double h = 1e-6; h < 2e6; h *= 10) {
      struct drawn d = problem(1, h, -0.5, 0.5);
      double r = fabs(at[k]), mean = r >= 0.5 ? r : r * r + 0.25;
      d.x[0] = at[k], d.z[0] = 5;
      struct exact a = exact(&d);
      double L = log(2 * h) + mean / h;
      must_be_close(a.loss, L, 1e-15 * fmax(log(2e6), fabs(L)), &d.p);
      must(a.G[0] == 0, &d.p);
      forget(&a), drop(&d);
    }
}

/* Two points outside T on two sides, far away: only mu = log of their parts at the
 * centre matters; mean rho_1 = log((1 + e^{mu+tau})/(1 + e^{mu-tau}))/(2 tau). The
 * edges are not dyadic: distances from them must not matter. */
static void two_sides(void **state) {
  (void)state;
  const double far[] = {2, 1023, 1048575, 0x1p41 - 0.5};
  for (size_t k = 0; k < sizeof far / sizeof *far; k++)
    for (double mu = -3; mu <= 3; mu += 0.5) {
      struct drawn d = problem(2, 0.6, -0.3, 0.3);
      d.x[0] = -far[k], d.x[1] = far[k] + 1.25, d.z[0] = mu - 1.25 / 0.6;
      struct exact a = exact(&d);
      double left = (log1p(exp(mu + 1)) - log1p(exp(mu - 1))) / 2;
      double S = 1 / (1 + exp(1.25 / 0.6 - mu));
      must_be_close(a.G[0], S - left, 1e-15, &d.p);
      must_be_close(a.G[1], left - S, 1e-15, &d.p);
      forget(&a), drop(&d);
    }
}

/* The loss of one stretch where both sides matter, either side of every change of
 * formula: tau = 2^-11, 2^-5, 1, and mu = tau */
static void one_stretch(void **state) {
  (void)state;
  struct kd_nodes nodes = {0};
  struct kd_err err;
  double G[2], scratch[2 * KD_OBJECTIVE_SCRATCH];
  const double tau[] = {0x1p-12, 0x1p-11, 0x1p-10, 0.03, 0x1p-5, 0.04, 0.5, 1, 1.01, 2, 4, 20};
  for (size_t k = 0; k < sizeof tau / sizeof *tau; k++)
    for (double mu = -1.5; mu <= 1.5; mu += 0.125) {
      struct drawn d = problem(2, 1, -tau[k] / 2, tau[k] / 2);
      d.x[0] = -12, d.x[1] = 12, d.z[0] = mu * fmax(1, tau[k]);
      struct exact a = exact(&d);
      assert_int_equal(kd_rule_place(d.p.rule, &a.e, &(struct kd_rule_args){0}, &nodes, &err),
                       KD_OK);
      struct kd_objective best = kd_objective(&a.e, &nodes, G, scratch);
      must_be_close(a.loss, best.loss, 5e-16 * fabs(best.loss), &d.p);
      forget(&a), drop(&d);
    }
  kd_nodes_clear(&nodes);
}

/* Inside T, gaps of 1000 bandwidths and more: every bin goes to the strongest point,
 * tied points share in proportion to S, and each place v where two points are
 * equally strong adds 2 h pi^2/12 to the integral of log f. */
static void wide_gaps(void **state) {
  (void)state;
  const double pi2_6 = 1.6449340668482264;
  const double x[] = {-2, -2, 0, 3}, odds[] = {1, 3, 2, 2};
  for (double h = 1e-3; h > 1e-7; h /= 4) {
    struct drawn d = problem(4, h, -4, 4);
    for (size_t j = 0; j < 4; j++) d.x[j] = x[j], d.z[j] = log(odds[j]);
    double v = -1 + h / 2 * log(4.0 / 2), v2 = 1.5;
    double share[] = {(v + 4) / 32, (v + 4) * 3 / 32, (v2 - v) / 8, (4 - v2) / 8};
    double distances = (4 + (v + 2) * (v + 2) + v * v + 2 * v2 * v2 + 1) / 2;
    double weights = log(0.5) * (v + 4) + log(0.25) * (4 - v);
    double L = log(2 * h) + (distances / h - weights - 2 * h * pi2_6 / 2) / 8;
    struct exact a = exact(&d);
    must_be_close(a.loss, L, 1e-15 * fabs(L), &d.p);
    for (size_t j = 0; j < 4; j++) must_be_close(a.G[j], odds[j] / 8 - share[j], 1e-15, &d.p);
    forget(&a), drop(&d);
  }
}

/* Logits 10^6 apart, and distances that make up for it: at the centre the first two
 * are equally strong, the third is hidden behind the first. */
static void enormous_ratios(void **state) {
  (void)state;
  for (double scale = 16; scale <= 1048576; scale *= 16) {
    struct drawn d = problem(3, 1, -8, 8);
    d.x[0] = -8 - scale, d.x[1] = 8, d.x[2] = -16 - 4 * scale;
    d.z[0] = scale / 4, d.z[1] = -0.75 * scale, d.z[2] = 0;
    double S = 1 / (1 + exp(-scale) + exp(-scale / 4));
    struct exact a = exact(&d);
    must_be_close(a.G[0], S - 0.5, 1e-16 * scale, &d.p);
    must_be_close(a.G[1], S * exp(-scale) - 0.5, 1e-16 * scale, &d.p);
    must_be_close(a.G[2], S * exp(-scale / 4), 1e-16 * scale, &d.p);
    forget(&a), drop(&d);
  }
}

/* --- identities --- */

/* A multiple of 1/64 */
static double dyadic(uint64_t seed, uint64_t *i, double low, double high) {
  return floor(uniform(seed, i, low, high) * 64) / 64;
}

static struct drawn dyadic_problem(uint64_t seed, size_t n_most, bool outside) {
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

typedef void (*identity)(const struct drawn *, const struct exact *);

static void for_all(identity test, bool outside) {
  for (uint64_t seed = 0; seed < tries(1000); seed++) {
    struct drawn d = dyadic_problem(seed, seed % 100 ? 20 : 10000, outside);
    struct exact a = exact(&d);
    must(isfinite(a.loss), &d.p);
    test(&d, &a);
    forget(&a), drop(&d);
  }
}

static void sums_to_zero(const struct drawn *d, const struct exact *a) {
  must(sum_error(a) <= 2e-15, &d->p);
}

static void shifted(const struct drawn *d, const struct exact *a) {
  struct drawn m = copy(d);
  double c = (d->p.lower + d->p.upper) / 2, edge = fabs(a->e.y[0]) - a->e.w;
  double steps[] = {edge, floor(edge * 32) / 64, -20, -800, -8000, -1048576};
  for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
    m.p.shift = steps[k];
    for (size_t j = 0; j < d->p.n; j++) m.x[j] = d->x[j] + (d->x[j] < c ? 1 : -1) * steps[k];
    struct exact b = exact(&m);
    double L = a->loss - steps[k] / d->p.h;
    must_be_close(b.loss, L, 6e-16 * fmax(fabs(a->loss), fabs(L)), &m.p); /* 3 ulp */
    for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &m.p);
    forget(&b);
  }
  drop(&m);
}

static void reversed(const struct drawn *d, const struct exact *a) {
  struct drawn m = copy(d);
  size_t n = d->p.n;
  for (size_t j = 0; j < n; j++) m.x[j] = d->x[n - 1 - j], m.z[j] = d->z[n - 1 - j];
  struct exact b = exact(&m);
  must(same_bits(a->loss, b.loss), &d->p);
  for (size_t i = 0; i < n; i++) must(same_bits(a->G[i], b.G[n - 1 - i]), &d->p);
  forget(&b), drop(&m);
}

static void reflected(const struct drawn *d, const struct exact *a) {
  struct drawn m = copy(d);
  m.p.lower = -d->p.upper, m.p.upper = -d->p.lower;
  for (size_t j = 0; j < d->p.n; j++) m.x[j] = -d->x[j];
  struct exact b = exact(&m);
  must(same_bits(a->loss, b.loss), &d->p);
  for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &d->p);
  forget(&b), drop(&m);
}

static void raised(const struct drawn *d, const struct exact *a) {
  struct drawn m = copy(d);
  for (size_t j = 0; j < d->p.n; j++) m.z[j] += 137.25;
  struct exact b = exact(&m);
  must(same_bits(a->loss, b.loss), &d->p);
  for (size_t i = 0; i < d->p.n; i++) must(same_bits(a->G[i], b.G[i]), &d->p);
  forget(&b), drop(&m);
}

/* Every point taken twice, half the weight each: same loss, halved gradient */
static void split(const struct drawn *d, const struct exact *a) {
  size_t n = d->p.n;
  struct drawn m = problem(2 * n, d->p.h, d->p.lower, d->p.upper);
  for (size_t j = 0; j < 2 * n; j++) m.x[j] = d->x[j % n], m.z[j] = d->z[j % n];
  struct exact b = exact(&m);
  double L = a->loss + excess(a) - excess(&b);
  double weights = fabs(excess(a)) + fabs(excess(&b));
  must_be_close(b.loss, L, 2e-15 * fmax(1, fabs(L)), &d->p);
  for (size_t i = 0; i < n; i++) {
    must_be_close(b.G[i], a->G[i] / 2, (2e-15 + weights) * largest_weight(a), &d->p);
    must(same_bits(b.G[i], b.G[n + i]), &d->p);
  }
  forget(&b), drop(&m);
}

#define OVER_ALL(test, outside)                                                                \
  static void test##_all(void **state) {                                                       \
    (void)state, for_all(test, outside);                                                       \
  }
OVER_ALL(sums_to_zero, false)
OVER_ALL(shifted, true)
OVER_ALL(reversed, false)
OVER_ALL(reflected, false)
OVER_ALL(raised, false)
OVER_ALL(split, false)

/* --- a million points --- */

/* Rising positions in T of width 1 about 0, equal weights but a wave, h: mean rho_i
 * from the points within 80 h. P_k = sum_{j<=k} S_j e^{(y_j - y_i)/h} and Q_k from
 * the right are prefix sums without a recursion; short stretches only. */
struct window {
  size_t first, last; /* knots */
  double *P, *Q;
};

static double window_rho(const struct drawn *d, const double *S, size_t i, struct window *t) {
  double h = d->p.h, node[6], gauss[6];
  const double *y = d->x;
  struct kd_sum sum = {0};
  kd_gauss_legendre(6, node, gauss);
  for (t->first = i; t->first > 0 && y[i] - y[t->first] < 80 * h;) t->first--;
  for (t->last = i; t->last + 1 < d->p.n && y[t->last] - y[i] < 80 * h;) t->last++;
  for (size_t k = t->first; k <= t->last; k++) {
    kd_sum_add(&sum, S[k] * exp((y[k] - y[i]) / h));
    t->P[k] = kd_sum_value(&sum);
  }
  sum = (struct kd_sum){0};
  for (size_t k = t->last + 1; k-- > t->first;) {
    kd_sum_add(&sum, S[k] * exp((y[i] - y[k]) / h));
    t->Q[k] = kd_sum_value(&sum);
  }
  sum = (struct kd_sum){0};
  for (size_t k = t->first; k <= t->last + 1; k++) {
    bool left = k > t->first, right = k <= t->last;
    double a = left ? y[k - 1] : d->p.lower, b = right ? y[k] : d->p.upper;
    if ((!left && t->first > 0) || (!right && t->last + 1 < d->p.n)) continue;
    for (size_t m = 0; m < 6; m++) {
      double v = (a - y[i]) + (b - a) / 2 * (1 + node[m]);
      double f = (left ? t->P[k - 1] * exp(-v / h) : 0) + (right ? t->Q[k] * exp(v / h) : 0);
      kd_sum_add(&sum, (b - a) / 2 * gauss[m] * exp(-fabs(v) / h) / f);
    }
  }
  return S[i] * kd_sum_value(&sum) / (d->p.upper - d->p.lower);
}

/* Evenly spaced, a recursion that rounds its decay errs alike n times. */
static struct drawn crowd(size_t n, double h, bool even) {
  struct drawn d = problem(n, h, -0.5, 0.5);
  for (size_t j = 0; j < n; j++) {
    double u = even ? 0.5 : kd_random_uniform(7, KD_STREAM_POINTS, j);
    d.x[j] = ((double)j + u) / (double)n - 0.5;
    d.z[j] = sin(20 * d.x[j]) + 0.3 * kd_random_uniform(7, KD_STREAM_LOGITS, j);
  }
  return d;
}

static void crowd_of(size_t n, double h, bool even) {
  struct drawn d = crowd(n, h, even);
  struct exact a = exact(&d);
  double *S = malloc(n * sizeof *S), top = largest_weight(&a);
  struct window t = {0, 0, malloc(n * sizeof(double)), malloc(n * sizeof(double))};
  assert_true(S && t.P && t.Q);
  for (size_t j = 0; j < n; j++) S[a.e.index[j]] = a.e.S[j];
  const size_t some[] = {0, n / 7};
  for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
    double G = S[some[k]] - window_rho(&d, S, some[k], &t);
    assert_close(a.G[some[k]] / top, G / top, 2e-15 + fabs(excess(&a)));
  }
  assert_close(sum_error(&a), 0, 2e-15);
  free(S), free(t.P), free(t.Q);
  forget(&a), drop(&d);
}

static void a_million_points(void **state) {
  (void)state;
  size_t n = getenv("KDEGRAD_TRIES") ? 1 << 14 : 1 << 20;
  crowd_of(n, 10 / (double)n, false);
  crowd_of(n, 0.2, true);
}

static int clear(void **state) {
  (void)state;
  kd_laplace_clear(&room);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(against_best),    cmocka_unit_test(flat_keeps_digits),
      cmocka_unit_test(one_point),       cmocka_unit_test(two_sides),
      cmocka_unit_test(one_stretch),     cmocka_unit_test(wide_gaps),
      cmocka_unit_test(enormous_ratios), cmocka_unit_test(sums_to_zero_all),
      cmocka_unit_test(shifted_all),     cmocka_unit_test(reversed_all),
      cmocka_unit_test(reflected_all),   cmocka_unit_test(raised_all),
      cmocka_unit_test(split_all),       cmocka_unit_test(a_million_points),
  };
  return cmocka_run_group_tests(tests, NULL, clear);
}
