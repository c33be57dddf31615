/* SPDX-License-Identifier: MIT
 *
 * What a run would find stored and what it would compute, and why. Nothing is computed,
 * written or locked.
 */
#ifndef KD_SURVEY_H
#define KD_SURVEY_H

#include "config/known.h"
#include "config/plan.h"
#include "store/stored.h"

enum kd_why {
  KD_WHY_NOTHING,  /* nothing that can be read is stored */
  KD_WHY_NEW,      /* a swept key has a value that no stored config gives it */
  KD_WHY_CHANGED,  /* a key that all cells share has another value than in those */
  KD_WHY_NUMERICS, /* stored by another numerics version */
  KD_WHY_FAILED,   /* failed before: is tried again */
  KD_WHY_DAMAGED,  /* known values, not stored; there is a damaged file that may have had it */
  KD_WHY_MISSING,  /* known values, not stored: not computed yet */
  KD_WHY_OTHER,    /* one of more reasons than are told apart */
};
enum { KD_SURVEY_SHOWN = 4 };

/* Cells to do for one reason */
struct kd_survey_group {
  enum kd_why why;
  uint64_t keys;    /* NEW, CHANGED: the keys with such values (KD_KEY_BIT) */
  int64_t numerics; /* NUMERICS: that version */
  size_t n;
  struct { /* of each axis the places that these cells have, the first ones and the last */
    size_t n, at[KD_SURVEY_SHOWN], last;
  } place[KD_N_KEYS];
};

struct kd_survey {
  struct kd_stored stored;
  struct kd_known *known; /* values of the stored configs */
  bool counted;           /* false: too many cells to look up, all count as to do */
  size_t n_done, n_todo;
  size_t n_spare;      /* stored cells that the plan does not name */
  unsigned char *done; /* one a cell; NULL if none is done */
  size_t n_groups;
  struct kd_survey_group *group; /* only if asked for; larger ones first */
};

/* Of the plan of the config file `config`; `path` is the result's, NULL: nothing is looked
 * for. KD_SYSTEM when files cannot be read or memory is short. To be cleared also on error. */
int kd_survey(const struct kd_plan *plan, const char *config, const char *path, bool why,
              struct kd_survey *survey, struct kd_err *err);
void kd_survey_clear(struct kd_survey *survey);

#endif
