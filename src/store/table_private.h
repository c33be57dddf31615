/* SPDX-License-Identifier: MIT
 *
 * What a table is made of, for those who fill it and move its rows.
 */
#ifndef KD_TABLE_PRIVATE_H
#define KD_TABLE_PRIVATE_H

#include "table.h"

struct kd_slot {
  struct kd_column column;            /* its data pointer is `data` */
  void *data;                         /* extent values, cell by cell; NULL in a shape */
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

/* A table without values: what columns there are. Errors as for kd_table_create. */
int kd_table_shape(const struct kd_table_head *head, struct kd_table **shape,
                   struct kd_err *err);

/* Bytes of a value, and of a column in one row; SIZE_MAX, which no memory holds, if
 * beyond. */
size_t kd_slot_value_bytes(const struct kd_slot *slot);
size_t kd_slot_row_bytes(const struct kd_table *table, const struct kd_slot *slot);

/* The slot's values are those at `data`, borrowed. */
void kd_slot_use(struct kd_slot *slot, void *data);

/* Makes values from .. to-1 of the slot missing: NaN, KD_NO_INTEGER, key 0,
 * status failed. */
void kd_slot_clear(struct kd_slot *slot, size_t from, size_t to);

/* Puts a coordinate's value. */
void kd_slot_place(struct kd_slot *slot, size_t row, double value);

/* Copies row `from_row` of `values`, which are the same column's in a table of another
 * head. What lies beyond a shorter cell is missing. */
void kd_slot_copy(const struct kd_table *table, struct kd_slot *slot, size_t row,
                  const struct kd_table_head *from, const void *values, size_t from_row);

/* The slot of that name, NULL if there is none. */
struct kd_slot *kd_slot_find(const struct kd_table *table, const char *name);

/* Whether both heads have the same variables. */
bool kd_head_same_variables(const struct kd_table_head *a, const struct kd_table_head *b);

/* Heads and columns alike: whether the same values make the same file. */
bool kd_table_same_shape(const struct kd_table *a, const struct kd_table *b);

#endif
