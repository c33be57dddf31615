/* SPDX-License-Identifier: MIT
 *
 * Lists and ranges of a sweep; see series.h.
 */
#include "series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "shown.h"

double kd_series_number(const struct kd_series *series, size_t i) {
  return kd_range_number(&series->range, i);
}

struct kd_value kd_series_value(const struct kd_series *series, size_t i) {
  if (series->list) return series->list[i];
  return (struct kd_value){
      .set = true, .number = kd_series_number(series, i), .mark = series->range_mark};
}

void kd_series_clear(struct kd_series *series) {
  for (size_t i = 0; series->list && i < series->n; i++)
    if (series->list[i].set) kd_value_clear(&series->list[i]);
  free(series->list);
  series->list = NULL;
}

/* -------------------------------------------------------------------- list */

static bool read_list(const struct kd_key *key, const struct kd_node *node,
                      const struct kd_value *unset, struct kd_diag *diag,
                      struct kd_series *series) {
  if (node->n == 0) {
    kd_diag_add(diag, node->mark, NULL, "the list of %s is empty", key->path);
    return false;
  }
  series->list = calloc(node->n, sizeof *series->list);
  if (!series->list) {
    kd_diag_no_memory(diag);
    return false;
  }
  bool good = true;
  for (const struct kd_node *child = node->first; child && !kd_diag_full(diag);
       child = child->next) {
    struct kd_value *value = &series->list[series->n++];
    if (!kd_node_is_unset(child)) {
      good = kd_value_read(key, child, diag, value) && good;
    } else {
      *value = *unset;
      value->mark = child->mark;
    }
  }
  if (!good) kd_series_clear(series);
  return good;
}

/* ------------------------------------------------------------------- range */

/* Rows for the numbers of a range, which are read as if they were keys. */
static const struct kd_key count_key = {
    .path = "count", .type = KD_KEY_INTEGER, .min = 1, .max = KD_SERIES_MAX};

static const char *scale_name(size_t i) {
  static const char *const name[] = {"linear", "log"};
  return i < 2 ? name[i] : NULL;
}

static const struct kd_key scale_key = {
    .path = "scale", .type = KD_KEY_NAME, .min = NAN, .max = NAN, .choice = scale_name};

static bool knows_all_names(const struct kd_node *node, struct kd_diag *diag) {
  static const char *const known[] = {"from", "to", "count", "scale"};
  bool good = true;
  for (const struct kd_node *child = node->first; child; child = child->next) {
    struct kd_nearest nearest;
    char name[KD_BRIEF];
    bool found = false;
    kd_nearest_init(&nearest, child->name);
    for (size_t i = 0; i < 4; i++) {
      found = found || strcmp(known[i], child->name) == 0;
      kd_nearest_try(&nearest, known[i]);
    }
    if (!found)
      kd_diag_add(diag, child->name_mark, kd_nearest_hint(&nearest),
                  "unknown key '%s': a range is {from, to, count, scale}",
                  kd_shown_brief(child->name, name));
    good = good && found;
  }
  return good;
}

static bool read_part(const struct kd_key *row, const struct kd_node *node, const char *name,
                      struct kd_diag *diag, struct kd_value *value) {
  const struct kd_node *child = kd_node_find(node, name);
  if (child) return kd_value_read(row, child, diag, value);
  kd_diag_add(diag, node->mark, NULL, "the range has no '%s'", name);
  return false;
}

/* All numbers whole: clear for a linear range, tried one by one for a log,
 * of which at most 54 are whole up to 2^53: n-1 steps p/q need p^(n-1) there. */
static bool is_whole(const struct kd_range *range) {
  if (range->n == 1) return true;
  if (!range->log) return fmod(range->to - range->from, (double)(range->n - 1)) == 0;
  if (range->n > 54) return false;
  for (size_t i = 0; i < range->n; i++) {
    double number = kd_range_number(range, i);
    if (number != rint(number)) return false;
  }
  return true;
}

static bool check_range(const struct kd_series *series, bool log, const struct kd_node *node,
                        struct kd_diag *diag) {
  const char *fault = NULL;
  const struct kd_range *range = &series->range;
  bool same = range->from == range->to;
  if (range->n == 1 && !same)
    fault = "a range of 1 value cannot go from one number to another";
  else if (range->n > 1 && same)
    fault = "a range of several values needs two different ends";
  else if (log && !range->log)
    fault = "a log range needs from > 0 and to > 0";
  else if (series->key->type == KD_KEY_INTEGER && !is_whole(range))
    fault = "the range does not land on integers";
  if (fault) kd_diag_add(diag, node->mark, NULL, "%s: %s", series->key->path, fault);
  return !fault;
}

static bool read_range(const struct kd_key *key, const struct kd_node *node,
                       struct kd_diag *diag, struct kd_series *series) {
  struct kd_value from, to, count, scale = {0};
  if (key->type != KD_KEY_REAL && key->type != KD_KEY_INTEGER) {
    const char *kind = key->type == KD_KEY_NAME   ? "name"
                       : key->type == KD_KEY_TEXT ? "text"
                                                  : "list";
    kd_diag_add(diag, node->mark, "write its values as a list", "%s has no range: it is a %s",
                key->path, kind);
    return false;
  }
  if (!knows_all_names(node, diag)) return false;
  bool good = read_part(key, node, "from", diag, &from);
  good = read_part(key, node, "to", diag, &to) && good;
  good = read_part(&count_key, node, "count", diag, &count) && good;
  if (kd_node_find(node, "scale"))
    good = read_part(&scale_key, node, "scale", diag, &scale) && good;
  if (!good) return false;
  bool log = scale.choice == 1, positive = from.number > 0 && to.number > 0;
  series->n = (size_t)count.number;
  series->range = kd_range_make(from.number, to.number, series->n, log && positive);
  series->range_mark = node->mark;
  return check_range(series, log, node, diag);
}

static bool is_list_key(const struct kd_key *key) {
  return key->type == KD_KEY_REALS || key->type == KD_KEY_PAIR;
}

/* [0, 1] for a path whose values are themselves lists */
static bool is_flat(const struct kd_node *node) {
  for (const struct kd_node *child = node->first; child; child = child->next)
    if (child->kind != KD_NODE_SCALAR) return false;
  return node->n > 0;
}

bool kd_series_read(const struct kd_key *key, const struct kd_node *node,
                    const struct kd_value *unset, struct kd_diag *diag,
                    struct kd_series *series) {
  *series = (struct kd_series){.key = key, .mark = node->name_mark};
  if (key->type == KD_KEY_NAMES) {
    kd_diag_add(diag, node->name ? node->name_mark : node->mark, NULL, "%s cannot be swept",
                key->path);
    return false;
  }
  if (node->kind == KD_NODE_MAP) return read_range(key, node, diag, series);
  if (node->kind == KD_NODE_LIST && !(is_list_key(key) && is_flat(node)))
    return read_list(key, node, unset, diag, series);
  if (key->type == KD_KEY_NAME || key->type == KD_KEY_TEXT)
    kd_diag_add(diag, node->mark, "write [value, ...]", "%s is swept: it needs a list",
                key->path);
  else if (is_list_key(key))
    kd_diag_add(diag, node->mark, "write [[...], ...]", "%s is swept: it needs a list of lists",
                key->path);
  else
    kd_diag_add(diag, node->mark, "write [value, ...] or {from, to, count}",
                "%s is swept: it needs a list or a range", key->path);
  return false;
}
