/* SPDX-License-Identifier: MIT
 *
 * Memory for tables: all of it can be used, it begins with a cache line, large ones are marked
 * for huge pages where the system has them, and more than there can be is refused.
 */
#include "problems.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/huge.h"

static double *fill(size_t n) {
  double *a = kd_huge_numbers(n);
  assert_non_null(a);
  assert_int_equal((uintptr_t)a % 64, 0);
  for (size_t i = 0; i < n; i++) a[i] = (double)i;
  return a;
}

static void all_of_it_can_be_used(void **state) {
  (void)state;
  for (size_t n = 1; n < (size_t)3 << 20; n = 3 * n + 1) {
    double *a = fill(n), *b = fill(n);
    for (size_t i = 0; i < n; i++) assert_true(a[i] == (double)i);
    free(a), free(b);
  }
}

/* Whether what the system says of the range that holds `at` has the flag "hg" */
static bool marked(const void *at) {
  FILE *maps = fopen("/proc/self/smaps", "r");
  char line[4096];
  bool here = false, found = false;
  uintptr_t begin, end;
  while (maps && fgets(line, sizeof line, maps)) {
    if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &begin, &end) == 2)
      here = begin <= (uintptr_t)at && (uintptr_t)at < end;
    else if (here && strncmp(line, "VmFlags:", 8) == 0)
      found = strstr(line, " hg") != NULL;
  }
  if (maps) fclose(maps);
  return found;
}

static void large_ones_are_marked(void **state) {
  (void)state;
  if (access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK)) skip();
  size_t n = ((size_t)8 << 20) + 1000;
  double *large = fill(n), *small = fill(1000);
  assert_true(marked(large) && marked(large + n / 2));
  assert_false(marked(large + n - 1) || marked(small));
  free(large), free(small);
}

static void too_much_is_refused(void **state) {
  (void)state;
  assert_null(kd_huge_numbers(SIZE_MAX / 2));
  assert_null(kd_huge_numbers(SIZE_MAX / 8));
  assert_null(kd_huge_numbers(SIZE_MAX));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_of_it_can_be_used),
      cmocka_unit_test(large_ones_are_marked),
      cmocka_unit_test(too_much_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
