/* SPDX-License-Identifier: MIT
 *
 * kdegrad verdict FILE...: the ledger as text, JSON or a LaTeX table.
 */
#include <math.h>
#include <stdio.h>

#include "json.h"
#include "run/ledger.h"
#include "store/file.h"
#include "tex.h"
#include "verb.h"

/* --- text --- */

static void print_pair(double residual, double bound) {
  if (isnan(residual))
    printf("  %19s", "");
  else
    printf("  %8.2e / %-8.2e", residual, bound);
}

static void print_remarks(const struct kd_ledger *ledger, enum kd_claim_id k) {
  const struct kd_ledger_line *line = &ledger->line[k];
  enum kd_verdict verdict = kd_ledger_verdict(line);
  if (verdict == KD_VERDICT_REFUTED)
    printf("      witness (%zu of %zu cells): %s\n", line->refuted, line->applies, line->where);
  if (line->failed) printf("      %zu cells failed\n", line->failed);
  if (line->powerless) printf("      %zu cells without power\n", line->powerless);
  if (line->unbounded) printf("      %zu cells with an infinite bound\n", line->unbounded);
  if (!kd_ledger_as_expected(ledger, k))
    printf("      NOT AS EXPECTED: %s; the cell: %s\n", kd_verdict_name(kd_claims[k]->expected),
           *line->where ? line->where : "none");
}

static void print_text(const struct kd_ledger *ledger) {
  printf("%-4s  %-12s  %13s  %8s  %-19s  %s\n", "", "verdict", "cells", "margin",
         "residual / bound", "control / bound");
  for (int k = 0; k < KD_N_CLAIMS; k++) {
    const struct kd_ledger_line *line = &ledger->line[k];
    printf("%-4s  %-*s", kd_claims[k]->name, line->cells ? 12 : 0,
           kd_verdict_name(kd_ledger_verdict(line)));
    if (line->cells) printf("  %5zu of %5zu", line->applies, line->cells);
    if (line->applies) {
      printf("  %8.2g", kd_finding_margin(&line->worst));
      print_pair(line->worst.residual, line->worst.bound);
      print_pair(line->worst.control, line->worst.control_bound);
    }
    putchar('\n');
    print_remarks(ledger, (enum kd_claim_id)k);
  }
}

/* --- JSON: numbers that there are not are null --- */

static void json_number(const char *name, double value) {
  printf(", \"%s\": ", name);
  if (isfinite(value))
    printf("%.17g", value);
  else if (isnan(value))
    fputs("null", stdout);
  else
    fputs("\"inf\"", stdout);
}

static void json_line(const struct kd_ledger *ledger, enum kd_claim_id k) {
  const struct kd_ledger_line *line = &ledger->line[k];
  const struct kd_claim *claim = kd_claims[k];
  printf("  {\"claim\": \"%s\", \"statement\": ", claim->name);
  kd_json_string(claim->statement);
  printf(",\n   \"verdict\": \"%s\", \"expected\": \"%s\", \"as_expected\": %s",
         kd_verdict_name(kd_ledger_verdict(line)), kd_verdict_name(claim->expected),
         kd_ledger_as_expected(ledger, k) ? "true" : "false");
  printf(",\n   \"cells\": %zu, \"failed\": %zu, \"applies\": %zu, \"held\": %zu, \"refuted\": "
         "%zu, "
         "\"powerless\": %zu, \"unbounded\": %zu,\n   \"where\": ",
         line->cells, line->failed, line->applies, line->held, line->refuted, line->powerless,
         line->unbounded);
  kd_json_string(line->where);
  json_number("residual", line->worst.residual);
  json_number("bound", line->worst.bound);
  json_number("control", line->worst.control);
  json_number("control_bound", line->worst.control_bound);
  putchar('}');
}

static void print_json(const struct kd_ledger *ledger) {
  bool good = true;
  puts("{\"claims\": [");
  for (int k = 0; k < KD_N_CLAIMS; k++) {
    if (k) puts(",");
    json_line(ledger, (enum kd_claim_id)k);
    good &= kd_ledger_as_expected(ledger, (enum kd_claim_id)k);
  }
  printf("\n], \"as_expected\": %s}\n", good ? "true" : "false");
}

/* --- LaTeX --- */

static void print_tex(const struct kd_ledger *ledger) {
  puts("\\begin{tabular}{llrrrr}\n"
       "claim & verdict & cells & residual & bound & control \\\\ \\hline");
  for (int k = 0; k < KD_N_CLAIMS; k++) {
    const struct kd_ledger_line *line = &ledger->line[k];
    printf("%s & %s & %zu & ", kd_claims[k]->name, kd_verdict_name(kd_ledger_verdict(line)),
           line->applies);
    kd_tex_number(line->worst.residual), fputs(" & ", stdout);
    kd_tex_number(line->worst.bound), fputs(" & ", stdout);
    kd_tex_number(line->worst.control), puts(" \\\\");
  }
  puts("\\end{tabular}");
}

/* --- all --- */

static int read_files(const struct kd_args *args, struct kd_ledger *ledger) {
  struct kd_table *table;
  struct kd_err err;
  kd_ledger_init(ledger);
  for (size_t i = 0; i < args->n; i++) {
    int code = kd_file_read(args->word[i], &table, &err);
    if (code) return kd_complain(code, "%s", err.text);
    kd_ledger_add(ledger, args->word[i], table);
    kd_table_free(table);
  }
  return KD_OK;
}

int kd_verb_verdict(const struct kd_args *args) {
  struct kd_ledger ledger;
  size_t run = 0;
  bool good = true;
  int code = read_files(args, &ledger);
  if (code) return code;
  (args->json ? print_json : args->tex ? print_tex : print_text)(&ledger);
  for (int k = 0; k < KD_N_CLAIMS; k++) {
    run += ledger.line[k].cells > 0;
    good &= kd_ledger_as_expected(&ledger, (enum kd_claim_id)k);
  }
  code = kd_finish_output();
  if (!code && run == 0)
    return kd_complain(KD_UNEXPECTED, "no cell judged a claim: set `claims` in the config");
  return code ? code : good ? KD_OK : KD_UNEXPECTED;
}
