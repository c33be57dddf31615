/* SPDX-License-Identifier: MIT
 *
 * The oracle against what is known without it: published figures, the table of
 * reference.py, closed forms; and against itself: identities at 30 digits, rules that are
 * sums of others, fewer and more digits.
 */
#include "run/certify.h"

#include "core/random.h"
#include "tests/core/reference.h"
#include "tests/core/reproduce.h"

/* Every one is tried, or some where each takes long (KDEGRAD_TRIES under valgrind). */
static bool tried(size_t i) {
  const char *text = getenv("KDEGRAD_TRIES");
  return !text || strtoul(text, NULL, 10) >= 50 || i % 11 == 0;
}

/* --- decimals as multiples of 10^-scale --- */

__extension__ typedef __int128 fixed;

/* What is beyond the scale is cut off. */
static fixed parse_fixed(const char *text, int scale) {
  const fixed most = (fixed)1000000000000000000 * 1000000000000000000;
  const char *c = text + (*text == '-');
  fixed out = 0;
  int places = 0;
  assert_true_msg(*c, "'%s' is no number", text);
  for (bool point = false; *c && *c != 'e'; c++) {
    assert_true_msg((*c >= '0' && *c <= '9') || *c == '.', "'%s' is no number", text);
    if (*c == '.')
      point = true;
    else if (out < most)
      out = out * 10 + (*c - '0'), places += point;
    else
      places -= !point;
  }
  int k = scale - places + (*c == 'e' ? atoi(c + 1) : 0);
  for (; k > 0 && out; k--) {
    assert_true_msg(out < most, "'%s' is too large for the scale", text);
    out *= 10;
  }
  for (; k < 0 && out; k++) out /= 10;
  return *text == '-' ? -out : out;
}

/* |a - b| <= units 10^-scale, and one for what was cut off */
static bool agree(const char *a, const char *b, int scale, int units) {
  fixed difference = parse_fixed(a, scale) - parse_fixed(b, scale);
  return difference <= units + 1 && -difference <= units + 1;
}

#define must_agree(a, b, scale, units, problem)                                                \
  do {                                                                                         \
    const char *a_ = (a), *b_ = (b);                                                           \
    if (!agree(a_, b_, scale, units)) {                                                        \
      print_config(problem);                                                                   \
      fail_msg("%s = %s is not %s", #a, a_, b_);                                               \
    }                                                                                          \
  } while (0)

/* --- certificates as values --- */

struct certified {
  struct kd_certificate c; /* scalars; the arrays are the copies below */
  struct kd_enclosure G[MAX_POINTS], change[MAX_POINTS];
};

static struct certified certified(const struct kd_problem *p, int digits) {
  static struct certified out;
  struct kd_err err;
  if (kd_certify(p, digits, true, &out.c, &err)) {
    print_config(p);
    fail_msg("%s", err.text);
  }
  memcpy(out.G, out.c.gradient, p->n * sizeof *out.G);
  memcpy(out.change, out.c.difference, p->n * sizeof *out.change);
  free(out.c.gradient), free(out.c.difference);
  return out;
}

static void refused(const struct kd_problem *p, int digits, const char *text) {
  struct kd_certificate c;
  struct kd_err err;
  assert_int_equal(kd_certify(p, digits, true, &c, &err), KD_USAGE);
  if (!strstr(err.text, text)) fail_msg("'%s' instead of '%s'", err.text, text);
  kd_certificate_clear(&c);
}

/* One and the same number, said twice at 30 digits */
static void must_be_same(const struct certified *a, const struct certified *b,
                         const struct kd_problem *p) {
  must_agree(a->c.loss.text, b->c.loss.text, 28, 2, p);
  for (size_t i = 0; i < p->n; i++) must_agree(a->G[i].text, b->G[i].text, 30, 2, p);
}

/* --- against others --- */

static void published_figures(void **state) {
  (void)state;
  static const struct {
    const char *kernel;
    double shape, d, defect, digit;
  } row[] = {{"laplace", 0, 1.26, 2.4999e-5, 6e-10}, {"laplace", 0, 1.3, 6.2456e-4, 6e-9},
             {"laplace", 0, 1.5, 1.5379e-2, 6e-7},   {"laplace", 0, 1.75, 5.869e-2, 6e-6},
             {"gaussian", 0, 1.25, 0.245076, 6e-7},  {"cauchy", 0, 1.25, 0.0441034, 6e-8},
             {"logistic", 0, 1.25, 0.0785824, 6e-8}, {"sech", 0, 1.25, 0.0525082, 6e-8},
             {"exppow", 0.5, 1.25, 0.0445238, 6e-8}, {"exppow", 0.9, 1.25, 0.0198763, 6e-8},
             {"exppow", 1.1, 1.25, 0.0253088, 6e-8}, {"exppow", 2, 1.25, 0.190547, 6e-7},
             {"exppow", 0.1, 1.25, 0.0123, 6e-5},    {"exppow", 20, 1.25, 0.0432, 6e-5}};
  static const double G[] = {-0.0711528, -0.236255, 0.181137, 0.12627};
  struct kd_problem p = layout_problem("laplace", 0);
  struct certified c = certified(&p, 30);
  assert_close(c.c.loss.middle, 3.386641921, 6e-10);
  for (int i = 0; i < 4; i++) assert_close(c.G[i].middle, G[i], i ? 6e-7 : 6e-8);
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    p = layout_problem(row[k].kernel, row[k].shape);
    p.shift = row[k].d;
    c = certified(&p, 20);
    assert_close(c.c.defect.middle, row[k].defect, row[k].digit);
  }
}

