/* SPDX-License-Identifier: MIT
 *
 * Laplace in closed form against rule `best` on random problems, against closed forms,
 * against windowed sums at a million points, and its identities, most of them to
 * the bit. A failing random problem prints itself as a config. (Stored numbers of 20
 * digits: test_reference.c.)
 */
#include "drawn.h"

#include "core/objective.h"
#include "core/rule.h"

static const double LOSS_TOLERANCE = 2e-14;     /* of max(1, |L|) */
static const double GRADIENT_TOLERANCE = 1e-14; /* of max S */

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
    struct kd_objective best = kd_objective(&a.e, &nodes, G, NULL, scratch);
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
  const double far[] = {2, 1023, 1048575, 0x1p41 - 0.5, 0x1p48};
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
      struct kd_objective best = kd_objective(&a.e, &nodes, G, NULL, scratch);
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
    assert_true(fabs(a.G[some[k]] - G) <= a.gradient_bound);
  }
  assert_true(a.gradient_bound <= 1e-13 * top && a.loss_bound <= 1e-13);
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
  kd_room_clear(&room);
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
