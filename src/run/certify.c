/* SPDX-License-Identifier: MIT
 *
 * See certify.h. A problem and its twin are enclosed with rising precision until all
 * radii are small enough:
 *
 *   ball_place   positions as exact numbers p + q pi
 *   ball_scene   a problem's doubles, its shift, its weights
 *   ball_kernel  the kernels, one row each
 *   ball_terms   f and the responsibilities at one place
 *   ball_view    the points as seen from a place
 *   ball_mean    means over T: ball_integral, cut by ball_cut, or ball_rule
 *   ball_decimal what is said of them
 */
#include "certify.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ball.h"
#include "core/kernel.h"
#include "core/rule.h"

void kd_certificate_clear(struct kd_certificate *c) {
  free(c->gradient), free(c->difference);
  *c = (struct kd_certificate){0};
}

const char kd_certify_missing[] =
    "built without ball arithmetic, which certify needs: install libflint-arb-dev "
    "(libflint-dev, where that is FLINT 3) and build again";

#ifndef KD_ARB

bool kd_certify_available(void) {
  return false;
}

void kd_certify_cleanup(void) {}

int kd_certify(const struct kd_problem *problem, int digits, bool with_twin,
               struct kd_certificate *certificate, struct kd_err *err) {
  (void)problem, (void)digits, (void)with_twin;
  *certificate = (struct kd_certificate){0};
  return kd_fail(err, KD_SYSTEM, "%s", kd_certify_missing);
}

#else

enum { DOUBLINGS = 3 };

/* -log 10 (factor + slope c): what the multiplier 10^(factor + slope x) adds */
static void multiplier(arb_t out, const struct kd_scene *s) {
  const struct kd_problem *p = s->problem;
  arb_t t;
  arb_init(t);
  arb_set_d(out, p->lower);
  arb_set_d(t, p->upper);
  arb_add(out, out, t, s->prec);
  arb_mul_2exp_si(out, out, -1);
  arb_set_d(t, p->log10_slope);
  arb_mul(out, out, t, s->prec);
  arb_set_d(t, p->log10_factor);
  arb_add(out, out, t, s->prec);
  arb_const_log10(t, s->prec);
  arb_mul(out, out, t, s->prec);
  arb_neg(out, out);
  arb_clear(t);
}

/* Loss and gradient of one layout. */
struct answer {
  bool covered;
  arb_t loss;
  arb_ptr G; /* n */
};

static int solve(struct kd_scene *s, slong goal, struct answer *a, struct kd_err *err) {
  struct kd_means means;
  kd_means_init(&means, s->n);
  kd_scene_sharpen(s, goal);
  int code = kd_means(s, &means, err);
  a->covered = means.covered;
  multiplier(a->loss, s);
  arb_sub(a->loss, a->loss, means.log_f, s->prec);
  for (size_t i = 0; i < s->n; i++) {
    arb_mul(&a->G[i], &s->S[i], means.share, s->prec);
    arb_sub(&a->G[i], &a->G[i], &means.rho[i], s->prec);
  }
  kd_means_clear(&means, s->n);
  return code;
}

/* max_i |difference_i| */
static void largest(arb_t out, arb_srcptr difference, size_t n, slong prec) {
  arf_t low, high, t;
  arf_init(low), arf_init(high), arf_init(t);
  for (size_t i = 0; i < n; i++) {
    arb_get_abs_lbound_arf(t, &difference[i], prec);
    if (arf_cmp(t, low) > 0) arf_set(low, t);
    arb_get_abs_ubound_arf(t, &difference[i], prec);
    if (arf_cmp(t, high) > 0) arf_set(high, t);
  }
  arb_set_interval_arf(out, low, high, prec);
  arf_clear(low), arf_clear(high), arf_clear(t);
}

/* The layout and its twin, with all that is said of them. */
struct pair {
  struct kd_scene here, twin;
  struct answer at, before;
  bool with_twin;
  arb_ptr difference; /* n */
  arb_t loss_change, defect;
};

static void compare(struct pair *p) {
  size_t n = p->here.n;
  slong prec = p->here.prec;
  if (p->here.problem->shift == 0) return; /* both are 0 */
  arb_sub(p->loss_change, p->at.loss, p->before.loss, prec);
  for (size_t i = 0; i < n; i++) arb_sub(&p->difference[i], &p->at.G[i], &p->before.G[i], prec);
  largest(p->defect, p->difference, n, prec);
}

static bool both_covered(const struct pair *p) {
  return p->with_twin && p->at.covered && p->before.covered;
}

static bool narrow_enough(const struct pair *p, int digits) {
  for (size_t i = 0; i < p->here.n; i++)
    if (!kd_ball_narrow(&p->at.G[i], digits)) return false;
  if (p->at.covered && !kd_ball_narrow(p->at.loss, digits)) return false;
  if (!both_covered(p)) return true;
  for (size_t i = 0; i < p->here.n; i++)
    if (!kd_ball_narrow(&p->difference[i], digits)) return false;
  return kd_ball_narrow(p->loss_change, digits) && kd_ball_narrow(p->defect, digits);
}

