/* SPDX-License-Identifier: MIT
 *
 * What may be typed for a key, as text: for errors and `list keys`.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/kernel.h"
#include "core/problem.h"
#include "key.h"
#include "number.h"
#include "value.h"

/* Appends to a text of `size` bytes, cut where it is full. */
static void append(char *text, size_t size, const char *more) {
  size_t n = strlen(text);
  snprintf(text + n, size - n, "%s", more);
}

static void append_choices(const struct kd_key *key, char *text, size_t size) {
  const char *name;
  for (size_t i = 0; (name = key->choice(i)); i++) {
    append(text, size, i ? ", " : "");
    append(text, size, name);
  }
}

static void append_range(const struct kd_key *key, char *text, size_t size) {
  char number[KD_NUMBER_TEXT];
  if (isnan(key->min)) return;
  kd_number_text(key->min, number, sizeof number);
  append(text, size, key->min_open ? " above " : " from ");
  append(text, size, number);
  kd_number_text(key->max, number, sizeof number);
  append(text, size, key->min_open ? " up to " : " to ");
  append(text, size, number);
}

/* The range of a shape is its family's. */
static void append_shapes(char *text, size_t size) {
  const char *before = ": ";
  for (size_t i = 0; i < kd_n_kernels; i++) {
    struct kd_key row = {.min = kd_kernels[i].shape_min, .max = kd_kernels[i].shape_max};
    if (!kd_kernels[i].shape_name) continue;
    append(text, size, before);
    append(text, size, kd_kernels[i].name);
    append_range(&row, text, size);
    before = ", ";
  }
}

static void append_text_max(char *text, size_t size) {
  char most[48];
  snprintf(most, sizeof most, "%d bytes", KD_TEXT_MAX);
  append(text, size, most);
}

void kd_key_range_text(const struct kd_key *key, char *text, size_t size) {
  static const char *const kind[] = {
      [KD_KEY_NAME] = "one of ",
      [KD_KEY_REAL] = "a number",
      [KD_KEY_INTEGER] = "an integer",
      [KD_KEY_REALS] = "a list of numbers",
      [KD_KEY_PAIR] = "[lower, upper], lower < upper, both",
      [KD_KEY_NAMES] = "a list out of ",
      [KD_KEY_TEXT] = "a text of one line, up to ",
  };
  snprintf(text, size, "%s", kind[key->type]);
  if (key->type == KD_KEY_TEXT) append_text_max(text, size);
  if (key == &kd_keys[KD_KEY_KERNEL_SHAPE]) append_shapes(text, size);
  if (key->choice)
    append_choices(key, text, size);
  else
    append_range(key, text, size);
}

/* The first NAME key of the same section decides what else is read. */
static const struct kd_key *selector(const struct kd_key *key) {
  size_t n = kd_key_section(key);
  for (size_t k = 0; n > 0 && k < KD_N_KEYS; k++)
    if (kd_keys[k].type == KD_KEY_NAME && strncmp(kd_keys[k].path, key->path, n + 1) == 0)
      return &kd_keys[k];
  return NULL;
}

/* Appends the selector's choices that make the key read; true if not all do. */
static bool append_readers(const struct kd_key *key, const struct kd_key *by, char *text,
                           size_t size, bool *records) {
  struct kd_value values[KD_N_KEYS] = {0};
  size_t n_all = 0, n_read = 0;
  for (const char *name; (name = by->choice(n_all)); n_all++) {
    values[kd_key_id(by)].choice = n_all;
    values[KD_KEY_RECORD].names = 0;
    bool plainly = key->reads(values);
    values[KD_KEY_RECORD].names = KD_RECORD_TRAJECTORY;
    if (!key->reads(values)) continue;
    *records = !plainly;
    append(text, size, n_read++ ? ", " : "");
    append(text, size, name);
  }
  return n_read < n_all;
}

const struct kd_key *kd_key_selector(const struct kd_key *key) {
  char readers[16];
  kd_key_readers_text(key, readers, sizeof readers);
  return *readers ? selector(key) : NULL;
}

void kd_key_readers_text(const struct kd_key *key, char *text, size_t size) {
  const struct kd_key *by = selector(key);
  bool records = false;
  *text = '\0';
  if (!by) return;
  snprintf(text, size, "%s: ", by->path);
  if (!append_readers(key, by, text, size, &records)) *text = '\0';
  if (records) append(text, size, " with record: [trajectory]");
}

/* Whether a cell reads the key hangs on its selector, for descent on what is
 * recorded, for the target on its other form. */
uint64_t kd_key_sources(const struct kd_key *key) {
  enum kd_key_id id = kd_key_id(key);
  uint64_t keys = KD_KEY_BIT(id);
  const struct kd_key *by = kd_key_selector(key);
  if (by) keys |= KD_KEY_BIT(kd_key_id(by)) | KD_KEY_BIT(KD_KEY_RECORD);
  if (id == KD_KEY_TARGET_CENTRE || id == KD_KEY_TARGET_HALF_WIDTH)
    keys |= KD_KEY_BIT(KD_KEY_TARGET_BOUNDS);
  return keys;
}
