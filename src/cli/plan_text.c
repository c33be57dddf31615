/* SPDX-License-Identifier: MIT
 *
 * A plan as text.
 */
#include <math.h>
#include <stdio.h>

#include "plan.h"

/* "laplace gaussian ... uniform": the path's first values and the last one */
static void print_values(const struct kd_plan *plan, size_t s) {
  enum { SHOWN = 4 };
  size_t n = plan->axis[plan->swept[s].axis].n;
  for (size_t i = 0; i < n; i++) {
    if (n > SHOWN + 1 && i == SHOWN) {
      fputs(" ...", stdout);
      i = n - 1;
    }
    char text[48];
    kd_plan_value_text(plan, s, i, text, sizeof text);
    printf(" %s", text);
  }
}

static void print_axes(const struct kd_plan *plan) {
  if (plan->n_axes) puts("axes, the last one fastest:");
  for (size_t s = 0; s < plan->n_swept; s++) {
    const struct kd_swept *swept = &plan->swept[s];
    if (!kd_plan_starts_path(plan, s)) continue;
    printf("  %-20s %6zu values:", swept->key->path, plan->axis[swept->axis].n);
    print_values(plan, s);
    fputc('\n', stdout);
  }
}

static void print_fixed(const struct kd_plan *plan) {
  if (plan->n_fixed) puts("set for all cells:");
  for (size_t f = 0; f < plan->n_fixed; f++) {
    char text[72];
    kd_plan_fixed_text(plan, f, text, sizeof text);
    printf("  %-20s %s\n", plan->fixed[f]->path, text);
  }
}

/* "1.5 kB" */
static void print_bytes(double bytes) {
  static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  size_t i = 0;
  for (; bytes >= 999.5 && i < sizeof unit / sizeof *unit - 1; i++) bytes /= 1000;
  printf("%.3g %s", bytes, unit[i]);
}

/* "2.5 min" */
static void print_duration(double seconds) {
  if (seconds < 120)
    printf("%.2g s", seconds);
  else if (seconds < 120 * 60)
    printf("%.3g min", seconds / 60);
  else if (seconds < 48 * 3600)
    printf("%.3g h", seconds / 3600);
  else
    printf("%.3g days", seconds / 86400);
}

void kd_plan_print_keys(const struct kd_plan *plan) {
  print_axes(plan);
  print_fixed(plan);
}

void kd_plan_print_head(const struct kd_plan_report *report) {
  const struct kd_plan *plan = report->plan;
  printf("%s: %s\n", plan->experiment, plan->about);
  printf("cells: %zu", plan->n_cells);
  if (plan->n_cells < plan->n_product) printf(" of %zu, after the filters", plan->n_product);
  printf("   points: up to %zu", plan->max_points);
  if (plan->max_recorded) printf("   recorded steps: up to %zu", plan->max_recorded);
  if (plan->max_bins) printf("   recorded bins: up to %zu", plan->max_bins);
  fputc('\n', stdout);
  kd_plan_print_keys(plan);
}

static void print_stored(const struct kd_plan_report *report) {
  const struct kd_stored *stored = &report->survey.stored;
  bool there = stored->n_files && !stored->file[0].is_part;
  size_t n_parts = stored->n_files - there, in_parts = 0;
  if (!report->path) {
    puts("result: has no name yet; give it with -o to see what is stored");
    return;
  }
  for (size_t i = there; i < stored->n_files; i++) in_parts += stored->file[i].n_cells;
  printf("result: %s, ", report->path);
  if (there && stored->file[0].state == KD_FILE_GOOD)
    printf("%zu cells", stored->file[0].n_cells);
  else
    fputs(there ? "not readable" : "not there", stdout);
  if (n_parts) printf("; %zu part%s, %zu cells", n_parts, n_parts > 1 ? "s" : "", in_parts);
  fputc('\n', stdout);
  for (size_t i = 0; i < stored->n_files; i++)
    if (stored->file[i].why) printf("  %s: %s\n", stored->file[i].path, stored->file[i].why);
}

