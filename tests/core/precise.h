/* SPDX-License-Identifier: MIT
 *
 * L and G of kernels that fall off exponentially, line or circle, in long double (64
 * bits): O(n^2), each pair from its own distance, each stretch between kinks by Gauss
 * rules where both sides matter. 2,000 times finer than what the bounds of doubles are
 * about, where long double is wider than double.
 */
#ifndef KD_TEST_PRECISE_H
#define KD_TEST_PRECISE_H

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define PRECISE_PI 3.14159265358979323846264338327950288L

enum { PRECISE_MAX = 128, PRECISE_NODES = 20 };

struct precise {
  bool circle;
  long double h, w, left, right; /* rates: what is left, right of a place falls off at */
  size_t n;
  long double y[PRECISE_MAX], z[PRECISE_MAX]; /* centred positions, logits */
  long double S[PRECISE_MAX], log_S[PRECISE_MAX];
  long double loss, G[PRECISE_MAX];
};

/* Not under valgrind, whose long double is a double */
static inline bool precise_enough(void) {
  volatile long double one = 1, tiny = 0x1p-60L;
  return one + tiny > one;
}

static inline int precise_rising(const void *left, const void *right) {
  long double a = *(const long double *)left, b = *(const long double *)right;
  return (a > b) - (a < b);
}

/* Gauss-Legendre on [-1, 1] by Newton's method; the weights sum to 1 */
static inline void precise_gauss(long double *node, long double *weight) {
  const size_t n = PRECISE_NODES;
  for (size_t i = 0; i < n; i++) {
    long double x = cosl(PRECISE_PI * ((long double)i + 0.75L) / ((long double)n + 0.5L));
    long double slope = 1;
    for (int step = 0; step < 8; step++) {
      long double before = 1, now = x;
      for (size_t k = 2; k <= n; k++) {
        long double kk = (long double)k;
        long double next = ((2 * kk - 1) * x * now - (kk - 1) * before) / kk;
        before = now, now = next;
      }
      slope = (long double)n * (x * now - before) / (x * x - 1);
      x -= now / slope;
    }
    node[i] = x, weight[i] = 1 / ((1 - x * x) * slope * slope);
  }
}

/* What lies right of y by the shorter way, in (-pi, pi] on the circle */
static inline long double precise_offset(const struct precise *p, long double r) {
  return p->circle ? r - 2 * PRECISE_PI * rintl(r / (2 * PRECISE_PI)) : r;
}

static inline void precise_weights(struct precise *p) {
  long double top = -INFINITY, sum = 0;
  for (size_t j = 0; j < p->n; j++) top = fmaxl(top, p->z[j]);
  for (size_t j = 0; j < p->n; j++) sum += expl(p->z[j] - top);
  for (size_t j = 0; j < p->n; j++) {
    p->log_S[j] = p->z[j] - top - logl(sum);
    p->S[j] = expl(p->log_S[j]);
  }
}

static inline size_t precise_cuts(const struct precise *p, long double *cut) {
  size_t n = 0;
  cut[n++] = -p->w, cut[n++] = p->w;
  for (size_t j = 0; j < p->n; j++)
    for (int k = p->circle ? -2 : 0; k <= (p->circle ? 2 : 0); k++) {
      long double v = p->y[j] + (long double)k * PRECISE_PI;
      if (fabsl(v) < p->w) cut[n++] = v;
    }
  qsort(cut, n, sizeof *cut, precise_rising);
  return n;
}

/* Terms of f at the middle v of a stretch. */
struct precise_terms {
  bool from_left[PRECISE_MAX];
  long double near; /* the nearest point's -log K, in bandwidths: taken out of ... */
  long double ratio[PRECISE_MAX], term[PRECISE_MAX]; /* ... log K_j and log S_j K_j */
  long double side[2]; /* logarithms of their sums, from the right and from the left */
};

/* From differences of distances: points may be a million bandwidths away. */
static inline void precise_terms(const struct precise *p, long double v,
                                 struct precise_terms *t) {
  long double rate[2] = {p->right, p->left}, least[2] = {INFINITY, INFINITY};
  long double top[2] = {-INFINITY, -INFINITY}, sum[2] = {0, 0}, r[PRECISE_MAX];
  for (size_t j = 0; j < p->n; j++) {
    r[j] = precise_offset(p, v - p->y[j]);
    t->from_left[j] = r[j] > 0;
    least[t->from_left[j]] = fminl(least[t->from_left[j]], fabsl(r[j]));
  }
  bool near = rate[1] * least[1] < rate[0] * least[0];
  t->near = rate[near] * least[near];
  for (size_t j = 0; j < p->n; j++) {
    bool side = t->from_left[j];
    long double apart = rate[side] * least[side] - t->near;
    t->ratio[j] = -(rate[side] * (fabsl(r[j]) - least[side]) + apart) / p->h;
    t->term[j] = p->log_S[j] + t->ratio[j];
    top[side] = fmaxl(top[side], t->term[j]);
  }
  for (size_t j = 0; j < p->n; j++)
    sum[t->from_left[j]] += expl(t->term[j] - top[t->from_left[j]]);
  for (int side = 0; side < 2; side++)
    t->side[side] = sum[side] > 0 ? top[side] + logl(sum[side]) : -INFINITY;
  t->near /= p->h;
}

