/* SPDX-License-Identifier: MIT
 *
 * Sums over a table of ratios against sums by blocks of nodes, which share no bound: on random
 * layouts of every kernel with infinite support, by every rule with equal steps, flat and
 * narrow, with weights down to e^-300. They agree within both bounds, and the table's bound
 * is hardly ever the wider one. The truth by long double, where K is
 * short enough for it, is within the bounds. A cell has the same bits whatever the table was
 * looked at for before, and as its mirror image.
 */
#include "reproduce.h"

#include <stdlib.h>

#include "core/random.h"
#include "core/stage.h"

enum { PROBLEMS = 400, MAX = 40 };

struct drawn {
  struct kd_problem p;
  double x[MAX], z[MAX];
};

static double uniform(uint64_t seed, uint64_t *i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, (*i)++);
}

static void draw_logits(uint64_t seed, struct drawn *d) {
  uint64_t i = 1000;
  double size = exp(uniform(seed, &i, log(0.01), log(300)));
  for (size_t j = 0; j < d->p.n; j++) d->z[j] = size * uniform(seed, &i, -1, 1);
}

static void draw(uint64_t seed, const struct kd_kernel *kernel, struct drawn *d) {
  static const char *const rules[] = {"midpoint", "trapezoid", "simpson"};
  uint64_t i = 0;
  double span = uniform(seed, &i, 0.5, 3), c = uniform(seed, &i, -2, 2);
  d->p = layout_problem(kernel->name, 0);
  if (kernel->circle_only || seed % 4 == 3) d->p.space = KD_SPACE_CIRCLE;
  if (kernel->shape_name) d->p.shape = uniform(seed, &i, 0.4, 4);
  d->p.h = span * exp(uniform(seed, &i, log(0.003), log(3000)));
  double w = span * uniform(seed, &i, 0.05, 0.6);
  d->p.lower = c - w, d->p.upper = c + w;
  d->p.n = 1 + (size_t)uniform(seed, &i, 0, MAX), d->p.x = d->x, d->p.z = d->z;
  for (size_t j = 0; j < d->p.n; j++) d->x[j] = c + span * uniform(seed, &i, -0.5, 0.5);
  d->p.shift = 0;
  d->p.rule = kd_rule_find(rules[seed % 3]), d->p.bins = 1 + seed % 150;
  draw_logits(seed, d);
}

struct both {
  struct kd_objective table, blocks;
  double G[MAX], H[MAX];
  bool done;
};

static struct both look(struct kd_stage *s, const struct kd_problem *p) {
  struct both b;
  struct kd_err err;
  assert_int_equal(kd_stage_set(s, p, 0, 0, &err), KD_OK);
  assert_int_equal(kd_stage_place(s, p, &err), KD_OK);
  assert_int_equal(kd_ratios_fill(&s->ratios, &s->estimate, &s->nodes, true, &err), KD_OK);
  b.done = s->ratios.bounded && kd_ratios_objective(&s->ratios, &s->estimate, b.G, &b.table);
  b.blocks = kd_objective(&s->estimate, &s->nodes, b.H, NULL, s->scratch);
  return b;
}

static int rising(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

struct widths {
  size_t n, all;
  double G[PROBLEMS], L[PROBLEMS];
};

static void compare(const struct drawn *d, const struct both *b, struct widths *w) {
  must(isfinite(b->table.loss) && isfinite(b->table.loss_bound), &d->p);
  must(fabs(b->table.loss - b->blocks.loss) <= b->table.loss_bound + b->blocks.loss_bound,
       &d->p);
  double both = b->table.gradient_bound + b->blocks.gradient_bound;
  for (size_t i = 0; i < d->p.n; i++) must(fabs(b->G[i] - b->H[i]) <= both, &d->p);
  if (d->p.n == 1) return; /* no gradient */
  w->G[w->n] = b->table.gradient_bound / b->blocks.gradient_bound;
  w->L[w->n++] = b->table.loss_bound / b->blocks.loss_bound;
}

static void agree(void **state) {
  (void)state;
  struct kd_stage s = {0};
  for (size_t k = 0; k < kd_n_kernels; k++) {
    struct widths w = {0};
    if (isfinite(kd_kernels[k].support)) continue;
    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
      struct drawn d;
      draw(seed, &kd_kernels[k], &d);
      struct both b = look(&s, &d.p);
      w.all++;
      if (b.done) compare(&d, &b, &w);
    }
    qsort(w.G, w.n, sizeof *w.G, rising), qsort(w.L, w.n, sizeof *w.L, rising);
    print_message("%-18s %3zu of %3zu; times as wide: G %.2f (9 in 10 %.2f, worst %.1f), "
                  "L %.2f (%.2f, %.1f)\n",
                  kd_kernels[k].name, w.n, w.all, w.G[w.n / 2], w.G[w.n * 9 / 10], w.G[w.n - 1],
                  w.L[w.n / 2], w.L[w.n * 9 / 10], w.L[w.n - 1]);
    assert_true(w.n > PROBLEMS * 9 / 10);
    assert_true(w.G[w.n / 2] < 0.8 && w.G[w.n * 9 / 10] < 1.1 && w.G[w.n - 1] < 4);
    assert_true(w.L[w.n / 2] < 1.1 && w.L[w.n - 1] < 1.5);
  }
  kd_stage_clear(&s);
}

