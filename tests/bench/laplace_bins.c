/* SPDX-License-Identifier: MIT
 *
 * Loss and gradient of the Laplace kernel over N = M equal bins, ns a (point + bin): the sums
 * themselves with points placed anew and with points that stay (a step of a descent), and a
 * cell from end to end. Beside them at 10^4 a plain double loop over all pairs and recursions
 * over sorted points, medians of runs in turns; errors against long double.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/binned/binned.h"
#include "core/descent.h"
#include "core/exact/exact.h"
#include "core/frame.h"
#include "core/kernel.h"
#include "core/problem.h"
#include "core/rule.h"
#include "core/shift.h"

enum { PEERS = 10000, RUNS_MAX = 41 };

struct data {
  size_t n;
  double *x, *z, *dy, *S, *G;
  const double *gradient; /* of the last run */
};

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int rising(const void *a, const void *b) {
  double d = *(const double *)a - *(const double *)b;
  return (d > 0) - (d < 0);
}

static double median(double *took, size_t n) {
  qsort(took, n, sizeof *took, rising);
  return took[n / 2];
}

static double *numbers(size_t n) {
  double *a = calloc(n, sizeof *a);
  if (!a) exit(1);
  return a;
}

/* Points in [-3, 3], T = [-1, 1], h = 1 */
static struct data data_of(size_t n) {
  struct data d = {n, numbers(n), numbers(n), numbers(n), numbers(n), numbers(n), NULL};
  double sum = 0;
  for (size_t j = 0; j < n; j++) {
    d.x[j] = -3 + 6 * fmod(0.6180339887498949 * (double)j, 1);
    d.z[j] = sin((double)j);
    sum += d.S[j] = exp(d.z[j]);
  }
  for (size_t j = 0; j < n; j++) d.S[j] /= sum;
  return d;
}

static void drop(struct data *d) {
  free(d->x), free(d->z), free(d->dy), free(d->S), free(d->G);
}

/* --- kdegrad --- */

static struct kd_room room;

static double by_bins(struct data *d) {
  struct kd_grid grid = kd_rule_grid(kd_rule_find("midpoint"), 1, d->n);
  struct kd_positions at = {.n = d->n, .y = d->x, .dy = d->dy};
  struct kd_points points = {d->n, &at, d->z, 1, 0};
  struct kd_objective o;
  struct kd_err err;
  bool done;
  if (kd_binned_laplace(&points, &grid, &room, &done, &o, d->G, NULL, &err) || !done) exit(1);
  d->gradient = d->G;
  return o.loss;
}

static double placed_anew(struct data *d) {
  kd_room_points_moved(&room);
  return by_bins(d);
}

static double as_a_cell(struct data *d) {
  static struct kd_workspace *ws;
  struct kd_problem p = {.kernel = kd_kernel_find("laplace"),
                         .h = 1,
                         .lower = -1,
                         .upper = 1,
                         .n = d->n,
                         .x = d->x,
                         .z = d->z,
                         .shift_unit = kd_shift_unit_find("absolute"),
                         .shift_mode = kd_shift_mode_find("inward"),
                         .rule = kd_rule_find("midpoint"),
                         .bins = d->n,
                         .descent = kd_descent_find("none"),
                         .every = 1,
                         .record = KD_RECORD_LOSS | KD_RECORD_GRADIENT};
  struct kd_result r;
  struct kd_err err;
  if (!ws) ws = kd_workspace_create();
  if (!ws || kd_evaluate(&p, ws, &r, &err)) exit(1);
  d->gradient = r.gradient;
  return r.loss;
}

/* --- peers --- */

static double over_pairs(struct data *d) {
  static double k[PEERS];
  double loss = log(2), M = (double)d->n;
  d->gradient = d->G;
  for (size_t j = 0; j < d->n; j++) d->G[j] = d->S[j];
  for (size_t m = 0; m < d->n; m++) {
    double v = (double)(2 * m + 1) / M - 1, f = 0;
    for (size_t j = 0; j < d->n; j++) {
      k[j] = d->S[j] * exp(-fabs(v - d->x[j]));
      f += k[j];
    }
    loss -= log(f) / M;
    double u = 1 / (M * f);
    for (size_t j = 0; j < d->n; j++) d->G[j] -= u * k[j];
  }
  return loss;
}

struct place {
  double x;
  size_t index; /* of a point; of a bin plus n */
};

static int by_place(const void *left, const void *right) {
  const struct place *a = left, *b = right;
  return (a->x > b->x) - (a->x < b->x);
}

