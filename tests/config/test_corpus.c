/* SPDX-License-Identifier: MIT
 *
 * What the fuzzer is seeded with, and what it found, replayed without it: the
 * corpus, good and bad configs, every experiment.
 */
#include "support.h"

#include "fuzz_plan.c"

#include <glob.h>

/* Number of files that were read. */
static size_t replay(const char *pattern) {
  glob_t found;
  if (glob(pattern, 0, NULL, &found) != 0) return 0;
  size_t n = found.gl_pathc;
  for (size_t i = 0; i < n; i++) {
    static char bytes[1 << 21];
    FILE *file = fopen(found.gl_pathv[i], "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
  }
  globfree(&found);
  return n;
}

static void test_corpus(void **state) {
  (void)state;
  assert_true(replay("tests/config/corpus/*") >= 20);
  assert_true(replay("tests/config/bad/*.yaml") >= 250);
  assert_true(replay("tests/config/good/*.yaml") >= 10);
  assert_true(replay("configs/*.yaml") >= 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
