/* SPDX-License-Identifier: MIT
 *
 * The generator against its published vector, normal quantiles against 20-digit
 * values, layouts and logits.
 */
#include "problems.h"

#include "core/num.h"
#include "core/random.h"

static void published_vector(void **state) {
  (void)state; /* philox4x32-10, zero counter and key: Random123's kat_vectors */
  static const uint32_t zero[4] = {0},
                        want[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  uint32_t got[4];
  kd_random_block(zero, zero, got);
  assert_memory_equal(got, want, sizeof got);
}

static void uniform_moments(void **state) {
  (void)state;
  enum { N = 100000 };
  double mean = 0, square = 0, normal = 0, variance = 0;
  for (uint64_t i = 0; i < N; i++) {
    double u = kd_random_uniform(7, KD_STREAM_POINTS, i),
           g = kd_random_normal(7, KD_STREAM_LOGITS, i);
    assert_true(u > 0 && u < 1 && isfinite(g));
    mean += u / N, square += u * u / N, normal += g / N, variance += g * g / N;
  }
  assert_close(mean, 0.5, 5 * 0.2887 / sqrt(N));
  assert_close(square, 1.0 / 3, 5 * 0.2981 / sqrt(N));
  assert_close(normal, 0, 5 / sqrt(N));
  assert_close(variance, 1, 5 * sqrt(2.0 / N));
  assert_true(kd_random_uniform(7, KD_STREAM_POINTS, 0) !=
              kd_random_uniform(8, KD_STREAM_POINTS, 0));
  assert_true(kd_random_uniform(7, KD_STREAM_POINTS, 0) !=
              kd_random_uniform(7, KD_STREAM_LOGITS, 0));
}

static void quantiles(void **state) {
  (void)state; /* p, and erfinv(2p - 1) sqrt(2) to 20 digits (mpmath) */
  static const double row[][2] = {{0.5, 0},
                                  {0.75, 0.67448975019608174320},
                                  {0.975, 1.9599639845400542355},
                                  {0.1, -1.2815515655446004},
                                  {0x1p-20, -4.7630010342678139570},
                                  {0x1p-53, -8.2095361516013868555}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++)
    assert_close(kd_normal_quantile(row[i][0]), row[i][1], 2e-15 * fmax(1, fabs(row[i][1])));
}

static void layouts(void **state) {
  (void)state;
  struct kd_layout_args args = {.count = 5,
                                .lower = -2,
                                .upper = 6,
                                .centre = 1,
                                .scale = 0.5,
                                .distance = 3,
                                .target_centre = 1,
                                .seed = 1};
  double out[5];
  static const double grid[] = {-2, 0, 2, 4, 6}, tied[] = {4, -2, 4, -2, 4};
  kd_layout_find("grid")->fill(&args, out);
  assert_memory_equal(out, grid, sizeof out);
  kd_layout_find("equidistant")->fill(&args, out);
  assert_memory_equal(out, tied, sizeof out);
  kd_layout_find("uniform")->fill(&args, out);
  for (int i = 0; i < 5; i++) assert_true(out[i] > -2 && out[i] < 6);
  kd_logits_find("zeros")->fill(&args, out);
  for (int i = 0; i < 5; i++) assert_true(out[i] == 0);
  args.count = 1;
  kd_layout_find("grid")->fill(&args, out);
  assert_true(out[0] == 2);
  assert_null(kd_layout_find("zeros"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(published_vector),
      cmocka_unit_test(uniform_moments),
      cmocka_unit_test(quantiles),
      cmocka_unit_test(layouts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
