/* SPDX-License-Identifier: MIT
 *
 * A plan in print: what it is, what a run would find done and what it would cost.
 */
#ifndef KD_CLI_PLAN_H
#define KD_CLI_PLAN_H

#include "run/forecast.h"
#include "run/survey.h"

struct kd_plan_report {
  const struct kd_plan *plan;
  const char *path; /* of the result; NULL: it has no name */
  bool why;         /* reasons were asked for */
  double payload;   /* bytes of the values */
  double file;      /* bytes of the file, about; NaN: nothing tells */
  double memory;    /* bytes that a run holds, about */
  struct kd_survey survey;
  struct kd_forecast forecast;
};

/* Seconds that a run takes, about */
double kd_plan_seconds(const struct kd_plan_report *report);

/* Whether coordinate s is the first of its path: target.bounds has two. */
bool kd_plan_starts_path(const struct kd_plan *plan, size_t s);

/* The coordinate that a key's axis gives, the first one; n_swept if it is not swept. */
size_t kd_plan_coordinate_of(const struct kd_plan *plan, enum kd_key_id id);

/* The value of a key that is not swept, as one types it. */
void kd_plan_value_now(const struct kd_plan *plan, enum kd_key_id id, char *text, size_t size);

/* "new", "changed": a word for a reason */
const char *kd_why_name(enum kd_why why);

/* Its axes and fixed keys, for a summary; in JSON as two members of an object. KD_SYSTEM
 * when memory is short. */
void kd_plan_print_keys(const struct kd_plan *plan);
int kd_plan_print_json_keys(const struct kd_plan *plan);

/* On stdout: the plan itself; then what the rest of the report says. */
void kd_plan_print_head(const struct kd_plan_report *report);
void kd_plan_print_survey(const struct kd_plan_report *report);

/* All of it as one JSON object. KD_SYSTEM when memory is short. */
int kd_plan_print_json(const struct kd_plan_report *report);

#endif
