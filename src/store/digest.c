/* SPDX-License-Identifier: MIT
 *
 * See digest.h. Column by column, in the table's order: name, type, names of codes,
 * extents, values. Machines are little-endian (Makefile: x86-64), so that values are
 * hashed as they lie in memory; there is one NaN only (row.c).
 */
#include "digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

static void add_text(XXH3_state_t *state, const char *text) {
  XXH3_128bits_update(state, text, strlen(text) + 1);
}

static void add_number(XXH3_state_t *state, uint64_t number) {
  XXH3_128bits_update(state, &number, sizeof number);
}

static void add_values(XXH3_state_t *state, const struct kd_column *c, size_t n) {
  if (c->code)
    XXH3_128bits_update(state, c->code, n);
  else if (c->real)
    XXH3_128bits_update(state, c->real, n * sizeof *c->real);
  else if (c->unsigned_)
    XXH3_128bits_update(state, c->unsigned_, n * sizeof *c->unsigned_);
  else
    XXH3_128bits_update(state, c->integer, n * sizeof *c->integer);
}

static void add_column(XXH3_state_t *state, const struct kd_table_head *head,
                       const struct kd_column *c) {
  size_t n = 1;
  add_text(state, c->name);
  add_number(state, (uint64_t)c->type);
  add_number(state, c->n_names);
  for (size_t i = 0; i < c->n_names; i++) add_text(state, c->names[i]);
  add_number(state, c->n_dims);
  for (size_t d = 0; d < c->n_dims; d++) {
    add_number(state, (uint64_t)c->dim[d]);
    add_number(state, head->extent[c->dim[d]]);
    n *= head->extent[c->dim[d]];
  }
  add_values(state, c, n);
}

int kd_table_digest(const struct kd_table *table, char text[KD_DIGEST_TEXT],
                    struct kd_err *err) {
  XXH3_state_t *state = XXH3_createState();
  if (!state) return kd_no_memory(err);
  XXH3_128bits_reset(state);
  for (size_t i = 0; i < kd_table_n_columns(table); i++) {
    struct kd_column c;
    kd_table_column(table, i, &c);
    add_column(state, kd_table_head(table), &c);
  }
  XXH128_hash_t hash = XXH3_128bits_digest(state);
  XXH3_freeState(state);
  snprintf(text, KD_DIGEST_TEXT, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
           (uint64_t)hash.low64);
  return KD_OK;
}
