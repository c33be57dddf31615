/* SPDX-License-Identifier: MIT
 *
 * What makes a file netCDF-4 shaped, which reading its numbers does not need: dimensions are
 * dimension scales, and every axis of every other column is attached to its own.
 */
#ifndef KD_SCALES_H
#define KD_SCALES_H

#include "table.h"

/* KD_SYSTEM if a scale of a column is missing in the file at `path`, out of which the table
 * has been read. */
int kd_scales_check(const char *path, const struct kd_table *table, struct kd_err *err);

#endif
