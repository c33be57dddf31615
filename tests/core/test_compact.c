/* SPDX-License-Identifier: MIT
 *
 * Closed forms of the uniform, triangular and Epanechnikov kernels (compact.h) against
 * references in long double and against rule `best`, their bounds, identities to the bit,
 * large numbers of points. A failing random problem prints itself as a config.
 */
#include "pieces.h"
#include "reproduce.h"

#include <stdio.h>
#include <time.h>

#include "core/exact/compact.h"
#include "core/exact/compact_zones.h"
#include "core/exact/exact.h"
#include "core/num.h"
#include "core/objective.h"
#include "core/random.h"
#include "core/rule.h"

static const char *const kernels[] = {"uniform", "triangular", "epanechnikov"};
enum { N_KERNELS = 3, MOST = 40 };

/* Whether long double is finer than double: not under valgrind */
static bool fine(void) {
  volatile long double one = 1;
  return one + 0x1p-60L != one;
}

static uint64_t tries(uint64_t usual) {
  const char *text = getenv("KDEGRAD_TRIES");
  return text ? 1 + usual * strtoull(text, NULL, 10) / 200 : usual;
}

/* --- problems --- */

struct drawn {
  struct kd_problem p;
  double *x, *z;
};

static struct drawn problem(const char *kernel, size_t n, double h, double w) {
  struct drawn d = {.x = malloc(n * sizeof(double)), .z = calloc(n, sizeof(double))};
  assert_true(d.x && d.z);
  d.p = layout_problem(kernel, 0);
  d.p.h = h, d.p.lower = -w, d.p.upper = w, d.p.n = n, d.p.x = d.x, d.p.z = d.z;
  return d;
}

static struct drawn copy(const struct drawn *d) {
  struct drawn c = problem(d->p.kernel->name, d->p.n, d->p.h, d->p.upper);
  c.p = d->p, c.p.x = c.x, c.p.z = c.z;
  memcpy(c.x, d->x, d->p.n * sizeof *c.x);
  memcpy(c.z, d->z, d->p.n * sizeof *c.z);
  return c;
}

static void drop(struct drawn *d) {
  free(d->x), free(d->z);
}

/* One room for all: large problems leave nothing behind that small ones see. */
static struct kd_room room;

struct solved {
  struct kd_estimate e;
  struct kd_objective out;
  double *G;
};

static struct solved placed(const struct drawn *d, const double *dy, double dw) {
  struct kd_err err;
  struct solved a = {.e = {.kernel = d->p.kernel, .h = d->p.h, .dw = dw}};
  double c = (d->p.lower + d->p.upper) / 2, *y = malloc(d->p.n * sizeof *y);
  a.G = malloc(d->p.n * sizeof *a.G);
  a.e.w = (d->p.upper - d->p.lower) / 2;
  assert_true(y && a.G);
  for (size_t j = 0; j < d->p.n; j++) y[j] = d->x[j] - c;
  assert_int_equal(kd_estimate_points(&a.e, d->p.n, y, dy, d->z, &err), KD_OK);
  free(y);
  return a;
}

/* dy: NULL if positions are exact */
static struct solved solve(const struct drawn *d, const double *dy, double dw) {
  struct kd_err err;
  struct solved a = placed(d, dy, dw);
  assert_int_equal(d->p.kernel->exact(&a.e, &room, &a.out, a.G, NULL, &err), KD_OK);
  return a;
}

/* As many points are, though there are few */
static struct solved solve_by_zones(const struct drawn *d, int kernel, bool *done) {
  static const double factor[] = {0.5, 1, 0.75};
  struct kd_err err;
  struct solved a = placed(d, NULL, 0);
  assert_int_equal(kd_compact_zones(&a.e, (size_t)kernel, factor[kernel], &room.zones, done,
                                    &a.out, a.G, NULL, &err),
                   KD_OK);
  return a;
}

static void forget(struct solved *a) {
  kd_estimate_clear(&a->e);
  free(a->G);
}

static double largest_weight(const struct solved *a) {
  return largest(a->e.n, a->e.S);
}

static double uniform(uint64_t seed, uint64_t *i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, (*i)++);
}

/* Inside T, in reach of it, on an edge, with an end on an edge or inside, tied with an
 * earlier point, with a support that touches an earlier one's, at the centre */
