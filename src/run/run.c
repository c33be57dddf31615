/* SPDX-License-Identifier: MIT
 *
 * See run.h: lock, find what is stored, compute what is missing, merge, log.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "crew.h"
#include "store/durable.h"
#include "store/file.h"
#include "store/lock.h"
#include "store/log.h"
#include "store/merge.h"

#ifdef __clang__
#define COMPILER __VERSION__ /* names itself */
#else
#define COMPILER "gcc " __VERSION__
#endif

#ifndef KD_FLAGS
#define KD_FLAGS "unknown"
#endif

enum { THREADS_MAX = 1024 };

struct run {
  const struct kd_plan *plan;
  const struct kd_run_options *options;
  struct kd_run_summary *summary;
  char *path; /* links followed */
  bool only_merge;
  size_t first, n; /* cells first .. first+n-1 of the plan are the result's rows */
  size_t shard;    /* cells a shard, 0 = by time */
  struct kd_lock *lock;
  struct kd_table_head head;
  struct kd_cell *cell; /* the calling thread's */
  struct kd_merge merge;
  size_t n_todo, *todo; /* todo NULL: all rows */
  time_t begin;
  struct timespec clock;
};

static void choose_block(struct run *run) {
  size_t n = run->plan->n_cells, of = run->options->n_shards, k = run->options->shard;
  size_t from = of ? n / of * (k - 1) + n % of * (k - 1) / of : 0;
  size_t to = of ? n / of * k + n % of * k / of : n;
  run->first = from;
  run->n = to - from;
}

static size_t thread_count(const struct run *run, size_t n_cells) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t n = run->options->n_threads;
  if (n == 0) n = processors > 0 ? (size_t)processors : 1;
  if (n > n_cells) n = n_cells;
  return n > THREADS_MAX ? THREADS_MAX : n;
}

/* Better said now than by the system's killer. */
static int check_memory(const struct run *run, struct kd_err *err) {
  double needed = kd_run_memory(run->plan, &run->head, thread_count(run, run->n));
  double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
  if (needed < memory) return KD_OK;
  return kd_fail(err, KD_SYSTEM,
                 "%s: %zu cells of %.3g MB need %.3g GB of memory, %.3g GB is there; split the "
                 "sweep",
                 run->plan->experiment, run->n, kd_file_row(&run->head) / 1e6, needed / 1e9,
                 memory / 1e9);
}

static void coordinates(void *context, size_t row, double *value) {
  struct run *run = context;
  kd_plan_place(run->plan, run->first + row, run->cell);
  memcpy(value, run->cell->value, run->plan->n_swept * sizeof *value);
}

static int open_merge(struct run *run, struct kd_err *err) {
  int code = kd_run_head(run->plan, &run->head, err);
  run->head.extent[KD_DIM_CELL] = run->n;
  if (!code) code = check_memory(run, err);
  if (!code && !(run->cell = kd_cell_create(run->plan))) code = kd_no_memory(err);
  run->merge = (struct kd_merge){.path = run->path,
                                 .head = &run->head,
                                 .n = run->n,
                                 .n_threads = thread_count(run, THREADS_MAX),
                                 .coordinates = coordinates,
                                 .coordinates_context = run,
                                 .say = run->options->say,
                                 .say_context = run->options->context};
  if (code) return code;
  return kd_merge_open(&run->merge, run->options->shard, run->options->n_shards, err);
}

/* The keys of all rows, then what is stored under those keys */
static int find_stored(struct run *run, struct kd_err *err) {
  int code = kd_keys_reserve(&run->merge.wanted, run->n, err);
  for (size_t row = 0; row < run->n && !code; row++) {
    kd_plan_cell(run->plan, run->first + row, run->cell);
    struct kd_key_pair key = {run->cell->key_high, run->cell->key_low};
    code = kd_keys_add(&run->merge.wanted, key, err);
  }
  return code ? code : kd_merge_find(&run->merge, err);
}

