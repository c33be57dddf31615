/* SPDX-License-Identifier: MIT
 *
 * The library's interface, kdegrad.h: the numbers of kd_evaluate to the last bit, names and
 * ranges of a config, names of a result file, refusals. tests/project/test_install.sh links
 * it with the shared library, too.
 */
#include "core/kdegrad.h"

#include "fixed.h"

static struct kd_model *model_of(size_t n, const double *x) {
  const double bounds[] = {-0.5, 0.5};
  struct kd_model *m = kd_model_create();
  assert_non_null(m);
  assert_int_equal(kd_model_list(m, "target.bounds", 2, bounds), 0);
  assert_int_equal(kd_model_list(m, "points.at", n, x), 0);
  return m;
}

/* Rule exact is refused where there is no closed form; best is then the same. */
static const char *rule_of(const struct kd_problem *p) {
  bool line = p->space == KD_SPACE_LINE;
  bool closed = line ? p->kernel->exact != NULL : p->kernel->exact_on_circle != NULL;
  return p->rule->closed == KD_CLOSED_ONLY && !closed ? "best" : p->rule->name;
}

static void tell(struct kd_model *m, const struct kd_problem *p) {
  int bad = kd_model_choose(m, "space", p->space == KD_SPACE_LINE ? "line" : "circle");
  bad |= kd_model_choose(m, "kernel.family", p->kernel->name);
  bad |= kd_model_set(m, "kernel.bandwidth", p->h);
  if (p->kernel->shape_name) bad |= kd_model_set(m, "kernel.shape", p->shape);
  bad |= kd_model_choose(m, "integral.rule", rule_of(p));
  bad |= kd_model_set(m, "integral.bins", (double)p->bins);
  bad |= kd_model_set(m, "shift.by", p->shift);
  bad |= kd_model_list(m, "logits.at", p->n, p->z);
  bad |= kd_model_choose(m, "record", "defect");
  bad |= kd_model_choose(m, "record", "sensitivity");
  bad |= kd_model_choose(m, "record", "trajectory");
  bad |= kd_model_choose(m, "record", "logits");
  bad |= kd_model_choose(m, "descent.method", p->descent->name);
  bad |= kd_model_set(m, "descent.rate", p->rate);
  bad |= kd_model_set(m, "descent.steps", (double)p->steps);
  if (bad) fail_msg("%s", kd_model_error(m));
}

static void a_model_has_the_bits_of_its_problem(void **state) {
  (void)state;
  XXH3_state_t *hash = XXH3_createState();
  XXH3_64bits_reset(hash);
  for (uint64_t seed = 0; seed < FIXED_PROBLEMS; seed++) {
    double x[MAX_POINTS], z[MAX_POINTS];
    struct kd_problem p = fixed(seed, x, z);
    struct kd_model *m = model_of(p.n, x);
    tell(m, &p);
    memset(x, 0, sizeof x); /* a model keeps copies */
    memset(z, 0, sizeof z);
    if (kd_model_evaluate(m)) fail_msg("%s", kd_model_error(m));
    static const char *const name[] = {"loss",   "loss_bound",  "gradient_bound",
                                       "defect", "loss_change", "loss_sensitivity"};
    struct fixed_numbers v = {.n = p.n};
    size_t n;
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
      v.scalar[i] = kd_model_number(m, name[i]);
    v.G = kd_model_numbers(m, "gradient", &n);
    v.sensitivity = kd_model_numbers(m, "sensitivity", &n);
    v.logits = kd_model_numbers(m, "trajectory_logits", &n);
    v.gap = kd_model_numbers(m, "trajectory_gap", &n);
    v.loss = kd_model_numbers(m, "trajectory_loss", &v.rows);
    fixed_add(hash, &v);
    kd_model_free(m);
  }
  uint64_t now = XXH3_64bits_digest(hash);
  XXH3_freeState(hash);
  assert_int_equal(now, known.hash);
}

static void a_model_may_be_changed_and_asked_again(void **state) {
  (void)state;
  const double x[] = {-2.5, 1.75, 3.25, -4}, z[] = {0.3, -0.2, 0.9, 0};
  struct kd_model *m = model_of(4, x);
  size_t n;
  assert_string_equal(kd_model_status(m), "failed");
  assert_true(isnan(kd_model_number(m, "loss")));
  assert_int_equal(kd_model_list(m, "logits.at", 4, z), 0);
  assert_int_equal(kd_model_evaluate(m), 0);
  assert_string_equal(kd_model_status(m), "ok");
  double first[4];
  memcpy(first, kd_model_numbers(m, "gradient", &n), sizeof first);
  assert_int_equal(n, 4);
  assert_true(fabs(first[2] - 0.181137) < 1e-6);
  assert_true(isnan(kd_model_number(m, "defect")));

  assert_int_equal(kd_model_set(m, "shift.by", 1.25), 0);
  assert_int_equal(kd_model_choose(m, "record", "defect"), 0);
  assert_int_equal(kd_model_evaluate(m), 0);
  assert_memory_equal(kd_model_numbers(m, "gradient", &n), first, sizeof first);
  assert_true(kd_model_number(m, "defect") == 0);
  assert_true(kd_model_numbers(m, "x", &n)[1] == 0.5);
  assert_int_equal(kd_model_set(m, "shift.by", 2), 0);
  assert_int_equal(kd_model_evaluate(m), 0);
  assert_string_equal(kd_model_status(m), "not-applicable");
  assert_null(kd_model_numbers(m, "gradient", &n));
  assert_int_equal(n, 0);

  assert_int_equal(kd_model_choose(m, "points.layout", "uniform"), 0);
  const double span[] = {1, 4};
  assert_int_equal(kd_model_evaluate(m), 2);
  assert_int_equal(kd_model_list(m, "points.span", 2, span), 0);
  assert_int_equal(kd_model_set(m, "points.count", 1000), 0);
  assert_int_equal(kd_model_choose(m, "logits.init", "normal"), 0);
  assert_int_equal(kd_model_set(m, "shift.by", 0), 0);
  assert_int_equal(kd_model_evaluate(m), 0);
  kd_model_numbers(m, "x", &n);
  assert_int_equal(n, 1000);
  kd_model_free(m);
  kd_model_free(NULL);
}

