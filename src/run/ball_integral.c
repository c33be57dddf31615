/* SPDX-License-Identifier: MIT
 *
 * Integrals of log f and of the responsibilities rho_i = S_i K_i/f over T.
 *
 *   1. T is cut where some K_j is not analytic. Over a piece each r_j = b_j + tau has
 *      one sign.
 *   2. acb_calc_integrate (F. Johansson, "Numerical integration in arbitrary-
 *      precision ball arithmetic", ICMS 2018) encloses the integral over the piece.
 *
 * A piece that may have a singularity at its ends (a branch point of u^p, a zero of
 * f or one close by) is integrated from each end to its middle, so that places near
 * the end keep their digits. Where points at one position alone cover it, rho is
 * constant and log q is integrated in closed form.
 */
#include "ball.h"

#ifdef KD_ARB

/* A stretch whose log f takes so many calls that not all places could be kept for the n
 * others is cut in parts; where that does not help it may take more. */
enum { CALLS_AT_LAST = 100000, PARTS = 4, PATIENCE = 2 };

static slong calls_of(const struct kd_scene *s, int cuttings) {
  slong calls = (slong)kd_terms_room(s) * 3 / 8;
  for (int k = PATIENCE; k < cuttings && calls < CALLS_AT_LAST; k++) calls *= PARTS;
  return calls < CALLS_AT_LAST ? calls : CALLS_AT_LAST;
}

/* A function of t in [0, length], tau = direction t */
struct integrand {
  struct kd_scene *scene;
  int direction;
  size_t point; /* KD_NO_POINT: log f, else its rho */
  slong n_calls, limit;
};

static int mean_value(acb_ptr out, const acb_t t, void *parameter, slong order, slong prec) {
  struct integrand *f = parameter;
  acb_t tau;
  (void)prec;
  f->n_calls++;
  acb_init(tau);
  acb_mul_si(tau, t, f->direction, f->scene->prec);
  const struct kd_terms *terms = kd_terms_at(f->scene, tau, order != 0);
  if (f->point == KD_NO_POINT)
    kd_terms_log_f(out, f->scene, terms);
  else
    kd_terms_rho(out, f->scene, terms, f->point);
  acb_clear(tau);
  return 0;
}

/* The same times t over s = -log t: a branch point at t = 0 is no nearer than pi to
 * any s. */
static int graded_value(acb_ptr out, const acb_t s, void *parameter, slong order, slong prec) {
  const struct integrand *f = parameter;
  acb_t t, log_t;
  acb_init(t), acb_init(log_t);
  acb_neg(log_t, s);
  acb_exp(t, log_t, f->scene->prec);
  f->scene->log_tau = log_t;
  mean_value(out, t, parameter, order, prec);
  f->scene->log_tau = NULL;
  acb_mul(out, out, t, f->scene->prec);
  acb_clear(t), acb_clear(log_t);
  return 0;
}

/* log rest(q) of the point */
static int rest_value(acb_ptr out, const acb_t t, void *parameter, slong order, slong prec) {
  const struct integrand *f = parameter;
  acb_t q;
  (void)prec;
  acb_init(q);
  acb_mul_si(q, t, f->direction, f->scene->prec);
  kd_ball_q(q, f->scene, q, f->point);
  kd_ball_rest(out, f->scene, q);
  acb_log_analytic(out, out, order != 0, f->scene->prec);
  acb_clear(q);
  return 0;
}

/* Integral of value(f) from low to high */
static void integrate(arb_t out, acb_calc_func_t value, struct integrand *f, const arb_t low,
                      const arb_t high) {
  const struct kd_scene *s = f->scene;
  acb_calc_integrate_opt_t options;
  acb_t from, to, total;
  mag_t tolerance;
  acb_calc_integrate_opt_init(options);
  options->depth_limit = 8 * s->prec;
  options->eval_limit = f->limit;
  f->n_calls = 0;
  acb_init(from), acb_init(to), acb_init(total), mag_init(tolerance);
  acb_set_arb(from, low), acb_set_arb(to, high);
  arb_get_mag_lower(tolerance, s->width);
  mag_mul_2exp_si(tolerance, tolerance, -s->goal);
  acb_calc_integrate(total, value, f, from, to, s->goal, tolerance, options, s->prec);
  arb_set(out, acb_realref(total));
  acb_clear(from), acb_clear(to), acb_clear(total), mag_clear(tolerance);
}

