/* SPDX-License-Identifier: MIT
 *
 * C5: who else has a constant score. The gradient stays under a shift if all log K_j change
 * by the same, that is if log K is a straight line on either side of its point.
 *
 *   C5a  in a family of even kernels that have a shape this is so at one shape (exp(-u^p):
 *        p = 1), and the gradient is kept up to d_edge there
 *   C5d  with slopes q_right right of the point and q_left left of it (asymmetric Laplace:
 *        kappa/h and 1/(kappa h)) points right of T show it their left flank: their log K_j
 *        rise by q_left d_right, those of points left of T by q_right d_left. So the
 *        speeds must be as d_right : d_left = q_right : q_left = kappa^2 : 1
 *
 * C5d where doubles are off: the two rises differ by what the products round off, plus, for
 * points that are off by delta at the edges of T, (q_left + q_right) delta on a share
 * delta/w of T. If log K_j change by something within eta, then rho_i by at most eta/4.
 */
#include <math.h>

#include "core/num.h"
#include "core/shift.h"
#include "rows.h"
#include "shift.h"

/* The slopes of log K on either side, as scores; false if they are no straight lines, as
 * far as 2^40 bandwidths. */
static bool is_straight(const struct kd_problem *p, double *q_right, double *q_left) {
  const double far = 0x1p40 * p->h;
  struct kd_slope right = p->kernel->slope(p->h / 2, far, p->h, p->shape);
  struct kd_slope left = p->kernel->slope(-p->h / 2, far, p->h, p->shape);
  *q_right = -right.at, *q_left = left.at;
  return right.rate == 0 && right.rest == 0 && left.rate == 0 && left.rest == 0 &&
         *q_right > 0 && *q_left > 0;
}

/* --- C5a --- */

static bool applies_in_family(struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  double right, left;
  return p->kernel->shape_name && p->space == KD_SPACE_LINE && p->shift_mode->to_centre &&
         c->d_centre > 0 && c->d != 0 && kd_claim_stays_outside(c) &&
         is_straight(p, &right, &left) && right == left;
}

/* The control: of two neighbours in the family the one that is seen less */
static int judge_neighbours(struct kd_court *c, int path, struct kd_measure *m,
                            struct kd_err *err) {
  static const double factor[] = {0.9, 1.1};
  int code = KD_OK;
  for (int k = 0; k < 2 && !code; k++) {
    struct kd_problem p = *c->problem;
    struct kd_measure other = KD_NO_MEASURE;
    p.shape *= factor[k];
    code = kd_claim_keeps(c, &p, path, c->d, c->dd, 0, &other, err);
    if (k == 0 || kd_measure_ratio(other) < kd_measure_ratio(*m)) *m = other;
  }
  return code;
}

static int judge_family(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                        struct kd_err *err) {
  if (falsified) return judge_neighbours(c, path, m, err);
  return kd_claim_keeps(c, c->problem, path, c->d, c->dd, kd_claim_crossing(c, c->blur + c->dd),
                        m, err);
}

/* --- C5d --- */

/* How far points may be past the edges of T that do not pass them in doubles */
static double blur_of(const struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  double factor = fabs(p->shift_left) + fabs(p->shift_right), most = 0;
  for (size_t i = 0; i < p->n; i++) most = fmax(most, fabs(c->stage.y[i]));
  return c->blur + factor * c->dd + 8 * KD_U * (most + factor * fabs(c->d));
}

/* Points on both sides, which neither are inside T nor come there */
static bool stay_on_their_sides(const struct kd_court *c) {
  const struct kd_problem *p = c->problem;
  bool right = false, left = false;
  for (size_t i = 0; i < p->n; i++) {
    double y = c->stage.y[i];
    double inward = (y > 0 ? p->shift_right : p->shift_left) * c->d;
    *(y > 0 ? &right : &left) = true;
    if (fabs(y) - fmax(0, inward) < c->frame.w - blur_of(c)) return false;
  }
  return right && left;
}

/* Rises of log K_j of points right and left of T differ by at most *apart; false if
 * they differ by more than roundings can do. */
static bool rise_as_one(const struct kd_court *c, double q_right, double q_left,
                        double *apart) {
  double right = q_left * c->problem->shift_right * c->d;
  double left = q_right * c->problem->shift_left * c->d;
  double rounding = 8 * KD_U * (fabs(right) + fabs(left));
  *apart = fabs(right - left) + rounding;
  return fabs(right - left) <= rounding;
}

static bool applies_sided(struct kd_court *c) {
  double q_right, q_left, apart;
  return c->problem->shift_mode->uses_sides && c->problem->space == KD_SPACE_LINE &&
         c->d != 0 && is_straight(c->problem, &q_right, &q_left) && q_right != q_left &&
         rise_as_one(c, q_right, q_left, &apart) && stay_on_their_sides(c);
}

static int judge_sided(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                       struct kd_err *err) {
  struct kd_problem p = *c->problem;
  double q_right, q_left, apart, delta;
  int code = kd_court_place(c, 0, 0, err);
  if (code) return code;
  is_straight(&p, &q_right, &q_left);
  rise_as_one(c, q_right, q_left, &apart);
  delta = blur_of(c);
  if (falsified) p.shift_left = c->problem->shift_right, p.shift_right = c->problem->shift_left;
  double passed = fmin(1, delta / c->frame.w) * (q_right + q_left) * delta;
  return kd_claim_keeps(c, &p, path, c->d, c->dd, apart + passed, m, err);
}

const struct kd_claim kd_claim_family = {
    .name = "C5a",
    .statement =
        "in the family exp(-u^p) the gradient is unchanged up to d_edge at p = 1, where "
        "log K is straight, and not next to it",
    .reference = "claim/score.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "0.9 p and 1.1 p, of which the one that is seen less counts",
    .paths = KD_N_PATHS,
    .applies = applies_in_family,
    .judge = judge_family};

const struct kd_claim kd_claim_sided = {
    .name = "C5d",
    .statement =
        "a kernel with two rates, as kappa to 1/kappa: the gradient is unchanged while "
        "points right and left of T move as kappa^2 to 1 and none crosses",
    .reference = "claim/score.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the two speeds change sides",
    .paths = KD_N_PATHS,
    .applies = applies_sided,
    .judge = judge_sided};
