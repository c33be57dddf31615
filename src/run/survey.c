/* SPDX-License-Identifier: MIT
 *
 * See survey.h. Every cell's key is looked up among those stored. Why a key is not there is
 * told by the configs that are stored with the cells: they are read again, and values
 * that none of them has are what is new.
 */
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "core/numerics.h"

enum { LOOKED_UP_MAX = 10000000, GROUPS_MAX = 64 };

struct work {
  const struct kd_plan *plan;
  struct kd_survey *survey;
  struct kd_cell *cell;
  bool why, damaged, readable; /* a file is damaged; a stored config can be read */
  size_t n_versions;
  int64_t *version; /* of numerics, other than this program's */
};

/* Whether a file before number i holds this config */
static bool seen(const struct kd_stored *stored, size_t i) {
  const struct kd_stored_file *file = &stored->file[i];
  for (size_t j = 0; j < i; j++) {
    const struct kd_stored_file *other = &stored->file[j];
    if (other->config && strcmp(other->config, file->config) == 0 &&
        strcmp(other->overrides, file->overrides) == 0 &&
        strcmp(other->files, file->files) == 0)
      return true;
  }
  return false;
}

/* A config that can be read no more says nothing. */
static int learn(struct work *work, const struct kd_stored_file *file, const char *config,
                 struct kd_err *err) {
  struct kd_diag diag;
  struct kd_plan *plan;
  bool good = true;
  kd_diag_init(&diag);
  if (kd_plan_outline(config, file->config, file->overrides, &plan, &diag) == KD_OK) {
    good = kd_known_add(work->survey->known, plan, file->files);
    work->readable = true;
  }
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return good ? KD_OK : kd_no_memory(err);
}

static void note_version(struct work *work, int64_t version) {
  if (version == KD_NUMERICS_VERSION) return;
  for (size_t i = 0; i < work->n_versions; i++)
    if (work->version[i] == version) return;
  work->version[work->n_versions++] = version;
}

static int learn_all(struct work *work, const char *config, struct kd_err *err) {
  const struct kd_stored *stored = &work->survey->stored;
  int code = KD_OK;
  work->survey->known = kd_known_create();
  work->version = calloc(stored->n_files + 1, sizeof *work->version);
  if (!work->survey->known || !work->version) return kd_no_memory(err);
  for (size_t i = 0; i < stored->n_files && !code; i++) {
    const struct kd_stored_file *file = &stored->file[i];
    if (file->state == KD_FILE_DAMAGED) work->damaged = true;
    if (file->state != KD_FILE_GOOD) continue;
    note_version(work, file->numerics_version);
    if (!seen(stored, i)) code = learn(work, file, config, err);
  }
  return code;
}

/* The group of this kind, made if there is none yet and room for one */
static struct kd_survey_group *group_of(struct kd_survey *survey, enum kd_why why,
                                        uint64_t keys, int64_t numerics) {
  for (size_t g = 0; g < survey->n_groups; g++) {
    struct kd_survey_group *group = &survey->group[g];
    if (group->why == why && group->keys == keys && group->numerics == numerics) return group;
  }
  if (survey->n_groups == GROUPS_MAX) return &survey->group[GROUPS_MAX - 1];
  if (survey->n_groups == GROUPS_MAX - 1) why = KD_WHY_OTHER, keys = 0, numerics = 0;
  struct kd_survey_group *group = &survey->group[survey->n_groups++];
  *group = (struct kd_survey_group){.why = why, .keys = keys, .numerics = numerics};
  return group;
}

static void note_places(struct kd_survey_group *group, const struct work *work) {
  for (size_t s = 0; s < work->plan->n_swept; s++) {
    size_t a = work->plan->swept[s].axis, at = work->cell->at[s], i = 0;
    while (i < group->place[a].n && group->place[a].at[i] != at) i++;
    if (i == group->place[a].n && i < KD_SURVEY_SHOWN)
      group->place[a].at[group->place[a].n++] = at;
    if (at > group->place[a].last) group->place[a].last = at;
  }
}

static enum kd_stored_cell find(const struct work *work, size_t index, int64_t numerics) {
  kd_plan_key(work->plan, index, numerics, work->cell);
  struct kd_key_pair key = {work->cell->key_high, work->cell->key_low};
  return kd_stored_find(&work->survey->stored, key);
}

