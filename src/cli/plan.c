/* SPDX-License-Identifier: MIT
 *
 * kdegrad plan CONFIG: what a run would compute.
 */
#include "config/plan.h"

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

static void print_axes(const struct kd_plan *plan) {
  for (size_t s = 0; s < plan->n_swept; s++) {
    const struct kd_swept *swept = &plan->swept[s];
    if (s > 0 && swept->key == swept[-1].key) continue;
    printf("  %-20s %6zu values:", swept->key->path, plan->axis[swept->axis].n);
    print_values(plan, s);
    fputc('\n', stdout);
  }
}

static int print_plan(const struct kd_plan *plan) {
  struct kd_err err;
  struct kd_table_head head;
  int code = kd_run_head(plan, &head, &err);
  if (code) return kd_complain(code, "%s", err.text);
  printf("%s: %s\n", plan->experiment, plan->about);
  printf("cells: %zu", plan->n_cells);
  if (plan->n_cells < plan->n_product) printf(" of %zu, after the filters", plan->n_product);
  printf("   points: up to %zu", plan->max_points);
  if (plan->max_recorded) printf("   recorded steps: up to %zu", plan->max_recorded);
  if (plan->max_bins) printf("   recorded bins: up to %zu", plan->max_bins);
  printf("   payload: %.3g MB\n", kd_file_payload(&head) / 1e6);
  if (plan->n_axes) puts("axes, the last one fastest:");
  print_axes(plan);
  free((void *)head.coordinate);
  return kd_finish_output();
}

int kd_verb_plan(const struct kd_args *args) {
  struct kd_diag diag;
  struct kd_plan *plan;
  kd_diag_init(&diag);
  int code = kd_plan_read(args->word[0], args->set, args->n_set, &plan, &diag);
  if (code)
    kd_diag_print(&diag, stderr);
  else
    code = print_plan(plan);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return code;
}
