/* SPDX-License-Identifier: MIT
 *
 * Kernels, one row of one table each: K(r) = k(u)/h with u = |r|/h and
 * integral 1 over the line. Only ratios of K enter the gradient, so a row's
 * heart is log_ratio, which must not cancel: points 800 bandwidths away are an
 * ordinary input.
 *
 * r = x - x_j is a signed offset; gap = |r| - |r0| comes separately, formed by
 * kd_gap from positions (x_j - x_0 where both lie on one side of x): taking it
 * from the rounded offsets would lose it.
 */
#ifndef KD_KERNEL_H
#define KD_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

struct kd_estimate;
struct kd_room;
struct kd_objective;
struct kd_points;
struct kd_grid;
struct kd_err;

/* A closed form: see the row's `exact`. log_m, unless NULL: log m_j, m_j = mean_T K_j/f,
 * n values in the order of the input; where m_j is 0, KD_LOG_LEAST, or where it would be far
 * below the least double. */
#define KD_LOG_LEAST -708.0
typedef int kd_exact(const struct kd_estimate *estimate, struct kd_room *room,
                     struct kd_objective *out, double *G, double *log_m, struct kd_err *err);

/* A closed form at other logits z, in the order of the input, of points that stay; no bounds.
 * log_m, loss: NULL if they are not wanted. *done: false, and nothing set, if it does not
 * serve; kd_exact does then. */
typedef int kd_exact_step(const struct kd_estimate *estimate, const double *z,
                          struct kd_room *room, bool *done, double *G, double *log_m,
                          double *loss, struct kd_err *err);

/* A closed sum over equal bins: see core/binned/binned.h. */
typedef int kd_binned(const struct kd_points *points, const struct kd_grid *grid,
                      struct kd_room *room, bool *done, struct kd_objective *out, double *G,
                      double *log_m, struct kd_err *err);

/* How K falls far out; decides what a far layout's gradient tends to. */
enum kd_tail {
  KD_TAIL_LIGHT,
  KD_TAIL_EXPONENTIAL, /* q(r) rises to a limit q1, q1 - q(r) <= 2 q1 exp(-q1 r) */
  KD_TAIL_HEAVY,
  KD_TAIL_COMPACT,
  KD_TAIL_NONE, /* lives on the circle */
};

const char *kd_tail_name(enum kd_tail tail);

/* The slope of log K in the complex neighbourhood |zeta| <= t of an offset r, on the
 * analytic branch that holds there (beyond a kink or the end of the support it goes
 * on as if there were none):
 *   |(log K)'(r + zeta) - at - rate zeta| <= rest        per length
 *   log |K(r + zeta)/K(r)| <= growth
 * INFINITY where a singularity is in the way. */
struct kd_slope {
  double at, rate, rest, growth;
};

struct kd_kernel {
  const char *name;
  const char *formula;   /* k(u), as text */
  const char *reference; /* where the formula comes from */

  const char *shape_name; /* symbol of the shape, NULL if the row has none */
  double shape_min, shape_max, shape_default;

  enum kd_tail tail;   /* exppow: for p > 1 */
  bool constant_score; /* q(r) does not depend on r: shift-invariant */
  bool kink_at_point;  /* K is not smooth at r = 0 */
  bool lopsided;       /* K(-r) is not K(r): the nearest point need not be the largest */
  bool jumps_at_end;   /* K > 0 at the end of its support */
  bool circle_only;    /* no kernel of the line; smooth at the antipode, unlike those */
  double support;      /* K = 0 for u > support; INFINITY */

  /* log K(r), normalised over the line (on the circle block.c takes the mass off);
   * -inf outside the support. */
  double (*log_k)(double r, double h, double shape);
  /* log K(r) - log K(r0) for r0 inside the support and gap >= 0 (any gap where
   * lopsided), however far out r and r0 are. */
  double (*log_ratio)(double gap, double r, double r0, double h, double shape);
  /* The same for n offsets at once, to the same bits */
  void (*log_ratios)(size_t n, const double *gap, const double *r, const double *r0, double h,
                     double shape, double *out);
  /* Error of log_ratio, relative and in units of KD_U, elementary functions within an
   * ulp; what a rounding of r or, where compact, of h - |r| does is not in it. log_k has
   * as much, of its largest term. */
  double roundings, roundings_per_shape;
  /* (log K)' around r inside the support, r = 0 counting as right of the point; its
   * modulus is the score q(|r|). */
  struct kd_slope (*slope)(double r, double t, double h, double shape);
  /* Loss and gradient with their bounds in closed form (exact.h), on the line and on the
   * circle, or NULL. G: n values in the order of the input, caller's. */
  kd_exact *exact, *exact_on_circle;
  kd_exact_step *exact_step; /* steps of a descent on the line, or NULL */
  kd_binned *binned;         /* the sums of a rule with equal bins on the line, or NULL */
};

extern const struct kd_kernel kd_kernels[];
extern const size_t kd_n_kernels;

/* NULL if there is none of that name. */
const struct kd_kernel *kd_kernel_find(const char *name);

#endif
