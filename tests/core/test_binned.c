/* SPDX-License-Identifier: MIT
 *
 * Sums over equal bins in closed form, against the dense sum, against long double and
 * against ball arithmetic: each within its bounds. What shall not change a bit, does not.
 */
#include "core/binned/binned.h"

#include "core/stage.h"
#include "drawn.h"
#include "precise.h"
#include "tests/oracle.h"

static const char *const RULES[] = {"midpoint", "trapezoid", "simpson"};

/* A problem with its positions from the centre and their errors, and an answer by one path */
struct case_ {
  struct drawn d;
  double *y, *dy, dw;
  struct kd_grid grid;
};

struct found {
  bool done;
  struct kd_objective o;
  double *G, *log_m;
};

static struct case_ case_of(struct drawn d, const char *rule, size_t bins) {
  struct case_ c = {.d = d, .y = malloc(d.p.n * sizeof(double))};
  double w = (d.p.upper - d.p.lower) / 2, centre = (d.p.lower + d.p.upper) / 2;
  c.dy = calloc(d.p.n, sizeof *c.dy);
  c.d.p.rule = kd_rule_find(rule), c.d.p.bins = bins;
  c.grid = kd_rule_grid(c.d.p.rule, w, bins);
  for (size_t j = 0; j < d.p.n; j++) c.y[j] = d.x[j] - centre;
  return c;
}

static struct case_ random_case(uint64_t seed) {
  uint64_t i = 9000;
  double u = uniform(seed, &i, 0, 1);
  return case_of(random_problem(seed), RULES[seed % 3], 1 + (size_t)(400 * u * u));
}

static void drop_case(struct case_ *c) {
  drop(&c->d);
  free(c->y), free(c->dy);
}

static void forget_found(struct found *f) {
  free(f->G), free(f->log_m);
}

static struct found found_for(size_t n) {
  return (struct found){.G = malloc(n * sizeof(double)), .log_m = malloc(n * sizeof(double))};
}

static struct found by_bins(const struct case_ *c) {
  struct found f = found_for(c->d.p.n);
  struct kd_positions at = {.n = c->d.p.n, .y = c->y, .dy = c->dy};
  struct kd_points points = {c->d.p.n, &at, c->d.z, c->d.p.h, c->dw};
  struct kd_err err;
  kd_room_points_moved(&room);
  assert_int_equal(
      kd_binned_laplace(&points, &c->grid, &room, &f.done, &f.o, f.G, f.log_m, &err), KD_OK);
  return f;
}

static struct found by_pairs(const struct case_ *c) {
  size_t n = c->d.p.n;
  struct found f = found_for(n);
  struct kd_estimate e = {.kernel = c->d.p.kernel,
                          .h = c->d.p.h,
                          .w = (c->d.p.upper - c->d.p.lower) / 2,
                          .dw = c->dw};
  struct kd_nodes nodes = {0};
  struct kd_rule_args args = {c->d.p.bins, 1, 1};
  struct kd_err err;
  double *scratch = malloc(n * KD_OBJECTIVE_SCRATCH * sizeof *scratch);
  assert_int_equal(kd_estimate_points(&e, n, c->y, c->dy, c->d.z, &err), KD_OK);
  assert_int_equal(kd_rule_place(c->d.p.rule, &e, &args, &nodes, &err), KD_OK);
  f.o = kd_objective(&e, &nodes, f.G, f.log_m, scratch);
  f.done = true;
  kd_estimate_clear(&e), kd_nodes_clear(&nodes);
  free(scratch);
  return f;
}

/* What serves small cells: sums over a table of ratios */
static struct found by_table(const struct case_ *c) {
  struct found f = found_for(c->d.p.n);
  struct kd_stage s = {0};
  struct kd_err err;
  assert_int_equal(kd_stage_set(&s, &c->d.p, 0, 0, &err), KD_OK);
  assert_int_equal(kd_stage_place(&s, &c->d.p, &err), KD_OK);
  assert_int_equal(kd_ratios_fill(&s.ratios, &s.estimate, &s.nodes, true, &err), KD_OK);
  f.done = kd_ratios_objective(&s.ratios, &s.estimate, f.G, &f.o);
  kd_stage_clear(&s);
  return f;
}

