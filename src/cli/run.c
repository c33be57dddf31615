/* SPDX-License-Identifier: MIT
 *
 * kdegrad run CONFIG...: config -> plan -> cells -> one HDF5 file each.
 */
#include "run/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "progress.h"
#include "store/file.h"
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
  fprintf(stderr, "%s: %zu cells in %.2f s", path, s->n_cells, s->seconds);
  for (int status = KD_STATUS_OK + 1; status < KD_N_STATUS; status++)
    if (s->status[status])
      fprintf(stderr, ", %zu %s", s->status[status], kd_status_name((enum kd_status)status));
  if (verbose) fprintf(stderr, ", %zu threads", s->n_threads);
  fputc('\n', stderr);
}

static void print_failure(const struct kd_plan *plan, const struct kd_run_summary *s) {
  struct kd_cell *cell = kd_cell_create(plan);
  fprintf(stderr, "kdegrad: %zu of %zu cells failed, the first is cell %zu",
          s->status[KD_STATUS_FAILED], s->n_cells, s->first_failed);
  if (cell) kd_plan_cell(plan, s->first_failed, cell);
  for (size_t p = 0; cell && p < plan->n_swept; p++) {
    char value[64];
    kd_cell_value_text(plan, cell, p, value, sizeof value);
    fprintf(stderr, "%s%s = %s", p ? ", " : " (", plan->swept[p].path, value);
  }
  fprintf(stderr, "%s: %s\n", cell && plan->n_swept ? ")" : "", s->reason);
  kd_cell_free(cell);
}

/* The table is held in memory: better said now than by the system's killer. */
static int check_memory(const struct kd_plan *plan, struct kd_err *err) {
  struct kd_table_head head;
  int code = kd_run_head(plan, &head, err);
  if (code) return code;
  double needed = kd_file_payload(&head);
  double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
  free((void *)head.coordinate);
  /* The image that is written and HDF5's own copy come on top of the table. */
  if (4 * needed < memory) return KD_OK;
  return kd_fail(err, KD_SYSTEM,
                 "%s: %zu cells make %.3g GB, about four times that is needed in memory, "
                 "%.3g GB is there; split the sweep",
                 plan->experiment, plan->n_cells, needed / 1e9, memory / 1e9);
}

static int compute(const struct kd_args *args, const struct kd_plan *plan, const char *path) {
  struct kd_progress progress = kd_progress_start(plan->experiment);
  struct kd_run_options options = {.n_threads = args->jobs,
                                   .progress = args->quiet ? NULL : kd_progress_show,
                                   .context = &progress};
  struct kd_run_summary summary;
  struct kd_table *table = NULL;
  struct kd_err err;
  int code = kd_file_check_writable(path, &err);
  if (!code) code = check_memory(plan, &err);
  if (!code) code = kd_run(plan, &options, &table, &summary, &err);
  kd_progress_end(&progress);
  if (!code) code = kd_file_write(path, table, true, &err);
  kd_table_free(table);
  if (code) return kd_complain(code, "%s", err.text);
  if (!args->quiet) print_summary(&summary, path, args->verbose);
  if (!summary.status[KD_STATUS_FAILED]) return KD_OK;
  print_failure(plan, &summary);
  return KD_CELLS_FAILED;
}

static int run_config(const struct kd_args *args, const char *config) {
  struct kd_diag diag;
  struct kd_plan *plan;
  char *path = NULL;
  kd_diag_init(&diag);
  int code = kd_plan_read(config, args->set, args->n_set, &plan, &diag);
  if (code) kd_diag_print(&diag, stderr);
  if (!code) code = output_path(args, plan, &path);
  if (!code) code = compute(args, plan, path);
  free(path);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return code;
}

int kd_verb_run(const struct kd_args *args) {
  if (args->output && args->n > 1)
    return kd_complain(KD_USAGE, "--output names one file, but there are %zu configs", args->n);
  if (args->n_set && !args->output)
    return kd_complain(KD_USAGE, "--set changes the experiment: name its file with -o FILE.h5");
  int worst = KD_OK;
  for (size_t i = 0; i < args->n; i++) {
    int code = run_config(args, args->word[i]);
    if (code > worst) worst = code;
  }
  return worst;
}
