/* SPDX-License-Identifier: MIT
 *
 * Descents: every optimiser against its formula, step by step from gradients of their own;
 * rows and their numbering; the walk beside its twin's; the optimality gap against the least
 * loss; where they stop. Kernel ratios of trajectory.c are so compared with evaluation
 * from scratch.
 */
#include "problems.h"

#include "core/random.h"

static struct kd_problem descent_problem(const char *kernel, double rate, size_t steps) {
  struct kd_problem p = layout_problem(kernel, 0);
  p.descent = kd_descent_find("gd");
  p.rate = rate, p.steps = steps, p.every = 1;
  p.record = KD_RECORD_LOSS | KD_RECORD_TRAJECTORY;
  return p;
}

static void by_hand(void **state) {
  (void)state;
  struct kd_problem p = descent_problem("gaussian", 0.7, 5);
  struct answer a = answer_to(&p);
  double z[4];
  struct kd_problem hand = layout_problem("gaussian", 0);
  memcpy(z, layout_z, sizeof z);
  hand.z = z;
  assert_int_equal(a.r.n_recorded, 6);
  assert_int_equal(a.r.steps_taken, 5);
  for (int s = 0; s <= 5; s++) {
    struct answer b = answer_to(&hand);
    double norm = 0;
    assert_close(a.loss[s], b.r.loss, 1e-15 * fabs(b.r.loss));
    for (int i = 0; i < 4; i++) norm += b.G[i] * b.G[i], z[i] -= 0.7 * b.G[i];
    assert_close(a.norm[s], sqrt(norm), 1e-15);
  }
}

static void recorded_rows(void **state) {
  (void)state;
  struct kd_problem p = descent_problem("laplace", 1, 100);
  struct answer all = answer_to(&p);
  p.every = 7;
  struct answer some = answer_to(&p);
  assert_int_equal(some.r.n_recorded, 100 / 7 + 1);
  for (size_t row = 0; row < some.r.n_recorded; row++)
    assert_true(same_bits(some.loss[row], all.loss[7 * row]));
  for (size_t s = 1; s <= 100; s++) assert_true(all.loss[s] < all.loss[s - 1]);
  p.steps = 0;
  assert_int_equal(answer_to(&p).r.n_recorded, 1);
}

/* Same gradients to the bit, so the same logits; losses d/h apart. */
static void shifted_copy(void **state) {
  (void)state;
  struct kd_problem p = descent_problem("laplace", 1, 500);
  struct answer here = answer_to(&p);
  p.shift = 1.25;
  struct answer copy = answer_to(&p);
  for (int s = 0; s <= 500; s++) {
    assert_true(same_bits(here.norm[s], copy.norm[s]));
    assert_close(here.loss[s] - copy.loss[s], 1.25, 9e-16);
  }
  p.kernel = kd_kernel_find("gaussian");
  copy = answer_to(&p);
  p.shift = 0;
  here = answer_to(&p);
  assert_true(fabs(here.loss[0] - copy.loss[0] - (here.loss[500] - copy.loss[500])) > 0.1);
}

static void divergence(void **state) {
  (void)state;
  static const double z[] = {1.7e308, 1.7e308, 0, 0};
  struct kd_problem p = descent_problem("gaussian", 1.7e308, 50);
  p.z = z;
  struct answer a = answer_to(&p);
  assert_int_equal(a.r.status, KD_STATUS_DIVERGED);
  assert_true(a.r.n_recorded >= 1 && a.r.n_recorded <= 50);
  for (size_t s = 0; s < a.r.n_recorded; s++)
    assert_true(isfinite(a.loss[s]) && isfinite(a.norm[s]));
}

/* --- every optimiser --- */