static void reference_table(void **state) {
  (void)state;
  static struct reference t;
  FILE *file = reference_open("tests/core/reference.tsv");
  int rows = 0;
  for (; reference_next(file, false, &t); rows++) {
    if (!tried((size_t)rows)) continue;
    struct certified c = certified(&t.p, 22);
    /* Its numbers have 22 digits and quadrature errors of at most 1e-24 of a panel. */
    int size = fabs(t.loss) < 1 ? 0 : 1 + (int)log10(fabs(t.loss));
    must_agree(c.c.loss.text, t.loss_text, 21 - size, 3, &t.p);
    for (size_t i = 0; i < t.p.n; i++) must_agree(c.G[i].text, t.G_text[i], 21, 3, &t.p);
  }
  fclose(file);
  assert_true(rows >= 200);
}

/* One point at x, T = [-w, w], h = 1: the gradient is 0 */
static void closed_forms(void **state) {
  (void)state;
  static const struct {
    const char *kernel, *loss;
    double x, w;
  } row[] = {
      {"laplace", "2.69314718055994530941723212146", 2, 0.5},  /* log 2 + 2 */
      {"gaussian", "2.96060519987133940844699640307", 2, 0.5}, /* log(2 pi)/2 + (4 + 1/12)/2 */
      {"cauchy", "1.40867339320424210279198116445", 0, 1},     /* log 2 pi - 2 + pi/2 */
      {"uniform", "0.693147180559945309417232121458", 0.25, 0.5},  /* log 2 */
      {"triangular", "0.306852819440054690582767878542", 0, 0.5},  /* 1 - log 2 */
      {"triangular", "1.00000000000000000000000000000", 0, 1},     /* f = 0 at both edges */
      {"epanechnikov", "0.378139567567342472087947538143", 0, 0.5} /* mpmath */
  };
  static const double z[] = {3, -1, 700};
  for (size_t k = 0; k < sizeof row / sizeof *row; k++)
    for (size_t n = 1; n <= 3; n++) { /* coincident points are one */
      double x[] = {row[k].x, row[k].x, row[k].x};
      struct kd_problem p = layout_problem(row[k].kernel, 0);
      p.x = x, p.z = z, p.n = n, p.lower = -row[k].w, p.upper = row[k].w;
      struct certified c = certified(&p, 30);
      must_agree(c.c.loss.text, row[k].loss, 29, 2, &p);
      for (size_t i = 0; i < n; i++) must(c.G[i].contains_zero, &p);
    }
}

/* x = (1, 2), z = 0, T = [-1/2, 1/2], h = 1 at d_centre: with p = 1/(1 + 1/e) the change
 * is p/2 - 1/2 + log(2 p)/2. */
