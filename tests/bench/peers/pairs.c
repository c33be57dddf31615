/* SPDX-License-Identifier: MIT
 *
 * The plain way in C (contender.h): every pair of a point and a bin, by the compiler's vector
 * exp. Where there are many points, a row of kernels a bin, on one thread or more; where many
 * logits meet the same few points (problems that share them, steps of a descent), a table of
 * all kernels. With NUMBER long double and two threads it is the truth of the others.
 */
#include "../contender.h"

#include <tgmath.h>

enum { LANES = 8, ROWS = 4 };

static NUMBER bin(size_t M, size_t m) {
  return (NUMBER)(2 * m + 1) / (NUMBER)M - 1;
}

/* k: K sqrt(2 pi) or 2K of a row of points; the factors are in `normaliser`. Returns sum S k.
 */
static NUMBER kernels(bool laplace, size_t n, const NUMBER *x, const NUMBER *S, NUMBER v,
                      NUMBER *restrict k) {
  NUMBER f = 0;
  if (laplace)
    for (size_t j = 0; j < n; j++) f += S[j] * (k[j] = exp(-fabs(v - x[j])));
  else
    for (size_t j = 0; j < n; j++) f += S[j] * (k[j] = exp(-(v - x[j]) * (v - x[j]) / 2));
  return f;
}

static NUMBER normaliser(bool laplace) {
  return laplace ? log((NUMBER)2) : log(8 * atan((NUMBER)1)) / 2;
}

static void softmax(size_t n, const NUMBER *z, NUMBER *S) {
  NUMBER sum = 0;
  for (size_t j = 0; j < n; j++) sum += S[j] = exp(z[j]);
  for (size_t j = 0; j < n; j++) S[j] /= sum;
}

static NUMBER dot(size_t n, const NUMBER *a, const NUMBER *b) {
  NUMBER sum = 0;
  for (size_t j = 0; j < n; j++) sum += a[j] * b[j];
  return sum;
}

/* --- many points: a row of kernels a bin, a row of sums a thread --- */

static NUMBER by_rows(const struct task *task, const double *at, const double *logits,
                      NUMBER *G) {
  static NUMBER *x, *z, *S;
  static size_t held;
  size_t n = task->n;
  bool laplace = is(task->kernel, "laplace");
  if (held < n) {
    free(x), free(z), free(S), held = n;
    x = room(n, sizeof *x), z = room(n, sizeof *z), S = room(n, sizeof *S);
  }
  for (size_t j = 0; j < n; j++) x[j] = at[j], z[j] = logits[j];
  softmax(n, z, S);
  for (size_t j = 0; j < n; j++) G[j] = S[j];
  NUMBER loss = normaliser(laplace);
#pragma omp parallel num_threads(threads) reduction(+ : loss)
  {
    NUMBER *k = room(n, sizeof *k), *g = room(n, sizeof *g);
#pragma omp for schedule(static)
    for (size_t m = 0; m < task->m; m++) {
      NUMBER f = kernels(laplace, n, x, S, bin(task->m, m), k), u = 1 / ((NUMBER)task->m * f);
      loss -= log(f) / (NUMBER)task->m;
      for (size_t j = 0; j < n; j++) g[j] += u * k[j];
    }
#pragma omp critical
    for (size_t j = 0; j < n; j++) G[j] -= S[j] * g[j];
    free(k), free(g);
  }
  return loss;
}

/* --- many logits: a table of n rows, padded to whole ROWS and LANES --- */

struct table {
  size_t n, rows, m, columns;
  NUMBER *K, *S, *f, normaliser;
};

static size_t whole(size_t n, size_t of) {
  return (n + of - 1) / of * of;
}