/* Problems with many points and bins, on line and circle, by each kind of rule */
static struct kd_problem drawn(uint64_t seed, size_t n, double *x, double *z) {
  static const char *const rule[] = {"best", "midpoint", "gauss-legendre", "adaptive",
                                     "simpson"};
  struct kd_problem p = layout_problem(kd_kernels[seed % kd_n_kernels].name, 1.5);
  p.rule = kd_rule_find(rule[seed / kd_n_kernels % 5]);
  p.n = n, p.x = x, p.z = z, p.bins = 37;
  p.h = p.kernel->support < INFINITY ? 8 : 0.7;
  if (p.rule->closed == KD_CLOSED_ONLY) p.rule = kd_rule_find("best");
  for (size_t j = 0; j < n; j++) {
    x[j] = 3 * (2 * kd_random_uniform(seed, KD_STREAM_POINTS, j) - 1);
    z[j] = 2 * kd_random_uniform(seed, KD_STREAM_POINTS, 1000 + j);
  }
  return p;
}

/* The textbook's formulas, on gradients from scratch; m_j = 1 - G_j/S_j */
static void expected_step(const char *method, int t, size_t n, double rate, const double *G,
                          double *z, double *u, double *v) {
  double total = 0, top = -INFINITY;
  for (size_t i = 0; i < n; i++) top = fmax(top, z[i]);
  for (size_t i = 0; i < n; i++) total += exp(z[i] - top);
  for (size_t i = 0; i < n; i++) {
    double S = exp(z[i] - top) / total;
    if (strcmp(method, "gd") == 0) z[i] -= rate * G[i];
    if (strcmp(method, "momentum") == 0) z[i] -= rate * (u[i] = 0.9 * u[i] + G[i]);
    if (strcmp(method, "nesterov") == 0) {
      u[i] = 0.9 * u[i] + G[i];
      z[i] -= rate * (G[i] + 0.9 * u[i]);
    }
    if (strcmp(method, "rmsprop") == 0) {
      v[i] = 0.99 * v[i] + 0.01 * G[i] * G[i];
      z[i] -= rate * G[i] / (sqrt(v[i]) + 1e-8);
    }
    if (strcmp(method, "adam") == 0) {
      u[i] = 0.9 * u[i] + 0.1 * G[i];
      v[i] = 0.999 * v[i] + 0.001 * G[i] * G[i];
      z[i] -= rate * (u[i] / (1 - pow(0.9, t))) / (sqrt(v[i] / (1 - pow(0.999, t))) + 1e-8);
    }
    if (strcmp(method, "em") == 0) z[i] += log1p(-G[i] / S);
  }
}

/* Roundings of G come back divided by sqrt(v), which a small G makes large. */
static void check_walk(const struct kd_problem *p, struct kd_workspace *ws, double tolerance) {
  enum { STEPS = 10 };
  double z[MAX_POINTS], u[MAX_POINTS] = {0}, v[MAX_POINTS] = {0}, logits[STEPS + 1][MAX_POINTS];
  double loss[STEPS + 1];
  struct kd_result r;
  struct kd_err err;
  assert_int_equal(kd_evaluate(p, ws, &r, &err), KD_OK);
  if (r.status == KD_STATUS_UNCOVERED) return;
  assert_int_equal(r.n_recorded, STEPS + 1);
  for (int s = 0; s <= STEPS; s++) {
    loss[s] = r.trajectory_loss[s];
    memcpy(logits[s], r.trajectory_logits + (size_t)s * p->n, p->n * sizeof *z);
  }
  memcpy(z, p->z, p->n * sizeof *z);
  struct kd_problem hand = *p;
  hand.z = z, hand.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT;
  for (int s = 0; s <= STEPS; s++) {
    for (size_t i = 0; i < p->n; i++)
      if (!(fabs(logits[s][i] - z[i]) <= tolerance * (1 + fabs(z[i]))))
        fail_msg("%s, %s, %s: logit %zu at step %d is %.17g, expected %.17g", p->kernel->name,
                 p->rule->name, p->descent->name, i, s, logits[s][i], z[i]);
    memcpy(z, logits[s], p->n * sizeof *z);
    assert_int_equal(kd_evaluate(&hand, ws, &r, &err), KD_OK);
    assert_close(loss[s], r.loss, 2e-14 * (1 + fabs(r.loss)));
    expected_step(p->descent->name, s + 1, p->n, p->rate, r.gradient, z, u, v);
  }
}

