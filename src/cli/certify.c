/* SPDX-License-Identifier: MIT
 *
 * kdegrad certify CONFIG: cells in ball arithmetic.
 */
#include "run/certify.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "certificate.h"
#include "config/plan.h"
#include "verb.h"

enum { CELLS_MAX = 64, DIGITS = 30 };

struct range {
  size_t first, last;
};

/* "A" or "A:B", cells of the plan */
static int parse_cells(const char *text, const struct kd_plan *plan, struct range *range) {
  int read = 0;
  *range = (struct range){0, plan->n_cells - 1};
  if (!text) return KD_OK;
  bool digits = text[strspn(text, "0123456789:")] == '\0' && strlen(text) < 40;
  int found =
      digits ? sscanf(text, "%zu%n:%zu%n", &range->first, &read, &range->last, &read) : 0;
  if (found == 1) range->last = range->first;
  if (found >= 1 && !text[read] && range->first <= range->last && range->last < plan->n_cells)
    return KD_OK;
  return kd_complain(KD_USAGE, "--cells must be A or A:B with 0 <= A <= B < %zu, got '%s'",
                     plan->n_cells, text);
}

static int check_number(const struct kd_plan *plan, const struct range *range) {
  size_t n = range->last - range->first + 1;
  if (n <= CELLS_MAX) return KD_OK;
  return kd_complain(KD_USAGE,
                     "%zu cells are too many to certify at once, the most is %d; narrow them "
                     "down: --cells %zu:%zu, or give an axis fewer values: --set %s=VALUE",
                     n, CELLS_MAX, range->first, range->first + CELLS_MAX - 1,
                     plan->swept[plan->n_swept - 1].path);
}

static bool wants_twin(const struct kd_problem *p) {
  return p->shift != 0 || p->record & KD_RECORD_DEFECT;
}

static void complain_of_cell(const struct kd_plan *plan, const struct kd_cell *cell,
                             size_t index, const struct kd_err *err) {
  char values[512];
  kd_certificate_values(plan, cell, values, sizeof values);
  kd_complain(KD_CELLS_FAILED, "cell %zu%s%s%s: %s", index, *values ? " (" : "", values,
              *values ? ")" : "", err->text);
}

/* One cell enclosed and written; KD_OK though it cannot be, which is said. */
static int certify_cell(const struct kd_cell *cell, size_t i, struct kd_certificate_writer *out,
                        struct kd_err *err) {
  struct kd_certificate c;
  int code = kd_certify(&cell->problem, out->digits, wants_twin(&cell->problem), &c, err);
  kd_certificate_cell(out, cell, i, code ? NULL : &c);
  if (!code) kd_certificate_clear(&c);
  return code;
}

static int bisect_cell(const struct kd_cell *cell, size_t i, struct kd_certificate_writer *out,
                       struct kd_err *err) {
  struct kd_breaking_ball b;
  int code = kd_certify_breaking(&cell->problem, out->digits, &b, err);
  kd_certificate_breaking(out, cell, i, code ? NULL : &b);
  if (!code) kd_certificate_clear(&b.certificate);
  return code;
}

/* A cell that cannot be enclosed is said and passed over. */
static int certify_cells(const struct kd_plan *plan, const struct range *range, bool breaking,
                         struct kd_certificate_writer *out) {
  struct kd_cell *cell = kd_cell_create(plan);
  if (!cell) return kd_complain(KD_SYSTEM, "out of memory");
  int worst = KD_OK;
  kd_certificate_begin(out);
  for (size_t i = range->first; i <= range->last; i++) {
    struct kd_err err;
    kd_plan_cell(plan, i, cell);
    int code = (breaking ? bisect_cell : certify_cell)(cell, i, out, &err);
    if (!code) continue;
    complain_of_cell(plan, cell, i, &err);
    worst = KD_CELLS_FAILED;
    if (code == KD_SYSTEM) break;
  }
  kd_certificate_end(out);
  kd_certify_cleanup();
  kd_cell_free(cell);
  int code = kd_finish_output();
  return code ? code : worst;
}

static int certify_plan(const struct kd_args *args, const struct kd_plan *plan) {
  struct range range;
  struct kd_certificate_writer out = {
      .plan = plan, .json = args->json, .digits = args->digits ? args->digits : DIGITS};
  int code = parse_cells(args->cells, plan, &range);
  if (!code) code = check_number(plan, &range);
  return code ? code : certify_cells(plan, &range, args->breaking, &out);
}

int kd_verb_certify(const struct kd_args *args) {
  struct kd_diag diag;
  struct kd_plan *plan;
  if (!kd_certify_available()) return kd_complain(KD_SYSTEM, "%s", kd_certify_missing);
  kd_diag_init(&diag);
  int code = kd_plan_read(args->word[0], args->set, args->n_set, &plan, &diag);
  if (code)
    kd_diag_print(&diag, stderr);
  else
    code = certify_plan(args, plan);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  return code;
}
