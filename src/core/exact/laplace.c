/* SPDX-License-Identifier: MIT
 *
 * See laplace.h. Everything comes from differences of positions, as u = r/h; with two
 * rates, u counts kappa times for a point seen from its right, 1/kappa from its left.
 *
 *   1. Points at one place are merged into a knot; knots from left to right.
 *   2. A_k = sum_{j <= k} S_j e^{-(y_k - y_j)/h} and, from the right, B_k, with
 *      the share that knot k has in each.
 *   3. On the stretch of T between knots k and k+1 the left part of f is what A_k
 *      stands for, the rest what B_{k+1} stands for: integrals in stretch.c.
 *   4. r_k = mean over T right of k of all that A_k stands for
 *        = stretch k's left part + (1 - share of k+1 in A_{k+1}) r_{k+1},
 *      l_k likewise, and mean rho_k = share_k r_k + share'_k l_k: positive terms
 *      in [0, 1] only, nothing overflows.
 *   5. Where all points lie within h/4, S_i - mean rho_i would cancel: laplace_flat.c.
 *
 * Bounds: what each step rounds is kept with each number (stretch.h, share.h); 2 % are
 * added for all that is of second order. Errors of the inputs: inputs.h.
 */
#include "laplace.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/kernel.h"
#include "core/vmath/vmath.h"
#include "inputs.h"
#include "laplace_knots.h"
#include "laplace_wings.h"

static const double SECOND_ORDER = 1.02;
static const double HOPELESS = 0x1p-8; /* a relative error whose square matters */

/* --- knots --- */

void kd_laplace_clear(struct kd_laplace *laplace) {
  free(laplace->knot), free(laplace->knot_of), free(laplace->gain);
  kd_wings_clear(&laplace->wings);
  *laplace = (struct kd_laplace){0};
}

static int reserve(struct kd_laplace *laplace, size_t n, struct kd_err *err) {
  if (n <= laplace->capacity) return KD_OK;
  kd_laplace_clear(laplace);
  if (n > SIZE_MAX / sizeof *laplace->knot) return kd_no_memory(err);
  laplace->knot = malloc(n * sizeof *laplace->knot);
  laplace->knot_of = malloc(n * sizeof *laplace->knot_of);
  if (!laplace->knot || !laplace->knot_of) {
    kd_laplace_clear(laplace);
    return kd_no_memory(err);
  }
  laplace->capacity = n;
  kd_half_rules_fill(&laplace->rules);
  return KD_OK;
}

static int reserve_gains(struct kd_laplace *laplace, size_t n, struct kd_err *err) {
  if (n <= laplace->gains_capacity) return KD_OK;
  free(laplace->gain);
  laplace->gains_capacity = 0;
  laplace->gain = malloc(n * sizeof *laplace->gain);
  if (!laplace->gain) return kd_no_memory(err);
  laplace->gains_capacity = n;
  return KD_OK;
}

/* The estimate has its points by rising |y|: the sides are sorted already, the
 * left one from the centre outwards. Ties are summed by rising z on both, so
 * that reflection changes no bit. */
static struct kd_knots merge(const struct kd_estimate *e, struct kd_laplace *laplace) {
  size_t centre = 0;
  for (size_t j = 0; j < e->n; j++) centre += e->y[j] < 0;
  size_t first = centre, end = centre;
  for (size_t j = 0; j < e->n; j++) {
    bool left = e->y[j] < 0, tied;
    size_t last = left ? first : end - 1;
    tied = (left ? first < centre : end > centre) && laplace->knot[last].y == e->y[j];
    size_t k = tied ? last : left ? --first : end++;
    struct kd_knot *knot = &laplace->knot[k];
    laplace->knot_of[j] = k;
    if (!tied) *knot = (struct kd_knot){.y = e->y[j]};
    kd_running_add_scaled(&knot->S, kd_weight(e, j));
  }
  for (size_t j = 0; j < e->n; j++) laplace->knot_of[j] -= first;
  return (struct kd_knots){.e = e,
                           .laplace = laplace,
                           .rate_A = 1,
                           .rate_B = 1,
                           .at = laplace->knot + first,
                           .n = end - first};
}

static void set_rates(struct kd_knots *s) {
  if (s->e->kernel->lopsided) s->rate_A = s->e->shape, s->rate_B = 1 / s->e->shape;
  s->norm.log = kd_log((s->rate_A + s->rate_B) * s->e->h);
  s->norm.size = fabs(s->norm.log) + 1;
}

double kd_gap(const struct kd_knots *s, size_t k) {
  return (s->at[k + 1].y - s->at[k].y) / s->e->h;
}

struct kd_share kd_knot_take_in(struct kd_front *front, const struct kd_knot *knot) {
  struct kd_scaled S = kd_running_value(&knot->S);
  return kd_front_take_in(front, S, kd_weight_error(S));
}

