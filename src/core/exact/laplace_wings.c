/* SPDX-License-Identifier: MIT
 *
 * See laplace_wings.h, wing.h, wing_sums.h. Each wing's blocks take from both sides:
 *
 *   I   f's part from points further in, and of the other wing: it decays outwards by a
 *   O   from points further out and outside T: it decays inwards by b
 *   U   sum of u over stretches further out: it decays inwards by a
 *   V   sum of v over stretches further in, and the other wing's u: outwards by b
 *
 * At the centre a wing's O and U become the other's I and V; the centre's own weight joins I.
 * At T's edge V goes on to the points outside: m_j = out_j V. If all points are outside T is
 * one stretch (stretch.h), and only the sum of the nearest on both sides counts.
 *
 * Bounds. What a block takes from its sides is carried as in share.h, with its error; the
 * largest over the blocks counts for all points (wing_sums.h):
 *
 *   P, Q    E = max(KD_WING_SUM_ERROR, error of I + 10, of O + 10)
 *   rho     max(E + KD_WING_U_ERROR + 24, error of U + 10, of V + 10) + 11, with the weight
 *   outside: error of V at the nearest + 8
 *
 * relative, and one rounding of the larger of S_j and rho_j for G_j. 2 % are added for all of
 * second order, errors of the inputs by inputs.h.
 */
#include "laplace_wings.h"

#include <math.h>

#include "core/estimate.h"
#include "core/kernel.h"
#include "core/num.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "inputs.h"
#include "laplace_knots.h"
#include "share.h"
#include "wing_sums.h"

static const double SECOND_ORDER = 1.02, LEAST_F = 0x1p-900;

struct walk {
  const struct kd_estimate *e;
  struct kd_wings *w;
  struct kd_half_rules rules;
  struct kd_norm norm;
  double c;                   /* part of T a unit of tau */
  struct kd_front outside[2]; /* at the nearest point outside */
  struct kd_front back[2];    /* m there, for a unit of decay */
  struct kd_front centre_m[2];
  double centre;     /* weight there */
  double E, m_error; /* relative, in KD_U: the largest */
  struct kd_sum loss[2], size[2], loss_error;
};

static struct kd_scaled scaled(double x) {
  if (!(x > 0)) return (struct kd_scaled){0};
  if (x < 0x1p-512) return (struct kd_scaled){x * 0x1p512, -KD_LIMB};
  return x > 0x1p512 ? (struct kd_scaled){x * 0x1p-512, KD_LIMB} : (struct kd_scaled){x, 0};
}

static double plain(const struct kd_front *front) {
  return kd_scaled_plain(kd_running_value(&front->sum));
}

/* By a way (wing.h): 2 roundings of it, and one or two of the product */
static void move(struct kd_front *front, double way) {
  if (!(front->sum.high > 0)) return;
  if (way > 0) {
    kd_running_multiply(&front->sum, way);
    front->error += 5;
  } else {
    kd_running_add(&front->sum, way * front->sum.high);
    front->error += 6 * -way;
  }
  kd_running_lift(&front->sum);
}

/* Any way, by parts that a factor can hold */
static void move_far(struct kd_front *front, struct kd_dd u) {
  static const double PART = 300, FAR = 1e5;
  if (u.high > FAR) {
    kd_front_move(front, u.high);
    return;
  }
  for (; u.high > PART; u = kd_dd_sum(u, (struct kd_dd){-PART, 0})) move(front, kd_exp(-PART));
  move(front, u.high <= 0.5 ? kd_expm1(-u.high) : kd_exp_tail(-u.high, -u.low));
}

/* --- weights --- */

static void scatter(struct walk *s) {
  const struct kd_estimate *e = s->e;
  struct kd_sum centre = {0}, tied[2] = {{0}};
  uint32_t last[2] = {UINT32_MAX, UINT32_MAX};
  for (size_t j = 0; j < s->w->n_centre; j++) kd_sum_add(&centre, e->S[j]);
  s->centre = kd_sum_value(&centre);
  for (size_t j = s->w->n_centre; j < e->n; j++) {
    int side = e->y[j] < 0;
    uint32_t slot = s->w->slot[j];
    if (slot != last[side]) tied[side] = (struct kd_sum){0}, last[side] = slot;
    kd_sum_add(&tied[side], e->S[j]);
    s->w->S[slot] = kd_sum_value(&tied[side]);
  }
}