/* --- one leg: from an end of a piece over some length in one direction --- */

/* q log q - q */
static void log_antiderivative(arb_t out, const arb_t q, slong prec) {
  if (arb_is_zero(q)) {
    arb_zero(out);
    return;
  }
  arb_log(out, q, prec);
  arb_sub_ui(out, out, 1, prec);
  arb_mul(out, out, q, prec);
}

/* Integral of log q over the leg, q = (end - side direction t)/h */
static void integrate_log_q(arb_t out, const struct kd_scene *s, size_t j, int direction,
                            const arb_t length) {
  int slope = -s->spot[j].side * direction;
  arb_t q, t;
  arb_init(q), arb_init(t);
  arb_set(q, s->spot[j].end);
  arb_addmul_si(q, length, slope, s->prec);
  arb_div(q, q, s->h, s->prec);
  log_antiderivative(out, q, s->prec);
  arb_div(q, s->spot[j].end, s->h, s->prec);
  log_antiderivative(t, q, s->prec);
  arb_sub(out, out, t, s->prec);
  arb_mul_si(out, out, slope, s->prec);
  arb_mul(out, out, s->h, s->prec);
  arb_clear(q), arb_clear(t);
}

/* log f = log S + log_norm + log rest(q) + zeros log q, S the weight of all here */
static void lone_leg(struct kd_scene *s, size_t j, int direction, const arb_t length,
                     struct kd_means *m) {
  struct integrand f = {.scene = s, .direction = direction, .point = j, .limit = CALLS_AT_LAST};
  arb_t S, t, zero;
  arb_init(S), arb_init(t), arb_init(zero);
  for (size_t i = 0; i < s->n; i++)
    if (s->spot[i].inside) arb_add(S, S, &s->S[i], s->prec);
  for (size_t i = 0; i < s->n; i++) {
    if (!s->spot[i].inside) continue;
    arb_div(t, &s->S[i], S, s->prec);
    arb_addmul(&m->rho[i], t, length, s->prec);
  }
  arb_log(S, S, s->prec);
  arb_add(S, S, s->log_norm, s->prec);
  arb_addmul(m->log_f, S, length, s->prec);
  integrate(t, rest_value, &f, zero, length);
  arb_add(m->log_f, m->log_f, t, s->prec);
  if (kd_ball_kernel_zeros(s->kernel) > 0) {
    integrate_log_q(t, s, j, direction, length);
    arb_addmul_si(m->log_f, t, kd_ball_kernel_zeros(s->kernel), s->prec);
  }
  arb_clear(S), arb_clear(t), arb_clear(zero);
}

/* log f (k = 0) or rho of point k - 1, as summed up in the means */
static arb_ptr sum_of(struct kd_means *m, size_t k) {
  return k == 0 ? m->log_f : &m->rho[k - 1];
}

/* rho of all points; log f is done. */
static void add_rho(struct integrand *f, acb_calc_func_t value, const arb_t low,
                    const arb_t high, struct kd_means *m) {
  arb_t t;
  arb_init(t);
  f->limit = CALLS_AT_LAST;
  for (size_t k = 1; k <= f->scene->n && arb_is_finite(m->log_f); k++) {
    f->point = k - 1;
    integrate(t, value, f, low, high);
    arb_add(sum_of(m, k), sum_of(m, k), t, f->scene->prec);
    if (!arb_is_finite(t)) arb_indeterminate(m->log_f); /* the rest is missing */
  }
  arb_clear(t);
}

/* All n + 1 functions from low to high of the variable that `value` takes */
static void stretch(struct integrand *f, acb_calc_func_t value, const arb_t low,
                    const arb_t high, int cuttings, struct kd_means *m) {
  slong prec = f->scene->prec;
  arb_t t, from, to, step;
  arb_init(t), arb_init(from), arb_init(to), arb_init(step);
  f->limit = calls_of(f->scene, cuttings);
  f->point = KD_NO_POINT;
  kd_terms_forget(f->scene);
  integrate(t, value, f, low, high);
  if (f->limit < CALLS_AT_LAST && f->n_calls > f->limit - f->limit / 8) {
    arb_sub(step, high, low, prec);
    arb_div_ui(step, step, PARTS, prec);
    arb_set(from, low);
    for (int k = 1; k <= PARTS; k++) {
      arb_add(to, from, step, prec);
      mag_zero(arb_radref(to));
      stretch(f, value, from, k < PARTS ? to : high, cuttings + 1, m);
      arb_set(from, to);
    }
  } else {
    arb_add(m->log_f, m->log_f, t, prec);
    add_rho(f, value, low, high, m);
  }
  arb_clear(t), arb_clear(from), arb_clear(to), arb_clear(step);
}

