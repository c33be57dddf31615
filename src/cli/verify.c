/* SPDX-License-Identifier: MIT
 *
 * kdegrad verify FILE...: is a result file whole, is it the table that the config in it
 * describes, and does computing its cells anew give the same bits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/numerics.h"
#include "core/random.h"
#include "diff.h"
#include "progress.h"
#include "run/audit.h"
#include "run/recompute.h"
#include "shared.h"
#include "store/digest.h"
#include "store/file.h"
#include "store/scales.h"
#include "verb.h"

/* One file on its way through the checks */
struct check {
  const struct kd_args *args;
  const char *path;
  const struct kd_table *table;
  struct kd_plan *plan;
  struct kd_audit audit;
};

static size_t n_rows(const struct check *check) {
  return kd_table_head(check->table)->extent[KD_DIM_CELL];
}

/* --- the config in it --- */

/* A name in the folder from which the data files of the config are seen */
static char *config_name(const struct check *check) {
  const char *slash = strrchr(check->path, '/');
  const char *folder = check->args->files ? check->args->files : ".";
  char *name;
  int n = asprintf(&name, "%s/config-in-%s", folder, slash ? slash + 1 : check->path);
  return n < 0 ? NULL : name;
}

static int complain_of_config(const struct check *check, const struct kd_diag *diag) {
  const char *files = kd_table_head(check->table)->files;
  kd_diag_print(diag, stderr);
  if (!*files)
    return kd_complain(KD_SYSTEM, "%s: the config in it is not one of this version",
                       check->path);
  return kd_complain(KD_SYSTEM,
                     "%s: its cells read files that must be there to check them; say in which "
                     "folder the config was: --files FOLDER (XXH3-128 and name of each:\n%s)",
                     check->path, files);
}

static int read_config(struct check *check) {
  const struct kd_table_head *head = kd_table_head(check->table);
  char *name = config_name(check);
  struct kd_diag diag;
  if (!name) return kd_complain(KD_SYSTEM, "out of memory");
  kd_diag_init(&diag);
  int code = kd_plan_read_again(name, head->config, head->overrides, &check->plan, &diag);
  if (code) code = complain_of_config(check, &diag);
  if (!code && strcmp(check->plan->files, head->files) != 0)
    kd_complain(0, "%s: data files have changed since; now:\n%s\nthen:\n%s", check->path,
                check->plan->files, head->files);
  kd_diag_clear(&diag);
  free(name);
  return code;
}

/* --- its cells --- */

static void say_place(const struct check *check, size_t row) {
  printf("cell %zu", row);
  kd_shared_print_place(check->table, row);
}

static int print_audit(const struct check *check) {
  const struct kd_audit *audit = &check->audit;
  if (kd_audit_is_whole(audit)) return KD_OK;
  if (audit->n_missing)
    printf("%s: %zu of the %zu cells of its config are missing, the first is cell %zu\n",
           check->path, audit->n_missing, check->plan->n_cells, audit->first_missing);
  if (audit->n_strange) {
    printf("%s: %zu cells have a key that its config gives to none, the first is ", check->path,
           audit->n_strange);
    say_place(check, audit->first_strange);
    putchar('\n');
  }
  if (audit->n_moved)
    printf("%s: %zu cells do not stand where their key says, the first is cell %zu: %s\n",
           check->path, audit->n_moved, audit->first_moved, audit->moved);
  return KD_UNEXPECTED;
}

static int check_cells(struct check *check) {
  struct kd_err err;
  int code = kd_audit_make(&check->audit, check->plan, check->table, &err);
  if (code == KD_UNEXPECTED) {
    printf("%s: %s\n", check->path, err.text);
    return code;
  }
  return code ? kd_complain(code, "%s: %s", check->path, err.text) : print_audit(check);
}

/* --- its numbers --- */

/* Rows whose cell is known, of `most` equal blocks one each: all if there are fewer. */
static size_t choose(const struct check *check, struct kd_pair *pair, size_t *cell) {
  size_t n = n_rows(check), most = check->args->recompute, chosen = 0;
  if (most > n) most = n;
  for (size_t k = 0; k < most; k++) {
    double from = (double)n * (double)k / (double)most;
    double to = (double)n * (double)(k + 1) / (double)most;
    double share = kd_random_uniform(check->args->seed, KD_STREAM_SAMPLE, k);
    size_t row = most == n ? k : (size_t)(from + share * (to - from));
    if (row >= n) row = n - 1;
    if (check->audit.cell[row] == SIZE_MAX) continue;
    pair[chosen] = (struct kd_pair){row, chosen};
    cell[chosen++] = check->audit.cell[row];
  }
  return chosen;
}

