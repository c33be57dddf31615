/* SPDX-License-Identifier: MIT
 *
 * Reference for kernels of bounded support that are polynomials in pieces: L and G in long
 * double, 2,000 times finer than double where that is so. Every stretch between ends of
 * pieces is halved until f does not fall by more than half over a panel, so that its
 * zeros are a panel's length away, and has 16 Gauss nodes a panel; each f is summed
 * from all points that reach the stretch.
 */
#ifndef KD_TEST_PIECES_H
#define KD_TEST_PIECES_H

#include <math.h>
#include <stdlib.h>

#include "core/exact/place.h"
#include "problems.h"

typedef long double wide;

enum { NODES = 16 };

struct pieces {
  const char *kernel;
  size_t n;
  const double *y, *z; /* rising y, about the centre of T */
  double h, w;
  /* found */
  wide loss, uncovered, *G, *S;
};

struct span { /* of sites that reach a stretch */
  const struct pieces *p;
  struct kd_dd a, b;
  size_t first, end;
  wide length, *left, *right, *k; /* distances to the ends of the supports, and k(x) */
};

static inline wide wide_distance(struct kd_dd a, struct kd_dd b) {
  return ((wide)b.high - a.high) + ((wide)b.low - a.low);
}

static inline void wide_gauss(wide *node, wide *weight) {
  for (int k = 0; k < NODES; k++) {
    wide x = cosl(3.14159265358979323846264L * (k + 0.75L) / (NODES + 0.5L)), slope = 0;
    for (int step = 0; step < 8; step++) {
      wide p = 1, before = 0;
      for (int m = 1; m <= NODES; m++) {
        wide next = ((2 * m - 1) * x * p - (m - 1) * before) / m;
        before = p, p = next;
      }
      slope = NODES * (x * p - before) / (x * x - 1);
      x -= p / slope;
    }
    node[k] = x, weight[k] = 2 / ((1 - x * x) * slope * slope);
  }
}

/* f h^degree / factor at a share t of the stretch, rest = 1 - t */
static inline wide wide_f(const struct span *s, wide t, wide rest) {
  const struct pieces *p = s->p;
  wide f = 0;
  char kind = p->kernel[0];
  for (size_t j = s->first; j < s->end; j++) {
    size_t i = j - s->first;
    wide left = s->left[i] + s->length * t, right = s->right[i] + s->length * rest;
    s->k[i] = kind == 'u' ? 1 : kind == 't' ? fminl(left, right) : left * right;
    f += p->S[j] * s->k[i];
  }
  return f;
}

/* Over shares of the stretch from t to t + d, t measured from the end `side` */
static inline void wide_panel(const struct span *s, int side, wide t, wide d, wide *log_f,
                              wide *rho) {
  static wide node[NODES], weight[NODES];
  if (!(weight[0] > 0)) wide_gauss(node, weight);
  wide at_start = side ? wide_f(s, 1 - t, t) : wide_f(s, t, 1 - t);
  wide at_end = side ? wide_f(s, 1 - t - d, t + d) : wide_f(s, t + d, 1 - t - d);
  bool steep = fminl(at_start, at_end) < fmaxl(at_start, at_end) / 2;
  if (steep && d < 0x1p-70L) return;
  if (steep) {
    wide_panel(s, side, t, d / 2, log_f, rho);
    wide_panel(s, side, t + d / 2, d / 2, log_f, rho);
    return;
  }
  for (int k = 0; k < NODES; k++) {
    wide x = t + d / 2 * (1 + node[k]), part = weight[k] / 2 * d;
    wide f = side ? wide_f(s, 1 - x, x) : wide_f(s, x, 1 - x);
    *log_f += part * logl(f);
    for (size_t j = s->first; j < s->end; j++)
      rho[j] += part * s->length * s->p->S[j] * s->k[j - s->first] / f;
  }
}

static inline struct kd_dd end_of(const struct pieces *p, size_t j, int side) {
  return kd_place_sum(p->y[j], side * p->h);
}

static inline int by_place(const void *left, const void *right) {
  const struct kd_dd *a = left, *b = right;
  return kd_place_before(*b, *a) - kd_place_before(*a, *b);
}

/* Fills loss, uncovered, and G and S, which the caller frees. */
static inline void pieces_solve(struct pieces *p) {
  size_t n = p->n, n_cuts = 2;
  double top = -INFINITY;
  wide sum = 0, log_f = 0, covered = 0, *rho = calloc(n, sizeof *rho),
       *scratch = calloc(3 * n, sizeof *rho);
  struct kd_dd *cut = malloc((3 * n + 2) * sizeof *cut), left = {-p->w, 0},
                  right = {p->w, 0};
  p->S = calloc(n, sizeof *p->S), p->G = calloc(n, sizeof *p->G);
  for (size_t j = 0; j < n; j++) top = fmax(top, p->z[j]);
  for (size_t j = 0; j < n; j++) sum += p->S[j] = expl((wide)p->z[j] - top);
  for (size_t j = 0; j < n; j++) p->S[j] /= sum;
  cut[0] = left, cut[1] = right;
  for (size_t j = 0; j < n; j++)
    for (int side = -1; side <= 1; side++) {
      struct kd_dd x = end_of(p, j, side);
      if (kd_place_before(left, x) && kd_place_before(x, right)) cut[n_cuts++] = x;
    }
  qsort(cut, n_cuts, sizeof *cut, by_place);
  struct span s = {.p = p, .left = scratch, .right = scratch + n, .k = scratch + 2 * n};
  p->uncovered = 0;
  for (size_t c = 1; c < n_cuts; c++) {
    s.a = cut[c - 1], s.b = cut[c], s.length = wide_distance(s.a, s.b);
    if (!(s.length > 0)) continue;
    while (s.first < n && !kd_place_before(s.a, end_of(p, s.first, 1))) s.first++;
    while (s.end < n && !kd_place_before(s.a, end_of(p, s.end, -1))) s.end++;
    if (s.first >= s.end) {
      if (s.length > 4 * 0x1p-52L * fmax(p->w, p->h)) p->uncovered += s.length / (2 * p->w);
      continue;
    }
    for (size_t j = s.first; j < s.end; j++) {
      s.left[j - s.first] = wide_distance(end_of(p, j, -1), s.a);
      s.right[j - s.first] = wide_distance(s.b, end_of(p, j, 1));
    }
    wide mean = 0;
    wide at_ends = fminl(wide_f(&s, 0, 1), wide_f(&s, 1, 0)), most = 2 * wide_f(&s, 0.5L, 0.5L);
    bool whole = at_ends >= most / 3; /* f is concave: most is above it */
    for (int side = 0; side < (whole ? 1 : 2); side++)
      wide_panel(&s, side, 0, whole ? 1 : 0.5L, &mean, rho);
    log_f += mean * s.length, covered += s.length / (2 * p->w);
  }
  int degree = p->kernel[0] == 'u' ? 0 : p->kernel[0] == 't' ? 1 : 2;
  wide factor = degree == 0 ? 0.5L : degree == 1 ? 1 : 0.75L;
  p->loss = covered * ((degree + 1) * logl(p->h) - logl(factor)) - log_f / (2 * p->w);
  if (p->uncovered > 0) p->loss = INFINITY;
  for (size_t j = 0; j < n; j++) p->G[j] = covered * p->S[j] - rho[j] / (2 * p->w);
  free(rho), free(scratch), free(cut);
}

#endif
