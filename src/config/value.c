/* SPDX-License-Identifier: MIT
 *
 * From a node of the tree to a value, by the key's row. Every refusal reads
 * "KEY must be WHAT MAY BE TYPED, got WHAT WAS".
 */
#include "value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "number.h"
#include "shown.h"

enum { TEXT_MAX = 512 };

static bool is_list(const struct kd_key *key) {
  return key->type == KD_KEY_REALS || key->type == KD_KEY_PAIR || key->type == KD_KEY_NAMES;
}

static void complain(const struct kd_key *key, const struct kd_node *node, const char *where,
                     const char *hint, struct kd_diag *diag) {
  char range[TEXT_MAX], got[96];
  kd_key_range_text(key, range, sizeof range);
  kd_node_describe(node, got, sizeof got);
  kd_diag_add(diag, node->mark, hint, "%s must be %s, got %s%s", key->path, range, got, where);
}

static void refuse(const struct kd_key *key, const struct kd_node *node, const char *hint,
                   struct kd_diag *diag) {
  complain(key, node, "", hint, diag);
}

/* A number or name: the key's value, or an item of the list that is. */
static void refuse_one(const struct kd_key *key, const struct kd_node *node, const char *hint,
                       struct kd_diag *diag) {
  complain(key, node, is_list(key) ? " in it" : "", hint, diag);
}

bool kd_value_in_range(const struct kd_key *key, double number) {
  if (isnan(key->min)) return true;
  bool above = key->min_open ? number > key->min : number >= key->min;
  return above && number <= key->max;
}

static const char *hint_of_kind(const struct kd_key *key, const struct kd_node *node) {
  if (is_list(key)) return node->kind == KD_NODE_SCALAR ? "write it as a list, in [ ]" : NULL;
  return node->kind == KD_NODE_LIST ? "several values belong under sweep" : NULL;
}

/* An item of a list is never itself one. */
static const char *hint_of_item(const struct kd_key *key, const struct kd_node *node) {
  return is_list(key) ? NULL : hint_of_kind(key, node);
}

static bool read_number(const struct kd_key *key, const struct kd_node *node,
                        struct kd_diag *diag, double *number) {
  const char *why = NULL;
  bool good = false;
  if (node->kind != KD_NODE_SCALAR) {
    why = hint_of_item(key, node);
  } else {
    bool whole = key->type == KD_KEY_INTEGER;
    good = (whole ? kd_integer_read : kd_number_read)(node->text, number, &why);
    if (good && node->quoted) why = "without the quotes it is a number";
    if (good && kd_number_is_octal(node->text)) why = KD_OCTAL;
    good = good && !why && kd_value_in_range(key, *number);
  }
  if (!good) refuse_one(key, node, why, diag);
  return good;
}

static bool read_name(const struct kd_key *key, const struct kd_node *node,
                      struct kd_diag *diag, size_t *choice) {
  struct kd_nearest nearest;
  const char *name;
  if (node->kind != KD_NODE_SCALAR) {
    refuse_one(key, node, hint_of_item(key, node), diag);
    return false;
  }
  for (*choice = 0; (name = key->choice(*choice)); (*choice)++)
    if (strcmp(name, node->text) == 0) return true;
  kd_nearest_init(&nearest, node->text);
  for (size_t i = 0; (name = key->choice(i)); i++) kd_nearest_try(&nearest, name);
  refuse_one(key, node, kd_nearest_hint(&nearest), diag);
  return false;
}

static bool read_names(const struct kd_key *key, const struct kd_node *node,
                       struct kd_diag *diag, struct kd_value *value) {
  bool good = true;
  for (const struct kd_node *child = node->first; child && !kd_diag_full(diag);
       child = child->next) {
    size_t i;
    if (!read_name(key, child, diag, &i)) {
      good = false;
    } else if (value->names & 1u << i) {
      kd_diag_add(diag, child->mark, NULL, "%s names '%s' twice", key->path, child->text);
      good = false;
    } else {
      value->names |= 1u << i;
    }
  }
  return good;
}

static bool read_list(const struct kd_key *key, const struct kd_node *node,
                      struct kd_diag *diag, struct kd_value *value) {
  bool good = true;
  value->list = calloc(node->n, sizeof *value->list);
  if (!value->list) {
    kd_diag_no_memory(diag);
    return false;
  }
  value->n = node->n;
  size_t i = 0;
  for (const struct kd_node *child = node->first; child && !kd_diag_full(diag);
       child = child->next)
    good = read_number(key, child, diag, &value->list[i++]) && good;
  return good;
}

