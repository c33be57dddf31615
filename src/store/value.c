/* SPDX-License-Identifier: MIT
 *
 * Columns as those who look at a table ask for them: by name, or one value.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "table.h"

size_t kd_column_index(const struct kd_table_head *head, const struct kd_column *column,
                       const size_t at[KD_N_DIMS]) {
  size_t i = 0;
  for (size_t k = 0; k < column->n_dims; k++)
    i = i * head->extent[column->dim[k]] + at[column->dim[k]];
  return i;
}

double kd_column_number(const struct kd_column *column, size_t i) {
  if (column->real) return column->real[i];
  if (column->code) return column->code[i];
  return column->integer[i] == KD_NO_INTEGER ? NAN : (double)column->integer[i];
}

int kd_value_order(double a, double b) {
  if (isnan(a) || isnan(b)) return isnan(a) - isnan(b);
  return (a > b) - (a < b);
}

/* All names, a space before each; freed by the caller */
static char *list_names(const struct kd_table *table, struct kd_nearest *nearest) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  if (!out) return NULL;
  for (size_t i = 0; i < kd_table_n_columns(table); i++) {
    struct kd_column column;
    kd_table_column(table, i, &column);
    kd_nearest_try(nearest, column.name);
    fprintf(out, " %s", column.name);
  }
  fclose(out);
  return text;
}

static int unknown(const struct kd_table *table, const char *name, struct kd_err *err) {
  struct kd_nearest nearest;
  kd_nearest_init(&nearest, name);
  char *list = list_names(table, &nearest);
  if (!list) return kd_no_memory(err);
  const char *hint = kd_nearest_hint(&nearest);
  kd_fail(err, KD_USAGE, "unknown column '%s'; %s%sthere are:%s", name, hint ? hint : "",
          hint ? " " : "", list);
  free(list);
  return KD_USAGE;
}

int kd_table_require(const struct kd_table *table, const char *name, struct kd_column *column,
                     struct kd_err *err) {
  return kd_table_find(table, name, column) ? KD_OK : unknown(table, name, err);
}

bool kd_table_find_bound(const struct kd_table *table, const char *name,
                         struct kd_column *bound) {
  char text[128];
  snprintf(text, sizeof text, "%s_bound", name);
  return kd_table_find(table, text, bound);
}

bool kd_name_is_bound(const char *name) {
  size_t n = strlen(name), end = strlen("_bound");
  return n > end && strcmp(name + n - end, "_bound") == 0;
}