static double random_place(const struct drawn *d, uint64_t seed, uint64_t *i, size_t j) {
  double w = d->p.upper, h = d->p.h, kind = uniform(seed, i, 0, 12);
  double u = uniform(seed, i, -1, 1), side = u < 0 ? -1 : 1;
  size_t other = j ? (size_t)(fabs(u) * (double)j) : 0;
  if (kind < 4) return w * u;
  if (kind < 6) return (w + h) * u;
  if (kind < 6.5) return side * w;
  if (kind < 7.5) return side * (w + (kind < 7 ? h : -h));
  if (kind < 8.5) return side * h + w * uniform(seed, i, -1, 1);
  if (kind < 9) return 0;
  if (kind < 10.5) return j ? d->x[other] : u;
  return j ? d->x[other] + side * 2 * h : w * u;
}

/* Rising, as the reference wants them */
static void sort(struct drawn *d) {
  for (size_t j = 1; j < d->p.n; j++)
    for (size_t k = j; k > 0 && d->x[k - 1] > d->x[k]; k--) {
      double x = d->x[k], z = d->z[k];
      d->x[k] = d->x[k - 1], d->z[k] = d->z[k - 1];
      d->x[k - 1] = x, d->z[k - 1] = z;
    }
}

/* Ordinary: all of T is covered, h between 0.02 and 10 spans, logits within +-10 */
static struct drawn random_problem(const char *kernel, uint64_t seed, bool ordinary) {
  uint64_t i = 0;
  double w = exp(uniform(seed, &i, -2, 2)), many = uniform(seed, &i, 0, 1);
  double log_h = ordinary ? uniform(seed, &i, log(0.02), log(10))
                          : uniform(seed, &i, log(1e-3), seed % 3 ? log(30) : log(1e6));
  double h = 2 * w * exp(log_h), spread = ordinary || seed % 4 ? 10 : 700;
  size_t n = 1 + (size_t)(MOST * many * many);
  bool dyadic = seed % 5 == 0;
  if (dyadic) w = 1, h = ldexp(1, (int)rint(log_h / log(2)));
  size_t cover = ordinary ? (size_t)ceil(2 * w / (1.2 * h)) + 1 : 0;
  if (n < cover) n = cover;
  struct drawn d = problem(kernel, n, h, w);
  for (size_t j = 0; j < n; j++) {
    double u = uniform(seed, &i, -1, 1), place = ordinary ? (w + h) * u : 0;
    if (j < cover)
      place = h * (1.2 * (double)j + 0.3 * u) - w;
    else if (!ordinary)
      place = random_place(&d, seed, &i, j);
    d.x[j] = place;
    if (dyadic) d.x[j] = rint(d.x[j] * 64 / fmin(1, h)) / 64 * fmin(1, h);
    d.z[j] = uniform(seed, &i, -spread, spread);
    if (spread > 10 && seed % 8 == 0) d.z[j] = j ? -699 + d.z[j] / 700 : 700;
    if (j && uniform(seed, &i, 0, 1) < 0.1) d.z[j] = d.z[j - 1];
  }
  sort(&d);
  return d;
}

static struct pieces reference(const struct drawn *d) {
  struct pieces p = {.kernel = d->p.kernel->name,
                     .n = d->p.n,
                     .y = d->x,
                     .z = d->z,
                     .h = d->p.h,
                     .w = d->p.upper};
  pieces_solve(&p);
  return p;
}

static void discard(struct pieces *p) {
  free(p->G), free(p->S);
}

/* --- values and bounds --- */

struct tally {
  double gradient, loss;             /* worst error, of max S and max(1, |L|) */
  double gradient_share, loss_share; /* of the bound */
  double gradient_bound, loss_bound; /* widest, likewise */
  int problems, useful, undecided, gaps;
};

static double error_of(const struct solved *a, const struct pieces *p) {
  double most = 0;
  for (size_t j = 0; j < p->n; j++) most = fmax(most, (double)fabsl(a->G[j] - p->G[j]));
  return most;
}