static void bins_and_trajectories_have_their_shapes(void **state) {
  (void)state;
  const double x[] = {1, 2, 4};
  struct kd_model *m = model_of(3, x);
  size_t n;
  kd_model_choose(m, "integral.rule", "midpoint");
  kd_model_set(m, "integral.bins", 5);
  kd_model_choose(m, "record", "bins");
  kd_model_choose(m, "record", "trajectory");
  kd_model_choose(m, "descent.method", "gd");
  kd_model_set(m, "descent.steps", 10);
  kd_model_set(m, "descent.every", 2);
  assert_int_equal(kd_model_evaluate(m), 0);
  assert_non_null(kd_model_numbers(m, "log_f", &n));
  assert_int_equal(n, 5);
  assert_non_null(kd_model_numbers(m, "bin_gradient", &n));
  assert_int_equal(n, 15);
  assert_non_null(kd_model_numbers(m, "trajectory_loss", &n));
  assert_int_equal(n, 6);
  kd_model_free(m);
}

static void refuses(struct kd_model *m, int code, const char *said) {
  assert_int_equal(code, 2);
  if (!strstr(kd_model_error(m), said)) fail_msg("'%s', not '%s'", kd_model_error(m), said);
}

static void what_cannot_be_is_refused(void **state) {
  (void)state;
  const double x[] = {1, 2}, wrong[] = {2, 1}, odd[] = {1, NAN}, wide[] = {-4, 4};
  struct kd_model *m = model_of(2, x);
  refuses(m, kd_model_set(m, "kernel.bandwith", 1), "did you mean 'kernel.bandwidth'?");
  refuses(m, kd_model_set(m, "kernel.bandwidth", 0), "at least 1e-60");
  refuses(m, kd_model_set(m, "kernel.bandwidth", NAN), "got nan");
  refuses(m, kd_model_set(m, "points.scale", 0), "above 0");
  refuses(m, kd_model_set(m, "integral.bins", 1.5), "must be an integer");
  refuses(m, kd_model_choose(m, "kernel.family", "triangle"), "there is no 'triangle'");
  refuses(m, kd_model_choose(m, "points.layout", "file"), "reads no file");
  refuses(m, kd_model_list(m, "target.bounds", 2, wrong), "2 is not below 1");
  refuses(m, kd_model_list(m, "target.bounds", 1, x), "takes two");
  refuses(m, kd_model_list(m, "points.at", 2, odd), "number 1 must be");
  refuses(m, kd_model_list(m, "points.at", 0, x), "one or more");
  assert_int_equal(kd_model_evaluate(m), 0); /* nothing of that was taken */
  assert_string_equal(kd_model_error(m), "");

  kd_model_list(m, "logits.at", 1, x);
  refuses(m, kd_model_evaluate(m), "1 numbers for 2 points");
  assert_true(isnan(kd_model_number(m, "loss")));
  kd_model_choose(m, "logits.init", "zeros");
  kd_model_choose(m, "kernel.family", "von-mises");
  refuses(m, kd_model_evaluate(m), "lives on the circle");
  kd_model_choose(m, "space", "circle");
  assert_int_equal(kd_model_evaluate(m), 0);
  kd_model_choose(m, "integral.rule", "exact");
  refuses(m, kd_model_evaluate(m), "no closed form on the circle");
  kd_model_choose(m, "integral.rule", "best");
  kd_model_list(m, "target.bounds", 2, wide);
  refuses(m, kd_model_evaluate(m), "longer than the circle");
  kd_model_choose(m, "space", "line");
  kd_model_choose(m, "kernel.family", "exppow");
  kd_model_set(m, "kernel.shape", 1e9);
  refuses(m, kd_model_evaluate(m), "kernel.shape must be from");
  kd_model_set(m, "kernel.shape", 2);
  kd_model_choose(m, "record", "bins");
  refuses(m, kd_model_evaluate(m), "no fixed bins");
  kd_model_free(m);

  m = kd_model_create();
  refuses(m, kd_model_evaluate(m), "target.bounds are missing");
  kd_model_list(m, "target.bounds", 2, x);
  refuses(m, kd_model_evaluate(m), "points.at is missing");
  kd_model_list(m, "points.at", 2, x);
  kd_model_choose(m, "record", "trajectory");
  refuses(m, kd_model_evaluate(m), "descent.method is none");
  kd_model_free(m);
}

static void the_names_there_are_can_be_listed(void **state) {
  (void)state;
  size_t i = 0;
  for (; kd_model_choice("kernel.family", i); i++)
    assert_string_equal(kd_model_choice("kernel.family", i), kd_kernels[i].name);
  assert_int_equal(i, kd_n_kernels);
  assert_null(kd_model_choice("kernel", 0));
  assert_string_equal(kd_model_version(), KD_VERSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_has_the_bits_of_its_problem),
      cmocka_unit_test(a_model_may_be_changed_and_asked_again),
      cmocka_unit_test(bins_and_trajectories_have_their_shapes),
      cmocka_unit_test(what_cannot_be_is_refused),
      cmocka_unit_test(the_names_there_are_can_be_listed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
