/* SPDX-License-Identifier: MIT
 *
 * Steps of a descent in closed form (laplace_step.h) against the closed form that has bounds,
 * on layouts of many kinds, and where they refuse; what changes no bit of G.
 */
#include "steps.h"

static const struct kind kinds[] = {
    {"usual", 1, 1, -3, 3, 0, 3, true},
    {"all inside", 1, 4, -3, 3, 0, 3, true},
    {"nobody inside", 0.5, 0.25, -3, 3, 0.3125, 3, true},
    {"right of T", 1, 0.5, 1, 3, 0, 3, true},
    {"left of T", 1, 0.5, -3, -1, 0, 3, true},
    {"ties", 1, 1, -3, 3, 0.125, 3, true},
    {"ties on the edges, at the centre", 0.5, 1, -2, 2, 0.5, 3, true},
    {"wide kernel", 8, 1, -3, 3, 0, 3, true},
    {"narrow kernel", 0.5, 2, -3, 3, 0, 3, true},
    {"wide gaps", 0.5, 1, -150, 100, 25, 3, true},
    {"unlike weights", 1, 1, -3, 3, 0, 200, true},
    {"far outside", 0.01, 0.5, -3, 3, 0.25, 3, true},
    {"too far outside", 0.004, 0.5, -3, 3, 0.25, 3, false},
    {"too wide gaps", 0.01, 3, -3, 3, 1.5, 3, false},
    {"most stretches long", 0.01, 3, -3, 3, 0, 3, false},
    {"weights too unlike", 1, 1, -3, 3, 0, 300, false},
    {"flat", 40, 1, -3, 3, 0, 3, false},
    {"flat from two sides", 40, 0.001, -8, 8, 16, 3, false},
    {"huge bandwidth", 1e300, 1, -3, 3, 0, 3, false},
    {"tiny bandwidth", 1e-300, 1, -3, 3, 0, 3, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* At the layout's logits, points having been sorted with others */
static void step(const struct layout *l, struct numbers *out) {
  static double others[MOST];
  struct kd_estimate e;
  struct kd_room room = {0};
  struct kd_err err;
  for (size_t j = 0; j < l->n; j++) others[j] = 0.25 * l->z[j];
  sort(&e, l, others);
  assert_int_equal(
      kd_exact_laplace_step(&e, l->z, &room, &out->done, out->G, out->log_m, &out->loss, &err),
      KD_OK);
  kd_estimate_clear(&e), kd_room_clear(&room);
}

static double all_at_once(const struct layout *l, struct numbers *out) {
  struct kd_estimate e;
  struct kd_room room = {0};
  struct kd_objective o;
  struct kd_err err;
  sort(&e, l, l->z);
  assert_int_equal(kd_exact_laplace(&e, &room, &o, out->G, out->log_m, &err), KD_OK);
  out->loss = o.loss;
  double most = 0;
  for (size_t j = 0; j < l->n; j++) most = fmax(most, e.S[j]);
  kd_estimate_clear(&e), kd_room_clear(&room);
  return most;
}

static struct numbers a, b;

static void compare(const struct kind *k, uint64_t seed, size_t n) {
  struct layout l = draw("laplace", k, seed, n);
  double most = all_at_once(&l, &b), scale = 0;
  for (size_t j = 0; j < n; j++) scale = fmax(scale, fmax(most, fabs(b.G[j])));
  if (!(fabs(a.loss - b.loss) <= 2e-14 * (1 + fabs(b.loss))))
    fail_msg("%s, %zu: loss %.17g, expected %.17g", k->name, n, a.loss, b.loss);
  for (size_t j = 0; j < n; j++) {
    if (!(fabs(a.G[j] - b.G[j]) <= 1e-14 * scale))
      fail_msg("%s, %zu: G %.17g, expected %.17g", k->name, n, a.G[j], b.G[j]);
    if (!(fabs(a.log_m[j] - b.log_m[j]) <= 2e-14 * (1 + fabs(b.log_m[j]))))
      fail_msg("%s, %zu: log m %.17g, expected %.17g", k->name, n, a.log_m[j], b.log_m[j]);
  }
}

static void same_numbers(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 3; seed++)
    for (size_t k = 0; k < KINDS; k++) {
      size_t n = 2048 + (size_t)(6000 * uniform(seed, 2, k)) / (k % 2 + 1);
      struct layout l = draw("laplace", &kinds[k], seed, n);
      step(&l, &a);
      if (a.done != kinds[k].serves) fail_msg("%s, %zu: done %d", kinds[k].name, n, a.done);
      if (a.done) compare(&kinds[k], seed, n);
    }
}

/* Where hardly any stretch is short */
static void few_points(void **state) {
  (void)state;
  size_t done = 0;
  for (size_t n = 2; n < 700; n += n / 8 + 1)
    for (size_t k = 0; k < KINDS; k++) {
      struct layout l = draw("laplace", &kinds[k], n, n);
      step(&l, &a);
      done += a.done;
      if (a.done) compare(&kinds[k], n, n);
    }
  assert_true(done > 100);
}

/* Odd and even numbers, and of points at the centre */
static void reflection_and_permutation(void **state) {
  (void)state;
  static double y[MOST], z[MOST];
  for (size_t k = 0; k < KINDS; k++)
    for (size_t n = 2300; n < 2308; n++) {
      struct layout l = draw("laplace", &kinds[k], n, n), other = {l.kernel, n, l.h, l.w, y, z};
      if (!kinds[k].serves) continue;
      step(&l, &a);
      for (size_t j = 0; j < n; j++) y[j] = -l.y[j], z[j] = l.z[j];
      step(&other, &b);
      assert_true(a.done && b.done);
      for (size_t j = 0; j < n; j++)
        if (!same_bits(a.G[j], b.G[j])) fail_msg("%s: reflected", kinds[k].name);
      for (size_t j = 0; j < n; j++) y[j * 7 % n] = l.y[j], z[j * 7 % n] = l.z[j];
      if (n % 7 == 0) continue;
      step(&other, &b);
      for (size_t j = 0; j < n; j++)
        if (!same_bits(a.G[j], b.G[j * 7 % n])) fail_msg("%s: permuted", kinds[k].name);
    }
}

/* Points outside T moved inwards by a dyadic step, logits raised by one */
static void exact_shifts(void **state) {
  (void)state;
  static const struct kind outside = {"outside", 1, 0.5, -3, 3, 0.0078125, 2, true};
  static double y[MOST], z[MOST];
  struct layout l = draw("laplace", &outside, 5, 4001), other = {l.kernel, l.n, l.h, l.w, y, z};
  for (size_t j = 0; j < l.n; j++) l.y[j] += l.y[j] < 0 ? -1 : 1;
  for (size_t j = 0; j < l.n; j++) {
    l.z[j] = 0x1p-40 * rint(0x1p40 * l.z[j]);
    y[j] = l.y[j] + (l.y[j] < 0 ? 0.4375 : -0.4375), z[j] = l.z[j] + 8;
  }
  step(&l, &a), step(&other, &b);
  assert_true(a.done && b.done);
  for (size_t j = 0; j < l.n; j++) assert_true(same_bits(a.G[j], b.G[j]));
  assert_close(a.loss - b.loss, 0.4375, 1e-14);
}

/* Logits grow apart on the way. */
static void along_a_descent(void **state) {
  (void)state;
  struct layout l = draw("laplace", &kinds[0], 7, 2500);
  follow_descent(&l, 1e5, 250);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_numbers),
      cmocka_unit_test(few_points),
      cmocka_unit_test(reflection_and_permutation),
      cmocka_unit_test(exact_shifts),
      cmocka_unit_test(along_a_descent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
