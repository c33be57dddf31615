/* SPDX-License-Identifier: MIT
 *
 * kdegrad diff A B: how far apart two result files are, and where.
 */
#include "diff.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "shared.h"
#include "store/file.h"
#include "store/json.h"
#include "verb.h"

static const char *const measures[KD_N_MEASURES] = {
    [KD_BY_BITS] = "bits", [KD_BY_ULPS] = "ulps", [KD_BY_BOUNDS] = "bounds"};

int kd_diff_by_parse(const char *text, enum kd_diff_by *measure) {
  for (int m = 0; m < KD_N_MEASURES; m++) {
    *measure = (enum kd_diff_by)m;
    if (strcmp(measures[m], text) == 0) return KD_OK;
  }
  return kd_complain(KD_USAGE, "--by must be bits, ulps or bounds, got '%s'", text);
}

/* Where in its table one side of the largest distance stands; false if there is nothing. */
static bool place_of(const struct kd_diff *diff, const struct kd_diff_quantity *q, int side,
                     size_t *i) {
  const struct kd_table_head *head = kd_table_head(side ? diff->b : diff->a);
  const struct kd_column *c = side ? &q->b : &q->a;
  size_t at[KD_N_DIMS];
  memcpy(at, q->at, sizeof at);
  at[KD_DIM_CELL] = side ? diff->pair[q->pair].b : diff->pair[q->pair].a;
  for (size_t k = 0; k < c->n_dims; k++)
    if (at[c->dim[k]] >= head->extent[c->dim[k]]) return false;
  *i = kd_column_index(head, c, at);
  return !isnan(kd_column_number(c, *i));
}

/* --- text --- */

void kd_diff_print_value(const struct kd_diff *diff, const struct kd_diff_quantity *q,
                         int side) {
  const struct kd_column *c = side ? &q->b : &q->a;
  size_t i;
  if (!place_of(diff, q, side, &i))
    fputs("nothing", stdout);
  else if (c->type == KD_TYPE_CODE)
    fputs(c->names[(size_t)kd_column_number(c, i)], stdout);
  else
    printf("%.17g", kd_column_number(c, i));
}

void kd_diff_print_place(const struct kd_diff_quantity *q) {
  for (size_t k = 1; k < q->a.n_dims; k++)
    printf(", %s %zu", kd_dim_name(q->a.dim[k]), q->at[q->a.dim[k]]);
}

static void print_cells(const struct kd_diff *diff, const struct kd_diff_quantity *q) {
  const struct kd_pair *pair = &diff->pair[q->pair];
  printf("cell %zu", pair->a);
  if (pair->b != pair->a) printf(" and %zu", pair->b);
  kd_diff_print_place(q);
  kd_shared_print_place(diff->a, pair->a);
}

static void print_distance(const struct kd_diff_quantity *q) {
  static const char *const unit[KD_N_MEASURES] = {
      [KD_BY_BITS] = " bits", [KD_BY_ULPS] = " ulps", [KD_BY_BOUNDS] = " x bounds"};
  if (isinf(q->worst))
    printf(" %-15s", "");
  else
    printf(" %8.3g%-9s", q->worst, unit[q->measure]);
}

static void print_quantity(const struct kd_diff *diff, const struct kd_diff_quantity *q) {
  printf("  %-18s %8zu", q->a.name, q->n_cells);
  if (q->worst > 0) {
    print_distance(q);
    fputs("  ", stdout);
    kd_diff_print_value(diff, q, 0);
    fputs(" and ", stdout);
    kd_diff_print_value(diff, q, 1);
    fputs(" in ", stdout);
    print_cells(diff, q);
  }
  fputc('\n', stdout);
  if (q->n_unbounded)
    printf("  %-18s %zu numbers are not equal but have no finite bound: not counted\n", "",
           q->n_unbounded);
}

/* Cells and variables that only one of the files has */
static void print_alone(const struct kd_diff *diff, char *const *path) {
  for (int side = 0; side < 2; side++) {
    if (diff->n_only[side]) {
      printf("only in %s: %zu cells, the first is cell %zu", path[side], diff->n_only[side],
             diff->only[side][0]);
      kd_shared_print_place(side ? diff->b : diff->a, diff->only[side][0]);
      fputc('\n', stdout);
    }
    if (!diff->n_alone[side]) continue;
    printf("only in %s:", path[side]);
    for (size_t i = 0; i < diff->n_alone[side]; i++) printf(" %s", diff->alone[side][i]);
    fputc('\n', stdout);
  }
}

static void print_text(const struct kd_diff *diff, const struct kd_shared *shared,
                       char *const *path) {
  long long numerics[2] = {(long long)kd_table_head(diff->a)->numerics_version,
                           (long long)kd_table_head(diff->b)->numerics_version};
  if (numerics[0] != numerics[1])
    printf("of numerics version %lld and %lld\n", numerics[0], numerics[1]);
  printf("cells in both: %zu", diff->n_pairs);
  if (diff->n_by_key < diff->n_pairs)
    printf(", %zu of them by key, the others by their axis values", diff->n_by_key);
  printf("; different: %zu\n", diff->n_differing);
  print_alone(diff, path);
  if (diff->n_pairs) puts("differing cells and largest distance of each quantity:");
  for (size_t i = 0; diff->n_pairs && i < diff->n_quantities; i++)
    print_quantity(diff, &diff->quantity[i]);
  if (diff->n_differing) kd_shared_print(shared, "differing");
}

