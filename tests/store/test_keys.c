/* SPDX-License-Identifier: MIT
 *
 * From a key to its rows, against a search through all rows.
 */
#include "store/keys.h"

#include "example.h"

/* Keys that collide: few different halves, so that slots, low halves and whole keys are
 * shared by many. */
static struct kd_key_pair key_of(size_t i, size_t different) {
  size_t k = i * 2654435761u % different;
  return (struct kd_key_pair){k % 5, k / 5 * 4096};
}

static bool same(struct kd_key_pair a, struct kd_key_pair b) {
  return a.high == b.high && a.low == b.low;
}

static void every_row_is_found(void **state) {
  (void)state;
  static const size_t sizes[] = {1, 2, 15, 16, 17, 600, 1023};
  for (size_t t = 0; t < sizeof sizes / sizeof *sizes; t++)
    for (size_t different = 1; different <= 2 * sizes[t]; different = 3 * different + 1) {
      struct kd_err err;
      struct kd_keys keys = {0};
      size_t n = sizes[t];
      for (size_t i = 0; i < n; i++)
        assert_int_equal(kd_keys_add(&keys, key_of(i, different), &err), KD_OK);
      assert_int_equal(kd_keys_index(&keys, &err), KD_OK);
      for (size_t i = 0; i < 2 * n; i++) { /* half of them were not added */
        struct kd_key_pair key = key_of(i, 2 * different);
        uint32_t row = kd_keys_find(&keys, key);
        for (size_t j = 0; j < n; j++) {
          if (!same(keys.key[j], key)) continue;
          assert_int_equal(row, j);
          row = keys.next[row];
        }
        assert_true(row == KD_NO_ROW);
      }
      kd_keys_clear(&keys);
    }
}

static void no_rows(void **state) {
  (void)state;
  struct kd_err err;
  struct kd_keys keys = {0};
  struct kd_key_pair key = {1, 2};
  assert_true(kd_keys_find(&keys, key) == KD_NO_ROW);
  assert_int_equal(kd_keys_index(&keys, &err), KD_OK);
  assert_true(kd_keys_find(&keys, key) == KD_NO_ROW);
  assert_int_equal(kd_keys_reserve(&keys, KD_NO_ROW, &err), KD_SYSTEM);
  kd_keys_clear(&keys);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_row_is_found),
      cmocka_unit_test(no_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
