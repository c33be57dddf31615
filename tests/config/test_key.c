/* SPDX-License-Identifier: MIT
 *
 * The table of keys, row by row; numbers as text; nearest names.
 */
#include "support.h"

#include <locale.h>
#include <math.h>

#include "config/number.h"
#include "config/value.h"
#include "core/nearest.h"

static void test_every_row_is_complete(void **state) {
  (void)state;
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const struct kd_key *key = &kd_keys[k];
    char text[1024];
    assert_non_null(key->path);
    assert_ptr_equal(kd_key_find(key->path), key);
    assert_non_null(key->reads);
    assert_true(strlen(key->doc) > 0 && strlen(key->unit) > 0);
    bool named = key->type == KD_KEY_NAME || key->type == KD_KEY_NAMES;
    assert_int_equal(key->choice != NULL, named);
    kd_key_range_text(key, text, sizeof text);
    assert_true(strlen(text) > 0 && strlen(text) < 512);
  }
  assert_null(kd_key_find("kernel.bandwith"));
}

static void test_every_default_is_a_value(void **state) {
  (void)state;
  struct kd_diag diag;
  kd_diag_init(&diag);
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    struct kd_value value;
    assert_true(kd_value_default(&kd_keys[k], &diag, &value));
    bool scalar = kd_keys[k].type == KD_KEY_REAL || kd_keys[k].type == KD_KEY_INTEGER;
    assert_false(value.set);
    if (scalar) assert_int_equal(isnan(value.number), !kd_keys[k].default_text);
    kd_value_clear(&value);
  }
  assert_int_equal(diag.n, 0);
}

static void test_range_texts(void **state) {
  (void)state;
  static const struct {
    enum kd_key_id id;
    const char *range, *readers;
  } row[] = {
      {KD_KEY_KERNEL_BANDWIDTH, "a number from 1e-60 to 1e60", ""},
      {KD_KEY_TARGET_HALF_WIDTH, "a number above 0 up to 1e60", ""},
      {KD_KEY_SHIFT_BY, "a number from -1e60 to 1e60", ""},
      {KD_KEY_TARGET_BOUNDS, "[lower, upper], lower < upper, both from -1e60 to 1e60", ""},
      {KD_KEY_LOGITS_AT, "a list of numbers from -1e60 to 1e60", "logits.init: explicit"},
      {KD_KEY_INTEGRAL_TOLERANCE, "a number from 1e-16 to 0.1", "integral.rule: adaptive"},
      {KD_KEY_RECORD,
       "a list out of loss, gradient, defect, trajectory, sensitivity, bins, bin_error, logits, breaking_shift", ""},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    char text[1024];
    kd_key_range_text(&kd_keys[row[i].id], text, sizeof text);
    assert_string_equal(text, row[i].range);
    kd_key_readers_text(&kd_keys[row[i].id], text, sizeof text);
    assert_string_equal(text, row[i].readers);
  }
  char text[1024];
  kd_key_readers_text(&kd_keys[KD_KEY_DESCENT_RATE], text, sizeof text);
  assert_non_null(strstr(text, " with record: [trajectory]"));
}

/* ----------------------------------------------------------------- numbers */

static void check_numbers(void) {
  static const struct {
    const char *text;
    double number;
  } good[] = {{"3", 3},         {"-2", -2},   {"+2", 2},     {".5", 0.5},           {"5.", 5},
              {"1e-3", 1e-3},   {"1E5", 1e5}, {"-0", 0},     {"0e999", 0},          {"012", 12},
              {"1e308", 1e308}, {"0.1", 0.1}, {"1e+2", 100}, {"4.9e-324", 4.9e-324}};
  static const char *const bad[] = {"",       "-",   ".",    "e5",  "1e",   "1e+",   "1_000",
                                    "0x10",   "nan", ".nan", "inf", "-inf", ".inf",  "1e400",
                                    "1e-400", "1 2", " 1",   "1 ",  "1,5",  "1.2.3", "--1",
                                    "1d5",    "0b1", "true", "~",   "1e5.0"};
  const char *why;
  double number;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(kd_number_read(good[i].text, &number, &why));
    assert_true(number == good[i].number && !(number == 0 && signbit(number)));
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(kd_number_read(bad[i], &number, &why));
}

static void test_numbers(void **state) {
  (void)state;
  check_numbers();
}

/* The first locale at hand that writes a decimal comma, if there is one. */
static void test_numbers_in_another_locale(void **state) {
  (void)state;
  if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8")) skip();
  check_numbers();
  char text[KD_NUMBER_TEXT];
  kd_number_text(0.5, text, sizeof text);
  assert_string_equal(text, "0.5");
  setlocale(LC_ALL, "C");
}

static void test_integers(void **state) {
  (void)state;
  static const char *const good[] = {"3", "0", "-1", "9007199254740992", "0009007199254740992"};
  static const char *const bad[] = {"3.0", "3.5", "1e3", "9007199254740993",
                                    "99999999999999999999"};
  const char *why;
  double number;
  for (size_t i = 0; i < 5; i++) assert_true(kd_integer_read(good[i], &number, &why));
  for (size_t i = 0; i < 5; i++) assert_false(kd_integer_read(bad[i], &number, &why));
}

static void test_texts_read_back(void **state) {
  (void)state;
  static const struct {
    double number;
    const char *text;
  } row[] = {{0.1, "0.1"},      {1e60, "1e60"},
             {1e-7, "1e-7"},    {-2.5e-300, "-2.5e-300"},
             {1e7, "10000000"}, {1.0 / 3, "0.3333333333333333"},
             {0, "0"},          {9007199254740992.0, "9007199254740992"}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    char text[KD_NUMBER_TEXT];
    kd_number_text(row[i].number, text, sizeof text);
    assert_string_equal(text, row[i].text);
  }
  for (double number = 1e-60; number < 1e60; number *= -1.37e3 / 7) {
    char text[KD_NUMBER_TEXT];
    const char *why;
    double back;
    kd_number_text(number, text, sizeof text);
    assert_true(kd_number_read(text, &back, &why) && back == number);
  }
}

static void test_nearest_names(void **state) {
  (void)state;
  static const char *const row[][2] = {{"bandwith", "bandwidth"},
                                       {"bnadwidth", "bandwidth"},
                                       {"guassian", "gaussian"},
                                       {"gaussian", "gaussian"},
                                       {"uniforme", "uniform"},
                                       {"zzz", NULL},
                                       {"", NULL},
                                       {"x", NULL}};
  static const char *const name[] = {"bandwidth", "gaussian", "uniform", "cauchy"};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    struct kd_nearest nearest;
    kd_nearest_init(&nearest, row[i][0]);
    for (size_t k = 0; k < 4; k++) kd_nearest_try(&nearest, name[k]);
    if (row[i][1])
      assert_string_equal(nearest.best, row[i][1]);
    else
      assert_null(kd_nearest_hint(&nearest));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_row_is_complete),
      cmocka_unit_test(test_every_default_is_a_value),
      cmocka_unit_test(test_range_texts),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_numbers_in_another_locale),
      cmocka_unit_test(test_integers),
      cmocka_unit_test(test_texts_read_back),
      cmocka_unit_test(test_nearest_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
