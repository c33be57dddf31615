/* SPDX-License-Identifier: MIT
 *
 * See crew.h. When parts are written: from the first second on, then every quarter
 * second, in long sweeps whenever they are 1 % older, at last once a minute. So a crash
 * costs 1 % at most, and a week leaves some ten thousand files, not millions. Earlier
 * where memory asks for it.
 */
#include "crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/claim.h"
#include "stop.h"
#include "store/file.h"

enum { SHARD_CELLS_MAX = 4096, BATCH_BYTES = 1 << 20 };
static const double SHARD_SECONDS = 0.25, FIRST_STORE = 1, STORE_SHARE = 0.01,
                    STORE_SECONDS_MAX = 60, PATIENCE = 0.7;

/* Places begin .. end-1 of the list of what is to do */
struct shard {
  size_t begin, end;
};

struct crew {
  struct kd_work work;
  atomic_size_t next, done;
  atomic_bool stop;
  pthread_mutex_t lock; /* guards all below */
  pthread_cond_t news;  /* for the calling thread */
  pthread_cond_t room;  /* for the workers */
  size_t working;
  size_t n_batches, n_room; /* handed in */
  struct kd_batch *batch;
  size_t waiting, held; /* cells handed in; and those that are being stored, too */
  size_t n_failed, first_failed;
  char reason[256];
  int code;
  struct kd_err err;
  /* the calling thread's */
  pthread_t *thread;
  double begin, last_store;
  size_t n_stored, most; /* `most` cells may be held */
  bool storing;
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* --- workers --- */

static bool stopping(struct crew *crew) {
  return kd_stop_signal() || atomic_load(&crew->stop);
}

static void note_failure(struct crew *crew, size_t index, const char *reason) {
  pthread_mutex_lock(&crew->lock);
  if (crew->n_failed++ == 0 || index < crew->first_failed) {
    crew->first_failed = index;
    snprintf(crew->reason, sizeof crew->reason, "%s", reason);
  }
  pthread_mutex_unlock(&crew->lock);
  if (crew->work.fail_fast) atomic_store(&crew->stop, true);
}

static int evaluate(const struct kd_problem *problem, struct kd_workspace *ws,
                    struct kd_cell_record *record, struct kd_err *err) {
  kd_findings_clear(record->finding);
  int code = kd_evaluate(problem, ws, &record->result, err);
  if (!code && problem->claims && record->result.status != KD_STATUS_FAILED)
    code = kd_claims_judge(problem, ws, record->finding, err);
  return code;
}

/* Into row `to` of the table */
static void compute(struct crew *crew, size_t place, struct kd_table *table, size_t to,
                    struct kd_cell *cell, struct kd_workspace *ws) {
  struct kd_err err;
  size_t row = crew->work.todo ? crew->work.todo[place] : place;
  size_t index = crew->work.first + row;
  kd_plan_cell(crew->work.plan, index, cell);
  struct kd_cell_record record = {.key_high = cell->key_high, .key_low = cell->key_low};
  if (evaluate(&cell->problem, ws, &record, &err)) {
    /* This cell wants more than there is; others may not. */
    record.result = kd_result_failed(&cell->problem, err.text);
  }
  if (record.result.status == KD_STATUS_FAILED) note_failure(crew, index, record.result.reason);
  kd_table_put(table, to, &record, cell->value);
  atomic_fetch_add(&crew->done, 1);
}

/* The caller holds the lock. */
static void fail(struct crew *crew, int code, const struct kd_err *err) {
  if (!crew->code) crew->code = code, crew->err = *err;
  atomic_store(&crew->stop, true);
  pthread_cond_broadcast(&crew->room);
}

static size_t n_rows(const struct kd_table *table) {
  return kd_table_head(table)->extent[KD_DIM_CELL];
}

/* Room for one more batch. The caller holds the lock. */
static bool make_room(struct crew *crew) {
  if (crew->n_batches < crew->n_room) return true;
  size_t room = 2 * crew->n_room + 16;
  struct kd_batch *more = realloc(crew->batch, room * sizeof *more);
  if (!more) return false;
  crew->batch = more;
  crew->n_room = room;
  return true;
}

/* Takes over the table. */
static void hand_in(struct crew *crew, size_t begin, struct kd_table *table) {
  pthread_mutex_lock(&crew->lock);
  while (crew->held >= crew->most && !stopping(crew))
    pthread_cond_wait(&crew->room, &crew->lock);
  if (make_room(crew)) {
    crew->batch[crew->n_batches++] = (struct kd_batch){begin, table};
    crew->waiting += n_rows(table);
    crew->held += n_rows(table);
  } else {
    struct kd_err err;
    fail(crew, kd_no_memory(&err), &err);
    kd_table_free(table);
  }
  if (crew->work.shard || 2 * crew->held >= crew->most) pthread_cond_signal(&crew->news);
  pthread_mutex_unlock(&crew->lock);
}

/* Fewer towards the end, so that all threads end together. */
static bool take_shard(struct crew *crew, size_t size, struct shard *shard) {
  size_t n = crew->work.n, next = atomic_load(&crew->next);
  size_t left = next < n ? n - next : 0, fair = left / (4 * crew->work.n_threads) + 1;
  if (crew->work.shard)
    size = crew->work.shard;
  else if (size > fair)
    size = fair;
  shard->begin = atomic_fetch_add(&crew->next, size);
  if (shard->begin >= n) return false;
  shard->end = n - shard->begin > size ? shard->begin + size : n;
  return true;
}

/* A table for at most n cells, fewer where that would be much; NULL when memory is short.
 * The result's texts are left out. */
static struct kd_table *new_table(const struct crew *crew, size_t n) {
  struct kd_err err;
  struct kd_table *table;
  struct kd_table_head head = *crew->work.head;
  size_t most = (size_t)(BATCH_BYTES / kd_file_row(&head)) + 1;
  head.extent[KD_DIM_CELL] = n < most ? n : most;
  head.about = head.config = head.overrides = head.files = NULL;
  return kd_table_create(&head, &table, &err) ? NULL : table;
}

/* Computes cells from `place` on: until the table is full, or for a quarter second. How
 * many: returned. */
static size_t fill(struct crew *crew, size_t place, struct kd_table *table,
                   struct kd_cell *cell, struct kd_workspace *ws) {
  double begin = now();
  size_t n = 0, room = n_rows(table);
  do compute(crew, place + n, table, n, cell, ws), n++;
  while (n < room && !stopping(crew) && now() - begin < SHARD_SECONDS);
  return n;
}

static bool work_shard(struct crew *crew, struct shard shard, struct kd_cell *cell,
                       struct kd_workspace *ws) {
  while (shard.begin < shard.end && !stopping(crew)) {
    struct kd_table *table = new_table(crew, shard.end - shard.begin);
    if (!table) return false;
    size_t n = fill(crew, shard.begin, table, cell, ws);
    kd_table_cut(table, n);
    hand_in(crew, shard.begin, table);
    shard.begin += n;
  }
  return true;
}

/* At most twice the last: the next cells may be slower ones. */
static size_t next_size(size_t size, double seconds) {
  double most = (double)size * SHARD_SECONDS / (seconds > 1e-9 ? seconds : 1e-9);
  if (most < 1) return 1;
  size *= 2;
  if (most < (double)size) size = (size_t)most;
  return size < SHARD_CELLS_MAX ? size : SHARD_CELLS_MAX;
}

/* false when memory is short */
static bool work_shards(struct crew *crew, struct kd_cell *cell, struct kd_workspace *ws) {
  struct shard shard;
  size_t size = 1;
  while (!stopping(crew) && take_shard(crew, size, &shard)) {
    double begin = now();
    if (!work_shard(crew, shard, cell, ws)) return false;
    size = next_size(shard.end - shard.begin, now() - begin);
  }
  return true;
}

static void *worker(void *argument) {
  struct crew *crew = argument;
  struct kd_err err;
  struct kd_cell *cell = kd_cell_create(crew->work.plan);
  struct kd_workspace *ws = kd_workspace_create();
  bool good = cell && ws && work_shards(crew, cell, ws);
  kd_cell_free(cell);
  kd_workspace_free(ws);

  pthread_mutex_lock(&crew->lock);
  if (!good) fail(crew, kd_no_memory(&err), &err);
  crew->working--;
  pthread_cond_signal(&crew->news);
  pthread_mutex_unlock(&crew->lock);
  return NULL;
}

/* --- the calling thread; it holds the lock but where it says so --- */

static bool store_is_due(const struct crew *crew) {
  if (crew->n_batches == 0) return false;
  if (crew->work.shard || 2 * crew->waiting >= crew->most) return true;
  double age = now() - crew->begin, pause = STORE_SHARE * age;
  if (pause < SHARD_SECONDS) pause = SHARD_SECONDS;
  if (pause > STORE_SECONDS_MAX) pause = STORE_SECONDS_MAX;
  return age >= FIRST_STORE && now() - crew->last_store >= pause;
}

static int by_begin(const void *a, const void *b) {
  const struct kd_batch *p = a, *q = b;
  return p->begin < q->begin ? -1 : p->begin > q->begin;
}

/* Gives on what was handed in; lets the lock go meanwhile. */
static void store(struct crew *crew, bool durable) {
  struct kd_batch *batch = crew->batch;
  size_t n = crew->n_batches, n_cells = crew->waiting;
  struct kd_err err;
  crew->batch = NULL;
  crew->n_batches = crew->n_room = crew->waiting = 0;
  pthread_mutex_unlock(&crew->lock);
  if (n) qsort(batch, n, sizeof *batch, by_begin);
  int code = n ? crew->work.store(crew->work.store_context, batch, n, durable, &err) : KD_OK;
  free(batch);
  pthread_mutex_lock(&crew->lock);
  if (code) fail(crew, code, &err);
  if (!code && durable) crew->n_stored += n_cells;
  crew->held -= n_cells;
  crew->storing = crew->storing || durable;
  crew->last_store = now();
  pthread_cond_broadcast(&crew->room);
}

static void report(struct crew *crew) {
  if (crew->work.progress)
    crew->work.progress(crew->work.progress_context, atomic_load(&crew->done), crew->work.n,
                        now() - crew->begin);
}

static void wait_a_tenth(struct crew *crew) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += 100000000;
  if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, until.tv_sec++;
  pthread_cond_timedwait(&crew->news, &crew->lock, &until);
}

