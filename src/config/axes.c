/* SPDX-License-Identifier: MIT
 *
 * The sweep: axes in the order of the file, each a path with its series, or a
 * lock-step group, a name with a mapping of several paths of equal length.
 */
#include <stdlib.h>
#include <string.h>

#include "shown.h"
#include "spec.h"

void kd_spec_load(const struct kd_spec *spec, size_t axis, size_t i, uint64_t keys,
                  struct kd_value *values) {
  for (size_t s = 0; s < spec->n_swept; s++) {
    enum kd_key_id id = kd_key_id(spec->swept[s].key);
    if (spec->swept[s].axis == axis && keys & KD_KEY_BIT(id))
      values[id] = kd_series_value(&spec->swept[s], i);
  }
}

struct kd_series *kd_spec_swept(struct kd_spec *spec, const struct kd_key *key) {
  for (size_t s = 0; s < spec->n_swept; s++)
    if (spec->swept[s].key == key) return &spec->swept[s];
  return NULL;
}

static void drop_axis(struct kd_spec *spec, size_t axis) {
  free(spec->axis[axis].name);
  spec->n_axes--;
  memmove(&spec->axis[axis], &spec->axis[axis + 1], (spec->n_axes - axis) * sizeof *spec->axis);
  for (size_t s = 0; s < spec->n_swept; s++)
    if (spec->swept[s].axis > axis) spec->swept[s].axis--;
}

void kd_spec_unsweep(struct kd_spec *spec, const struct kd_key *key) {
  struct kd_series *series = kd_spec_swept(spec, key);
  if (!series) return;
  size_t axis = series->axis, members = 0, at = (size_t)(series - spec->swept);
  kd_series_clear(series);
  spec->n_swept--;
  memmove(series, series + 1, (spec->n_swept - at) * sizeof *series);
  for (size_t s = 0; s < spec->n_swept; s++) members += spec->swept[s].axis == axis;
  if (members == 0) drop_axis(spec, axis);
}

/* Appends an axis without paths; false if memory is short. */
static bool open_axis(struct kd_spec *spec, const char *name, struct kd_mark mark, bool group,
                      struct kd_diag *diag) {
  char *copy = strdup(name);
  if (!copy) {
    kd_diag_no_memory(diag);
    return false;
  }
  spec->axis[spec->n_axes++] =
      (struct kd_spec_axis){.name = copy, .mark = mark, .group = group};
  return true;
}

/* Gives the series, which becomes the spec's, to the last axis. */
static void append(struct kd_spec *spec, struct kd_series *series) {
  series->axis = spec->n_axes - 1;
  spec->axis[series->axis].n = series->n;
  spec->swept[spec->n_swept++] = *series;
}

void kd_spec_add_axis(struct kd_spec *spec, const struct kd_key *key, struct kd_series *series,
                      struct kd_diag *diag) {
  if (open_axis(spec, key->path, series->mark, false, diag))
    append(spec, series);
  else
    kd_series_clear(series);
}

/* Reads the series of a path that no axis has yet. */
static bool read_series(struct kd_spec *spec, const struct kd_key *key,
                        const struct kd_node *node, struct kd_diag *diag,
                        struct kd_series *series) {
  const struct kd_series *before = kd_spec_swept(spec, key);
  if (before) {
    kd_diag_add(diag, node->name_mark, NULL, "%s is swept at line %zu already", key->path,
                before->mark.line);
    return false;
  }
  if (kd_series_read(key, node, &spec->unset[kd_key_id(key)], diag, series)) return true;
  spec->broken |= KD_KEY_BIT(kd_key_id(key));
  return false;
}

/* ------------------------------------------------------------------ groups */

static bool is_group(const struct kd_node *node) {
  return node->kind == KD_NODE_MAP && !strchr(node->name, '.') && !kd_node_find(node, "from");
}

static bool is_group_name(const char *name) {
  size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
  return n > 0 && n <= 64 && name[n] == '\0';
}

