/* SPDX-License-Identifier: MIT
 *
 * kdegrad show FILE: what a result file holds.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store/file.h"
#include "verb.h"

static void print_shape(const struct kd_table_head *head, const struct kd_column *c) {
  char text[64] = "";
  for (size_t d = 0; d < c->n_dims; d++) {
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s%s %zu", d ? ", " : "", kd_dim_name(c->dim[d]),
             head->extent[c->dim[d]]);
  }
  printf("  %-18s %-27s", c->name, text);
}

/* Range of the numbers that exist, and how many are missing */
static void print_range(const double *value, size_t n) {
  double low = INFINITY, high = -INFINITY;
  size_t missing = 0;
  for (size_t i = 0; i < n; i++) {
    if (isnan(value[i]))
      missing++;
    else
      low = fmin(low, value[i]), high = fmax(high, value[i]);
  }
  if (missing < n)
    printf(" %13.6g .. %-13.6g", low, high);
  else
    printf(" %30s", "");
  if (missing) printf(" %zu missing", missing);
}

static void print_column(const struct kd_table_head *head, const struct kd_column *c) {
  print_shape(head, c);
  if (c->type == KD_TYPE_REAL) print_range(c->real, kd_column_count(head, c));
  for (size_t i = 0; i < c->n_names && c->type == KD_TYPE_CODE; i++) printf(" %s", c->names[i]);
  fputc('\n', stdout);
}

static void print_statuses(const struct kd_table *table, size_t n_cells) {
  struct kd_column c;
  size_t count[KD_N_STATUS] = {0};
  if (!kd_table_find(table, "status", &c)) return;
  for (size_t i = 0; i < n_cells; i++) count[c.code[i]]++;
  printf("cells: %zu (", n_cells);
  const char *comma = "";
  for (int s = 0; s < KD_N_STATUS; s++) {
    if (!count[s]) continue;
    printf("%s%zu %s", comma, count[s], kd_status_name((enum kd_status)s));
    comma = ", ";
  }
  puts(")");
}

int kd_verb_show(const struct kd_args *args) {
  struct kd_table *table;
  struct kd_err err;
  int code = kd_file_read(args->word[0], &table, &err);
  if (code) return kd_complain(code, "%s", err.text);
  const struct kd_table_head *head = kd_table_head(table);
  printf("%s: %s\n", head->experiment, head->about);
  printf("written by %s, numerics %lld\n", head->program_version,
         (long long)head->numerics_version);
  if (*head->files) printf("files, with their XXH3-128:\n%s\n", head->files);
  if (*head->overrides) printf("overrides: %s\n", head->overrides);
  print_statuses(table, head->extent[KD_DIM_CELL]);
  puts("columns: name, shape, range or names");
  for (size_t i = 0; i < kd_table_n_columns(table); i++) {
    struct kd_column c;
    kd_table_column(table, i, &c);
    print_column(head, &c);
  }
  kd_table_free(table);
  return kd_finish_output();
}