static void sum_outside(struct walk *s, int side) {
  const struct kd_wing *wing = &s->w->wing[side];
  kd_front_take_in(&s->outside[side], scaled(kd_wing_sum_outside(s->w, wing)), 5);
}

/* --- a wing --- */

/* O from the edge; returns it at the centre. */
static struct kd_front inwards(struct walk *s, int side) {
  const struct kd_wing *wing = &s->w->wing[side];
  struct kd_front O = s->outside[side];
  move_far(&O, wing->beyond);
  move(&O, wing->way_b_to_edge);
  for (size_t b = wing->end; b-- > wing->first;) {
    struct kd_wing_block *block = &s->w->block[b];
    struct kd_wing_rows rows = kd_wing_rows(s->w, b);
    block->O = plain(&O);
    s->E = fmax(s->E, O.error + 10);
    kd_front_take_in(&O, scaled(kd_wing_sum_out(&rows)), 12);
    move(&O, block->way_b);
  }
  return O;
}

static void outwards(struct walk *s, int side, struct kd_front I) {
  const struct kd_wing *wing = &s->w->wing[side];
  for (size_t b = wing->first; b < wing->end; b++) {
    struct kd_wing_block *block = &s->w->block[b];
    struct kd_wing_rows rows = kd_wing_rows(s->w, b);
    move(&I, block->way_a);
    block->I = plain(&I);
    s->E = fmax(s->E, I.error + 10);
    kd_front_take_in(&I, scaled(kd_wing_sum_in(&rows)), 12);
  }
}

/* The stretches, and U; false where f is too small. Leaves the sums of v in V. */
static bool cross(struct walk *s, int side) {
  const struct kd_wing *wing = &s->w->wing[side];
  struct kd_front U = {0};
  double u_error = s->E + KD_WING_U_ERROR + 24;
  for (size_t b = wing->end; b-- > wing->first;) {
    struct kd_wing_block *block = &s->w->block[b];
    struct kd_wing_rows rows = kd_wing_rows(s->w, b);
    const struct kd_half_rule *rule = kd_half_rule_for(&s->rules, block->widest);
    struct kd_wing_pass pass = kd_wing_cross(&rows, block->I, block->O, rule);
    if (!(pass.least >= LEAST_F)) return false;
    kd_sum_add(&s->loss[side], pass.log_f);
    kd_sum_add(&s->size[side], pass.size);
    block->I = plain(&U), block->O = pass.v; /* of no use any more */
    s->m_error = fmax(s->m_error, U.error + 10);
    kd_front_take_in(&U, scaled(pass.u), u_error);
    move(&U, block->way_a);
  }
  s->centre_m[side] = U;
  return true;
}

static void finish(struct walk *s, int side) {
  const struct kd_wing *wing = &s->w->wing[side];
  struct kd_front V = s->centre_m[!side];
  double v_error = s->E + KD_WING_U_ERROR + 24;
  for (size_t b = wing->first; b < wing->end; b++) {
    const struct kd_wing_block *block = &s->w->block[b];
    struct kd_wing_rows rows = kd_wing_rows(s->w, b);
    move(&V, block->way_b);
    s->m_error = fmax(s->m_error, V.error + 10);
    kd_wing_finish(&rows, block->I, plain(&V), s->c);
    kd_front_take_in(&V, scaled(block->O), v_error);
  }
  move(&V, wing->way_b_to_edge);
  move_far(&V, wing->beyond);
  s->back[side] = V;
}

static bool both_wings(struct walk *s) {
  struct kd_front O[2];
  for (int side = 0; side < 2; side++) O[side] = inwards(s, side);
  for (int side = 0; side < 2; side++) {
    struct kd_front I = O[!side];
    kd_front_take_in(&I, scaled(s->centre), 2);
    outwards(s, side, I);
  }
  for (int side = 0; side < 2; side++)
    if (!cross(s, side)) return false;
  s->m_error = fmax(s->m_error, s->E + KD_WING_U_ERROR + 24);
  for (int side = 0; side < 2; side++) finish(s, side);
  return true;
}

