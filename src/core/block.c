/* SPDX-License-Identifier: MIT
 *
 * See block.h. With kappa_j = K_j/K_0 - 1 = expm1(log_ratio) in [-1, 0], 0 the point with
 * the largest kernel, and kappa = sum_j S_j kappa_j:
 *
 *   log f = log K_0 + log1p(kappa)
 *   g_i   = S_i - rho_i = S_i (kappa - kappa_i) / (1 + kappa)
 *
 * which keeps the digits that S_i - rho_i loses where the kernel is flat. If the nearest
 * point carries so little weight that 1 + kappa cancels, the plain form with the largest
 * term taken out serves.
 */
#include "block.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "block_error.h"
#include "circle.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "estimate.h"

enum { MANY_POINTS = 1024, BLOCK_OF_MANY = 8 };

void kd_block_clear(struct kd_block *b) {
  free(b->ratio), free(b->term), free(b->g), free(b->g_error);
  *b = (struct kd_block){0};
}

int kd_block_reserve(struct kd_block *b, size_t n, struct kd_err *err) {
  size_t width = n > MANY_POINTS ? BLOCK_OF_MANY : KD_BLOCK, size = n * width;
  b->n = n, b->width = width;
  if (size <= b->capacity) return KD_OK;
  if (n > SIZE_MAX / sizeof(double) / KD_BLOCK) return kd_no_memory(err);
  free(b->ratio), free(b->term), free(b->g), free(b->g_error);
  b->capacity = 0;
  b->ratio = malloc(size * sizeof *b->ratio);
  b->term = malloc(size * sizeof *b->term);
  b->g = malloc(size * sizeof *b->g);
  b->g_error = malloc(size * sizeof *b->g_error);
  if (!b->ratio || !b->term || !b->g || !b->g_error) return kd_no_memory(err);
  b->capacity = size;
  return KD_OK;
}

/* --- offsets --- */

KD_INLINE double sign(double x) {
  return (x > 0 ? 1.0 : 0.0) - (x < 0 ? 1.0 : 0.0);
}

/* Of the shorter arc: r = v - y - 2 pi turns */
KD_INLINE double turns_of(double r) {
  return fabs(r) > KD_PI_HIGH ? sign(r) : 0.0;
}

/* Offsets of a bin from a point and from the nearest one, and gap = |r| - |r0| from
 * positions: on one side of the bin the bin drops out, and on opposite sides the points'
 * own positions are added first. An inward shift by a dyadic step then leaves it unchanged
 * to the bit. A point at the bin is on either side of it. */
KD_INLINE double offsets(bool circle, double v, double y, double y0, double *r, double *r0) {
  double turns = 0, turns0 = 0;
  *r = v - y, *r0 = v - y0;
  if (circle) {
    turns = turns_of(*r), turns0 = turns_of(*r0);
    *r = kd_turned(*r, turns), *r0 = kd_turned(*r0, turns0);
  }
  double s = sign(*r), s0 = sign(*r0);
  s = s == 0 ? s0 : s;
  s0 = s0 == 0 ? s : s0;
  double gap = (s0 * y0 - s * y) + (s - s0) * v;
  return circle ? kd_turned(gap, s * turns - s0 * turns0) : gap;
}

struct offsets {
  double gap[KD_BLOCK], r[KD_BLOCK], r0[KD_BLOCK];
};

KD_CLONES static void offsets_on_line(size_t n, const double *v, double y, const double *y0,
                                      struct offsets *o) {
#pragma omp simd
  for (size_t k = 0; k < n; k++)
    o->gap[k] = offsets(false, v[k], y, y0[k], &o->r[k], &o->r0[k]);
}

KD_CLONES static void offsets_on_circle(size_t n, const double *v, double y, const double *y0,
                                        struct offsets *o) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) o->gap[k] = offsets(true, v[k], y, y0[k], &o->r[k], &o->r0[k]);
}

static void offsets_of(const struct kd_estimate *e, const struct kd_block *b, const double *v,
                       size_t j, struct offsets *o) {
  (e->space == KD_SPACE_CIRCLE ? offsets_on_circle : offsets_on_line)(b->stride, v, e->y[j],
                                                                      b->nearest, o);
}

static void log_ratios(const struct kd_estimate *e, size_t n, const struct offsets *o,
                       double *out) {
  e->kernel->log_ratios(n, o->gap, o->r, o->r0, e->h, e->shape, out);
}

/* The point with the largest kernel at each bin: the nearest, unless lopsided. */
static void find_nearest(struct kd_block *b, const struct kd_estimate *e, const double *v) {
  struct offsets o;
  double more[KD_BLOCK];
  for (size_t k = 0; k < b->stride; k++) b->nearest[k] = e->y[0];
  for (size_t j = 1; j < e->n; j++) {
    offsets_of(e, b, v, j, &o);
    if (e->kernel->lopsided) log_ratios(e, b->stride, &o, more);
    for (size_t k = 0; k < b->stride; k++)
      b->nearest[k] =
          (e->kernel->lopsided ? more[k] > 0 : o.gap[k] < 0) ? e->y[j] : b->nearest[k];
  }
}

/* Fills ratio, nearest, log_k, covered; false if no bin is covered. */
static bool fill_ratios(struct kd_block *b, const struct kd_estimate *e, const double *v) {
  struct offsets o;
  bool any = false;
  find_nearest(b, e, v);
  for (size_t j = 0; j < e->n; j++) {
    offsets_of(e, b, v, j, &o);
    log_ratios(e, b->stride, &o, b->ratio + j * b->stride);
  }
  for (size_t k = 0; k < b->stride; k++) {
    double r = o.r0[k], log_k = -INFINITY;
    if (!(fabs(r) > e->kernel->support * e->h)) log_k = e->kernel->log_k(r, e->h, e->shape);
    b->log_k[k] = log_k - e->log_mass;
    b->covered[k] = log_k > -INFINITY || !isfinite(e->kernel->support);
    any |= b->covered[k];
  }
  return any;
}

