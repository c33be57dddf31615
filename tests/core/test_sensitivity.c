/* SPDX-License-Identifier: MIT
 *
 * dG/dd and dL/dd against differences of G and L, for every kernel and shift mode,
 * on line and circle, points inside and outside of the target; jumps; what the
 * formula says of a constant score.
 */
#include "problems.h"

#include "core/random.h"

static double drawn(uint64_t seed, uint64_t i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, i);
}

struct sensed {
  struct answer a;
  double dG[MAX_POINTS];
};

static struct sensed sense(const struct kd_problem *p) {
  struct sensed s;
  struct kd_err err;
  struct kd_result r;
  struct kd_workspace *ws = kd_workspace_create();
  assert_int_equal(kd_evaluate(p, ws, &r, &err), 0);
  s.a = answer_to(p);
  if (r.sensitivity) memcpy(s.dG, r.sensitivity, p->n * sizeof *s.dG);
  s.a.r.sensitivity = r.sensitivity ? s.dG : NULL;
  kd_workspace_free(ws);
  return s;
}

/* Fourth-order difference of value k (0: L, i + 1: G_i) over the shift */
static double difference(struct kd_problem p, double step, size_t k) {
  static const double weight[] = {1, -8, 8, -1}, at[] = {-2, -1, 1, 2};
  double d = p.shift, sum = 0;
  for (int i = 0; i < 4; i++) {
    p.shift = d + step * at[i];
    struct answer a = answer_to(&p);
    assert_true(a.r.status == KD_STATUS_OK);
    sum += weight[i] * (k ? a.G[k - 1] : a.r.loss) / (12 * step);
  }
  return sum;
}

static void against_differences(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (uint64_t seed = 0; seed < 24; seed++) {
      const struct kd_kernel *kernel = &kd_kernels[k];
      double x[4], z[4];
      struct kd_problem p = layout_problem(kernel->name, drawn(seed, 90, 1.1, 3));
      bool compact = isfinite(kernel->support);
      p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT | KD_RECORD_SENSITIVITY;
      if (seed % 2) p.space = KD_SPACE_CIRCLE;
      p.h = compact ? drawn(seed, 91, 0.9, 1.6) : drawn(seed, 91, 0.4, 1.5);
      p.x = x, p.z = z;
      for (uint64_t j = 0; j < 4; j++) {
        x[j] = drawn(seed, j, 0.1, 1.8) * (j % 2 ? 1 : -1);
        z[j] = drawn(seed, 10 + j, -2, 2);
      }
      x[0] = drawn(seed, 20, -0.3,
                   -0.1); /* covers T for compact kernels, whose other ends lie in it */
      p.shift_mode = &kd_shift_modes[seed % kd_n_shift_modes];
      p.shift = 0.01, p.shift_left = 0.5, p.shift_right = 1.25;
      struct sensed s = sense(&p);
      double scale = fmax(1, fabs(s.a.r.loss_sensitivity));
      for (size_t i = 0; i <= 4; i++) {
        double got = i ? s.dG[i - 1] : s.a.r.loss_sensitivity, want = difference(p, 1e-4, i);
        assert_true_msg(fabs(got - want) <= 2e-8 * scale,
                        "%s, seed %d, value %d: %.12g, difference %.12g", kernel->name,
                        (int)seed, (int)i, got, want);
      }
    }
}

/* Outside T a constant score gives dG = 0 and dL = -1/h. */
static void constant_score(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("laplace", 0);
  p.record |= KD_RECORD_SENSITIVITY, p.h = 0.5;
  struct sensed s = sense(&p);
  assert_true(largest(4, s.dG) <= 1e-15);
  assert_close(s.a.r.loss_sensitivity, -2, 1e-15);
  p.kernel = kd_kernel_find("cauchy");
  assert_true(largest(4, sense(&p).dG) > 1e-3);
  p.shift = 5; /* does not exist */
  assert_null(sense(&p).a.r.sensitivity);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(against_differences),
      cmocka_unit_test(constant_score),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