static double largest_S(const struct drawn *d) {
  double top = -INFINITY, sum = 0;
  for (size_t j = 0; j < d->p.n; j++) top = fmax(top, d->z[j]);
  for (size_t j = 0; j < d->p.n; j++) sum += exp(d->z[j] - top);
  return 1 / sum;
}

/* --- against the dense sum --- */

static void within_both_bounds(const struct case_ *c, const struct found *a,
                               const struct found *b) {
  const struct kd_problem *p = &c->d.p;
  must_be_close(a->o.loss, b->o.loss, a->o.loss_bound + b->o.loss_bound, p);
  for (size_t i = 0; i < p->n; i++) {
    must_be_close(a->G[i], b->G[i], a->o.gradient_bound + b->o.gradient_bound, p);
    if (b->log_m[i] > -690) must_be_close(a->log_m[i], b->log_m[i], 1e-9, p);
  }
}

static void as_the_dense_sum(void **state) {
  (void)state;
  size_t done = 0, all = tries(6000);
  for (uint64_t seed = 0; seed < all; seed++) {
    struct case_ c = random_case(seed);
    struct found a = by_bins(&c), b = by_pairs(&c);
    bool ordinary = seed % 3 != 0 && c.grid.end < 1000 * c.d.p.h;
    must(a.done || !ordinary, &c.d.p);
    done += a.done;
    if (a.done) within_both_bounds(&c, &a, &b);
    forget_found(&a), forget_found(&b);
    drop_case(&c);
  }
  print_message("%zu of %zu problems in closed form\n", done, all);
  assert_true(done > 0.95 * (double)all);
}

/* More in a gap than a byte counts, in one place and in many; nearly all outside */
static void crowds(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 6; seed++) {
    uint64_t i = 0;
    struct drawn d = problem(3000, 0.1 + (double)seed, -1, 1);
    for (size_t j = 0; j < d.p.n; j++) {
      double u = uniform(seed, &i, -1, 1);
      d.x[j] = seed < 2 ? 0.3 : seed < 4 ? 0.3 + 0.01 * u : 40 * u;
      d.z[j] = uniform(seed, &i, -5, 5);
    }
    struct case_ c = case_of(d, RULES[seed % 3], 2 + (size_t)seed);
    struct found a = by_bins(&c), b = by_pairs(&c);
    assert_true(a.done);
    assert_close(a.o.loss, b.o.loss, a.o.loss_bound + b.o.loss_bound);
    for (size_t j = 0; j < d.p.n; j++)
      assert_close(a.G[j], b.G[j], a.o.gradient_bound + b.o.gradient_bound);
    forget_found(&a), forget_found(&b);
    drop_case(&c);
  }
}

/* --- against long double --- */