/* --- no point inside --- */

static bool one_stretch(struct walk *s, struct kd_crossing *c) {
  const struct kd_wing *right = &s->w->wing[0], *left = &s->w->wing[1];
  double at_left = -left->nearest, at_right = right->nearest;
  struct kd_stretch t =
      kd_stretch_place(s->e, isinf(at_left) ? NULL : &at_left,
                       isinf(at_right) ? NULL : &at_right, right->a, right->b);
  t.A = kd_running_value(&s->outside[1].sum), t.A_error = s->outside[1].error + 1;
  t.B = kd_running_value(&s->outside[0].sum), t.B_error = s->outside[0].error + 1;
  for (int side = 0; side < 2; side++) {
    double sum = plain(&s->outside[side]);
    if (!isinf(s->w->wing[side].nearest) && !(sum >= LEAST_F)) return false;
  }
  *c = kd_stretch_cross(&t, s->norm, &s->rules);
  struct kd_crossing_gains gains = kd_stretch_gains(&t, c);
  kd_front_take_in(&s->back[1], gains.left, 0);
  kd_front_take_in(&s->back[0], gains.right, 0);
  return true;
}

/* --- results --- */

static void finish_outside(struct walk *s, int side, double unit) {
  const struct kd_wing *wing = &s->w->wing[side];
  double m = plain(&s->back[side]) * unit;
  if (wing->end_outside > wing->first_outside)
    s->m_error = fmax(s->m_error, s->back[side].error + 8);
  for (size_t b = wing->first_outside; b < wing->end_outside; b++) {
    struct kd_wing_rows rows = kd_wing_rows(s->w, b);
    for (size_t k = 0; k < KD_WING_BLOCK; k++) rows.U[k] = rows.out[k] * m;
  }
}

/* The largest rho_j of both sides, and S_j */
struct most {
  double rho[2], S;
};

/* rho in sorted order */
static void gather(struct walk *s, double unit, double *G, double *rho, struct most *most) {
  const struct kd_estimate *e = s->e;
  const uint32_t *slot = s->w->slot;
  double centre = (plain(&s->centre_m[0]) + plain(&s->centre_m[1])) * unit;
  for (size_t j = 0; j < e->n; j++) {
    rho[j] = e->S[j] * (j < s->w->n_centre ? centre : s->w->U[slot[j]]);
    G[e->index[j]] = e->S[j] - rho[j];
    double *side = &most->rho[e->y[j] < 0];
    *side = rho[j] > *side ? rho[j] : *side;
    most->S = e->S[j] > most->S ? e->S[j] : most->S;
  }
}

/* Where out_j or m_j is nearly too small for a double, or 0, log out_j is the distance. */
static void fill_log_m(const struct walk *s, double unit, double *log_m) {
  static const double SMALL = 0x1p-1000;
  const struct kd_estimate *e = s->e;
  const struct kd_wings *w = s->w;
  double centre = (plain(&s->centre_m[0]) + plain(&s->centre_m[1])) * unit, log_back[2];
  for (int side = 0; side < 2; side++) {
    struct kd_scaled back = kd_running_value(&s->back[side].sum);
    log_back[side] = kd_log(back.m) + back.e * KD_LN2 + kd_log(unit);
  }
  for (size_t j = 0; j < e->n; j++) {
    int side = e->y[j] < 0;
    const struct kd_wing *wing = &w->wing[side];
    double *to = &log_m[e->index[j]], r = fabs(e->y[j]);
    if (j < w->n_centre)
      *to = kd_log(centre);
    else if (r >= wing->nearest && fmin(w->out[w->slot[j]], w->U[w->slot[j]]) < SMALL)
      *to = log_back[side] - wing->b * ((r - wing->nearest) / e->h);
    else
      *to = kd_log(w->U[w->slot[j]]);
  }
}

/* Positions of the outermost points, and of the innermost outside or, with points inside, of
 * none */
