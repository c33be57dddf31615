/* SPDX-License-Identifier: MIT
 *
 * Memory for tables that are read and written here and there. A processor knows the places of
 * a few thousand pages; of a table of 160 MB in pages of 4 KiB nearly each touch looks up
 * another, so the system is asked for pages of 2 MiB. One that has none, or refuses, changes
 * nothing but the time.
 */
#ifndef KD_HUGE_H
#define KD_HUGE_H

#include <stddef.h>

/* n numbers, not set, from the start of a cache line on; NULL when memory is short. The
 * caller's, to free */
double *kd_huge_numbers(size_t n);

#endif