/* Loss and G with positions and nodes off by all that their errors allow */
static void precise_sum(const struct case_ *c, uint64_t seed, long double *loss,
                        long double *G) {
  uint64_t i = 5000;
  size_t n = c->d.p.n, last = c->grid.n - 1;
  long double y[MAX_POINTS], log_S[MAX_POINTS], term[MAX_POINTS], top = -INFINITY, sum = 0;
  long double h = c->d.p.h, w = (c->d.p.upper - c->d.p.lower) / 2;
  w += uniform(seed, &i, 0, 1) < 0.5 ? -c->dw : c->dw;
  for (size_t j = 0; j < n; j++) {
    y[j] = c->y[j] + (long double)(uniform(seed, &i, 0, 1) < 0.5 ? -c->dy[j] : c->dy[j]);
    top = fmaxl(top, c->d.z[j]);
  }
  for (size_t j = 0; j < n; j++) sum += expl(c->d.z[j] - top);
  for (size_t j = 0; j < n; j++) log_S[j] = c->d.z[j] - top - logl(sum);
  for (size_t j = 0; j < n; j++) G[j] = expl(log_S[j]);
  *loss = logl(2 * h);
  bool open = c->d.p.rule->even->open;
  for (size_t m = 0; m <= last; m++) {
    const struct kd_even *even = c->d.p.rule->even;
    long double steps = open ? (long double)c->grid.n : (long double)last;
    long double v = (2 * (long double)m - (long double)last) * w / steps, most = -INFINITY;
    bool third = even->inner[0] < 1;
    long double weight = third ? (m % 2                 ? 4.0L
                                  : m == 0 || m == last ? 1.0L
                                                        : 2.0L) /
                                     3
                         : m == 0 || m == last ? (long double)even->outer
                                               : 1;
    weight /= steps;
    for (size_t j = 0; j < n; j++) {
      term[j] = log_S[j] - fabsl(v - y[j]) / h;
      most = fmaxl(most, term[j]);
    }
    sum = 0;
    for (size_t j = 0; j < n; j++) sum += term[j] = expl(term[j] - most);
    *loss -= weight * (most + logl(sum));
    for (size_t j = 0; j < n; j++) G[j] -= weight * term[j] / sum;
  }
}

static void within_bounds_of_the_truth(void **state) {
  (void)state;
  size_t useful = 0, done = 0;
  double worst_G = 0, worst_L = 0;
  if (!precise_enough()) return;
  for (uint64_t seed = 0; seed < tries(3000); seed++) {
    struct case_ c = random_case(seed);
    uint64_t i = 8000;
    /* Exact, off by roundings, off by so much that nothing else matters */
    double off = seed % 4 == 1 ? 0x1p-51 : seed % 4 == 3 ? 1e-9 : 0;
    c.dw = off * c.grid.end * (seed % 8 < 4);
    for (size_t j = 0; off > 0 && j < c.d.p.n; j++)
      c.dy[j] = off * fabs(c.y[j]) * uniform(seed, &i, 0, 1);
    struct found a = by_bins(&c);
    long double loss, G[MAX_POINTS];
    if (a.done) {
      precise_sum(&c, seed, &loss, G);
      double noise = 0x1p-60 * (1 + 2 * c.grid.end / c.d.p.h), error = 0;
      for (size_t j = 0; j < c.d.p.n; j++) error = fmax(error, fabs((double)(a.G[j] - G[j])));
      double of_loss = fabs((double)(a.o.loss - loss));
      must(error <= a.o.gradient_bound + noise, &c.d.p);
      must(of_loss <= a.o.loss_bound + noise * fmax(1, fabs(a.o.loss)), &c.d.p);
      worst_G = fmax(worst_G, (error - noise) / a.o.gradient_bound);
      worst_L = fmax(worst_L, of_loss / a.o.loss_bound);
      bool ordinary = c.grid.end < 100 * c.d.p.h && seed % 3 != 0 && off < 1e-9;
      done += ordinary;
      useful += ordinary && a.o.gradient_bound <= 1e-12 * fmax(largest_S(&c.d), 1e-3) &&
                a.o.loss_bound <= 1e-12 * fmax(1, fabs(a.o.loss));
    }
    forget_found(&a);
    drop_case(&c);
  }
  print_message("error over bound at most %.2g (G), %.2g (L); %zu of %zu below 1e-12\n",
                worst_G, worst_L, useful, done);
  assert_true(useful > 0.99 * (double)done && done > 0);
}

/* --- against ball arithmetic, as cells --- */

