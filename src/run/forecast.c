/* SPDX-License-Identifier: MIT
 *
 * See forecast.h. The cells of a trial are spread over the plan by the golden ratio; the
 * process that computes them writes the moment when each is done into a pipe.
 */
#include "forecast.h"

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/log.h"

/* Shorter runs are starting and ending for the most part. */
static const double TRIAL_SECONDS = 0.05, TELLING_SECONDS = 0.5;
enum { TRIED_MAX = 1024 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Number k of the cells to try: from a place on, the first that is to do */
static size_t cell_to_try(const struct kd_plan *plan, const unsigned char *done, size_t k) {
  static const double GOLDEN = 0.61803398874989484820;
  double turn = ((double)k + 0.5) * GOLDEN, share = turn - floor(turn);
  size_t i = (size_t)(share * (double)plan->n_cells);
  while (done && done[i]) i = (i + 1) % plan->n_cells;
  return i;
}

/* The child: nothing of it is freed, it ends here. */
static _Noreturn void compute(const struct kd_plan *plan, const unsigned char *done, size_t n,
                              int out) {
  struct kd_cell *cell = kd_cell_create(plan);
  struct kd_workspace *ws = kd_workspace_create();
  struct kd_result result;
  struct kd_err err;
  for (size_t k = 0; k < n && cell && ws; k++) {
    kd_plan_cell(plan, cell_to_try(plan, done, k), cell);
    kd_evaluate(&cell->problem, ws, &result, &err);
    double moment = now();
    if (write(out, &moment, sizeof moment) != sizeof moment) break;
  }
  _exit(0);
}

/* The time a cell took from `begin` on, the first one aside: it meets cold memory. */
static void listen(int in, double begin, size_t n, struct kd_forecast *forecast) {
  double moment, first = begin, last = begin, end = begin + TRIAL_SECONDS;
  struct pollfd ready = {.fd = in, .events = POLLIN};
  while (forecast->n_tried < n) {
    int left = (int)(1000 * (end - now()));
    if (left <= 0 || poll(&ready, 1, left) <= 0) break;
    if (read(in, &moment, sizeof moment) != sizeof moment) break;
    last = moment;
    if (forecast->n_tried++ == 0) first = moment;
  }
  size_t tried = forecast->n_tried;
  bool cut = tried < n; /* a cell was under way: it counts as if it ended now */
  forecast->from = tried ? KD_FORECAST_TRIAL : KD_FORECAST_LEAST;
  if (tried < 2)
    forecast->cell = (cut ? now() : last) - begin;
  else
    forecast->cell = ((cut ? now() : last) - first) / (double)(tried - 1 + cut);
}

static void try_cells(const struct kd_plan *plan, const unsigned char *done, size_t n,
                      struct kd_forecast *forecast) {
  int end[2];
  if (pipe(end)) return;
  double begin = now();
  pid_t child = fork();
  if (child == 0) {
    close(end[0]);
    compute(plan, done, n, end[1]);
  }
  close(end[1]);
  if (child > 0) {
    listen(end[0], begin, n, forecast);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
  }
  close(end[0]);
}

static bool by_last_run(const char *path, struct kd_forecast *forecast) {
  struct kd_log_times last;
  if (!path || !kd_log_read(path, &last)) return false;
  if (last.computed == 0 || last.threads == 0 || last.seconds < TELLING_SECONDS) return false;
  forecast->from = KD_FORECAST_LAST_RUN;
  forecast->cell = last.seconds * (double)last.threads / (double)last.computed;
  return true;
}

/* Threads that a run of n cells has */
static size_t thread_count(size_t n) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t threads = processors > 1 ? (size_t)processors : 1;
  return threads < n ? threads : n;
}

struct kd_forecast kd_forecast(const struct kd_plan *plan, const char *path,
                               const unsigned char *done, size_t n_todo) {
  struct kd_forecast forecast = {.from = KD_FORECAST_NONE, .n_threads = thread_count(n_todo)};
  if (n_todo == 0 || by_last_run(path, &forecast)) return forecast;
  try_cells(plan, done, n_todo < TRIED_MAX ? n_todo : TRIED_MAX, &forecast);
  return forecast;
}
