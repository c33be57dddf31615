/* SPDX-License-Identifier: MIT
 *
 * What a contender of the bench (bench.py) is: a program that prints `ready`, reads tasks from
 * stdin, one a line, and answers each by a line.
 *
 *   task     KIND KERNEL N M PROBLEMS STEPS
 *   answer   MS LOSS G/maxS G/maxS ...      or `cannot`
 *
 * x_j = -3 + 6 frac(0.618... j) and z_j = sin j, j going on from problem to problem; problems
 * of kind `logits` all have the points of the first. T = [-1, 1], h = 1. MS is what one problem
 * took (of kind `threads` all of them): CPU time on one thread, the clock's on more; what is
 * done sooner than in 20 ms is done again until then, MS is the median. LOSS is
 * the mean of all problems', after STEPS of gradient descent at rate 1 if there are any;
 * without steps there follow up to SHOWN gradients spread over all points, each over its
 * problem's largest weight.
 *
 *   cells    M midpoint bins, each problem with points of its own
 *   logits   M midpoint bins, all problems with the same points
 *   exact    the integral in closed form; with steps, MS is of one step
 *   threads  as many steps of arithmetic as pairs of a point and a bin
 *
 * contender.c has main, a contender `perform`. Both are compiled with the same NUMBER,
 * contender.c by plain arithmetic, so that all contenders have the same data.
 */
#ifndef KD_BENCH_CONTENDER_H
#define KD_BENCH_CONTENDER_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef NUMBER /* in which a contender computes */
#define NUMBER double
#endif

struct task {
  char kind[16], kernel[16];
  size_t n, m, problems, steps;
};

struct scene {
  size_t n, problems;
  bool same_points;
  double *x, *z;        /* n a problem, but one row of x for same_points */
  long double *largest; /* weight, one a problem */
  NUMBER *G;            /* room for n a problem */
  const NUMBER *answer; /* n a problem: G, or where else a contender has them */
  long double loss;     /* the mean */
};

extern int threads;
extern bool by_the_clock;

/* ms that all problems took; less than 0: this contender cannot do it. */
double perform(const struct task *task, struct scene *scene);

static inline bool is(const char *a, const char *b) {
  return strcmp(a, b) == 0;
}

static inline double now(void) {
  struct timespec t;
  clock_gettime(by_the_clock ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static inline void *room(size_t n, size_t size) {
  void *a = calloc(n ? n : 1, size);
  if (!a) exit(3);
  return a;
}

static inline const double *points_of(const struct scene *s, size_t k) {
  return s->x + (s->same_points ? 0 : k * s->n);
}

#endif