/* The version of numerics under which the cell is stored, 0 if there is none */
static int64_t other_version(const struct work *work, size_t index) {
  for (size_t i = 0; i < work->n_versions; i++)
    if (find(work, index, work->version[i]) != KD_STORED_NOT) return work->version[i];
  return 0;
}

static bool is_swept(const struct kd_plan *plan, uint64_t keys) {
  for (size_t s = 0; s < plan->n_swept; s++) keys &= ~KD_KEY_BIT(kd_key_id(plan->swept[s].key));
  return keys == 0;
}

static void explain(struct work *work, size_t index, bool failed) {
  struct kd_survey *survey = work->survey;
  enum kd_why why = work->damaged ? KD_WHY_DAMAGED : KD_WHY_MISSING;
  int64_t numerics = failed ? 0 : other_version(work, index);
  uint64_t keys = 0;
  if (failed) {
    why = KD_WHY_FAILED;
  } else if (numerics) {
    why = KD_WHY_NUMERICS;
  } else if (work->readable) {
    keys = kd_known_new(survey->known, work->plan, work->cell);
    if (keys) why = is_swept(work->plan, keys) ? KD_WHY_NEW : KD_WHY_CHANGED;
  }
  struct kd_survey_group *group = group_of(survey, why, keys, numerics);
  note_places(group, work);
  group->n++;
}

static void look_up(struct work *work) {
  struct kd_survey *survey = work->survey;
  for (size_t i = 0; i < work->plan->n_cells; i++) {
    enum kd_stored_cell stored = find(work, i, KD_NUMERICS_VERSION);
    survey->done[i] = stored == KD_STORED_GOOD;
    survey->n_done += survey->done[i];
    if (!survey->done[i] && work->why) explain(work, i, stored == KD_STORED_FAILED);
  }
  survey->n_spare = kd_stored_others(&survey->stored);
}

static int by_size(const void *a, const void *b) {
  const struct kd_survey_group *p = a, *q = b;
  if (p->n != q->n) return p->n > q->n ? -1 : 1;
  return p->why < q->why ? -1 : p->why > q->why;
}

/* Nothing to look up: all cells for one reason */
static void all_to_do(struct work *work) {
  if (!work->why) return;
  enum kd_why why = work->damaged ? KD_WHY_DAMAGED : KD_WHY_NOTHING;
  group_of(work->survey, why, 0, 0)->n = work->plan->n_cells;
}

static int survey_cells(struct work *work, const char *config, struct kd_err *err) {
  struct kd_survey *survey = work->survey;
  survey->n_todo = work->plan->n_cells;
  survey->counted = survey->stored.keys.n == 0 || work->plan->n_cells <= LOOKED_UP_MAX;
  if (!survey->counted) return KD_OK;
  int code = work->why ? learn_all(work, config, err) : KD_OK;
  if (!code && survey->stored.keys.n == 0) {
    all_to_do(work);
  } else if (!code) {
    work->cell = kd_cell_create(work->plan);
    survey->done = calloc(work->plan->n_cells, 1);
    if (!work->cell || !survey->done) return kd_no_memory(err);
    look_up(work);
  }
  survey->n_todo = work->plan->n_cells - survey->n_done;
  qsort(survey->group, survey->n_groups, sizeof *survey->group, by_size);
  return code;
}

int kd_survey(const struct kd_plan *plan, const char *config, const char *path, bool why,
              struct kd_survey *survey, struct kd_err *err) {
  struct work work = {.plan = plan, .survey = survey, .why = why};
  *survey = (struct kd_survey){0};
  int code = path ? kd_stored_read(path, &survey->stored, err) : KD_OK;
  if (!code && !(survey->group = calloc(GROUPS_MAX, sizeof *survey->group)))
    code = kd_no_memory(err);
  if (!code) code = survey_cells(&work, config, err);
  kd_cell_free(work.cell);
  free(work.version);
  return code;
}

void kd_survey_clear(struct kd_survey *survey) {
  kd_stored_clear(&survey->stored);
  kd_known_free(survey->known);
  free(survey->done);
  free(survey->group);
  *survey = (struct kd_survey){0};
}