static void within_bounds_of_the_oracle(void **state) {
  (void)state;
  if (!oracle_available()) skip();
  for (uint64_t seed = 1; seed < tries(24); seed += 3) {
    uint64_t i = 0;
    double w = uniform(seed, &i, 0.1, 2), c = uniform(seed, &i, -2, 2);
    struct drawn d = problem(24, w * exp(uniform(seed, &i, -3, 3)), c - w, c + w);
    for (size_t j = 0; j < d.p.n; j++)
      d.x[j] = c + uniform(seed, &i, -2, 2), d.z[j] = uniform(seed, &i, -4, 4);
    d.p.rule = kd_rule_find(RULES[seed % 9 / 3]), d.p.bins = 700 + seed;
    d.p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT;
    struct answer a = answer_to(&d.p);
    struct oracle_bounds bounds = {a.r.loss_bound, a.r.gradient_bound, 0, 0};
    assert_true(kd_stage_binned(&d.p, d.p.rule));
    assert_true(oracle_encloses(&d.p, &a.r, a.G, bounds));
    must(a.r.gradient_bound < 1e-12 && a.r.loss_bound < 1e-12 * fmax(1, fabs(a.r.loss)), &d.p);
    drop(&d);
  }
}

/* --- identities --- */

static bool same_numbers(size_t n, const double *a, const double *b) {
  for (size_t i = 0; i < n; i++)
    if (!same_bits(a[i], b[i])) return false;
  return true;
}

/* Points outside T, moved inwards at one speed; logits raised. All dyadic */
static void dyadic_moves_leave_G(void **state) {
  (void)state;
  size_t done = 0;
  for (uint64_t seed = 0; seed < tries(600); seed++) {
    struct case_ c = case_of(dyadic_problem(seed, 30, true), RULES[seed % 3], 1 + seed % 300);
    struct found a = by_bins(&c), b, raised;
    double step = 1.0 / 64;
    for (size_t j = 0; j < c.d.p.n; j++) c.y[j] += c.y[j] > 0 ? -step : step;
    b = by_bins(&c);
    for (size_t j = 0; j < c.d.p.n; j++) c.d.z[j] += 3.25;
    raised = by_bins(&c);
    if (a.done) {
      done++;
      must(same_numbers(c.d.p.n, a.G, b.G), &c.d.p);
      must(same_numbers(c.d.p.n, b.G, raised.G), &c.d.p);
      must(same_bits(b.o.loss, raised.o.loss), &c.d.p);
      must_be_close(a.o.loss - b.o.loss, step / c.d.p.h, a.o.loss_bound + b.o.loss_bound,
                    &c.d.p);
    }
    forget_found(&a), forget_found(&b), forget_found(&raised);
    drop_case(&c);
  }
  assert_true(done > 0);
}

static void reflect_and_permute(struct case_ *c, bool reflect) {
  size_t n = c->d.p.n;
  for (size_t j = 0; reflect && j < n; j++) c->y[j] = -c->y[j];
  for (size_t j = 0; !reflect && j < n / 2; j++) {
    double y = c->y[j], z = c->d.z[j];
    c->y[j] = c->y[n - 1 - j], c->d.z[j] = c->d.z[n - 1 - j];
    c->y[n - 1 - j] = y, c->d.z[n - 1 - j] = z;
  }
}

static void reflected_and_permuted(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < tries(600); seed++) {
    struct case_ c = random_case(seed);
    bool reflect = seed % 2;
    size_t n = c.d.p.n;
    struct found a = by_bins(&c);
    reflect_and_permute(&c, reflect);
    struct found b = by_bins(&c);
    must(a.done == b.done, &c.d.p);
    for (size_t i = 0; a.done && i < n; i++)
      must_be_close(a.G[i], b.G[reflect ? i : n - 1 - i],
                    a.o.gradient_bound + b.o.gradient_bound, &c.d.p);
    if (a.done) must_be_close(a.o.loss, b.o.loss, a.o.loss_bound + b.o.loss_bound, &c.d.p);
    forget_found(&a), forget_found(&b);
    drop_case(&c);
  }
}

/* --- as a path of the program --- */

