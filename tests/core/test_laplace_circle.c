/* SPDX-License-Identifier: MIT
 *
 * The Laplace kernel on the circle in closed form: against rule `best` on random
 * problems with antipodal pairs, tied points and points on edges, against closed forms,
 * and its identities. (Stored numbers of 20 digits: test_reference.c. Its bounds:
 * test_laplace_bounds.c.)
 */
#include "drawn.h"

#include "core/objective.h"
#include "core/rule.h"

static void against_best(void **state) {
  (void)state;
  struct kd_nodes nodes = {0};
  struct kd_err err;
  double G[MAX_POINTS], scratch[KD_OBJECTIVE_SCRATCH * MAX_POINTS];
  for (uint64_t seed = 0; seed < tries(600); seed++) {
    struct drawn d = circle_problem(seed, 1e-3, 1e3, seed % 3 ? 10 : 700);
    struct exact a = exact(&d);
    a.e.log_mass = kd_circle_log_mass(d.p.kernel, d.p.h, 0, &a.e.log_mass_error);
    assert_int_equal(kd_rule_place(d.p.rule, &a.e, &(struct kd_rule_args){0}, &nodes, &err),
                     KD_OK);
    struct kd_objective best = kd_objective(&a.e, &nodes, G, NULL, scratch);
    must_be_close(a.loss, best.loss, 2e-14 * fmax(1, fabs(best.loss)), &d.p);
    /* best's nodes and cuts are rounded, which moves rho where h is small */
    double tolerance = 1e-14 * largest_weight(&a) + 0x1p-52 * a.e.w / d.p.h;
    for (size_t i = 0; i < d.p.n; i++) must_be_close(a.G[i], G[i], tolerance, &d.p);
    forget(&a), drop(&d);
  }
  kd_nodes_clear(&nodes);
}

/* --- closed forms --- */

static double log_norm(double h) {
  return log(2 * h) + log(-expm1(-KD_PI_HIGH / h));
}

/* One point, wherever it is: G = 0; over the whole circle L = log norm + pi/2h. */
static void one_point(void **state) {
  (void)state;
  const double at[] = {0, 0.25, -3, KD_PI_HIGH, -KD_PI_HIGH, 100, 1e-20};
  for (size_t k = 0; k < sizeof at / sizeof *at; k++)
    for (double h = 1e-20; h < 2e20; h *= 10) {
      struct drawn d = on_circle(1, h, 0, KD_PI_HIGH);
      d.x[0] = at[k], d.z[0] = 5;
      struct exact a = exact(&d);
      double L = log_norm(h) + KD_PI_HIGH / 2 / h;
      must_be_close(a.loss, L, 4e-15 * fmax(2 * fabs(log(h)), fabs(L)), &d.p);
      must(a.G[0] == 0, &d.p);
      forget(&a), drop(&d);
    }
}

/* A regular polygon of points of one weight, T the whole circle or an n-th of it that
 * begins anywhere: G = 0 over the whole circle. */
static void polygon(void **state) {
  (void)state;
  for (size_t n = 2; n <= 40; n++)
    for (double h = 1e-3; h < 2e3; h *= 10) {
      struct drawn d = on_circle(n, h, 0.3, KD_PI_HIGH);
      for (size_t j = 0; j < n; j++) d.x[j] = 2 * KD_PI_HIGH * (double)j / (double)n;
      struct exact a = exact(&d);
      d.p.lower = 1, d.p.upper = 1 + 2 * KD_PI_HIGH / (double)n;
      struct exact b = exact(&d);
      double edges = 4e-15 / h; /* positions and edges are rounded */
      for (size_t j = 0; j < n; j++) must_be_close(a.G[j], 0, 1e-15 + edges, &d.p);
      must_be_close(b.loss, a.loss, 1e-14 * fmax(1, fabs(a.loss)) + edges, &d.p);
      forget(&a), forget(&b), drop(&d);
    }
}

/* Far from antipodes the circle is a line: points and T within a quarter of it */
static void like_the_line(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < tries(300); seed++) {
    uint64_t i = 3000;
    struct drawn d = on_circle(1 + seed % 20, exp(uniform(seed, &i, -6, 6)), 0, 0.75);
    for (size_t j = 0; j < d.p.n; j++) {
      d.x[j] = uniform(seed, &i, -0.75, 0.75);
      d.z[j] = uniform(seed, &i, -10, 10);
    }
    struct exact a = exact(&d);
    d.p.space = KD_SPACE_LINE;
    struct exact b = exact(&d);
    double L = b.loss + log(-expm1(-KD_PI_HIGH / d.p.h));
    must_be_close(a.loss, L, a.loss_bound + b.loss_bound, &d.p);
    for (size_t j = 0; j < d.p.n; j++)
      must_be_close(a.G[j], b.G[j], a.gradient_bound + b.gradient_bound, &d.p);
    forget(&a), forget(&b), drop(&d);
  }
}

/* --- identities --- */

typedef void (*identity)(const struct drawn *, const struct exact *);

static void for_all(identity test) {
  for (uint64_t seed = 0; seed < tries(600); seed++) {
    struct drawn d = circle_problem(seed, 1e-6, 1e6, seed % 3 ? 10 : 700);
    struct exact a = exact(&d);
    must(isfinite(a.loss) && isfinite(a.loss_bound) && isfinite(a.gradient_bound), &d.p);
    test(&d, &a);
    forget(&a), drop(&d);
  }
}

