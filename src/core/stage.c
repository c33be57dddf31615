/* SPDX-License-Identifier: MIT
 *
 * See stage.h.
 */
#include "stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "circle.h"
#include "core/binned/binned.h"
#include "frame.h"
#include "num.h"

static void free_points(struct kd_stage *s) {
  free(s->y), free(s->dy), free(s->other), free(s->scratch);
  s->y = s->dy = s->other = s->scratch = NULL;
  s->capacity = 0;
}

void kd_stage_clear(struct kd_stage *s) {
  kd_estimate_clear(&s->estimate);
  kd_nodes_clear(&s->nodes);
  kd_ratios_clear(&s->ratios);
  kd_room_clear(&s->room);
  free_points(s);
}

static int reserve(struct kd_stage *s, size_t n, struct kd_err *err) {
  if (n <= s->capacity) return KD_OK;
  free_points(s);
  s->y = calloc(n, sizeof *s->y);
  s->dy = calloc(n, sizeof *s->dy);
  s->other = calloc(n, sizeof *s->other);
  s->scratch = calloc(n, KD_OBJECTIVE_SCRATCH * sizeof *s->scratch);
  if (!s->y || !s->dy || !s->other || !s->scratch) return kd_no_memory(err);
  s->capacity = n;
  return KD_OK;
}

int kd_stage_move(struct kd_stage *s, const struct kd_problem *p, double d, double dd,
                  struct kd_err *err) {
  int code = reserve(s, p->n, err);
  if (code) return code;
  struct kd_estimate *e = &s->estimate;
  kd_positions_init(&s->positions, p, d, dd);
  e->space = p->space, e->kernel = p->kernel, e->h = p->h, e->shape = p->shape;
  e->log_mass = e->log_mass_error = 0;
  if (p->space == KD_SPACE_CIRCLE)
    e->log_mass = kd_circle_log_mass(p->kernel, p->h, p->shape, &e->log_mass_error);
  e->w = s->positions.frame.w, e->dw = s->positions.frame.dw;
  s->z = p->z, s->sorted = s->weighed = false;
  kd_room_points_moved(&s->room);
  return KD_OK;
}

int kd_stage_set(struct kd_stage *s, const struct kd_problem *p, double d, double dd,
                 struct kd_err *err) {
  int code = kd_stage_move(s, p, d, dd, err);
  return code ? code : kd_stage_sort(s, p->n, err);
}

void kd_stage_logits(struct kd_stage *s, const double *z) {
  s->z = z, s->weighed = false;
}

int kd_stage_sort(struct kd_stage *s, size_t n, struct kd_err *err) {
  int code = KD_OK;
  if (!s->sorted) {
    kd_positions_read(&s->positions, 0, n, s->y, s->dy);
    code = kd_estimate_points(&s->estimate, n, s->y, s->dy, s->z, err);
  } else if (!s->weighed) {
    kd_estimate_logits(&s->estimate, s->z);
  }
  s->sorted = s->weighed = !code;
  return code;
}

static int place(struct kd_stage *s, const struct kd_problem *p, const struct kd_rule *rule,
                 struct kd_err *err) {
  int code = kd_stage_sort(s, p->n, err);
  if (code) return code;
  struct kd_rule_args args = {p->bins, p->order, p->tolerance};
  return kd_rule_place(rule, &s->estimate, &args, &s->nodes, err);
}

int kd_stage_place(struct kd_stage *s, const struct kd_problem *p, struct kd_err *err) {
  return place(s, p, p->rule, err);
}

/* At nodes that the weights have no part in, where no support ends, as long as it stays in a
 * processor's cache */
bool kd_stage_tabled(const struct kd_problem *p, const struct kd_rule *rule, size_t n_nodes) {
  enum { TERMS_MAX = 1 << 18 };
  return rule->even && !isfinite(p->kernel->support) && n_nodes <= TERMS_MAX / p->n;
}

static int by_table(struct kd_stage *s, double *G, bool *done, struct kd_objective *out,
                    struct kd_err *err) {
  int code = kd_ratios_fill(&s->ratios, &s->estimate, &s->nodes, true, err);
  if (!code && s->ratios.bounded) *done = kd_ratios_objective(&s->ratios, &s->estimate, G, out);
  return code;
}

static int quadrature(struct kd_stage *s, const struct kd_problem *p,
                      const struct kd_rule *rule, double *G, double *log_m,
                      struct kd_objective *out, struct kd_err *err) {
  bool done = false;
  int code = place(s, p, rule, err);
  if (!code && !log_m && kd_stage_tabled(p, rule, s->nodes.n))
    code = by_table(s, G, &done, out, err);
  if (!code && !done) *out = kd_objective(&s->estimate, &s->nodes, G, log_m, s->scratch);
  return code;
}

/* The closed form on the circle forms m_j from shares of weights, which may be 0 in a
 * double. */
static bool any_vanishes(size_t n, const double *log_m) {
  for (size_t i = 0; i < n; i++)
    if (log_m[i] <= KD_LOG_LEAST) return true;
  return false;
}

/* The closed form; where its bound is wide (positions that are off, next to zeros of f)
 * a rule that stands for the integral may do better, unless the closed form was asked for. */
