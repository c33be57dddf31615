/* SPDX-License-Identifier: MIT
 *
 * G of laplace.h where it is small: all points lie within h/4 of each other, groups on
 * both sides of T moved inwards until one touches it. With U(y) = mean_T e^{-|x - y|/h}
 * / (2 h f) it is G_i = S_i (1 - U_i), and since sum_i S_i U_i = 1 (weights that sum to
 * 1), 1 - U_k comes from the steps of U alone: the sum over the steps after k of step
 * times weight right of it, less the sum over those before k of step times weight left
 * of it.
 *
 * Bound. Let g be a step's gap in bandwidths, of the greater rate, groups moved inwards:
 * at most 1/4 in all. A + B >= e^{-1/4} at the middle of a stretch, and A, B are right to
 * 6 u of it. So `even` and R are right to 35 u of themselves, R <= U <= e^{1/4}; p (R - R)
 * to 52 u g, `odd`, of order theta^2, to 10 u g, and the tilt, at most g, times `even` to
 * 40 u g: a step to 102 u g, and itself at most 3/2 g. (Two rates: p R - p' R to 100 u g,
 * the difference of two kernels, at most g, over f to 45 u g.) Summed with the weights (3
 * roundings): |error of G_i| <= 160 u S_i D_i, D_i = sum_j S_j |y_i - y_j|/h.
 * Errors eta_j of log S_j: G_i = S_i sum_j S_j mean (K_j - K_i)/(2 h f), where
 * |K_j - K_i|/(2 h f) <= 1.14 |y_i - y_j|/h, changes by its three factors: S_i, S_j, and
 * f, by sum_k rho_k eta_k with rho_k <= 1.29 S_k. Edges moved by dw: rho_i differs by
 * at most 2.94 S_i D_i within T.
 */
#include <math.h>

#include "core/vmath/vmath.h"
#include "laplace_knots.h"

static const double FLAT = 0.25;    /* bandwidths between the outermost points */
static const double VAGUE = 0x1p-7; /* errors of inputs whose square matters */

static double steeper(const struct kd_knots *s) {
  return fmax(s->rate_A, s->rate_B);
}

static bool lopsided(const struct kd_knots *s) {
  return s->rate_A != s->rate_B;
}

/* Whether both lie outside T on two sides of it, so that only the sum of their positions
 * matters: with one rate */
static bool astride(const struct kd_estimate *e, bool two_rates, double left, double right) {
  return !two_rates && left < -e->w && right > e->w;
}

/* Between knot k and the next, groups on both sides of T moved inwards */
static double reduced_gap(const struct kd_knots *s, size_t k) {
  double left = s->at[k].y, right = s->at[k + 1].y, gap = right - left;
  if (astride(s->e, lopsided(s), left, right)) gap = 2 * s->e->w + fabs(left + right);
  return gap / s->e->h * steeper(s);
}

bool kd_laplace_is_flat(const struct kd_estimate *e, double first, double left, double right,
                        double last, double rate, bool two_rates) {
  double span = last - first;
  if (astride(e, two_rates, left, right))
    span = (last - right) + (left - first) + (2 * e->w + fabs(right + left));
  return span * rate <= FLAT * e->h;
}

bool kd_knots_are_flat(const struct kd_knots *s) {
  const struct kd_knot *first = s->at, *last = s->at + s->n - 1, *right = first;
  while (right < last && right->y < s->e->w) right++;
  double left = right > first ? right[-1].y : right->y;
  return kd_laplace_is_flat(s->e, first->y, left, right->y, last->y, steeper(s), lopsided(s));
}

/* What one stretch adds to U at its left and its right knot, and the second less the
 * first without cancellation. With omega = (2 sinh(theta/2))^2, theta and -theta taken
 * together, all are fractions over (A + B)^2 + A B omega. */
static struct kd_flat flat_stretch(const struct kd_knots *s, const struct kd_stretch *t) {
  const struct kd_half_rule *rule = &s->laplace->rules.rule[t->tau <= 0x1p-5 ? 1 : 2];
  double up = kd_expm1(0.5 * t->tilt), down = kd_expm1(-0.5 * t->tilt), even = 0, odd = 0;
  double A = kd_scaled_plain(t->A) * (1 + up), B = kd_scaled_plain(t->B) * (1 + down);
  for (size_t k = 0; k < rule->n; k++) {
    double x = kd_expm1(t->tau * rule->node[k]), omega = x * x / (1 + x);
    double term = 0.5 * t->part * rule->weight[k] / ((A + B) * (A + B) + A * B * omega);
    even += term * (A + B) * (2 + 0.5 * omega);
    odd += term * (A - B) * omega;
  }
  return (struct kd_flat){(1 + up) * (even - 0.5 * odd), (1 + down) * (even + 0.5 * odd),
                          (1 + 0.5 * (up + down)) * odd + (down - up) * even};
}

/* The same for two rates, whose stretches have no such symmetry */
static struct kd_flat lopsided_stretch(const struct kd_knots *s, const struct kd_stretch *t) {
  const struct kd_half_rule *rule = kd_half_rule_for(&s->laplace->rules, fmax(0x1p-6, t->tau));
  double A = kd_scaled_plain(t->A), B = kd_scaled_plain(t->B);
  double half = t->tau / (s->rate_A + s->rate_B);
  struct kd_flat sum = {0};
  for (size_t k = 0; k < 2 * rule->n; k++) {
    double x = half * (k % 2 ? -1 : 1) * rule->node[k / 2];
    double left = kd_expm1(-(t->to_A + s->rate_A * x)),
           right = kd_expm1(-(t->to_B - s->rate_B * x));
    double term = 0.5 * t->part * rule->weight[k / 2] / (A * (1 + left) + B * (1 + right));
    sum.at_left += term * (1 + left);
    sum.at_right += term * (1 + right);
    sum.step += term * (right - left);
  }
  return sum;
}