/* The truth is within the bounds. */
static void judge(const struct drawn *d, const struct solved *a, const struct pieces *p,
                  struct tally *t) {
  double S = largest_weight(a), size = fmax(1, fabs((double)p->loss));
  double off = error_of(a, p), bound = a->out.gradient_bound;
  must(off <= bound, &d->p);
  must(fabs((double)(a->out.uncovered - p->uncovered)) <= 2 * bound + 4 * KD_U, &d->p);
  t->gradient = fmax(t->gradient, off / S);
  t->gradient_share = fmax(t->gradient_share, off / bound);
  t->gradient_bound = fmax(t->gradient_bound, bound / S);
  t->problems++;
  t->undecided += isinf(a->out.loss_bound);
  t->gaps += a->out.uncovered > 0;
  t->useful += bound <= 1e-12 * S && a->out.loss_bound <= 1e-12 * size;
  if (isinf(a->out.loss_bound)) return;
  must(isinf(a->out.loss) == isinf((double)p->loss), &d->p);
  if (isinf(a->out.loss)) return;
  off = fabs((double)(a->out.loss - p->loss));
  must(off <= a->out.loss_bound, &d->p);
  t->loss = fmax(t->loss, off / size);
  t->loss_share = fmax(t->loss_share, off / a->out.loss_bound);
  t->loss_bound = fmax(t->loss_bound, a->out.loss_bound / size);
}

static void report(const char *kernel, const char *what, const struct tally *t) {
  print_message("%s, %s: %d problems (%d with gaps, %d undecided), worst error of G %.2g, of L "
                "%.2g; widest bound %.2g, %.2g; worst error over bound %.2g, %.2g; useful %d\n",
                kernel, what, t->problems, t->gaps, t->undecided, t->gradient, t->loss,
                t->gradient_bound, t->loss_bound, t->gradient_share, t->loss_share, t->useful);
}

/* All kinds of layouts, exact positions: rounding and weights alone */
static void against_reference(void **state) {
  (void)state;
  if (!fine()) return;
  for (int k = 0; k < N_KERNELS; k++) {
    struct tally t = {0};
    for (uint64_t seed = 0; seed < tries(400); seed++) {
      struct drawn d = random_problem(kernels[k], seed, false);
      struct solved a = solve(&d, NULL, 0);
      struct pieces p = reference(&d);
      judge(&d, &a, &p, &t);
      discard(&p), forget(&a), drop(&d);
    }
    report(kernels[k], "any", &t);
  }
}

/* The same by zones, where they serve, to smaller bounds or about the same. */
static void zones_against_reference(void **state) {
  (void)state;
  if (!fine()) return;
  for (int k = 0; k < N_KERNELS; k++) {
    struct tally t = {0};
    double widest = 0;
    for (uint64_t seed = 0; seed < tries(800); seed++) {
      struct drawn d = random_problem(kernels[k], seed, seed % 2);
      bool done;
      struct solved a = solve_by_zones(&d, k, &done);
      if (done) {
        struct solved other = solve(&d, NULL, 0);
        struct pieces p = reference(&d);
        judge(&d, &a, &p, &t);
        widest = fmax(widest, a.out.gradient_bound / other.out.gradient_bound);
        must(a.out.loss_bound <= other.out.loss_bound, &d.p);
        discard(&p), forget(&other);
      }
      forget(&a), drop(&d);
    }
    report(kernels[k], "by zones", &t);
    print_message("bounds of G at most %.2g of the other form's\n", widest);
    assert_true(t.problems > 400 && t.useful == t.problems && widest <= 1);
  }
}

/* Positions that may be wrong, gaps, weights too light */
static void zones_refuse(void **state) {
  (void)state;
  for (int k = 0; k < N_KERNELS; k++)
    for (int what = 0; what < 4; what++) {
      struct drawn d = problem(kernels[k], 9, 0.75, 1);
      double dy[9] = {0}, G[9], dw = what == 1 ? 1e-18 : 0;
      struct kd_objective o;
      struct kd_err err;
      bool done;
      for (int j = 0; j < 9; j++) d.x[j] = 0.25 * (j - 4);
      if (what == 0) dy[3] = 1e-18;
      if (what == 2) d.z[3] = -300;
      if (what == 3) d.p.h = 0.0625;
      struct solved a = placed(&d, dy, dw);
      assert_int_equal(
          kd_compact_zones(&a.e, (size_t)k, 1, &room.zones, &done, &o, G, NULL, &err), KD_OK);
      assert_false(done);
      forget(&a), drop(&d);
    }
}

