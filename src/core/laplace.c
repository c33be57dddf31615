/* SPDX-License-Identifier: MIT
 *
 * See laplace.h. Everything comes from differences of positions, as u = r/h.
 *
 *   1. Points at one place are merged into a knot; knots from left to right.
 *   2. A_k = sum_{j <= k} S_j e^{-(y_k - y_j)/h} and, from the right, B_k, with
 *      the share that knot k has in each.
 *   3. The stretch of T between knots k and k+1, middle v, theta = 2 (x - v)/h
 *      in [-tau, tau], mu = log of A_k's over B_{k+1}'s part of f at v:
 *        left part of f = 1/(1 + e^{theta - mu}), integral by log1p;
 *        log f = log of the stronger part + log(1 + e^{+-theta - |mu|}), integral
 *        a dilogarithm (DLMF 25.12.2), or by Gauss where the stretch is short.
 *   4. r_k = mean over T right of k of all that A_k stands for
 *        = stretch k's left part + (1 - share of k+1 in A_{k+1}) r_{k+1},
 *      l_k likewise, and mean rho_k = share_k r_k + share'_k l_k: positive terms
 *      in [0, 1] only, nothing overflows.
 *   5. Where all points lie within h/4, S_i - mean rho_i would cancel: see
 *      flat_gradient.
 *
 * Recursions multiply by 1 - p: subtracting p times the value from a
 * double-double costs p roundings a step, about one over the memory 1/p, where
 * multiplying by a rounded 1 - p would cost a rounding a step.
 */
#include "laplace.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "rule.h"

static const double LN2 = 0.69314718055994530942;
static const double PI2_6 = 1.64493406684822643647; /* pi^2/6 */
static const double FLAT = 0.25;    /* bandwidths between the outermost points */
static const double NEVER = 0x1p50; /* bandwidths over which nothing is left */

/* --- numbers of any size --- */

enum { LIMB = 512 };
static const double LIMB_HIGH = 0x1.62e42fefap+8,
                    LIMB_LOW = 0x1.cf79abc9e3b3ap-31; /* 512 ln 2 */

/* m 2^e, e a multiple of LIMB; 0, or m >= 2^-LIMB */
struct scaled {
  double m, e;
};

/* (high + low) 2^e, |low| at most half an ulp of high */
struct running {
  double high, low, e;
};

static struct scaled value(const struct running *a) {
  return (struct scaled){a->high, a->e};
}

static double plain(struct scaled a) {
  return a.e < -4 * LIMB ? 0 : ldexp(a.m, (int)a.e);
}

/* a/b where a <= b or both are near */
static double ratio(struct scaled a, struct scaled b) {
  double d = a.e - b.e;
  if (d == 0) return a.m > 0 ? a.m / b.m : 0;
  return d < -4 * LIMB ? 0 : ldexp(a.m / b.m, (int)d);
}

static double log_of(struct scaled a) {
  return log(a.m) + a.e * LN2;
}

/* log(a/b), antisymmetric to the bit */
static double log_ratio(struct scaled a, struct scaled b) {
  double log_m = a.m < b.m ? -log(b.m / a.m) : log(a.m / b.m);
  return log_m + (a.e - b.e) * LN2;
}

/* Knuth's two-sum into the pair; term in units of 2^e */
static void add(struct running *a, double term) {
  double s = a->high + term, t = s - a->high;
  double error = ((a->high - (s - t)) + (term - t)) + a->low;
  a->high = s + error;
  a->low = error - (a->high - s);
}

static void multiply(struct running *a, double factor) {
  a->high *= factor;
  a->low *= factor;
}

static void add_scaled(struct running *a, struct scaled b) {
  if (!(b.m > 0)) return;
  if (!(a->high > 0)) *a = (struct running){0, 0, b.e};
  double d = b.e - a->e;
  if (d > 0) {
    multiply(a, d > 4 * LIMB ? 0 : ldexp(1, -(int)d));
    a->e = b.e;
  }
  add(a, d < 0 ? plain((struct scaled){b.m, d}) : b.m);
}

