/* SPDX-License-Identifier: MIT
 *
 * kdegrad compare FILE --by PATH: which value of one axis does best where all else is the
 * same.
 */
#include "compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/plan.h"
#include "core/nearest.h"
#include "shared.h"
#include "store/file.h"
#include "verb.h"
#include "where.h"

/* --- the axis --- */

/* What the name may be: a coordinate, the key or the group that it comes from. */
static bool is_called(const struct kd_plan *outline, size_t s, const char *name) {
  const struct kd_swept *swept = &outline->swept[s];
  return strcmp(swept->path, name) == 0 || strcmp(swept->key->path, name) == 0 ||
         strcmp(outline->axis[swept->axis].name, name) == 0;
}

static int unknown(const struct kd_plan *outline, const char *name, struct kd_err *err) {
  char list[1024] = "";
  struct kd_nearest nearest;
  kd_nearest_init(&nearest, name);
  for (size_t s = 0; s < outline->n_swept; s++) {
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s %s", s ? "," : "", outline->swept[s].path);
    kd_nearest_try(&nearest, outline->swept[s].path);
  }
  const char *hint = kd_nearest_hint(&nearest);
  if (outline->n_swept == 0)
    return kd_fail(err, KD_USAGE, "'%s' is not swept; nothing is", name);
  return kd_fail(err, KD_USAGE, "'%s' is not swept; %s%sswept are:%s", name, hint ? hint : "",
                 hint ? " " : "", list);
}

/* The columns of the axis that has this name: those so called first */
static int find_axis(const struct kd_plan *outline, const struct kd_table *table,
                     const char *name, struct kd_pairing_axis *axis, struct kd_err *err) {
  struct kd_column *column = calloc(outline->n_swept + 1, sizeof *column);
  *axis = (struct kd_pairing_axis){.column = column};
  if (!column) return kd_no_memory(err);
  size_t first = 0;
  while (first < outline->n_swept && !is_called(outline, first, name)) first++;
  if (first == outline->n_swept) return unknown(outline, name, err);
  for (int others = 0; others < 2; others++)
    for (size_t s = 0; s < outline->n_swept; s++)
      if (outline->swept[s].axis == outline->swept[first].axis && (s != first) == others &&
          kd_table_find(table, outline->swept[s].path, &column[axis->n]))
        axis->n++;
  return KD_OK;
}

/* --- names of its values --- */

static double coordinate(const struct kd_compare *compare, size_t v, size_t k) {
  return kd_column_number(&compare->axis.column[k], compare->pairing.value[v]);
}

/* Strikes out the rivals that coordinate k tells from value v; false if there is none. */
static bool tells_apart(const struct kd_compare *compare, size_t v, size_t k, bool *rival) {
  bool any = false;
  for (size_t o = 0; o < compare->pairing.n_values; o++) {
    bool other = kd_value_order(coordinate(compare, v, k), coordinate(compare, o, k)) != 0;
    any = any || (rival[o] && other);
    rival[o] = rival[o] && !other;
  }
  return any;
}

/* Its first coordinate, and of the others those that tell it from values with the same. */
static bool write_label(struct kd_compare *compare, size_t v, bool *rival) {
  size_t size;
  FILE *out = open_memstream(&compare->label[v], &size);
  if (!out) return false;
  for (size_t o = 0; o < compare->pairing.n_values; o++) rival[o] = true;
  for (size_t k = 0; k < compare->axis.n; k++) {
    if (!tells_apart(compare, v, k, rival) && k > 0) continue;
    if (k > 0) fprintf(out, ", %s ", compare->axis.column[k].name);
    kd_shared_print_value(out, &compare->axis.column[k], coordinate(compare, v, k));
  }
  return fclose(out) == 0;
}

static int write_labels(struct kd_compare *compare, struct kd_err *err) {
  size_t n = compare->pairing.n_values;
  bool *rival = calloc(n + 1, sizeof *rival);
  compare->label = calloc(n + 1, sizeof *compare->label);
  bool good = rival && compare->label;
  for (size_t v = 0; good && v < n; v++) good = write_label(compare, v, rival);
  free(rival);
  return good ? KD_OK : kd_no_memory(err);
}

/* --- the quantities --- */

static int add(struct kd_compare *compare, const struct kd_column *column, struct kd_err *err) {
  return kd_contest_make(&compare->contest[compare->n++], &compare->pairing, column, err);
}

static int add_named(struct kd_compare *compare, const char *name, struct kd_err *err) {
  struct kd_column column;
  int code = kd_table_require(compare->pairing.table, name, &column, err);
  if (code) return code;
  if (!kd_contest_takes(&column) || !kd_variable_is(name))
    return kd_fail(err, KD_USAGE, "%s is not compared: it is no quantity of a cell", name);
  return add(compare, &column, err);
}

static int add_all(struct kd_compare *compare, struct kd_err *err) {
  const struct kd_table *table = compare->pairing.table;
  int code = KD_OK;
  for (size_t i = 0; i < kd_table_n_columns(table) && !code; i++) {
    struct kd_column column;
    kd_table_column(table, i, &column);
    if (kd_contest_takes(&column) && kd_variable_is(column.name))
      code = add(compare, &column, err);
  }
  return code;
}

