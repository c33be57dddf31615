/* SPDX-License-Identifier: MIT
 *
 * The hard corners of every kernel against corners.tsv, which corners.c made in ball
 * arithmetic: bandwidths of 1e-3 and 1e6 of the span, 40 points, logits of +-700,
 * distances of 1e6 bandwidths, points on the edges, at the centre, tied, supports that
 * end there. The truth is within the bounds, by every rule that stands for the integral.
 */
#include "tests/core/reference.h"
#include "tests/core/reproduce.h"

static const double DIGITS = 1e-24; /* the table's, absolute or of the value */

struct tally {
  size_t rows;
  double worst; /* error as a part of its bound */
};

static void check(struct tally *tally, const char *name, double value, double bound,
                  double truth, const struct kd_problem *p) {
  double margin = bound + 0x1p-53 * fabs(truth) + DIGITS * fmax(1, fabs(truth));
  if (!(fabs(value - truth) <= margin)) {
    print_config(p);
    fail_msg("%s = %.17g, but it is %.17g: off by %.3g, the bound is %.3g", name, value, truth,
             fabs(value - truth), bound);
  }
  if (bound > 1e-20) tally->worst = fmax(tally->worst, fabs(value - truth) / margin);
}

static void compare(struct reference *t, const char *rule, struct tally *tally) {
  t->p.rule = kd_rule_find(rule);
  t->p.record = KD_RECORD_LOSS | KD_RECORD_GRADIENT;
  struct answer a = answer_to(&t->p);
  bool covered = isfinite(t->loss);
  must(a.r.status == (covered ? KD_STATUS_OK : KD_STATUS_UNCOVERED), &t->p);
  if (covered) check(tally, "loss", a.r.loss, a.r.loss_bound, t->loss, &t->p);
  for (size_t i = 0; i < t->p.n; i++)
    check(tally, "gradient", a.G[i], a.r.gradient_bound, t->G[i], &t->p);
  tally->rows++;
}

static void by_rule(const char *rule, bool closed_form) {
  FILE *file = reference_open("tests/run/corners.tsv");
  struct reference t;
  struct tally tally = {0};
  while (reference_next(file, true, &t)) {
    const struct kd_kernel *k = t.p.kernel;
    bool has = t.p.space == KD_SPACE_LINE ? k->exact : k->exact_on_circle;
    if (has || !closed_form) compare(&t, rule, &tally);
  }
  fclose(file);
  print_message("%s: %zu problems, the worst error is %.2g of its bound\n", rule, tally.rows,
                tally.worst);
  assert_true(tally.rows >= (closed_form ? 20 : 200));
}

static void best(void **state) {
  (void)state, by_rule("best", false);
}
static void adaptive(void **state) {
  (void)state, by_rule("adaptive", false);
}
static void exact(void **state) {
  (void)state, by_rule("exact", true);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(best), cmocka_unit_test(adaptive),
                                     cmocka_unit_test(exact)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
