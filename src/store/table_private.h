/* SPDX-License-Identifier: MIT
 *
 * What a table is made of, for table.c, row.c and the reader of files.
 */
#ifndef KD_TABLE_PRIVATE_H
#define KD_TABLE_PRIVATE_H

#include "table.h"

struct kd_slot {
  struct kd_column column;            /* its data pointer is `data` */
  void *data;                         /* extent values, cell by cell */
  const struct kd_variable *variable; /* NULL for dimensions and coordinates */
};

struct kd_block;

/* The slots: dimensions, then coordinates, then variables. */
struct kd_table {
  struct kd_table_head head;
  size_t n_slots, first_coordinate, first_variable;
  struct kd_slot *slot;
  struct kd_block *blocks; /* all memory but the table itself */
};

/* Whether a table of this head has this variable. */
bool kd_head_has(const struct kd_table_head *head, const struct kd_variable *v);

/* Makes values from .. to-1 of the slot missing: NaN, KD_NO_INTEGER, key 0,
 * status failed. */
void kd_slot_clear(struct kd_slot *slot, size_t from, size_t to);

#endif
