/* SPDX-License-Identifier: MIT
 *
 * See laplace_circle.h.
 *
 *   1. T is cut at its centre; each half lies in a half circle, v rising away from the
 *      centre (the other half is mirrored), where sums over the points left and right of
 *      v are to be had, near and far ones apart (half_circle.h).
 *   2. Between two events, points or antipodes, f is that of a stretch (stretch.h). Its
 *      left part goes back to near points before it and to far ones after it, in the
 *      proportion of the two sums, its right part likewise; then through the shares in
 *      each sum (share.h).
 *
 * Bounds as in laplace.c. A part handed to one of two sums is off by the other's share
 * times the error of their quotient.
 */
#include "laplace_circle.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/kernel.h"
#include "core/vmath/vmath.h"
#include "half_circle.h"
#include "inputs.h"

static const double SECOND_ORDER = 1.02;
static const double HOPELESS = 0x1p-8; /* a relative error whose square matters */

/* One half of T and its share of L */
struct half {
  struct kd_half_circle circle;
  const struct kd_half_rules *rules;
  struct kd_place edge;
  struct kd_norm norm;
  struct kd_running loss;
  double loss_error; /* absolute, in KD_U */
};

void kd_laplace_circle_clear(struct kd_laplace_circle *room) {
  free(room->event), free(room->event_of);
  *room = (struct kd_laplace_circle){0};
}

static int reserve(struct kd_laplace_circle *room, size_t n, struct kd_err *err) {
  if (n <= room->capacity) return KD_OK;
  kd_laplace_circle_clear(room);
  if (n > SIZE_MAX / sizeof *room->event) return kd_no_memory(err);
  room->event = malloc(n * sizeof *room->event);
  room->event_of = malloc(n * sizeof *room->event_of);
  if (!room->event || !room->event_of) {
    kd_laplace_circle_clear(room);
    return kd_no_memory(err);
  }
  room->capacity = n;
  kd_half_rules_fill(&room->rules);
  return KD_OK;
}

/* --- stretches --- */

/* A window's part of a stretch, shared out among its near and its far points */
static struct kd_parts shared(const struct kd_window *w, double part, double error) {
  return (struct kd_parts){w->near * part, w->near * (error + part * (w->far * w->error + 4)),
                           w->far * part, w->far * (error + part * (w->near * w->error + 4))};
}

/* What goes to points before a stretch */
struct back {
  struct kd_flow near, far;
};

static struct kd_stretch stretch_between(const struct half *s, struct kd_place left,
                                         struct kd_place right, const struct kd_window *A,
                                         const struct kd_window *B) {
  bool leaves = kd_before(s->edge, right);
  double h = s->circle.e->h, length = kd_arc_between(left, leaves ? s->edge : right);
  double right_of_T = leaves ? kd_arc_between(s->edge, right) : 0;
  return (struct kd_stretch){.part = length / (2 * s->circle.e->w),
                             .tau = length / h,
                             .A = A->sum.value,
                             .B = B->sum.value,
                             .A_error = A->sum.error,
                             .B_error = B->sum.error,
                             .to_A = 0.5 * length / h,
                             .to_B = (0.5 * length + right_of_T) / h,
                             .tilt = right_of_T / h,
                             .tilt_size = right_of_T / h};
}

/* The stretch between two events, given the sums from both ends: adds its loss and what
 * goes to points before it; returns what goes to those after it. */
static struct kd_parts cross(struct half *s, struct kd_place left, struct kd_place right,
                             const struct kd_sums *from_start, const struct kd_sums *from_end,
                             struct back *back) {
  if (!kd_before(left, s->edge) || !kd_before(left, right)) return (struct kd_parts){0};
  double h = s->circle.e->h;
  const struct kd_side *side = s->circle.side;
  struct kd_window A =
      kd_window(&side[KD_LEFT], from_start, from_end, kd_arc_between(KD_START, left) / h);
  struct kd_window B =
      kd_window(&side[KD_RIGHT], from_end, from_start, kd_arc_between(right, KD_END) / h);
  struct kd_stretch t = stretch_between(s, left, right, &A, &B);
  struct kd_crossing c = kd_stretch_cross(&t, s->norm, s->rules);
  kd_running_add(&s->loss, c.loss);
  s->loss_error += c.loss_error;
  struct kd_parts a = shared(&A, c.left, c.left_error), b = shared(&B, c.right, c.right_error);
  kd_flow_add(&back->near, a.near, a.near_error);
  kd_flow_add(&back->far, b.far, b.far_error);
  return (struct kd_parts){b.near, b.near_error, a.far, a.far_error};
}

static void collect(struct kd_event *event, struct kd_flow *near, struct kd_flow *far) {
  struct kd_flow *flow = event->far ? far : near;
  kd_flow_collect(flow, &event->share, &event->rho, &event->error);
  kd_flow_gain(flow, &event->share, &event->m);
  kd_flow_pass(flow, &event->share);
}

/* From the end: the sums there, all stretches, and what goes back to points before them.
 * Leaves the shares in these sums, and what goes ahead. */