/* Doubles the bits until all is narrow enough. */
static int enclose(struct pair *p, int digits, struct kd_err *err) {
  slong goal = (slong)ceil(3.33 * digits) + 16;
  for (int tries = 0; tries <= DOUBLINGS; tries++, goal *= 2) {
    int code = solve(&p->here, goal, &p->at, err);
    if (!code && p->with_twin && p->here.problem->shift != 0)
      code = solve(&p->twin, goal, &p->before, err);
    else
      p->before.covered = p->at.covered;
    if (code) return code;
    if (both_covered(p)) compare(p);
    if (narrow_enough(p, digits)) return KD_OK;
  }
  return kd_fail(err, KD_USAGE, "cannot be enclosed to %d digits with %ld bits; ask for fewer",
                 digits, (long)p->here.prec);
}

/* The component with the largest lower bound */
static size_t strongest_difference(const struct pair *p) {
  arf_t most, t;
  size_t at = 0;
  arf_init(most), arf_init(t);
  for (size_t i = 0; i < p->here.n; i++) {
    arb_get_abs_lbound_arf(t, &p->difference[i], 53);
    if (arf_cmp(t, most) > 0) arf_set(most, t), at = i;
  }
  arf_clear(most), arf_clear(t);
  return at;
}

static void report(const struct pair *p, int digits, struct kd_certificate *c) {
  c->covered = p->at.covered;
  c->loss = c->covered ? kd_ball_enclosure(p->at.loss, digits) : kd_ball_missing("inf");
  bool both = both_covered(p);
  c->loss_change = both ? kd_ball_enclosure(p->loss_change, digits) : kd_ball_missing("nan");
  c->defect = both ? kd_ball_enclosure(p->defect, digits) : kd_ball_missing("nan");
  for (size_t i = 0; i < c->n; i++) {
    c->gradient[i] = kd_ball_enclosure(&p->at.G[i], digits);
    c->difference[i] =
        both ? kd_ball_enclosure(&p->difference[i], digits) : kd_ball_missing("nan");
  }
  c->largest = both ? strongest_difference(p) : 0;
}

static void report_nothing(struct kd_certificate *c) {
  c->loss = c->loss_change = c->defect = kd_ball_missing("nan");
  for (size_t i = 0; i < c->n; i++) c->gradient[i] = c->difference[i] = c->loss;
}

static int certify(const struct kd_problem *problem, int digits, bool with_twin,
                   struct kd_certificate *c, struct kd_err *err) {
  struct pair p = {.with_twin = with_twin};
  slong n = (slong)problem->n;
  arb_init(p.at.loss), arb_init(p.before.loss), arb_init(p.loss_change), arb_init(p.defect);
  p.at.G = _arb_vec_init(n), p.before.G = _arb_vec_init(n), p.difference = _arb_vec_init(n);
  int code = kd_scene_init(&p.here, problem, err);
  int twin_code = kd_scene_init(&p.twin, problem, err);
  if (!code) code = twin_code;
  if (code) goto done;
  report_nothing(c);
  c->applicable = kd_scene_shift(&p.here);
  if (!c->applicable) goto done;
  code = enclose(&p, digits, err);
  if (!code) report(&p, digits, c);
done:
  kd_scene_clear(&p.here), kd_scene_clear(&p.twin);
  arb_clear(p.at.loss), arb_clear(p.before.loss), arb_clear(p.loss_change), arb_clear(p.defect);
  _arb_vec_clear(p.at.G, n), _arb_vec_clear(p.before.G, n), _arb_vec_clear(p.difference, n);
  return code;
}

static int check(const struct kd_problem *p, int digits, struct kd_err *err) {
  const struct kd_ball_kernel *kernel = kd_ball_kernel_find(p->kernel->name);
  if (digits < 1 || digits > KD_CERTIFY_DIGITS_MAX)
    return kd_fail(err, KD_USAGE, "digits must be in [1, %d], got %d", KD_CERTIFY_DIGITS_MAX,
                   digits);
  if (p->n > KD_CERTIFY_POINTS_MAX)
    return kd_fail(err, KD_USAGE, "certify takes at most %d points, got %zu",
                   KD_CERTIFY_POINTS_MAX, p->n);
  if (!kernel)
    return kd_fail(err, KD_USAGE, "certify does not know the kernel '%s'", p->kernel->name);
  if (kd_ball_kernel_circle_only(kernel) && p->space != KD_SPACE_CIRCLE)
    return kd_fail(err, KD_USAGE, "the kernel '%s' lives on the circle", p->kernel->name);
  if (kd_mean_kind(p) == KD_MEAN_UNKNOWN)
    return kd_fail(err, KD_USAGE, "certify does not know the rule '%s'", p->rule->name);
  return KD_OK;
}

bool kd_certify_available(void) {
  return true;
}

void kd_certify_cleanup(void) {
  flint_cleanup();
}

int kd_certify(const struct kd_problem *problem, int digits, bool with_twin,
               struct kd_certificate *c, struct kd_err *err) {
  *c = (struct kd_certificate){.n = problem->n};
  int code = check(problem, digits, err);
  if (code) return code;
  c->gradient = calloc(c->n, sizeof *c->gradient);
  c->difference = calloc(c->n, sizeof *c->difference);
  code = c->gradient && c->difference ? certify(problem, digits, with_twin, c, err)
                                      : kd_no_memory(err);
  if (code) kd_certificate_clear(c);
  return code;
}

#endif