static void shortest_witness(void **state) {
  (void)state;
  static const double x[] = {1, 2}, z[] = {0, 0};
  struct kd_problem p = layout_problem("laplace", 0);
  p.n = 2, p.x = x, p.z = z, p.shift = 1;
  struct certified c = certified(&p, 30);
  must_agree(c.change[0].text, "0.055472035835863677309697934156", 30, 2, &p);
  must_agree(c.change[1].text, "-0.055472035835863677309697934156", 30, 2, &p);
  assert_string_equal(c.change[c.c.largest].bound, "0.0554");
  assert_false(c.c.defect.contains_zero);
}

/* --- identities at 30 digits --- */

/* Points outside T, logits, bounds and bandwidth, none of them dyadic */
struct drawn {
  struct kd_problem p;
  double x[8], z[8];
};

static void draw(uint64_t seed, const struct kd_kernel *kernel, struct drawn *d) {
  uint64_t i = 0;
#define UNIFORM(low, high)                                                                     \
  ((low) + ((high) - (low)) * kd_random_uniform(seed, KD_STREAM_POINTS, i++))
  d->p = layout_problem(kernel->name, 0);
  d->p.shape = kernel->shape_name ? UNIFORM(0.5, 3) : 0;
  d->p.h = UNIFORM(0.2, 2) + (isfinite(kernel->support) ? 16 : 0);
  d->p.lower = UNIFORM(-1, 0), d->p.upper = UNIFORM(0.1, 1);
  d->p.n = 2 + (size_t)UNIFORM(0, 6), d->p.x = d->x, d->p.z = d->z;
  for (size_t j = 0; j < d->p.n; j++) {
    double r = UNIFORM(0.1, 3);
    d->x[j] = UNIFORM(0, 1) < 0.5 ? d->p.lower - r : d->p.upper + r;
    d->z[j] = UNIFORM(-3, 3);
  }
#undef UNIFORM
}

/* C4: the integral keeps its gradient to d_edge, one bin at the centre to d_centre, and
 * the loss falls by d/h = 1, 2, ... */
static void laplace_keeps_its_gradient(void **state) {
  (void)state;
  static const struct {
    const char *rule, *unit, *change;
    double shift;
  } row[] = {{"best", "edge", NULL, 1},
             {"best", "edge", NULL, 0.3},
             {"best", "bandwidth", "1.00000000000000000000000000000", -1},
             {"best", "bandwidth", "800.000000000000000000000000000", -800},
             {"midpoint", "centre", NULL, 1},
             {"midpoint", "centre", NULL, 0.9}};
  for (uint64_t seed = 0; seed < 6; seed++)
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
      struct drawn d;
      draw(seed, kd_kernel_find("laplace"), &d);
      d.p.rule = kd_rule_find(row[k].rule), d.p.bins = 1;
      d.p.shift = row[k].shift, d.p.shift_unit = kd_shift_unit_find(row[k].unit);
      struct certified c = certified(&d.p, 30);
      must(c.c.applicable && c.c.covered && c.c.defect.contains_zero, &d.p);
      must(strcmp(c.c.defect.bound, "1e-30") == 0, &d.p);
      for (size_t i = 0; i < d.p.n; i++) must(c.change[i].contains_zero, &d.p);
      if (row[k].change) must_agree(c.c.loss_change.text, row[k].change, 27, 2, &d.p);
    }
}

/* C4e: delta past the edge, by a point i, Delta G_i = rho_i (1 - rho_i) delta^2/(h(b - a))
 * but for terms of the next order */
static void and_loses_it_past_the_edge(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("laplace", 0);
  double delta = 0x1p-30, f = 0, rho[4];
  static const double before[] = {-1.25, 0.5, 2, -2.75};
  for (int i = 0; i < 4; i++) f += rho[i] = exp(layout_z[i] - fabs(before[i] - 0.5));
  for (int i = 0; i < 4; i++) rho[i] /= f;
  p.shift = 1.25 + delta;
  struct certified c = certified(&p, 40);
  assert_int_equal(c.c.largest, 1);
  for (int i = 0; i < 4; i++) {
    double expected = i == 1 ? rho[1] * (1 - rho[1]) : -rho[i] * rho[1];
    assert_false(c.change[i].contains_zero);
    assert_close(c.change[i].middle / (delta * delta), expected, 1e-8);
  }
  p.shift = 1.25 - delta;
  assert_true(certified(&p, 40).c.defect.contains_zero);
}