/* --- what the errors of E do --- */

/* What points may be off by, as a share of the bandwidth: beside it all else is nothing. */
static const double OFF = 1e-7;

/* With points that are off towards the target's centre, or away from it: the i-th alone, or
 * all others */
static struct both elsewhere(struct kd_stage *s, struct drawn d, size_t i, bool alone,
                             double by) {
  double c = 0.5 * (d.p.lower + d.p.upper);
  d.p.x = d.x, d.p.z = d.z;
  for (size_t j = 0; j < d.p.n; j++)
    if ((j == i) == alone) d.x[j] += d.x[j] < c ? by : -by;
  return look(s, &d.p);
}

static struct both look_at_blurred(struct kd_stage *s, const struct drawn *d, double by) {
  struct both b;
  struct kd_err err;
  assert_int_equal(kd_stage_set(s, &d->p, 0, 0, &err), KD_OK);
  for (size_t j = 0; j < d->p.n; j++) s->estimate.dy[j] = by;
  assert_int_equal(kd_stage_place(s, &d->p, &err), KD_OK);
  assert_int_equal(kd_ratios_fill(&s->ratios, &s->estimate, &s->nodes, true, &err), KD_OK);
  b.done = s->ratios.bounded && kd_ratios_objective(&s->ratios, &s->estimate, b.G, &b.table);
  return b;
}

/* Bounds hold where points stand elsewhere, and come near to what that does. */
static void points_that_are_off(void **state) {
  (void)state;
  static const char *const kernels[] = {"laplace", "gaussian", "cauchy"};
  struct kd_stage s = {0}, other = {0};
  double near = 0, near_loss = 0;
  size_t all = 0;
  for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
    struct drawn d;
    draw(seed, kd_kernel_find(kernels[seed % 3]), &d);
    d.p.n = 1 + seed % 12;
    double by = OFF * d.p.h;
    struct both b = look_at_blurred(&s, &d, by);
    if (!b.done) continue;
    all++;
    for (size_t k = 0; k < 4 * d.p.n; k++) {
      struct both e = elsewhere(&other, d, k / 4, k % 2, k % 4 < 2 ? by : -by);
      double most = 0, loss = fabs(e.blocks.loss - b.table.loss);
      for (size_t i = 0; i < d.p.n; i++) most = fmax(most, fabs(e.H[i] - b.G[i]));
      must(most <= b.table.gradient_bound + e.blocks.gradient_bound, &d.p);
      must(loss <= b.table.loss_bound + e.blocks.loss_bound, &d.p);
      if (b.table.gradient_bound > 100 * e.blocks.gradient_bound)
        near = fmax(near, most / b.table.gradient_bound);
      near_loss = fmax(near_loss, loss / b.table.loss_bound);
    }
  }
  print_message("%zu layouts; over their bounds at most %.3f of G, %.3f of the loss\n", all,
                near, near_loss);
  assert_true(all > PROBLEMS / 2 && near > 0.8 && near_loss > 0.9);
  kd_stage_clear(&s), kd_stage_clear(&other);
}

/* Sums over all places of a table, in plain loops */
static void errors_by_hand(const struct kd_ratios *r, const double *more, double *sums,
                           double *W) {
  size_t width = KD_RATIOS_WIDTH, n = r->n;
  *W = 0;
  for (size_t i = 0; i < n; i++) sums[i] = 0;
  for (size_t m = 0; m < r->n_blocks * width; m++) {
    double rho[MAX], e[MAX], F = 0, mean = 0;
    if (!(r->weight[m] > 0)) continue;
    for (size_t j = 0; j < n; j++) {
      size_t at = (m / width * n + j) * width + m % width;
      rho[j] = r->S[j] * r->E[at], F += rho[j];
      e[j] = r->Ee[at] / r->E[at] + more[j];
    }
    for (size_t j = 0; j < n; j++) mean += (rho[j] /= F) * e[j];
    for (size_t i = 0; i < n; i++)
      sums[i] += r->weight[m] * rho[i] * ((1 - rho[i]) * e[i] + mean - rho[i] * e[i]);
    *W += r->weight[m] * mean;
  }
}

