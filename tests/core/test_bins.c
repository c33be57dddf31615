/* SPDX-License-Identifier: MIT
 *
 * What is recorded bin by bin: loss and gradient are its weighted means, for every
 * kernel and binned rule, on line and circle; gaps in the cover; what a binned rule
 * costs, whatever else is recorded.
 */
#include "reproduce.h"

#include "core/random.h"

enum { BINS_MAX = 64 };

struct drawn {
  struct kd_problem p;
  double x[8], z[8];
};

static double uniform(uint64_t seed, uint64_t i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, i);
}

static struct drawn *draw(uint64_t seed, const struct kd_kernel *kernel,
                          const struct kd_rule *rule) {
  static struct drawn d;
  d.p = layout_problem(kernel->name, kernel->shape_name ? uniform(seed, 50, 0.5, 3) : 0);
  if (seed % 2) d.p.space = KD_SPACE_CIRCLE;
  d.p.h = uniform(seed, 51, 0.3, 2);
  d.p.lower = uniform(seed, 52, -1, 0), d.p.upper = uniform(seed, 53, 0.5, 2);
  d.p.log10_factor = uniform(seed, 54, -2, 2), d.p.log10_slope = uniform(seed, 55, -2, 2);
  d.p.shift = uniform(seed, 56, -1, 0);
  d.p.n = 1 + seed % 8, d.p.x = d.x, d.p.z = d.z;
  for (uint64_t j = 0; j < d.p.n; j++) {
    d.x[j] = uniform(seed, j, -3, 3);
    d.z[j] = uniform(seed, 20 + j, -4, 4);
  }
  d.p.rule = rule, d.p.bins = 1 + seed % 20;
  d.p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT | KD_RECORD_BINS;
  return &d;
}

/* Weight of node m of n: midpoint; the two closed rules */
static double weight(const struct kd_problem *p, size_t m, size_t n) {
  if (p->rule == kd_rule_find("midpoint")) return 1 / (double)n;
  bool end = m == 0 || m == n - 1;
  if (p->rule == kd_rule_find("trapezoid")) return (end ? 0.5 : 1) / (double)p->bins;
  return (end ? 1 : m % 2 ? 4 : 2) / (6 * (double)p->bins);
}

/* Its means are loss and gradient, both within their bounds. */
static void compare_means(const struct kd_problem *p, const struct kd_result *r) {
  double loss = 0, size = 0, G[8] = {0};
  for (size_t m = 0; m < r->n_bins; m++) {
    double w = weight(p, m, r->n_bins);
    loss -= w * r->log_f[m];
    size += w * fabs(r->log_f[m]);
    for (size_t i = 0; i < p->n; i++) G[i] += w * r->bin_gradient[m * p->n + i];
  }
  double rounding = 0x1p-53 * (double)(r->n_bins + 4);
  must_be_close(loss, r->loss, 2 * r->loss_bound + rounding * size, p);
  for (size_t i = 0; i < p->n; i++)
    must_be_close(G[i], r->gradient[i], 2 * r->gradient_bound + rounding, p);
}

static void check_bins(const struct kd_problem *p, struct kd_workspace *ws) {
  struct kd_result r;
  struct kd_err err;
  assert_int_equal(kd_evaluate(p, ws, &r, &err), 0);
  must(r.n_bins == p->rule->nodes_a_bin * p->bins + p->rule->nodes_more, p);
  must(r.n_bins <= BINS_MAX, p);
  double half =
      0.5 * (p->upper - p->lower) * (p->rule->nodes_more ? 1 : 1 - 1.0 / (double)p->bins);
  double centre = 0.5 * (p->lower + p->upper);
  must_be_close(r.bin_centre[0], centre - half, 4e-16, p);
  must_be_close(r.bin_centre[r.n_bins - 1], centre + half, 4e-16, p);
  for (size_t m = 1; m < r.n_bins; m++) must(r.bin_centre[m] > r.bin_centre[m - 1], p);
  if (r.status == KD_STATUS_OK) compare_means(p, &r);
}

