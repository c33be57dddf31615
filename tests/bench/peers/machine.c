/* SPDX-License-Identifier: MIT
 *
 * What the machine does at most (contender.h), on one thread or more:
 *
 *   cells     the triad G = x + 3z over n elements: reads x and z, writes G, 24 bytes a point,
 *             which no way to a gradient can avoid
 *   threads   arithmetic in registers, shared by the threads
 */
#include "../contender.h"

/* Short arrays are gone over several times: a clock is slower than they are. */
static double triad(const struct task *task, struct scene *scene) {
  size_t all = task->n * task->problems, times = 1 + 1000000 / all;
  const double *x = scene->x, *z = scene->z;
  double *G = scene->G, begin = now();
  for (size_t k = 0; k < times; k++) {
    double factor = 3 + (double)k;
#pragma omp parallel for simd num_threads(threads) schedule(static)
    for (size_t j = 0; j < all; j++) G[j] = x[j] + factor * z[j];
  }
  return (now() - begin) / (double)times;
}

static double compute(size_t n) {
  double sum = 0, begin;
  by_the_clock = true;
  begin = now();
#pragma omp parallel num_threads(threads) reduction(+ : sum)
  {
    double a[32];
    for (int l = 0; l < 32; l++) a[l] = 1 + l;
    for (size_t i = 0; i < n; i++)
      for (int l = 0; l < 32; l++) a[l] = a[l] * 0.999 + 0.5;
    for (int l = 0; l < 32; l++) sum += a[l];
  }
  double ms = now() - begin;
  return sum > 0 ? ms : -1;
}

double perform(const struct task *task, struct scene *scene) {
  scene->loss = NAN;
  if (is(task->kind, "threads"))
    return compute(task->n * task->m * task->problems / (size_t)threads);
  return is(task->kind, "cells") && !task->steps ? triad(task, scene) : -1;
}
