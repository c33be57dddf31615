/* SPDX-License-Identifier: MIT
 *
 * Witnesses that share nothing with this program: PyTorch's automatic differentiation and
 * optimisers (tests/data/autograd.py made the table), and the best weights by mixsqp
 * (tests/data/mixsqp.R).
 */
#include "problems.h"

#include <stdio.h>
#include <stdlib.h>

enum { N = 5, STEPS = 10, MIX = 12 };

static FILE *open_table(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) fail_msg("%s is missing; tests are run from the project's folder", path);
  return file;
}

static void check_row(const struct kd_result *r, int step, const char *kernel,
                      const char *method, const double *stored) {
  const double *z = r->trajectory_logits + step * N;
  double norm = 0;
  /* rmsprop and adam divide roundings of G by its size. */
  bool divides = strcmp(method, "adam") == 0 || strcmp(method, "rmsprop") == 0;
  for (int i = 0; i < N; i++) {
    if (!(fabs(z[i] - stored[1 + N + i]) <= (divides ? 1e-11 : 1e-13)))
      fail_msg("%s, %s: z_%d at step %d is %.17g, PyTorch has %.17g", kernel, method, i, step,
               z[i], stored[1 + N + i]);
    norm += stored[1 + i] * stored[1 + i];
  }
  assert_close(r->trajectory_loss[step], stored[0], 1e-13);
  assert_close(r->trajectory_norm[step], sqrt(norm), 1e-12);
  for (int i = 0; step == 0 && i < N; i++) assert_close(r->gradient[i], stored[1 + i], 1e-15);
}

static struct kd_problem of_torch(const char *kernel, const char *method, double rate) {
  static const double x[N] = {-2.5, 1.75, 3.25, -4.0, 0.125};
  static const double z[N] = {0.3, -0.2, 0.9, 0.0, -1.5};
  struct kd_problem p = layout_problem(kernel, 0);
  p.x = x, p.z = z, p.n = N, p.h = 0.75, p.lower = -0.5, p.upper = 1;
  p.rule = kd_rule_find("midpoint"), p.bins = 48;
  p.descent = kd_descent_find(method), p.rate = rate, p.steps = STEPS;
  p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT | KD_RECORD_TRAJECTORY | KD_RECORD_LOGITS;
  return p;
}

static void torch_autograd(void **state) {
  (void)state;
  FILE *file = open_table("tests/data/autograd.tsv");
  struct kd_workspace *ws = kd_workspace_create();
  char line[1024], kernel[32], method[32];
  int rows = 0, step, used;
  double rate;
  struct kd_result r;
  struct kd_err err;
  assert_non_null(fgets(line, sizeof line, file)); /* names */
  for (; fgets(line, sizeof line, file); rows++) {
    double stored[1 + 2 * N];
    char *at = line;
    assert_int_equal(sscanf(at, "%31s %31s %lf %d%n", kernel, method, &rate, &step, &used), 4);
    at += used;
    for (int k = 0; k < 1 + 2 * N; k++) stored[k] = strtod(at, &at);
    struct kd_problem p = of_torch(kernel, method, rate);
    if (step == 0) assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
    check_row(&r, step, kernel, method, stored);
  }
  assert_int_equal(rows, 4 * 6 * (STEPS + 1));
  kd_workspace_free(ws);
  fclose(file);
}

/* Loss and gap at these logits, after `steps` of em */
static void end_of(struct kd_problem *p, const double *z, size_t steps, struct kd_workspace *ws,
                   double *loss, double *gap) {
  struct kd_result r;
  struct kd_err err;
  p->z = z, p->steps = steps, p->every = steps ? steps : 1;
  assert_int_equal(kd_evaluate(p, ws, &r, &err), KD_OK);
  *loss = r.trajectory_loss[r.n_recorded - 1];
  *gap = r.trajectory_gap[r.n_recorded - 1];
}

/* The two optima agree within the two gaps, each of which is small. */
static void best_weights(void **state) {
  (void)state;
  FILE *file = open_table("tests/data/mixsqp.tsv");
  struct kd_workspace *ws = kd_workspace_create();
  char line[1024], kernel[32];
  double x[MIX], zeros[MIX] = {0};
  int rows = 0, used;
  for (int j = 0; j < MIX; j++) x[j] = 3 * sin(j + 1);
  for (; fgets(line, sizeof line, file); rows++) {
    struct kd_problem p = layout_problem("laplace", 0);
    double z[MIX], theirs, their_gap, ours, our_gap;
    char *at = line;
    assert_int_equal(sscanf(at, "%31s %lf%n", kernel, &p.h, &used), 2);
    at += used;
    for (int j = 0; j < MIX; j++) z[j] = log(fmax(strtod(at, &at), 1e-300));
    p.kernel = kd_kernel_find(kernel), p.x = x, p.n = MIX, p.lower = -1, p.upper = 1;
    p.rule = kd_rule_find("midpoint"), p.bins = 200, p.descent = kd_descent_find("em");
    p.record = KD_RECORD_LOSS | KD_RECORD_TRAJECTORY;
    end_of(&p, z, 0, ws, &theirs, &their_gap);
    end_of(&p, zeros, 20000, ws, &ours, &our_gap);
    assert_true(their_gap < 1e-7 && our_gap < 1e-4);
    assert_true(ours - theirs <= our_gap + 1e-14 && theirs - ours <= their_gap + 1e-14);
  }
  assert_int_equal(rows, 8);
  kd_workspace_free(ws);
  fclose(file);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(torch_autograd),
                                     cmocka_unit_test(best_weights)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
