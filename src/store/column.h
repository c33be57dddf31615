/* SPDX-License-Identifier: MIT
 *
 * A table's columns as a file in netCDF-4's shape holds them.
 *
 * Each column is a dataset at the root, in the table's order (creation order
 * is tracked). The dimensions are dimension scales; every axis of all others
 * is attached to one. Each dataset has units, long_name; codes flag_values and
 * flag_meanings; variables over `cell` name the coordinates. The head stands in
 * the root's attributes. The same table gives the same bytes.
 */
#ifndef KD_COLUMN_H
#define KD_COLUMN_H

#include <hdf5.h>

#include "table_private.h"

/* Type of a column's values in the file and in memory; not to be closed. */
hid_t kd_column_stored(const struct kd_slot *slot);
hid_t kd_column_native(const struct kd_slot *slot);

/* Paths of the coordinates with a space between each; freed by the caller. */
char *kd_column_coordinates(const struct kd_table_head *head);

#endif