/* --- sums over the points --- */

/* Of each bin; reflection changes no bit of it. */
struct sides {
  double left[KD_BLOCK], centre[KD_BLOCK], right[KD_BLOCK];
};

KD_CLONES static void add_row(size_t n, double S, const double *term, double *to) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) to[k] += S * term[k];
}

static void sum(size_t n, size_t stride, const double *y, const double *weight,
                const double *term, double *total) {
  struct sides s = {0};
  for (size_t j = 0; j < n; j++) {
    double *to = y[j] < 0 ? s.left : y[j] > 0 ? s.right : s.centre;
    add_row(stride, weight ? weight[j] : 1, term + j * stride, to);
  }
  for (size_t k = 0; k < stride; k++) total[k] = (s.left[k] + s.right[k]) + s.centre[k];
}

KD_CLONES static void add_log_S(size_t n, double log_S, const double *ratio, double *term,
                                double *top) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) {
    term[k] = log_S + ratio[k];
    top[k] = term[k] > top[k] ? term[k] : top[k];
  }
}

KD_CLONES static void subtract(size_t n, const double *from, double *term) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) term[k] -= from[k];
}

/* log S_j K_j/K_0, less the largest of them; top: that one */
static void fill_log_terms(struct kd_block *b, const struct kd_estimate *e, double *top) {
  size_t m = b->stride;
  for (size_t k = 0; k < m; k++) top[k] = -INFINITY;
  for (size_t j = 0; j < e->n; j++)
    add_log_S(m, e->log_S[j], b->ratio + j * m, b->term + j * m, top);
  for (size_t j = 0; j < e->n; j++) subtract(m, top, b->term + j * m);
}

/* --- the two forms --- */

KD_CLONES static void difference_form(size_t n, double S, const double *kappa,
                                      const double *term, double *g) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) g[k] = S * ((kappa[k] - term[k]) / (1 + kappa[k]));
}

KD_CLONES static void largest_form(size_t n, double S, const double *large, const double *total,
                                   const double *term, double *g) {
#pragma omp simd
  for (size_t k = 0; k < n; k++) g[k] = large[k] > 0 ? S - term[k] / total[k] : g[k];
}

/* For the bins that need it; total: the sum of their terms over the largest, top */
static void use_largest_form(struct kd_block *b, const struct kd_estimate *e,
                             const double *large, double *top, double *total) {
  size_t m = b->stride;
  fill_log_terms(b, e, top);
  kd_vexp(e->n * m, b->term, b->term);
  sum(e->n, m, e->y, NULL, b->term, total);
  for (size_t j = 0; j < e->n; j++)
    largest_form(m, e->S[j], large, total, b->term + j * m, b->g + j * m);
}

void kd_block_fill(struct kd_block *b, const struct kd_estimate *e, size_t n_bins,
                   const double *v, const struct kd_wobble *wobble) {
  struct kd_forms forms = {.top = {0}};
  double total[KD_BLOCK];
  bool any = false;
  b->stride = n_bins;
  if (!fill_ratios(b, e, v)) return;
  kd_vexpm1(e->n * n_bins, b->ratio, b->term);
  sum(e->n, n_bins, e->y, e->S, b->term, forms.kappa);
  for (size_t k = 0; k < n_bins; k++) {
    forms.large[k] = forms.kappa[k] >= -0.5 ? 0 : 1;
    any |= forms.large[k] > 0;
  }
  for (size_t j = 0; j < e->n; j++)
    difference_form(n_bins, e->S[j], forms.kappa, b->term + j * n_bins, b->g + j * n_bins);
  if (any) use_largest_form(b, e, forms.large, forms.top, total);
  for (size_t k = 0; k < n_bins; k++) {
    forms.added[k] =
        forms.large[k] > 0 ? forms.top[k] + kd_log(total[k]) : kd_log1p(forms.kappa[k]);
    b->log_f[k] = b->log_k[k] + forms.added[k];
  }
  if (wobble) kd_block_errors(b, e, v, wobble, &forms);
}

void kd_block_ratios_to_f(struct kd_block *b) {
  double added[KD_BLOCK];
  for (size_t k = 0; k < b->stride; k++)
    added[k] = b->covered[k] ? b->log_f[k] - b->log_k[k] : 0;
  memcpy(b->term, b->ratio, b->n * b->stride * sizeof *b->term);
  for (size_t j = 0; j < b->n; j++) subtract(b->stride, added, b->term + j * b->stride);
  kd_vexp(b->n * b->stride, b->term, b->term);
  for (size_t k = 0; k < b->stride; k++)
    for (size_t j = 0; !b->covered[k] && j < b->n; j++) b->term[j * b->stride + k] = 0;
}

void kd_block_ratios(struct kd_block *b, const struct kd_estimate *e, size_t n_bins,
                     const double *v) {
  b->stride = n_bins;
  fill_ratios(b, e, v);
}

bool kd_block_log_rho(struct kd_block *b, const struct kd_estimate *e, double v,
                      double *log_rho) {
  double top, total;
  b->stride = 1;
  if (!fill_ratios(b, e, &v)) return false;
  fill_log_terms(b, e, &top);
  for (size_t j = 0; j < e->n; j++) log_rho[j] = b->term[j];
  kd_vexp(e->n, b->term, b->term);
  sum(e->n, 1, e->y, NULL, b->term, &total);
  double log_total = kd_log(total);
  for (size_t j = 0; j < e->n; j++) log_rho[j] -= log_total;
  return true;
}
