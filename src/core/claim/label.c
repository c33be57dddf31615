/* SPDX-License-Identifier: MIT
 *
 * C1: a kernel that is constant where it is not 0 says of a bin which points match it.
 *
 *   one match i     g_i = S_i - 1, else g_k = S_k: softmax cross-entropy
 *   several         g_i = S_i - S_i / sum_match S, else S_k: a set of labels
 *   none            f = 0: no gradient; the share of such bins is told, and G is the mean
 *                   over the rest (any kernel of finite support)
 *
 * Bins are the rule's own, for rules that stand for the integral sixteen equal ones. A bin
 * of which positions do not say for certain what matches is left out.
 */
#include <math.h>
#include <stdlib.h>

#include "core/num.h"
#include "core/vmath/dd.h"
#include "cover.h"
#include "rows.h"

enum { BINS = 16 };

static bool says_yes_or_no(struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  struct kd_slope s = p->kernel->slope(p->h / 2, p->h / 4, p->h, p->shape);
  return p->space == KD_SPACE_LINE && isfinite(p->kernel->support) && s.at == 0 &&
         s.rate == 0 && s.rest == 0;
}

static bool is_compact(struct kd_court *c) {
  return c->problem->space == KD_SPACE_LINE && isfinite(c->problem->kernel->support);
}

/* The bins, in court->nodes, for the points moved by the cell's shift */
static int place_bins(struct kd_court *c, struct kd_err *err) {
  const struct kd_problem *p = c->problem;
  struct kd_rule_args args = {p->rule->integral ? BINS : p->bins, 0, 0};
  const struct kd_rule *rule = p->rule->integral ? kd_rule_find("midpoint") : p->rule;
  int code = kd_court_place(c, c->d, c->dd, err);
  return code ? code : kd_rule_place(rule, &c->stage.estimate, &args, &c->nodes, err);
}

/* How far sorted point j is within reach of offset v; *off: what that may be off by */
static double within(const struct kd_court *c, double v, size_t j, double *off) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct kd_dd r = kd_two_sum(v, -e->y[j]);
  double reach = e->kernel->support * e->h;
  *off = e->dy[j] + c->nodes.dv + fabs(r.low);
  return reach - fabs(r.high);
}

/* Points that match; -1 if that is not certain. The end of the support belongs to it. */
static long count_matches(const struct kd_court *c, double v, bool *match) {
  long n = 0;
  for (size_t j = 0; j < c->stage.estimate.n; j++) {
    double off, inside = within(c, v, j, &off);
    bool jumps = c->stage.estimate.kernel->jumps_at_end;
    if (fabs(inside) <= off && (off > 0 || !jumps)) return -1;
    bool matches = inside >= 0;
    if (match) match[c->stage.estimate.index[j]] = matches;
    n += matches;
  }
  return n;
}

/* --- C1a, C1b --- */

static void expect_one(const struct kd_court *c, const bool *match, bool falsified, double *g) {
  size_t n = c->problem->n;
  for (size_t i = 0; i < n; i++) g[i] -= match[falsified ? (i + 1) % n : i] ? 1 : 0;
}

/* Falsified: as the note has it, each match a label of its own */
static void expect_set(const struct kd_court *c, const bool *match, bool falsified, double *g) {
  double sum = 0;
  for (size_t i = 0; i < c->problem->n; i++) sum += match[i] ? g[i] : 0;
  for (size_t i = 0; i < c->problem->n; i++)
    if (match[i]) g[i] -= falsified ? 1 : g[i] / sum;
}

/* G[1] before: S; after: what is expected of the bin */
typedef void expectation(const struct kd_court *c, const bool *match, bool falsified,
                         double *g);

static int judge_bin(struct kd_court *c, int path, double v, expectation *expect,
                     const bool *match, bool falsified, struct kd_measure *m,
                     struct kd_err *err) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct kd_objective o;
  int code = kd_court_bin(c, path, v, c->nodes.dv, c->G[0], &o, err);
  if (code) return code;
  for (size_t j = 0; j < e->n; j++) c->G[1][e->index[j]] = e->S[j];
  expect(c, match, falsified, c->G[1]);
  kd_measure_add(m, kd_court_distance(c, c->G[0], c->G[1]),
                 o.gradient_bound + 4 * e->dlog_S_max + KD_U * ((double)e->n + 8));
  return KD_OK;
}

static int judge_matches(struct kd_court *c, int path, bool one, bool falsified,
                         struct kd_measure *m, struct kd_err *err) {
  bool *match = calloc(c->problem->n, sizeof *match);
  int code = match ? place_bins(c, err) : kd_no_memory(err);
  for (size_t k = 0; !code && k < c->nodes.n; k++) {
    long n = count_matches(c, c->nodes.v[k], match);
    if (one ? n == 1 : n >= 2)
      code = judge_bin(c, path, c->nodes.v[k], one ? expect_one : expect_set, match, falsified,
                       m, err);
  }
  free(match);
  return code;
}

static int judge_one(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                     struct kd_err *err) {
  return judge_matches(c, path, true, falsified, m, err);
}

static int judge_set(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                     struct kd_err *err) {
  return judge_matches(c, path, false, falsified, m, err);
}

/* --- C1c --- */

static double uncovered_bins(const struct kd_court *c, double *off) {
  struct kd_sum share = {0};
  *off = KD_U * (double)(c->nodes.n + 16);
  for (size_t k = 0; k < c->nodes.n; k++) {
    long n = count_matches(c, c->nodes.v[k], NULL);
    if (n == 0) kd_sum_add(&share, c->nodes.weight[k]);
    if (n < 0) *off += c->nodes.weight[k];
  }
  return kd_sum_value(&share);
}

/* Falsified: f > 0 on all of T */
static int judge_none(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                      struct kd_err *err) {
  struct kd_objective o;
  double off = 0;
  int code = place_bins(c, err);
  if (code) return code;
  double share =
      c->problem->rule->integral
          ? kd_claim_gap(c, c->problem->kernel->support * c->problem->h, c->problem->n, &off)
          : uncovered_bins(c, &off);
  if (!(share > off)) return KD_OK;
  code = kd_court_read(c, path, c->d, c->dd, c->G[0], &o, err);
  if (code) return code;
  bool told = o.loss == INFINITY;
  for (size_t i = 0; i < c->problem->n; i++) told &= isfinite(c->G[0][i]);
  kd_measure_add(m, told ? o.uncovered - (falsified ? 0 : share) : 1, off);
  return KD_OK;
}

const struct kd_claim kd_claim_one_match = {
    .name = "C1a",
    .statement = "a kernel that is constant or 0, one point matches the bin: the gradient is "
                 "that of softmax cross-entropy, S - 1 for the match, else S",
    .reference = "the note; claim/label.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the label is another point",
    .paths = KD_N_PATHS,
    .applies = says_yes_or_no,
    .judge = judge_one};

const struct kd_claim kd_claim_matches = {
    .name = "C1b",
    .statement = "several points match the bin: the gradient is that of a set of labels, "
                 "S - S/(sum of S over the matches) for a match, else S",
    .reference = "the note, corrected; claim/label.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "S - 1 for each match, as the note has it",
    .paths = KD_N_PATHS,
    .applies = says_yes_or_no,
    .judge = judge_set};

const struct kd_claim kd_claim_no_match = {
    .name = "C1c",
    .statement = "no point reaches a part of T: f = 0 there, its share is told, the loss is "
                 "infinite, and the gradient is the finite mean over the rest",
    .reference = "claim/label.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the share is 0",
    .paths = KD_N_PATHS,
    .applies = is_compact,
    .judge = judge_none};