static void from_end(struct half *s) {
  static const struct kd_sums nothing;
  struct kd_fronts f = {0};
  struct back back = {0};
  struct kd_place right = KD_END;
  for (size_t k = s->circle.n; k-- > 0;) {
    struct kd_event *event = &s->circle.at[k];
    struct kd_sums there = kd_sums_of(&f);
    struct kd_parts ahead = cross(s, event->at, right, &event->sums, &there, &back);
    if (k + 1 < s->circle.n) event[1].ahead = ahead;
    collect(event, &back.near, &back.far);
    kd_front_move(&f.near, kd_arc_between(event->at, right) / s->circle.e->h);
    kd_half_circle_take_in(&s->circle, &f, KD_RIGHT, event);
    right = event->at;
  }
  struct kd_sums there = kd_sums_of(&f);
  s->circle.at[0].ahead = cross(s, KD_START, right, &nothing, &there, &back);
}

/* What goes to points after the stretches */
static void from_start(struct half *s) {
  struct kd_flow near = {0}, far = {0};
  for (size_t k = 0; k < s->circle.n; k++) {
    struct kd_event *event = &s->circle.at[k];
    kd_flow_add(&near, event->ahead.near, event->ahead.near_error);
    kd_flow_add(&far, event->ahead.far, event->ahead.far_error);
    collect(event, &near, &far);
  }
}

/* --- results --- */

static struct kd_norm norm_of(double h) {
  double log_2h = kd_log(2 * h), log_mass = kd_log(-kd_expm1(-KD_PI_HIGH / h));
  return (struct kd_norm){log_2h + log_mass, fabs(log_2h) + fabs(log_mass) + 1};
}

static double log_sum(double a, double b) {
  double top = fmax(a, b), rest = fmin(a, b) - top;
  return isfinite(top) ? top + kd_log1p(kd_exp(rest)) : top;
}

/* One half of T: adds its part of mean rho_j, of its errors and (unless NULL) of m_j, n
 * values in sorted order, log_m in the order of the input. */
static struct half solve(const struct kd_estimate *e, struct kd_laplace_circle *room,
                         double sign, double *rho, double *error, double *log_m) {
  struct half s = {.circle = kd_half_circle(e, sign, room->event, room->event_of),
                   .rules = &room->rules,
                   .edge = {fmin(e->w, KD_PI_HIGH), 0},
                   .norm = norm_of(e->h)};
  from_end(&s);
  from_start(&s);
  for (size_t j = 0; j < e->n; j++) {
    const struct kd_event *event = &room->event[room->event_of[j]];
    struct kd_scaled S = kd_running_value(&event->S);
    double share = kd_scaled_ratio(kd_weight(e, j), S);
    rho[j] += event->rho * share;
    error[j] += event->error * share + (6 + 2 * kd_weight_error(S)) * event->rho * share;
    if (!log_m || !(event->m.m > 0)) continue;
    double *sum = &log_m[e->index[j]];
    *sum = log_sum(*sum, kd_log(event->m.m) + event->m.e * KD_LN2);
  }
  return s;
}

/* All at one place: none of them can gain. */
static bool is_one_place(const struct kd_estimate *e) {
  size_t j = 1;
  while (j < e->n && e->y[j] == e->y[0]) j++;
  return j == e->n;
}

/* G from rho; what its rounding can be */
static double gradient(const struct kd_estimate *e, double *rho, const double *error,
                       double *G) {
  double most = 0;
  bool one_place = is_one_place(e);
  for (size_t j = 0; j < e->n; j++) {
    if (one_place) rho[j] = e->S[j];
    G[e->index[j]] = e->S[j] - rho[j];
    if (!one_place) most = fmax(most, error[j] + e->S[j] + 2 * rho[j]);
  }
  most *= SECOND_ORDER * KD_U;
  return most <= HOPELESS ? most : INFINITY;
}

int kd_laplace_circle_exact(const struct kd_estimate *e, struct kd_laplace_circle *room,
                            struct kd_objective *out, double *G, double *log_m,
                            struct kd_err *err) {
  int code = reserve(room, e->n, err);
  if (code) return code;
  double *rho = e->ratio, *error = e->probe;
  for (size_t j = 0; j < e->n; j++) rho[j] = error[j] = 0;
  for (size_t i = 0; log_m && i < e->n; i++) log_m[i] = -INFINITY;
  struct half right = solve(e, room, 1, rho, error, log_m);
  struct half left = solve(e, room, -1, rho, error, log_m);
  for (size_t i = 0; log_m && i < e->n; i++) log_m[i] = fmax(log_m[i], KD_LOG_LEAST);
  double rounding = gradient(e, rho, error, G), slope = 1 / e->h;
  /* The farthest position may be rounded up to beyond pi, where it counts as pi. */
  double beyond = slope * kd_arc_between(KD_END, (struct kd_place){fabs(e->y[e->n - 1]), 0});
  struct kd_input_errors inputs = kd_input_errors(e, rho, rounding, slope, 0, false);
  double rounding_of_loss = right.loss_error + left.loss_error;
  *out = (struct kd_objective){.loss = right.loss.high + left.loss.high};
  out->gradient_bound = rounding + inputs.gradient + 3 * beyond;
  out->loss_bound =
      SECOND_ORDER * KD_U * (rounding_of_loss + 3 * fabs(out->loss)) + inputs.loss + beyond;
  return KD_OK;
}
