/* SPDX-License-Identifier: MIT
 *
 * kdegrad show FILE: what a result file holds.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plan.h"
#include "store/file.h"
#include "summary.h"
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

static int print_range(const struct kd_table *table, const struct kd_column *c,
                       struct kd_err *err) {
  struct kd_range_of range;
  int code = kd_summary_range(kd_table_head(table), c, &range, err);
  if (code) return code;
  double bound = kd_summary_bound(table, c->name);
  if (range.n)
    printf(" %12.6g %12.6g %12.6g", range.min, range.median, range.max);
  else
    printf(" %38s", "");
  if (isnan(bound))
    printf(" %9s", "");
  else
    printf(" %9.2g", bound);
  if (range.n_missing) printf(" %zu missing", range.n_missing);
  return KD_OK;
}

static int print_column(const struct kd_table *table, const struct kd_column *c,
                        struct kd_err *err) {
  int code = KD_OK;
  print_shape(kd_table_head(table), c);
  if (c->type == KD_TYPE_CODE)
    for (size_t i = 0; i < c->n_names; i++) printf(" %s", c->names[i]);
  else if (c->type != KD_TYPE_UNSIGNED)
    code = print_range(table, c, err);
  fputc('\n', stdout);
  return code;
}

static void print_statuses(const struct kd_summary *summary) {
  const char *comma = "";
  printf("cells: %zu (", kd_table_head(summary->table)->extent[KD_DIM_CELL]);
  for (int s = 0; s < KD_N_STATUS; s++) {
    if (!summary->status[s]) continue;
    printf("%s%zu %s", comma, summary->status[s], kd_status_name((enum kd_status)s));
    comma = ", ";
  }
  puts(")");
}

/* What the cells of each status but ok have in common */
static void print_shared(const struct kd_summary *summary) {
  for (int s = KD_STATUS_OK + 1; s < KD_N_STATUS; s++)
    if (summary->status[s])
      kd_shared_print(&summary->shared[s], kd_status_name((enum kd_status)s));
}

static int print_text(const struct kd_summary *summary, struct kd_err *err) {
  const struct kd_table_head *head = kd_table_head(summary->table);
  printf("%s: %s\n", head->experiment, head->about);
  printf("written by %s, numerics %lld, schema %d; %.3g MB, of values %.3g MB\n",
         head->program_version, (long long)head->numerics_version, KD_SCHEMA_VERSION,
         summary->bytes / 1e6, summary->payload / 1e6);
  if (*head->files) printf("files, with their XXH3-128:\n%s\n", head->files);
  if (*head->overrides) printf("overrides:\n%s\n", head->overrides);
  print_statuses(summary);
  print_shared(summary);
  if (summary->outline) kd_plan_print_keys(summary->outline);
  printf("columns:             %-27s %12s %12s %12s %9s\n", "shape", "min", "median", "max",
         "max bound");
  int code = KD_OK;
  for (size_t i = 0; i < kd_table_n_columns(summary->table) && !code; i++) {
    struct kd_column c;
    kd_table_column(summary->table, i, &c);
    code = print_column(summary->table, &c, err);
  }
  return code;
}

/* show --failed alone */
static void print_failed(const struct kd_summary *summary) {
  size_t n = kd_table_head(summary->table)->extent[KD_DIM_CELL];
  print_shared(summary);
  if (summary->status[KD_STATUS_OK] == n) printf("all %zu cells are ok\n", n);
}

static int find_shared(struct kd_summary *summary, enum kd_status status, size_t n,
                       struct kd_marked *list, struct kd_err *err) {
  for (size_t row = 0; row < n; row++) {
    list[row] = (struct kd_marked){row, kd_table_status(summary->table, row) == status};
    summary->status[status] += list[row].marked;
  }
  if (status == KD_STATUS_OK || summary->status[status] == 0) return KD_OK;
  return kd_shared_find(&summary->shared[status], summary->table, n, list, err);
}

static int summarise(struct kd_summary *summary, struct kd_err *err) {
  const struct kd_table_head *head = kd_table_head(summary->table);
  size_t n = head->extent[KD_DIM_CELL];
  struct kd_marked *list = calloc(n, sizeof *list);
  struct stat st;
  int code = list ? KD_OK : kd_no_memory(err);
  for (int s = 0; s < KD_N_STATUS && !code; s++)
    code = find_shared(summary, (enum kd_status)s, n, list, err);
  free(list);
  summary->payload = kd_file_payload(head);
  summary->bytes = stat(summary->path, &st) == 0 ? (double)st.st_size : NAN;
  return code;
}

static int print(struct kd_summary *summary, const struct kd_args *args) {
  struct kd_err err;
  int code = summarise(summary, &err);
  if (!code && args->json)
    code = kd_summary_print_json(summary, &err);
  else if (!code && args->failed)
    print_failed(summary);
  else if (!code)
    code = print_text(summary, &err);
  for (int s = 0; s < KD_N_STATUS; s++) kd_shared_clear(&summary->shared[s]);
  return code ? kd_complain(code, "%s", err.text) : kd_finish_output();
}

/* Its config says what is not in the columns: fixed keys, values of lists. */
static int show(const struct kd_args *args, const struct kd_table *table) {
  const struct kd_table_head *head = kd_table_head(table);
  struct kd_diag diag;
  struct kd_plan *outline;
  kd_diag_init(&diag);
  if (kd_plan_outline(args->word[0], head->config, head->overrides, &outline, &diag))
    kd_complain(0, "%s: the config in it is not one of this version: its keys are not shown",
                args->word[0]);
  struct kd_summary summary = {.path = args->word[0], .table = table, .outline = outline};
  int code = print(&summary, args);
  kd_plan_free(outline);
  kd_diag_clear(&diag);
  return code;
}

int kd_verb_show(const struct kd_args *args) {
  struct kd_table *table;
  struct kd_err err;
  int code = kd_file_read(args->word[0], &table, &err);
  if (code) return kd_complain(code, "%s", err.text);
  code = show(args, table);
  kd_table_free(table);
  return code;
}