/* The same problem with positions and T's half-width wrong by up to `blur`, some of them
 * all to one side; dy: their true errors, or more */
static struct drawn blurred(const struct drawn *d, uint64_t seed, double blur, double *dy,
                            double *dw) {
  struct drawn b = copy(d);
  uint64_t i = 5000;
  for (size_t j = 0; j < d->p.n; j++) {
    double u = seed % 3 ? uniform(seed, &i, -1.5, 1.5) : 1, by = blur * fmax(-1, fmin(1, u));
    b.x[j] = fabs(u) > 0.2 ? d->x[j] + by : d->x[j]; /* some exactly as wrong as can be */
    dy[j] = fabs(b.x[j] - d->x[j]) * (seed % 2 ? 1 + KD_U : uniform(seed, &i, 1.1, 3));
  }
  b.p.upper =
      seed % 4 < 2 ? d->p.upper * (1 + uniform(seed, &i, -0.5, 0.5) * blur) : d->p.upper;
  b.p.lower = -b.p.upper;
  *dw = fabs(b.p.upper - d->p.upper);
  return b;
}

static void wrong_positions(void **state) {
  (void)state;
  if (!fine()) return;
  for (int k = 0; k < N_KERNELS; k++) {
    struct tally t = {0};
    for (uint64_t seed = 0; seed < tries(500); seed++) {
      struct drawn d = random_problem(kernels[k], seed, seed % 2 == 0);
      uint64_t i = 6000;
      double dy[2 * MOST + 100], dw, w = d.p.upper;
      double blur = w * exp(uniform(seed, &i, log(1e-17), log(0.05)));
      struct drawn b = blurred(&d, seed, blur, dy, &dw);
      struct solved a = solve(&b, dy, dw);
      struct pieces p = reference(&d);
      judge(&d, &a, &p, &t);
      discard(&p), forget(&a), drop(&d), drop(&b);
    }
    report(kernels[k], "wrong positions", &t);
  }
}

/* One point covers T, the supports of thirty others begin in it, all of them further right
 * than is known: errors that add up */
static void one_sided(void **state) {
  (void)state;
  if (!fine()) return;
  for (int k = 0; k < N_KERNELS; k++) {
    struct tally t = {0};
    for (double blur = 1e-12; blur < 1e-2; blur *= 10) {
      struct drawn d = problem(kernels[k], 31, 2.5, 1);
      double dy[31] = {0};
      for (int j = 0; j < 30; j++) d.x[j] = -2.5 + (j - 14.5) / 16, dy[j] = blur;
      d.x[30] = 0, d.z[30] = 3;
      struct drawn known = copy(&d);
      for (int j = 0; j < 30; j++) known.x[j] -= 0.999 * blur;
      struct solved a = solve(&known, dy, 0);
      struct pieces p = reference(&d);
      judge(&d, &a, &p, &t);
      discard(&p), forget(&a), drop(&d), drop(&known);
    }
    report(kernels[k], "one-sided", &t);
  }
}

/* Positions with an error of some roundings */
static void useful(void **state) {
  (void)state;
  if (!fine()) return;
  for (int k = 0; k < N_KERNELS; k++) {
    struct tally t = {0};
    for (uint64_t seed = 0; seed < tries(600); seed++) {
      struct drawn d = random_problem(kernels[k], seed, true);
      double dy[2 * MOST + 100], dw;
      struct drawn b = blurred(&d, seed, KD_U * fmax(d.p.h, d.p.upper), dy, &dw);
      struct solved a = solve(&b, dy, dw);
      struct pieces p = reference(&d);
      judge(&d, &a, &p, &t);
      discard(&p), forget(&a), drop(&d), drop(&b);
    }
    report(kernels[k], "ordinary", &t);
    assert_true(t.useful >= 0.99 * t.problems);
  }
}

/* Its nodes are rounded and kept from the ends of supports by an ulp or two. Logits within
 * +-10: it does not see where the only heavy point's support ends. */
