/* SPDX-License-Identifier: MIT
 *
 * C5c: as points move out of T, kernels of finite support leave a growing part of it
 * uncovered, all but the union of [y_j - reach, y_j + reach], and G is the mean over the
 * rest. What that mean is follows from the supports too: where only point i reaches, rho_i
 * = 1, where it does not reach, rho_i = 0. So with the covered share C
 *
 *   G_i = S_i C - mean_T rho_i,   (what i alone covers) <= mean_T rho_i <= (what i covers)
 *
 * as shares of T. The two are one for the points nearest to T once all others have left.
 */
#include "cover.h"

#include <math.h>
#include <stdlib.h>

#include "core/num.h"
#include "core/shift.h"
#include "rows.h"

static int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double kd_claim_gap(const struct kd_court *c, double reach, size_t without, double *off) {
  const struct kd_estimate *e = &c->stage.estimate;
  double w = e->w, end = -w, gap = 0, blur = 0;
  size_t n = 0;
  for (size_t j = 0; j < e->n; j++) {
    if (j == without) continue;
    c->G[1][n++] = e->y[j], blur += 2 * e->dy[j];
  }
  qsort(c->G[1], n, sizeof *c->G[1], rising);
  for (size_t j = 0; j < n; j++) {
    double from = fmin(w, c->G[1][j] - reach);
    if (from > end) gap += from - end;
    end = fmax(end, c->G[1][j] + reach);
  }
  if (end < w) gap += w - end;
  *off = blur + 4 * e->dw + KD_U * (double)(64 * e->n + 64) * fmax(w, reach);
  *off /= 2 * w;
  return gap / (2 * w);
}

static bool applies(struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  return p->space == KD_SPACE_LINE && isfinite(p->kernel->support) && kd_court_integral(c) &&
         p->shift_mode->to_centre && c->d < 0 && c->d_edge > c->blur;
}

/* Share of T that sorted point j reaches */
static double covered_by(const struct kd_estimate *e, size_t j, double reach) {
  double from = fmax(-e->w, e->y[j] - reach), to = fmin(e->w, e->y[j] + reach);
  return fmax(0, to - from) / (2 * e->w);
}

/* That each G_i, in court->G[0], lies where supports let it */
static void judge_means(const struct kd_court *c, double reach, double gap, double bound,
                        struct kd_measure *m) {
  const struct kd_estimate *e = &c->stage.estimate;
  for (size_t j = 0; j < e->n; j++) {
    double off, all = covered_by(e, j, reach), alone = kd_claim_gap(c, reach, j, &off) - gap;
    double rho = e->S[j] * (1 - gap) - c->G[0][e->index[j]];
    double outside = fmax(0, fmax(alone - rho, rho - all));
    kd_measure_add(m, outside, bound + 3 * off + e->dlog_S_max + 8 * KD_U);
  }
}

/* The control lets kernels reach farther by an eighth. */
static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  const struct kd_problem *p = c->problem;
  double reach = p->kernel->support * p->h * (falsified ? 1.125 : 1), off;
  struct kd_objective before, after;
  int code = kd_court_read(c, path, 0, 0, c->G[0], &before, err);
  if (!code) code = kd_court_read(c, path, c->d, c->dd, c->G[0], &after, err);
  if (code) return code;
  double gap = kd_claim_gap(c, reach, p->n, &off);
  if (!(after.uncovered > off)) return KD_OK;
  kd_measure_add(m, after.uncovered - gap, off);
  kd_measure_add(m, fmax(0, before.uncovered - after.uncovered), off);
  judge_means(c, reach, gap, after.gradient_bound, m);
  return KD_OK;
}

const struct kd_claim kd_claim_cover = {
    .name = "C5c",
    .statement = "finite support, points that move out of T: the uncovered share is what the "
                 "union of supports leaves, and the gradient is the mean over the rest",
    .reference = "claim/cover.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "supports reach farther by an eighth",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
