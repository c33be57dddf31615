/* SPDX-License-Identifier: MIT
 *
 * The log of a run, NAME.log.json: with what, when, where, how long. What may differ
 * from run to run stands here and not in the result, whose bytes may not.
 */
#ifndef KD_LOG_H
#define KD_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "core/err.h"

struct kd_log {
  const char *what;   /* "run", "merge" */
  const char *result; /* path of the result file */
  const char *compiler, *flags, *program;
  time_t begin;
  double seconds;
  size_t threads, cells, computed, reused, failed;
  bool finished; /* false: interrupted or stopped */
};

int kd_log_write(const struct kd_log *log, struct kd_err *err);

/* What the log beside `result` says of the time its run took; false without one. */
struct kd_log_times {
  double seconds;
  size_t threads, computed;
};
bool kd_log_read(const char *result, struct kd_log_times *times);

#endif
