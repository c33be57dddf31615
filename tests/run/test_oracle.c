/* SPDX-License-Identifier: MIT
 *
 * Two computations that share no formula's code: random problems of every kernel, on the
 * line and the circle, by every rule, against the oracle. And the oracle's own test of
 * bounds sees numbers that are outside of them.
 */
#include "tests/oracle.h"

#include <stdlib.h>

#include "core/frame.h"
#include "core/random.h"

/* Problems a kernel, so that there are 2,000 in all and 50,000 in the torture;
 * KDEGRAD_TRIES in the environment scales it. */
static uint64_t tries(void) {
  const char *text = getenv("KDEGRAD_TRIES");
  return text ? strtoull(text, NULL, 10) + 200 : 130;
}

struct dice {
  uint64_t seed, i;
};

static double roll(struct dice *dice, double low, double high) {
  return low + (high - low) * kd_random_uniform(dice->seed, KD_STREAM_POINTS, dice->i++);
}

struct drawn {
  struct kd_problem p;
  double x[12], z[12];
};

/* Up to 12 points inside and outside of T, bandwidths from 0.03 to 2 of its length */
static void draw(uint64_t seed, const struct kd_kernel *kernel, struct drawn *d) {
  struct dice dice = {seed, 0};
  double span = roll(&dice, 0.5, 3), c = roll(&dice, -2, 2);
  d->p = layout_problem(kernel->name, 0);
  if (kernel->circle_only || seed % 2) d->p.space = KD_SPACE_CIRCLE;
  if (kernel->shape_name) d->p.shape = roll(&dice, 0.4, 4);
  d->p.h = span * exp(roll(&dice, log(0.03), log(2)));
  d->p.lower = c - span / 2, d->p.upper = c + span / 2;
  d->p.n = 1 + (size_t)roll(&dice, 0, 12), d->p.x = d->x, d->p.z = d->z;
  for (size_t j = 0; j < d->p.n; j++)
    d->x[j] = c + roll(&dice, -3, 3), d->z[j] = roll(&dice, -4, 4);
  d->p.shift = seed % 3 ? roll(&dice, -1, 0) : 0;
  d->p.shift_unit = &kd_shift_units[seed / 3 % kd_n_shift_units];
  d->p.shift_mode = &kd_shift_modes[seed / 5 % kd_n_shift_modes];
  d->p.shift_left = roll(&dice, -1, 2), d->p.shift_right = roll(&dice, -1, 2);
  d->p.rule = &kd_rules[seed / 2 % kd_n_rules];
  d->p.bins = 1 + seed % 20, d->p.order = 1 + seed % 24;
  d->p.tolerance = pow(10, -roll(&dice, 2, 15));
}

static struct oracle_bounds bounds_of(const struct kd_result *r) {
  return (struct oracle_bounds){r->loss_bound, r->gradient_bound, r->defect_bound,
                                r->loss_change_bound};
}

static void truth_is_within_bounds(void **state) {
  (void)state;
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (uint64_t seed = 0; seed < tries(); seed++) {
      struct drawn d;
      draw(seed, &kd_kernels[k], &d);
      struct answer a = answer_to(&d.p);
      if (!oracle_encloses(&d.p, &a.r, a.G, bounds_of(&a.r))) fail();
    }
}

/* Where T's half-width is rounded so are the nodes of a binned rule. Two points a bandwidth
 * beside one tell, if that is narrow and all else exact: the centre of T, 64 steps, the
 * points, on a grid of 2^-50 around the centre. */
static void nodes_follow_rounded_ends(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < tries(); seed++) {
    struct dice dice = {seed, 0};
    struct kd_problem p = layout_problem("gaussian", 0);
    double x[2], z[2] = {0, roll(&dice, -1, 1)}, side = seed % 4 < 2 ? 1 : -1;
    p.rule = kd_rule_find(seed % 2 ? "midpoint" : "trapezoid");
    p.bins = 64, p.h = 0x1p-20, p.n = 2, p.x = x, p.z = z, p.shift = 0;
    p.lower = -0.875 - floor(roll(&dice, 0, 1e6)) * 0x1p-51;
    p.upper = 1.125 + (2 * floor(roll(&dice, 0, 1e6)) + 1) * 0x1p-52;
    p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT;
    struct kd_frame frame = kd_frame_of(&p);
    assert_true(frame.c_rest == 0 && frame.dw == 0x1p-53);
    double v = (20 + floor(roll(&dice, 0, 7)) + (seed % 2 ? 0.5 : 0)) * frame.w / 32;
    for (size_t j = 0; j < 2; j++) {
      double r = p.h * roll(&dice, 0.5, 2);
      x[j] = frame.c + side * rint((v + r) * 0x1p50) * 0x1p-50;
    }
    struct answer a = answer_to(&p);
    if (!oracle_encloses(&p, &a.r, a.G, bounds_of(&a.r))) fail();
  }
}

/* One number at a time just outside its bound, or missing */
static void sees_what_is_wrong(void **state) {
  (void)state;
  struct kd_problem p = layout_problem("gaussian", 0);
  p.shift = 0.5;
  const struct answer right = answer_to(&p);
  struct oracle_bounds bounds = {1e-12, 1e-12, 1e-12, 1e-12};
  assert_true(oracle_encloses(&p, &right.r, right.G, bounds));
  for (int wrong = 0; wrong < 4; wrong++)
    for (int missing = 0; missing < 2; missing++) {
      struct answer a = right;
      double *number[] = {&a.r.loss, &a.G[3], &a.r.defect, &a.r.loss_change};
      *number[wrong] = missing ? NAN : *number[wrong] + 1.01e-12;
      assert_false(oracle_encloses(&p, &a.r, a.G, bounds));
    }
  struct answer a = right;
  a.r.status = KD_STATUS_UNCOVERED;
  assert_false(oracle_encloses(&p, &a.r, a.G, bounds));
}

static int clean_up(void **state) {
  (void)state;
  kd_certify_cleanup();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(truth_is_within_bounds),
      cmocka_unit_test(nodes_follow_rounded_ends),
      cmocka_unit_test(sees_what_is_wrong),
  };
  if (!oracle_available()) return 0;
  return cmocka_run_group_tests(tests, NULL, clean_up);
}
