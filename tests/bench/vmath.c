/* SPDX-License-Identifier: MIT
 *
 * ns an element: libm's functions, ours one by one, and ours on arrays, the median of
 * repeated runs in turns, so that a busy machine slows all three alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/vmath/vmath.h"

enum { N = 1024, PASSES = 20, RUNS = 301 };

typedef void array_function(size_t n, const double *x, double *y);

#define LOOP(name, call)                                                                       \
  static void name(size_t n, const double *x, double *y) {                                     \
    for (size_t i = 0; i < n; i++) {                                                           \
      double value = x[i];                                                                     \
      __asm__ volatile("" : "+x"(value)); /* one by one */                                     \
      y[i] = call;                                                                             \
    }                                                                                          \
  }
#define UNARY(f)                                                                               \
  LOOP(libm_##f, f(value))                                                                     \
  LOOP(own_##f, kd_##f(value))

UNARY(exp)
UNARY(expm1)
UNARY(sinh)
UNARY(tanh)
UNARY(log)
UNARY(log1p)
UNARY(sin)
UNARY(cos)
LOOP(libm_pow, pow(value, 1.5))
LOOP(own_pow, kd_pow(value, 1.5))
static void array_pow(size_t n, const double *x, double *y) {
  kd_vpow(n, x, 1.5, y);
}

static const struct {
  const char *name;
  array_function *form[3];
  double from, to;
} row[] = {
    {"exp", {libm_exp, own_exp, kd_vexp}, -30, 0},
    {"expm1", {libm_expm1, own_expm1, kd_vexpm1}, -3, 3},
    {"sinh", {libm_sinh, own_sinh, kd_vsinh}, -3, 3},
    {"tanh", {libm_tanh, own_tanh, kd_vtanh}, -3, 3},
    {"log", {libm_log, own_log, kd_vlog}, 1e-3, 10},
    {"log1p", {libm_log1p, own_log1p, kd_vlog1p}, -0.5, 10},
    {"sin", {libm_sin, own_sin, kd_vsin}, -6, 6},
    {"cos", {libm_cos, own_cos, kd_vcos}, -6, 6},
    {"pow", {libm_pow, own_pow, array_pow}, 1e-3, 10},
};

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int rising(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

int main(void) {
  static _Alignas(64) double x[N], y[N];
  printf("%-6s %10s %10s %10s %10s %10s\n", "ns", "libm", "own", "array", "libm/own",
         "libm/array");
  for (size_t r = 0; r < sizeof row / sizeof *row; r++) {
    static double took[3][RUNS];
    for (size_t i = 0; i < N; i++)
      x[i] = row[r].from + (row[r].to - row[r].from) * (double)(i * 619 % N) / N;
    for (int run = 0; run < RUNS; run++)
      for (int f = 0; f < 3; f++) {
        double begin = seconds();
        for (int pass = 0; pass < PASSES; pass++) row[r].form[f](N, x, y);
        took[f][run] = (seconds() - begin) * 1e9 / ((double)N * PASSES);
      }
    double median[3];
    for (int f = 0; f < 3; f++) {
      qsort(took[f], RUNS, sizeof took[f][0], rising);
      median[f] = took[f][RUNS / 2];
    }
    printf("%-6s %10.2f %10.2f %10.2f %10.2f %10.2f\n", row[r].name, median[0], median[1],
           median[2], median[0] / median[1], median[0] / median[2]);
  }
  return 0;
}