static void sums_to_zero(const struct drawn *d, const struct exact *a) {
  must(sum_error(a) <= 4e-15, &d->p);
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
  for (size_t j = 0; j < d->p.n; j++) m.z[j] = floor(d->z[j]);
  struct exact before = exact(&m);
  for (size_t j = 0; j < d->p.n; j++) m.z[j] += 137.25;
  struct exact b = exact(&m);
  (void)a;
  must(same_bits(before.loss, b.loss), &d->p);
  for (size_t i = 0; i < d->p.n; i++) must(same_bits(before.G[i], b.G[i]), &d->p);
  forget(&before), forget(&b), drop(&m);
}

/* Some points a turn further: the same but for what their positions are rounded by */
static void turned(const struct drawn *d, const struct exact *a) {
  double y[MAX_POINTS], dy[MAX_POINTS], c = (d->p.lower + d->p.upper) / 2;
  for (size_t j = 0; j < d->p.n; j++) {
    double turns = (double)(j % 5) - 2, x = d->x[j] - c + turns * 2 * KD_PI_HIGH;
    dy[j] = 4 * KD_U * (fabs(x) + 4); /* 2 pi is rounded too */
    y[j] = kd_circle_reduced(x);
  }
  struct exact b = exact_of(d, y, dy, 0);
  must_be_close(b.loss, a->loss, a->loss_bound + b.loss_bound, &d->p);
  for (size_t i = 0; i < d->p.n; i++)
    must_be_close(b.G[i], a->G[i], a->gradient_bound + b.gradient_bound, &d->p);
  forget(&b);
}

/* Every point taken twice, half the weight each: same loss, halved gradient */
static void split(const struct drawn *d, const struct exact *a) {
  size_t n = d->p.n;
  struct drawn m = problem(2 * n, d->p.h, d->p.lower, d->p.upper);
  m.p.space = d->p.space;
  for (size_t j = 0; j < 2 * n; j++) m.x[j] = d->x[j % n], m.z[j] = d->z[j % n];
  struct exact b = exact(&m);
  must_be_close(b.loss, a->loss, a->loss_bound + b.loss_bound, &d->p);
  for (size_t i = 0; i < n; i++) {
    must_be_close(b.G[i], a->G[i] / 2, a->gradient_bound + b.gradient_bound, &d->p);
    must(same_bits(b.G[i], b.G[n + i]), &d->p);
  }
  forget(&b), drop(&m);
}

/* T in two: L and G are the means of those of its parts. */
static void cut(const struct drawn *d, const struct exact *a) {
  struct drawn m = copy(d);
  double middle = (d->p.lower + d->p.upper) / 2 + (d->p.upper - d->p.lower) / 6;
  double dw = 4 * KD_U * (fabs(middle) + d->p.upper - d->p.lower), y[MAX_POINTS],
         dy[MAX_POINTS];
  double loss = 0, G[MAX_POINTS] = {0}, off[2] = {a->loss_bound, a->gradient_bound};
  for (int part = 0; part < 2; part++) {
    m.p.lower = part ? middle : d->p.lower, m.p.upper = part ? d->p.upper : middle;
    double c = (m.p.lower + m.p.upper) / 2, share = part ? 1.0 / 3 : 2.0 / 3;
    for (size_t j = 0; j < d->p.n; j++) {
      y[j] = kd_circle_reduced(d->x[j] - c);
      dy[j] = 4 * KD_U * (fabs(d->x[j]) + fabs(c) + 4);
    }
    struct exact b = exact_of(&m, y, dy, dw);
    loss += share * b.loss, off[0] += b.loss_bound, off[1] += b.gradient_bound;
    for (size_t j = 0; j < d->p.n; j++) G[j] += share * b.G[j];
    forget(&b);
  }
  must_be_close(loss, a->loss, off[0], &d->p);
  for (size_t j = 0; j < d->p.n; j++) must_be_close(G[j], a->G[j], off[1], &d->p);
  drop(&m);
}

#define OVER_ALL(test)                                                                         \
  static void test##_all(void **state) {                                                       \
    (void)state, for_all(test);                                                                \
  }
OVER_ALL(sums_to_zero)
OVER_ALL(reversed)
OVER_ALL(reflected)
OVER_ALL(raised)
OVER_ALL(turned)
OVER_ALL(split)
OVER_ALL(cut)

/* Many points: sum of G is 0, the bounds stay where they are, and the same points split
 * in two halves of the weight do not know it. */
static void a_crowd(void **state) {
  (void)state;
  size_t n = getenv("KDEGRAD_TRIES") ? 1 << 10 : 1 << 17;
  for (double h = 1e-5; h < 2e5; h *= 1e5) {
    struct drawn d = on_circle(n, h, 0.25, 2);
    for (size_t j = 0; j < n; j++) {
      d.x[j] = 2 * KD_PI_HIGH * kd_random_uniform(7, KD_STREAM_POINTS, j);
      d.z[j] = sin(3 * d.x[j]);
    }
    struct exact a = exact(&d);
    assert_true(sum_error(&a) <= 4e-15);
    assert_true(a.gradient_bound <= 2e-13 * largest_weight(&a));
    assert_true(a.loss_bound <= 2e-13 * fmax(1, a.loss));
    forget(&a), drop(&d);
  }
}

static int clear(void **state) {
  (void)state;
  kd_room_clear(&room);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(against_best),     cmocka_unit_test(one_point),
      cmocka_unit_test(polygon),          cmocka_unit_test(like_the_line),
      cmocka_unit_test(sums_to_zero_all), cmocka_unit_test(reversed_all),
      cmocka_unit_test(reflected_all),    cmocka_unit_test(raised_all),
      cmocka_unit_test(turned_all),       cmocka_unit_test(split_all),
      cmocka_unit_test(cut_all),          cmocka_unit_test(a_crowd),
  };
  return cmocka_run_group_tests(tests, NULL, clear);
}
