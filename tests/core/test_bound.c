/* SPDX-License-Identifier: MIT
 *
 * Bounds are of use: on ordinary problems (|z| <= 10, h between 0.01 and 10 spans, up to
 * 40 points) at least 99 in 100 are below 1e-12 of the largest weight for G, and of
 * max(1, |L|) for L. That the truth is within them is shown where it is known: in
 * test_reference.c and, by ball arithmetic, in tests/run/test_oracle.c.
 */
#include "reproduce.h"

#include "core/random.h"

enum { PROBLEMS = 120 };
static const double SMALL = 1e-12;

struct drawn {
  struct kd_problem p;
  double x[40], z[40];
};

static double uniform(uint64_t seed, uint64_t *i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, (*i)++);
}

/* Points over a span, T a part of it or somewhat beyond */
static void draw(uint64_t seed, const struct kd_kernel *kernel, struct drawn *d) {
  uint64_t i = 0;
  double span = uniform(seed, &i, 0.5, 5), c = uniform(seed, &i, -2, 2);
  d->p = layout_problem(kernel->name, 0);
  if (kernel->circle_only || seed % 3 == 2) d->p.space = KD_SPACE_CIRCLE;
  if (kernel->shape_name) d->p.shape = uniform(seed, &i, 0.4, 4);
  d->p.h = span * exp(uniform(seed, &i, log(0.01), log(10)));
  double w = span * uniform(seed, &i, 0.05, 0.6);
  d->p.lower = c - w, d->p.upper = c + w;
  d->p.n = 1 + (size_t)uniform(seed, &i, 0, 40), d->p.x = d->x, d->p.z = d->z;
  for (size_t j = 0; j < d->p.n; j++) {
    d->x[j] = c + span * uniform(seed, &i, -0.5, 0.5);
    d->z[j] = uniform(seed, &i, -10, 10);
  }
  d->p.shift = -span * uniform(seed, &i, 0, 0.2);
  d->p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT;
}

static double largest_weight(const struct kd_problem *p) {
  double top = -INFINITY, sum = 0;
  for (size_t i = 0; i < p->n; i++) top = fmax(top, p->z[i]);
  for (size_t i = 0; i < p->n; i++) sum += exp(p->z[i] - top);
  return 1 / sum;
}

struct share {
  int all, small_G, small_L, covered;
  double worst_G, worst_L;
};

static void count(struct drawn *d, const char *rule, struct share *s) {
  d->p.rule = kd_rule_find(rule);
  struct answer a = answer_to(&d->p);
  if (a.r.status == KD_STATUS_NOT_APPLICABLE) return;
  double G = a.r.gradient_bound / largest_weight(&d->p);
  double L = a.r.loss_bound / fmax(1, fabs(a.r.loss));
  must(a.r.gradient_bound >= 0 && (a.r.loss_bound >= 0), &d->p);
  s->all++;
  s->small_G += G <= SMALL;
  s->worst_G = fmax(s->worst_G, G);
  if (a.r.status == KD_STATUS_UNCOVERED) return;
  s->covered++;
  s->small_L += L <= SMALL;
  s->worst_L = fmax(s->worst_L, L);
}

static void ordinary(const char *rule) {
  for (size_t k = 0; k < kd_n_kernels; k++) {
    struct share s = {0};
    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
      struct drawn d;
      draw(seed, &kd_kernels[k], &d);
      count(&d, rule, &s);
    }
    print_message("%-10s %-18s below 1e-12: G %5.1f %% of %d (worst %.1e), L %5.1f %% of %d "
                  "(worst %.1e)\n",
                  rule, kd_kernels[k].name, 100.0 * s.small_G / s.all, s.all, s.worst_G,
                  100.0 * s.small_L / s.covered, s.covered, s.worst_L);
    assert_true(s.small_G >= 0.99 * s.all && s.small_L >= 0.99 * s.covered);
  }
}

static void integrals(void **state) {
  (void)state;
  ordinary("best");
}

static void binned_sums(void **state) {
  (void)state;
  ordinary("midpoint");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(integrals),
                                     cmocka_unit_test(binned_sums)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