static bool is_missing(const struct run *run, size_t row) {
  unsigned char state = run->merge.state[row];
  return state == KD_NOT_THERE || (state == KD_STATUS_FAILED && !run->only_merge);
}

/* Lists the rows that are not there; failed ones count as missing unless they are only
 * to be merged. */
static int list_todo(struct run *run, struct kd_err *err) {
  size_t n = 0;
  for (size_t row = 0; row < run->n; row++) n += is_missing(run, row);
  run->n_todo = n;
  run->summary->n_reused = run->n - n;
  if (n == run->n) return KD_OK;
  run->todo = calloc(n + 1, sizeof *run->todo);
  if (!run->todo) return kd_no_memory(err);
  n = 0;
  for (size_t row = 0; row < run->n; row++)
    if (is_missing(run, row)) run->todo[n++] = row;
  run->merge.todo = run->todo;
  return KD_OK;
}

/* What the crew hands in as one part; each batch as one where tests want small ones. */
static int store(void *context, const struct kd_batch *batch, size_t n, bool durable,
                 struct kd_err *err) {
  struct run *run = context;
  if (!run->shard) return kd_merge_add(&run->merge, n, batch, durable, err);
  int code = KD_OK;
  for (size_t i = 0; i < n; i++)
    if (code)
      kd_table_free(batch[i].table);
    else
      code = kd_merge_add(&run->merge, 1, &batch[i], durable, err);
  return code;
}

static int compute(struct run *run, struct kd_err *err) {
  struct kd_run_summary *s = run->summary;
  struct kd_work_done done;
  struct kd_work work = {.plan = run->plan,
                         .head = &run->head,
                         .first = run->first,
                         .n = run->n_todo,
                         .todo = run->todo,
                         .n_threads = thread_count(run, run->n_todo),
                         .shard = run->shard,
                         .fail_fast = run->options->fail_fast,
                         .store_all = run->options->n_shards > 0,
                         .store = store,
                         .progress = run->options->progress,
                         .store_context = run,
                         .progress_context = run->options->context};
  int code = kd_crew_work(&work, &done, err);
  s->n_threads = done.n_threads;
  s->n_computed = done.n_done;
  s->n_failed = done.n_failed;
  s->first_failed = done.first_failed;
  memcpy(s->reason, done.reason, sizeof s->reason);
  s->signal = done.signal;
  s->abandoned = done.abandoned;
  s->finished = !done.stopped;
  s->n_missing = done.stopped ? run->n_todo - done.n_stored : 0;
  return code;
}

static int complain_of_missing(const struct run *run, struct kd_err *err) {
  run->summary->n_missing = run->n_todo;
  return kd_fail(err, KD_SYSTEM,
                 "%s: %zu of %zu cells are not computed yet, the first is cell %zu; "
                 "'kdegrad run' computes what is missing",
                 run->path, run->n_todo, run->n, run->first + (run->todo ? run->todo[0] : 0));
}

static void count(struct run *run) {
  struct kd_run_summary *s = run->summary;
  for (size_t row = 0; row < run->n; row++) {
    unsigned char status = run->merge.state[row];
    if (status == KD_STATUS_FAILED && !s->status[status] && !s->n_failed)
      s->first_failed = run->first + row;
    s->status[status]++;
  }
  s->n_failed = s->status[KD_STATUS_FAILED];
}

static double seconds(const struct run *run) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)(t.tv_sec - run->clock.tv_sec) +
         1e-9 * (double)(t.tv_nsec - run->clock.tv_nsec);
}

/* What cannot be logged has been computed all the same. */
static void write_log(const struct run *run) {
  const struct kd_run_summary *s = run->summary;
  struct kd_err err;
  struct kd_log log = {.what = run->only_merge ? "merge" : "run",
                       .result = run->path,
                       .compiler = COMPILER,
                       .flags = KD_FLAGS,
                       .program = "kdegrad " KD_VERSION,
                       .begin = run->begin,
                       .seconds = s->seconds,
                       .threads = s->n_threads,
                       .cells = s->n_cells,
                       .computed = s->n_computed,
                       .reused = s->n_reused,
                       .failed = s->n_failed,
                       .finished = s->finished};
  if (kd_log_write(&log, &err) && run->options->say)
    run->options->say(run->options->context, err.text);
}

