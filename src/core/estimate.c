/* SPDX-License-Identifier: MIT
 *
 * One bin, see estimate.h. With kappa_j = K_j/K_0 - 1 = expm1(log_ratio) in
 * [-1, 0], 0 the point with the largest kernel, and kappa = sum_j S_j kappa_j:
 *
 *   log f = log K_0 + log1p(kappa)
 *   g_i   = S_i - rho_i = S_i (kappa - kappa_i) / (1 + kappa)
 *
 * which keeps the digits that S_i - rho_i loses where the kernel is flat. If
 * the nearest point carries so little weight that 1 + kappa cancels, the plain
 * form with the largest term taken out serves.
 */
#include "estimate.h"

#include <math.h>
#include <stdlib.h>

#include "circle.h"
#include "num.h"
#include "vmath.h"
#include "wobble.h"

struct kd_sort {
  double y, dy, z;
  size_t index;
};

static void free_arrays(struct kd_estimate *e) {
  free(e->y), free(e->dy), free(e->S), free(e->log_S), free(e->dlog_S), free(e->index);
  free(e->ratio), free(e->probe), free(e->sort);
}

void kd_estimate_clear(struct kd_estimate *e) {
  free_arrays(e);
  *e = (struct kd_estimate){0};
}

static int reserve(struct kd_estimate *e, size_t n, struct kd_err *err) {
  if (n <= e->capacity) return KD_OK;
  free_arrays(e);
  e->capacity = 0;
  e->y = calloc(n, sizeof *e->y);
  e->dy = calloc(n, sizeof *e->dy);
  e->S = calloc(n, sizeof *e->S);
  e->log_S = calloc(n, sizeof *e->log_S);
  e->dlog_S = calloc(n, sizeof *e->dlog_S);
  e->index = calloc(n, sizeof *e->index);
  e->ratio = calloc(n, sizeof *e->ratio);
  e->probe = calloc(n, sizeof *e->probe);
  e->sort = calloc(n, sizeof *e->sort);
  if (!e->y || !e->dy || !e->S || !e->log_S || !e->dlog_S || !e->index || !e->ratio ||
      !e->probe || !e->sort)
    return kd_no_memory(err);
  e->capacity = n;
  return KD_OK;
}

static int rising(double a, double b) {
  return (a > b) - (a < b);
}

