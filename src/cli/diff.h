/* SPDX-License-Identifier: MIT
 *
 * Differences in print, for `diff` and `verify`.
 */
#ifndef KD_CLI_DIFF_H
#define KD_CLI_DIFF_H

#include "store/diff.h"

/* The value on one side (0 = a, 1 = b) where the quantity is farthest apart: with 17 digits,
 * a code as its name, "nothing" if it is missing. */
void kd_diff_print_value(const struct kd_diff *diff, const struct kd_diff_quantity *quantity,
                         int side);

/* ", point 2": where in the cell that is */
void kd_diff_print_place(const struct kd_diff_quantity *quantity);

#endif