/* Where the group's first series stands is kept in *first. */
static void read_member(struct kd_spec *spec, const struct kd_node *node, struct kd_mark *first,
                        struct kd_diag *diag) {
  const struct kd_key *key = kd_key_find(node->name);
  struct kd_series series;
  if (!key && is_group(node)) {
    kd_diag_add(diag, node->name_mark, NULL, "a lock-step group holds paths, not groups");
    spec->broken = ~UINT64_C(0);
    return;
  }
  if (!key) {
    kd_spec_unknown(spec, node->name, node->name_mark, diag);
    return;
  }
  if (!read_series(spec, key, node, diag, &series)) return;
  if (!series.list && series.n > KD_GROUP_MAX) {
    kd_diag_add(diag, series.range_mark, NULL,
                "a range in a lock-step group has at most %d values, not %zu", KD_GROUP_MAX,
                series.n);
    spec->broken |= KD_KEY_BIT(kd_key_id(key));
    return;
  }
  const struct kd_spec_axis *axis = &spec->axis[spec->n_axes - 1];
  if (axis->n > 0 && series.n != axis->n) {
    kd_diag_add(diag, node->name_mark, NULL,
                "%s has %zu values, but the group '%s' has %zu at line %zu", key->path,
                series.n, axis->name, axis->n, first->line);
    spec->broken |= KD_KEY_BIT(kd_key_id(key));
    kd_series_clear(&series);
    return;
  }
  if (axis->n == 0) *first = node->name_mark;
  append(spec, &series);
}

static void read_group(struct kd_spec *spec, const struct kd_node *node, struct kd_diag *diag) {
  struct kd_mark first = node->name_mark;
  char name[KD_BRIEF];
  if (!is_group_name(node->name) || node->n == 0) spec->broken = ~UINT64_C(0);
  if (!is_group_name(node->name)) {
    kd_diag_add(diag, node->name_mark, NULL,
                "a lock-step group's name is 1 to 64 characters a-z, 0-9, '-', got '%s'",
                kd_shown_brief(node->name, name));
    return;
  }
  if (node->n == 0) {
    kd_diag_add(diag, node->mark, NULL, "the group '%s' is empty", node->name);
    return;
  }
  if (!open_axis(spec, node->name, node->name_mark, true, diag)) return;
  for (const struct kd_node *child = node->first; child && !kd_diag_full(diag);
       child = child->next)
    read_member(spec, child, &first, diag);
  if (spec->axis[spec->n_axes - 1].n == 0) drop_axis(spec, spec->n_axes - 1);
}

/* ------------------------------------------------------------------- sweep */

static void read_axis(struct kd_spec *spec, const struct kd_node *node, struct kd_diag *diag) {
  const struct kd_key *key = kd_key_find(node->name);
  struct kd_series series;
  if (kd_spec_is_entry(node->name))
    kd_diag_add(diag, node->name_mark, NULL, "%s cannot be swept", node->name);
  else if (!key && is_group(node))
    read_group(spec, node, diag);
  else if (!key)
    kd_spec_unknown(spec, node->name, node->name_mark, diag);
  else if (read_series(spec, key, node, diag, &series))
    kd_spec_add_axis(spec, key, &series, diag);
}

void kd_spec_sweep(struct kd_spec *spec, const struct kd_node *sweep, struct kd_diag *diag) {
  if (sweep->kind != KD_NODE_MAP) {
    char got[96];
    kd_node_describe(sweep, got, sizeof got);
    kd_diag_add(diag, sweep->mark, NULL,
                "sweep must be a mapping of paths to their values, got %s", got);
    spec->broken = ~UINT64_C(0);
    return;
  }
  if (sweep->n == 0) kd_diag_add(diag, sweep->mark, "leave it out", "the sweep is empty");
  for (const struct kd_node *node = sweep->first; node && !kd_diag_full(diag);
       node = node->next)
    read_axis(spec, node, diag);
}
