/* SPDX-License-Identifier: MIT
 *
 * What some cells of a table have in common on the axes: the conditions that all of them
 * meet and not all others do, or, if there is none, the one that tells them best.
 */
#ifndef KD_SHARED_H
#define KD_SHARED_H

#include <stdio.h>

#include "store/table.h"

/* A row, and whether it is one of those that are to be told from the others. */
struct kd_marked {
  size_t row;
  bool marked;
};

struct kd_shared {
  size_t n_marked;
  size_t n_meeting; /* of them, that meet the conditions: all, or most */
  size_t n_others;  /* not marked, and meet them all the same */
  size_t n;         /* conditions */
  char **condition; /* owned: "kernel.family = sech", "shift.by >= 1.5" */
};

/* KD_SYSTEM when memory is short. To be cleared also on error. */
int kd_shared_find(struct kd_shared *shared, const struct kd_table *table, size_t n,
                   const struct kd_marked *list, struct kd_err *err);
void kd_shared_clear(struct kd_shared *shared);

/* "all 57 differing cells have kernel.family = sech; no other has"; what = "differing". */
void kd_shared_print(const struct kd_shared *shared, const char *what);

/* {"cells": 57, "meeting": 57, "others": 0, "conditions": ["kernel.family = sech"]} */
void kd_shared_print_json(const struct kd_shared *shared);

/* A value of a coordinate: its name, or the number as one types it, ~ where it is unset */
void kd_shared_print_value(FILE *out, const struct kd_column *column, double value);

/* " (kernel.family = sech, shift.by = 0.5)", nothing without axes */
void kd_shared_print_place(const struct kd_table *table, size_t row);

#endif