static int finish(struct run *run, struct kd_err *err) {
  struct kd_run_summary *s = run->summary;
  bool changed = s->n_computed > 0;
  s->finished = true;
  count(run);
  if (run->options->n_shards) return KD_OK;
  return kd_merge_finish(&run->merge, changed, run->options->prune, &s->written, err);
}

/* Parts are not compressed; padding is not stored. What is certain not to fit is refused. */
static int check_room(const struct run *run, struct kd_err *err) {
  static const double WORTH_ASKING = 1e9;
  double padded = (double)run->plan->max_points, share = run->plan->mean_points / padded;
  double needed = kd_file_payload(&run->head) * (padded > 0 ? share : 1);
  needed *= (double)run->n_todo / (double)run->n;
  double room = kd_durable_room(run->path);
  if (needed < room || needed < WORTH_ASKING) return KD_OK;
  return kd_fail(
      err, KD_SYSTEM,
      "%s: %zu cells to do make some %.3g GB of numbers, %.3g GB is there; record less or "
      "split the sweep",
      run->path, run->n_todo, needed / 1e9, room / 1e9);
}

static int work(struct run *run, struct kd_err *err) {
  struct kd_run_summary *s = run->summary;
  int code = open_merge(run, err);
  if (!code && (run->merge.anything || run->only_merge)) code = find_stored(run, err);
  if (!code) code = list_todo(run, err);
  if (!code && run->n_todo && run->only_merge) return complain_of_missing(run, err);
  s->finished = run->n_todo == 0;
  if (!code && run->n_todo) code = check_room(run, err);
  if (!code && run->n_todo) code = compute(run, err);
  if (!code && s->finished) code = finish(run, err);
  s->seconds = seconds(run);
  if (!code && !run->options->n_shards && (s->written || !s->finished)) write_log(run);
  return code;
}

/* Tests set it, to have many small parts. */
static size_t shard_from_environment(void) {
  const char *text = getenv("KDEGRAD_SHARD");
  long n = text ? strtol(text, NULL, 10) : 0;
  return n > 0 ? (size_t)n : 0;
}

static int run_or_merge(bool only_merge, const struct kd_plan *plan, const char *path,
                        const struct kd_run_options *options, struct kd_run_summary *summary,
                        struct kd_err *err) {
  struct run run = {.plan = plan,
                    .options = options,
                    .summary = summary,
                    .only_merge = only_merge,
                    .shard = shard_from_environment(),
                    .begin = time(NULL)};
  clock_gettime(CLOCK_MONOTONIC, &run.clock);
  choose_block(&run);
  *summary = (struct kd_run_summary){.n_cells = run.n, .finished = run.n == 0};
  if (run.n == 0) return KD_OK;
  int code = kd_file_check_writable(path, err);
  if (!code && kd_durable_target(path, &run.path, err))
    code = kd_context(err, KD_SYSTEM, "%s", path);
  if (!code)
    code = kd_lock_take(run.path, only_merge ? "merge" : "run", options->shard,
                        options->n_shards, &run.lock, err);
  if (!code) code = work(&run, err);
  if (summary->abandoned) return code;
  kd_merge_clear(&run.merge);
  kd_cell_free(run.cell);
  free((void *)run.head.coordinate);
  kd_lock_release(run.lock);
  free(run.todo);
  free(run.path);
  return code;
}

int kd_run(const struct kd_plan *plan, const char *path, const struct kd_run_options *options,
           struct kd_run_summary *summary, struct kd_err *err) {
  return run_or_merge(false, plan, path, options, summary, err);
}

int kd_run_merge(const struct kd_plan *plan, const char *path,
                 const struct kd_run_options *options, struct kd_run_summary *summary,
                 struct kd_err *err) {
  return run_or_merge(true, plan, path, options, summary, err);
}
