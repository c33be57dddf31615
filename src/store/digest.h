/* SPDX-License-Identifier: MIT
 *
 * The digest of a table: one number for all that it says. Files of the same digest hold
 * the same names, shapes and values, to the last bit; chunks, compression and
 * provenance do not count.
 */
#ifndef KD_DIGEST_H
#define KD_DIGEST_H

#include "table.h"

enum { KD_DIGEST_TEXT = 33 };

/* XXH3-128 as 32 hexadecimal digits, '\0' behind. KD_SYSTEM when memory is short. */
int kd_table_digest(const struct kd_table *table, char text[KD_DIGEST_TEXT],
                    struct kd_err *err);

#endif
