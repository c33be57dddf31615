/* SPDX-License-Identifier: MIT
 *
 * From the tree to the values set outside the sweep; see spec.h. The sections
 * (kernel, target, ...) are those of the key table's paths.
 */
#include "spec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "shown.h"

static_assert(KD_N_KEYS <= 64, "sets of keys are 64 bits");

const struct kd_spec_entry kd_spec_entries[] = {
    {"experiment", "name of the experiment, and of its result: results/NAME.h5"},
    {"about", "one line that says what it is about"},
    {"sweep",
     "axes: paths with their values; the cells are the product, the last axis fastest"},
    {"where", "filters as \"shift.by <= d_edge\": a cell is left if all hold"},
};
const size_t kd_n_spec_entries = sizeof kd_spec_entries / sizeof *kd_spec_entries;

bool kd_spec_is_entry(const char *name) {
  for (size_t i = 0; i < kd_n_spec_entries; i++)
    if (strcmp(kd_spec_entries[i].name, name) == 0) return true;
  return false;
}

bool kd_spec_init(struct kd_spec *spec, struct kd_diag *diag) {
  *spec = (struct kd_spec){.files = calloc(1, sizeof *spec->files)};
  if (!spec->files) {
    kd_diag_no_memory(diag);
    return false;
  }
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    if (!kd_value_default(&kd_keys[k], diag, &spec->unset[k])) return false;
    spec->value[k] = spec->unset[k];
  }
  return true;
}

void kd_spec_clear(struct kd_spec *spec) {
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    if (spec->value[k].set) kd_value_clear(&spec->value[k]);
    kd_value_clear(&spec->unset[k]);
  }
  for (size_t s = 0; s < spec->n_swept; s++) kd_series_clear(&spec->swept[s]);
  for (size_t a = 0; a < spec->n_axes; a++) free(spec->axis[a].name);
  kd_spec_clear_where(spec);
  if (spec->files) kd_files_clear(spec->files);
  free(spec->files);
  free(spec->experiment);
  free(spec->about);
  *spec = (struct kd_spec){0};
}

void kd_spec_unassign(struct kd_spec *spec, const struct kd_key *key) {
  struct kd_value *value = &spec->value[kd_key_id(key)];
  struct kd_mark mark = value->mark;
  if (value->set) kd_value_clear(value);
  *value = spec->unset[kd_key_id(key)];
  value->mark = mark;
}

void kd_spec_assign(struct kd_spec *spec, const struct kd_key *key, const struct kd_node *node,
                    struct kd_diag *diag) {
  struct kd_value value;
  kd_spec_unassign(spec, key);
  if (kd_node_is_unset(node)) return;
  if (kd_value_read(key, node, diag, &value))
    spec->value[kd_key_id(key)] = value;
  else
    spec->broken |= KD_KEY_BIT(kd_key_id(key));
}

/* ------------------------------------------------------------------ titles */

static bool is_experiment_name(const char *text) {
  size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
  return n > 0 && n <= 64 && text[n] == '\0' && text[0] != '-';
}

bool kd_spec_title(struct kd_spec *spec, const char *name, const struct kd_node *node,
                   struct kd_diag *diag) {
  bool is_name = strcmp(name, "experiment") == 0;
  if (!is_name && strcmp(name, "about") != 0) return false;
  bool is_text = node->kind == KD_NODE_SCALAR;
  char got[96];
  char **title = is_name ? &spec->experiment : &spec->about;
  free(*title);
  *title = strdup(is_text ? node->text : "");
  if (!*title) kd_diag_no_memory(diag);
  kd_node_describe(node, got, sizeof got);
  if (is_name) spec->named = true;
  if (is_name && !(is_text && is_experiment_name(node->text)))
    kd_diag_add(diag, node->mark, NULL,
                "experiment must be a name of 1 to 64 characters a-z, 0-9, '-', not first '-', "
                "got %s",
                got);
  bool clean = is_text && kd_shown_all(node->text);
  if (!is_name && !(clean && strlen(node->text) <= KD_TEXT_MAX))
    kd_diag_add(diag, node->mark, is_text && !clean ? KD_NOT_SHOWN : NULL,
                "about must be one line of text, up to %d bytes, got %s", KD_TEXT_MAX, got);
  return true;
}

/* ---------------------------------------------------------------- sections */

static bool in_section(const struct kd_key *key, const char *section) {
  size_t n = kd_key_section(key);
  return n > 0 && strlen(section) == n && strncmp(key->path, section, n) == 0;
}

static bool is_section(const char *name) {
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (in_section(&kd_keys[k], name)) return true;
  return false;
}