/* --- JSON --- */

static void print_json_value(const struct kd_diff *diff, const struct kd_diff_quantity *q,
                             int side) {
  const struct kd_column *c = side ? &q->b : &q->a;
  size_t i;
  if (!place_of(diff, q, side, &i))
    fputs("null", stdout);
  else if (c->type == KD_TYPE_CODE)
    kd_json_string(c->names[(size_t)kd_column_number(c, i)]);
  else
    kd_json_number(stdout, kd_column_number(c, i));
}

static void print_json_quantity(const struct kd_diff *diff, const struct kd_diff_quantity *q) {
  const struct kd_pair *pair = &diff->pair[q->pair];
  printf("{\"name\": \"%s\", \"by\": \"%s\", \"differing\": %zu, \"unbounded\": %zu, "
         "\"worst\": ",
         q->a.name, measures[q->measure], q->n_cells, q->n_unbounded);
  kd_json_number(stdout, q->worst);
  if (q->worst > 0) {
    printf(", \"cells\": [%zu, %zu]", pair->a, pair->b);
    for (size_t k = 1; k < q->a.n_dims; k++)
      printf(", \"%s\": %zu", kd_dim_name(q->a.dim[k]), q->at[q->a.dim[k]]);
    fputs(", \"values\": [", stdout);
    print_json_value(diff, q, 0);
    fputs(", ", stdout);
    print_json_value(diff, q, 1);
    fputs("]", stdout);
  }
  fputs("}", stdout);
}

static void print_json_rows(size_t n, const size_t *row) {
  fputs("[", stdout);
  for (size_t i = 0; i < n; i++) printf("%s%zu", i ? ", " : "", row[i]);
  fputs("]", stdout);
}

static void print_json(const struct kd_diff *diff, const struct kd_shared *shared,
                       char *const *path) {
  printf("{\"same\": %s, \"cells\": %zu, \"by_key\": %zu, \"differing\": %zu,\n \"only\": [",
         kd_diff_any(diff) ? "false" : "true", diff->n_pairs, diff->n_by_key,
         diff->n_differing);
  for (int side = 0; side < 2; side++) {
    fputs(side ? ",\n  {\"file\": " : "\n  {\"file\": ", stdout);
    kd_json_string(path[side]);
    fputs(", \"cells\": ", stdout);
    print_json_rows(diff->n_only[side], diff->only[side]);
    fputs(", \"variables\": [", stdout);
    for (size_t i = 0; i < diff->n_alone[side]; i++)
      printf("%s\"%s\"", i ? ", " : "", diff->alone[side][i]);
    fputs("]}", stdout);
  }
  fputs("],\n \"quantities\": [", stdout);
  for (size_t i = 0; i < diff->n_quantities; i++) {
    fputs(i ? ",\n  " : "\n  ", stdout);
    print_json_quantity(diff, &diff->quantity[i]);
  }
  fputs("],\n \"shared\": ", stdout);
  kd_shared_print_json(shared);
  fputs("}\n", stdout);
}

/* --- both --- */

static int find_shared(const struct kd_diff *diff, struct kd_shared *shared,
                       struct kd_err *err) {
  struct kd_marked *list = calloc(diff->n_pairs + 1, sizeof *list);
  *shared = (struct kd_shared){0};
  if (!list) return kd_no_memory(err);
  for (size_t i = 0; i < diff->n_pairs; i++)
    list[i] = (struct kd_marked){diff->pair[i].a, diff->differs[i]};
  int code = kd_shared_find(shared, diff->a, diff->n_pairs, list, err);
  free(list);
  return code;
}

static int compare(const struct kd_args *args, const struct kd_table *const table[2]) {
  struct kd_err err;
  struct kd_diff diff;
  struct kd_shared shared = {0};
  int code = kd_diff_make(&diff, table[0], table[1], args->measure, &err);
  if (!code) code = find_shared(&diff, &shared, &err);
  if (!code) (args->json ? print_json : print_text)(&diff, &shared, args->word);
  int worst = code ? kd_complain(code, "%s", err.text) : kd_diff_any(&diff) ? KD_UNEXPECTED : 0;
  kd_shared_clear(&shared);
  kd_diff_clear(&diff);
  code = kd_finish_output();
  return code ? code : worst;
}

int kd_verb_diff(const struct kd_args *args) {
  struct kd_table *table[2] = {NULL, NULL};
  struct kd_err err;
  int code = KD_OK;
  for (int side = 0; side < 2 && !code; side++) {
    code = kd_file_read(args->word[side], &table[side], &err);
    if (code) kd_complain(code, "%s", err.text);
  }
  if (!code) code = compare(args, (const struct kd_table *const[]){table[0], table[1]});
  kd_table_free(table[0]);
  kd_table_free(table[1]);
  return code;
}
