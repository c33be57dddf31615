/* SPDX-License-Identifier: MIT
 *
 * From the key of a cell to the rows that have it: a hash table with open addressing, in
 * which rows of one key hang behind each other. Keys are hashes already. 24 to 28 bytes
 * a row.
 */
#ifndef KD_KEYS_H
#define KD_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

struct kd_key_pair {
  uint64_t high, low;
};

struct kd_keys {
  size_t n, room;
  struct kd_key_pair *key; /* of row i */
  size_t slots;            /* a power of two */
  uint32_t *first, *next;  /* of a slot; behind a row; KD_NO_ROW = none */
};

#define KD_NO_ROW UINT32_MAX

/* Room for n rows at once. */
int kd_keys_reserve(struct kd_keys *keys, size_t n, struct kd_err *err);

/* One more row. Start from {0}; to be cleared also on error. */
int kd_keys_add(struct kd_keys *keys, struct kd_key_pair key, struct kd_err *err);
void kd_keys_clear(struct kd_keys *keys);

/* To be called once, before the first search and after the last kd_keys_add. */
int kd_keys_index(struct kd_keys *keys, struct kd_err *err);

/* The first row with this key; the one behind it: keys->next[row]. */
uint32_t kd_keys_find(const struct kd_keys *keys, struct kd_key_pair key);

#endif