/* Key `name` of a section, or NULL. */
static const struct kd_key *key_in_section(const char *section, const char *name) {
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (in_section(&kd_keys[k], section) &&
        strcmp(kd_keys[k].path + kd_key_section(&kd_keys[k]) + 1, name) == 0)
      return &kd_keys[k];
  return NULL;
}

/* "it is a key of points and logits", where it is one; NULL if nowhere. */
static const char *hint_of_home(struct kd_spec *spec, const char *name, char *hint,
                                size_t size) {
  bool found = false;
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    int n = (int)kd_key_section(&kd_keys[k]);
    if (n == 0 || strcmp(kd_keys[k].path + n + 1, name) != 0) continue;
    size_t used = found ? strlen(hint) : 0;
    snprintf(hint + used, size - used, "%s %.*s", found ? " and" : "it is a key of", n,
             kd_keys[k].path);
    spec->broken |= KD_KEY_BIT(k);
    found = true;
  }
  return found ? hint : NULL;
}

static void break_section(struct kd_spec *spec, const char *section) {
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (in_section(&kd_keys[k], section)) spec->broken |= KD_KEY_BIT(k);
}

static void unknown_in_section(struct kd_spec *spec, const char *section,
                               const struct kd_node *node, struct kd_diag *diag) {
  struct kd_nearest nearest;
  char name[KD_BRIEF], hint[96];
  const char *home = hint_of_home(spec, node->name, hint, sizeof hint);
  kd_nearest_init(&nearest, node->name);
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (in_section(&kd_keys[k], section))
      kd_nearest_try(&nearest, kd_keys[k].path + strlen(section) + 1);
  kd_diag_add(diag, node->name_mark, home ? home : kd_nearest_hint(&nearest),
              "unknown key '%s' in %s", kd_shown_brief(node->name, name), section);
  if (nearest.best && !home)
    spec->broken |= KD_KEY_BIT(kd_key_id(key_in_section(section, nearest.best)));
  else
    break_section(spec, section);
}

static void read_section(struct kd_spec *spec, const struct kd_node *section,
                         struct kd_diag *diag) {
  if (section->kind != KD_NODE_MAP) {
    char got[96];
    kd_node_describe(section, got, sizeof got);
    kd_diag_add(diag, section->mark, NULL,
                "%s must be a mapping of its keys, as {key: value}, got %s", section->name,
                got);
    break_section(spec, section->name);
    return;
  }
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (in_section(&kd_keys[k], section->name)) spec->value[k].mark = section->name_mark;
  for (const struct kd_node *child = section->first; child && !kd_diag_full(diag);
       child = child->next) {
    const struct kd_key *key = key_in_section(section->name, child->name);
    if (key)
      kd_spec_assign(spec, key, child, diag);
    else
      unknown_in_section(spec, section->name, child, diag);
  }
}

/* --------------------------------------------------------------- top level */

/* Sections and keys without one; where a section is best, its name is kept. */
static void try_keys(struct kd_nearest *nearest, char *section, size_t size) {
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    size_t n = kd_key_section(&kd_keys[k]);
    const char *before = nearest->best;
    char name[32];
    if (n == 0) kd_nearest_try(nearest, kd_keys[k].path);
    if (n == 0 || n >= sizeof name || n >= size) continue;
    memcpy(name, kd_keys[k].path, n);
    name[n] = '\0';
    kd_nearest_try(nearest, name);
    if (nearest->best == before) continue;
    memcpy(section, name, n + 1);
    nearest->best = section;
  }
}

/* What was meant by a mistyped key without section is not to be missed as well. */
static void break_top(struct kd_spec *spec, const char *meant) {
  const struct kd_key *key = kd_key_find(meant);
  if (key) spec->broken |= KD_KEY_BIT(kd_key_id(key));
  if (strcmp(meant, "sweep") == 0) spec->broken = ~UINT64_C(0);
  if (strcmp(meant, "experiment") == 0) spec->named = true;
}

static void unknown_at_top(struct kd_spec *spec, const struct kd_node *node,
                           struct kd_diag *diag) {
  struct kd_nearest nearest;
  char section[32] = "", name[KD_BRIEF], hint[96];
  const char *home = hint_of_home(spec, node->name, hint, sizeof hint);
  kd_nearest_init(&nearest, node->name);
  for (size_t i = 0; i < kd_n_spec_entries; i++)
    kd_nearest_try(&nearest, kd_spec_entries[i].name);
  try_keys(&nearest, section, sizeof section);
  kd_diag_add(diag, node->name_mark, home ? home : kd_nearest_hint(&nearest),
              "unknown key '%s'", kd_shown_brief(node->name, name));
  if (home) return;
  if (nearest.best == section)
    break_section(spec, section);
  else if (nearest.best)
    break_top(spec, nearest.best);
}