/* Back to m >= 2^-LIMB */
static void lift(struct running *a) {
  if (!(a->high > 0 && a->high < 0x1p-512)) return;
  multiply(a, 0x1p512);
  a->e -= LIMB;
}

/* a e^-u, u >= 0; the factor in two halves, which cannot underflow */
static void decay(struct running *a, double u) {
  if (u > NEVER)
    *a = (struct running){0};
  else if (u <= 0.5)
    add(a, expm1(-u) * a->high);
  else {
    double limbs = floor(u / LIMB_HIGH);
    double half = exp(-0.5 * ((u - limbs * LIMB_HIGH) - limbs * LIMB_LOW));
    multiply(a, half);
    lift(a);
    multiply(a, half);
    a->e -= LIMB * limbs;
  }
  lift(a);
}

/* S_j, from its logarithm where a double cannot hold it */
static struct scaled weight(const struct kd_estimate *e, size_t j) {
  if (e->S[j] >= 0x1p-512) return (struct scaled){e->S[j], 0};
  if (e->S[j] >= 0x1p-1000) return (struct scaled){e->S[j] * 0x1p512, -LIMB};
  if (!isfinite(e->log_S[j])) return (struct scaled){0};
  double limbs = floor(-e->log_S[j] / LIMB_HIGH);
  return (struct scaled){exp((e->log_S[j] + limbs * LIMB_HIGH) + limbs * LIMB_LOW),
                         -LIMB * limbs};
}

/* --- knots --- */

/* Of a knot in a running sum that has just taken it in: its own share, and the
 * share of what was there before. */
struct share {
  double own, before;
};

/* See flat_gradient. */
struct flat {
  double at_left, at_right, step;
};

struct kd_knot {
  double y;
  struct running S; /* weight */
  struct scaled A;  /* sum over this knot and those to its left */
  double rho;       /* mean over T; where flat, the step of U to the next knot */
  union {
    struct {
      struct share share; /* in A, later in B */
      double right;       /* the right part of the stretch that follows */
    };
    struct flat flat; /* of the stretch that follows; then at_left is 1 - U here */
  };
};

struct knots {
  const struct kd_estimate *e;
  const struct kd_laplace *laplace;
  struct kd_knot *at;
  size_t n;
};

void kd_laplace_clear(struct kd_laplace *laplace) {
  free(laplace->knot), free(laplace->knot_of);
  *laplace = (struct kd_laplace){0};
}

static void fill_rules(struct kd_half_rule *rule) {
  static const size_t half[] = {1, 2, 5};
  for (size_t r = 0; r < 3; r++) {
    double node[10], gauss_weight[10];
    rule[r].n = half[r];
    kd_gauss_legendre(2 * half[r], node, gauss_weight);
    for (size_t k = 0; k < half[r]; k++) {
      rule[r].node[k] = node[half[r] + k];
      rule[r].weight[k] = gauss_weight[half[r] + k];
    }
  }
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
  fill_rules(laplace->rule);
  return KD_OK;
}

/* The estimate has its points by rising |y|: the sides are sorted already, the
 * left one from the centre outwards. Ties are summed by rising z on both, so
 * that reflection changes no bit. */
static struct knots merge(const struct kd_estimate *e, struct kd_laplace *laplace) {
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
    add_scaled(&knot->S, weight(e, j));
  }
  for (size_t j = 0; j < e->n; j++) laplace->knot_of[j] -= first;
  return (struct knots){e, laplace, laplace->knot + first, end - first};
}

/* Moves a sum by u bandwidths to the next knot and takes that in. */
static struct share take_in(struct running *sum, double u, struct scaled S) {
  decay(sum, u);
  struct scaled before = value(sum);
  add_scaled(sum, S);
  return (struct share){ratio(S, value(sum)), ratio(before, value(sum))};
}

static double gap(const struct knots *s, size_t k) { /* to the next, bandwidths */
  return (s->at[k + 1].y - s->at[k].y) / s->e->h;
}

/* --- one stretch --- */

struct stretch {
  double part;        /* of T */
  double tau, mu;     /* see the top */
  struct scaled A, B; /* at the knots */
  double to_A, to_B;  /* from the middle to the knots, bandwidths */
  double tilt;        /* to_B - to_A */
};

