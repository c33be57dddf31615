/* SPDX-License-Identifier: MIT
 *
 * kdegrad list keys --json-schema: what one value, one section, the sweep and the
 * filters may be. Each key's value is a definition under its path, its values in a
 * sweep one under "sweep " and the path; `~`, unset, is null.
 *
 * https://json-schema.org/draft-07/json-schema-validation
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/number.h"
#include "config/quantity.h"
#include "config/series.h"
#include "config/shown.h"
#include "config/spec.h"
#include "json.h"
#include "list.h"

#define print kd_json_print

/* What kd_shown_all refuses, as a regular expression; %s is no part of JSON. */
#define HIDDEN                                                                                 \
  "[\\\\u0000-\\\\u001f\\\\u007f-\\\\u009f\\\\u200b-\\\\u200f\\\\u2028-\\\\u202e"              \
  "\\\\u2060-\\\\u206f\\\\ufeff]"

/* ------------------------------------------------------------------- values */

static void print_names(const struct kd_key *key, const char *more) {
  const char *name;
  print("'enum': [");
  for (size_t i = 0; (name = key->choice(i)); i++) print("%s'%s'", i ? ", " : "", name);
  print("%s]", more);
}

static void print_number(const struct kd_key *key, const char *type) {
  char least[KD_NUMBER_TEXT], most[KD_NUMBER_TEXT];
  print("'type': %s", type);
  if (isnan(key->min)) return;
  kd_number_text(key->min, least, sizeof least);
  kd_number_text(key->max, most, sizeof most);
  print(", '%s': %s, 'maximum': %s", key->min_open ? "exclusiveMinimum" : "minimum", least,
        most);
}

/* What a value may be, without braces. */
static void print_value(const struct kd_key *key) {
  switch (key->type) {
  case KD_KEY_NAME:
    print_names(key, ", null");
    break;
  case KD_KEY_REAL:
    print_number(key, "['number', 'null']");
    break;
  case KD_KEY_INTEGER:
    print_number(key, "['integer', 'null']");
    break;
  case KD_KEY_REALS:
  case KD_KEY_PAIR:
    print("'type': ['array', 'null'], ");
    print(key->type == KD_KEY_PAIR ? "'minItems': 2, 'maxItems': 2, " : "'minItems': 1, ");
    print("'items': {");
    print_number(key, "'number'");
    print("}");
    break;
  case KD_KEY_NAMES:
    print("'type': ['array', 'null'], 'minItems': %d, 'uniqueItems': true, 'items': {",
          strcmp(key->default_text, "[]") != 0);
    print_names(key, "");
    print("}");
    break;
  case KD_KEY_TEXT:
    print("'type': ['string', 'number', 'boolean', 'null'], 'minLength': 1, "
          "'maxLength': %d, 'not': {'type': 'string', 'pattern': '" HIDDEN "'}",
          KD_TEXT_MAX);
    break;
  }
}

static void print_default(const struct kd_key *key) {
  const char *text = key->default_text;
  if (!text) return;
  print(", 'default': ");
  if (key->type == KD_KEY_NAME || key->type == KD_KEY_TEXT)
    kd_json_string(text);
  else if (key->type != KD_KEY_NAMES)
    print("%s", text);
  else
    for (; *text; text++) { /* the names of a list get quotes */
      bool name = !strchr("[], ", *text);
      if (name && strchr("[ ", text[-1])) print("'");
      print("%c", *text);
      if (name && strchr("],", text[1])) print("'");
    }
}

static void print_key(const struct kd_key *key) {
  char range[512], doc[1024];
  kd_key_range_text(key, range, sizeof range);
  snprintf(doc, sizeof doc, "%s: %s.", key->doc, range);
  print("    '%s': {'description': ", key->path);
  kd_json_string(doc);
  print(", ");
  print_value(key);
  print_default(key);
  print("},\n");
}

/* -------------------------------------------------------------------- sweep */