static bool is_flat(const struct kd_estimate *e, const struct kd_wings *w, bool inside,
                    double rate) {
  double end[2] = {0, 0}; /* right, left */
  for (int side = 0; side < 2; side++) {
    size_t j = e->n;
    while (j > 0 && (e->y[j - 1] < 0) != side) j--;
    end[side] = j > 0 ? e->y[j - 1] : side ? e->y[0] : -fabs(e->y[0]);
  }
  bool both = !inside && !isinf(w->wing[0].nearest) && !isinf(w->wing[1].nearest);
  double left = both ? -w->wing[1].nearest : 0, right = both ? w->wing[0].nearest : 0;
  return kd_laplace_is_flat(e, end[1], left, right, end[0], rate, e->kernel->lopsided);
}

static void set_loss(const struct walk *s, struct kd_objective *out) {
  double sum = kd_sum_value(&s->loss[0]) + kd_sum_value(&s->loss[1]);
  double size = s->c * (kd_sum_value(&s->size[0]) + kd_sum_value(&s->size[1]));
  out->loss = s->norm.log - s->c * sum;
  out->loss_bound = s->E + 15 + 24 * size + 3 * s->norm.size + 2 * fabs(out->loss);
}

/* What a side's rho may be off by: its share of the part's error, and its own */
static double off_by(const struct walk *s, double part, double part_error, double most_rho) {
  double share = part > LEAST_F ? fmin(1, most_rho / part) : 1;
  return share * part_error + (s->m_error + 32) * most_rho;
}

/* Bounds in KD_U; returns false where this form does not do. */
static bool solve(struct walk *s, double *G, double *log_m, struct kd_objective *out) {
  struct kd_crossing c = {0};
  struct most most = {{0, 0}, 0};
  bool inside = s->w->wing[0].end > 0;
  double unit = inside ? s->c : 1;
  if (inside ? !both_wings(s) : !one_stretch(s, &c)) return false;
  for (int side = 0; side < 2; side++) finish_outside(s, side, unit);
  gather(s, unit, G, s->e->ratio, &most);
  if (log_m) fill_log_m(s, unit, log_m);
  *out = (struct kd_objective){0};
  double most_rho = fmax(most.rho[0], most.rho[1]);
  if (inside) {
    set_loss(s, out);
    out->gradient_bound = (s->m_error + 11) * most_rho;
  } else {
    out->loss = c.loss, out->loss_bound = c.loss_error + fabs(c.loss);
    out->gradient_bound = fmax(off_by(s, c.right, c.right_error, most.rho[0]),
                               off_by(s, c.left, c.left_error, most.rho[1]));
  }
  out->gradient_bound += fmax(most_rho, most.S);
  return true;
}

static struct walk begin(const struct kd_estimate *e, struct kd_wings *w, double rates) {
  struct walk s = {.e = e, .w = w, .E = KD_WING_SUM_ERROR, .c = e->h / (rates * e->w)};
  s.norm.log = kd_log(rates * e->h), s.norm.size = fabs(s.norm.log) + 1;
  kd_half_rules_fill(&s.rules);
  scatter(&s);
  for (int side = 0; side < 2; side++) sum_outside(&s, side);
  return s;
}

int kd_laplace_wings(const struct kd_estimate *e, double rate_A, double rate_B,
                     struct kd_wings *w, bool *done, struct kd_objective *out, double *G,
                     double *log_m, struct kd_err *err) {
  double steepest = fmax(rate_A, rate_B);
  int code = kd_wings_place(w, e, rate_A, rate_B, done, err);
  if (code || !*done) return code;
  *done = !is_flat(e, w, w->wing[0].end > 0, steepest);
  if (!*done) return KD_OK;
  struct walk s = begin(e, w, rate_A + rate_B);
  *done = solve(&s, G, log_m, out);
  if (!*done) return KD_OK;
  double rounding = SECOND_ORDER * KD_U * out->gradient_bound;
  struct kd_input_errors inputs =
      kd_input_errors(e, e->ratio, rounding, steepest / e->h, e->dlog_S_common, false);
  out->gradient_bound = rounding + inputs.gradient;
  out->loss_bound = SECOND_ORDER * KD_U * out->loss_bound + inputs.loss;
  return KD_OK;
}
