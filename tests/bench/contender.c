/* SPDX-License-Identifier: MIT
 *
 * The data of a contender and its talk (contender.h).
 */
#include "contender.h"

int threads = 1;
bool by_the_clock;

static long double largest_weight(size_t n, const double *z) {
  double top = -HUGE_VAL;
  long double sum = 0;
  for (size_t j = 0; j < n; j++) top = z[j] > top ? z[j] : top;
  for (size_t j = 0; j < n; j++) sum += expl((long double)z[j] - top);
  return 1 / sum;
}

static void set_scene(struct scene *s, const struct task *task) {
  size_t all = task->n * task->problems;
  bool same_points = is(task->kind, "logits");
  s->answer = s->G;
  if (s->n == task->n && s->problems == task->problems && s->same_points == same_points) return;
  free(s->x), free(s->z), free(s->G), free(s->largest);
  *s = (struct scene){task->n,
                      task->problems,
                      same_points,
                      room(all, sizeof *s->x),
                      room(all, sizeof *s->z),
                      room(task->problems, sizeof *s->largest),
                      room(all, sizeof *s->G),
                      NULL,
                      0};
  s->answer = s->G;
  for (size_t j = 0; j < all; j++) {
    double turn = 0.6180339887498949 * (double)j;
    s->x[j] = -3 + 6 * (turn - floor(turn)), s->z[j] = sin((double)j);
  }
  for (size_t k = 0; k < task->problems; k++)
    s->largest[k] = largest_weight(task->n, s->z + k * task->n);
}

static void tell(const struct task *task, const struct scene *s, double ms) {
  enum { SHOWN = 1000 };
  size_t all = task->n * task->problems, shown = all < SHOWN ? all : SHOWN;
  if (task->steps || is(task->kind, "threads")) shown = 0;
  if (!is(task->kind, "threads")) ms /= (double)task->problems;
  printf("%.9g %.21Lg", ms, s->loss);
  for (size_t i = 0; i < shown; i++) {
    size_t at = i * all / shown;
    printf(" %.21Lg", (long double)s->answer[at] / s->largest[at / task->n]);
  }
  puts("");
}

static int rising(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Short ones again and again: the first time finds the caches as others left them. */
static double perform_often(const struct task *task, struct scene *scene) {
  enum { MOST = 99 };
  static const double ENOUGH = 20;
  double ms[MOST], sum = 0;
  size_t n = 0;
  do {
    ms[n] = perform(task, scene);
    if (ms[n] < 0) return -1;
    sum += ms[n++];
  } while (n < MOST && sum < ENOUGH);
  qsort(ms, n, sizeof *ms, rising);
  return ms[n / 2];
}

int main(int argc, char **argv) {
  struct scene scene = {0};
  struct task task;
  if (argc > 1) threads = atoi(argv[1]);
  by_the_clock = threads > 1;
  setvbuf(stdout, NULL, _IOFBF, 1 << 16);
  puts("ready"), fflush(stdout);
  while (scanf("%15s %15s %zu %zu %zu %zu", task.kind, task.kernel, &task.n, &task.m,
               &task.problems, &task.steps) == 6) {
    if (!is(task.kind, "threads")) set_scene(&scene, &task);
    double ms = perform_often(&task, &scene);
    if (ms >= 0)
      tell(&task, &scene, ms);
    else
      puts("cannot");
    fflush(stdout);
  }
  return 0;
}