static struct kd_flat part_of_U(const struct kd_knots *s, const struct kd_stretch *t) {
  return s->rate_A == s->rate_B ? flat_stretch(s, t) : lopsided_stretch(s, t);
}

/* 1 - e^-u for the gap after knot k */
static double loss_over_gap(const struct kd_knots *s, size_t k, double rate) {
  return k + 1 < s->n ? -kd_expm1(-kd_gap(s, k) * rate) : 0;
}

/* The part of U from the right of each knot, R_k = at_left + (1 - p) R_{k+1}; keeps
 * R_{k+1} as at_left. Returns the first knot's U from its left, where only B is. */
static double from_right(const struct kd_knots *s) {
  struct kd_front B = {0};
  struct kd_running R = {0};
  for (size_t k = s->n; k-- > 0;) {
    struct kd_knot *knot = &s->at[k], *next = k + 1 < s->n ? knot + 1 : NULL;
    struct kd_stretch t = kd_stretch_between(s, knot, next, &B);
    struct kd_flat flat = {0};
    if (next && t.part > 0) flat = part_of_U(s, &t);
    if (!next) flat.at_left = t.part / kd_scaled_plain(knot->A);
    double p = loss_over_gap(s, k, s->rate_A);
    knot->flat = (struct kd_flat){R.high, flat.at_right, flat.step};
    kd_running_add(&R, -p * R.high);
    kd_running_add(&R, flat.at_left);
    if (next) kd_front_move(&B, kd_gap(s, k) * s->rate_B);
    kd_knot_take_in(&B, knot);
  }
  struct kd_stretch t = kd_stretch_between(s, NULL, s->at, &B);
  return t.part / kd_scaled_plain(t.B);
}

/* The same from the left; with both, rho becomes U_{k+1} - U_k. */
static void from_left(const struct kd_knots *s, double before_first) {
  struct kd_running R = {before_first, 0, 0};
  for (size_t k = 0; k < s->n; k++) {
    double p = loss_over_gap(s, k, s->rate_A), p_left = loss_over_gap(s, k, s->rate_B);
    struct kd_flat flat = s->at[k].flat;
    s->at[k].rho = p * (flat.at_left - R.high) + (p - p_left) * R.high + flat.step;
    kd_running_add(&R, -p_left * R.high);
    kd_running_add(&R, flat.at_right);
  }
}

/* From the steps in rho, at_left becomes 1 - U; the others D, see the top, and
 * the same with weights S_j eta_j, whose sum over each knot `error` holds. */
static void sum_steps(const struct kd_knots *s) {
  struct kd_running left = {0}, right = {0}, before = {0}, after = {0};
  double D = 0, Q = 0, off = 0;
  for (size_t k = 0; k < s->n; k++) {
    struct kd_knot *knot = &s->at[k];
    knot->flat = (struct kd_flat){-before.high, D, Q};
    kd_running_add(&left, kd_scaled_plain(kd_running_value(&knot->S)));
    kd_running_add(&before, knot->rho * left.high);
    if (k + 1 == s->n) break;
    double gap = reduced_gap(s, k);
    off += knot->error, D += left.high * gap, Q += off * gap;
  }
  D = Q = off = 0;
  for (size_t k = s->n; k-- > 0;) {
    struct kd_knot *knot = &s->at[k];
    knot->flat.at_left += after.high, knot->flat.at_right += D, knot->flat.step += Q;
    kd_running_add(&right, kd_scaled_plain(kd_running_value(&knot->S)));
    if (k == 0) break;
    double gap = reduced_gap(s, k - 1);
    kd_running_add(&after, s->at[k - 1].rho * right.high);
    off += knot->error, D += right.high * gap, Q += off * gap;
  }
}

double kd_laplace_flat(const struct kd_knots *s, double *G, double *log_m, double *rho) {
  const struct kd_estimate *e = s->e;
  double mean_eta = 0, most = 0;
  from_left(s, from_right(s));
  for (size_t k = 0; k < s->n; k++) s->at[k].error = 0;
  for (size_t j = 0; j < e->n; j++) {
    double eta = e->S[j] * e->dlog_S[j];
    s->at[s->laplace->knot_of[j]].error += eta, mean_eta += eta;
  }
  sum_steps(s);
  if (!(mean_eta < VAGUE && e->dw < VAGUE * e->w)) most = INFINITY;
  double common = 160 * KD_U + 3.2 * (e->dw / e->w) + 1.5 * mean_eta;
  for (size_t j = 0; j < e->n; j++) {
    const struct kd_flat *flat = &s->at[s->laplace->knot_of[j]].flat;
    double g = e->S[j] * flat->at_left;
    G[e->index[j]] = g;
    if (log_m) log_m[e->index[j]] = kd_log1p(-flat->at_left);
    rho[j] = e->S[j] - g;
    double error = flat->at_right * (common + 1.2 * e->dlog_S[j]) + 1.2 * flat->step;
    most = fmax(most, e->S[j] * error);
  }
  return most;
}
