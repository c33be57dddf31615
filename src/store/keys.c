/* SPDX-License-Identifier: MIT
 *
 * See keys.h.
 */
#include "keys.h"

#include <stdbool.h>
#include <stdlib.h>

int kd_keys_reserve(struct kd_keys *keys, size_t n, struct kd_err *err) {
  struct kd_key_pair *more = n < KD_NO_ROW ? realloc(keys->key, n * sizeof *more) : NULL;
  if (!more) return kd_no_memory(err);
  keys->key = more;
  keys->room = n;
  return KD_OK;
}

int kd_keys_add(struct kd_keys *keys, struct kd_key_pair key, struct kd_err *err) {
  bool full = keys->n == keys->room;
  int code = full ? kd_keys_reserve(keys, keys->n + keys->n / 2 + 64, err) : KD_OK;
  if (!code) keys->key[keys->n++] = key;
  return code;
}

void kd_keys_clear(struct kd_keys *keys) {
  free(keys->key);
  free(keys->first);
  free(keys->next);
  *keys = (struct kd_keys){0};
}

static bool same(const struct kd_key_pair *a, const struct kd_key_pair *b) {
  return a->high == b->high && a->low == b->low;
}

/* The slot of this key, or the free one where it belongs */
static size_t slot_of(const struct kd_keys *keys, const struct kd_key_pair *key) {
  size_t mask = keys->slots - 1, slot = key->low & mask;
  while (keys->first[slot] != KD_NO_ROW && !same(&keys->key[keys->first[slot]], key))
    slot = (slot + 1) & mask;
  return slot;
}

int kd_keys_index(struct kd_keys *keys, struct kd_err *err) {
  keys->slots = 16;
  while (keys->slots < keys->n + keys->n / 2) keys->slots *= 2; /* at most 2/3 full */
  keys->first = malloc(keys->slots * sizeof *keys->first);
  keys->next = malloc((keys->n + 1) * sizeof *keys->next);
  if (!keys->first || !keys->next) return kd_no_memory(err);
  for (size_t i = 0; i < keys->slots; i++) keys->first[i] = KD_NO_ROW;
  for (size_t row = keys->n; row-- > 0;) {
    size_t slot = slot_of(keys, &keys->key[row]);
    keys->next[row] = keys->first[slot];
    keys->first[slot] = (uint32_t)row;
  }
  return KD_OK;
}

uint32_t kd_keys_find(const struct kd_keys *keys, struct kd_key_pair key) {
  return keys->n ? keys->first[slot_of(keys, &key)] : KD_NO_ROW;
}
