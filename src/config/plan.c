/* SPDX-License-Identifier: MIT
 *
 * From a file to a plan: source, tree, spec, overrides, checks; see plan.h.
 */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "plan_private.h"
#include "source.h"
#include "value_text.h"

void kd_plan_free(struct kd_plan *plan) {
  if (!plan) return;
  struct kd_plan_private *private = plan->private;
  if (private) {
    kd_plan_clear_axes(plan);
    kd_sieve_clear(&private->sieve);
    kd_spec_clear(&private->spec);
    free(private->text);
    free(private->overrides);
    free(private->files);
  }
  free(private);
  free(plan);
}

static struct kd_plan *plan_create(struct kd_diag *diag) {
  struct kd_plan *plan = calloc(1, sizeof *plan);
  if (plan) plan->private = calloc(1, sizeof *plan->private);
  if (plan && plan->private) return plan;
  kd_diag_no_memory(diag);
  free(plan);
  return NULL;
}

/* The --set arguments, one a line. */
static char *join(const char *const *sets, size_t n_sets) {
  size_t size = 1;
  for (size_t i = 0; i < n_sets; i++) size += strlen(sets[i]) + 1;
  char *text = malloc(size), *end = text;
  if (!text) return NULL;
  *text = '\0';
  for (size_t i = 0; i < n_sets; i++) {
    if (i > 0) end = stpcpy(end, "\n");
    end = stpcpy(end, sets[i]);
  }
  return text;
}

/* Diagnostics show the --set arguments that they are about. */
static bool keep_sets(struct kd_diag *diag, const char *const *sets, size_t n_sets) {
  diag->sets = calloc(n_sets + 1, sizeof *diag->sets);
  if (!diag->sets) return false;
  for (; diag->n_sets < n_sets; diag->n_sets++) {
    diag->sets[diag->n_sets] = strdup(sets[diag->n_sets]);
    if (!diag->sets[diag->n_sets]) return false;
  }
  return true;
}

/* `text` NULL: the file's */
static bool read_spec(const char *path, const char *text, const char *const *sets,
                      size_t n_sets, struct kd_plan *plan, struct kd_diag *diag) {
  struct kd_plan_private *private = plan->private;
  if (!kd_spec_init(&private->spec, diag)) return false;
  private->text = text ? kd_source_copy(path, text, diag) : kd_source_read(path, diag);
  if (!private->text) return false;
  private->overrides = join(sets, n_sets);
  if (!private->overrides || !keep_sets(diag, sets, n_sets)) {
    kd_diag_no_memory(diag);
    return false;
  }
  struct kd_node *root = kd_tree_read(private->text, 0, diag);
  if (!root) return false;
  kd_spec_read(&private->spec, root, diag);
  kd_tree_free(root);
  for (size_t i = 0; i < n_sets; i++) kd_spec_set(&private->spec, sets[i], i + 1, diag);
  return true;
}

static void list_fixed(struct kd_plan *plan) {
  struct kd_plan_private *private = plan->private;
  plan->fixed = private->fixed;
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (private->spec.value[k].set && !kd_spec_swept(&private->spec, &kd_keys[k]))
  private->fixed[plan->n_fixed++] = &kd_keys[k];
}

void kd_plan_fixed_text(const struct kd_plan *plan, size_t f, char *text, size_t size) {
  const struct kd_key *key = plan->fixed[f];
  kd_value_text(key, &plan->private->spec.value[kd_key_id(key)], text, size);
}

/* What the spec alone tells */
static void fill_outline(struct kd_plan *plan, struct kd_diag *diag) {
  const struct kd_spec *spec = &plan->private->spec;
  if (!kd_plan_list_axes(plan)) kd_diag_no_memory(diag);
  plan->experiment = spec->experiment;
  plan->about = spec->about ? spec->about : "";
  plan->text = plan->private->text;
  plan->overrides = plan->private->overrides;
  list_fixed(plan);
  plan->record = spec->value[KD_KEY_RECORD].names;
  plan->claims = spec->value[KD_KEY_CLAIMS].names;
}

static void fill_plan(struct kd_plan *plan, const struct kd_extent *extent,
                      struct kd_diag *diag) {
  const struct kd_spec *spec = &plan->private->spec;
  fill_outline(plan, diag);
  plan->files = plan->private->files = kd_files_text(spec->files);
  if (!plan->files) kd_diag_no_memory(diag);
  plan->n_cells = extent->n_cells;
  kd_plan_measure(plan);
  plan->max_points = extent->max_points;
  plan->max_recorded = extent->max_recorded;
  plan->max_bins = extent->max_bins;
}

/* max_cells = 0: an outline */
static int read_plan(size_t max_cells, const char *path, const char *text,
                     const char *const *sets, size_t n_sets, struct kd_plan **plan,
                     struct kd_diag *diag) {
  struct kd_extent extent;
  *plan = NULL;
  kd_diag_clear(diag);
  struct kd_plan *new = plan_create(diag);
  bool good = new && read_spec(path, text, sets, n_sets, new, diag);
  if (good && max_cells == 0 && diag->n == 0) fill_outline(new, diag);
  if (good && max_cells > 0) {
    kd_spec_open_files(&new->private->spec, path, diag);
    kd_check(&new->private->spec, max_cells, diag, &extent);
    new->n_product = extent.n_cells;
    if (diag->n == 0 && new->private->spec.n_filters > 0)
      kd_sieve_make(&new->private->sieve, &new->private->spec, diag, &extent);
    if (diag->n == 0) fill_plan(new, &extent, diag);
  }
  if (diag->n == 0) {
    *plan = new;
    return KD_OK;
  }
  kd_plan_free(new);
  return diag->code;
}

int kd_plan_read(const char *path, const char *const *sets, size_t n_sets,
                 struct kd_plan **plan, struct kd_diag *diag) {
  return read_plan(KD_CELLS_MAX, path, NULL, sets, n_sets, plan, diag);
}

int kd_plan_read_up_to(size_t max_cells, const char *path, const char *const *sets,
                       size_t n_sets, struct kd_plan **plan, struct kd_diag *diag) {
  return read_plan(max_cells, path, NULL, sets, n_sets, plan, diag);
}

static int read_again(size_t max_cells, const char *path, const char *text,
                      const char *overrides, struct kd_plan **plan, struct kd_diag *diag) {
  char *lines = strdup(overrides), *rest;
  const char **set = calloc(strlen(overrides) / 2 + 1, sizeof *set);
  size_t n = 0;
  int code = KD_SYSTEM;
  *plan = NULL;
  for (char *line = lines ? strtok_r(lines, "\n", &rest) : NULL; set && line;
       line = strtok_r(NULL, "\n", &rest))
    set[n++] = line;
  if (lines && set)
    code = read_plan(max_cells, path, text, set, n, plan, diag);
  else
    kd_diag_no_memory(diag);
  free(set);
  free(lines);
  return code;
}

int kd_plan_read_again(const char *path, const char *text, const char *overrides,
                       struct kd_plan **plan, struct kd_diag *diag) {
  return read_again(KD_CELLS_MAX, path, text, overrides, plan, diag);
}

int kd_plan_outline(const char *path, const char *text, const char *overrides,
                    struct kd_plan **plan, struct kd_diag *diag) {
  return read_again(0, path, text, overrides, plan, diag);
}