static int add_quantities(struct kd_compare *compare, const char *columns, struct kd_err *err) {
  size_t room = columns ? strlen(columns) + 1 : kd_n_variables;
  compare->contest = calloc(room, sizeof *compare->contest);
  if (!compare->contest) return kd_no_memory(err);
  if (!columns) return add_all(compare, err);
  char *names = strdup(columns);
  const char **name = calloc(room, sizeof *name);
  int code = names && name ? KD_OK : kd_no_memory(err);
  size_t n = code ? 0 : kd_args_split(names, name);
  for (size_t i = 0; i < n && !code; i++) code = add_named(compare, name[i], err);
  free(name);
  free(names);
  return code;
}

/* --- the cells --- */

/* Which cells the filters keep */
static int filter(const struct kd_args *args, const struct kd_table *table, bool *keep,
                  struct kd_err *err) {
  struct kd_where where;
  size_t n = kd_table_head(table)->extent[KD_DIM_CELL];
  int code = kd_where_read(&where, table, args->n_where, args->where, err);
  for (size_t i = 0; i < where.n_columns && !code; i++)
    if (where.column[i].n_dims != 1 || where.column[i].dim[0] != KD_DIM_CELL)
      code = kd_fail(err, KD_USAGE, "%s is not one number a cell", where.column[i].name);
  for (size_t row = 0; row < n && !code; row++)
    keep[row] = kd_where_holds(&where, (const size_t[KD_N_DIMS]){[KD_DIM_CELL] = row});
  kd_where_clear(&where);
  return code ? kd_context(err, code, "--where") : KD_OK;
}

static int check_sets(const struct kd_compare *compare, struct kd_err *err) {
  const struct kd_pairing *pairing = &compare->pairing;
  if (pairing->n_values == 0) return kd_fail(err, KD_UNEXPECTED, "no cell is left by --where");
  if (pairing->n_values == 1)
    return kd_fail(err, KD_UNEXPECTED, "nothing to compare: the only value of %s is %s",
                   compare->by, compare->label[0]);
  if (pairing->n_sets == 0)
    return kd_fail(err, KD_UNEXPECTED,
                   "nothing pairs: no set of cells that differ in %s alone has all of its %zu "
                   "values; most often %s lacks",
                   compare->by, pairing->n_values, compare->label[pairing->rarest]);
  return KD_OK;
}

static int make(struct kd_compare *compare, const struct kd_args *args,
                const struct kd_table *table, const struct kd_plan *outline,
                struct kd_err *err) {
  bool *keep = calloc(kd_table_head(table)->extent[KD_DIM_CELL] + 1, sizeof *keep);
  int code =
      keep ? find_axis(outline, table, args->path, &compare->axis, err) : kd_no_memory(err);
  if (!code) code = filter(args, table, keep, err);
  if (!code) code = kd_pairing_make(&compare->pairing, table, &compare->axis, keep, err);
  free(keep);
  if (!code) code = write_labels(compare, err);
  if (!code) code = check_sets(compare, err);
  return code ? code : add_quantities(compare, args->columns, err);
}

static void clear(struct kd_compare *compare) {
  for (size_t v = 0; compare->label && v < compare->pairing.n_values; v++)
    free(compare->label[v]);
  for (size_t i = 0; i < compare->n; i++) kd_contest_clear(&compare->contest[i]);
  free(compare->label);
  free(compare->contest);
  free((void *)compare->axis.column);
  kd_pairing_clear(&compare->pairing);
}

static int compare_values(const struct kd_args *args, const struct kd_table *table,
                          const struct kd_plan *outline) {
  struct kd_err err;
  struct kd_compare compare = {.file = args->word[0], .by = args->path};
  int code = make(&compare, args, table, outline, &err);
  if (!code)
    (args->csv    ? kd_compare_print_csv
     : args->json ? kd_compare_print_json
     : args->tex  ? kd_compare_print_tex
                  : kd_compare_print_text)(&compare);
  clear(&compare);
  return code ? kd_complain(code, "%s: %s", args->word[0], err.text) : kd_finish_output();
}

/* Its config says what goes in lock-step. */
static int compare_file(const struct kd_args *args, const struct kd_table *table) {
  const struct kd_table_head *head = kd_table_head(table);
  struct kd_diag diag;
  struct kd_plan *outline;
  kd_diag_init(&diag);
  int code = kd_plan_outline(args->word[0], head->config, head->overrides, &outline, &diag);
  code = code ? kd_complain(code,
                            "%s: the config in it is not one of this version: what goes in "
                            "lock-step is not known",
                            args->word[0])
              : compare_values(args, table, outline);
  kd_plan_free(outline);
  kd_diag_clear(&diag);
  return code;
}

int kd_verb_compare(const struct kd_args *args) {
  struct kd_table *table;
  struct kd_err err;
  if (!args->path)
    return kd_complain(KD_USAGE, "compare needs --by; 'kdegrad show %s' lists the axes",
                       args->word[0]);
  if (args->csv + args->json + args->tex > 1)
    return kd_complain(KD_USAGE, "one of --csv, --json, --tex");
  int code = kd_file_read(args->word[0], &table, &err);
  if (code) return kd_complain(code, "%s", err.text);
  code = compare_file(args, table);
  kd_table_free(table);
  return code;
}
