/* SPDX-License-Identifier: MIT
 *
 * What a JSON Schema can say of several keys together; each follows from the table
 * of keys:
 *
 *   a key that only some choices of its selector read needs one of these choices,
 *   or a sweep over the selector
 *   a choice that reads a key without default needs the key
 *   the target is given in one of its two forms
 *
 * A key is set in its section or in the sweep, there perhaps in a group: the
 * definitions "in PATH" and "swept PATH".
 */
#include <string.h>

#include "config/value.h"
#include "core/problem.h"
#include "json.h"
#include "list.h"

#define print kd_json_print

/* ------------------------------------------------------------------- places */

static void print_in(const struct kd_key *key) {
  size_t n = kd_key_section(key);
  if (n > 0)
    print("{'required': ['%.*s'], 'properties': {'%.*s': ", (int)n, key->path, (int)n,
          key->path);
  const char *name = key->path + (n > 0 ? n + 1 : 0);
  print("{'required': ['%s'], 'properties': {'%s': {'not': {'type': 'null'}}}}", name, name);
  if (n > 0) print("}}");
}

void kd_list_schema_places(void) {
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const char *path = kd_keys[k].path;
    print("    'in %s': ", path);
    print_in(&kd_keys[k]);
    print(",\n    'swept %s': {'required': ['sweep'], 'properties': {'sweep': {'anyOf': ["
          "{'required': ['%s']}, {'not': {'additionalProperties': "
          "{'not': {'type': 'object', 'required': ['%s']}}}}]}}},\n",
          path, path, path);
  }
}

static void print_ref(const char *place, const struct kd_key *key) {
  print("{'$ref': '#/definitions/%s %s'}", place, key->path);
}

/* In its section or swept */
static void print_set(const struct kd_key *key) {
  print("{'anyOf': [");
  print_ref("in", key);
  print(", ");
  print_ref("swept", key);
  print("]}");
}

/* ------------------------------------------------------------------ choices */

/* Whether a cell with choice i of the selector reads the key, whatever it records. */
static bool reads(const struct kd_key *key, const struct kd_key *by, size_t i) {
  struct kd_value values[KD_N_KEYS] = {0};
  values[KD_KEY_RECORD].names = ~0u;
  values[kd_key_id(by)].choice = i;
  return key->reads(values);
}

static bool is_default(const struct kd_key *by, size_t i) {
  return strcmp(by->choice(i), by->default_text) == 0;
}

/* The selector's choice in its section, or its default, reads the key. */
static void print_chosen(const struct kd_key *key, const struct kd_key *by) {
  int n = (int)kd_key_section(by);
  const char *name = by->path + n + 1, *comma = "";
  bool by_default = false;
  for (size_t i = 0; by->choice(i); i++)
    by_default = by_default || (is_default(by, i) && reads(key, by, i));
  print("{");
  if (!by_default) print("'required': ['%.*s'], ", n, by->path);
  print("'properties': {'%.*s': {", n, by->path);
  if (!by_default) print("'required': ['%s'], ", name);
  print("'properties': {'%s': {'enum': [", name);
  for (size_t i = 0; by->choice(i); i++) {
    if (!reads(key, by, i)) continue;
    print("%s'%s'", comma, by->choice(i));
    comma = ", ";
  }
  print("%s]}}}}}", by_default ? ", null" : "");
}

/* ---------------------------------------------------------------- relations */

/* An axis of shapes may be unset throughout. */
static void print_needs_choice(const struct kd_key *key, const struct kd_key *by) {
  print("    {'if': ");
  if (kd_key_id(key) == KD_KEY_KERNEL_SHAPE) {
    print("{'allOf': [");
    print_ref("in", key);
    print(", {'not': ");
    print_ref("swept", key);
    print("}]}");
  } else {
    print_set(key);
  }
  print(", 'then': {'anyOf': [");
  print_chosen(key, by);
  print(", ");
  print_ref("swept", by);
  print("]}},\n");
}

static void print_needs_key(const struct kd_key *key, const struct kd_key *by) {
  print("    {'if': {'allOf': [");
  print_chosen(key, by);
  print(", {'not': ");
  print_ref("swept", by);
  print("}]}, 'then': ");
  print_set(key);
  print("},\n");
}

static void print_target(void) {
  const struct kd_key *bounds = &kd_keys[KD_KEY_TARGET_BOUNDS], *half = bounds,
                      *centre = bounds;
  half = &kd_keys[KD_KEY_TARGET_HALF_WIDTH];
  centre = &kd_keys[KD_KEY_TARGET_CENTRE];
  print("    {'anyOf': [");
  print_set(bounds);
  print(", ");
  print_set(half);
  print("]},\n    {'anyOf': [{'not': ");
  print_ref("in", bounds);
  print("}, {'not': {'anyOf': [");
  print_ref("in", half);
  print(", ");
  print_ref("in", centre);
  print("]}}, ");
  print_ref("swept", bounds);
  print(", ");
  print_ref("swept", half);
  print(", ");
  print_ref("swept", centre);
  print("]}\n");
}

void kd_list_schema_relations(void) {
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const struct kd_key *key = &kd_keys[k], *by = kd_key_selector(key);
    if (!by) continue;
    print_needs_choice(key, by);
    bool needed = !key->default_text && k != KD_KEY_KERNEL_SHAPE;
    if (needed) print_needs_key(key, by);
  }
  print_target();
}
