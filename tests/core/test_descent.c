/* SPDX-License-Identifier: MIT
 *
 * Gradient descent: rows and their numbering, agreement with steps taken by
 * hand, the walk of a shifted copy, divergence.
 */
#include "problems.h"

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_hand),
      cmocka_unit_test(recorded_rows),
      cmocka_unit_test(shifted_copy),
      cmocka_unit_test(divergence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
