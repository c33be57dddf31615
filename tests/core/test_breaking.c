/* SPDX-License-Identifier: MIT
 *
 * The breaking shift: against the claims' predictions for the Laplace kernel, by rule; 0 to
 * rounding for the others; none where the gradient stays.
 */
#include "problems.h"

#include "core/random.h"

static struct kd_result breaking(const struct kd_problem *p) {
  struct answer a = answer_to(p);
  return a.r;
}

static struct kd_problem to_centre(const char *kernel, double shape) {
  struct kd_problem p = layout_problem(kernel, shape);
  p.shift_unit = kd_shift_unit_find("centre");
  p.shift = 1;
  p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT | KD_RECORD_BREAKING_SHIFT;
  return p;
}

/* Nothing but rounding lies between the two shifts, and the change is as said at each. */
static void check_bracket(const struct kd_problem *p, const struct kd_result *r) {
  struct kd_problem at = *p;
  assert_true(r->breaking_shift_before < r->breaking_shift);
  assert_close(r->breaking_shift_before, r->breaking_shift, 0x1p-50 * r->breaking_shift);
  at.shift_unit = kd_shift_unit_find("absolute");
  at.record = KD_RECORD_GRADIENT | KD_RECORD_DEFECT;
  at.shift = r->breaking_shift;
  struct answer after = answer_to(&at);
  assert_true(after.r.defect > r->breaking_threshold);
  at.shift = r->breaking_shift_before;
  struct answer before = answer_to(&at);
  assert_true(before.r.defect <= before.r.defect_bound);
}

/* A change of twice the threshold is seen for certain, what is measured being off by at most
 * that. */
static void the_integral(void **state) {
  (void)state;
  struct kd_problem p = to_centre("laplace", 0);
  struct kd_result r = breaking(&p);
  double rho = r.edge_rho, least = r.breaking_threshold;
  assert_close(rho, 0.49895624159938, 1e-14);
  assert_true(r.breaking_shift > 1.25);
  assert_close(r.breaking_shift, 1.25, sqrt(2 * least / (rho * (1 - rho))));
  check_bracket(&p, &r);
}

/* Random layouts off the dyadic grid: the integral's onset is quadratic, that of midpoint
 * bins linear, at the outermost one. */
static void random_layouts(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 120; seed++) {
    double x[9], z[9], d_centre = INFINITY, w, low, most;
    struct kd_problem p = to_centre("laplace", 0);
    p.n = 2 + seed % 8, p.x = x, p.z = z;
    p.h = exp(2 * kd_random_uniform(seed, KD_STREAM_POINTS, 50) - 1);
    p.lower = -kd_random_uniform(seed, KD_STREAM_POINTS, 51), p.upper = -p.lower;
    w = p.upper;
    for (size_t j = 0; j < p.n; j++) {
      double u = 2 * kd_random_uniform(seed, KD_STREAM_POINTS, j) - 1;
      x[j] = (w + 2 * fabs(u)) * (u < 0 ? -1 : 1);
      z[j] = kd_random_uniform(seed, KD_STREAM_POINTS, 20 + j);
      d_centre = fmin(d_centre, fabs(x[j]));
    }
    p.rule = kd_rule_find(seed % 3 ? "midpoint" : "best"), p.bins = 2 + seed % 40;
    struct kd_result r = breaking(&p);
    if (isnan(r.breaking_shift)) continue;
    low = d_centre - (seed % 3 ? w - w / (double)p.bins : w);
    double rho = r.edge_rho, slope = 2 * rho * (1 - rho) / (p.h * (double)p.bins);
    most = seed % 3 ? 4 * r.breaking_threshold / slope
                    : sqrt(2 * r.breaking_threshold * p.h * 2 * w / (rho * (1 - rho)));
    if (!(r.breaking_shift >= low && r.breaking_shift - low <= most))
      fail_msg("seed %llu: breaks at %.17g, predicted %.17g and at most %g beyond",
               (unsigned long long)seed, r.breaking_shift, low, most);
    check_bracket(&p, &r);
  }
}

/* One point, or points at one place: G = 0 always. One bin at the centre: C4a. Outwards. */
static void where_it_stays(void **state) {
  (void)state;
  static const double place[] = {1.5, 1.5, 1.5, 1.5};
  struct kd_problem p = to_centre("laplace", 0);
  p.rule = kd_rule_find("midpoint"), p.bins = 1;
  assert_true(isnan(breaking(&p).breaking_shift));
  p = to_centre("laplace", 0);
  p.shift = -10;
  assert_true(isnan(breaking(&p).breaking_shift));
  p = to_centre("gaussian", 0);
  p.x = place;
  assert_true(isnan(breaking(&p).breaking_shift));
}

/* The others leave at once, inwards and outwards. */
static void other_kernels(void **state) {
  (void)state;
  static const char *const kernel[] = {"gaussian", "cauchy", "student-t",
                                       "logistic", "sech",   "exppow"};
  for (size_t k = 0; k < 6; k++)
    for (int sign = -1; sign <= 1; sign += 2) {
      struct kd_problem p = to_centre(kernel[k], 1.5);
      p.shift = sign;
      struct kd_result r = breaking(&p);
      assert_true(r.breaking_shift * sign > 0 && fabs(r.breaking_shift) < 1e-11);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_integral),
      cmocka_unit_test(random_layouts),
      cmocka_unit_test(where_it_stays),
      cmocka_unit_test(other_kernels),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