/* Waits for the workers; false if one of them does not stop in time. */
static bool watch(struct crew *crew) {
  double asked = 0;
  while (crew->working > 0) {
    if (!store_is_due(crew)) wait_a_tenth(crew);
    if (store_is_due(crew)) store(crew, true);
    if (stopping(crew)) pthread_cond_broadcast(&crew->room); /* wait no longer */
    pthread_mutex_unlock(&crew->lock);
    report(crew);
    pthread_mutex_lock(&crew->lock);
    if (!stopping(crew)) continue;
    if (asked == 0) asked = now();
    if (now() - asked > PATIENCE) return crew->working == 0;
  }
  return true;
}

/* Threads that do not start are done without, as long as one does. Signals are for the
 * calling thread. */
static size_t start(struct crew *crew) {
  size_t started = 0, wanted = crew->work.n_threads;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (started < wanted && !pthread_create(&crew->thread[started], NULL, worker, crew))
    started++;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return started;
}

static struct crew *crew_create(const struct kd_work *work) {
  pthread_condattr_t attributes;
  struct crew *crew = calloc(1, sizeof *crew);
  if (!crew || !(crew->thread = calloc(work->n_threads, sizeof *crew->thread))) {
    free(crew);
    return NULL;
  }
  crew->work = *work;
  crew->most = (size_t)(KD_CREW_BYTES / kd_file_row(work->head)) + 1;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&crew->news, &attributes);
  pthread_condattr_destroy(&attributes);
  pthread_cond_init(&crew->room, NULL);
  pthread_mutex_init(&crew->lock, NULL);
  crew->begin = now();
  return crew;
}