/* A dotted path outside the sweep. */
static void refuse_dotted(struct kd_spec *spec, const struct kd_key *key,
                          const struct kd_node *node, struct kd_diag *diag) {
  int n = (int)kd_key_section(key);
  char hint[96];
  snprintf(hint, sizeof hint, "write %.*s: {%s: ...}", n, key->path, key->path + n + 1);
  kd_diag_add(diag, node->name_mark, hint, "a dotted path stands only in the sweep");
  spec->broken |= KD_KEY_BIT(kd_key_id(key));
}

static void read_top(struct kd_spec *spec, const struct kd_node *node, struct kd_diag *diag) {
  const struct kd_key *key = kd_key_find(node->name);
  if (kd_spec_title(spec, node->name, node, diag)) return;
  if (key && kd_key_section(key))
    refuse_dotted(spec, key, node, diag);
  else if (key)
    kd_spec_assign(spec, key, node, diag);
  else if (is_section(node->name))
    read_section(spec, node, diag);
  else if (strcmp(node->name, "sweep") == 0)
    kd_spec_sweep(spec, node, diag);
  else if (strcmp(node->name, "where") == 0)
    kd_spec_where(spec, node, diag);
  else if (strchr(node->name, '.'))
    kd_spec_unknown(spec, node->name, node->name_mark, diag);
  else
    unknown_at_top(spec, node, diag);
}

void kd_spec_read(struct kd_spec *spec, const struct kd_node *root, struct kd_diag *diag) {
  if (root->kind != KD_NODE_MAP) {
    kd_diag_add(diag, root->mark, NULL, "a config is a mapping, as `experiment: name`");
    spec->broken = ~UINT64_C(0);
    return;
  }
  for (const struct kd_node *node = root->first; node && !kd_diag_full(diag); node = node->next)
    read_top(spec, node, diag);
}

/* A section where a path is wanted. */
static void refuse_section(struct kd_spec *spec, const char *section, struct kd_mark mark,
                           struct kd_diag *diag) {
  size_t k = 0;
  while (!in_section(&kd_keys[k], section)) k++;
  kd_diag_add(diag, mark, NULL, "%s is a section: name one of its keys, as %s", section,
              kd_keys[k].path);
  break_section(spec, section);
}

void kd_spec_unknown(struct kd_spec *spec, const char *name, struct kd_mark mark,
                     struct kd_diag *diag) {
  struct kd_nearest nearest;
  char brief[KD_BRIEF];
  if (is_section(name)) {
    refuse_section(spec, name, mark, diag);
    return;
  }
  kd_nearest_init(&nearest, name);
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const char *path = kd_keys[k].path, *tail = path + kd_key_section(&kd_keys[k]) + 1;
    if (!strchr(name, '.') && strcmp(tail, name) == 0) {
      nearest.best = path;
      break;
    }
    kd_nearest_try(&nearest, path);
  }
  kd_diag_add(diag, mark, kd_nearest_hint(&nearest), "unknown key '%s'",
              kd_shown_brief(name, brief));
  spec->broken |=
      nearest.best ? KD_KEY_BIT(kd_key_id(kd_key_find(nearest.best))) : ~UINT64_C(0);
}

/* ------------------------------------------------------------------- files */

static void number(struct kd_spec *spec, const struct kd_key *key, struct kd_value *value,
                   struct kd_diag *diag) {
  bool is_column = kd_key_id(key) == KD_KEY_POINTS_COLUMN;
  if (!value->text || kd_files_number(spec->files, value, is_column)) return;
  kd_diag_add(diag, value->mark, NULL, "%s: more than %d different ones", key->path,
              is_column ? KD_COLUMNS_MAX : KD_FILES_MAX);
  spec->broken |= KD_KEY_BIT(kd_key_id(key));
}

void kd_spec_open_files(struct kd_spec *spec, const char *config, struct kd_diag *diag) {
  spec->config = config;
  for (size_t k = KD_KEY_POINTS_FILE; k <= KD_KEY_POINTS_COLUMN; k++) {
    const struct kd_series *series = kd_spec_swept(spec, &kd_keys[k]);
    number(spec, &kd_keys[k], &spec->value[k], diag);
    for (size_t i = 0; series && i < series->n && !kd_diag_full(diag); i++)
      number(spec, &kd_keys[k], &series->list[i], diag);
  }
  if (!kd_files_open(spec->files)) kd_diag_no_memory(diag);
}