/* With both outside T, and one rate, their positions are added first: moving both inwards
 * cancels to the bit. */
struct kd_stretch kd_stretch_place(const struct kd_estimate *e, const double *left,
                                   const double *right, double rate_A, double rate_B) {
  double h = e->h, w = e->w, a = -w, b = w, left_of_T = 0, right_of_T = 0;
  if (left && *left > -w) a = *left;
  if (left && *left < -w) left_of_T = -w - *left;
  if (right && *right < w) b = *right;
  if (right && *right > w) right_of_T = *right - w;
  double length = fmax(0, b - a), to_A = (0.5 * length + left_of_T) / h * rate_A,
         to_B = (0.5 * length + right_of_T) / h * rate_B;
  struct kd_stretch t = {.part = length / (2 * w),
                         .tau = 0.5 * (rate_A + rate_B) * (length / h),
                         .to_A = to_A,
                         .to_B = to_B};
  if (rate_A != rate_B) {
    t.tilt = to_B - to_A, t.tilt_size = to_B + to_A;
  } else {
    t.tilt = (right_of_T - left_of_T) / h;
    if (left_of_T > 0 && right_of_T > 0) t.tilt = (*left + *right) / h;
    t.tilt_size = fabs(t.tilt);
  }
  return t;
}

struct kd_stretch kd_stretch_between(const struct kd_knots *s, const struct kd_knot *left,
                                     const struct kd_knot *right, const struct kd_front *B) {
  struct kd_stretch t = kd_stretch_place(s->e, left ? &left->y : NULL, right ? &right->y : NULL,
                                         s->rate_A, s->rate_B);
  if (left) t.A = left->A, t.A_error = left->A_error;
  t.B = kd_running_value(&B->sum), t.B_error = B->error + 1;
  return t;
}

/* --- the recursions --- */

static void collect(struct kd_knot *knot, const struct kd_flow *flow) {
  kd_flow_collect(flow, &knot->share, &knot->rho, &knot->error);
}

/* Over the gap before a knot: the first sum that comes there keeps what it found. */
static void pass_gap(const struct kd_knots *s, size_t k, double rate, bool again,
                     struct kd_front *front) {
  double u = kd_gap(s, k - 1) * rate;
  struct kd_knot *knot = &s->at[k];
  if (!(u <= 0.5) || s->rate_A != s->rate_B) {
    kd_front_move(front, u);
    return;
  }
  if (!again) knot->fall = kd_expm1(-u);
  kd_front_fall(front, u, knot->fall);
}

static void sum_from_left(const struct kd_knots *s) {
  struct kd_front A = {0};
  for (size_t k = 0; k < s->n; k++) {
    struct kd_knot *knot = &s->at[k];
    if (k) pass_gap(s, k, s->rate_A, false, &A);
    knot->share = kd_knot_take_in(&A, knot);
    knot->A = kd_running_value(&A.sum);
    knot->A_error = A.error + 1;
  }
}

struct loss {
  struct kd_running sum;
  double error; /* absolute, in KD_U */
};

/* The stretch between two knots; adds its loss. */
static struct kd_crossing cross(const struct kd_knots *s, const struct kd_knot *left,
                                const struct kd_knot *right, const struct kd_front *B,
                                struct loss *loss, struct kd_crossing_gains *gains) {
  struct kd_stretch t = kd_stretch_between(s, left, right, B);
  if (!(t.part > 0)) return (struct kd_crossing){0};
  struct kd_crossing c = kd_stretch_cross(&t, s->norm, &s->laplace->rules);
  if (s->gain) *gains = kd_stretch_gains(&t, &c);
  kd_running_add(&loss->sum, c.loss);
  loss->error += c.loss_error;
  return c;
}

/* B and r together, from the right: leaves the shares in B, and r's part of rho.
 * Returns the stretch before the first knot. */
static struct kd_crossing from_right(const struct kd_knots *s, struct loss *loss,
                                     struct kd_crossing_gains *before_first) {
  struct kd_front B = {0};
  struct kd_flow r = {0};
  for (size_t k = s->n; k-- > 0;) {
    struct kd_knot *knot = &s->at[k], *next = k + 1 < s->n ? knot + 1 : NULL;
    struct kd_crossing_gains gains = {{0, 0}, {0, 0}};
    struct kd_crossing c = cross(s, knot, next, &B, loss, &gains);
    if (s->gain) s->gain[k] = (struct kd_gain){gains.left, gains.right};
    kd_flow_add(&r, c.left, c.left_error);
    collect(knot, &r);
    knot->right = c.right, knot->right_error = c.right_error;
    kd_flow_pass(&r, &knot->share);
    if (next) pass_gap(s, k + 1, s->rate_B, true, &B);
    knot->share = kd_knot_take_in(&B, knot);
  }
  return cross(s, NULL, s->at, &B, loss, before_first);
}