static void means_are_loss_and_gradient(void **state) {
  (void)state;
  struct kd_workspace *ws = kd_workspace_create();
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (size_t i = 0; i < kd_n_rules; i++)
      for (uint64_t seed = 0; !kd_rules[i].integral && seed < 40; seed++) {
        if (kd_kernels[k].circle_only && seed % 2 == 0) continue;
        check_bins(&draw(seed, &kd_kernels[k], &kd_rules[i])->p, ws);
      }
  kd_workspace_free(ws);
}

/* Two bumps over [-2, 2], the middle one of three bins covered by none */
static void gaps_are_missing(void **state) {
  (void)state;
  static const double x[] = {1.5, -1.5, 1.25}, z[] = {0, 0.5, 1};
  struct kd_problem p = layout_problem("uniform", 0);
  struct kd_result r;
  struct kd_err err;
  struct kd_workspace *ws = kd_workspace_create();
  p.lower = -2, p.upper = 2, p.h = 0.5, p.n = 3, p.x = x, p.z = z, p.bins = 3;
  p.rule = kd_rule_find("midpoint"), p.record = KD_RECORD_BINS | KD_RECORD_BIN_ERROR;
  assert_int_equal(kd_evaluate(&p, ws, &r, &err), 0);
  assert_int_equal(r.status, KD_STATUS_UNCOVERED);
  assert_int_equal(r.n_bins, 3);
  assert_true(r.log_f[1] == -INFINITY);
  for (int i = 0; i < 3; i++) assert_true(isnan(r.bin_gradient[3 + i]));
  double S[3] = {1, exp(0.5), exp(1)}, all = S[0] + S[1] + S[2];
  static const int bin_of[] = {2, 0, 2};
  for (int m = 0; m < 3; m += 2) {
    double f = 0;
    for (int i = 0; i < 3; i++) f += bin_of[i] == m ? S[i] : 0;
    assert_close(r.log_f[m], log(f / all), 1e-15);
    for (int i = 0; i < 3; i++)
      assert_close(r.bin_gradient[3 * m + i], S[i] / all - (bin_of[i] == m ? S[i] / f : 0),
                   1e-15);
  }
  assert_true(isnan(r.bin_error) && isnan(r.loss_bin_error));
  kd_workspace_free(ws);
}

/* Rules that stand for the integral have neither bins nor an error of them. */
static void only_binned_rules_have_bins(void **state) {
  (void)state;
  for (size_t i = 0; i < kd_n_rules; i++) {
    struct kd_problem p = layout_problem("laplace", 0);
    p.rule = &kd_rules[i], p.record = KD_RECORD_BINS | KD_RECORD_BIN_ERROR;
    struct answer a = answer_to(&p);
    assert_int_equal(a.r.n_bins == 0, p.rule->integral);
    assert_int_equal(!a.r.bin_gradient, p.rule->integral);
    assert_int_equal(isnan(a.r.bin_error), p.rule->integral);
    assert_int_equal(isnan(a.r.loss_bin_error), p.rule->integral);
  }
}

/* The error is the distance from the integral, also behind a descent. */
static void error_is_the_distance_from_the_integral(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("gaussian", 0);
  p.shift = 0.5;
  struct answer best = answer_to(&p);
  p.rule = kd_rule_find("midpoint"), p.bins = 5;
  p.descent = kd_descent_find("gd"), p.steps = 30;
  p.record |= KD_RECORD_BINS | KD_RECORD_BIN_ERROR | KD_RECORD_TRAJECTORY;
  struct answer a = answer_to(&p);
  double most = 0;
  for (int i = 0; i < 4; i++) most = fmax(most, fabs(a.G[i] - best.G[i]));
  assert_true(most > 1e-6);
  assert_close(a.r.bin_error, most, best.r.gradient_bound);
  assert_close(a.r.loss_bin_error, a.r.loss - best.r.loss, best.r.loss_bound);
  assert_true(a.loss[30] < a.loss[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(means_are_loss_and_gradient),
      cmocka_unit_test(gaps_are_missing),
      cmocka_unit_test(only_binned_rules_have_bins),
      cmocka_unit_test(error_is_the_distance_from_the_integral),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
