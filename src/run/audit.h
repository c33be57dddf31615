/* SPDX-License-Identifier: MIT
 *
 * A stored table held against the plan of the config in it: is it a table of that plan, and
 * which of its cells does each row hold. Keys are those of the numerics version under which
 * the table was made. Numbers are not looked at: recompute.h does that.
 */
#ifndef KD_AUDIT_H
#define KD_AUDIT_H

#include "config/plan.h"
#include "store/table.h"

enum { KD_AUDIT_TEXT = 256 };

struct kd_audit {
  size_t n_rows;
  size_t *cell;                    /* owned: of the plan, one a row; SIZE_MAX = none */
  size_t n_missing, first_missing; /* cells of the plan that no row holds */
  size_t n_strange, first_strange; /* rows with a key that the plan gives to no cell */
  size_t n_moved, first_moved;     /* rows whose coordinates are not their cell's */
  char moved[KD_AUDIT_TEXT];       /* what is wrong with the first: "shift.by is 1, not 2" */
};

/* KD_UNEXPECTED if the table cannot be one of that plan: it has other coordinates or
 * dimensions, or records something else; KD_SYSTEM when memory is short. To be cleared also
 * on error. */
int kd_audit_make(struct kd_audit *audit, const struct kd_plan *plan,
                  const struct kd_table *table, struct kd_err *err);
void kd_audit_clear(struct kd_audit *audit);

/* Whether every cell is there, in its place, and nothing else. */
bool kd_audit_is_whole(const struct kd_audit *audit);

#endif