/* Between two knots (NULL: none), given B at the right one. With both outside T
 * their positions are added first: moving both inwards cancels to the bit. */
static struct stretch stretch_between(const struct knots *s, const struct kd_knot *left,
                                      const struct kd_knot *right, struct scaled B) {
  double h = s->e->h, w = s->e->w, a = -w, b = w, left_of_T = 0, right_of_T = 0;
  if (left && left->y > -w) a = left->y;
  if (left && left->y < -w) left_of_T = -w - left->y;
  if (right && right->y < w) b = right->y;
  if (right && right->y > w) right_of_T = right->y - w;
  double length = fmax(0, b - a), tilt = (right_of_T - left_of_T) / h;
  if (left_of_T > 0 && right_of_T > 0) tilt = (left->y + right->y) / h;
  return (struct stretch){.part = length / (2 * w),
                          .tau = length / h,
                          .A = left ? left->A : (struct scaled){0},
                          .B = B,
                          .to_A = (0.5 * length + left_of_T) / h,
                          .to_B = (0.5 * length + right_of_T) / h,
                          .tilt = tilt};
}

static double side_log_ratio(const struct stretch *t) {
  if (!(t->A.m > 0)) return -INFINITY;
  if (!(t->B.m > 0)) return INFINITY;
  return log_ratio(t->A, t->B) + t->tilt;
}

/* Mean over theta in [-tau, tau] of the weaker part 1/(1 + e^{m - theta}), m >= 0:
 * softplus(tau - m) - softplus(-tau - m) over 2 tau, as one logarithm unless
 * that would overflow. */
static double weaker_part(double m, double tau) {
  double top = tau - m;
  if (top > 1) return (top + log1p(exp(-top)) - log1p(exp(-tau - m))) / (2 * tau);
  double x = exp(top), p = -expm1(-2 * tau);
  return log1p(x * p / (1 + x * (1 - p))) / (2 * tau);
}

/* -Li_2(-e^-z), z >= 0, by the Bernoulli numbers: with u = log(1 + e^-z) it is
 * the integral of t/(1 - e^-t) over [0, u] (DLMF 25.12.2 and 24.2.1); u < 0.7 */
static double dilogarithm(double z) {
  static const double c[] = {1.0 / 36,
                             -1.0 / 3600,
                             1.0 / 211680,
                             -1.0 / 10886400,
                             1.0 / 526901760,
                             -691.0 / 16999766784000,
                             7.0 / 7846046208000,
                             -3617.0 / 181400588328960000};
  double u = log1p(exp(-z)), sum = 0;
  for (size_t k = sizeof c / sizeof *c; k-- > 0;) sum = sum * u * u + c[k];
  return u + u * u * (0.25 + u * sum);
}

/* Gauss of 2, 4 or 10 nodes for a function with singularities at a distance pi
 * from theta in [-tau, tau], tau <= 1: the error is below 1e-16. */
static const struct kd_half_rule *rule_for(const struct kd_laplace *laplace, double tau) {
  return &laplace->rule[tau <= 0x1p-11 ? 0 : tau <= 0x1p-5 ? 1 : 2];
}

/* Mean over theta in [-tau, tau] of log(1 + e^{theta - m}), m >= 0 */
static double mean_softplus(const struct kd_laplace *laplace, double m, double tau) {
  if (tau > 1) {
    double top = tau - m;
    if (top <= 0) return (dilogarithm(-top) - dilogarithm(tau + m)) / (2 * tau);
    return top * (top / (4 * tau)) +
           (PI2_6 - dilogarithm(top) - dilogarithm(tau + m)) / (2 * tau);
  }
  const struct kd_half_rule *rule = rule_for(laplace, tau);
  double at_middle = exp(-m), sum = 0;
  for (size_t k = 0; k < rule->n; k++) {
    double x = exp(tau * rule->node[k]);
    sum += 0.5 * rule->weight[k] * (log1p(at_middle * x) + log1p(at_middle / x));
  }
  return sum;
}

/* The share of the stretch in L; the distance to the points comes last, so that a
 * common shift of all changes that term alone. */