static void invariances(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++) {
    if (!tried(k)) continue;
    struct drawn d, e;
    draw(7 + k, &kd_kernels[k], &d);
    struct certified a = certified(&d.p, 30), b;

    e = d, e.p.x = e.x, e.p.z = e.z; /* doubling keeps doubles exact */
    e.p.h *= 2, e.p.lower *= 2, e.p.upper *= 2, e.p.log10_factor = 0;
    for (size_t j = 0; j < d.p.n; j++) e.x[j] *= 2;
    if (d.p.space == KD_SPACE_LINE) {
      b = certified(&e.p, 30);
      for (size_t i = 0; i < d.p.n; i++) must_agree(a.G[i].text, b.G[i].text, 30, 2, &d.p);
    }

    e = d, e.p.x = e.x, e.p.z = e.z; /* permutation and a common factor of the weights */
    for (size_t j = 0; j < d.p.n; j++) e.x[j] = d.x[d.p.n - 1 - j];
    for (size_t j = 0; j < d.p.n; j++) e.z[j] = floor(d.z[d.p.n - 1 - j] * 64) / 64 + 512;
    for (size_t j = 0; j < d.p.n; j++) d.z[j] = floor(d.z[j] * 64) / 64;
    a = certified(&d.p, 30), b = certified(&e.p, 30);
    must_agree(a.c.loss.text, b.c.loss.text, 28, 2, &d.p);
    for (size_t i = 0; i < d.p.n; i++)
      must_agree(a.G[i].text, b.G[d.p.n - 1 - i].text, 30, 2, &d.p);

    if (d.p.kernel->lopsided) continue; /* its mirror image is another kernel */
    e = d, e.p.x = e.x, e.p.z = e.z, e.p.lower = -d.p.upper, e.p.upper = -d.p.lower;
    for (size_t j = 0; j < d.p.n; j++) e.x[j] = -d.x[j];
    b = certified(&e.p, 30);
    must_be_same(&a, &b, &d.p);
  }
}

/* The sum of G is 0. */
static void sums_to_zero(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (size_t r = 0; r < kd_n_rules; r++) {
      if (!tried(k * kd_n_rules + r)) continue;
      struct drawn d;
      draw(40 + k, &kd_kernels[k], &d);
      d.p.rule = &kd_rules[r], d.p.bins = 3, d.p.order = 4;
      struct certified c = certified(&d.p, 30);
      fixed sum = 0;
      for (size_t i = 0; i < d.p.n; i++) sum += parse_fixed(c.G[i].text, 30);
      must(sum <= 2 * (fixed)d.p.n && -sum <= 2 * (fixed)d.p.n, &d.p);
    }
}

/* C2: K times 10^(factor + slope x) */
static void scaled_kernel(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("sech", 0);
  struct certified a = certified(&p, 30);
  p.lower = 0.5, p.upper = 1.5, p.log10_factor = 0;
  a = certified(&p, 30);
  p.log10_factor = -3, p.log10_slope = 2; /* at c = 1: a factor of 1/10 */
  struct certified b = certified(&p, 30);
  for (int i = 0; i < 4; i++) assert_string_equal(a.G[i].text, b.G[i].text);
  fixed change = parse_fixed(b.c.loss.text, 28) - parse_fixed(a.c.loss.text, 28);
  fixed log_10 = parse_fixed("2.30258509299404568401799145468", 28);
  assert_true(change - log_10 <= 2 && log_10 - change <= 2);
}

/* --- rules --- */

static struct certified by_rule(struct kd_problem p, const char *rule, size_t bins,
                                size_t order) {
  p.rule = kd_rule_find(rule), p.bins = bins, p.order = order;
  return certified(&p, 30);
}

