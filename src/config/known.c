/* SPDX-License-Identifier: MIT
 *
 * Known values; see known.h. Of each key the hashes of its values are kept, sorted. An
 * axis of more than a million values counts as if it had all.
 */
#include "known.h"

#include <stdlib.h>
#include <string.h>

#include "cellkey.h"
#include "plan_private.h"
#include "value_text.h"

enum { LISTED_MAX = 1 << 20 };

struct values {
  size_t n;
  uint64_t *hash; /* n of them, owned, sorted */
  bool all;
  char text[72]; /* the first */
};

struct kd_known {
  struct values of[KD_N_KEYS];
  char *files; /* of the first plan that read any; owned, or NULL */
  bool other_files;
  struct kd_cellkey *state;
  const struct kd_plan *judged; /* whose keys the next two are about; NULL: none yet */
  uint64_t swept, fixed_new;    /* its swept keys; the new ones among the others */
};

struct kd_known *kd_known_create(void) {
  struct kd_known *known = calloc(1, sizeof *known);
  if (known) known->state = kd_cellkey_create();
  if (known && known->state) return known;
  free(known);
  return NULL;
}

void kd_known_free(struct kd_known *known) {
  if (!known) return;
  for (size_t k = 0; k < KD_N_KEYS; k++) free(known->of[k].hash);
  kd_cellkey_free(known->state);
  free(known->files);
  free(known);
}

static int by_hash(const void *a, const void *b) {
  uint64_t p = *(const uint64_t *)a, q = *(const uint64_t *)b;
  return p < q ? -1 : p > q;
}

/* Sorted, each once */
static void tidy(struct values *values) {
  size_t n = 0;
  qsort(values->hash, values->n, sizeof *values->hash, by_hash);
  for (size_t i = 0; i < values->n; i++)
    if (i == 0 || values->hash[i] != values->hash[i - 1]) values->hash[n++] = values->hash[i];
  values->n = n;
}

static uint64_t hash_of(const struct kd_known *known, const struct kd_key *key,
                        const struct kd_value *value) {
  return kd_cellkey_value(key, value, known->state);
}

/* A default that nobody typed is shown as one would. */
static void write_text(const struct kd_key *key, const struct kd_value *value, char *text,
                       size_t size) {
  if (!value->set && key->default_text)
    snprintf(text, size, "%s", key->default_text);
  else
    kd_value_text(key, value, text, size);
}

/* The n values of a series, or without one the value that all cells have */
static bool add_key(struct kd_known *known, const struct kd_key *key,
                    const struct kd_series *series, const struct kd_value *fixed) {
  struct values *values = &known->of[kd_key_id(key)];
  size_t n = series ? series->n : 1;
  if (n > LISTED_MAX) values->all = true;
  if (values->all) return true;
  uint64_t *more = realloc(values->hash, (values->n + n) * sizeof *more);
  if (!more) return false;
  values->hash = more;
  for (size_t i = 0; i < n; i++) {
    struct kd_value value = series ? kd_series_value(series, i) : *fixed;
    if (values->n == 0) write_text(key, &value, values->text, sizeof values->text);
    values->hash[values->n++] = hash_of(known, key, &value);
  }
  tidy(values);
  return true;
}

static bool add_files(struct kd_known *known, const char *files) {
  if (!*files) return true;
  if (known->files)
    known->other_files = known->other_files || strcmp(known->files, files) != 0;
  else
    known->files = strdup(files);
  return known->files != NULL;
}

bool kd_known_add(struct kd_known *known, const struct kd_plan *plan, const char *files) {
  struct kd_spec *spec = &plan->private->spec;
  bool good = add_files(known, files);
  known->judged = NULL;
  for (size_t k = 0; k < KD_N_KEYS && good; k++)
    good = add_key(known, &kd_keys[k], kd_spec_swept(spec, &kd_keys[k]), &spec->value[k]);
  return good;
}

static bool has(const struct values *values, uint64_t hash) {
  return values->all || (values->n && bsearch(&hash, values->hash, values->n,
                                              sizeof *values->hash, by_hash) != NULL);
}

/* The same name, and yet other numbers */
static bool file_changed(const struct kd_known *known, const struct kd_plan *plan) {
  return known->files && !known->other_files && strcmp(known->files, plan->files) != 0;
}

static bool is_new(const struct kd_known *known, size_t k, const struct kd_cell *cell) {
  return !has(&known->of[k], hash_of(known, &kd_keys[k], &cell->resolved[k]));
}

/* What all cells have in common is looked up once. */
static void judge(struct kd_known *known, const struct kd_plan *plan,
                  const struct kd_cell *cell) {
  known->judged = plan;
  known->swept = known->fixed_new = 0;
  for (size_t s = 0; s < plan->n_swept; s++)
    known->swept |= KD_KEY_BIT(kd_key_id(plan->swept[s].key));
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (!(known->swept & KD_KEY_BIT(k)) && is_new(known, k, cell))
      known->fixed_new |= KD_KEY_BIT(k);
  if (file_changed(known, plan)) known->fixed_new |= KD_KEY_BIT(KD_KEY_POINTS_FILE);
}

uint64_t kd_known_new(struct kd_known *known, const struct kd_plan *plan,
                      const struct kd_cell *cell) {
  if (known->judged != plan) judge(known, plan, cell);
  uint64_t new = 0;
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    uint64_t bit = KD_KEY_BIT(k);
    bool may = (known->fixed_new | known->swept) & bit && kd_keys[k].reads(cell->resolved);
    if (may && (known->fixed_new & bit || is_new(known, k, cell))) new |= bit;
  }
  return new;
}

const char *kd_known_text(const struct kd_known *known, enum kd_key_id id) {
  const struct values *values = &known->of[id];
  return values->n == 1 && !values->all ? values->text : NULL;
}