static void every_optimiser(void **state) {
  (void)state;
  struct kd_workspace *ws = kd_workspace_create();
  double x[MAX_POINTS], z[MAX_POINTS];
  for (size_t d = 1; d < kd_n_descents; d++)
    for (uint64_t seed = 0; seed < 5 * kd_n_kernels; seed++) {
      struct kd_problem p = drawn(seed, 1 + (seed * 7) % 40, x, z);
      p.descent = &kd_descents[d], p.rate = 0.3, p.steps = 10;
      p.record = KD_RECORD_LOSS | KD_RECORD_TRAJECTORY | KD_RECORD_LOGITS;
      bool divides =
          strcmp(p.descent->name, "adam") == 0 || strcmp(p.descent->name, "rmsprop") == 0;
      check_walk(&p, ws, divides ? 1e-6 : 1e-12);
    }
  kd_workspace_free(ws);
}

/* --- m_j --- */

/* Weights that a double cannot hold: em moves logits by log m_j, which does not need them. */
static void tiny_weights(void **state) {
  (void)state;
  static const double x[] = {-2.5, 1.75, 3.25, 0.25};
  static const double z[] = {0, -300, -800, -2000}, same[] = {0, -300, -300, -300};
  static const char *const kernel[] = {"laplace", "gaussian", "asymmetric-laplace", "cauchy"};
  struct kd_workspace *ws = kd_workspace_create();
  for (size_t k = 0; k < 4; k++)
    for (int rule = 0; rule < 2; rule++) {
      struct kd_problem p = layout_problem(kernel[k], 1.5);
      double step[2][4];
      p.rule = kd_rule_find(rule ? "midpoint" : "best");
      p.x = x, p.steps = 1, p.descent = kd_descent_find("em");
      p.record = KD_RECORD_LOSS | KD_RECORD_LOGITS;
      for (int tiny = 0; tiny < 2; tiny++) {
        struct kd_result r;
        struct kd_err err;
        p.z = tiny ? z : same;
        assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
        for (int i = 0; i < 4; i++)
          step[tiny][i] = r.trajectory_logits[4 + i] - r.trajectory_logits[i];
      }
      for (int i = 0; i < 4; i++) {
        assert_true_msg(fabs(step[1][i] - step[0][i]) < 1, "%s %d %d: %g %g", kernel[k], rule, i,
                        step[1][i], step[0][i]);
        assert_close(step[1][i], step[0][i], 1e-12 + fabs(z[i]) * 0x1p-51);
      }
    }
  kd_workspace_free(ws);
}

/* --- the gap --- */

/* em ends at the optimum: no loss on the way is further above its loss than the gap, and
 * every gap closes. */
static void gap_bounds_the_loss(void **state) {
  (void)state;
  struct kd_workspace *ws = kd_workspace_create();
  double x[MAX_POINTS], z[MAX_POINTS];
  for (uint64_t seed = 0; seed < kd_n_kernels; seed++) {
    struct kd_problem p = drawn(seed, 6, x, z);
    struct kd_result r;
    struct kd_err err;
    p.descent = kd_descent_find("em"), p.steps = 3000;
    p.record = KD_RECORD_LOSS | KD_RECORD_TRAJECTORY;
    assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
    double least = r.trajectory_loss[3000];
    for (int s = 0; s <= 3000; s++) {
      assert_true(r.trajectory_loss[s] - least <= r.trajectory_gap[s] + 1e-14);
      if (s) assert_true(r.trajectory_loss[s] <= r.trajectory_loss[s - 1] + 1e-14);
    }
    assert_true(r.trajectory_gap[3000] <= 0.2 * r.trajectory_gap[0]);
    if (!((p.gap = r.trajectory_gap[500]) > 0)) continue;
    assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
    assert_true(r.steps_taken <= 500 && r.n_recorded == (size_t)r.steps_taken + 1);
    assert_true(r.trajectory_gap[r.steps_taken] <= p.gap);
    if (r.steps_taken > 0) assert_true(r.trajectory_gap[r.steps_taken - 1] > p.gap);
  }
  kd_workspace_free(ws);
}

