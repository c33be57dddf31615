/* SPDX-License-Identifier: MIT
 *
 * How long a plan's cells take: by what its last run took, or by computing a few of them.
 */
#ifndef KD_FORECAST_H
#define KD_FORECAST_H

#include "config/plan.h"

enum kd_forecast_from {
  KD_FORECAST_NONE,     /* nothing to do, or no process could be started */
  KD_FORECAST_LAST_RUN, /* NAME.log.json */
  KD_FORECAST_TRIAL,
  KD_FORECAST_LEAST, /* a trial whose time was over before one cell was done */
};

struct kd_forecast {
  enum kd_forecast_from from;
  double cell;      /* seconds a cell takes one thread; at least, where LEAST */
  size_t n_tried;   /* cells of the trial */
  size_t n_threads; /* that a run would have */
};

/* For the n_todo cells i of the plan with !done[i] (done NULL: all). `path` of the result,
 * whose log is looked for, or NULL. A trial takes 50 ms at most, in a process of its own,
 * which is ended then whatever it does. */
struct kd_forecast kd_forecast(const struct kd_plan *plan, const char *path,
                               const unsigned char *done, size_t n_todo);

#endif
