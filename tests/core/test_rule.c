/* SPDX-License-Identifier: MIT
 *
 * Quadrature: Gauss-Legendre against closed forms, the midpoint rule's
 * definition and order, agreement of the rules, the binned form of the shift's
 * end.
 */
#include "problems.h"

#include "core/estimate.h"
#include "core/num.h"

/* int_-1^1 t^k dt for all k that the rule must integrate exactly */
static void gauss_is_exact(void **state) {
  (void)state;
  for (size_t order = 1; order <= KD_ORDER_MAX; order++) {
    double node[KD_ORDER_MAX], weight[KD_ORDER_MAX];
    kd_gauss_legendre(order, node, weight);
    for (size_t k = 0; k < 2 * order; k++) {
      double sum = 0;
      for (size_t m = 0; m < order; m++) sum += weight[m] * pow(node[m], (double)k);
      assert_close(sum, k % 2 ? 0 : 2 / (double)(k + 1), 3e-15);
    }
    for (size_t m = 1; m < order; m++) assert_true(node[m - 1] < node[m]);
    for (size_t m = 0; m < order; m++) assert_true(node[m] == -node[order - 1 - m]);
  }
}

static void weights_sum_to_one(void **state) {
  (void)state;
  double y[] = {-0.3, 0.1, 2}, z[] = {0, 1, 2};
  for (size_t r = 0; r < kd_n_rules; r++)
    for (size_t k = 0; k < kd_n_kernels; k++) {
      struct kd_err err;
      struct kd_nodes nodes = {0};
      struct kd_estimate e = {.kernel = &kd_kernels[k], .h = 0.4, .shape = 0.7, .w = 0.8};
      struct kd_sum sum = {0};
      assert_int_equal(kd_estimate_points(&e, 3, y, NULL, z, &err), 0);
      assert_int_equal(
          kd_rule_place(&kd_rules[r], &e, &(struct kd_rule_args){37, 5, 1e-14}, &nodes, &err),
          0);
      for (size_t m = 0; m < nodes.n; m++) {
        kd_sum_add(&sum, nodes.weight[m]);
        assert_true(fabs(nodes.v[m]) <= 0.8 && (m == 0 || nodes.v[m] >= nodes.v[m - 1]));
      }
      assert_close(kd_sum_value(&sum), 1, 2e-15);
      kd_estimate_clear(&e);
      kd_nodes_clear(&nodes);
    }
}

/* One bin is the bin at the centre, written out here with plain exps. */
static void one_midpoint_is_the_centre(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("laplace", 0);
  double S[4], total = 0, f = 0;
  for (int i = 0; i < 4; i++) total += S[i] = exp(layout_z[i]);
  for (int i = 0; i < 4; i++) f += (S[i] /= total) * exp(-fabs(layout_x[i])) / 2;
  p.rule = kd_rule_find("midpoint"), p.bins = 1;
  struct answer a = answer_to(&p);
  assert_close(a.r.loss, -log(f), 2e-15);
  for (int i = 0; i < 4; i++)
    assert_close(a.G[i], S[i] - S[i] * exp(-fabs(layout_x[i])) / 2 / f, 2e-16);
  p.shift = 1.75; /* at one bin in the centre the note is right up to d_centre */
  assert_true(answer_to(&p).r.defect == 0);
}

/* With M midpoint bins the invariance lasts until the outermost bin's centre. */
static void bins_move_the_edge(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("laplace", 0);
  p.rule = kd_rule_find("midpoint");
  for (p.bins = 1; p.bins <= 64; p.bins *= 2) {
    double end = 1.75 - (0.5 - 0.5 / (double)p.bins);
    p.shift = end;
    assert_true(answer_to(&p).r.defect == 0);
    p.shift = end + 0x1p-20;
    if (p.bins > 1) assert_true(answer_to(&p).r.defect > 1e-9);
  }
}

static void midpoint_is_second_order(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++) {
    const struct kd_kernel *kernel = &kd_kernels[k];
    if (isfinite(kernel->support)) continue;
    struct kd_problem p = layout_problem(kernel->name, 1.5);
    double best = answer_to(&p).r.loss, error[2];
    p.rule = kd_rule_find("midpoint");
    for (int i = 0; i < 2; i++) {
      p.bins = i ? 64 : 32;
      error[i] = answer_to(&p).r.loss - best;
    }
    assert_true_msg(fabs(error[0] / error[1] - 4) <= 0.02, "%s: %g", kernel->name,
                    error[0] / error[1]);
  }
}

/* Smooth problems: many Gauss panels agree with `best`, kinks included. */
static void rules_agree(void **state) {
  (void)state;
  static const double x[] = {-0.25, 0.1, 0.4, 2};
  for (size_t k = 0; k < kd_n_kernels; k++) {
    struct kd_problem p = layout_problem(kd_kernels[k].name, 3);
    p.x = x, p.h = 0.5;
    struct answer best = answer_to(&p);
    p.rule = kd_rule_find("gauss-legendre"), p.bins = 64, p.order = 16;
    struct answer other = answer_to(&p);
    assert_int_equal(best.r.status, KD_STATUS_OK);
    assert_close(other.r.loss, best.r.loss, 2e-15 * fmax(1, fabs(best.r.loss)));
    for (int i = 0; i < 4; i++) assert_close(other.G[i], best.G[i], 2e-15);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gauss_is_exact),
      cmocka_unit_test(weights_sum_to_one),
      cmocka_unit_test(one_midpoint_is_the_centre),
      cmocka_unit_test(bins_move_the_edge),
      cmocka_unit_test(midpoint_is_second_order),
      cmocka_unit_test(rules_agree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