/* Simpson = (2 midpoint + trapezoid)/3; one Gauss node a panel = midpoint where nothing
 * is cut; many = the integral */
static void rules_agree(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++) {
    if (!tried(k)) continue;
    struct drawn d;
    draw(80 + k, &kd_kernels[k], &d);
    struct certified m = by_rule(d.p, "midpoint", 3, 0), t = by_rule(d.p, "trapezoid", 3, 0),
                     s = by_rule(d.p, "simpson", 3, 0),
                     one = by_rule(d.p, "gauss-legendre", 3, 1),
                     best = by_rule(d.p, "best", 0, 0),
                     many = by_rule(d.p, "gauss-legendre", 8, 40);
    for (size_t i = 0; i < d.p.n; i++) {
      fixed sum = 2 * parse_fixed(m.G[i].text, 30) + parse_fixed(t.G[i].text, 30) -
                  3 * parse_fixed(s.G[i].text, 30);
      must(sum <= 12 && -sum <= 12, &d.p);
    }
    if (d.p.space == KD_SPACE_LINE) must_be_same(&m, &one, &d.p);
    must_agree(best.c.loss.text, many.c.loss.text, 20, 2, &d.p);
    for (size_t i = 0; i < d.p.n; i++) must_agree(best.G[i].text, many.G[i].text, 20, 2, &d.p);
  }
}

/* --- what is hard: one enclosure more with other digits must lie within --- */

static void enclosed_twice(const struct kd_problem *p) {
  struct certified few = certified(p, 12), more = certified(p, 20);
  must(few.c.covered == more.c.covered, p);
  if (few.c.covered)
    must(fabs(few.c.loss.middle - more.c.loss.middle) <= few.c.loss.radius + more.c.loss.radius,
         p);
  for (size_t i = 0; i < p->n; i++) must_agree(few.G[i].text, more.G[i].text, 12, 2, p);
}

/* Points a million bandwidths away, on the edges, at the centre, tied, nearly tied; logits
 * of +-700; narrow bandwidths */
static void hard_problems(void **state) {
  (void)state;
  static const struct {
    double h;
    size_t n;
    double x[6], z[6];
  } row[] = {
      {0.25, 4, {250001.25, -250000.875, 250001.75, -250002}, {0.5, 0, 1, -1}},
      {0.3, 6, {-0.5, 0.5, 0, 0.25, 0.25, -0.25}, {1, -1, 0, 0.5, -0.5, 0.25}},
      {0.3, 5, {0.1, 0.1 + 1e-9, 0.1 + 2e-13, -0.5 - 1e-12, 0.5 + 1e-7}, {0, 1, -1, 0.5, 0}},
      {0.2, 6, {-0.7, 0.3, 0.1, 0.9, -0.2, -1}, {700, -700, 0, 700, -700, 0}},
      {1e-2, 3, {-0.3, 0.01, 0.012}, {1, 0, 0.5}},
  };
  static const double shapes[] = {0.3, 3.7, 3};
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (size_t r = 0; r < sizeof row / sizeof *row; r++)
      for (size_t q = 0; q < (kd_kernels[k].shape_name ? 3 : 1); q++) {
        if (!tried(5 * k + r + q)) continue;
        struct kd_problem p = layout_problem(kd_kernels[k].name, shapes[q]);
        p.h = row[r].h, p.n = row[r].n, p.x = row[r].x, p.z = row[r].z;
        enclosed_twice(&p);
      }
}

/* --- digits, statuses, refusals --- */

static void fewer_and_more_digits(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++) {
    if (!tried(k)) continue;
    struct drawn d;
    draw(120 + k, &kd_kernels[k], &d);
    d.p.shift = -0.25;
    struct certified few = certified(&d.p, 15), more = certified(&d.p, 30),
                     most = certified(&d.p, 60);
    must(fabs(few.c.loss.middle - more.c.loss.middle) <= few.c.loss.radius + more.c.loss.radius,
         &d.p);
    must_agree(few.c.loss.text, more.c.loss.text, 13, 2, &d.p);
    must_agree(more.c.loss.text, most.c.loss.text, 28, 2, &d.p);
    must(strlen(few.c.loss.text) + 12 <= strlen(more.c.loss.text), &d.p);
    must(strlen(more.c.loss.text) + 25 <= strlen(most.c.loss.text), &d.p);
    for (size_t i = 0; i < d.p.n; i++) {
      must(few.G[i].radius < 1e-15 && more.G[i].radius <= 0x1p-53, &d.p);
      must_agree(few.G[i].text, more.G[i].text, 15, 2, &d.p);
      must_agree(more.G[i].text, most.G[i].text, 30, 2, &d.p);
    }
  }
}

