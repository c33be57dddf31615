/* SPDX-License-Identifier: MIT
 *
 * C6, descents: an optimiser that sees the gradient alone walks a layout and its shifted
 * copy (d <= d_edge) through the same logits, and their losses stay d/h apart.
 *
 * Walks amplify rounding, some without limit, so nothing short of the same bits is judged:
 * the bound of the logits is 0, and the claim applies where arithmetic can keep it, to
 * layouts whose positions, centre, width and shift are so short in binary that sums of a
 * few of them round nothing. The losses are compared at the last logits, within their bounds.
 */
#include <math.h>

#include "core/descent.h"
#include "core/num.h"
#include "rows.h"
#include "shift.h"

/* Exponents of the lowest bit that is set in any number, and of the largest */
struct bits {
  int low, high;
};

static void add_number(struct bits *bits, double number) {
  int exponent;
  double part = fabs(frexp(number, &exponent));
  if (number == 0) return;
  if (exponent > bits->high) bits->high = exponent;
  while (part != floor(part)) part *= 2, exponent--;
  if (exponent < bits->low) bits->low = exponent;
}

/* Whether sums of up to eight of positions, width and shift are exact */
static bool is_short(const struct kd_court *c) {
  struct bits bits = {1 << 20, -(1 << 20)};
  if (c->blur > 0 || c->dd > 0) return false;
  add_number(&bits, c->frame.w);
  add_number(&bits, c->d);
  for (size_t i = 0; i < c->problem->n; i++) add_number(&bits, c->stage.y[i]);
  return bits.high + 3 - bits.low <= 53;
}

static bool applies(struct kd_court *c) {
  return c->problem->descent->step && kd_claim_shifts_inward(c) && kd_claim_stays_outside(c) &&
         is_short(c);
}

/* Both walk from the problem's logits; the last ones are in court->trajectory. */
static int walk(struct kd_court *c, double d, double *apart, struct kd_err *err) {
  struct kd_problem p = *c->problem;
  struct kd_result r = {0};
  p.record = KD_RECORD_TRAJECTORY | KD_RECORD_DEFECT;
  int code = kd_court_place(c, d, 0, err);
  if (!code) code = kd_stage_set(&c->twin, &p, 0, 0, err);
  if (!code) code = kd_trajectory_run(&c->trajectory, &p, &c->stage, &c->twin, &r, err);
  *apart = 0;
  for (size_t s = 0; !code && s < r.n_recorded; s++)
    if (!(r.trajectory_defect[s] <= *apart)) *apart = r.trajectory_defect[s];
  return code;
}

static int judge_losses(struct kd_court *c, struct kd_measure *m, struct kd_err *err) {
  struct kd_objective before, after;
  struct kd_problem p = *c->problem;
  double fall = c->d / p.h;
  p.z = c->trajectory.walk.z;
  int code = kd_stage_set(&c->twin, &p, 0, 0, err);
  if (!code) code = kd_stage_objective(&c->twin, &p, p.rule, c->G[0], NULL, &before, err);
  if (!code) code = kd_stage_set(&c->stage, &p, c->d, 0, err);
  if (!code) code = kd_stage_objective(&c->stage, &p, p.rule, c->G[1], NULL, &after, err);
  if (!code)
    kd_measure_add(m, before.loss - after.loss - fall,
                   before.loss_bound + after.loss_bound +
                       KD_U * (fabs(before.loss) + fabs(after.loss) + 4 * fabs(fall)));
  return code;
}

static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  (void)path;
  double apart;
  int code = walk(c, falsified ? c->d_centre : c->d, &apart, err);
  if (code) return code;
  kd_measure_add(m, apart, 0);
  return falsified ? KD_OK : judge_losses(c, m, err);
}

const struct kd_claim kd_claim_walk = {
    .name = "C6",
    .statement = "a descent walks a layout and its copy shifted up to d_edge through the same "
                 "logits, to the last bit where positions are short; losses stay d/h apart",
    .reference = "claim/walk.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the shift goes on to d_centre",
    .paths = 1,
    .applies = applies,
    .judge = judge};
