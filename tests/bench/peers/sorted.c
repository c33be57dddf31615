/* SPDX-License-Identifier: MIT
 *
 * Sorted recursions for the Laplace kernel (contender.h): sums from the left and from the
 * right over sorted places decay from one to the next, so all sums take O((n + m) log n). The
 * method is that of Hofmeyr (2021), "Fast exact evaluation of univariate kernel sums", here by
 * a radix sort and the compiler's vector exp. The integral is a sum too: over three Gauss nodes
 * in each gap between points, where log f is smooth; a gap of g adds an error below g^7/10^5.
 * With NUMBER long double it is the truth of the others where pairs are too many.
 */
#include "../contender.h"

#include <stdint.h>
#include <tgmath.h>

struct place {
  uint64_t key; /* rises with x */
  size_t index;
};

static uint64_t key_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits ^ (bits >> 63 ? UINT64_MAX : (uint64_t)1 << 63);
}

/* By digits of 11 bits, the lowest first; b is as long as a. The result is in a. */
static void sort(size_t n, struct place *a, struct place *b) {
  enum { DIGIT = 11, VALUES = 1 << DIGIT };
  for (int shift = 0; shift < 66; shift += DIGIT) {
    static size_t at[VALUES + 1];
    memset(at, 0, sizeof at);
    for (size_t i = 0; i < n; i++) at[(a[i].key >> shift & (VALUES - 1)) + 1]++;
    for (size_t d = 0; d < VALUES; d++) at[d + 1] += at[d];
    for (size_t i = 0; i < n; i++) b[at[a[i].key >> shift & (VALUES - 1)]++] = a[i];
    struct place *swap = a;
    a = b, b = swap;
  }
}

struct rows { /* of n points, m nodes, and of the larger of both */
  size_t n, m;
  struct place *place, *spare;
  NUMBER *x, *S, *G, *v, *w, *f, *decay, *left, *right;
};

static void fit(struct rows *r, size_t n, size_t m) {
  size_t most = n > m ? n : m;
  if (r->n == n && r->m == m) return;
  NUMBER **of[] = {&r->x, &r->S, &r->G, &r->v, &r->w, &r->f, &r->decay, &r->left, &r->right};
  free(r->place), free(r->spare);
  r->n = n, r->m = m;
  r->place = room(n, sizeof *r->place), r->spare = room(n, sizeof *r->spare);
  for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
    free(*of[i]);
    *of[i] = room(i < 3 ? n : i < 6 ? m : most, sizeof **of[i]);
  }
}

/* Nodes v of weights w, which sum to 1: the centres of M bins */
static size_t centres(size_t M, NUMBER *v, NUMBER *w) {
  for (size_t k = 0; k < M; k++) v[k] = (NUMBER)(2 * k + 1) / (NUMBER)M - 1;
  for (size_t k = 0; k < M; k++) w[k] = 1 / (NUMBER)M;
  return M;
}

/* ... and those of the gaps that sorted points leave of [-1, 1] */
static size_t gauss(size_t n, const NUMBER *x, NUMBER *v, NUMBER *w) {
  const NUMBER far = sqrt((NUMBER)3 / 5);
  NUMBER from = -1;
  size_t m = 0;
  for (size_t i = 0; i <= n && from < 1; i++) {
    NUMBER to = i < n && x[i] < 1 ? x[i] : 1, middle = (from + to) / 2, half = (to - from) / 2;
    if (half <= 0) continue;
    for (int side = -1; side <= 1; side++, m++) {
      v[m] = middle + (NUMBER)side * far * half;
      w[m] = half * (side ? 5 : 8) / 18;
    }
    from = to;
  }
  return m;
}

/* out_k = sum_i w_i exp(-|x_i - v_k|), x and v sorted; out may be v */
static void sums(struct rows *r, size_t n, const NUMBER *x, const NUMBER *w, size_t m,
                 const NUMBER *v, NUMBER *out) {
  NUMBER *decay = r->decay, *left = r->left, *right = r->right, sum = 0;
  for (size_t i = 1; i < n; i++) decay[i] = exp(x[i - 1] - x[i]);
  decay[0] = 0;
  for (size_t i = 0; i < n; i++) left[i] = sum = sum * decay[i] + w[i];
  right[n - 1] = sum = w[n - 1];
  for (size_t i = n - 1; i-- > 0;) right[i] = sum = sum * decay[i + 1] + w[i];
  for (size_t k = 0, i = 0; k < m; k++) {
    while (i < n && x[i] <= v[k]) i++;
    NUMBER below = i > 0 ? left[i - 1] * exp(x[i - 1] - v[k]) : 0;
    NUMBER above = i < n ? right[i] * exp(v[k] - x[i]) : 0;
    out[k] = below + above;
  }
}

static NUMBER recursions(const struct task *task, const double *x, const double *z, NUMBER *G) {
  static struct rows r;
  bool exact = is(task->kind, "exact");
  size_t n = task->n;
  fit(&r, n, exact ? 3 * (n + 1) : task->m);
  for (size_t j = 0; j < n; j++) r.place[j] = (struct place){key_of(x[j]), j};
  sort(n, r.place, r.spare);
  NUMBER total = 0, loss = log((NUMBER)2);
  for (size_t i = 0; i < n; i++) r.x[i] = x[r.place[i].index], r.S[i] = z[r.place[i].index];
  for (size_t i = 0; i < n; i++) total += r.S[i] = exp(r.S[i]);
  for (size_t i = 0; i < n; i++) r.S[i] /= total;
  size_t m = exact ? gauss(n, r.x, r.v, r.w) : centres(task->m, r.v, r.w);
  sums(&r, n, r.x, r.S, m, r.v, r.f);
  for (size_t k = 0; k < m; k++) loss -= r.w[k] * log(r.f[k]);
  for (size_t k = 0; k < m; k++) r.w[k] /= r.f[k];
  sums(&r, m, r.v, r.w, n, r.x, r.G);
  for (size_t i = 0; i < n; i++) G[r.place[i].index] = r.S[i] * (1 - r.G[i]);
  return loss;
}

double perform(const struct task *task, struct scene *scene) {
  bool known = is(task->kind, "cells") || is(task->kind, "exact");
  if (!known || task->steps || !is(task->kernel, "laplace") || threads > 1) return -1;
  double begin = now();
  scene->loss = 0;
  for (size_t k = 0; k < task->problems; k++) {
    size_t at = k * task->n;
    scene->loss += recursions(task, scene->x + at, scene->z + at, scene->G + at);
  }
  double ms = now() - begin;
  scene->loss /= task->problems;
  return ms;
}
