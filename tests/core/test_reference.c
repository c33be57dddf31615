/* SPDX-License-Identifier: MIT
 *
 * Rules `best` and `exact` against losses and gradients of 20 digits and more, computed by
 * reference.py: far points, logits of +-700, one point, identical points,
 * points on the edges and at the centre, narrow and wide bandwidths.
 */
#include "reference.h"
#include "reproduce.h"

static const double LOSS_TOLERANCE = 2e-14;     /* of max(1, |L|) */
static const double GRADIENT_TOLERANCE = 1e-14; /* of max S */

static double largest_weight(const struct kd_problem *p) {
  double top = -INFINITY, sum = 0;
  for (size_t i = 0; i < p->n; i++) top = fmax(top, p->z[i]);
  for (size_t i = 0; i < p->n; i++) sum += exp(p->z[i] - top);
  return 1 / sum;
}

struct worst {
  int rows;
  double loss, gradient;
};

/* The reference has 40 digits and is rounded to a double, too. */
static void within_bounds(const struct reference *t, const struct answer *a) {
  if (!isfinite(a->r.gradient_bound)) return;
  must_be_close(a->r.loss, t->loss, a->r.loss_bound + 0x1p-53 * fabs(t->loss), &t->p);
  for (size_t i = 0; i < t->p.n; i++)
    must_be_close(a->G[i], t->G[i], a->r.gradient_bound + 0x1p-53 * fabs(t->G[i]) + 1e-38,
                  &t->p);
}

static void compare(struct reference *t, const char *rule, struct worst *worst) {
  t->p.rule = kd_rule_find(rule);
  struct answer a = answer_to(&t->p);
  double error = fabs(a.r.loss - t->loss) / fmax(1, fabs(t->loss));
  within_bounds(t, &a);
  assert_true_msg(error <= LOSS_TOLERANCE, "row %d, %s: loss %.17g, expected %.17g",
                  worst->rows, t->kernel, a.r.loss, t->loss);
  worst->loss = fmax(worst->loss, error);
  for (size_t i = 0; i < t->p.n; i++) {
    error = fabs(a.G[i] - t->G[i]) / largest_weight(&t->p);
    assert_true_msg(error <= GRADIENT_TOLERANCE, "row %d, %s: G[%zu] = %.17g, expected %.17g",
                    worst->rows, t->kernel, i, a.G[i], t->G[i]);
    worst->gradient = fmax(worst->gradient, error);
    /* A flat kernel far out has a small gradient: it keeps its own digits. */
    if (t->p.kernel->tail == KD_TAIL_HEAVY && largest(t->p.n, t->G) > 1e-10)
      assert_close(a.G[i], t->G[i], 1e-13 * largest(t->p.n, t->G));
  }
  worst->rows++;
}

static void report(const char *rule, const struct worst *worst) {
  print_message("%s: %d problems, worst error of L %.2g, of G %.2g\n", rule, worst->rows,
                worst->loss, worst->gradient);
}

static void against_reference(void **state) {
  (void)state;
  FILE *file = reference_open("tests/core/reference.tsv");
  static struct reference t;
  struct worst best = {0}, exact = {0};
  while (reference_next(file, false, &t)) {
    compare(&t, "best", &best);
    bool on_line = t.p.space == KD_SPACE_LINE;
    if (on_line ? t.p.kernel->exact : t.p.kernel->exact_on_circle) compare(&t, "exact", &exact);
  }
  fclose(file);
  assert_true(best.rows >= 200 && exact.rows >= 30);
  report("best", &best);
  report("exact", &exact);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(against_reference)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
