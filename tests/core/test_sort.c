/* SPDX-License-Identifier: MIT
 *
 * The order of an estimate's points: against its definition, neighbour by neighbour, on
 * points that tie in parts of their bits or in all, far apart in size, few and many.
 */
#include "problems.h"

#include "core/random.h"
#include "core/sort.h"

enum { MOST = 5000, KINDS = 7 };

static double draw(size_t kind, size_t n, size_t j) {
  double x = 2 * kd_random_uniform(kind * MOST + n, KD_STREAM_POINTS, j) - 1;
  switch (kind) {
  case 0:
    return x;
  case 1:
    return rint(5 * x) / 5; /* ties, zeros of both signs */
  case 2:
    return x * pow(2, -1000 * fabs(x)); /* of any size */
  case 3:
    return x < 0 ? -1e300 : 1 + 1e-14 * x; /* leading bits in common */
  case 4:
    return 0.75;
  case 5:
    return x * 0x1p-1060; /* subnormal */
  default:
    return (double)j;
  }
}

static bool in_order(const struct kd_sort *a, const struct kd_sort *b) {
  if (fabs(a->y) != fabs(b->y)) return fabs(a->y) < fabs(b->y);
  if (a->z != b->z) return a->z < b->z;
  if (a->y != b->y) return a->y < b->y;
  return a->index < b->index;
}

static void check(size_t kind, size_t n) {
  static double y[MOST], dy[MOST], z[MOST];
  static uint64_t keys[MOST], spare[MOST];
  static struct kd_sort out[MOST];
  bool seen[MOST] = {false};
  for (size_t j = 0; j < n; j++) {
    y[j] = draw(kind, n, j), dy[j] = (double)j;
    z[j] = (double)(j * 7919 % (j % 2 ? 3 : 11));
  }
  kd_sort_points(n, y, dy, z, keys, spare, out);
  for (size_t k = 0; k < n; k++) {
    size_t i = out[k].index;
    assert_true(i < n && !seen[i]);
    seen[i] = true;
    assert_true(same_bits(out[k].y, y[i]) && out[k].dy == dy[i] && out[k].z == z[i]);
    if (k > 0 && !in_order(&out[k - 1], &out[k]))
      fail_msg("kind %zu, %zu points: %zu is before %zu", kind, n, out[k - 1].index, i);
  }
}

static void every_kind(void **state) {
  (void)state;
  static const size_t n[] = {1, 2, 17, 511, 512, 513, 2048, MOST};
  for (size_t kind = 0; kind < KINDS; kind++)
    for (size_t k = 0; k < sizeof n / sizeof *n; k++) check(kind, n[k]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_kind)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
