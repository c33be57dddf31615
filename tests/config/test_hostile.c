/* SPDX-License-Identifier: MIT
 *
 * Configs made to be slow or to fill the screen: each is answered, by a plan or by
 * a few lines. How fast is measured by `make bench`; here an alarm ends what hangs.
 */
#include "support.h"

#include "core/err.h"
#include "hostile.h"

static bool answered_as_expected(const struct hostile *row) {
  char *text = hostile_text(row);
  assert_true(strlen(text) < 1 << 20);
  char *path = write_config(text, strlen(text));
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  kd_diag_init(&diag);
  alarm(60); /* also under valgrind */
  int code = kd_plan_read(path, NULL, 0, &plan, &diag);
  alarm(0);
  char *errors = diag_text(&diag);
  bool good = row->error
                  ? code != KD_OK && (row->error[0] == '\0' || strstr(errors, row->error))
                  : code == KD_OK && plan;
  good = good && strlen(errors) < 20000;
  if (!good) print_error("%s: exit %d\n%.2000s", row->name, code, errors);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  unlink(path);
  free(path);
  free(errors);
  free(text);
  return good;
}

static void test_hostile_configs_are_answered(void **state) {
  (void)state;
  size_t n_wrong = 0;
  for (size_t i = 0; i < N_HOSTILE; i++) n_wrong += !answered_as_expected(&hostile[i]);
  assert_int_equal(n_wrong, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_hostile_configs_are_answered)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