static void crew_free(struct crew *crew) {
  for (size_t i = 0; i < crew->n_batches; i++) kd_table_free(crew->batch[i].table);
  pthread_cond_destroy(&crew->news);
  pthread_cond_destroy(&crew->room);
  pthread_mutex_destroy(&crew->lock);
  free(crew->batch);
  free(crew->thread);
  free(crew);
}

static void sum_up(struct crew *crew, bool all_ended, struct kd_work_done *done) {
  done->n_done = atomic_load(&crew->done);
  done->n_stored = crew->n_stored;
  done->seconds = now() - crew->begin;
  done->n_failed = crew->n_failed;
  done->first_failed = crew->first_failed;
  snprintf(done->reason, sizeof done->reason, "%s", crew->reason);
  done->signal = kd_stop_signal();
  done->stopped = stopping(crew);
  done->abandoned = !all_ended;
}

int kd_crew_work(const struct kd_work *work, struct kd_work_done *done, struct kd_err *err) {
  *done = (struct kd_work_done){0};
  struct crew *crew = crew_create(work);
  if (!crew) return kd_no_memory(err);
  pthread_mutex_lock(&crew->lock);
  kd_stop_catch();
  done->n_threads = crew->working = start(crew);
  if (done->n_threads == 0) {
    struct kd_err none;
    fail(crew, kd_fail(&none, KD_SYSTEM, "no thread could be started"), &none);
  }
  bool all_ended = watch(crew);
  bool must_store = work->store_all || crew->storing || stopping(crew);
  if (crew->code == KD_OK) store(crew, must_store);
  sum_up(crew, all_ended, done);
  kd_stop_release();
  int code = crew->code;
  *err = crew->err;
  pthread_mutex_unlock(&crew->lock);
  if (!all_ended) return code; /* the threads use the crew: it is left to them */
  for (size_t t = 0; t < done->n_threads; t++) pthread_join(crew->thread[t], NULL);
  report(crew);
  crew_free(crew);
  return code;
}