static void against_best(void **state) {
  (void)state;
  struct kd_nodes nodes = {0};
  struct kd_err err;
  double G[12], scratch[KD_OBJECTIVE_SCRATCH * 12];
  int problems[N_KERNELS] = {0};
  for (int k = 0; k < N_KERNELS; k++)
    for (uint64_t seed = 0; seed < tries(900); seed++) {
      if (seed % 4 == 0) continue; /* logits of +-700 */
      struct drawn d = random_problem(kernels[k], seed, seed % 3 == 0);
      if (d.p.n > 12) {
        drop(&d);
        continue;
      }
      problems[k]++;
      struct solved a = solve(&d, NULL, 0);
      assert_int_equal(kd_rule_place(d.p.rule, &a.e, &(struct kd_rule_args){0}, &nodes, &err),
                       KD_OK);
      struct kd_objective best = kd_objective(&a.e, &nodes, G, NULL, scratch);
      double ulps = 0x1p-49 * (1 + d.p.h / d.p.upper);
      double tolerance = 2e-14 * largest_weight(&a) + ulps * (double)d.p.n;
      must(isinf(a.out.loss) == isinf(best.loss), &d.p);
      must_be_close(a.out.uncovered, best.uncovered, ulps * (double)d.p.n, &d.p);
      if (isfinite(best.loss))
        must_be_close(a.out.loss, best.loss, (2e-14 + ulps) * fmax(1, fabs(best.loss)), &d.p);
      for (size_t j = 0; j < d.p.n; j++) must_be_close(a.G[j], G[j], tolerance, &d.p);
      forget(&a), drop(&d);
    }
  print_message("%d problems and more\n", problems[N_KERNELS - 1]);
  kd_nodes_clear(&nodes);
}

/* --- integrals over one pole --- */

/* N_m in long double: panels of the length of their distance to the pole */
static void wide_pole(double r, wide N[3]) {
  wide node[NODES], weight[NODES], d = (wide)r / (1 - (wide)r);
  wide_gauss(node, weight);
  N[0] = N[1] = N[2] = 0;
  for (wide a = 0, b; a < 1; a = b) {
    b = fminl(1, a + (a + d) / 2);
    for (int k = 0; k < NODES; k++) {
      wide t = a + (b - a) / 2 * (1 + node[k]), part = weight[k] / 2 * (b - a);
      part /= r + (1 - (wide)r) * t;
      N[0] += part * (1 - t) * (1 - t), N[1] += part * 2 * t * (1 - t), N[2] += part * t * t;
    }
  }
}

static void poles(void **state) {
  (void)state;
  if (!fine()) return;
  struct kd_pole_rules rules;
  double worst = 0;
  kd_pole_rules_fill(&rules);
  for (int i = 1; i < 4000; i++) {
    double r = i % 4 == 0 ? exp(-i / 20.0) : i % 4 == 1 ? -expm1(-i / 120.0) : i / 4000.0, N[3];
    if (r == 1) continue;
    wide exact[3];
    kd_pole(&rules, r, N);
    wide_pole(r, exact);
    for (int m = 0; m < 3; m++) worst = fmax(worst, (double)fabsl(N[m] / exact[m] - 1) / KD_U);
  }
  print_message("worst error of an integral over one pole: %.1f KD_U\n", worst);
  assert_true(worst <= 20);
}

/* --- closed forms --- */

/* One point at 0 that covers T = [-w, w]: G = 0, L = log h - mean log k. */
static void one_point(void **state) {
  (void)state;
  const double ratio[] = {1, 0.999, 0.5, 0.125, 1e-3, 1e-6};
  for (size_t i = 0; i < sizeof ratio / sizeof *ratio; i++)
    for (int k = 0; k < N_KERNELS; k++) {
      double u = ratio[i], h = 0.7, L[3];
      struct drawn d = problem(kernels[k], 1, h, u * h);
      d.p.upper = u * h, d.p.lower = -d.p.upper;
      double right = u < 1 ? (1 - u) * log1p(-u) : 0, left = (1 + u) * log1p(u);
      L[0] = log(2 * h);
      L[1] = log(h) + (u + right) / u;
      L[2] = log(h / 0.75) - (left - 2 * u - right) / u;
      d.x[0] = 0, d.z[0] = 3;
      struct solved a = solve(&d, NULL, 0);
      must_be_close(a.out.loss, L[k], 1e-15 + 1e-16 / u, &d.p);
      must(a.G[0] == 0 && a.out.uncovered == 0, &d.p);
      forget(&a), drop(&d);
    }
}

/* Supports that touch within T, and where their ends are no doubles; the sliver between
 * them is no gap. A gap of 8 ulp is one. */