static double stretch_loss(const struct knots *s, const struct stretch *t) {
  bool left = t->mu >= 0;
  double near = log(2 * s->e->h) - log_of(left ? t->A : t->B) -
                mean_softplus(s->laplace, fabs(t->mu), t->tau);
  return t->part * (near + (left ? t->to_A : t->to_B));
}

/* The stretch's left and right parts; adds its loss. */
static void cross(const struct knots *s, const struct kd_knot *left,
                  const struct kd_knot *right, struct scaled B, double parts[2],
                  struct running *loss) {
  struct stretch t = stretch_between(s, left, right, B);
  parts[0] = parts[1] = 0;
  if (!(t.part > 0)) return;
  t.mu = side_log_ratio(&t);
  double weaker = t.part * weaker_part(fabs(t.mu), t.tau);
  parts[t.mu < 0] = t.part - weaker;
  parts[!(t.mu < 0)] = weaker;
  add(loss, stretch_loss(s, &t));
}

/* --- the recursions --- */

/* r (1 - own) + part */
static void pass_on(struct running *r, struct share share, double part) {
  if (share.own <= 0.5)
    add(r, -share.own * r->high);
  else
    multiply(r, share.before);
  add(r, part);
}

static void sum_from_left(const struct knots *s) {
  struct running A = {0};
  for (size_t k = 0; k < s->n; k++) {
    s->at[k].share = take_in(&A, k ? gap(s, k - 1) : 0, value(&s->at[k].S));
    s->at[k].A = value(&A);
  }
}

/* B and r together, from the right: leaves the shares in B, and r's part of rho.
 * Returns the right part of the stretch before the first knot. */
static double from_right(const struct knots *s, double *loss) {
  struct running B = {0}, r = {0}, sum = {0};
  struct share after = {0};
  double parts[2];
  for (size_t k = s->n; k-- > 0;) {
    struct kd_knot *knot = &s->at[k], *next = k + 1 < s->n ? knot + 1 : NULL;
    cross(s, knot, next, value(&B), parts, &sum);
    pass_on(&r, after, parts[0]);
    knot->right = parts[1];
    after = knot->share;
    knot->rho = knot->share.own * r.high;
    knot->share = take_in(&B, next ? gap(s, k) : 0, value(&knot->S));
  }
  cross(s, NULL, s->at, value(&B), parts, &sum);
  *loss = sum.high;
  return parts[1];
}

static void from_left(const struct knots *s, double before_first) {
  struct running l = {0};
  struct share before = {0};
  double right = before_first;
  for (size_t k = 0; k < s->n; k++) {
    struct kd_knot *knot = &s->at[k];
    pass_on(&l, before, right);
    knot->rho += knot->share.own * l.high;
    before = knot->share, right = knot->right;
  }
}

static void gradient(const struct knots *s, double *G) {
  const struct kd_estimate *e = s->e;
  for (size_t j = 0; j < e->n; j++) {
    const struct kd_knot *knot = &s->at[s->laplace->knot_of[j]];
    G[e->index[j]] = e->S[j] - knot->rho * ratio(weight(e, j), value(&knot->S));
  }
}

/* --- flat --- */

/* Distance between the outermost points, groups on both sides of T moved inwards
 * until one touches it: that is what G depends on. */
static double effective_span(const struct knots *s) {
  const struct kd_knot *first = s->at, *last = s->at + s->n - 1, *right = first;
  double w = s->e->w;
  while (right < last && right->y < w) right++;
  if (right == first || right->y < w || right[-1].y > -w) return last->y - first->y;
  return (last->y - right->y) + (right[-1].y - first->y) +
         (2 * w + fabs(right->y + right[-1].y));
}

/* Of U(y) = mean_T e^{-|x - y|/h} / (2 h f), what one stretch adds at its left and
 * its right knot, and the second less the first without cancellation. With omega =
 * (2 sinh(theta/2))^2, theta and -theta taken together, all are fractions over
 * (A + B)^2 + A B omega. */