/* --- the twin --- */

/* Laplace, dyadic: the same logits to the bit, by every optimiser, closed form or bins; the
 * Gaussian's are others. */
static void beside_the_twin(void **state) {
  (void)state;
  struct kd_workspace *ws = kd_workspace_create();
  struct kd_result r;
  struct kd_err err;
  for (size_t d = 1; d < kd_n_descents; d++)
    for (int rule = 0; rule < 2; rule++) {
      struct kd_problem p = layout_problem("laplace", 0);
      p.rule = kd_rule_find(rule ? "midpoint" : "best");
      p.shift = 1.25, p.descent = &kd_descents[d], p.rate = 0.25, p.steps = 300;
      p.record |= KD_RECORD_TRAJECTORY;
      assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
      for (int s = 0; s <= 300; s++) {
        assert_true(r.trajectory_defect[s] == 0);
        assert_close(r.trajectory_loss_change[s], -1.25, 2e-15);
      }
      p.kernel = kd_kernel_find("gaussian");
      assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
      assert_true(r.trajectory_defect[0] == 0 && r.trajectory_defect[300] > 0.01);
      p.record &= ~(unsigned)KD_RECORD_DEFECT;
      assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
      assert_null(r.trajectory_defect);
    }
  kd_workspace_free(ws);
}

/* What a workspace holds of one problem does not reach another. */
static void nothing_left_behind(void **state) {
  (void)state;
  struct kd_workspace *shared = kd_workspace_create();
  double x[MAX_POINTS], z[MAX_POINTS];
  for (uint64_t seed = 0; seed < 6 * kd_n_kernels; seed++) {
    struct kd_problem p = drawn(seed % 5 == 0 ? 3 : seed, 1 + seed % 12, x, z);
    struct kd_workspace *own = kd_workspace_create();
    struct kd_result a, b;
    struct kd_err err;
    if (seed % 4 == 0) p.h *= 1.5;
    p.descent = &kd_descents[1 + seed % (kd_n_descents - 1)], p.rate = 0.5, p.steps = 7;
    p.record |= KD_RECORD_TRAJECTORY;
    assert_int_equal(kd_evaluate(&p, shared, &a, &err), KD_OK);
    assert_int_equal(kd_evaluate(&p, own, &b, &err), KD_OK);
    for (size_t s = 0; s < b.n_recorded; s++) {
      assert_true(same_bits(a.trajectory_loss[s], b.trajectory_loss[s]));
      assert_true(same_bits(a.trajectory_gap[s], b.trajectory_gap[s]));
    }
    kd_workspace_free(own);
  }
  kd_workspace_free(shared);
}

/* More points than a full block holds, more bins than a run of blocks */
static void many(void **state) {
  (void)state;
  enum { N = 1500 };
  static double x[N], z[N];
  struct kd_workspace *ws = kd_workspace_create();
  struct kd_result r;
  struct kd_err err;
  for (size_t n = 3; n <= N; n += N - 3) {
    struct kd_problem p = drawn(1, n, x, z);
    p.rule = kd_rule_find("midpoint"), p.bins = n == N ? 700 : 9001;
    p.descent = kd_descent_find("gd"), p.steps = 1;
    p.record = KD_RECORD_LOSS | KD_RECORD_TRAJECTORY;
    assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += r.gradient[i] * r.gradient[i];
    assert_close(r.trajectory_loss[0], r.loss, 1e-14 * fabs(r.loss));
    assert_close(r.trajectory_norm[0], sqrt(sum), 1e-13 * sqrt(sum));
  }
  kd_workspace_free(ws);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_hand),
      cmocka_unit_test(recorded_rows),
      cmocka_unit_test(shifted_copy),
      cmocka_unit_test(divergence),
      cmocka_unit_test(every_optimiser),
      cmocka_unit_test(tiny_weights),
      cmocka_unit_test(gap_bounds_the_loss),
      cmocka_unit_test(beside_the_twin),
      cmocka_unit_test(nothing_left_behind),
      cmocka_unit_test(many),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
