/* SPDX-License-Identifier: MIT
 *
 * The threads; see run.h. The calling thread only reports progress.
 */
#include "run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SHARD_CELLS = 64, THREADS_MAX = 1024 };

struct crew {
  const struct kd_plan *plan;
  struct kd_table *table;
  size_t shard; /* cells a shard */
  atomic_size_t next, done;
  pthread_mutex_t lock; /* guards all below */
  pthread_cond_t idle;
  size_t working;
  struct kd_run_summary *summary;
  int code;
  struct kd_err err;
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void note_failure(struct crew *crew, size_t index, const char *reason) {
  struct kd_run_summary *s = crew->summary;
  pthread_mutex_lock(&crew->lock);
  if (s->reason[0] == '\0' || index < s->first_failed) {
    s->first_failed = index;
    snprintf(s->reason, sizeof s->reason, "%s", reason);
  }
  pthread_mutex_unlock(&crew->lock);
}

static enum kd_status compute(struct crew *crew, size_t index, struct kd_cell *cell,
                              struct kd_workspace *ws) {
  struct kd_err err;
  kd_plan_cell(crew->plan, index, cell);
  struct kd_cell_record record = {.key_high = cell->key_high, .key_low = cell->key_low};
  if (kd_evaluate(&cell->problem, ws, &record.result, &err)) {
    /* This cell wants more than there is; others may not. */
    record.result = kd_result_failed(&cell->problem, err.text);
  }
  if (record.result.status == KD_STATUS_FAILED) note_failure(crew, index, record.result.reason);
  kd_table_put(crew->table, index, &record, cell->value);
  return record.result.status;
}

static void work_shards(struct crew *crew, struct kd_cell *cell, struct kd_workspace *ws) {
  size_t n = crew->plan->n_cells, status[KD_N_STATUS] = {0};
  for (;;) {
    size_t begin = atomic_fetch_add(&crew->next, crew->shard);
    if (begin >= n) break;
    size_t end = n - begin > crew->shard ? begin + crew->shard : n;
    for (size_t index = begin; index < end; index++) {
      status[compute(crew, index, cell, ws)]++;
      atomic_fetch_add(&crew->done, 1);
    }
  }
  pthread_mutex_lock(&crew->lock);
  for (size_t s = 0; s < KD_N_STATUS; s++) crew->summary->status[s] += status[s];
  pthread_mutex_unlock(&crew->lock);
}

static void *worker(void *argument) {
  struct crew *crew = argument;
  struct kd_cell *cell = kd_cell_create(crew->plan);
  struct kd_workspace *ws = kd_workspace_create();
  bool good = cell && ws;
  if (good) work_shards(crew, cell, ws);
  kd_cell_free(cell);
  kd_workspace_free(ws);

  pthread_mutex_lock(&crew->lock);
  if (!good) crew->code = kd_no_memory(&crew->err);
  crew->working--;
  pthread_cond_signal(&crew->idle);
  pthread_mutex_unlock(&crew->lock);
  return NULL;
}

static void report(struct crew *crew, const struct kd_run_options *options, double begin) {
  if (options->progress)
    options->progress(options->context, atomic_load(&crew->done), crew->plan->n_cells,
                      now() - begin);
}

/* Waits for the workers, reporting ten times a second. */
static void wait_for(struct crew *crew, const struct kd_run_options *options, double begin) {
  pthread_mutex_lock(&crew->lock);
  while (crew->working > 0) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 100000000;
    if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec++;
    pthread_cond_timedwait(&crew->idle, &crew->lock, &until);
    pthread_mutex_unlock(&crew->lock);
    report(crew, options, begin);
    pthread_mutex_lock(&crew->lock);
  }
  pthread_mutex_unlock(&crew->lock);
}

static void crew_init(struct crew *crew) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&crew->idle, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_mutex_init(&crew->lock, NULL);
}

static void crew_clear(struct crew *crew) {
  pthread_cond_destroy(&crew->idle);
  pthread_mutex_destroy(&crew->lock);
}

/* Threads that do not start are done without, as long as one does. */
static size_t start(struct crew *crew, pthread_t *thread, size_t wanted) {
  size_t started = 0;
  crew->working = wanted;
  while (started < wanted && !pthread_create(&thread[started], NULL, worker, crew)) started++;
  pthread_mutex_lock(&crew->lock);
  crew->working -= wanted - started;
  pthread_mutex_unlock(&crew->lock);
  return started;
}

static size_t thread_count(const struct kd_run_options *options, size_t n_cells) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t n = options->n_threads ? options->n_threads : processors > 0 ? (size_t)processors : 1;
  if (n > n_cells) n = n_cells;
  return n > THREADS_MAX ? THREADS_MAX : n;
}

static size_t shard_size(size_t n_cells, size_t n_threads) {
  size_t fair = n_cells / (8 * n_threads);
  return fair < 1 ? 1 : fair > SHARD_CELLS ? SHARD_CELLS : fair;
}

int kd_run(const struct kd_plan *plan, const struct kd_run_options *options,
           struct kd_table **table, struct kd_run_summary *summary, struct kd_err *err) {
  double begin = now();
  size_t n_threads = thread_count(options, plan->n_cells);
  struct crew crew = {
      .plan = plan, .summary = summary, .shard = shard_size(plan->n_cells, n_threads)};
  struct kd_table_head head = {0};
  pthread_t *thread = NULL;
  *summary = (struct kd_run_summary){.n_cells = plan->n_cells};
  *table = NULL;
  crew_init(&crew);

  int code = kd_run_head(plan, &head, err);
  if (!code) code = kd_table_create(&head, &crew.table, err);
  if (!code && !(thread = calloc(n_threads, sizeof *thread))) code = kd_no_memory(err);
  if (code) goto done;

  summary->n_threads = start(&crew, thread, n_threads);
  wait_for(&crew, options, begin);
  for (size_t t = 0; t < summary->n_threads; t++) pthread_join(thread[t], NULL);
  summary->seconds = now() - begin;
  report(&crew, options, begin);
  if (summary->n_threads == 0)
    code = kd_fail(err, KD_SYSTEM, "no thread could be started");
  else if (atomic_load(&crew.done) < plan->n_cells)
    *err = crew.err, code = crew.code;

done:
  free(thread);
  free((void *)head.coordinate);
  crew_clear(&crew);
  if (code)
    kd_table_free(crew.table);
  else
    *table = crew.table;
  return code;
}