/* Points and bins in one sorted row; sums from both sides decay from place to place. */
static double over_sorted(struct data *d) {
  static struct place row[2 * PEERS];
  static double f[PEERS], decay[2 * PEERS];
  size_t n = d->n, all = 2 * n;
  double M = (double)n, loss = log(2), sum = 0;
  for (size_t j = 0; j < n; j++) row[j] = (struct place){d->x[j], j};
  for (size_t m = 0; m < n; m++)
    row[n + m] = (struct place){(double)(2 * m + 1) / M - 1, n + m};
  qsort(row, all, sizeof *row, by_place);
  for (size_t i = 1; i < all; i++) decay[i] = exp(row[i - 1].x - row[i].x);
  for (size_t i = 0; i < all; i++) {
    sum *= decay[i];
    if (row[i].index < n)
      sum += d->S[row[i].index];
    else
      f[row[i].index - n] = sum;
  }
  sum = 0;
  for (size_t i = all; i-- > 0;) {
    if (row[i].index < n)
      sum += d->S[row[i].index];
    else
      f[row[i].index - n] += sum;
    sum *= decay[i];
  }
  for (size_t m = 0; m < n; m++) loss -= log(f[m]) / M;
  d->gradient = d->G;
  for (size_t j = 0; j < n; j++) d->G[j] = d->S[j];
  sum = 0;
  for (size_t i = 0; i < all; i++) {
    size_t j = row[i].index;
    sum *= decay[i];
    if (j < n)
      d->G[j] -= d->S[j] * sum;
    else
      sum += 1 / (M * f[j - n]);
  }
  sum = 0;
  for (size_t i = all; i-- > 0;) {
    size_t j = row[i].index;
    if (j < n)
      d->G[j] -= d->S[j] * sum;
    else
      sum += 1 / (M * f[j - n]);
    sum *= decay[i];
  }
  return loss;
}

/* --- the truth --- */

static long double in_long_double(const struct data *d, long double *G) {
  static long double S[PEERS], k[PEERS];
  long double sum = 0, loss = logl(2), M = (long double)d->n;
  for (size_t j = 0; j < d->n; j++) sum += S[j] = expl(d->z[j]);
  for (size_t j = 0; j < d->n; j++) G[j] = S[j] /= sum;
  for (size_t m = 0; m < d->n; m++) {
    long double v = (long double)(2 * m + 1) / M - 1, f = 0;
    for (size_t j = 0; j < d->n; j++) f += k[j] = S[j] * expl(-fabsl(v - d->x[j]));
    loss -= logl(f) / M;
    for (size_t j = 0; j < d->n; j++) G[j] -= k[j] / (M * f);
  }
  return loss;
}

static const struct {
  const char *name;
  double (*run)(struct data *);
} way[] = {{"placed anew", placed_anew},
           {"points stay", by_bins},
           {"as a cell", as_a_cell},
           {"sorted recursions", over_sorted},
           {"double loop", over_pairs}};
enum { OWN = 3, WAYS = 5 };

static void sizes(void) {
  printf("%-10s %14s %14s %14s   ns a (point + bin)\n", "N = M", way[0].name, way[1].name,
         way[2].name);
  for (size_t n = 1000; n <= 10000000; n *= 10) {
    static double took[OWN][RUNS_MAX];
    size_t runs = n > 1000000 ? 5 : n > 100000 ? 11 : RUNS_MAX;
    struct data d = data_of(n);
    for (int w = 0; w < OWN; w++) way[w].run(&d);
    for (size_t run = 0; run < runs; run++)
      for (int w = 0; w < OWN; w++) {
        double begin = seconds();
        way[w].run(&d);
        took[w][run] = (seconds() - begin) * 1e9 / (double)n;
      }
    printf("%-10zu", n);
    for (int w = 0; w < OWN; w++) printf(" %14.2f", median(took[w], runs));
    printf("\n");
    drop(&d);
  }
}

static void peers(void) {
  static double took[WAYS][RUNS_MAX], ms[WAYS];
  static long double G[PEERS];
  enum { RUNS = 7 };
  struct data d = data_of(PEERS);
  long double truth = in_long_double(&d, G);
  double largest = 0;
  for (size_t j = 0; j < d.n; j++) largest = fmax(largest, d.S[j]);
  for (size_t run = 0; run < RUNS; run++)
    for (int w = 0; w < WAYS; w++) {
      double begin = seconds();
      way[w].run(&d);
      took[w][run] = (seconds() - begin) * 1e3;
    }
  for (int w = 0; w < WAYS; w++) ms[w] = median(took[w], RUNS);
  printf("%-18s %10s %12s %14s %16s   N = M = %d\n", "", "ms", "times", "error of L",
         "of G over max S", PEERS);
  for (int w = 0; w < WAYS; w++) {
    double loss = way[w].run(&d), error = 0;
    for (size_t j = 0; j < d.n; j++) error = fmax(error, fabs((double)(d.gradient[j] - G[j])));
    printf("%-18s %10.3f %12.1f %14.1e %16.1e\n", way[w].name, ms[w], ms[w] / ms[0],
           fabs((double)(loss - truth)), error / largest);
  }
  drop(&d);
}

int main(void) {
  sizes();
  peers();
  kd_room_clear(&room);
  return 0;
}
