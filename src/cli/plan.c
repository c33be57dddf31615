/* SPDX-License-Identifier: MIT
 *
 * kdegrad plan CONFIG: what a run would compute.
 */
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "run/run.h"
#include "store/file.h"
#include "verb.h"

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

bool kd_plan_starts_path(const struct kd_plan *plan, size_t s) {
  return s == 0 || plan->swept[s].key != plan->swept[s - 1].key;
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

void kd_plan_print_keys(const struct kd_plan *plan) {
  print_axes(plan);
  print_fixed(plan);
}

static void print_text(const struct kd_plan *plan, double payload, double memory) {
  printf("%s: %s\n", plan->experiment, plan->about);
  printf("cells: %zu", plan->n_cells);
  if (plan->n_cells < plan->n_product) printf(" of %zu, after the filters", plan->n_product);
  printf("   points: up to %zu", plan->max_points);
  if (plan->max_recorded) printf("   recorded steps: up to %zu", plan->max_recorded);
  if (plan->max_bins) printf("   recorded bins: up to %zu", plan->max_bins);
  printf("   payload: %.3g MB   memory: up to %.3g MB\n", payload / 1e6, memory / 1e6);
  kd_plan_print_keys(plan);
}

/* Rows of a file are as long as its largest cell needs. */
static void warn_of_padding(const struct kd_plan *plan) {
  double most = (double)plan->max_points;
  if (most > 10 * plan->mean_points)
    fprintf(stderr,
            "kdegrad: warning: a row holds %zu points, a cell has %.3g on average: %.3g %% of "
            "the rows are padding; better one config for each size\n",
            plan->max_points, plan->mean_points, 100 * (1 - plan->mean_points / most));
}

static int print_plan(const struct kd_plan *plan, bool json) {
  struct kd_err err;
  struct kd_table_head head;
  int code = kd_run_head(plan, &head, &err);
  if (code) return kd_complain(code, "%s", err.text);
  double payload = kd_file_payload(&head), memory = kd_run_memory(&head, 0);
  free((void *)head.coordinate);
  if (!json)
    print_text(plan, payload, memory);
  else if (kd_plan_print_json(plan, payload, memory))
    return kd_complain(KD_SYSTEM, "out of memory");
  warn_of_padding(plan);
  return kd_finish_output();
}

int kd_verb_plan(const struct kd_args *args) {
  struct kd_diag diag;
  struct kd_plan *plan;
  kd_diag_init(&diag);
  int code = kd_plan_read_up_to(args->max_cells ? args->max_cells : KD_CELLS_MAX, args->word[0],
                                args->set, args->n_set, &plan, &diag);
  if (code)
    kd_diag_print(&diag, stderr);
  else
    code = print_plan(plan, args->json);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return code;
}