static void print_range(const struct kd_key *key) {
  const char *type = key->type == KD_KEY_INTEGER ? "'integer'" : "'number'";
  print(", {'type': 'object', 'additionalProperties': false, "
        "'required': ['from', 'to', 'count'], 'properties': {");
  for (int end = 0; end < 2; end++) {
    print("%s'%s': {", end ? ", " : "", end ? "to" : "from");
    print_number(key, type);
    print("}");
  }
  print(", 'count': {'type': 'integer', 'minimum': 1, 'maximum': %d}, "
        "'scale': {'enum': ['linear', 'log']}}, "
        "'if': {'required': ['scale'], 'properties': {'scale': {'const': 'log'}}}, "
        "'then': {'properties': {'from': {'exclusiveMinimum': 0}, "
        "'to': {'exclusiveMinimum': 0}}}}",
        KD_SERIES_MAX);
}

static bool can_be_swept(const struct kd_key *key) {
  return key->type != KD_KEY_NAMES;
}

static void print_series(const struct kd_key *key) {
  if (!can_be_swept(key)) return;
  bool numbers = key->type == KD_KEY_REAL || key->type == KD_KEY_INTEGER;
  print("    'sweep %s': {'description': ", key->path);
  kd_json_string(key->doc);
  print(", 'anyOf': [{'type': 'array', 'minItems': 1, 'items': {'$ref': '#/definitions/%s'}}",
        key->path);
  if (numbers) print_range(key);
  print("]},\n");
}

/* Paths with their series; in a group ranges are short. */
static void print_paths(bool in_group) {
  const char *comma = "";
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const char *path = kd_keys[k].path;
    if (!can_be_swept(&kd_keys[k])) continue;
    if (in_group)
      print("%s\n        '%s': {'allOf': [{'$ref': '#/definitions/sweep %s'}, "
            "{'properties': {'count': {'maximum': %d}}}]}",
            comma, path, path, KD_GROUP_MAX);
    else
      print("%s\n        '%s': {'$ref': '#/definitions/sweep %s'}", comma, path, path);
    comma = ",";
  }
}

static void print_description(const char *entry) {
  for (size_t i = 0; i < kd_n_spec_entries; i++) {
    if (strcmp(kd_spec_entries[i].name, entry) != 0) continue;
    print("'description': ");
    kd_json_string(kd_spec_entries[i].doc);
    print(", ");
  }
}

static void print_group(void) {
  print("    'group': {\n"
        "      'description': 'A lock-step group: its paths change together.',\n"
        "      'type': 'object', 'minProperties': 1, 'additionalProperties': false,\n"
        "      'properties': {");
  print_paths(true);
  print("\n      }\n    },\n");
}

static void print_sweep(void) {
  print("    'sweep': {\n      ");
  print_description("sweep");
  print("'type': 'object', 'minProperties': 1,\n"
        "      'propertyNames': {'anyOf': [{'pattern': '^[a-z0-9-]{1,64}$'}, {'enum': [");
  for (size_t k = 0; k < KD_N_KEYS; k++) print("%s'%s'", k ? ", " : "", kd_keys[k].path);
  print("]}]},\n      'additionalProperties': {'$ref': '#/definitions/group'},\n"
        "      'properties': {");
  print_paths(false);
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (!can_be_swept(&kd_keys[k])) print(",\n        '%s': false", kd_keys[k].path);
  for (size_t i = 0; i < kd_n_spec_entries; i++)
    print(",\n        '%s': false", kd_spec_entries[i].name);
  print("\n      }\n    },\n");
}

/* ------------------------------------------------------------------ filters */

#define BLANK  "[ \\\\t\\\\r\\\\n]*"
#define NUMBER "[-+]?([0-9]+\\\\.?[0-9]*|\\\\.[0-9]+)([eE][-+]?[0-9]+)?"

/* A path in a regular expression */
static void print_literal(const char *path) {
  for (; *path; path++) print(*path == '.' ? "\\\\%c" : "%c", *path);
}

