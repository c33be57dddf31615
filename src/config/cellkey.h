/* SPDX-License-Identifier: MIT
 *
 * Key of a cell: XXH3-128 over every key that the cell reads and whose value is
 * not its default, and over the numerics version. Equal keys mean the same
 * numbers, whatever file, order or sweep the values came from.
 */
#ifndef KD_CELLKEY_H
#define KD_CELLKEY_H

#include "value.h"

struct kd_cellkey;

struct kd_cellkey *kd_cellkey_create(void); /* scratch; NULL if memory is short */
void kd_cellkey_free(struct kd_cellkey *hash);

/* The key that these KD_N_KEYS values have under a numerics version. */
void kd_cellkey(const struct kd_value *values, const struct kd_value *defaults,
                int64_t numerics, struct kd_cellkey *hash, uint64_t *high, uint64_t *low);

/* The same number for equal values of one key. */
uint64_t kd_cellkey_value(const struct kd_key *key, const struct kd_value *value,
                          struct kd_cellkey *hash);

#endif
