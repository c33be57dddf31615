/* SPDX-License-Identifier: MIT
 *
 * A result file summarised: ranges, bounds, and all of it as JSON.
 */
#include "summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "plan.h"
#include "store/file.h"
#include "store/json.h"

static int by_number(const void *a, const void *b) {
  return kd_value_order(*(const double *)a, *(const double *)b);
}

int kd_summary_range(const struct kd_table_head *head, const struct kd_column *column,
                     struct kd_range_of *range, struct kd_err *err) {
  size_t n = kd_column_count(head, column);
  double *value = calloc(n + 1, sizeof *value);
  *range = (struct kd_range_of){.min = NAN, .median = NAN, .max = NAN};
  if (!value) return kd_no_memory(err);
  for (size_t i = 0; i < n; i++) {
    double v = kd_column_number(column, i);
    if (!isnan(v)) value[range->n++] = v;
  }
  range->n_missing = n - range->n;
  if (range->n > 0) {
    qsort(value, range->n, sizeof *value, by_number);
    range->min = value[0];
    range->median = value[(range->n - 1) / 2];
    range->max = value[range->n - 1];
  }
  free(value);
  return KD_OK;
}

double kd_summary_bound(const struct kd_table *table, const char *name) {
  struct kd_column bound;
  double largest = NAN;
  if (!kd_table_find_bound(table, name, &bound)) return NAN;
  size_t n = kd_column_count(kd_table_head(table), &bound);
  for (size_t i = 0; i < n; i++) largest = fmax(largest, kd_column_number(&bound, i));
  return largest;
}

/* --- JSON --- */

static void put_text(const char *name, const char *text) {
  printf("\"%s\": ", name);
  kd_json_string(text);
}

static void put_number(const char *name, double number) {
  printf(", \"%s\": ", name);
  kd_json_number(stdout, number);
}

/* The lines of a text as a list */
static void put_lines(const char *name, const char *text) {
  const char *comma = "";
  printf(",\n \"%s\": [", name);
  for (const char *line = text; *line;) {
    size_t n = strcspn(line, "\n");
    char *copy = strndup(line, n);
    fputs(comma, stdout);
    kd_json_string(copy ? copy : "");
    free(copy);
    comma = ", ";
    line += n + (line[n] == '\n');
  }
  fputs("]", stdout);
}

static void put_statuses(const struct kd_summary *summary) {
  const char *comma = "";
  fputs(",\n \"status\": {", stdout);
  for (int s = 0; s < KD_N_STATUS; s++)
    printf("%s\"%s\": %zu", s ? ", " : "", kd_status_name((enum kd_status)s),
           summary->status[s]);
  fputs("},\n \"shared\": {", stdout);
  for (int s = KD_STATUS_OK + 1; s < KD_N_STATUS; s++) {
    if (!summary->status[s]) continue;
    printf("%s\"%s\": ", comma, kd_status_name((enum kd_status)s));
    kd_shared_print_json(&summary->shared[s]);
    comma = ",\n  ";
  }
  fputs("}", stdout);
}

static void put_names(const struct kd_column *c) {
  fputs(", \"names\": [", stdout);
  for (size_t i = 0; i < c->n_names; i++) {
    if (i) fputs(", ", stdout);
    kd_json_string(c->names[i]);
  }
  fputs("]", stdout);
}

static int put_range(const struct kd_table *table, const struct kd_column *c,
                     struct kd_err *err) {
  struct kd_range_of range;
  int code = kd_summary_range(kd_table_head(table), c, &range, err);
  if (code) return code;
  double bound = kd_summary_bound(table, c->name);
  put_number("min", range.min);
  put_number("median", range.median);
  put_number("max", range.max);
  printf(", \"missing\": %zu", range.n_missing);
  if (!isnan(bound)) put_number("largest_bound", bound);
  return KD_OK;
}

static int put_column(const struct kd_table *table, const struct kd_column *c,
                      struct kd_err *err) {
  fputs("{", stdout);
  put_text("name", c->name);
  fputs(", ", stdout);
  put_text("units", c->units);
  fputs(", \"dims\": [", stdout);
  for (size_t d = 0; d < c->n_dims; d++)
    printf("%s\"%s\"", d ? ", " : "", kd_dim_name(c->dim[d]));
  fputs("]", stdout);
  int code = KD_OK;
  if (c->type == KD_TYPE_CODE)
    put_names(c);
  else if (c->type != KD_TYPE_UNSIGNED)
    code = put_range(table, c, err);
  fputs("}", stdout);
  return code;
}

static void put_head(const struct kd_summary *summary) {
  const struct kd_table_head *head = kd_table_head(summary->table);
  fputs("{", stdout);
  put_text("file", summary->path);
  printf(", \"bytes\": %.0f, \"payload_bytes\": %.0f,\n ", summary->bytes, summary->payload);
  put_text("experiment", head->experiment);
  fputs(", ", stdout);
  put_text("about", head->about);
  fputs(",\n ", stdout);
  put_text("program", head->program_version);
  printf(", \"numerics\": %lld, \"schema\": %d,\n \"extents\": {",
         (long long)head->numerics_version, KD_SCHEMA_VERSION);
  for (int d = 0; d < KD_N_DIMS; d++)
    printf("%s\"%s\": %zu", d ? ", " : "", kd_dim_name((enum kd_dim)d), head->extent[d]);
  fputs("}", stdout);
  put_lines("overrides", head->overrides);
  put_lines("files", head->files);
}

int kd_summary_print_json(const struct kd_summary *summary, struct kd_err *err) {
  int code = KD_OK;
  put_head(summary);
  put_statuses(summary);
  if (summary->outline) {
    fputs(",\n ", stdout);
    if (kd_plan_print_json_keys(summary->outline)) code = kd_no_memory(err);
  }
  fputs(",\n \"columns\": [", stdout);
  for (size_t i = 0; i < kd_table_n_columns(summary->table) && !code; i++) {
    struct kd_column c;
    kd_table_column(summary->table, i, &c);
    fputs(i ? ",\n  " : "\n  ", stdout);
    code = put_column(summary->table, &c, err);
  }
  fputs("]}\n", stdout);
  return code;
}