static int closed_form(struct kd_stage *s, const struct kd_problem *p,
                       const struct kd_rule *rule, kd_exact *exact, double *G, double *log_m,
                       struct kd_objective *out, struct kd_err *err) {
  static const double WIDE = 1e-12;
  struct kd_objective other;
  int code = exact(&s->estimate, &s->room, out, G, log_m, err);
  if (!code && log_m && p->space == KD_SPACE_CIRCLE && any_vanishes(p->n, log_m))
    code = quadrature(s, p, rule, s->other, log_m, &other, err);
  if (code || !(out->gradient_bound > WIDE) || rule->closed == KD_CLOSED_ONLY) return code;
  code = quadrature(s, p, rule, G, log_m, &other, err);
  if (code) return code;
  if (other.gradient_bound < out->gradient_bound)
    *out = other;
  else
    code = exact(&s->estimate, &s->room, out, G, log_m, err);
  return code;
}

/* With few points on the circle nodes are as good: inward shifts by dyadic steps change no
 * bit of them. */
kd_exact *kd_stage_closed_form(const struct kd_problem *p, const struct kd_rule *rule) {
  enum { FROM_ON_CIRCLE = 64 };
  if (rule->closed == KD_CLOSED_NEVER) return NULL;
  if (p->space == KD_SPACE_LINE) return p->kernel->exact;
  if (rule->closed == KD_CLOSED_WHERE_ANY && p->n < FROM_ON_CIRCLE) return NULL;
  return p->kernel->exact_on_circle;
}

double kd_stage_scale_loss(const struct kd_problem *p) {
  static const double LOG_10 = 2.30258509299404568402;
  if (p->log10_factor == 0 && p->log10_slope == 0) return 0;
  return -LOG_10 * (p->log10_factor + p->log10_slope * kd_frame_of(p).c);
}

/* Of the same: its roundings, few and relative to its terms */
static double scale_loss_error(const struct kd_problem *p) {
  double terms =
      fabs(p->log10_factor) + fabs(p->log10_slope) * (fabs(p->lower) + fabs(p->upper));
  return 8 * KD_U * 2.31 * terms;
}

bool kd_stage_binned(const struct kd_problem *p, const struct kd_rule *rule) {
  enum { MANY_TERMS = 1 << 14 };
  if (!p->kernel->binned || !rule->even || p->space != KD_SPACE_LINE) return false;
  return kd_rule_nodes(rule, p->bins) > MANY_TERMS / p->n;
}

int kd_stage_by_bins(struct kd_stage *s, const struct kd_problem *p, const struct kd_rule *rule,
                     double *G, double *log_m, bool *done, struct kd_objective *out,
                     struct kd_err *err) {
  *done = false;
  if (!kd_stage_binned(p, rule)) return KD_OK;
  struct kd_grid grid = kd_rule_grid(rule, s->estimate.w, p->bins);
  struct kd_points points = {p->n, &s->positions, s->z, p->h, s->estimate.dw};
  return p->kernel->binned(&points, &grid, &s->room, done, out, G, log_m, err);
}

bool kd_stage_has_steps(const struct kd_problem *p) {
  return p->n >= KD_STEPS_FROM && p->space == KD_SPACE_LINE && p->kernel->exact_step &&
         kd_stage_closed_form(p, p->rule);
}

void kd_stage_line_order(const struct kd_stage *s, size_t *order) {
  const struct kd_estimate *e = &s->estimate;
  size_t left = 0;
  for (size_t j = 0; j < e->n; j++) left += e->y[j] < 0;
  for (size_t j = 0, right = left; j < e->n; j++)
    order[e->y[j] < 0 ? --left : right++] = e->index[j];
}

static void reorder(size_t n, double *a, const size_t *order, double *room) {
  for (size_t k = 0; k < n; k++) room[k] = a[order[k]];
  memcpy(a, room, n * sizeof *a);
}

void kd_stage_reorder(struct kd_stage *s, const size_t *order) {
  struct kd_estimate *e = &s->estimate;
  size_t *now = (size_t *)s->scratch; /* by places in the input */
  reorder(e->n, s->y, order, s->other);
  reorder(e->n, s->dy, order, s->other);
  for (size_t k = 0; k < e->n; k++) now[order[k]] = k;
  for (size_t j = 0; j < e->n; j++) e->index[j] = now[e->index[j]];
  kd_room_points_moved(&s->room);
}

int kd_stage_step(struct kd_stage *s, const struct kd_problem *p, double *G, double *log_m,
                  bool *done, double *loss, struct kd_err *err) {
  *done = false;
  if (!kd_stage_has_steps(p)) return KD_OK;
  int code = s->sorted ? KD_OK : kd_stage_sort(s, p->n, err);
  if (!code)
    code = p->kernel->exact_step(&s->estimate, s->z, &s->room, done, G, log_m, loss, err);
  if (!code && *done && loss) *loss += kd_stage_scale_loss(p);
  return code;
}

int kd_stage_objective(struct kd_stage *s, const struct kd_problem *p,
                       const struct kd_rule *rule, double *G, double *log_m,
                       struct kd_objective *out, struct kd_err *err) {
  kd_exact *exact = kd_stage_closed_form(p, rule);
  bool done;
  int code = kd_stage_by_bins(s, p, rule, G, log_m, &done, out, err);
  if (!code && !done) code = kd_stage_sort(s, p->n, err);
  if (!code && !done)
    code = exact ? closed_form(s, p, rule, exact, G, log_m, out, err)
                 : quadrature(s, p, rule, G, log_m, out, err);
  if (code) return code;
  out->loss += kd_stage_scale_loss(p);
  if (out->uncovered == 0) out->loss_bound += scale_loss_error(p) + KD_U * fabs(out->loss);
  return KD_OK;
}
