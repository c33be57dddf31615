/* SPDX-License-Identifier: MIT
 *
 * A plan as JSON.
 */
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

static void print_fixed(const struct kd_plan *plan, char *text) {
  fputs("{", stdout);
  for (size_t f = 0; f < plan->n_fixed; f++) {
    const struct kd_key *key = plan->fixed[f];
    kd_plan_fixed_text(plan, f, text, TEXT_SIZE);
    printf("%s\"%s\": ", f ? ", " : "", key->path);
    if (key->type == KD_KEY_NAMES)
      print_names(text);
    else
      print_value(key, text);
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

int kd_plan_print_json(const struct kd_plan *plan, double payload, double memory) {
  fputs("{\"experiment\": ", stdout);
  kd_json_string(plan->experiment);
  fputs(", \"about\": ", stdout);
  kd_json_string(plan->about);
  printf(",\n \"cells\": %zu, \"product\": %zu, \"max_points\": %zu, \"mean_points\": %.17g, "
         "\"recorded_steps\": %zu, \"recorded_bins\": %zu, \"payload_bytes\": %.0f, "
         "\"memory_bytes\": %.0f,\n ",
         plan->n_cells, plan->n_product, plan->max_points, plan->mean_points,
         plan->max_recorded, plan->max_bins, payload, memory);
  int code = kd_plan_print_json_keys(plan);
  fputs("}\n", stdout);
  return code;
}

int kd_plan_print_json_keys(const struct kd_plan *plan) {
  char *text = malloc(TEXT_SIZE);
  if (!text) return KD_SYSTEM;
  fputs("\"axes\": [", stdout);
  for (size_t a = 0; a < plan->n_axes; a++) print_axis(plan, a, text);
  fputs("],\n \"fixed\": ", stdout);
  print_fixed(plan, text);
  free(text);
  return KD_OK;
}