static void print_difference(const struct check *check, const struct kd_diff *diff,
                             const struct kd_diff_quantity *q) {
  const struct kd_pair *pair = &diff->pair[q->pair];
  printf("%s: %s of ", check->path, q->a.name);
  say_place(check, pair->a);
  kd_diff_print_place(q);
  fputs(": stored is ", stdout);
  kd_diff_print_value(diff, q, 0);
  fputs(", computed ", stdout);
  kd_diff_print_value(diff, q, 1);
  printf("; %zu cells differ in it\n", q->n_cells);
}

/* Where the numerics version is another one, other numbers are what one expects. */
static int print_differences(const struct check *check, const struct kd_diff *diff) {
  long long then = (long long)kd_table_head(check->table)->numerics_version;
  if (diff->n_differing == 0) return KD_OK;
  for (size_t i = 0; i < diff->n_quantities; i++)
    if (diff->quantity[i].n_cells) print_difference(check, diff, &diff->quantity[i]);
  printf("%s: %zu of %zu recomputed cells differ", check->path, diff->n_differing,
         diff->n_pairs);
  if (then != KD_NUMERICS_VERSION)
    printf("; it was made by numerics version %lld, this is %d", then, KD_NUMERICS_VERSION);
  putchar('\n');
  return KD_UNEXPECTED;
}

static int compare(const struct check *check, size_t n, const struct kd_pair *pair,
                   const struct kd_table *computed) {
  struct kd_diff diff;
  struct kd_err err;
  int code = kd_diff_pairs(&diff, check->table, computed, n, pair, KD_BY_BITS, &err);
  code = code ? kd_complain(code, "%s: %s", check->path, err.text)
              : print_differences(check, &diff);
  kd_diff_clear(&diff);
  return code;
}

static int recompute_chosen(const struct check *check, size_t n, const struct kd_pair *pair,
                            const size_t *cell) {
  struct kd_progress progress = kd_progress_start(check->plan->experiment);
  struct kd_recompute wanted = {check->plan,      n,        cell, check->args->jobs,
                                kd_progress_show, &progress};
  struct kd_table *computed;
  struct kd_err err;
  int code = kd_recompute(&wanted, &computed, &err);
  kd_progress_end(&progress);
  if (code) return kd_complain(code, "%s: %s", check->path, err.text);
  code = compare(check, n, pair, computed);
  kd_table_free(computed);
  return code;
}

static int recompute(const struct check *check, size_t *n) {
  size_t most = check->args->recompute < n_rows(check) ? check->args->recompute : n_rows(check);
  struct kd_pair *pair = calloc(most + 1, sizeof *pair);
  size_t *cell = calloc(most + 1, sizeof *cell);
  int code = pair && cell ? KD_OK : kd_complain(KD_SYSTEM, "out of memory");
  if (!code) *n = choose(check, pair, cell);
  if (!code && *n) code = recompute_chosen(check, *n, pair, cell);
  free(pair);
  free(cell);
  return code;
}

/* --- all of it --- */

/* A table that is none of its config has no cells to recompute. */
static int check_against_config(struct check *check) {
  size_t n = 0;
  int code = read_config(check);
  if (!code) code = check_cells(check);
  if (check->args->recompute && check->audit.cell) {
    int other = recompute(check, &n);
    if (other > code) code = other;
  }
  if (!code && n)
    printf("%s: whole: %zu cells; %zu recomputed: the same bits\n", check->path, n_rows(check),
           n);
  else if (!code)
    printf("%s: whole: %zu cells\n", check->path, n_rows(check));
  kd_audit_clear(&check->audit);
  kd_plan_free(check->plan);
  return code;
}

static int print_digest(const struct check *check) {
  char text[KD_DIGEST_TEXT];
  struct kd_err err;
  int code = kd_table_digest(check->table, text, &err);
  if (code) return kd_complain(code, "%s: %s", check->path, err.text);
  printf("%s  %s\n", text, check->path);
  return KD_OK;
}

static int verify(const struct kd_args *args, const char *path) {
  struct kd_table *table;
  struct kd_err err;
  int code = kd_file_read(path, &table, &err);
  if (code) return kd_complain(code, "%s", err.text);
  struct check check = {.args = args, .path = path, .table = table};
  code = kd_scales_check(path, table, &err);
  if (code) kd_complain(code, "%s", err.text);
  if (!code && args->digest) code = print_digest(&check);
  if (!code && (!args->digest || args->recompute)) code = check_against_config(&check);
  kd_table_free(table);
  return code;
}

int kd_verb_verify(const struct kd_args *args) {
  int worst = 0;
  for (size_t i = 0; i < args->n; i++) {
    int code = verify(args, args->word[i]);
    if (code > worst) worst = code;
  }
  int code = kd_finish_output();
  return worst ? worst : code;
}
