/* SPDX-License-Identifier: MIT
 *
 * Many small problems, N = 4 points and M = 256 midpoint bins: loss, gradient and bounds of
 * each, at one layout and other logits, or at another layout each time; beside a plain loop
 * over tables of K, which has no bounds. T = [-1, 1], h = 1, z_j = sin(j + p) for problem p.
 * Best CPU times of runs in turns; lines of work, ns a problem, the peer, its ns, tab between
 * them.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/descent.h"
#include "core/kernel.h"
#include "core/problem.h"
#include "core/rule.h"
#include "core/shift.h"

enum { N = 4, M = 256, PROBLEMS = 20000, RUNS = 9 };

static struct kd_workspace *ws;
static double sink; /* what is computed is of use */

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct series {
  const char *kernel;
  bool moving; /* a layout for each problem */
  double (*logits)[N];
};

static void place(size_t p, double *x) {
  for (size_t j = 0; j < N; j++) x[j] = -3 + 6 * fmod(0.6180339887498949 * (double)(j + p), 1);
}

/* --- kdegrad --- */

static void ours(const struct series *s, size_t n) {
  double x[N];
  struct kd_problem p = {.kernel = kd_kernel_find(s->kernel),
                         .h = 1,
                         .lower = -1,
                         .upper = 1,
                         .n = N,
                         .x = x,
                         .shift_unit = kd_shift_unit_find("absolute"),
                         .shift_mode = kd_shift_mode_find("inward"),
                         .rule = kd_rule_find("midpoint"),
                         .bins = M,
                         .descent = kd_descent_find("none"),
                         .every = 1,
                         .record = KD_RECORD_LOSS | KD_RECORD_GRADIENT};
  struct kd_result r;
  struct kd_err err;
  place(0, x);
  for (size_t k = 0; k < n; k++) {
    if (s->moving) place(k, x);
    p.z = s->logits[k];
    if (kd_evaluate(&p, ws, &r, &err)) exit(1);
    sink += r.loss + r.gradient[0];
  }
}

/* --- the peer --- */

static double K[N][M];

static void fill(const char *kernel, const double *x) {
  for (size_t j = 0; j < N; j++)
    for (size_t m = 0; m < M; m++) {
      double r = (double)(2 * m + 1) / M - 1 - x[j];
      K[j][m] = kernel[0] == 'l' ? 0.5 * exp(-fabs(r)) : 0.39894228040143268 * exp(-r * r / 2);
    }
}

static double by_table(const double *z, double *G) {
  double S[N], f[M], total = 0, loss = 0;
  for (size_t j = 0; j < N; j++) total += S[j] = exp(z[j]);
  for (size_t j = 0; j < N; j++) S[j] /= total;
  for (size_t m = 0; m < M; m++)
    f[m] = (S[0] * K[0][m] + S[1] * K[1][m]) + (S[2] * K[2][m] + S[3] * K[3][m]);
  for (size_t m = 0; m < M; m += 16) { /* one logarithm for sixteen bins */
    double product = 1;
    for (size_t k = m; k < m + 16; k++) product *= f[k];
    loss -= log(product) / M;
  }
  for (size_t m = 0; m < M; m++) f[m] = 1 / f[m];
  for (size_t j = 0; j < N; j++) {
    double lane[8] = {0};
    for (size_t m = 0; m < M; m += 8)
      for (size_t l = 0; l < 8; l++) lane[l] += K[j][m + l] * f[m + l];
    for (size_t l = 1; l < 8; l++) lane[0] += lane[l];
    G[j] = S[j] * (1 - lane[0] / M);
  }
  return loss;
}

static void peer(const struct series *s, size_t n) {
  double x[N], G[N];
  place(0, x);
  fill(s->kernel, x);
  for (size_t k = 0; k < n; k++) {
    if (s->moving) place(k, x), fill(s->kernel, x);
    sink += by_table(s->logits[k], G) + G[0];
  }
}

static void measure(const char *kernel, bool moving, double (*logits)[N]) {
  struct series s = {kernel, moving, logits};
  size_t n = moving ? PROBLEMS / 20 : PROBLEMS;
  double best[2] = {INFINITY, INFINITY};
  for (int run = 0; run < RUNS; run++)
    for (int who = 0; who < 2; who++) {
      double begin = seconds();
      (who ? peer : ours)(&s, n);
      best[who] = fmin(best[who], (seconds() - begin) / (double)n * 1e9);
    }
  printf("%s, %s\t%.0f\tC loop over tables, no bounds\t%.0f\n", kernel,
         moving ? "a layout each" : "one layout", best[0], best[1]);
}

int main(void) {
  static double logits[PROBLEMS][N];
  for (size_t p = 0; p < PROBLEMS; p++)
    for (size_t j = 0; j < N; j++) logits[p][j] = sin((double)(j + p));
  ws = kd_workspace_create();
  if (!ws) return 1;
  for (int moving = 0; moving < 2; moving++) {
    measure("laplace", moving, logits);
    measure("gaussian", moving, logits);
  }
  kd_workspace_free(ws);
  return isfinite(sink) ? 0 : 1;
}
