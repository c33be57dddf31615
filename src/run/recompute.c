/* SPDX-License-Identifier: MIT
 *
 * See recompute.h. Threads take cell after cell; a row is one thread's alone. What crew.c
 * does for long sweeps, shards, parts and orderly stops, is not wanted here.
 */
#include "recompute.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

enum { THREADS_MAX = 1024 };

struct work {
  const struct kd_recompute *wanted;
  struct kd_table *table;
  atomic_size_t next, done;
  atomic_size_t working;
};

static void compute(struct work *work, size_t row, struct kd_cell *cell,
                    struct kd_workspace *ws) {
  struct kd_err err;
  kd_plan_cell(work->wanted->plan, work->wanted->cell[row], cell);
  struct kd_cell_record record = {.key_high = cell->key_high, .key_low = cell->key_low};
  if (kd_evaluate(&cell->problem, ws, &record.result, &err))
    record.result = kd_result_failed(&cell->problem, err.text);
  kd_table_put(work->table, row, &record, cell->value);
  atomic_fetch_add(&work->done, 1);
}

static void *worker(void *argument) {
  struct work *work = argument;
  struct kd_cell *cell = kd_cell_create(work->wanted->plan);
  struct kd_workspace *ws = kd_workspace_create();
  for (size_t row; cell && ws && (row = atomic_fetch_add(&work->next, 1)) < work->wanted->n;)
    compute(work, row, cell, ws);
  kd_cell_free(cell);
  kd_workspace_free(ws);
  atomic_fetch_sub(&work->working, 1);
  return NULL;
}

/* Reports until all have ended: more and more rarely, so that few cells end at once. */
static void watch(struct work *work) {
  struct timespec begin, now, pause = {0, 1000000};
  clock_gettime(CLOCK_MONOTONIC, &begin);
  while (atomic_load(&work->working) > 0) {
    nanosleep(&pause, NULL);
    if (pause.tv_nsec < 100000000) pause.tv_nsec += pause.tv_nsec / 4;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (work->wanted->progress)
      work->wanted->progress(work->wanted->context, atomic_load(&work->done), work->wanted->n,
                             (double)(now.tv_sec - begin.tv_sec) +
                                 1e-9 * (double)(now.tv_nsec - begin.tv_nsec));
  }
}

static size_t thread_count(const struct kd_recompute *wanted) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t n = wanted->n_threads;
  if (n == 0) n = processors > 0 ? (size_t)processors : 1;
  if (n > wanted->n) n = wanted->n;
  return n > THREADS_MAX ? THREADS_MAX : n;
}

static int work_all(struct work *work, struct kd_err *err) {
  pthread_t thread[THREADS_MAX];
  size_t n = thread_count(work->wanted), started = 0;
  for (; started < n; started++) {
    atomic_fetch_add(&work->working, 1);
    if (pthread_create(&thread[started], NULL, worker, work) == 0) continue;
    atomic_fetch_sub(&work->working, 1);
    break;
  }
  watch(work);
  for (size_t t = 0; t < started; t++) pthread_join(thread[t], NULL);
  if (started == 0) return kd_fail(err, KD_SYSTEM, "no thread could be started");
  return atomic_load(&work->done) == work->wanted->n ? KD_OK : kd_no_memory(err);
}

int kd_recompute(const struct kd_recompute *wanted, struct kd_table **table,
                 struct kd_err *err) {
  struct kd_table_head head = {0};
  *table = NULL;
  int code = kd_run_head(wanted->plan, &head, err);
  head.extent[KD_DIM_CELL] = wanted->n;
  if (!code) code = kd_table_create(&head, table, err);
  free((void *)head.coordinate);
  if (code) return code;
  struct work work = {.wanted = wanted, .table = *table};
  code = work_all(&work, err);
  if (!code) return KD_OK;
  kd_table_free(*table);
  *table = NULL;
  return code;
}