static struct flat flat_stretch(const struct knots *s, const struct stretch *t) {
  const struct kd_half_rule *rule = &s->laplace->rule[t->tau <= 0x1p-5 ? 1 : 2];
  double up = expm1(0.5 * t->tilt), down = expm1(-0.5 * t->tilt), even = 0, odd = 0;
  double A = plain(t->A) * (1 + up), B = plain(t->B) * (1 + down);
  for (size_t k = 0; k < rule->n; k++) {
    double x = expm1(t->tau * rule->node[k]), omega = x * x / (1 + x);
    double term = 0.5 * t->part * rule->weight[k] / ((A + B) * (A + B) + A * B * omega);
    even += term * (A + B) * (2 + 0.5 * omega);
    odd += term * (A - B) * omega;
  }
  return (struct flat){(1 + up) * (even - 0.5 * odd), (1 + down) * (even + 0.5 * odd),
                       (1 + 0.5 * (up + down)) * odd + (down - up) * even};
}

/* 1 - e^-u for the gap after knot k */
static double loss_over_gap(const struct knots *s, size_t k) {
  return k + 1 < s->n ? -expm1(-gap(s, k)) : 0;
}

/* The part of U from the right of each knot, R_k = at_left + (1 - p) R_{k+1}; keeps
 * R_{k+1} as at_left. Returns the first knot's U from its left, where only B is. */
static double flat_from_right(const struct knots *s) {
  struct running B = {0}, R = {0};
  for (size_t k = s->n; k-- > 0;) {
    struct kd_knot *knot = &s->at[k], *next = k + 1 < s->n ? knot + 1 : NULL;
    struct stretch t = stretch_between(s, knot, next, value(&B));
    struct flat flat = {0};
    if (next && t.part > 0) flat = flat_stretch(s, &t);
    if (!next) flat.at_left = t.part / plain(knot->A);
    double p = loss_over_gap(s, k);
    knot->flat = (struct flat){R.high, flat.at_right, flat.step};
    add(&R, -p * R.high);
    add(&R, flat.at_left);
    take_in(&B, next ? gap(s, k) : 0, value(&knot->S));
  }
  return stretch_between(s, NULL, s->at, value(&B)).part / plain(value(&B));
}

/* The same from the left; with both, rho becomes U_{k+1} - U_k. */
static void flat_from_left(const struct knots *s, double before_first) {
  struct running R = {before_first, 0, 0};
  for (size_t k = 0; k < s->n; k++) {
    double p = loss_over_gap(s, k);
    struct flat flat = s->at[k].flat;
    s->at[k].rho = p * (flat.at_left - R.high) + flat.step;
    add(&R, -p * R.high);
    add(&R, flat.at_right);
  }
}

/* G_i = S_i (1 - U_i) from the steps of U alone: since sum_i S_i U_i = 1, 1 - U_k is
 * the sum over the steps after k of step times weight right of it, less the sum over
 * those before k of step times weight left of it. */
static void flat_gradient(const struct knots *s, double *G) {
  flat_from_left(s, flat_from_right(s));
  struct running left = {0}, right = {0}, before = {0}, after = {0};
  for (size_t k = 0; k < s->n; k++) {
    s->at[k].flat.at_left = -before.high;
    add(&left, plain(value(&s->at[k].S)));
    add(&before, s->at[k].rho * left.high);
  }
  for (size_t k = s->n; k-- > 0;) {
    s->at[k].flat.at_left += after.high;
    add(&right, plain(value(&s->at[k].S)));
    if (k) add(&after, s->at[k - 1].rho * right.high);
  }
  const struct kd_estimate *e = s->e;
  for (size_t j = 0; j < e->n; j++)
    G[e->index[j]] = e->S[j] * s->at[s->laplace->knot_of[j]].flat.at_left;
}

int kd_laplace_exact(const struct kd_estimate *e, struct kd_laplace *laplace, double *loss,
                     double *G, struct kd_err *err) {
  int code = reserve(laplace, e->n, err);
  if (code) return code;
  struct knots s = merge(e, laplace);
  sum_from_left(&s);
  from_left(&s, from_right(&s, loss));
  if (effective_span(&s) <= FLAT * e->h)
    flat_gradient(&s, G);
  else
    gradient(&s, G);
  return KD_OK;
}
