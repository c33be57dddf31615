/* SPDX-License-Identifier: MIT
 *
 * Some cells of a plan computed once more, into a table of their own.
 */
#ifndef KD_RECOMPUTE_H
#define KD_RECOMPUTE_H

#include "config/plan.h"
#include "store/table.h"

struct kd_recompute {
  const struct kd_plan *plan;
  size_t n;
  const size_t *cell; /* n cells of the plan */
  size_t n_threads;   /* 0 = as many as there are processors */
  /* Called by the calling thread about ten times a second; NULL = silence. */
  void (*progress)(void *context, size_t done, size_t total, double seconds);
  void *context;
};

/* Row i of *table, which the caller frees, is cell[i]. KD_SYSTEM when memory or threads are
 * short; then *table is NULL. A signal ends the process: there is nothing to lose. */
int kd_recompute(const struct kd_recompute *wanted, struct kd_table **table,
                 struct kd_err *err);

#endif
