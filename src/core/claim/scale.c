/* SPDX-License-Identifier: MIT
 *
 * C2: a factor s(x) on all of K, 10^(factor + slope x), leaves the gradient unchanged and
 * takes mean_T log s off the loss. Cells never let the factor meet the gradient, where it
 * would be trivially so; here it is put on every K_j at every node, before they are summed.
 */
#include <math.h>

#include "core/num.h"
#include "court.h"
#include "rows.h"

static const double LOG_10 = 2.30258509299404568402;

struct factor {
  const struct kd_court *court;
  size_t n; /* sorted points that have it */
};

static void fill_factor(const void *context, const struct kd_estimate *e, double v,
                        double *log_factor, double *error) {
  const struct factor *f = context;
  const struct kd_problem *p = f->court->problem;
  double x = f->court->frame.c + v;
  double tilt = LOG_10 * (p->log10_factor + p->log10_slope * x);
  double terms =
      fabs(p->log10_factor) + fabs(p->log10_slope) * (fabs(f->court->frame.c) + e->w);
  for (size_t j = 0; j < f->n; j++) {
    log_factor[j] = tilt;
    error[j] = 16 * KD_U * LOG_10 * terms;
  }
}

static bool applies(struct kd_court *c) {
  return c->problem->log10_factor != 0 || c->problem->log10_slope != 0;
}

static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  const struct kd_problem *p = c->problem;
  struct kd_rule_args args = {p->bins, p->order, p->tolerance};
  struct factor factor = {c, falsified ? 1 : p->n};
  struct kd_tilt tilt = {fill_factor, &factor};
  struct kd_objective plain, scaled;
  int code = kd_court_read(c, path, c->d, c->dd, c->G[0], &plain, err);
  if (!code) code = kd_rule_place(p->rule, &c->stage.estimate, &args, &c->nodes, err);
  if (code) return code;
  scaled = kd_direct(&c->stage.estimate, &c->nodes, &tilt, c->G[1], c->scratch);
  kd_measure_add(m, kd_court_distance(c, c->G[0], c->G[1]),
                 plain.gradient_bound + scaled.gradient_bound + KD_U);
  if (plain.uncovered > 0 && scaled.uncovered > 0) return KD_OK;
  kd_measure_add(m, plain.loss - scaled.loss,
                 plain.loss_bound + scaled.loss_bound +
                     KD_U * (fabs(plain.loss) + fabs(scaled.loss)));
  return KD_OK;
}

const struct kd_claim kd_claim_scale = {
    .name = "C2",
    .statement = "a factor on K leaves the gradient unchanged, also one that depends on the "
                 "bin; the loss falls by the mean of its logarithm",
    .reference = "the note; claim/scale.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the factor is on the nearest point's kernel alone",
    .paths = 1,
    .applies = applies,
    .judge = judge};
