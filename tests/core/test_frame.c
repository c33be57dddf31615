/* SPDX-License-Identifier: MIT
 *
 * Positions as parts, as a whole and from arrays are the same; their errors, against long
 * double; what a shift moves them by, against each mode's own velocity.
 */
#include "core/frame.h"

#include "drawn.h"
#include "precise.h"

enum { N = 77 };

/* Targets whose centre is a double, and not; points near it and far from it */
static struct drawn layout(uint64_t seed, bool on_circle) {
  uint64_t i = 0;
  double c = uniform(seed, &i, -2, 2), w = uniform(seed, &i, 0.1, 1);
  bool dyadic = seed % 3 == 0;
  double upper = seed % 2 ? 0.25 : 0.75; /* a centre at 0, too */
  struct drawn d = problem(N, 1, dyadic ? -0.75 : c - w, dyadic ? upper : c + w);
  for (size_t j = 0; j < N; j++) {
    double reach = exp(uniform(seed, &i, -30, on_circle ? 1 : 10));
    d.x[j] = (d.p.lower + d.p.upper) / 2 + reach * uniform(seed, &i, -1, 1);
    if (dyadic) d.x[j] = ldexp(rint(ldexp(d.x[j], 20)), -20);
  }
  d.p.space = on_circle ? KD_SPACE_CIRCLE : KD_SPACE_LINE;
  d.p.shift_mode = &kd_shift_modes[seed % kd_n_shift_modes];
  d.p.shift_left = 0.3, d.p.shift_right = 0.7;
  return d;
}

static void must_be_same(const double *a, const double *b, size_t n) {
  for (size_t i = 0; i < n; i++) assert_true(same_bits(a[i], b[i]));
}

static void parts_are_the_whole(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < tries(300); seed++) {
    struct drawn d = layout(seed, seed % 8 < 4);
    double y[N], dy[N], part_y[N], part_dy[N], alone[N], spare[N];
    struct kd_positions p;
    kd_positions_init(&p, &d.p, seed % 5 ? 0.1 : 0, seed % 7 ? 1e-12 : 0);
    struct kd_positions held = {.n = N, .y = y, .dy = dy};
    kd_positions_read(&p, 0, N, y, dy);
    for (size_t first = 0, n; first < N; first += n) {
      n = N - first < 1 + seed % 20 ? N - first : 1 + seed % 20;
      kd_positions_read(&p, first, n, part_y + first, part_dy + first);
      must_be_same(kd_positions_look(&p, first, n, alone, spare), y + first, n);
      must_be_same(kd_positions_look(&held, first, n, alone, spare), y + first, n);
    }
    must_be_same(part_y, y, N), must_be_same(part_dy, dy, N);
    kd_positions_read(&held, 5, N - 5, part_y, part_dy);
    must_be_same(part_y, y + 5, N - 5), must_be_same(part_dy, dy + 5, N - 5);
    drop(&d);
  }
}

/* On the line; long double holds what a double rounds here. */
static void errors_hold(void **state) {
  (void)state;
  if (!precise_enough()) return;
  for (uint64_t seed = 0; seed < tries(300); seed++) {
    struct drawn d = layout(seed, false);
    double y[N], dy[N], by = seed % 5 ? 0.1 : 0, off = seed % 4 ? 0 : 1e-13;
    struct kd_positions p;
    kd_positions_init(&p, &d.p, by, off);
    kd_positions_read(&p, 0, N, y, dy);
    for (size_t j = 0; j < N; j++) {
      long double r = d.x[j] - ((long double)d.p.lower + d.p.upper) / 2;
      long double v = d.p.shift_mode->velocity((double)r, d.p.shift_left, d.p.shift_right);
      long double error = fabsl(r + v * (by + (long double)off) - y[j]);
      if (by == 0) error = fabsl(r - y[j]);
      assert_true((double)error <= dy[j] * (1 + 0x1p-40) + 0x1p-62 * (fabs((double)r) + by));
      if (seed % 3 == 0 && by == 0) assert_true(dy[j] == 0);
    }
    drop(&d);
  }
}

/* What kd_positions_init takes for granted */
static void velocities_hang_on_sides(void **state) {
  (void)state;
  for (size_t m = 0; m < kd_n_shift_modes; m++)
    for (double y = 1e-300; y < 1e300; y *= 1e7) {
      double (*velocity)(double, double, double) = kd_shift_modes[m].velocity;
      assert_true(velocity(y, 0.3, 0.7) == velocity(1, 0.3, 0.7));
      assert_true(velocity(-y, 0.3, 0.7) == velocity(-1, 0.3, 0.7));
      assert_true(velocity(0, 0.3, 0.7) == velocity(-1, 0.3, 0.7));
    }
}

/* An unshifted layout is the caller's, to the bit. */
static void results_point_to_x(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 30; seed++) {
    struct drawn d = layout(seed, false);
    struct kd_workspace *ws = kd_workspace_create();
    struct kd_result r;
    struct kd_err err;
    d.p.record = KD_RECORD_LOSS, d.p.shift = 1e-12 * (double)(seed % 2);
    assert_int_equal(kd_evaluate(&d.p, ws, &r, &err), KD_OK);
    if (r.status == KD_STATUS_OK) assert_true((r.x == d.x) == (d.p.shift == 0));
    kd_workspace_free(ws);
    drop(&d);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_are_the_whole),
      cmocka_unit_test(errors_hold),
      cmocka_unit_test(velocities_hang_on_sides),
      cmocka_unit_test(results_point_to_x),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
