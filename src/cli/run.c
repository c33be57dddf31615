/* SPDX-License-Identifier: MIT
 *
 * kdegrad run CONFIG..., merge CONFIG: config -> plan -> cells -> one HDF5 file each.
 */
#include "run/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "progress.h"
#include "verb.h"

/* Where the result goes: -o, or results/NAME.h5, making results/ */
static int output_path(const struct kd_args *args, const struct kd_plan *plan, char **path) {
  int n = args->output ? asprintf(path, "%s", args->output)
                       : asprintf(path, "results/%s.h5", plan->experiment);
  if (n < 0) {
    *path = NULL;
    return kd_complain(KD_SYSTEM, "out of memory");
  }
  char own[128];
  snprintf(own, sizeof own, "results/%s.h5", plan->experiment);
  if (args->n_set && !strcmp(*path, own))
    return kd_complain(KD_USAGE, "%s holds what the config says; with --set take another name",
                       own);
  if (!args->output && mkdir("results", 0777) && errno != EEXIST)
    return kd_complain(KD_SYSTEM, "results: cannot be made: %s", strerror(errno));
  return KD_OK;
}

static void print_summary(const struct kd_run_summary *s, const char *path, bool verbose) {
  fprintf(stderr, "%s: %zu cells", path, s->n_cells);
  if (s->n_reused) fprintf(stderr, ", %zu of them reused,", s->n_reused);
  fprintf(stderr, " in %.2f s", s->seconds);
  for (int status = KD_STATUS_OK + 1; status < KD_N_STATUS; status++)
    if (s->status[status])
      fprintf(stderr, ", %zu %s", s->status[status], kd_status_name((enum kd_status)status));
  if (verbose) fprintf(stderr, ", %zu threads", s->n_threads);
  fputc('\n', stderr);
}

static void print_failure(const struct kd_plan *plan, const struct kd_run_summary *s) {
  struct kd_cell *cell = kd_cell_create(plan);
  fprintf(stderr, "kdegrad: %zu of %zu cells failed, the first is cell %zu", s->n_failed,
          s->n_cells, s->first_failed);
  if (cell) kd_plan_cell(plan, s->first_failed, cell);
  for (size_t p = 0; cell && p < plan->n_swept; p++) {
    char value[64];
    kd_cell_value_text(plan, cell, p, value, sizeof value);
    fprintf(stderr, "%s%s = %s", p ? ", " : " (", plan->swept[p].path, value);
  }
  fprintf(stderr, "%s%s%s\n", cell && plan->n_swept ? ")" : "", *s->reason ? ": " : "",
          s->reason);
  kd_cell_free(cell);
}

/* What the run tells on the way */
struct listener {
  struct kd_progress progress;
  bool quiet;
};

static void show_progress(void *context, size_t done, size_t total, double seconds) {
  struct listener *listener = context;
  if (!listener->quiet) kd_progress_show(&listener->progress, done, total, seconds);
}

static void say(void *context, const char *text) {
  struct listener *listener = context;
  kd_progress_end(&listener->progress);
  fprintf(stderr, "kdegrad: %s\n", text);
}

/* Says how to go on and dies by the signal, as the shell wants to see it. */
static void die_by_signal(const struct kd_run_summary *s, const char *path) {
  fprintf(stderr, "kdegrad: %s: interrupted with %zu of %zu cells done and stored; run again ",
          path, s->n_cells - s->n_missing, s->n_cells);
  fputs("to go on from there\n", stderr);
  signal(s->signal, SIG_DFL);
  raise(s->signal);
}

static int conclude(const struct kd_plan *plan, const struct kd_run_summary *s,
                    const struct kd_args *args, const char *path) {
  if (!args->quiet && s->finished) print_summary(s, path, args->verbose);
  if (s->n_failed) print_failure(plan, s);
  if (!s->finished)
    kd_complain(0, "%s: stopped with %zu of %zu cells done and stored", path,
                s->n_cells - s->n_missing, s->n_cells);
  return s->n_failed ? KD_CELLS_FAILED : KD_OK;
}

typedef int run_function(const struct kd_plan *, const char *, const struct kd_run_options *,
                         struct kd_run_summary *, struct kd_err *);

static int compute(const struct kd_args *args, const struct kd_plan *plan, const char *path,
                   run_function *run) {
  struct listener listener = {kd_progress_start(plan->experiment), args->quiet};
  struct kd_run_options options = {.n_threads = args->jobs,
                                   .shard = args->shard,
                                   .n_shards = args->n_shards,
                                   .prune = args->prune,
                                   .fail_fast = args->fail_fast,
                                   .progress = show_progress,
                                   .say = say,
                                   .context = &listener};
  struct kd_run_summary summary;
  struct kd_err err;
  int code = run(plan, path, &options, &summary, &err);
  kd_progress_end(&listener.progress);
  if (code)
    kd_complain(code, "%s", err.text);
  else if (summary.signal)
    die_by_signal(&summary, path);
  else
    code = conclude(plan, &summary, args, path);
  if (summary.abandoned) _exit(code);
  return code;
}

static int run_config(const struct kd_args *args, const char *config, run_function *run) {
  struct kd_diag diag;
  struct kd_plan *plan;
  char *path = NULL;
  kd_diag_init(&diag);
  int code = kd_plan_read(config, args->set, args->n_set, &plan, &diag);
  if (code) kd_diag_print(&diag, stderr);
  if (!code) code = output_path(args, plan, &path);
  if (!code) code = compute(args, plan, path, run);
  free(path);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return code;
}

static int check_output(const struct kd_args *args) {
  if (args->output && args->n > 1)
    return kd_complain(KD_USAGE, "--output names one file, but there are %zu configs", args->n);
  if (args->n_set && !args->output)
    return kd_complain(KD_USAGE, "--set changes the experiment: name its file with -o FILE.h5");
  return KD_OK;
}

int kd_verb_run(const struct kd_args *args) {
  int worst = check_output(args);
  if (worst) return worst;
  for (size_t i = 0; i < args->n; i++) {
    int code = run_config(args, args->word[i], kd_run);
    if (code > worst) worst = code;
  }
  return worst;
}

int kd_verb_merge(const struct kd_args *args) {
  int code = check_output(args);
  return code ? code : run_config(args, args->word[0], kd_run_merge);
}