/* Over t in [0, length] with a branch point at 0: graded down to t = small, and what
 * is left by the bounds of its values. */
static void graded_stretch(struct integrand *f, const arb_t length, struct kd_means *m) {
  slong prec = f->scene->prec;
  acb_t t, value;
  arb_t from, to, small;
  acb_init(t), acb_init(value), arb_init(from), arb_init(to), arb_init(small);
  arb_mul_2exp_si(small, length, -f->scene->goal - 32);
  arb_log(from, length, prec), arb_neg(from, from);
  arb_log(to, small, prec), arb_neg(to, to);
  stretch(f, graded_value, from, to, 0, m);
  arb_union(acb_realref(t), acb_realref(t), small, prec);
  for (size_t k = 0; k <= f->scene->n; k++) {
    f->point = k == 0 ? KD_NO_POINT : k - 1;
    mean_value(value, t, f, 0, prec);
    arb_addmul(sum_of(m, k), acb_realref(value), small, prec);
  }
  acb_clear(t), acb_clear(value), arb_clear(from), arb_clear(to), arb_clear(small);
}

static void leg(struct kd_scene *s, int direction, const arb_t length, struct kd_means *m) {
  struct integrand f = {.scene = s, .direction = direction};
  size_t alone = kd_ball_kernel_compact(s->kernel) ? kd_view_lone(s) : KD_NO_POINT;
  arb_t zero;
  arb_init(zero);
  if (!arb_is_finite(m->log_f))
    ; /* more bits are needed first */
  else if (alone != KD_NO_POINT)
    lone_leg(s, alone, direction, length, m);
  else if (kd_ball_kernel_branch(s))
    graded_stretch(&f, length, m);
  else
    stretch(&f, mean_value, zero, length, 0, m);
  arb_clear(zero);
}

static bool ends_matter(const struct kd_scene *s) {
  return kd_ball_kernel_branch(s) || kd_ball_kernel_zeros(s->kernel) > 0;
}

static void piece(struct kd_scene *s, const struct kd_place *a, const struct kd_place *b,
                  struct kd_means *m) {
  struct kd_place span;
  arb_t length;
  if (!kd_view_piece(s, a, b, a, 1)) {
    m->covered = false;
    return;
  }
  kd_place_init(&span), arb_init(length);
  kd_place_set(&span, b);
  kd_place_add(&span, a, -1);
  kd_place_ball(length, &span, s->prec);
  arb_add(m->share, m->share, length, s->prec);
  if (ends_matter(s)) {
    arb_mul_2exp_si(length, length, -1);
    leg(s, 1, length, m);
    kd_view_piece(s, a, b, b, 1);
    leg(s, -1, length, m);
  } else {
    leg(s, 1, length, m);
  }
  kd_place_clear(&span), arb_clear(length);
}

int kd_mean_integrals(struct kd_scene *s, struct kd_means *m, struct kd_err *err) {
  struct kd_cuts cuts;
  int code = kd_cuts_create(&cuts, s, 1, kd_ball_kernel_kink(s), s->circle, err);
  if (code) return code;
  for (size_t k = 1; k < cuts.n; k++)
    if (kd_place_cmp(&cuts.at[k - 1], &cuts.at[k], 1) < 0)
      piece(s, &cuts.at[k - 1], &cuts.at[k], m);
  arb_div(m->log_f, m->log_f, s->width, s->prec);
  arb_div(m->share, m->share, s->width, s->prec);
  for (size_t i = 0; i < s->n; i++) arb_div(&m->rho[i], &m->rho[i], s->width, s->prec);
  kd_cuts_clear(&cuts);
  return KD_OK;
}

#endif
