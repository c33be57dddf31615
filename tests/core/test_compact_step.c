/* SPDX-License-Identifier: MIT
 *
 * Kernels of bounded support side by side: steps of a descent (compact_step.h) and closed forms
 * with bounds (compact_zones.h) against the sweep that any layout can take (compact.h), on
 * layouts of many kinds, and where they refuse; what changes no bit of G.
 */
#include "steps.h"

enum { N_KERNELS = 3 };

static const char *const kernels[] = {"uniform", "triangular", "epanechnikov"};

/* The first are covered with h too: supports overlap by more than half. */
static const struct kind kinds[] = {
    {"usual", 1, 1, -3, 3, 0, 3, true},
    {"all inside", 1, 3.5, -3, 3, 0, 3, true},
    {"nobody inside", 0.5, 0.125, -3, 3, 0.3125, 3, true},
    {"right of T", 1, 0.5, 1, 3, 0, 3, false},
    {"right of T, all of it covered", 2, 0.5, 0.75, 3, 0, 3, true},
    {"ties", 1, 1, -3, 3, 0.125, 3, true},
    {"ties, ends on the edges", 0.5, 1, -2, 2, 0.5, 3, true},
    {"ends meet ends of zones", 1, 4, -5, 5, 0.25, 3, true},
    {"supports that touch", 0.25, 1, -2, 2, 0.5, 3, true},
    {"wide kernel", 8, 1, -3, 3, 0, 3, true},
    {"far wider kernel", 1e6, 1, -3, 3, 0, 3, true},
    {"huge bandwidth", 1e200, 1, -3, 3, 0, 3, false},
    {"tiny bandwidth", 1e-200, 1, -3, 3, 0, 3, false},
    {"narrow kernel", 0.05, 2, -3, 3, 0, 3, true},
    {"narrow kernel, few in each zone", 0.0625, 3, -3, 3, 0.03125, 3, true},
    {"narrow target", 1, 1e-6, -3, 3, 0, 3, true},
    {"too narrow target", 1, 1e-40, -3, 3, 0, 3, false},
    {"gaps", 0.001, 3, -3, 3, 0.25, 3, false},
    {"unlike weights", 1, 1, -3, 3, 0, 200, true},
    {"weights of 1e-100", 0.25, 1, -3, 3, 0.015625, 249, true},
    {"weights too unlike", 1, 1, -3, 3, 0, 300, false},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* One room for all: large problems leave nothing behind that small ones see. */
static struct kd_room room;

/* At the layout's logits, points having been sorted with others */
static void step(const struct layout *l, struct numbers *out) {
  static double others[MOST];
  struct kd_estimate e;
  struct kd_err err;
  for (size_t j = 0; j < l->n; j++) others[j] = 0.25 * l->z[j];
  sort(&e, l, others);
  kd_room_points_moved(&room);
  assert_int_equal(
      l->kernel->exact_step(&e, l->z, &room, &out->done, out->G, out->log_m, &out->loss, &err),
      KD_OK);
  kd_estimate_clear(&e);
}

/* The closed form. swept: it takes the sweep, for a position may be wrong, if by nothing. */
static struct kd_objective all_at_once(const struct layout *l, bool swept,
                                       struct numbers *out) {
  static double dy[MOST];
  struct kd_estimate e = {.kernel = l->kernel, .h = l->h, .w = l->w};
  struct kd_objective o;
  struct kd_err err;
  dy[0] = swept ? 1e-300 : 0;
  assert_int_equal(kd_estimate_points(&e, l->n, l->y, dy, l->z, &err), KD_OK);
  room.zones.placed = false;
  assert_int_equal(l->kernel->exact(&e, &room, &o, out->G, out->log_m, &err), KD_OK);
  if (swept) assert_false(room.zones.placed);
  out->loss = o.loss;
  kd_estimate_clear(&e);
  return o;
}

static struct numbers a, b;
static double worst_G, worst_loss, worst_m;

static void check(const struct layout *l, const char *name, const char *what, size_t j,
                  double x, double expected, double tolerance, double *worst) {
  double off = fabs(x - expected);
  *worst = fmax(*worst, off / tolerance);
  if (!(off <= tolerance))
    fail_msg("%s, %s, %zu points: %s %zu %.17g, expected %.17g", l->kernel->name, name, l->n,
             what, j, x, expected);
}

/* a, right to so much, with the sweep in b */
static void compare(const char *name, const struct layout *l, double G_bound,
                    double loss_bound) {
  struct kd_objective o = all_at_once(l, true, &b);
  check(l, name, "loss", 0, a.loss, b.loss, loss_bound + o.loss_bound, &worst_loss);
  for (size_t j = 0; j < l->n; j++) {
    check(l, name, "G", j, a.G[j], b.G[j], G_bound + o.gradient_bound, &worst_G);
    check(l, name, "log m", j, a.log_m[j], b.log_m[j], 2e-14 * (1 + fabs(b.log_m[j])),
          &worst_m);
  }
}

/* Both forms; the step is about as right as the other. Returns whether there is a step. */
static bool compare_both(const char *name, const struct layout *l) {
  struct kd_objective o = all_at_once(l, false, &a);
  if (room.zones.placed && room.zones.serves) compare(name, l, o.gradient_bound, o.loss_bound);
  step(l, &a);
  if (a.done) compare(name, l, o.gradient_bound, o.loss_bound);
  return a.done;
}

static void same_numbers(void **state) {
  (void)state;
  for (int q = 0; q < N_KERNELS; q++) {
    worst_G = worst_loss = worst_m = 0;
    for (uint64_t seed = 0; seed < 3; seed++)
      for (size_t k = 0; k < KINDS; k++) {
        size_t n = 2048 + (size_t)(6000 * uniform(seed, 2, k)) / (k % 2 + 1);
        struct layout l = draw(kernels[q], &kinds[k], seed, n);
        bool done = compare_both(kinds[k].name, &l);
        if (done != kinds[k].serves)
          fail_msg("%s, %s, %zu: done %d", kernels[q], kinds[k].name, n, done);
      }
    print_message(
        "%s: worst difference of G %.2g, of L %.2g, of log m %.2g of what is allowed\n",
        kernels[q], worst_G, worst_loss, worst_m);
  }
}

/* Where F changes much along a stretch, zones have few nodes, or there are none at all */
static void few_points(void **state) {
  (void)state;
  size_t done = 0;
  for (int q = 0; q < N_KERNELS; q++)
    for (size_t n = 1; n < 700; n += n / 8 + 1)
      for (size_t k = 0; k < KINDS; k++)
        for (uint64_t seed = 0; seed < 4; seed++) {
          struct layout l = draw(kernels[q], &kinds[k], n + 1000 * seed, n);
          done += compare_both(kinds[k].name, &l);
        }
  print_message("%zu layouts\n", done);
  assert_true(done > 2000);
}

/* Ends that nearly meet, at all distances, and far ranges of F */
static void near_ends(void **state) {
  (void)state;
  static double y[MOST], z[MOST];
  for (int q = 0; q < N_KERNELS; q++)
    for (uint64_t seed = 0; seed < 40; seed++) {
      struct layout l = {kd_kernel_find(kernels[q]), 300 + 7 * seed, 1, 1, y, z};
      for (size_t j = 0; j < l.n; j++) {
        double apart = exp(-36 * uniform(seed, 0, j)), u = uniform(seed, 1, j);
        y[j] = 0.25 * floor(16 * u - 8) + (uniform(seed, 3, j) < 0.5 ? apart : -apart);
        z[j] = 60 * (uniform(seed, 2, j) - 0.5);
      }
      assert_true(compare_both("near ends", &l));
    }
}

static void same_bits_of(const struct layout *l, size_t stride, const char *what) {
  for (size_t j = 0; j < l->n; j++)
    if (!same_bits(a.G[j], b.G[j * stride % l->n]) ||
        !same_bits(a.log_m[j], b.log_m[j * stride % l->n]))
      fail_msg("%s: %s", l->kernel->name, what);
  if (!same_bits(a.loss, b.loss) && strcmp(what, "doubled") != 0)
    fail_msg("%s: loss, %s", l->kernel->name, what);
}

static void same_G(const struct layout *l, const struct layout *other, size_t stride,
                   const char *what) {
  step(l, &a), step(other, &b);
  assert_true(a.done && b.done);
  same_bits_of(l, stride, what);
  all_at_once(l, false, &a), all_at_once(other, false, &b);
  same_bits_of(l, stride, what);
}

/* Reflected, permuted, logits raised by a dyadic number, all lengths doubled */
static void identities(void **state) {
  (void)state;
  static double y[MOST], z[MOST];
  for (int q = 0; q < N_KERNELS; q++)
    for (size_t k = 0; k < KINDS; k++)
      for (size_t n = 2301; n < 2306; n++) {
        struct layout l = draw(kernels[q], &kinds[k], n, n), other = l;
        other.y = y, other.z = z;
        if (!kinds[k].serves) continue;
        for (size_t j = 0; j < n; j++) l.z[j] = 0x1p-40 * rint(0x1p40 * l.z[j]);
        for (size_t j = 0; j < n; j++) y[j] = -l.y[j], z[j] = l.z[j];
        same_G(&l, &other, 1, "reflected");
        for (size_t j = 0; j < n; j++) y[j] = l.y[j], z[j] = l.z[j] + 8;
        same_G(&l, &other, 1, "raised");
        for (size_t j = 0; j < n; j++) y[j] = 2 * l.y[j], z[j] = l.z[j];
        other.h = 2 * l.h, other.w = 2 * l.w;
        same_G(&l, &other, 1, "doubled");
        other.h = l.h, other.w = l.w;
        if (n % 7 == 0) continue;
        for (size_t j = 0; j < n; j++) y[j * 7 % n] = l.y[j], z[j * 7 % n] = l.z[j];
        same_G(&l, &other, 7, "permuted");
      }
}

/* Logits grow apart on the way, to weights of 1e-300. */
static void along_a_descent(void **state) {
  (void)state;
  for (int q = 0; q < N_KERNELS; q++) {
    struct layout l = draw(kernels[q], &kinds[0], 7, 2500);
    follow_descent(&l, 3e5, 690);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_numbers),    cmocka_unit_test(few_points),
      cmocka_unit_test(near_ends),       cmocka_unit_test(identities),
      cmocka_unit_test(along_a_descent),
  };
  int code = cmocka_run_group_tests(tests, NULL, NULL);
  kd_room_clear(&room);
  return code;
}