static void print_numeric_paths(void) {
  print("(");
  for (size_t i = 0; i < kd_n_quantities; i++) {
    if (i) print("|");
    print_literal(kd_quantities[i].name);
  }
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    if (kd_keys[k].type != KD_KEY_REAL && kd_keys[k].type != KD_KEY_INTEGER) continue;
    print("|");
    print_literal(kd_keys[k].path);
  }
  print(")");
}

static void print_choices(const struct kd_key *key) {
  const char *name;
  for (size_t i = 0; (name = key->choice(i)); i++) print("%s%s", i ? "|" : "", name);
}

/* path == path or name; name == path */
static void print_name_filter(const struct kd_key *key) {
  print("|");
  print_literal(key->path);
  print(BLANK "[=!]=" BLANK "(");
  print_literal(key->path);
  print("|");
  print_choices(key);
  print(")|(");
  print_choices(key);
  print(")" BLANK "[=!]=" BLANK);
  print_literal(key->path);
}

static void print_filters(void) {
  const char *relation = BLANK "(==|!=|<=|>=|<|>)" BLANK;
  print("    'where': {");
  print_description("where");
  print("'type': ['array', 'null'], 'maxItems': %d, "
        "'items': {'type': 'string', 'pattern': '^" BLANK "(",
        KD_FILTERS_MAX);
  print_numeric_paths();
  print("%s(" NUMBER "|", relation);
  print_numeric_paths();
  print(")|" NUMBER "%s", relation);
  print_numeric_paths();
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (kd_keys[k].type == KD_KEY_NAME) print_name_filter(&kd_keys[k]);
  print(")" BLANK "$'}}");
}

/* ---------------------------------------------------------------- top level */

/* The section that starts with key k, or the key itself if it has none. */
static void print_section(size_t k) {
  size_t n = kd_key_section(&kd_keys[k]);
  const char *path = kd_keys[k].path, *comma = "";
  if (n == 0) {
    print("    '%s': {'$ref': '#/definitions/%s'},\n", path, path);
    return;
  }
  print("    '%.*s': {'type': 'object', 'additionalProperties': false, 'properties': {", (int)n,
        path);
  for (; k < KD_N_KEYS && strncmp(kd_keys[k].path, path, n + 1) == 0; k++) {
    print("%s\n      '%s': {'$ref': '#/definitions/%s'}", comma, kd_keys[k].path + n + 1,
          kd_keys[k].path);
    comma = ",";
  }
  print("\n    }},\n");
}

static bool starts_section(size_t k) {
  size_t n = kd_key_section(&kd_keys[k]);
  return n == 0 || k == 0 || strncmp(kd_keys[k - 1].path, kd_keys[k].path, n + 1) != 0;
}

static void print_properties(void) {
  print("  'properties': {\n    'experiment': {");
  print_description("experiment");
  print("'type': ['string', 'number', 'boolean'], 'minimum': 0, "
        "'pattern': '^[a-z0-9][a-z0-9-]{0,63}$', 'not': {'type': 'string', 'pattern': '" HIDDEN
        "'}},\n    'about': {");
  print_description("about");
  print("'type': ['string', 'number', 'boolean', 'null'], 'maxLength': %d, "
        "'not': {'type': 'string', 'pattern': '" HIDDEN "'}},\n",
        KD_TEXT_MAX);
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (starts_section(k)) print_section(k);
  print("    'sweep': {'$ref': '#/definitions/sweep'},\n"
        "    'where': {'$ref': '#/definitions/where'}\n  },\n");
}

void kd_list_schema(void) {
  print("{\n  '$schema': 'http://json-schema.org/draft-07/schema#',\n"
        "  'title': 'An experiment of kdegrad',\n"
        "  'type': 'object', 'additionalProperties': false, 'required': ['experiment'],\n");
  print_properties();
  print("  'allOf': [\n");
  kd_list_schema_relations();
  print("  ],\n  'definitions': {\n");
  for (size_t k = 0; k < KD_N_KEYS; k++) print_key(&kd_keys[k]);
  for (size_t k = 0; k < KD_N_KEYS; k++) print_series(&kd_keys[k]);
  print_group();
  print_sweep();
  kd_list_schema_places();
  print_filters();
  print("\n  }\n}\n");
}
