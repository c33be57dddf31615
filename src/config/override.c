/* SPDX-License-Identifier: MIT
 *
 * --set PATH=VALUE. VALUE is YAML: one value (or a list for a key that is a
 * list) overrides what the file says, sweep included; a list or a range for
 * any other key, a list of lists for a list, becomes its axis, in the old
 * one's place if there is one, else the last.
 */
#include <stdlib.h>
#include <string.h>

#include "shown.h"
#include "spec.h"

static bool from_file(struct kd_mark mark) {
  return mark.line > 0;
}

static void forget(struct kd_spec *spec, enum kd_key_id id) {
  const struct kd_series *series = kd_spec_swept(spec, &kd_keys[id]);
  if (series && from_file(series->mark)) kd_spec_unsweep(spec, &kd_keys[id]);
  if (spec->value[id].set && from_file(spec->value[id].mark)) {
    kd_spec_unassign(spec, &kd_keys[id]);
    spec->value[id].mark = (struct kd_mark){0};
  }
}

/* The two forms of the target exclude each other: the file's gives way. */
static void replace_target(struct kd_spec *spec, const struct kd_key *key) {
  enum kd_key_id id = kd_key_id(key);
  if (id == KD_KEY_TARGET_BOUNDS) {
    forget(spec, KD_KEY_TARGET_CENTRE);
    forget(spec, KD_KEY_TARGET_HALF_WIDTH);
  } else if (id == KD_KEY_TARGET_CENTRE || id == KD_KEY_TARGET_HALF_WIDTH) {
    forget(spec, KD_KEY_TARGET_BOUNDS);
  }
}

static bool is_list_key(const struct kd_key *key) {
  return key->type == KD_KEY_REALS || key->type == KD_KEY_PAIR || key->type == KD_KEY_NAMES;
}

static bool is_axis(const struct kd_key *key, const struct kd_node *node) {
  bool has_list = false;
  for (const struct kd_node *child = node->first; child; child = child->next)
    has_list = has_list || child->kind == KD_NODE_LIST;
  return node->kind != KD_NODE_SCALAR && (has_list || !is_list_key(key));
}

static void set_axis(struct kd_spec *spec, const struct kd_key *key, const struct kd_node *node,
                     struct kd_diag *diag) {
  struct kd_series *old = kd_spec_swept(spec, key), series;
  if (old && spec->axis[old->axis].group) {
    kd_diag_add(diag, node->mark, "one value takes it out of the group",
                "%s is part of the lock-step group '%s' at line %zu", key->path,
                spec->axis[old->axis].name, spec->axis[old->axis].mark.line);
    return;
  }
  if (!kd_series_read(key, node, &spec->unset[kd_key_id(key)], diag, &series)) {
    spec->broken |= KD_KEY_BIT(kd_key_id(key));
    return;
  }
  series.mark = node->mark;
  kd_spec_unassign(spec, key);
  if (!old) {
    kd_spec_add_axis(spec, key, &series, diag);
    return;
  }
  series.axis = old->axis;
  spec->axis[old->axis].n = series.n;
  spec->axis[old->axis].mark = node->mark;
  kd_series_clear(old);
  *old = series;
}

static bool is_group(const struct kd_spec *spec, const char *name) {
  for (size_t a = 0; a < spec->n_axes; a++)
    if (spec->axis[a].group && strcmp(spec->axis[a].name, name) == 0) return true;
  return false;
}

static void apply(struct kd_spec *spec, const char *path, const struct kd_node *node,
                  struct kd_diag *diag) {
  const struct kd_key *key = kd_key_find(path);
  if (kd_spec_title(spec, path, node, diag)) return;
  if (strcmp(path, "where") == 0) {
    kd_spec_where(spec, node, diag);
    return;
  }
  if (strcmp(path, "sweep") == 0) {
    kd_diag_add(diag, node->mark, "as --set 'shift.by=[0, 1]'",
                "sweep is no path: give the path of an axis its values");
    return;
  }
  if (!key && is_group(spec, path)) {
    kd_diag_add(diag, node->mark, "set its paths to one value each",
                "'%s' is a lock-step group: --set cannot change it as a whole", path);
    return;
  }
  if (!key) {
    kd_spec_unknown(spec, path, node->mark, diag);
    return;
  }
  replace_target(spec, key);
  if (is_axis(key, node)) {
    set_axis(spec, key, node, diag);
    return;
  }
  kd_spec_unsweep(spec, key);
  kd_spec_assign(spec, key, node, diag);
}

/* Whether an earlier --set names the same path. */
static bool is_second(const char *text, size_t n, size_t set, struct kd_diag *diag) {
  for (size_t i = 0; i + 1 < set && i < diag->n_sets; i++) {
    const char *other = diag->sets[i];
    char path[KD_BRIEF], by[KD_BRIEF];
    if (strncmp(other, text, n) != 0 || other[n] != '=') continue;
    kd_diag_add(diag, (struct kd_mark){0, set, 0}, NULL, "%s is set twice, by --set %s already",
                kd_shown_brief_of(text, n, path), kd_shown_brief(other, by));
    return true;
  }
  return false;
}

void kd_spec_set(struct kd_spec *spec, const char *text, size_t set, struct kd_diag *diag) {
  struct kd_mark mark = {0, set, 0};
  const char *equals = strchr(text, '=');
  if (!equals || equals == text) {
    kd_diag_add(diag, mark, NULL, "expected PATH=VALUE");
    return;
  }
  if (is_second(text, (size_t)(equals - text), set, diag)) return;
  char *path = strndup(text, (size_t)(equals - text));
  struct kd_node *node = kd_tree_read(equals + 1, set, diag);
  if (!path) kd_diag_no_memory(diag);
  if (!node) spec->broken = ~UINT64_C(0);
  if (path && node) apply(spec, path, node, diag);
  kd_tree_free(node);
  free(path);
}
