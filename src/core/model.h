/* SPDX-License-Identifier: MIT
 *
 * The inside of a model (kdegrad.h): what was told, by number of its name, and the problem
 * that comes of it.
 */
#ifndef KD_MODEL_H
#define KD_MODEL_H

#include <stdbool.h>

#include "kdegrad.h"
#include "problem.h"

enum kd_model_choice {
  KD_MODEL_SPACE,
  KD_MODEL_FAMILY,
  KD_MODEL_LAYOUT,
  KD_MODEL_LOGITS,
  KD_MODEL_RULE,
  KD_MODEL_SHIFT_MODE,
  KD_MODEL_SHIFT_UNIT,
  KD_MODEL_DESCENT,
  KD_MODEL_RECORD, /* a set: in `record` */
  KD_N_MODEL_CHOICES
};

enum kd_model_number {
  KD_MODEL_BANDWIDTH,
  KD_MODEL_SHAPE,
  KD_MODEL_LOG10_FACTOR,
  KD_MODEL_LOG10_SLOPE,
  KD_MODEL_COUNT,
  KD_MODEL_CENTRE,
  KD_MODEL_SCALE,
  KD_MODEL_DISTANCE,
  KD_MODEL_CLUSTERS,
  KD_MODEL_SPREAD,
  KD_MODEL_SEED,
  KD_MODEL_LOGITS_SCALE,
  KD_MODEL_LOGITS_SEED,
  KD_MODEL_BINS,
  KD_MODEL_ORDER,
  KD_MODEL_TOLERANCE,
  KD_MODEL_SHIFT,
  KD_MODEL_SHIFT_LEFT,
  KD_MODEL_SHIFT_RIGHT,
  KD_MODEL_RATE,
  KD_MODEL_STEPS,
  KD_MODEL_EVERY,
  KD_MODEL_GAP,
  KD_N_MODEL_NUMBERS
};

enum kd_model_list {
  KD_MODEL_BOUNDS,
  KD_MODEL_SPAN,
  KD_MODEL_AT,
  KD_MODEL_LOGITS_AT,
  KD_N_MODEL_LISTS
};

struct kd_model {
  size_t choice[KD_N_MODEL_CHOICES];
  unsigned record;
  double number[KD_N_MODEL_NUMBERS]; /* NaN: not told */
  struct {
    size_t n; /* 0: not told */
    double *value;
  } list[KD_N_MODEL_LISTS];
  struct kd_problem problem;
  size_t room; /* for points in the next two */
  double *x, *z;
  struct kd_workspace *ws;
  struct kd_result result;
  struct kd_err err;
};

/* model_problem.c: fills model->problem, whose parts it checks against each other. */
int kd_model_resolve(struct kd_model *model, struct kd_err *err);

#endif
