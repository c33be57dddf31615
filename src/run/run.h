/* SPDX-License-Identifier: MIT
 *
 * Runs a plan: threads take shards of consecutive cells, fill the rows of one
 * table, and the table is written at the end. Which thread computes a cell
 * changes none of its bits.
 */
#ifndef KD_RUN_H
#define KD_RUN_H

#include <stddef.h>

#include "config/plan.h"
#include "store/table.h"

struct kd_run_options {
  size_t n_threads; /* 0 = as many as there are processors */
  /* Called by the calling thread about ten times a second while cells are
   * computed, and once at the end; NULL = silence. */
  void (*progress)(void *context, size_t done, size_t total, double seconds);
  void *context;
};

struct kd_run_summary {
  size_t n_cells, n_threads;
  size_t status[KD_N_STATUS]; /* cells by status */
  size_t first_failed;        /* index of the first failed cell, if any */
  char reason[256];           /* why that one failed */
  double seconds;
};

/* Head of the table that the plan's cells make; borrows from the plan. The
 * coordinates are the caller's to free (head->coordinate). */
int kd_run_head(const struct kd_plan *plan, struct kd_table_head *head, struct kd_err *err);

/* Computes all cells into a new table. KD_SYSTEM when memory or threads are
 * short; failed cells are counted in the summary and are not an error here. */
int kd_run(const struct kd_plan *plan, const struct kd_run_options *options,
           struct kd_table **table, struct kd_run_summary *summary, struct kd_err *err);

#endif
