/* SPDX-License-Identifier: MIT
 *
 * What a filter asks of a cell, and where it stands; see filter.h.
 */
#include "filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "resolve.h"
#include "source.h"

void kd_filter_clear(struct kd_filter *filter) {
  free(filter->text);
  *filter = (struct kd_filter){0};
}

/* ------------------------------------------------------------------- place */

static size_t characters(const char *text, size_t bytes) {
  size_t n = 0;
  for (size_t i = 0; i < bytes; i++) n += ((unsigned char)text[i] & 0xc0) != 0x80;
  return n;
}

/* The byte of a line where its character `column`, from 1, starts. */
static size_t byte_of(const char *line, size_t length, size_t column) {
  size_t i = 0;
  for (size_t n = 1; i < length; i++)
    if (((unsigned char)line[i] & 0xc0) != 0x80 && n++ == column) break;
  return i;
}

/* Whether the source shows the text as it is: on one line, without escapes. */
static bool is_literal(const struct kd_filter *filter, const char *source) {
  size_t length, n = strlen(filter->text);
  const char *line = kd_source_line(source, filter->mark.line, &length);
  size_t from = byte_of(line, length, filter->mark.column) + filter->quoted;
  return from + n <= length && memcmp(line + from, filter->text, n) == 0;
}

struct kd_mark kd_filter_mark(const struct kd_filter *filter, size_t at, size_t width,
                              const struct kd_diag *diag) {
  struct kd_mark mark = filter->mark;
  if (mark.line == 0 || !diag->source || !is_literal(filter, diag->source)) return mark;
  mark.column += filter->quoted + characters(filter->text, at);
  mark.width = width > 0 ? characters(filter->text + at, width) : 1;
  return mark;
}

/* -------------------------------------------------------------------- keys */

static uint64_t keys_of(const struct kd_term *term) {
  if (term->quantity) return term->quantity->keys;
  return term->key ? kd_key_sources(term->key) : 0;
}

uint64_t kd_filter_keys(const struct kd_filter *filter) {
  return keys_of(&filter->term[0]) | keys_of(&filter->term[1]);
}

static bool is_placed(const struct kd_term *term) {
  return term->quantity && term->quantity->placed;
}

bool kd_filter_is_placed(const struct kd_filter *filter) {
  return is_placed(&filter->term[0]) || is_placed(&filter->term[1]);
}

/* ------------------------------------------------------------------ values */

/* A name's number is its choice; NaN = none. */
static double number_of(const struct kd_term *term, const struct kd_value *values,
                        double d_centre) {
  double lower, upper;
  if (term->quantity) {
    kd_resolve_target(values, &lower, &upper);
    return term->quantity->of(lower, upper, d_centre);
  }
  if (!term->key) return term->named ? (double)term->choice : term->number;
  const struct kd_value *value = &values[kd_key_id(term->key)];
  if (!term->key->reads(values)) return NAN;
  if (kd_key_id(term->key) == KD_KEY_KERNEL_SHAPE) return kd_resolve_shape(values);
  return term->key->type == KD_KEY_NAME ? (double)value->choice : value->number;
}

bool kd_filter_holds(const struct kd_filter *filter, const struct kd_value *values,
                     double d_centre) {
  double a = number_of(&filter->term[0], values, d_centre);
  double b = number_of(&filter->term[1], values, d_centre);
  return kd_relation_holds(filter->relation, a, b);
}