static void for_a_cell(size_t n, size_t bins, double h, double spread, bool *binned,
                       bool *pairs) {
  struct drawn d = problem(n, h, -1, 1);
  for (size_t j = 0; j < n; j++) {
    d.x[j] = -3 + 6 * fmod(0.6180339887498949 * (double)j, 1);
    d.z[j] = spread * sin((double)j);
  }
  struct case_ c = case_of(d, "midpoint", bins);
  struct found a = by_bins(&c), b = by_pairs(&c), t = by_table(&c);
  struct answer r = answer_to(&c.d.p);
  *binned = a.done && same_numbers(n, a.G, r.G) && same_bits(a.o.loss, r.r.loss);
  *pairs = same_numbers(n, b.G, r.G) && same_bits(b.o.loss, r.r.loss);
  if (t.done) *pairs = same_numbers(n, t.G, r.G) && same_bits(t.o.loss, r.r.loss);
  forget_found(&a), forget_found(&b), forget_found(&t);
  drop_case(&c);
}

/* By its size, and where numbers leave the range of doubles the dense sum serves */
static void the_cell_alone_decides(void **state) {
  (void)state;
  bool binned, pairs;
  for_a_cell(64, 256, 1, 1, &binned, &pairs);
  assert_true(pairs && !binned);
  for_a_cell(64, 257, 1, 1, &binned, &pairs);
  assert_true(binned && !pairs);
  for_a_cell(64, 400, 0.01, 1, &binned, &pairs);
  assert_true(binned && !pairs);
  for_a_cell(64, 400, 0.0099, 1, &binned, &pairs); /* nodes in between */
  assert_true(binned && !pairs);
  for_a_cell(64, 400, 1e-5, 1, &binned, &pairs);
  assert_true(pairs && !binned);
  for_a_cell(64, 2000, 0.002, 5000, &binned, &pairs);
  assert_true(pairs && !binned);
}

/* Weights below e^-600 that no bin needs are left out. */
static void tiny_weights_do_not_matter(void **state) {
  (void)state;
  bool binned, pairs;
  for_a_cell(64, 300, 1, 700, &binned, &pairs);
  assert_true(binned && !pairs);
}

/* Steps by hand, each gradient by pairs */
static void descents_step_by_step(void **state) {
  (void)state;
  enum { N = 40, STEPS = 25 };
  struct drawn d = problem(N, 0.3, -1, 1);
  for (size_t j = 0; j < N; j++)
    d.x[j] = -2 + 4 * fmod(0.6180339887498949 * (double)j, 1), d.z[j] = sin((double)j);
  struct case_ c = case_of(d, "trapezoid", 450);
  c.d.p.descent = kd_descent_find("gd"), c.d.p.rate = 0.7, c.d.p.steps = STEPS;
  c.d.p.record = KD_RECORD_TRAJECTORY;
  struct answer a = answer_to(&c.d.p);
  assert_int_equal(a.r.steps_taken, STEPS);
  for (size_t s = 0; s <= STEPS; s++) {
    struct found f = by_pairs(&c);
    double norm = 0;
    for (size_t j = 0; j < N; j++) norm += f.G[j] * f.G[j];
    must_be_close(a.loss[s], f.o.loss, 1e-13, &c.d.p);
    must_be_close(a.norm[s], sqrt(norm), 1e-14, &c.d.p);
    for (size_t j = 0; j < N; j++) c.d.z[j] -= 0.7 * f.G[j];
    forget_found(&f);
  }
  drop_case(&c);
}

static int clean_up(void **state) {
  (void)state;
  kd_room_clear(&room);
  kd_certify_cleanup();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_the_dense_sum),
      cmocka_unit_test(crowds),
      cmocka_unit_test(within_bounds_of_the_truth),
      cmocka_unit_test(within_bounds_of_the_oracle),
      cmocka_unit_test(dyadic_moves_leave_G),
      cmocka_unit_test(reflected_and_permuted),
      cmocka_unit_test(the_cell_alone_decides),
      cmocka_unit_test(tiny_weights_do_not_matter),
      cmocka_unit_test(descents_step_by_step),
  };
  return cmocka_run_group_tests(tests, NULL, clean_up);
}