static void errors_node_by_node(void **state) {
  (void)state;
  struct kd_stage s = {0};
  for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
    struct drawn d;
    double sums[MAX], W, more[MAX], mine[MAX];
    draw(seed, kd_kernel_find("student-t"), &d);
    struct both b = look(&s, &d.p);
    if (!b.done) continue;
    for (size_t j = 0; j < d.p.n; j++) {
      more[j] = seed % 2 ? 1e-16 * (double)(1 + j) : 0;
      s.ratios.row[j].closely = j % 3 < 2;
    }
    double mean = kd_ratios_errors(&s.ratios, more, mine);
    errors_by_hand(&s.ratios, more, sums, &W);
    must(fabs(mean - W) <= 1e-12 * W, &d.p);
    for (size_t i = 0; i < d.p.n; i++)
      if (s.ratios.row[i].closely)
        must(fabs(s.ratios.S[i] * mine[i] - sums[i]) <= 1e-12 * W, &d.p);
  }
  kd_stage_clear(&s);
}

static bool same_answer(const struct kd_problem *p, const struct kd_result *a,
                        const struct kd_result *b) {
  return memcmp(a->gradient, b->gradient, p->n * sizeof(double)) == 0 && a->loss == b->loss &&
         a->gradient_bound == b->gradient_bound && a->loss_bound == b->loss_bound;
}

/* A used workspace answers as a fresh one does. */
static void check_after_others(const struct kd_problem *p, struct kd_workspace *used) {
  struct kd_workspace *fresh = kd_workspace_create();
  struct kd_result a, b;
  struct kd_err err;
  assert_int_equal(kd_evaluate(p, used, &a, &err), KD_OK);
  assert_int_equal(kd_evaluate(p, fresh, &b, &err), KD_OK);
  must(same_answer(p, &a, &b), p);
  kd_workspace_free(fresh);
}

/* Logits that change, and targets that differ in nothing but the error of their half-width */
static void nothing_is_left_of_others(void **state) {
  (void)state;
  struct kd_workspace *used = kd_workspace_create();
  for (uint64_t seed = 0; seed < 100; seed++) {
    struct drawn d;
    draw(seed, kd_kernel_find(seed % 2 ? "gaussian" : "laplace"), &d);
    for (uint64_t k = 0; k < 3; k++) {
      draw_logits(seed + k, &d);
      check_after_others(&d.p, used);
    }
    d.p.space = KD_SPACE_LINE, d.p.n = 2, d.p.h = 0x1p-10;
    for (int wide = 0; wide < 2; wide++) {
      double more = wide ? 0x1p-52 : 0, c = 0.125 + more / 2;
      d.p.lower = -0.875, d.p.upper = 1.125 + more;
      d.x[0] = c + 0x1p-8 + (double)seed * 0x1p-14, d.x[1] = d.x[0] + 0x1p-10;
      check_after_others(&d.p, used);
    }
  }
  kd_workspace_free(used);
}

/* --- the truth --- */

static long double log_k(const struct kd_problem *p, long double r) {
  bool laplace = p->kernel->constant_score;
  return laplace ? -fabsl(r) / p->h - logl(2.0L * p->h)
                 : -r * r / (2.0L * p->h * p->h) - logl(p->h) - 0.918938533204672741780L;
}

/* By the midpoint rule, of positions on a dyadic grid, about which all is exact */
static long double truth(const struct kd_problem *p, long double *G) {
  long double S[MAX], term[MAX], sum = 0, loss = 0, bins = p->bins;
  long double c = (p->lower + (long double)p->upper) / 2,
              w = ((long double)p->upper - p->lower) / 2;
  for (size_t j = 0; j < p->n; j++) sum += S[j] = expl((long double)p->z[j] - p->z[0]);
  for (size_t j = 0; j < p->n; j++) G[j] = S[j] /= sum;
  for (size_t m = 0; m < p->bins; m++) {
    long double v = c + (2 * (long double)m + 1 - bins) * (w / bins), top = -INFINITY, f = 0;
    for (size_t j = 0; j < p->n; j++) top = fmaxl(top, log_k(p, v - p->x[j]));
    for (size_t j = 0; j < p->n; j++) f += term[j] = S[j] * expl(log_k(p, v - p->x[j]) - top);
    for (size_t j = 0; j < p->n; j++) G[j] -= term[j] / f / bins;
    loss -= (top + logl(f)) / bins;
  }
  return loss;
}

