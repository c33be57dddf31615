/* SPDX-License-Identifier: MIT
 *
 * See ledger.h.
 */
#include "ledger.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/number.h"

void kd_ledger_init(struct kd_ledger *ledger) {
  *ledger = (struct kd_ledger){0};
  for (size_t k = 0; k < KD_N_CLAIMS; k++)
    ledger->line[k].worst = (struct kd_finding){NAN, NAN, NAN, NAN};
}

static void append(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Cut where the text is full */
static void append(char *text, size_t size, const char *format, ...) {
  va_list list;
  size_t used = strlen(text);
  va_start(list, format);
  vsnprintf(text + used, size - used, format, list);
  va_end(list);
}

static void append_number(char *text, double number) {
  char digits[KD_NUMBER_TEXT];
  kd_number_text(number, digits, sizeof digits);
  append(text, KD_LEDGER_WHERE_SIZE, "%s", digits);
}

/* A cell by its place on the axes */
static void say_where(const char *file, const struct kd_table *table, size_t row, char *text) {
  const struct kd_table_head *head = kd_table_head(table);
  snprintf(text, KD_LEDGER_WHERE_SIZE, "%s, cell %zu", file, row);
  const char *mark = ": ";
  for (size_t k = 0; k < head->n_coordinates; k++) {
    struct kd_column c;
    if (!kd_table_find(table, head->coordinate[k].path, &c)) continue;
    if (c.type == KD_TYPE_REAL && isnan(c.real[row])) continue;
    if (c.type != KD_TYPE_REAL && c.integer[row] == KD_NO_INTEGER) continue;
    append(text, KD_LEDGER_WHERE_SIZE, "%s%s = ", mark, c.name);
    if (c.type == KD_TYPE_REAL)
      append_number(text, c.real[row]);
    else if (c.type == KD_TYPE_CODE)
      append(text, KD_LEDGER_WHERE_SIZE, "%s", c.names[c.integer[row]]);
    else
      append(text, KD_LEDGER_WHERE_SIZE, "%lld", (long long)c.integer[row]);
    mark = ", ";
  }
}

/* Refutations speak loudest, then what nearly is one, then what says nothing. */
static bool is_louder(const struct kd_claim *claim, const struct kd_finding *a,
                      const struct kd_finding *b) {
  static const int rank[] = {[KD_VERDICT_HOLDS] = 2,
                             [KD_VERDICT_REFUTED] = 3,
                             [KD_VERDICT_INCONCLUSIVE] = 1,
                             [KD_VERDICT_VACUOUS] = 0};
  int of_a = rank[kd_claim_outcome(claim, a)], of_b = rank[kd_claim_outcome(claim, b)];
  return of_a != of_b ? of_a > of_b : kd_finding_margin(a) > kd_finding_margin(b);
}

static bool add_cell(struct kd_ledger_line *line, const struct kd_claim *claim,
                     const struct kd_finding *finding, bool failed) {
  line->cells++;
  line->failed += failed;
  if (isnan(finding->residual)) return false;
  line->applies++;
  enum kd_verdict outcome = kd_claim_outcome(claim, finding);
  line->held += outcome == KD_VERDICT_HOLDS;
  line->refuted += outcome == KD_VERDICT_REFUTED;
  line->powerless += !kd_claim_has_power(claim, finding);
  line->unbounded += isfinite(finding->bound) ? 0 : 1;
  if (!is_louder(claim, finding, &line->worst)) return false;
  line->worst = *finding;
  return true;
}

void kd_ledger_add(struct kd_ledger *ledger, const char *file, const struct kd_table *table) {
  const struct kd_table_head *head = kd_table_head(table);
  for (size_t row = 0; row < head->extent[KD_DIM_CELL]; row++) {
    struct kd_cell_record record;
    kd_table_record(table, row, &record);
    for (size_t k = 0; k < KD_N_CLAIMS; k++)
      if (head->claims & 1u << k && add_cell(&ledger->line[k], kd_claims[k], &record.finding[k],
                                             record.result.status == KD_STATUS_FAILED))
        say_where(file, table, row, ledger->line[k].where);
  }
}

enum kd_verdict kd_ledger_verdict(const struct kd_ledger_line *line) {
  if (line->cells == 0) return KD_VERDICT_NOT_RUN;
  if (line->refuted > 0) return KD_VERDICT_REFUTED;
  if (line->failed > 0) return KD_VERDICT_INCONCLUSIVE;
  if (line->applies == 0) return KD_VERDICT_VACUOUS;
  return line->held > 0 ? KD_VERDICT_HOLDS : KD_VERDICT_INCONCLUSIVE;
}

bool kd_ledger_as_expected(const struct kd_ledger *ledger, enum kd_claim_id claim) {
  enum kd_verdict verdict = kd_ledger_verdict(&ledger->line[claim]);
  return verdict == KD_VERDICT_NOT_RUN || verdict == kd_claims[claim]->expected;
}
