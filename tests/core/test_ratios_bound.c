/* SPDX-License-Identifier: MIT
 *
 * The parts of a table's bounds, cheap and by the closer look, against the formulas at the head
 * of ratios_bound.c, node by node in long double from the table itself: neither is ever less.
 * On random layouts of points that are exact, or off by up to a millionth of the bandwidth.
 */
#include "reproduce.h"

#include "core/random.h"
#include "core/stage.h"

/* Its static functions are what is tested; the library has the other one. */
bool kd_ratios_objective_here(struct kd_ratios *r, const struct kd_estimate *e, double *G,
                              struct kd_objective *out);
#define kd_ratios_objective kd_ratios_objective_here
#include "core/ratios_bound.c"
#undef kd_ratios_objective

enum { PROBLEMS = 2000, MAX = 12 };

struct drawn {
  struct kd_problem p;
  double x[MAX], z[MAX], off;
};

static double uniform(uint64_t seed, uint64_t *i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, (*i)++);
}

static void draw(uint64_t seed, struct drawn *d) {
  static const char *const kernels[] = {"laplace", "gaussian", "cauchy", "logistic"};
  static const char *const rules[] = {"midpoint", "trapezoid", "simpson"};
  uint64_t i = 0;
  double size = exp(uniform(seed, &i, log(0.01), log(60)));
  d->p = layout_problem(kernels[seed % 4], 0);
  d->p.h = exp(uniform(seed, &i, log(0.02), log(300)));
  d->p.lower = -uniform(seed, &i, 0.1, 1), d->p.upper = uniform(seed, &i, 0.1, 1);
  d->p.rule = kd_rule_find(rules[seed % 3]), d->p.bins = 1 + seed % 70, d->p.shift = 0;
  d->p.n = 2 + (size_t)uniform(seed, &i, 0, MAX - 2), d->p.x = d->x, d->p.z = d->z;
  for (size_t j = 0; j < d->p.n; j++) {
    d->x[j] = uniform(seed, &i, -1.5, 1.5);
    d->z[j] = size * uniform(seed, &i, -1, 1);
  }
  d->off = seed % 5 ? d->p.h * exp(uniform(seed, &i, log(1e-17), log(1e-6))) : 0;
}

static bool fill(struct kd_stage *s, const struct drawn *d, struct look *l) {
  struct kd_ratios_sums sums;
  struct kd_err err;
  assert_int_equal(kd_stage_set(s, &d->p, 0, 0, &err), KD_OK);
  for (size_t j = 0; j < d->p.n; j++) s->estimate.dy[j] += d->off;
  assert_int_equal(kd_stage_place(s, &d->p, &err), KD_OK);
  assert_int_equal(kd_ratios_fill(&s->ratios, &s->estimate, &s->nodes, true, &err), KD_OK);
  if (!s->ratios.bounded || !kd_ratios_sum(&s->ratios, s->estimate.S, NULL, true, &sums) ||
      sums.least < LEAST)
    return false;
  *l = begin(&s->ratios, &s->estimate, &sums);
  return true;
}

/* What the errors of E and S do, by the formulas */
struct parts {
  long double ratios[MAX], weights[MAX], loss;
};

/* rho and e of a place, in the first form with own; the mean of e */
static long double look_at(const struct kd_ratios *r, size_t m, long double *rho,
                           long double *e) {
  long double F = 0, mean = 0;
  for (size_t j = 0; j < r->n; j++) {
    size_t at = (m / KD_RATIOS_WIDTH * r->n + j) * KD_RATIOS_WIDTH + m % KD_RATIOS_WIDTH;
    F += rho[j] = (long double)r->S[j] * r->E[at];
    e[j] = r->more[j] + (r->E[at] > 1e-290 ? (long double)r->Ee[at] / r->E[at] : 0);
  }
  for (size_t j = 0; j < r->n; j++) mean += (rho[j] /= F) * e[j];
  return mean;
}

/* total: the sum of all S, which is 1 but for N */
static void add_place(const struct kd_ratios *r, const struct look *l, long double total,
                      size_t m, struct parts *to) {
  long double rho[MAX], e[MAX], mean = look_at(r, m, rho, e), sum = 0, w = r->weight[m];
  long double apart[MAX];
  for (size_t j = 0; j < r->n; j++) {
    apart[j] = fabsl(r->S[j] / total - rho[j]);
    sum += apart[j] * r->row[j].own;
  }
  for (size_t i = 0; i < r->n; i++) {
    to->ratios[i] += w * rho[i] * ((1 - rho[i]) * e[i] + mean - rho[i] * e[i]);
    if (l->flat)
      to->weights[i] += w * (apart[i] * (r->row[i].own + (long double)l->of_S) + rho[i] * sum);
  }
  to->loss += w * (mean + (l->flat ? sum : 0));
}

static struct parts parts_of(const struct kd_ratios *r, const struct look *l) {
  struct parts p = {.loss = 0};
  long double total = 0;
  for (size_t j = 0; j < r->n; j++) total += r->S[j];
  for (size_t m = 0; m < r->n_blocks * KD_RATIOS_WIDTH; m++)
    if (r->weight[m] > 0) add_place(r, l, total, m, &p);
  for (size_t i = 0; i < r->n && !l->flat; i++)
    p.weights[i] = r->S[i] * ((long double)r->row[i].own + l->of_S);
  if (!l->flat) p.loss += l->of_S;
  return p;
}

/* Whether a bound, of which 2 % are for the second order, holds; what is left of its digits */
static bool holds(long double part, double bound) {
  return part <= SECOND_ORDER * (long double)bound * (1 + 1e-12L) + 0x1p-600L;
}

static void no_part_is_less(void **state) {
  (void)state;
  struct kd_stage s = {0};
  size_t all = 0, flat = 0;
  for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
    struct kd_ratios *r = &s.ratios;
    struct drawn d;
    struct look l;
    draw(seed, &d);
    if (!fill(&s, &d, &l)) continue;
    all++, flat += l.flat;
    struct parts p = parts_of(r, &l);
    must(holds(p.loss, of_loss(&l)), &d.p);
    for (size_t i = 0; i < r->n; i++) {
      must(holds(p.ratios[i], of_ratios(r, &l, i)), &d.p);
      must(holds(p.weights[i], of_weights(r, &l, i)), &d.p);
      r->row[i].closely = true;
    }
    must(holds(p.loss, kd_ratios_errors(r, r->more, r->d) + (l.flat ? l.of_D : l.of_S)), &d.p);
    for (size_t i = 0; i < r->n; i++) must(holds(p.ratios[i], of_ratios(r, &l, i)), &d.p);
  }
  print_message("%zu tables, %zu of them flat\n", all, flat);
  assert_true(all > PROBLEMS * 3 / 4 && flat > PROBLEMS / 10 && flat < PROBLEMS * 3 / 4);
  kd_stage_clear(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(no_part_is_less)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