static bool read_pair(const struct kd_key *key, const struct kd_node *node,
                      struct kd_diag *diag, struct kd_value *value) {
  if (node->n != 2) {
    kd_diag_add(diag, node->mark, NULL, "%s must be [lower, upper], got %zu number%s",
                key->path, node->n, node->n == 1 ? "" : "s");
    return false;
  }
  if (!read_list(key, node, diag, value)) return false;
  if (value->list[0] < value->list[1]) return true;
  char lower[KD_NUMBER_TEXT], upper[KD_NUMBER_TEXT];
  kd_number_text(value->list[0], lower, sizeof lower);
  kd_number_text(value->list[1], upper, sizeof upper);
  kd_diag_add(diag, node->mark, NULL,
              "%s must be [lower, upper] with lower < upper, got [%s, %s]", key->path, lower,
              upper);
  return false;
}

/* An empty list is good only where it is what one has without the key. */
static bool may_be_empty(const struct kd_key *key) {
  return key->default_text && strcmp(key->default_text, "[]") == 0;
}

static bool read_several(const struct kd_key *key, const struct kd_node *node,
                         struct kd_diag *diag, struct kd_value *value) {
  if (node->kind != KD_NODE_LIST) {
    refuse(key, node, hint_of_kind(key, node), diag);
    return false;
  }
  if (node->n == 0 && !may_be_empty(key)) {
    refuse(key, node, NULL, diag);
    return false;
  }
  if (key->type == KD_KEY_NAMES) return read_names(key, node, diag, value);
  if (key->type == KD_KEY_PAIR) return read_pair(key, node, diag, value);
  return read_list(key, node, diag, value);
}

static bool read_text(const struct kd_key *key, const struct kd_node *node,
                      struct kd_diag *diag, struct kd_value *value) {
  const char *why = hint_of_kind(key, node);
  bool good = node->kind == KD_NODE_SCALAR && *node->text;
  if (good && !kd_shown_all(node->text)) {
    why = KD_NOT_SHOWN;
    good = false;
  }
  if (!good || strlen(node->text) > KD_TEXT_MAX) {
    refuse(key, node, why, diag);
    return false;
  }
  value->text = strdup(node->text);
  if (!value->text) kd_diag_no_memory(diag);
  return value->text;
}

bool kd_value_read(const struct kd_key *key, const struct kd_node *node, struct kd_diag *diag,
                   struct kd_value *value) {
  *value = (struct kd_value){.set = true, .number = NAN, .mark = node->mark};
  bool good;
  switch (key->type) {
  case KD_KEY_NAME:
    good = read_name(key, node, diag, &value->choice);
    break;
  case KD_KEY_REAL:
  case KD_KEY_INTEGER:
    good = read_number(key, node, diag, &value->number);
    break;
  case KD_KEY_TEXT:
    good = read_text(key, node, diag, value);
    break;
  default:
    good = read_several(key, node, diag, value);
    break;
  }
  if (!good) kd_value_clear(value);
  return good;
}

bool kd_value_default(const struct kd_key *key, struct kd_diag *diag, struct kd_value *value) {
  *value = (struct kd_value){.number = NAN};
  if (!key->default_text) return true;
  struct kd_node *node = kd_tree_read(key->default_text, 0, diag);
  bool good = node && kd_value_read(key, node, diag, value);
  kd_tree_free(node);
  value->set = false;
  value->mark = (struct kd_mark){0};
  return good;
}

void kd_value_clear(struct kd_value *value) {
  free(value->list);
  free(value->text);
  *value = (struct kd_value){.number = NAN};
}

/* Numbers are never -0 here; NaN, no number, differs from all. */
bool kd_value_equal(const struct kd_key *key, const struct kd_value *a,
                    const struct kd_value *b) {
  switch (key->type) {
  case KD_KEY_NAME:
    return a->choice == b->choice;
  case KD_KEY_NAMES:
    return a->names == b->names;
  case KD_KEY_REAL:
  case KD_KEY_INTEGER:
    return a->number == b->number;
  case KD_KEY_TEXT:
    return a->text && b->text && strcmp(a->text, b->text) == 0;
  default:
    break;
  }
  if (a->n != b->n || a->n == 0) return false;
  for (size_t i = 0; i < a->n; i++)
    if (a->list[i] < b->list[i] || a->list[i] > b->list[i]) return false;
  return true;
}
