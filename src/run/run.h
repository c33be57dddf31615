/* SPDX-License-Identifier: MIT
 *
 * Runs a plan: what is stored of its result already is found by key, threads compute
 * what is missing, storing it as parts on the way, and old file and parts become the
 * new result file in one step. Its bytes depend on the plan alone, not on threads,
 * shards, interruptions or on what was reused.
 */
#ifndef KD_RUN_H
#define KD_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "config/plan.h"
#include "store/table.h"

struct kd_run_options {
  size_t n_threads;       /* 0 = as many as there are processors */
  size_t shard, n_shards; /* compute block `shard` (1..) of n_shards and leave parts; 0 = all */
  bool prune;             /* drop stored cells that the plan does not name */
  bool fail_fast;         /* stop at the first cell that fails */
  /* Called by the calling thread about ten times a second while cells are
   * computed, and once at the end; NULL = silence. */
  void (*progress)(void *context, size_t done, size_t total, double seconds);
  /* A line about a file that is damaged, or the like; NULL = silence. */
  void (*say)(void *context, const char *text);
  void *context;
};

struct kd_run_summary {
  size_t n_cells; /* of the plan, or of its block */
  size_t n_threads, n_computed, n_reused, n_missing;
  size_t status[KD_N_STATUS]; /* cells by status, once all are there */
  size_t n_failed, first_failed;
  char reason[256]; /* why that one failed; "" if not known */
  double seconds;
  bool written;   /* a new result file; false if the old one was right already */
  bool finished;  /* all cells are there */
  int signal;     /* interrupted by it, 0 = not */
  bool abandoned; /* threads still use the plan: free nothing, end the process */
};

/* Head of the table that the plan's cells make; borrows from the plan. The
 * coordinates are the caller's to free (head->coordinate). */
int kd_run_head(const struct kd_plan *plan, struct kd_table_head *head, struct kd_err *err);

/* Bytes of memory that a run takes at most for cells with this head, whatever is stored of
 * them already (as much again of other cells at most); what evaluating a cell takes is an
 * estimate. n_threads: 0 = as many as there are processors. */
double kd_run_memory(const struct kd_plan *plan, const struct kd_table_head *head,
                     size_t n_threads);

/* Makes the result file at `path`. KD_SYSTEM when files, memory or threads fail, or when
 * another process works on the result; failed cells and signals are told by the summary
 * and are not an error here. */
int kd_run(const struct kd_plan *plan, const char *path, const struct kd_run_options *options,
           struct kd_run_summary *summary, struct kd_err *err);

/* Makes it of what is stored alone; KD_SYSTEM if cells are missing. */
int kd_run_merge(const struct kd_plan *plan, const char *path,
                 const struct kd_run_options *options, struct kd_run_summary *summary,
                 struct kd_err *err);

#endif
