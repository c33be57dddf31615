/* SPDX-License-Identifier: MIT
 *
 * See value_text.h.
 */
#include "value_text.h"

#include <stdio.h>
#include <string.h>

#include "number.h"

/* A text that is written up to its size. */
struct writer {
  char *text;
  size_t size, n;
};

/* Whether the item and what may have to follow it, "...]", still fit. */
static bool append(struct writer *out, const char *item) {
  size_t length = strlen(item);
  if (out->n + length + sizeof "...]" > out->size) return false;
  memcpy(out->text + out->n, item, length + 1);
  out->n += length;
  return true;
}

static void end(struct writer *out, const char *tail) {
  snprintf(out->text + out->n, out->size - out->n, "%s", tail);
}

static void numbers(const struct kd_value *value, struct writer *out) {
  append(out, "[");
  for (size_t i = 0; i < value->n; i++) {
    char item[KD_NUMBER_TEXT + 2] = ", ";
    kd_number_text(value->list[i], item + 2, KD_NUMBER_TEXT);
    if (append(out, i ? item : item + 2)) continue;
    end(out, "...]");
    return;
  }
  end(out, "]");
}

static void names(const struct kd_key *key, unsigned set, struct writer *out) {
  const char *name;
  append(out, "[");
  for (size_t i = 0; (name = key->choice(i)); i++) {
    char item[64];
    if (!(set & 1u << i)) continue;
    snprintf(item, sizeof item, "%s%s", out->n > 1 ? ", " : "", name);
    if (append(out, item)) continue;
    end(out, "...]");
    return;
  }
  end(out, "]");
}

void kd_value_text(const struct kd_key *key, const struct kd_value *value, char *text,
                   size_t size) {
  struct writer out = {text, size, 0};
  *text = '\0';
  if (!value->set) {
    snprintf(text, size, "~");
    return;
  }
  switch (key->type) {
  case KD_KEY_NAME:
    snprintf(text, size, "%s", key->choice(value->choice));
    return;
  case KD_KEY_REAL:
  case KD_KEY_INTEGER:
    kd_number_text(value->number, text, size);
    return;
  case KD_KEY_TEXT:
    if (snprintf(text, size, "%s", value->text) >= (int)size)
      memcpy(text + size - sizeof "...", "...", sizeof "...");
    return;
  case KD_KEY_NAMES:
    names(key, value->names, &out);
    return;
  case KD_KEY_REALS:
  case KD_KEY_PAIR:
    numbers(value, &out);
    return;
  }
}
