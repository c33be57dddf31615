/* SPDX-License-Identifier: MIT
 *
 * The table of keys: every key that a config may hold, one row each. The
 * reader, the errors, `kdegrad list keys` and the key of a cell all come from
 * it.
 */
#ifndef KD_KEY_H
#define KD_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kd_key_type {
  KD_KEY_NAME, /* one name out of a table */
  KD_KEY_REAL,
  KD_KEY_INTEGER,
  KD_KEY_REALS, /* list of numbers */
  KD_KEY_PAIR,  /* [lower, upper], lower < upper */
  KD_KEY_NAMES, /* set of names out of a table */
  KD_KEY_TEXT,  /* any text of one line, not empty */
};

/* Index of a key in kd_keys, and of its value in a cell's values. */
enum kd_key_id {
  KD_KEY_SPACE,
  KD_KEY_KERNEL_FAMILY,
  KD_KEY_KERNEL_BANDWIDTH,
  KD_KEY_KERNEL_SHAPE,
  KD_KEY_KERNEL_LOG10_FACTOR,
  KD_KEY_KERNEL_LOG10_SLOPE,
  KD_KEY_TARGET_BOUNDS,
  KD_KEY_TARGET_CENTRE,
  KD_KEY_TARGET_HALF_WIDTH,
  KD_KEY_POINTS_LAYOUT,
  KD_KEY_POINTS_AT,
  KD_KEY_POINTS_COUNT,
  KD_KEY_POINTS_SPAN,
  KD_KEY_POINTS_CENTRE,
  KD_KEY_POINTS_SCALE,
  KD_KEY_POINTS_DISTANCE,
  KD_KEY_POINTS_CLUSTERS,
  KD_KEY_POINTS_SPREAD,
  KD_KEY_POINTS_SEED,
  KD_KEY_POINTS_FILE,
  KD_KEY_POINTS_COLUMN,
  KD_KEY_LOGITS_INIT,
  KD_KEY_LOGITS_AT,
  KD_KEY_LOGITS_SCALE,
  KD_KEY_LOGITS_SEED,
  KD_KEY_INTEGRAL_RULE,
  KD_KEY_INTEGRAL_BINS,
  KD_KEY_INTEGRAL_ORDER,
  KD_KEY_INTEGRAL_TOLERANCE,
  KD_KEY_SHIFT_BY,
  KD_KEY_SHIFT_MODE,
  KD_KEY_SHIFT_UNIT,
  KD_KEY_SHIFT_LEFT,
  KD_KEY_SHIFT_RIGHT,
  KD_KEY_DESCENT_METHOD,
  KD_KEY_DESCENT_RATE,
  KD_KEY_DESCENT_STEPS,
  KD_KEY_DESCENT_EVERY,
  KD_KEY_DESCENT_GAP,
  KD_KEY_RECORD,
  KD_KEY_CLAIMS,
  KD_N_KEYS
};

struct kd_value; /* value.h: one value with its mark */

struct kd_key {
  const char *path;
  enum kd_key_type type;
  double min, max; /* closed range, unless min_open; NaN: any */
  bool min_open;
  const char *unit;         /* "1" if none; shown and stored */
  const char *default_text; /* as one would type it; NULL = none */
  /* i-th allowed name of a NAME or NAMES key, NULL past the end. */
  const char *(*choice)(size_t i);
  /* Whether a cell with these KD_N_KEYS values reads this key. */
  bool (*reads)(const struct kd_value *values);
  const char *doc;
};

extern const struct kd_key kd_keys[KD_N_KEYS];

/* Set of keys as bits. */
#define KD_KEY_BIT(id) (UINT64_C(1) << (id))

/* All of the section `points`. */
#define KD_KEYS_OF_POINTS (KD_KEY_BIT(KD_KEY_LOGITS_INIT) - KD_KEY_BIT(KD_KEY_POINTS_LAYOUT))

static inline enum kd_key_id kd_key_id(const struct kd_key *key) {
  return (enum kd_key_id)(key - kd_keys);
}

/* The key of that path, or NULL. */
const struct kd_key *kd_key_find(const char *path);

/* Bytes of the path before its '.', e.g. 6 for "kernel.family"; 0 if none. */
size_t kd_key_section(const struct kd_key *key);

/* The keys that decide which value a cell reads for this one, itself included. */
uint64_t kd_key_sources(const struct kd_key *key);

/* What may be typed: "a number from 1e-60 to 1e60", "one of laplace, ...". */
void kd_key_range_text(const struct kd_key *key, char *text, size_t size);

/* The key whose choice decides whether a cell reads this one; NULL if none does. */
const struct kd_key *kd_key_selector(const struct kd_key *key);

/* Which choice makes a cell read the key: "points.layout: grid, uniform"; ""
 * if none is needed. */
void kd_key_readers_text(const struct kd_key *key, char *text, size_t size);

#endif
