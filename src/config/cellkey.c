/* SPDX-License-Identifier: MIT
 *
 * Key of a cell; see cellkey.h. What is hashed, in the order of the key table:
 * path and NUL, number of items, the items: names as text and NUL, numbers as
 * 8 bytes, lowest first. The numerics version stands at the end, in
 * cells that judge claims followed by theirs.
 */
#include "cellkey.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "core/numerics.h"
#include "files.h"
#include "resolve.h"

/* Many small pieces: hashing them one by one takes as long as all else of a key. */
struct kd_cellkey {
  XXH3_state_t *state;
  size_t n; /* of `bytes`, not yet in the state */
  unsigned char bytes[2048];
};

struct kd_cellkey *kd_cellkey_create(void) {
  struct kd_cellkey *hash = malloc(sizeof *hash);
  if (hash) hash->state = XXH3_createState();
  if (hash && hash->state) return hash;
  free(hash);
  return NULL;
}

void kd_cellkey_free(struct kd_cellkey *hash) {
  if (hash) XXH3_freeState(hash->state);
  free(hash);
}

static void begin(struct kd_cellkey *hash) {
  XXH3_128bits_reset(hash->state);
  hash->n = 0;
}

static void flush(struct kd_cellkey *hash) {
  XXH3_128bits_update(hash->state, hash->bytes, hash->n);
  hash->n = 0;
}

static void add(struct kd_cellkey *hash, const void *bytes, size_t n) {
  if (n > sizeof hash->bytes - hash->n) flush(hash);
  if (n > sizeof hash->bytes) {
    XXH3_128bits_update(hash->state, bytes, n);
    return;
  }
  memcpy(hash->bytes + hash->n, bytes, n);
  hash->n += n;
}

static XXH128_hash_t end(struct kd_cellkey *hash) {
  flush(hash);
  return XXH3_128bits_digest(hash->state);
}

static void hash_text(struct kd_cellkey *hash, const char *text) {
  add(hash, text, strlen(text) + 1);
}

static void hash_integer(struct kd_cellkey *hash, uint64_t integer) {
  unsigned char bytes[8];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(integer >> 8 * i);
  add(hash, bytes, sizeof bytes);
}

static void hash_number(struct kd_cellkey *hash, double number) {
  uint64_t bits;
  number += 0.0; /* -0 is 0 */
  memcpy(&bits, &number, sizeof bits);
  hash_integer(hash, bits);
}

static void hash_names(struct kd_cellkey *hash, const struct kd_key *key, unsigned names) {
  hash_integer(hash, (uint64_t)__builtin_popcount(names));
  for (size_t i = 0; key->choice(i); i++)
    if (names & 1u << i) hash_text(hash, key->choice(i));
}

/* A file counts by what its column holds. */
static void hash_file(struct kd_cellkey *hash, const struct kd_value *values) {
  struct kd_text_column column =
      kd_files_column(&values[KD_KEY_POINTS_FILE], &values[KD_KEY_POINTS_COLUMN]);
  hash_text(hash, kd_keys[KD_KEY_POINTS_FILE].path);
  hash_integer(hash, column.n);
  hash_integer(hash, column.hash.high);
  hash_integer(hash, column.hash.low);
}

static void hash_value(struct kd_cellkey *hash, const struct kd_key *key,
                       const struct kd_value *value) {
  hash_text(hash, key->path);
  switch (key->type) {
  case KD_KEY_NAME:
    hash_integer(hash, 1);
    hash_text(hash, key->choice(value->choice));
    break;
  case KD_KEY_NAMES:
    hash_names(hash, key, value->names);
    break;
  case KD_KEY_REAL:
  case KD_KEY_INTEGER:
    hash_integer(hash, 1);
    hash_number(hash, value->number);
    break;
  case KD_KEY_REALS:
  case KD_KEY_PAIR:
    hash_integer(hash, value->n);
    for (size_t i = 0; i < value->n; i++) hash_number(hash, value->list[i]);
    break;
  case KD_KEY_TEXT:
    hash_text(hash, value->text ? value->text : "");
    break;
  }
}

void kd_cellkey(const struct kd_value *values, const struct kd_value *defaults,
                int64_t numerics, struct kd_cellkey *hash, uint64_t *high, uint64_t *low) {
  begin(hash);
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    struct kd_value value = values[k];
    if (!kd_keys[k].reads(values) || k == KD_KEY_POINTS_COLUMN) continue;
    if (k == KD_KEY_POINTS_FILE) {
      hash_file(hash, values);
      continue;
    }
    if (k == KD_KEY_KERNEL_SHAPE) value.number = kd_resolve_shape(values);
    if (kd_value_equal(&kd_keys[k], &value, &defaults[k])) continue;
    hash_value(hash, &kd_keys[k], &value);
  }
  hash_integer(hash, (uint64_t)numerics);
  if (values[KD_KEY_CLAIMS].names) hash_integer(hash, KD_CLAIMS_VERSION);
  XXH128_hash_t digest = end(hash);
  *high = digest.high64;
  *low = digest.low64;
}

uint64_t kd_cellkey_value(const struct kd_key *key, const struct kd_value *value,
                          struct kd_cellkey *hash) {
  begin(hash);
  hash_value(hash, key, value);
  return end(hash).low64;
}