static void zeros_are_narrow(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("laplace", 0);
  p.shift = 1.25;
  assert_string_equal(certified(&p, 15).c.defect.bound, "1e-15");
  assert_string_equal(certified(&p, 60).c.defect.bound, "1e-60");
  assert_string_equal(certified(&p, 60).c.defect.text, "0e-60");
  p.shift = -1e60; /* beyond all doubles' digits, and yet exact */
  assert_string_equal(certified(&p, 30).c.defect.bound, "1e-30");
  p.shift = 0;
  assert_string_equal(certified(&p, 30).c.defect.text, "0");
}

static void statuses(void **state) {
  (void)state;
  static const double x[] = {-1, 1, 3}, z[] = {0, 0, 0};
  struct kd_problem p = layout_problem("uniform", 0);
  p.n = 3, p.x = x, p.z = z, p.h = 0.75;
  struct certified c = certified(&p, 30);
  assert_true(c.c.applicable && !c.c.covered);
  assert_string_equal(c.c.loss.text, "inf");
  /* half of T is covered, a quarter by either point: the mean over that half, halved */
  must_agree(c.G[0].text, "-0.0833333333333333333333333333333", 30, 2, &p);
  must_agree(c.G[2].text, "0.166666666666666666666666666667", 30, 2, &p);
  p.shift = 0.5; /* covered there, not before */
  c = certified(&p, 30);
  assert_true(c.c.covered && isnan(c.c.defect.middle) && isnan(c.change[0].middle));
  p.shift = 1.25; /* beyond the centre */
  c = certified(&p, 30);
  assert_true(!c.c.applicable && isnan(c.c.loss.middle) && isnan(c.G[0].middle));
}

static void refusals(void **state) {
  (void)state;
  static const double many[65] = {0};
  struct kd_problem p = layout_problem("laplace", 0);
  refused(&p, 0, "digits must be in [1, 70], got 0");
  refused(&p, 71, "got 71");
  p.n = 65, p.x = p.z = many;
  refused(&p, 30, "at most 64 points, got 65");
  p = layout_problem("von-mises", 0);
  p.space = KD_SPACE_LINE;
  refused(&p, 30, "lives on the circle");
}

static void says_what_is_missing(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("laplace", 0);
  struct kd_certificate c;
  struct kd_err err;
  assert_int_equal(kd_certify(&p, 30, true, &c, &err), KD_SYSTEM);
  assert_non_null(strstr(err.text, "libflint-arb-dev"));
  kd_certificate_clear(&c);
}

static int clean_up(void **state) {
  (void)state;
  kd_certify_cleanup();
  return 0;
}

int main(void) {
  const struct CMUnitTest without[] = {cmocka_unit_test(says_what_is_missing)};
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(published_figures),
      cmocka_unit_test(reference_table),
      cmocka_unit_test(closed_forms),
      cmocka_unit_test(shortest_witness),
      cmocka_unit_test(laplace_keeps_its_gradient),
      cmocka_unit_test(and_loses_it_past_the_edge),
      cmocka_unit_test(invariances),
      cmocka_unit_test(sums_to_zero),
      cmocka_unit_test(scaled_kernel),
      cmocka_unit_test(rules_agree),
      cmocka_unit_test(hard_problems),
      cmocka_unit_test(fewer_and_more_digits),
      cmocka_unit_test(zeros_are_narrow),
      cmocka_unit_test(statuses),
      cmocka_unit_test(refusals),
  };
  if (!kd_certify_available()) return cmocka_run_group_tests(without, NULL, NULL);
  return cmocka_run_group_tests(tests, NULL, clean_up);
}
