/* SPDX-License-Identifier: MIT
 *
 * The threads that compute. Each takes a shard, some consecutive cells of the list of
 * what is to do, about a quarter second of work, computes them into a small table and
 * hands it in. The calling thread stores what was handed in, reports, and looks for a
 * wish to stop; it alone touches files, as HDF5 wants. Who computes faster than is stored
 * has to wait. Which thread computes a cell changes none of its bits.
 */
#ifndef KD_CREW_H
#define KD_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "config/plan.h"
#include "store/merge.h"

struct kd_work {
  const struct kd_plan *plan;
  const struct kd_table_head *head; /* of the result */
  size_t first;                     /* cell of the plan that is row 0 of the result */
  size_t n;                         /* cells to do */
  const size_t *todo;               /* their rows, rising; NULL = rows 0 .. n-1 */
  size_t n_threads;
  size_t shard; /* cells of a shard if > 0; each is then stored at once */
  bool fail_fast;
  bool store_all; /* also when it is all done within a second */
  /* Takes over n batches, rising, also on error: made durable, or kept in memory, as
   * happens once at the end, when it was all done within a second. */
  int (*store)(void *context, const struct kd_batch *batch, size_t n, bool durable,
               struct kd_err *err);
  void (*progress)(void *context, size_t done, size_t total, double seconds);
  void *store_context, *progress_context;
};

struct kd_work_done {
  size_t n_threads;
  size_t n_done, n_stored; /* cells computed, failed ones too; and given to `store` */
  size_t n_failed, first_failed;
  char reason[256]; /* why cell first_failed (of the plan) failed */
  double seconds;
  int signal;     /* stopped by this signal, 0 = none */
  bool stopped;   /* by a signal, a failed cell (fail_fast) or an error */
  bool abandoned; /* a thread did not stop in time and still computes: free nothing,
                     end the process */
};

/* Bytes of finished cells, at most, before threads have to wait */
enum { KD_CREW_BYTES = 24 << 20 };

/* KD_SYSTEM when memory, threads or room for parts are short. Unless the work is done
 * within about a second all that is done has been given to `store` at the end, on error
 * too (but for errors of `store` itself). */
int kd_crew_work(const struct kd_work *work, struct kd_work_done *done, struct kd_err *err);

#endif