static void touching(void **state) {
  (void)state;
  for (int k = 0; k < N_KERNELS; k++)
    for (int third = 0; third < 3; third++) {
      double h = third ? 1.0 / 3 : 0.5, ulp = third == 2 ? 0x1p-49 : 0;
      struct drawn d = problem(kernels[k], 3, h, 3 * h);
      for (int j = 0; j < 3; j++) d.x[j] = (2 * h + ulp) * (j - 1), d.z[j] = j;
      struct solved a = solve(&d, NULL, 0);
      const double mean[] = {log(2), 1, log(4.0 / 3) + 2 - 2 * log(2)};
      double top = log(1 + exp(-1) + exp(-2)), L = log(h) + mean[k] + 1 + top;
      must(isinf(a.out.loss) == (ulp > 0), &d.p);
      must((a.out.uncovered > 0) == (ulp > 0), &d.p);
      if (!(ulp > 0)) must_be_close(a.out.loss, L, 2e-15 * fabs(L), &d.p);
      for (int j = 0; j < 3; j++)
        must_be_close(a.G[j], exp(j - top - 2) - 1.0 / 3, 1e-15 + ulp, &d.p);
      forget(&a), drop(&d);
    }
}

/* A heavy point leaves light ones behind: S of e^-1400 shares the rest of T by itself. */
static void light_neighbours(void **state) {
  (void)state;
  for (int k = 0; k < N_KERNELS; k++)
    for (double z = 10; z < 1e6; z *= 4) {
      struct drawn d = problem(kernels[k], 4, 1, 2);
      const double x[] = {-1, 0.5, 1.5, 1.5};
      for (int j = 0; j < 4; j++) d.x[j] = x[j], d.z[j] = j == 0 ? z : 0;
      struct drawn alone = problem(kernels[k], 3, 1, 1);
      for (int j = 0; j < 3; j++) alone.x[j] = x[j + 1];
      alone.p.lower = 0, alone.p.upper = 2;
      struct solved a = solve(&d, NULL, 0), b = solve(&alone, NULL, 0);
      /* what the light ones have on the heavy one's ground is e^-z log e^z */
      for (int j = 1; j < 4; j++)
        must_be_close(a.e.S[3] - a.G[j], (b.e.S[2] - b.G[j - 1]) / 2, 1e-15 + 9 * z * exp(-z),
                      &d.p);
      forget(&a), forget(&b), drop(&d), drop(&alone);
    }
}

/* --- identities, to the bit --- */

/* A multiple of 1/64 */
static double dyadic(uint64_t seed, uint64_t *i, double low, double high) {
  return floor(uniform(seed, i, low, high) * 64) / 64;
}

static struct drawn dyadic_problem(const char *kernel, uint64_t seed, size_t n_most) {
  uint64_t i = 0;
  double w = 0.25 + dyadic(seed, &i, 0, 1), c = dyadic(seed, &i, -3, 3);
  size_t n = 1 + (size_t)uniform(seed, &i, 0, (double)n_most);
  double h = seed % 2 ? ldexp(1, (int)uniform(seed, &i, -4, 4)) : exp(uniform(seed, &i, -3, 3));
  struct drawn d = problem(kernel, n, h, w);
  d.p.lower = c - w, d.p.upper = c + w;
  for (size_t j = 0; j < n; j++) {
    d.x[j] = c + dyadic(seed, &i, -w - h, w + h), d.z[j] = dyadic(seed, &i, -4, 4);
    if (seed % 3 == 0 && j % 2) d.x[j] = 2 * c - d.x[j - 1], d.z[j] = d.z[j - 1];
  }
  return d;
}

static void must_be_same(const struct solved *a, const struct solved *b, bool reversed,
                         const struct drawn *d) {
  size_t n = d->p.n;
  must(same_bits(a->out.loss, b->out.loss), &d->p);
  for (size_t i = 0; i < n; i++)
    must(same_bits(a->G[i], b->G[reversed ? n - 1 - i : i]), &d->p);
}

