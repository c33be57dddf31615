/* SPDX-License-Identifier: MIT
 *
 * Numbers of ranges, to the last bit. The table was computed by mpmath 1.3 with
 * 400 bits: from*(to/from)**(mpf(i)/(n - 1)).
 */
#include "support.h"

#include <math.h>
#include <stdint.h>

#include "config/number.h"
#include "config/range.h"

static double number_of(double from, double to, bool log, size_t i, size_t n) {
  struct kd_range range = kd_range_make(from, to, n, log);
  return kd_range_number(&range, i);
}

static const struct {
  double from, to;
  size_t i, n;
  double number;
} geometric[] = {
    {0.001, 2, 1, 9, 0x1.52f3ce9043d29p-9},
    {0.001, 2, 2, 9, 0x1.b6440164d7276p-8},
    {0.001, 2, 4, 9, 0x1.6e5b7d16657e1p-5},
    {0.001, 2, 7, 9, 0x1.8bfa672296782p-1},
    {1e-59, 1e59, 1, 9, 0x1.00d5057a7e7eep-147},
    {1e-59, 1e59, 2, 9, 0x1.008deffc40d29p-98},
    {1e-59, 1e59, 7, 9, 0x1.fe57566933fc9p+146},
    {0.03125, 32, 1, 161, 0x1.0b5586cf9890fp-5},
    {0.03125, 32, 53, 161, 0x1.3dea64c123422p-2},
    {0.03125, 32, 159, 161, 0x1.ea4afa2a490dap+4},
    {3, 7, 1, 1000000000, 0x1.80000005756bcp+1},
    {3, 7, 333333333, 1000000000, 0x1.fd51bf2069fe6p+1},
    {3, 7, 499999999, 1000000000, 0x1.2548eb8f3c423p+2},
    {3, 7, 999999998, 1000000000, 0x1.bffffff9a1ad0p+2},
    {5e-324, 1.7976931348623157e308, 333, 1001, 0x1.8d46cf1622bd0p-376},
    {5e-324, 1.7976931348623157e308, 999, 1001, 0x1.de60276d3e506p+1021},
    {1e60, 1e-60, 1, 78, 0x1.19d327d19fc17p+194},
    {1e60, 1e-60, 25, 78, 0x1.da62a8ca0a2a0p+69},
    {1e60, 1e-60, 38, 78, 0x1.80f263c6aca69p+2},
    {1e60, 1e-60, 76, 78, 0x1.d1154e704e383p-195},
    {0.1, 0.30000000000000004, 3, 12, 0x1.1458b2a78d068p-3},
    {0.1, 0.30000000000000004, 10, 12, 0x1.160049a998b04p-2},
    {2.718281828459045, 3.141592653589793, 32, 98, 0x1.6cf4ae3d41fe2p+1},
    {2.718281828459045, 3.141592653589793, 96, 98, 0x1.9186396ebb1f4p+1},
};

static void test_log_ranges_are_rounded_once(void **state) {
  (void)state;
  for (size_t k = 0; k < sizeof geometric / sizeof *geometric; k++) {
    double number =
        number_of(geometric[k].from, geometric[k].to, true, geometric[k].i, geometric[k].n);
    if (number != geometric[k].number) print_error("row %zu: %a\n", k, number);
    assert_true(number == geometric[k].number);
  }
}

/* Tenths, thirds of a thousand, decades: the decimals that one would type. */
static void test_decimals_come_out_as_typed(void **state) {
  (void)state;
  static const struct {
    double from, to;
    bool log;
    size_t n;
    const char *text;
  } row[] = {
      {0.1, 0.7, false, 7, "0.1 0.2 0.3 0.4 0.5 0.6 0.7"},
      {-0.3, 0.3, false, 7, "-0.3 -0.2 -0.1 0 0.1 0.2 0.3"},
      {1e-7, 4e-7, false, 4, "1e-7 2e-7 3e-7 4e-7"},
      {0.9, -0.1, false, 6, "0.9 0.7 0.5 0.3 0.1 -0.1"},
      {0, 1, false, 4, "0 0.3333333333333333 0.6666666666666666 1"},
      {1e-3, 1e3, true, 7, "0.001 0.01 0.1 1 10 100 1000"},
      {0.2, 3.2, true, 5, "0.2 0.4 0.8 1.6 3.2"},
      {1e60, 1e-60, true, 5, "1e60 1e30 1 1e-30 1e-60"},
  };
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    char text[256] = "";
    for (size_t i = 0; i < row[k].n; i++) {
      char number[KD_NUMBER_TEXT];
      kd_number_text(number_of(row[k].from, row[k].to, row[k].log, i, row[k].n), number,
                     sizeof number);
      strcat(strcat(text, i ? " " : ""), number);
    }
    assert_string_equal(text, row[k].text);
  }
}

/* What doubles hold exactly is not moved to a decimal nearby. */
static void test_what_is_exact_stays(void **state) {
  (void)state;
  enum { N = 1 << 20 };
  for (size_t i = 0; i <= N; i += 37)
    assert_true(number_of(1, 2, false, i, N + 1) == 1 + ldexp((double)i, -20));
  assert_true(number_of(1, 1 + 0x1p-51, false, 1, 3) == 1 + 0x1p-52);
  assert_true(number_of(0x1p-40, 1, true, 39, 41) == 0.5);
  assert_true(number_of(0x1p-40, 1, true, 1, 41) == 0x1p-39);
  assert_true(number_of(0, 1, false, 1, 1000000) == 1 / 999999.0);
  assert_true(number_of(1, 9007199254740991, false, 1, 3) == 4503599627370496);
}

/* FNV-1a over the bits of many numbers: the same with every compiler and libm. */
static void test_bits_are_the_same_everywhere(void **state) {
  (void)state;
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t n = 2; n < 300; n += 7)
    for (size_t i = 0; i < n; i++)
      for (int log = 0; log < 2; log++) {
        double number = number_of(0.37 * (double)n, 1e5 / (double)n, log, i, n);
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        for (int b = 0; b < 64; b += 8)
          hash = (hash ^ (bits >> b & 255)) * UINT64_C(0x100000001b3);
      }
  assert_int_equal(hash, UINT64_C(0xeb2313cab34cf83b));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_log_ranges_are_rounded_once),
      cmocka_unit_test(test_decimals_come_out_as_typed),
      cmocka_unit_test(test_what_is_exact_stays),
      cmocka_unit_test(test_bits_are_the_same_everywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