static void from_left(const struct kd_knots *s, const struct kd_crossing *before_first) {
  struct kd_flow l = {0};
  double right = before_first->right, right_error = before_first->right_error;
  for (size_t k = 0; k < s->n; k++) {
    struct kd_knot *knot = &s->at[k];
    kd_flow_add(&l, right, right_error);
    collect(knot, &l);
    kd_flow_pass(&l, &knot->share);
    right = knot->right, right_error = knot->right_error;
  }
}

/* --- results --- */

/* m_k = U_k + V_k: U_k = left part of the stretch after k over A_k + e^-u U_{k+1}, which
 * needs no weight of k's own, V_k likewise from the left. */
static void sum_gains(const struct kd_knots *s, struct kd_scaled right) {
  struct kd_running U = {0}, V = {0};
  for (size_t k = s->n; k-- > 0;) {
    if (U.high > 0) kd_running_decay(&U, kd_gap(s, k) * s->rate_A);
    kd_running_add_scaled(&U, s->gain[k].m);
    s->gain[k].m = kd_running_value(&U);
  }
  for (size_t k = 0; k < s->n; k++) {
    if (V.high > 0) kd_running_decay(&V, kd_gap(s, k - 1) * s->rate_B);
    kd_running_add_scaled(&V, right);
    right = s->gain[k].right;
    struct kd_running m = {s->gain[k].m.m, 0, s->gain[k].m.e};
    kd_running_add_scaled(&m, kd_running_value(&V));
    s->gain[k].m = kd_running_value(&m);
  }
}

static void fill_log_m(const struct kd_knots *s, double *log_m) {
  for (size_t j = 0; j < s->e->n; j++) {
    struct kd_scaled m = s->gain[s->laplace->knot_of[j]].m;
    log_m[s->e->index[j]] = m.m > 0 ? kd_log(m.m) + m.e * KD_LN2 : KD_LOG_LEAST;
  }
}

/* G from rho; mean rho_j in sorted order. Returns what its rounding can be. */
static double gradient(const struct kd_knots *s, double *G, double *rho) {
  const struct kd_estimate *e = s->e;
  double most = 0;
  for (size_t j = 0; j < e->n; j++) {
    const struct kd_knot *knot = &s->at[s->laplace->knot_of[j]];
    struct kd_scaled S = kd_running_value(&knot->S);
    double share = kd_scaled_ratio(kd_weight(e, j), S);
    rho[j] = knot->rho * share;
    G[e->index[j]] = e->S[j] - rho[j];
    double error = share * knot->error + (6 + 2 * kd_weight_error(S)) * rho[j] + e->S[j];
    most = fmax(most, error);
  }
  most *= SECOND_ORDER * KD_U;
  return most <= HOPELESS ? most : INFINITY;
}

static double steepest(const struct kd_knots *s) {
  return fmax(s->rate_A, s->rate_B) / s->e->h;
}

static int by_knots(const struct kd_estimate *e, struct kd_laplace *laplace,
                    struct kd_objective *out, double *G, double *log_m, struct kd_err *err) {
  int code = reserve(laplace, e->n, err);
  if (!code && log_m) code = reserve_gains(laplace, e->n, err);
  if (code) return code;
  struct kd_knots s = merge(e, laplace);
  if (log_m) s.gain = laplace->gain;
  set_rates(&s);
  sum_from_left(&s);
  struct loss loss = {0};
  struct kd_crossing_gains before = {{0, 0}, {0, 0}};
  struct kd_crossing before_first = from_right(&s, &loss, &before);
  from_left(&s, &before_first);
  double *rho = e->ratio;
  bool flat = kd_knots_are_flat(&s);
  double rounding = flat ? kd_laplace_flat(&s, G, log_m, rho) : gradient(&s, G, rho);
  if (log_m && !flat) {
    sum_gains(&s, before.right);
    fill_log_m(&s, log_m);
  }
  struct kd_input_errors inputs = kd_input_errors(e, rho, rounding, steepest(&s), 0, flat);
  *out = (struct kd_objective){.loss = loss.sum.high};
  out->gradient_bound = rounding + inputs.gradient;
  out->loss_bound = SECOND_ORDER * KD_U * (loss.error + fabs(out->loss)) + inputs.loss;
  return KD_OK;
}

int kd_laplace_exact(const struct kd_estimate *e, struct kd_laplace *laplace,
                     struct kd_objective *out, double *G, double *log_m, struct kd_err *err) {
  double rate_A = e->kernel->lopsided ? e->shape : 1;
  bool done = false;
  int code = KD_OK;
  if (e->n >= KD_WINGS_FROM)
    code = kd_laplace_wings(e, rate_A, 1 / rate_A, &laplace->wings, &done, out, G, log_m, err);
  return code || done ? code : by_knots(e, laplace, out, G, log_m, err);
}
