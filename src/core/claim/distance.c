/* SPDX-License-Identifier: MIT
 *
 * C3: points at equal distance. By an even kernel two points that are equally far from a
 * bin have the same K, so g_i/S_i = g_k/S_k = 1 - K/f there, wherever the others are. Over
 * all of T that does not follow from equal distances to the centre: other bins are nearer
 * to one of the two.
 */
#include <math.h>

#include "core/num.h"
#include "core/vmath/dd.h"
#include "court.h"
#include "rows.h"

enum { PAIRS = 16 };

static bool is_even(struct kd_court *c) {
  return !c->problem->kernel->lopsided && c->problem->n > 1;
}

/* |G_i/S_i - G_k/S_k| of sorted points */
static void compare(const struct kd_court *c, size_t i, size_t k, const double *G,
                    double gradient_bound, struct kd_measure *m) {
  const struct kd_estimate *e = &c->stage.estimate;
  double a = G[e->index[i]] / e->S[i], b = G[e->index[k]] / e->S[k];
  double error = gradient_bound / e->S[i] + gradient_bound / e->S[k];
  double rounding = 4 * KD_U + e->dlog_S[i] + e->dlog_S[k];
  kd_measure_add(m, a - b, error + rounding * (fabs(a) + fabs(b)));
}

/* --- C3a --- */

/* The bin half-way between the two; falsified: a quarter of the way nearer to one */
static int judge_pair(struct kd_court *c, int path, size_t i, size_t k, bool falsified,
                      struct kd_measure *m, struct kd_err *err) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct kd_objective o;
  struct kd_dd sum = kd_two_sum(e->y[i], e->y[k]);
  double v = sum.high / 2, dv = fabs(sum.low) + (e->dy[i] + e->dy[k]) / 2;
  if (falsified) v += (e->y[i] - v) / 4;
  int code = kd_court_bin(c, path, v, dv, c->G[0], &o, err);
  if (!code && o.uncovered == 0) compare(c, i, k, c->G[0], o.gradient_bound, m);
  return code;
}

static int judge_bin(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                     struct kd_err *err) {
  const struct kd_estimate *e = &c->stage.estimate;
  int code = kd_court_place(c, c->d, c->dd, err);
  for (size_t i = 1; !code && i < e->n && i <= PAIRS; i++)
    if (e->S[i - 1] > 0 && e->S[i] > 0) code = judge_pair(c, path, i - 1, i, falsified, m, err);
  return code;
}

/* --- C3b --- */

/* End of the run of sorted points that are as far from the centre as point `begin` */
static size_t end_of_run(const struct kd_estimate *e, size_t begin, double *right,
                         double *left) {
  size_t j = begin;
  *right = *left = 0;
  for (; j < e->n && !(fabs(e->y[j]) > fabs(e->y[begin])); j++)
    *(e->y[j] > 0 ? right : left) += e->S[j];
  return j;
}

static bool applies_off_mirror(struct kd_court *c) {
  const struct kd_estimate *e = &c->stage.estimate;
  bool pair = false, mirror = true;
  double right, left;
  for (size_t j = 0; j < e->n; j = end_of_run(e, j, &right, &left)) {
    end_of_run(e, j, &right, &left);
    if (e->y[j] == 0) continue; /* its own mirror image */
    pair |= right > 0 && left > 0;
    mirror &= fabs(right - left) <= KD_U * (double)(8 * e->n);
  }
  return is_even(c) && pair && !mirror && c->problem->space == KD_SPACE_LINE;
}

/* The first two points of the run on either side of the centre; false if there are none */
static bool opposite(const struct kd_estimate *e, size_t begin, size_t end, size_t *k) {
  for (*k = begin + 1; *k < end; (*k)++)
    if (e->y[begin] * e->y[*k] < 0 && e->S[begin] > 0 && e->S[*k] > 0) return true;
  return false;
}

/* The control looks at the bin at the centre. */
static int judge_target(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                        struct kd_err *err) {
  const struct kd_estimate *e = &c->stage.estimate;
  struct kd_objective o;
  double right, left;
  size_t k;
  int code = falsified ? kd_court_place(c, c->d, c->dd, err)
                       : kd_court_read(c, path, c->d, c->dd, c->G[0], &o, err);
  if (!code && falsified) code = kd_court_bin(c, path, 0, 0, c->G[0], &o, err);
  if (code || o.uncovered > 0) return code;
  for (size_t j = 0, end; j < e->n; j = end) {
    end = end_of_run(e, j, &right, &left);
    if (opposite(e, j, end, &k)) compare(c, j, k, c->G[0], o.gradient_bound, m);
  }
  return KD_OK;
}

const struct kd_claim kd_claim_equal_bin = {
    .name = "C3a",
    .statement = "one bin, even kernel: points at equal distance have the same g/S, wherever "
                 "the others are",
    .reference = "the note; claim/distance.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the bin is nearer to one of the two",
    .paths = KD_N_PATHS,
    .applies = is_even,
    .judge = judge_bin};

const struct kd_claim kd_claim_equal_target = {
    .name = "C3b",
    .statement = "all of T, even kernel: points at equal distance from the centre have the "
                 "same G/S",
    .reference = "the note, read for the whole loss",
    .expected = KD_VERDICT_REFUTED,
    .control = "the bin at the centre alone",
    .control_holds = true,
    .paths = KD_N_PATHS,
    .applies = applies_off_mirror,
    .judge = judge_target};