/* "sech, logistic": values of the key in the cells of a group */
static void print_group_values(const struct kd_plan *plan, const struct kd_survey_group *group,
                               size_t s) {
  size_t a = plan->swept[s].axis, n = group->place[a].n;
  char text[48];
  for (size_t i = 0; i < n; i++) {
    kd_plan_value_text(plan, s, group->place[a].at[i], text, sizeof text);
    printf("%s%s", i ? ", " : "", text);
  }
  if (group->place[a].last <= group->place[a].at[n - 1]) return;
  kd_plan_value_text(plan, s, group->place[a].last, text, sizeof text);
  printf(", ... %s", text);
}

static void print_group_keys(const struct kd_plan_report *report,
                             const struct kd_survey_group *group) {
  const char *comma = ": ";
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    if (!(group->keys & KD_KEY_BIT(k))) continue;
    size_t s = kd_plan_coordinate_of(report->plan, (enum kd_key_id)k);
    const char *before = kd_known_text(report->survey.known, (enum kd_key_id)k);
    printf("%s%s = ", comma, kd_keys[k].path);
    comma = "; ";
    if (s < report->plan->n_swept) {
      print_group_values(report->plan, group, s);
      continue;
    }
    char text[72];
    kd_plan_value_now(report->plan, (enum kd_key_id)k, text, sizeof text);
    printf("%s", text);
    if (before) printf(" (stored: %s)", before);
  }
}

static void print_group(const struct kd_plan_report *report,
                        const struct kd_survey_group *group) {
  static const char *const text[] = {
      [KD_WHY_NOTHING] = "nothing is stored yet",
      [KD_WHY_NEW] = "new",
      [KD_WHY_CHANGED] = "changed",
      [KD_WHY_NUMERICS] = "stored by another numerics version",
      [KD_WHY_FAILED] = "failed before, are tried again",
      [KD_WHY_DAMAGED] = "not stored, or in a damaged file",
      [KD_WHY_MISSING] = "not computed yet, by values that stored configs have too",
      [KD_WHY_OTHER] = "for more reasons than are told apart",
  };
  printf("  %8zu %s", group->n, text[group->why]);
  if (group->why == KD_WHY_NUMERICS) printf(", %lld", (long long)group->numerics);
  print_group_keys(report, group);
  fputc('\n', stdout);
}

static void print_todo(const struct kd_plan_report *report) {
  const struct kd_survey *survey = &report->survey;
  if (!survey->counted) {
    printf("done: too many cells to look them up; %zu are stored\n", survey->stored.keys.n);
    return;
  }
  printf("done: %zu   to do: %zu\n", survey->n_done, survey->n_todo);
  for (size_t g = 0; g < survey->n_groups; g++) print_group(report, &survey->group[g]);
  if (survey->n_spare) printf("stored, but not of this plan: %zu cells\n", survey->n_spare);
}

static void print_time(const struct kd_plan_report *report) {
  const struct kd_forecast *forecast = &report->forecast;
  if (forecast->from == KD_FORECAST_NONE) return;
  fputs(forecast->from == KD_FORECAST_LEAST ? "time: more than " : "time: about ", stdout);
  print_duration(kd_plan_seconds(report));
  printf(" on %zu thread%s, ", forecast->n_threads, forecast->n_threads > 1 ? "s" : "");
  print_duration(forecast->cell);
  if (forecast->from == KD_FORECAST_LAST_RUN)
    puts(" a cell as in the last run");
  else if (forecast->from == KD_FORECAST_LEAST)
    puts(" went by in a trial, which computed no cell");
  else
    printf(" a cell in a trial of %zu cell%s\n", forecast->n_tried,
           forecast->n_tried > 1 ? "s" : "");
}

void kd_plan_print_survey(const struct kd_plan_report *report) {
  print_stored(report);
  print_todo(report);
  print_time(report);
  fputs("size: ", stdout);
  print_bytes(report->payload);
  fputs(" of values", stdout);
  if (!isnan(report->file)) {
    fputs(", compressed like the stored file ", stdout);
    print_bytes(report->file);
  }
  fputs("   memory: about ", stdout);
  print_bytes(report->memory);
  fputc('\n', stdout);
}