/* Adds weight S_i sum_j S_j (K_j - K_i)/f at one place to G: keeps digits where all K_j are
 * nearly the same. */
static inline void precise_bin(struct precise *p, long double v, long double weight) {
  static struct precise_terms t;
  long double mean = 0;
  precise_terms(p, v, &t);
  for (size_t j = 0; j < p->n; j++) {
    t.ratio[j] = expm1l(t.ratio[j]);
    mean += p->S[j] * t.ratio[j];
  }
  for (size_t i = 0; i < p->n; i++)
    for (size_t j = 0; j < p->n; j++)
      p->G[i] += weight * p->S[i] * p->S[j] * (t.ratio[j] - t.ratio[i]) / (1 + mean);
}

static inline void precise_nodes(const long double **node, const long double **weight) {
  static long double x[PRECISE_NODES], w[PRECISE_NODES];
  if (!(w[0] > 0)) precise_gauss(x, w);
  *node = x, *weight = w;
}

/* Integrals over [a, b] of log f + log norm, and of the part from the left; v = 0 is where
 * log_side are taken. One side rules: no more than its own line. */
static inline void precise_panel(const struct precise *p, const long double *log_side,
                                 long double a, long double b, long double out[2]) {
  const long double *node, *weight;
  precise_nodes(&node, &weight);
  for (size_t k = 0; k < PRECISE_NODES; k++) {
    long double v = (a + b) / 2 + (b - a) / 2 * node[k];
    long double A = log_side[1] - p->left * v / p->h, B = log_side[0] + p->right * v / p->h;
    long double more = fmaxl(A, B), less = fminl(A, B), odds = expl(less - more);
    out[0] += (b - a) * weight[k] * (more + log1pl(odds));
    out[1] += (b - a) * weight[k] * (A > B ? 1 : odds) / (1 + odds);
  }
}

static inline void precise_stretch(const struct precise *p, const long double *log_side,
                                   long double half, long double out[2]) {
  long double rate = (p->left + p->right) / p->h, even = (log_side[1] - log_side[0]) / rate;
  long double from = fminl(half, fmaxl(-half, even - 46 / rate));
  long double to = fminl(half, fmaxl(-half, even + 46 / rate));
  out[0] = out[1] = 0;
  if (from > -half) precise_panel(p, log_side, -half, from, out);
  if (to < half) precise_panel(p, log_side, to, half, out);
  size_t n = 1 + (size_t)((to - from) * rate);
  for (size_t k = 0; k < n && to > from; k++) {
    long double a = from + (to - from) * (long double)k / (long double)n;
    long double b = from + (to - from) * (long double)(k + 1) / (long double)n;
    precise_panel(p, log_side, a, b, out);
  }
}

/* log of what f is divided by */
static inline long double precise_log_norm(const struct precise *p) {
  long double left = 1, right = 1;
  if (p->circle) {
    left = -expm1l(-PRECISE_PI * p->left / p->h);
    right = -expm1l(-PRECISE_PI * p->right / p->h);
  }
  return logl(p->h * (left / p->left + right / p->right));
}

/* Fills loss and G. `flat`: T is shorter than a few bandwidths, and G is small: it is
 * right to its own digits. */
static inline void precise_solve(struct precise *p, bool flat) {
  static long double cut[5 * PRECISE_MAX + 2];
  static struct precise_terms t;
  const long double *node, *weight;
  long double rho[PRECISE_MAX] = {0}, log_f = 0;
  precise_nodes(&node, &weight);
  precise_weights(p);
  for (size_t j = 0; j < p->n; j++) p->G[j] = 0;
  size_t n = precise_cuts(p, cut);
  for (size_t k = 1; k < n; k++) {
    long double out[2], half = (cut[k] - cut[k - 1]) / 2, middle = (cut[k] + cut[k - 1]) / 2;
    if (!(half > 0)) continue;
    precise_terms(p, middle, &t);
    precise_stretch(p, t.side, half, out);
    log_f += out[0] - 2 * half * t.near;
    for (size_t j = 0; j < p->n; j++)
      rho[j] += expl(t.term[j] - t.side[t.from_left[j]]) *
                (t.from_left[j] ? out[1] : 2 * half - out[1]);
    for (size_t m = 0; flat && m < PRECISE_NODES; m++)
      precise_bin(p, middle + half * node[m], half / p->w * weight[m]);
  }
  p->loss = precise_log_norm(p) - log_f / (2 * p->w);
  for (size_t j = 0; !flat && j < p->n; j++) p->G[j] = p->S[j] - rho[j] / (2 * p->w);
}

#endif