static int by_distance(const void *left, const void *right) {
  const struct kd_sort *a = left, *b = right;
  int order = rising(fabs(a->y), fabs(b->y));
  if (!order) order = rising(a->z, b->z);
  if (!order) order = rising(a->y, b->y);
  return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* log S_j = t_j - log sum_k exp(t_k), t_j = z_j - max z: adding a number to all logits
 * changes nothing. Errors, in units of KD_U: |t_j| + 2 in exp(t_j), relative; from it
 * the mean of |t| under S and 4 more in the sum; its logarithm adds 2 log_sum, the
 * difference |log S_j|. */
static void weigh(struct kd_estimate *e) {
  double top = -INFINITY;
  struct kd_sum total = {0}, spread = {0};
  for (size_t j = 0; j < e->n; j++) top = fmax(top, e->sort[j].z);
  for (size_t j = 0; j < e->n; j++) {
    double t = e->sort[j].z - top;
    kd_sum_add(&total, e->S[j] = kd_exp(t));
    kd_sum_add(&spread, e->S[j] * -t);
  }
  double sum = kd_sum_value(&total), log_sum = kd_log(sum);
  double common = kd_sum_value(&spread) / sum + 2 * log_sum + 8;
  e->dS = e->dlog_S_max = 0;
  for (size_t j = 0; j < e->n; j++) {
    double t = e->sort[j].z - top;
    e->S[j] /= sum;
    e->log_S[j] = t - log_sum;
    e->dlog_S[j] = KD_U * (2 * fabs(t) + log_sum + common);
    e->dlog_S_max = fmax(e->dlog_S_max, e->dlog_S[j]);
    e->dS += e->S[j] * e->dlog_S[j];
  }
}

/* Of log_ratio and the exponential that follows, in units of KD_U */
static double roundings(const struct kd_kernel *kernel, double shape) {
  double more = kernel->roundings_per_shape;
  return kernel->roundings + (more > 0 ? more * shape : 0) + 2;
}

int kd_estimate_points(struct kd_estimate *e, size_t n, const double *y, const double *dy,
                       const double *z, struct kd_err *err) {
  int code = reserve(e, n, err);
  if (code) return code;
  e->n = n;
  for (size_t i = 0; i < n; i++) e->sort[i] = (struct kd_sort){y[i], dy ? dy[i] : 0, z[i], i};
  qsort(e->sort, n, sizeof *e->sort, by_distance);
  for (size_t j = 0; j < n; j++) {
    e->y[j] = e->sort[j].y;
    e->dy[j] = e->sort[j].dy;
    e->index[j] = e->sort[j].index;
  }
  weigh(e);
  e->roundings = roundings(e->kernel, e->shape);
  e->norm = 2 * fabs(e->kernel->log_k(0, e->h, e->shape)) + 2 * fabs(kd_log(e->h)) +
            fabs(e->log_mass) + 2;
  return KD_OK;
}

void kd_estimate_logits(struct kd_estimate *e, const double *z) {
  for (size_t j = 0; j < e->n; j++) e->sort[j].z = z[e->index[j]];
  weigh(e);
}

/* Offset of a bin from the nearest image of a point: r = v - y - 2 pi turns */
struct offset {
  double r, turns;
};

static struct offset offset_from(const struct kd_estimate *e, double v, double y) {
  struct offset o = {v - y, 0};
  if (e->space == KD_SPACE_LINE || fabs(o.r) <= KD_PI_HIGH) return o;
  o.turns = o.r > 0 ? 1 : -1;
  o.r = kd_turned(o.r, o.turns);
  return o;
}

double kd_estimate_offset(const struct kd_estimate *e, double v, size_t j) {
  return offset_from(e, v, e->y[j]).r;
}

/* |r| - |r0| from positions: on one side of the bin the bin drops out, and on
 * opposite sides the points' own positions are added first. An inward shift by a
 * dyadic step then leaves it unchanged to the bit. */
static double gap(double v, double y, struct offset o, double y0, struct offset o0) {
  double s = (o.r > 0) - (o.r < 0), s0 = (o0.r > 0) - (o0.r < 0);
  if (s == 0) s = s0; /* a point at the bin is on either side of it */
  if (s0 == 0) s0 = s;
  return kd_turned((s0 * y0 - s * y) + (s - s0) * v, s * o.turns - s0 * o0.turns);
}

static double log_ratio(const struct kd_estimate *e, double v, double y, double y0) {
  struct offset o = offset_from(e, v, y), o0 = offset_from(e, v, y0);
  return e->kernel->log_ratio(gap(v, y, o, y0, o0), o.r, o0.r, e->h, e->shape);
}

static bool nearer(const struct kd_estimate *e, double v, double y, double y0) {
  return gap(v, y, offset_from(e, v, y), y0, offset_from(e, v, y0)) < 0;
}

/* The point with the largest kernel at the bin: the nearest, unless lopsided. */
static double largest(const struct kd_estimate *e, double v) {
  double y0 = e->y[0];
  for (size_t j = 1; j < e->n; j++) {
    double y = e->y[j];
    if (e->kernel->lopsided ? log_ratio(e, v, y, y0) > 0 : nearer(e, v, y, y0)) y0 = y;
  }
  return y0;
}

/* The point with the largest kernel at a bin */
struct largest {
  double y, log_k;
};

/* Fills e->ratio and *top; false if not even that point reaches the bin. */
static bool log_ratios(const struct kd_estimate *e, double v, struct largest *top) {
  top->y = largest(e, v);
  double r = offset_from(e, v, top->y).r;
  if (fabs(r) > e->kernel->support * e->h) return false;
  top->log_k = e->kernel->log_k(r, e->h, e->shape) - e->log_mass;
  if (!(top->log_k > -INFINITY) && isfinite(e->kernel->support)) return false;
  for (size_t j = 0; j < e->n; j++) e->ratio[j] = log_ratio(e, v, e->y[j], top->y);
  return true;
}

/* Sum over points whose bits reflection leaves alone. */
struct sides {
  double left, centre, right;
};

static void sides_add(struct sides *s, double y, double term) {
  *(y < 0 ? &s->left : y > 0 ? &s->right : &s->centre) += term;
}

static double sides_total(const struct sides *s) {
  return (s->left + s->right) + s->centre;
}

/* --- errors ---
 * The true log K_j differ from those computed by eta_j, |eta_j| <= epsilon_j, but for one
 * common term. Then log f is off by at most the mean of expm1(epsilon) under rho, and
 *
 *   rho_i' - rho_i = rho_i sum_{j != i} rho_j (e^eta_i - e^eta_j) / sum_j rho_j e^eta_j,
 *
 * which vanishes where one point rules. */

/* expm1(x), x >= 0, or more */
static double surplus(double x) {
  return x < 0.01 ? 1.01 * x : kd_expm1(fmin(x, 700));
}

/* What the sum of two positions, and on the circle of turns, may round off of the gap
 * between two points: where the bin is not between them the gap is one difference. */
static double gap_rounding(const struct kd_estimate *e, double v, double y, double y0) {
  if (e->space == KD_SPACE_CIRCLE) return y == y0 ? 0 : 16 * KD_U;
  return (v > y) != (v > y0) ? 2 * KD_U * fabs(v) : 0;
}

/* expm1(epsilon_j) */
static double term_error(const struct kd_estimate *e, double v, double y0, size_t j,
                         const struct kd_wobble *wobble, double more) {
  if (e->ratio[j] < -700) return 0; /* rho_j is below any double that matters */
  double rounding = e->roundings * KD_U * fabs(e->ratio[j]) + more;
  return surplus(rounding + wobble[j].epsilon +
                 wobble[j].pull * gap_rounding(e, v, e->y[j], y0));
}

/* From the expm1(epsilon_j) in error to those of rho_i; returns their mean. */
static double spread_errors(const struct kd_estimate *e, const double *g, double *error) {
  double mean = 0, noise = KD_U * (double)e->n;
  for (size_t j = 0; j < e->n; j++) mean += fmax(0, e->S[j] - g[j]) * error[j];
  double least = fmax(0.01, 1 - mean);
  for (size_t i = 0; i < e->n; i++) {
    double rho = fmax(0, e->S[i] - g[i]), others = fmax(0, 1 - rho) + noise;
    double rest = fmax(0, mean - rho * error[i]) + noise * mean;
    error[i] = rho * (others * error[i] + rest) / least;
  }
  return mean;
}

/* Of log K_0 and what is added to it */
static double log_f_rounding(const struct kd_estimate *e, double log_k, double added) {
  double terms = fabs(log_k) + e->norm;
  return KD_U * ((e->roundings + 4) * terms + 4 * fabs(added)) + e->log_mass_error;
}

/* What points that may cover the bin, or not, can do to it, as a share of f */
static double edges(const struct kd_estimate *e, const struct kd_wobble *wobble, double log_f) {
  double share = 0;
  for (size_t j = 0; j < e->n && isfinite(e->kernel->support); j++)
    if (wobble[j].log_edge > -INFINITY)
      share += kd_exp(fmin(0, e->log_S[j] + wobble[j].log_edge - log_f));
  return share < 0.5 ? 2 * share : INFINITY;
}

/* --- the two forms --- */

/* kappa of all points, from the ratios; kappa_j into out unless NULL. */
static double kappa_mean(const struct kd_estimate *e, double *out) {
  struct sides sum = {0};
  for (size_t j = 0; j < e->n; j++) {
    double kappa = kd_expm1(e->ratio[j]);
    sides_add(&sum, e->y[j], e->S[j] * kappa);
    if (out) out[j] = kappa;
  }
  return sides_total(&sum);
}

/* The largest log S_j K_j/K_0: taken out before any exp */
static double largest_term(const struct kd_estimate *e) {
  double top = -INFINITY;
  for (size_t j = 0; j < e->n; j++) top = fmax(top, e->log_S[j] + e->ratio[j]);
  return top;
}

/* sum_j S_j K_j/K_0 over e^top; its terms into out unless NULL */
static double terms(const struct kd_estimate *e, double top, double *out) {
  struct sides sum = {0};
  for (size_t j = 0; j < e->n; j++) {
    double term = kd_exp(e->log_S[j] + e->ratio[j] - top);
    sides_add(&sum, e->y[j], term);
    if (out) out[j] = term;
  }
  return sides_total(&sum);
}

/* All errors shrink with kappa: of g_i = S_i (kappa - kappa_i)/(1 + kappa) they are those
 * of rho_i, and of S_i and of n terms in proportion to what the two differ by. */
static double small_errors(const struct kd_estimate *e, double v, double y0,
                           const struct kd_wobble *wobble, double kappa, const double *g,
                           double *error) {
  double weights = fmin(e->dS, e->dlog_S_max * -kappa);
  double rest = 4 * (KD_U * ((double)e->n + 16) * -kappa + weights);
  for (size_t j = 0; j < e->n; j++) error[j] = term_error(e, v, y0, j, wobble, 0);
  double mean = spread_errors(e, g, error);
  for (size_t i = 0; i < e->n; i++)
    error[i] +=
        (e->S[i] + fabs(e->S[i] - g[i])) * rest + fabs(g[i]) * (e->dlog_S[i] + 16 * KD_U);
  return mean + rest;
}

static double large_errors(const struct kd_estimate *e, double v, double y0,
                           const struct kd_wobble *wobble, double top, const double *g,
                           double *error) {
  double rest = KD_U * ((double)e->n + 16);
  for (size_t j = 0; j < e->n; j++) {
    double sizes = fabs(e->log_S[j]) + fabs(e->ratio[j]) + fabs(top) + 2;
    error[j] = term_error(e, v, y0, j, wobble, 2 * KD_U * sizes + e->dlog_S[j]);
  }
  double mean = spread_errors(e, g, error);
  for (size_t i = 0; i < e->n; i++)
    error[i] += fabs(e->S[i] - g[i]) * rest + e->S[i] * (e->dlog_S[i] + 4 * KD_U);
  return mean + rest;
}

static double difference_form(const struct kd_estimate *e, double kappa, double *g) {
  for (size_t i = 0; g && i < e->n; i++) g[i] = e->S[i] * ((kappa - g[i]) / (1 + kappa));
  return kd_log1p(kappa);
}

static double largest_form(const struct kd_estimate *e, double top, double *g) {
  double sum = terms(e, top, g);
  for (size_t i = 0; g && i < e->n; i++) g[i] = e->S[i] - g[i] / sum;
  return top + kd_log(sum);
}

bool kd_estimate_bin(const struct kd_estimate *e, double v, const struct kd_wobble *wobble,
                     double *g, double *g_error, struct kd_bin *bin) {
  struct largest top;
  double added;
  if (!log_ratios(e, v, &top)) return false;
  double kappa = kappa_mean(e, g);
  if (kappa >= -0.5) {
    added = difference_form(e, kappa, g);
    if (wobble) bin->log_f_error = small_errors(e, v, top.y, wobble, kappa, g, g_error);
  } else {
    double out = largest_term(e);
    added = largest_form(e, out, g);
    if (wobble) bin->log_f_error = large_errors(e, v, top.y, wobble, out, g, g_error);
  }
  bin->log_f = top.log_k + added;
  if (!wobble) return true;
  double edge = edges(e, wobble, bin->log_f);
  bin->log_f_error += edge + log_f_rounding(e, top.log_k, added);
  for (size_t i = 0; i < e->n; i++) /* rho is within [0, 1] */
    g_error[i] = fmin(1, g_error[i] + edge);
  return true;
}

bool kd_estimate_log_rho(const struct kd_estimate *e, double v, double *log_rho) {
  struct largest nearest;
  if (!log_ratios(e, v, &nearest)) return false;
  double top = largest_term(e), log_sum = kd_log(terms(e, top, NULL));
  for (size_t j = 0; j < e->n; j++) log_rho[j] = e->log_S[j] + e->ratio[j] - top - log_sum;
  return true;
}