static void identities_of(const struct drawn *d) {
  size_t n = d->p.n;
  struct solved a = solve(d, NULL, 0);
  struct drawn reversed = copy(d), moved = copy(d), mirrored = copy(d), raised = copy(d);
  for (size_t j = 0; j < n; j++) {
    reversed.x[j] = d->x[n - 1 - j], reversed.z[j] = d->z[n - 1 - j];
    moved.x[j] = d->x[j] + 24.5, raised.z[j] = d->z[j] + 137.25, mirrored.x[j] = -d->x[j];
  }
  moved.p.lower += 24.5, moved.p.upper += 24.5;
  mirrored.p.lower = -d->p.upper, mirrored.p.upper = -d->p.lower;
  const struct drawn *all[] = {&reversed, &moved, &mirrored, &raised};
  for (int k = 0; k < 4; k++) {
    struct solved b = solve(all[k], NULL, 0);
    must_be_same(&a, &b, k == 0, d);
    forget(&b);
  }
  struct kd_sum sum = {0};
  for (size_t i = 0; i < n; i++) kd_sum_add(&sum, a.G[i]);
  must(fabs(kd_sum_value(&sum)) <= 1e-15, &d->p);
  forget(&a), drop(&reversed), drop(&moved), drop(&mirrored), drop(&raised);
}

static void identities(void **state) {
  (void)state;
  for (int k = 0; k < N_KERNELS; k++)
    for (uint64_t seed = 0; seed < tries(600); seed++) {
      struct drawn d = dyadic_problem(kernels[k], seed, seed % 100 ? 20 : 5000);
      identities_of(&d);
      drop(&d);
    }
}

/* --- many points --- */

static struct drawn crowd(const char *kernel, size_t n, double h) {
  struct drawn d = problem(kernel, n, h, 0.5);
  for (size_t j = 0; j < n; j++) {
    double u = kd_random_uniform(7, KD_STREAM_POINTS, j);
    d.x[j] = 1.1 * ((double)j + u) / (double)n - 0.55;
    d.z[j] = sin(20 * d.x[j]) + 0.3 * kd_random_uniform(7, KD_STREAM_LOGITS, j);
  }
  return d;
}

static void many_points(void **state) {
  (void)state;
  if (!fine()) return;
  for (int k = 0; k < N_KERNELS; k++) {
    size_t n = getenv("KDEGRAD_TRIES") ? 1 << 12 : k == N_KERNELS - 1 ? 100000 : 30000;
    struct drawn d = crowd(kernels[k], n, 3 / (double)n);
    struct solved a = solve(&d, NULL, 0);
    struct pieces p = reference(&d);
    struct tally t = {0};
    judge(&d, &a, &p, &t);
    report(kernels[k], "many points", &t);
    assert_true(t.gradient <= 1e-14 && t.loss <= 1e-14);
    discard(&p), forget(&a), drop(&d);
  }
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Windows of up to half the points. The sum of all mean rho is known: what it is off by is
 * part of the bound, so that sums which lost a rounding a step would show. */
static void a_million_points(void **state) {
  (void)state;
  const double h[N_KERNELS] = {0.3, 1e-4, 0.01};
  size_t n = getenv("KDEGRAD_TRIES") ? 1 << 12 : 1000000;
  for (int k = 0; k < N_KERNELS; k++) {
    struct drawn d = crowd(kernels[k], n, h[k]);
    double start = seconds();
    struct solved a = solve(&d, NULL, 0);
    double bound = a.out.gradient_bound / largest_weight(&a);
    print_message("%s, %zu points, h = %g: %.2f s; bounds %.2g of max S, %.2g\n", kernels[k], n,
                  d.p.h, seconds() - start, bound, a.out.loss_bound);
    assert_true(bound <= 1e-13 && a.out.loss_bound <= 1e-13);
    forget(&a), drop(&d);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(against_reference), cmocka_unit_test(zones_against_reference),
      cmocka_unit_test(zones_refuse),      cmocka_unit_test(wrong_positions),
      cmocka_unit_test(one_sided),         cmocka_unit_test(useful),
      cmocka_unit_test(against_best),      cmocka_unit_test(poles),
      cmocka_unit_test(one_point),         cmocka_unit_test(touching),
      cmocka_unit_test(light_neighbours),  cmocka_unit_test(identities),
      cmocka_unit_test(many_points),       cmocka_unit_test(a_million_points),
  };
  int code = cmocka_run_group_tests(tests, NULL, NULL);
  kd_room_clear(&room);
  return code;
}
