/* SPDX-License-Identifier: MIT
 *
 * kdegrad plan CONFIG: what a run would compute, what of it is stored already, what it
 * would cost.
 */
#include "plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "run/run.h"
#include "store/file.h"
#include "verb.h"

bool kd_plan_starts_path(const struct kd_plan *plan, size_t s) {
  return s == 0 || plan->swept[s].key != plan->swept[s - 1].key;
}

size_t kd_plan_coordinate_of(const struct kd_plan *plan, enum kd_key_id id) {
  size_t s = 0;
  while (s < plan->n_swept && kd_key_id(plan->swept[s].key) != id) s++;
  return s;
}

void kd_plan_value_now(const struct kd_plan *plan, enum kd_key_id id, char *text, size_t size) {
  size_t f = 0;
  while (f < plan->n_fixed && kd_key_id(plan->fixed[f]) != id) f++;
  const char *usual = kd_keys[id].default_text ? kd_keys[id].default_text : "~";
  if (f < plan->n_fixed)
    kd_plan_fixed_text(plan, f, text, size);
  else
    snprintf(text, size, "%s", usual);
}

const char *kd_why_name(enum kd_why why) {
  static const char *const name[] = {"nothing-stored", "new",     "changed", "numerics",
                                     "failed",         "damaged", "missing", "other"};
  return name[why];
}

double kd_plan_seconds(const struct kd_plan_report *report) {
  const struct kd_forecast *forecast = &report->forecast;
  if (forecast->n_threads == 0) return 0;
  return forecast->cell * (double)report->survey.n_todo / (double)forecast->n_threads;
}

/* Rows of a file are as long as its largest cell needs. */
static void warn_of_padding(const struct kd_plan *plan) {
  double most = (double)plan->max_points;
  if (most > 10 * plan->mean_points)
    fprintf(stderr,
            "kdegrad: warning: a row holds %zu points, a cell has %.3g on average: %.3g %% of "
            "the rows are padding; better one config for each size\n",
            plan->max_points, plan->mean_points, 100 * (1 - plan->mean_points / most));
}

static int measure(struct kd_plan_report *report, struct kd_err *err) {
  struct kd_table_head head;
  int code = kd_run_head(report->plan, &head, err);
  if (code) return code;
  report->payload = kd_file_payload(&head);
  report->memory = kd_run_memory(report->plan, &head, 0);
  free((void *)head.coordinate);
  return KD_OK;
}

/* Values of one experiment are compressed alike. */
static double file_size(const struct kd_plan_report *report) {
  const struct kd_stored *stored = &report->survey.stored;
  const struct kd_stored_file *file = stored->n_files ? &stored->file[0] : NULL;
  if (!file || file->is_part || file->state != KD_FILE_GOOD) return NAN;
  return report->payload * (double)file->size / file->payload;
}

/* The plan alone is there at once, what is stored and a trial take a moment. */
static int print_report(struct kd_plan_report *report, const char *config, bool json,
                        struct kd_err *err) {
  int code = measure(report, err);
  if (code) return code;
  if (!json) {
    kd_plan_print_head(report);
    fflush(stdout);
  }
  code = kd_survey(report->plan, config, report->path, report->why, &report->survey, err);
  if (code) return code;
  report->file = file_size(report);
  const struct kd_survey *survey = &report->survey;
  report->forecast =
      kd_forecast(report->plan, survey->stored.path, survey->done, survey->n_todo);
  if (json) return kd_plan_print_json(report) ? kd_no_memory(err) : KD_OK;
  kd_plan_print_survey(report);
  return KD_OK;
}

/* With --set the result has the name that -o gives it, or none. */
static int print_plan(const struct kd_args *args, const struct kd_plan *plan) {
  char own[128];
  struct kd_err err;
  snprintf(own, sizeof own, "results/%s.h5", plan->experiment);
  struct kd_plan_report report = {.plan = plan,
                                  .path = args->output  ? args->output
                                          : args->n_set ? NULL
                                                        : own,
                                  .why = args->why};
  int code = print_report(&report, args->word[0], args->json, &err);
  kd_survey_clear(&report.survey);
  if (code) {
    fflush(stdout);
    return kd_complain(code, "%s", err.text);
  }
  warn_of_padding(plan);
  return kd_finish_output();
}

int kd_verb_plan(const struct kd_args *args) {
  struct kd_diag diag;
  struct kd_plan *plan;
  kd_diag_init(&diag);
  int code = kd_plan_read_up_to(args->max_cells ? args->max_cells : KD_CELLS_MAX, args->word[0],
                                args->set, args->n_set, &plan, &diag);
  if (code)
    kd_diag_print(&diag, stderr);
  else
    code = print_plan(args, plan);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return code;
}
