/* SPDX-License-Identifier: MIT
 *
 * A plan as JSON.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "plan.h"

/* A list of the longest config fits; of an axis no more values are listed. */
enum { TEXT_SIZE = 4 << 20, LISTED_MAX = 10000 };

/* What one types for a key is JSON but for names, texts and `~`. */
static void print_value(const struct kd_key *key, const char *text) {
  if (strcmp(text, "~") == 0)
    fputs("null", stdout);
  else if (key->type == KD_KEY_NAME || key->type == KD_KEY_TEXT)
    kd_json_string(text);
  else
    fputs(text, stdout);
}

static void print_names(char *text) {
  const char *comma = "";
  fputc('[', stdout);
  for (char *rest, *name = strtok_r(text, "[], ", &rest); name;
       name = strtok_r(NULL, "[], ", &rest)) {
    fputs(comma, stdout);
    kd_json_string(name);
    comma = ", ";
  }
  fputc(']', stdout);
}

static void print_key_value(const struct kd_key *key, char *text) {
  if (key->type == KD_KEY_NAMES)
    print_names(text);
  else
    print_value(key, text);
}

static void print_fixed(const struct kd_plan *plan, char *text) {
  fputs("{", stdout);
  for (size_t f = 0; f < plan->n_fixed; f++) {
    const struct kd_key *key = plan->fixed[f];
    kd_plan_fixed_text(plan, f, text, TEXT_SIZE);
    printf("%s\"%s\": ", f ? ", " : "", key->path);
    print_key_value(key, text);
  }
  fputs("}", stdout);
}

static void print_path(const struct kd_plan *plan, size_t s, char *text) {
  const struct kd_key *key = plan->swept[s].key;
  size_t n = plan->axis[plan->swept[s].axis].n;
  printf("{\"path\": \"%s\", \"unit\": \"%s\", \"%s\": [", key->path, key->unit,
         n > LISTED_MAX ? "ends" : "values");
  for (size_t i = 0; i<n; i += n> LISTED_MAX && i < n - 1 ? n - 1 : 1) {
    kd_plan_value_text(plan, s, i, text, TEXT_SIZE);
    if (i > 0) fputs(", ", stdout);
    print_value(key, text);
  }
  fputs("]}", stdout);
}

static void print_axis(const struct kd_plan *plan, size_t a, char *text) {
  const char *comma = "";
  printf("%s\n  {\"name\": \"%s\", \"count\": %zu, \"paths\": [", a ? "," : "",
         plan->axis[a].name, plan->axis[a].n);
  for (size_t s = 0; s < plan->n_swept; s++) {
    if (plan->swept[s].axis != a || !kd_plan_starts_path(plan, s)) continue;
    fputs(comma, stdout);
    print_path(plan, s, text);
    comma = ",\n   ";
  }
  fputs("]}", stdout);
}

/* The values that a key has in the cells of a group: the first ones and the last */
static void print_group_values(const struct kd_plan *plan, const struct kd_survey_group *group,
                               size_t k, char *text) {
  size_t s = kd_plan_coordinate_of(plan, (enum kd_key_id)k);
  if (s == plan->n_swept) {
    kd_plan_value_now(plan, (enum kd_key_id)k, text, TEXT_SIZE);
    print_key_value(&kd_keys[k], text);
    return;
  }
  size_t a = plan->swept[s].axis, n = group->place[a].n, last = group->place[a].last;
  for (size_t i = 0; i < n; i++) {
    if (i) fputs(", ", stdout);
    kd_plan_value_text(plan, s, group->place[a].at[i], text, TEXT_SIZE);
    print_key_value(&kd_keys[k], text);
  }
  if (last <= group->place[a].at[n - 1]) return;
  fputs(", ", stdout);
  kd_plan_value_text(plan, s, last, text, TEXT_SIZE);
  print_key_value(&kd_keys[k], text);
}

static void print_group(const struct kd_plan *plan, const struct kd_survey_group *group,
                        char *text) {
  const char *comma = "";
  printf("{\"reason\": \"%s\", \"cells\": %zu", kd_why_name(group->why), group->n);
  if (group->why == KD_WHY_NUMERICS) printf(", \"numerics\": %lld", (long long)group->numerics);
  fputs(", \"keys\": {", stdout);
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    if (!(group->keys & KD_KEY_BIT(k))) continue;
    printf("%s\"%s\": [", comma, kd_keys[k].path);
    print_group_values(plan, group, k, text);
    fputc(']', stdout);
    comma = ", ";
  }
  fputs("}}", stdout);
}