static void true_numbers(void **state) {
  (void)state;
  static const char *const kernels[] = {"laplace", "gaussian"};
  struct kd_stage s = {0};
  double worst = 0;
  for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
    struct drawn d;
    long double G[MAX];
    draw(seed, kd_kernel_find(kernels[seed % 2]), &d);
    d.p.space = KD_SPACE_LINE, d.p.rule = kd_rule_find("midpoint");
    d.p.lower = rint(d.p.lower * 64) / 64, d.p.upper = rint(d.p.upper * 64) / 64 + 1;
    for (size_t j = 0; j < d.p.n; j++) d.x[j] = rint(d.x[j] * 64) / 64;
    struct both b = look(&s, &d.p);
    if (!b.done) continue;
    long double loss = truth(&d.p, G), spare = 0x1p-62L * (d.p.n + d.p.bins + fabsl(loss));
    must(fabsl(loss - b.table.loss) <= b.table.loss_bound + spare, &d.p);
    for (size_t i = 0; i < d.p.n; i++) {
      must(fabsl(G[i] - b.G[i]) <= b.table.gradient_bound + 0x1p-55L, &d.p);
      if (b.table.gradient_bound > 0x1p-53)
        worst = fmax(worst, (double)fabsl(G[i] - b.G[i]) / b.table.gradient_bound);
    }
  }
  print_message("error over bound of G at most %.2f\n", worst);
  kd_stage_clear(&s);
}

/* Where hardly any weight is near a node F is hardly a number. */
static void hardly_any_weight(void **state) {
  (void)state;
  struct kd_workspace *ws = kd_workspace_create();
  for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
    struct drawn d = {.p = layout_problem(seed % 2 ? "gaussian" : "laplace", 0)};
    struct kd_result r;
    struct kd_err err;
    long double G[MAX];
    uint64_t i = 0;
    d.p.h = seed % 2 ? uniform(seed, &i, 0.02, 0.06) : uniform(seed, &i, 0.002, 0.004);
    d.p.lower = -1, d.p.upper = 1, d.p.n = 2, d.p.x = d.x, d.p.z = d.z, d.p.shift = 0;
    d.p.rule = kd_rule_find("midpoint"), d.p.bins = 2 + seed % 3;
    for (size_t j = 0; j < 2; j++)
      d.x[j] = rint((j ? -1 : 1) * uniform(seed, &i, 0.4, 0.6) * 512) / 512;
    d.z[0] = uniform(seed, &i, 0, 1), d.z[1] = -uniform(seed, &i, 150, 740);
    assert_int_equal(kd_evaluate(&d.p, ws, &r, &err), KD_OK);
    long double loss = truth(&d.p, G), spare = 0x1p-54L; /* arguments of exp up to 1000 */
    must(fabsl(loss - r.loss) <= r.loss_bound + spare * (1 + fabsl(loss)), &d.p);
    for (size_t k = 0; k < 2; k++)
      must(fabsl(G[k] - r.gradient[k]) <= r.gradient_bound + 0x1p-60L + spare * fabsl(G[k]),
           &d.p);
  }
  kd_workspace_free(ws);
}

/* --- to the bit --- */

static void mirror(struct drawn *d) {
  double lower = d->p.lower;
  d->p.lower = -d->p.upper, d->p.upper = -lower;
  for (size_t j = 0; j < d->p.n; j++) d->x[j] = -d->x[j];
}

static void same_bits_again(void **state) {
  (void)state;
  struct kd_stage used = {0};
  for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
    struct drawn d;
    struct kd_stage fresh = {0};
    draw(seed, kd_kernel_find(seed % 2 ? "cauchy" : "laplace"), &d);
    if (seed % 5 == 0 && d.p.n > 1) d.x[1] = d.p.lower + d.p.upper - d.x[0]; /* mirror images */
    struct both first = look(&fresh, &d.p);
    d.z[0] += 1;
    look(&used, &d.p);
    d.z[0] -= 1;
    draw_logits(seed, &d);
    struct both again = look(&used, &d.p);
    must(first.done == again.done, &d.p);
    if (first.done) {
      must(memcmp(first.G, again.G, d.p.n * sizeof *first.G) == 0, &d.p);
      must(memcmp(&first.table, &again.table, sizeof first.table) == 0, &d.p);
    }
    mirror(&d);
    struct both image = look(&used, &d.p);
    must(first.done == image.done, &d.p);
    if (first.done) {
      must(memcmp(first.G, image.G, d.p.n * sizeof *first.G) == 0, &d.p);
      must(first.table.loss == image.table.loss, &d.p);
    }
    kd_stage_clear(&fresh);
  }
  kd_stage_clear(&used);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(agree),
                                     cmocka_unit_test(points_that_are_off),
                                     cmocka_unit_test(errors_node_by_node),
                                     cmocka_unit_test(nothing_is_left_of_others),
                                     cmocka_unit_test(true_numbers),
                                     cmocka_unit_test(hardly_any_weight),
                                     cmocka_unit_test(same_bits_again)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
