/* SPDX-License-Identifier: MIT
 *
 * The library's models and configs agree: the same paths, names, ranges and defaults; and
 * what a model gives out has the names of a result file.
 */
#include <math.h>

#include "config/value.h"
#include "core/kdegrad.h"
#include "store/variable.h"
#include "support.h"

/* What a model is told in other ways, or not at all. */
static bool config_alone(const char *path) {
  static const char *const alone[] = {"target.centre", "target.half_width", "points.file",
                                      "points.column", "claims"};
  for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
    if (strcmp(alone[i], path) == 0) return true;
  return false;
}

static void check_names(struct kd_model *m, const struct kd_key *key) {
  size_t i = 0;
  for (; key->choice(i); i++) {
    assert_string_equal(kd_model_choice(key->path, i), key->choice(i));
    bool file = strcmp(key->choice(i), "file") == 0;
    assert_int_equal(kd_model_choose(m, key->path, key->choice(i)), file ? 2 : 0);
  }
  assert_null(kd_model_choice(key->path, i));
}

static void check_number(struct kd_model *m, const struct kd_key *key) {
  const double tried[] = {
      -2e60, -1e60, -1e7, -1e6, -2, -1,  -0.5, 0,        1e-60, 1e-16, 0.01,
      0.1,   0.5,   1,    64,   65, 1e6, 1e7,  10000001, 1e9,   1e10,  9007199254740992.0,
      1e16,  1e60,  2e60};
  for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
    bool good = kd_value_in_range(key, tried[i]);
    if (key->type == KD_KEY_INTEGER) good = good && rint(tried[i]) == tried[i];
    int code = kd_model_set(m, key->path, tried[i]);
    if (code != (good ? 0 : 2)) fail_msg("%s = %g: %d", key->path, tried[i], code);
  }
}

static void check_list(struct kd_model *m, const struct kd_key *key) {
  const double at[] = {-1e60, 1e60}, beyond[] = {-2e60, 1};
  assert_int_equal(kd_model_list(m, key->path, 2, at), 0);
  assert_int_equal(kd_model_list(m, key->path, 2, beyond), 2);
  assert_int_equal(kd_model_list(m, key->path, 1, at), key->type == KD_KEY_PAIR ? 2 : 0);
}

static void models_take_the_keys_of_a_config(void **state) {
  (void)state;
  struct kd_model *m = kd_model_create();
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const struct kd_key *key = &kd_keys[k];
    if (config_alone(key->path)) continue;
    if (key->type == KD_KEY_NAME || key->type == KD_KEY_NAMES)
      check_names(m, key);
    else if (key->type == KD_KEY_REAL || key->type == KD_KEY_INTEGER)
      check_number(m, key);
    else
      check_list(m, key);
  }
  kd_model_free(m);
}

/* A config that says what has no default, and a model told the same */
static void defaults_are_those_of_a_config(void **state) {
  (void)state;
  const double bounds[] = {-1, 1}, at[] = {-2, 2.5};
  struct kd_plan *plan = plan_of(GOOD);
  struct kd_cell *cell = kd_cell_create(plan);
  struct kd_workspace *ws = kd_workspace_create();
  struct kd_result r;
  struct kd_err err;
  struct kd_model *m = kd_model_create();
  size_t n;
  kd_plan_cell(plan, 0, cell);
  assert_int_equal(kd_evaluate(&cell->problem, ws, &r, &err), 0);
  kd_model_list(m, "target.bounds", 2, bounds);
  kd_model_list(m, "points.at", 2, at);
  assert_int_equal(kd_model_evaluate(m), 0);
  assert_true(kd_model_number(m, "loss") == r.loss);
  assert_memory_equal(kd_model_numbers(m, "gradient", &n), r.gradient, 2 * sizeof(double));
  kd_model_free(m);
  kd_workspace_free(ws);
  kd_cell_free(cell);
  kd_plan_free(plan);
}

static void models_give_the_variables_of_a_file(void **state) {
  (void)state;
  const double bounds[] = {-1, 1}, at[] = {-2, 2.5};
  struct kd_model *m = kd_model_create();
  kd_model_list(m, "target.bounds", 2, bounds);
  kd_model_list(m, "points.at", 2, at);
  kd_model_set(m, "shift.by", 1.5); /* beyond the edge: the gradient has changed */
  kd_model_choose(m, "integral.rule", "midpoint");
  kd_model_choose(m, "descent.method", "gd");
  for (size_t i = 0; kd_model_choice("record", i); i++)
    kd_model_choose(m, "record", kd_model_choice("record", i));
  assert_int_equal(kd_model_evaluate(m), 0);
  for (size_t i = 0; i < kd_n_variables; i++) {
    const struct kd_variable *v = &kd_variables[i];
    size_t n;
    if (v->type != KD_TYPE_REAL || v->claims) continue;
    bool there = v->n_dims == 1 ? !isnan(kd_model_number(m, v->name))
                                : kd_model_numbers(m, v->name, &n) != NULL;
    if (!there) fail_msg("no %s", v->name);
  }
  kd_model_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(models_take_the_keys_of_a_config),
      cmocka_unit_test(defaults_are_those_of_a_config),
      cmocka_unit_test(models_give_the_variables_of_a_file),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
