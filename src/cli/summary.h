/* SPDX-License-Identifier: MIT
 *
 * What `show` says of a result file.
 */
#ifndef KD_SUMMARY_H
#define KD_SUMMARY_H

#include "config/plan.h"
#include "shared.h"
#include "store/table.h"

/* The numbers of a column that there are; min, median, max are NaN if there is none. Of an
 * even count the median is the lower of the two in the middle. */
struct kd_range_of {
  double min, median, max;
  size_t n, n_missing;
};

/* KD_SYSTEM when memory is short. */
int kd_summary_range(const struct kd_table_head *head, const struct kd_column *column,
                     struct kd_range_of *range, struct kd_err *err);

/* Largest bound of a quantity; NaN if it has none. */
double kd_summary_bound(const struct kd_table *table, const char *name);

struct kd_summary {
  const char *path;
  const struct kd_table *table;
  const struct kd_plan *outline;        /* of its config; NULL: it cannot be read here */
  double bytes, payload;                /* of the file; of its values */
  size_t status[KD_N_STATUS];           /* cells */
  struct kd_shared shared[KD_N_STATUS]; /* what the cells of a status share; without OK */
};

/* All of it as one JSON object on stdout. */
int kd_summary_print_json(const struct kd_summary *summary, struct kd_err *err);

#endif