static struct table table_of(const struct task *task, const double *x) {
  struct table t = {.n = task->n, .rows = whole(task->n, ROWS), .m = task->m};
  bool laplace = is(task->kernel, "laplace");
  t.columns = whole(t.m, LANES), t.normaliser = normaliser(laplace);
  t.K = room(t.rows * t.columns, sizeof *t.K);
  t.S = room(t.rows, sizeof *t.S), t.f = room(t.columns, sizeof *t.f);
  for (size_t m = 0; m < t.m; m++) t.f[m] = bin(t.m, m);
  for (size_t j = 0; j < t.n; j++) kernels(laplace, t.m, t.f, t.f, x[j], t.K + j * t.columns);
  return t;
}

static void drop(struct table *t) {
  free(t->K), free(t->S), free(t->f);
}

static void densities(const struct table *t) {
  NUMBER *restrict f = t->f;
  memset(f, 0, t->columns * sizeof *f);
  for (size_t j = 0; j < t->rows; j += ROWS) {
    const NUMBER *K = t->K + j * t->columns, *S = t->S + j;
    size_t row = t->columns;
    for (size_t m = 0; m < row; m++)
      f[m] += S[0] * K[m] + S[1] * K[row + m] + S[2] * K[2 * row + m] + S[3] * K[3 * row + m];
  }
}

/* sum of log f, one logarithm of a product of up to 32 */
static NUMBER log_sum(const struct table *t) {
  enum { PRODUCT = 32 };
  NUMBER sum = 0, p[LANES];
  for (size_t m = 0; m < t->m;) {
    for (int l = 0; l < LANES; l++) p[l] = 1;
    for (int i = 0; i < PRODUCT && m < t->m; i++, m += LANES)
      for (size_t l = 0; l < LANES; l++) p[l] *= t->f[m + l];
    for (int l = 0; l < LANES; l++) sum += log(p[l]);
  }
  return sum;
}

static NUMBER by_table(const struct table *t, const NUMBER *z, NUMBER *G) {
  softmax(t->n, z, t->S);
  densities(t);
  for (size_t m = t->m; m < t->columns; m++) t->f[m] = 1;
  NUMBER M = (NUMBER)t->m, loss = t->normaliser - log_sum(t) / M;
  for (size_t m = 0; m < t->m; m++) t->f[m] = 1 / t->f[m];
  for (size_t j = 0; j < t->n; j++)
    G[j] = t->S[j] * (1 - dot(t->m, t->K + j * t->columns, t->f) / M);
  return loss;
}

static long double many_logits(const struct task *task, struct scene *scene) {
  struct table t = table_of(task, scene->x);
  NUMBER *z = room(t.n, sizeof *z);
  long double sum = 0;
  for (size_t k = 0; k < task->problems; k++) {
    for (size_t j = 0; j < t.n; j++) z[j] = scene->z[k * t.n + j];
    sum += by_table(&t, z, scene->G + k * t.n);
  }
  drop(&t), free(z);
  return sum;
}

static NUMBER descend(const struct task *task, struct scene *scene) {
  struct table t = table_of(task, scene->x);
  NUMBER *z = room(t.n, sizeof *z), loss;
  for (size_t j = 0; j < t.n; j++) z[j] = scene->z[j];
  loss = by_table(&t, z, scene->G);
  for (size_t step = 0; step < task->steps; step++) {
    for (size_t j = 0; j < t.n; j++) z[j] -= scene->G[j];
    loss = by_table(&t, z, scene->G);
  }
  drop(&t), free(z);
  return loss;
}

double perform(const struct task *task, struct scene *scene) {
  bool logits = is(task->kind, "logits"), rows = is(task->kind, "cells") && !task->steps;
  if (!rows && !logits && !is(task->kind, "cells")) return -1;
  if (!rows && threads > 1 && sizeof(NUMBER) == sizeof(double)) return -1;
  double begin = now();
  if (logits)
    scene->loss = many_logits(task, scene);
  else if (task->steps)
    scene->loss = descend(task, scene);
  else {
    scene->loss = 0;
    for (size_t k = 0; k < task->problems; k++) {
      size_t at = k * task->n;
      scene->loss += by_rows(task, scene->x + at, scene->z + at, scene->G + at);
    }
  }
  double ms = now() - begin;
  scene->loss /= task->problems;
  return ms;
}