static void print_files(const struct kd_stored *stored) {
  static const char *const state[] = {"missing", "good", "damaged", "unreadable"};
  fputs("[", stdout);
  for (size_t i = 0; i < stored->n_files; i++) {
    const struct kd_stored_file *file = &stored->file[i];
    printf("%s\n  {\"path\": ", i ? "," : "");
    kd_json_string(file->path);
    printf(", \"part\": %s, \"state\": \"%s\", \"bytes\": %zu, \"cells\": %zu",
           file->is_part ? "true" : "false", state[file->state], file->size, file->n_cells);
    if (file->why) {
      fputs(", \"why\": ", stdout);
      kd_json_string(file->why);
    }
    fputs("}", stdout);
  }
  fputs("]", stdout);
}

static void print_survey(const struct kd_plan_report *report, char *text) {
  const struct kd_survey *survey = &report->survey;
  fputs(",\n \"result\": ", stdout);
  if (report->path)
    kd_json_string(report->path);
  else
    fputs("null", stdout);
  fputs(", \"files\": ", stdout);
  print_files(&survey->stored);
  printf(",\n \"stored\": %zu", survey->stored.keys.n);
  if (!survey->counted) return;
  printf(", \"done\": %zu, \"to_do\": %zu, \"spare\": %zu", survey->n_done, survey->n_todo,
         survey->n_spare);
  if (!report->why) return;
  fputs(",\n \"why\": [", stdout);
  for (size_t g = 0; g < survey->n_groups; g++) {
    if (g) fputs(",\n  ", stdout);
    print_group(report->plan, &survey->group[g], text);
  }
  fputs("]", stdout);
}

static void print_cost(const struct kd_plan_report *report) {
  static const char *const from[] = {"nothing", "last-run", "trial", "trial-cut"};
  const struct kd_forecast *forecast = &report->forecast;
  printf(",\n \"payload_bytes\": %.0f, \"memory_bytes\": %.0f", report->payload,
         report->memory);
  if (!isnan(report->file)) printf(", \"file_bytes\": %.0f", report->file);
  if (forecast->from == KD_FORECAST_NONE) return;
  printf(",\n \"seconds\": %.6g, \"threads\": %zu, \"seconds_a_cell\": %.6g, "
         "\"seconds_from\": \"%s\", \"tried\": %zu",
         kd_plan_seconds(report), forecast->n_threads, forecast->cell, from[forecast->from],
         forecast->n_tried);
}

static void print_head(const struct kd_plan *plan) {
  fputs("{\"experiment\": ", stdout);
  kd_json_string(plan->experiment);
  fputs(", \"about\": ", stdout);
  kd_json_string(plan->about);
  printf(",\n \"cells\": %zu, \"product\": %zu, \"max_points\": %zu, \"mean_points\": %.17g, "
         "\"recorded_steps\": %zu, \"recorded_bins\": %zu",
         plan->n_cells, plan->n_product, plan->max_points, plan->mean_points,
         plan->max_recorded, plan->max_bins);
}

static void print_keys(const struct kd_plan *plan, char *text) {
  fputs("\"axes\": [", stdout);
  for (size_t a = 0; a < plan->n_axes; a++) print_axis(plan, a, text);
  fputs("],\n \"fixed\": ", stdout);
  print_fixed(plan, text);
}

int kd_plan_print_json_keys(const struct kd_plan *plan) {
  char *text = malloc(TEXT_SIZE);
  if (!text) return KD_SYSTEM;
  print_keys(plan, text);
  free(text);
  return KD_OK;
}

int kd_plan_print_json(const struct kd_plan_report *report) {
  char *text = malloc(TEXT_SIZE);
  if (!text) return KD_SYSTEM;
  print_head(report->plan);
  print_cost(report);
  fputs(",\n ", stdout);
  print_keys(report->plan, text);
  print_survey(report, text);
  fputs("}\n", stdout);
  free(text);
  return KD_OK;
}
