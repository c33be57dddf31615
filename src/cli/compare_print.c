/* SPDX-License-Identifier: MIT
 *
 * See compare.h. The text leaves out quantities that tell the values nothing apart, and
 * names them at its end; csv and JSON hold all.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "json.h"
#include "store/json.h"
#include "tex.h"

/* Value v's coordinate on column k of the axis */
static double coordinate(const struct kd_compare *compare, size_t v, size_t k) {
  return kd_column_number(&compare->axis.column[k], compare->pairing.value[v]);
}

static bool is_silent(const struct kd_contest *contest) {
  return contest->all_equal || contest->n_numbers == 0;
}

/* --- text --- */

static int widest_label(const struct kd_compare *compare) {
  size_t width = strlen(compare->by);
  for (size_t v = 0; v < compare->pairing.n_values; v++)
    if (strlen(compare->label[v]) > width) width = strlen(compare->label[v]);
  return (int)width;
}

static void print_number(double value) {
  if (isnan(value))
    printf("  %11s", "");
  else
    printf("  %11.5g", value);
}

static void print_title(const struct kd_contest *contest) {
  const char *number = kd_contest_number(&contest->column);
  printf("\n%s%s%s\n", strcmp(number, "largest") == 0 ? "max |" : "", contest->column.name,
         strcmp(number, "largest") == 0 ? "|"
         : strcmp(number, "last") == 0  ? ", last recorded"
                                        : "");
}

static void print_contest(const struct kd_compare *compare, const struct kd_contest *contest,
                          int width) {
  print_title(contest);
  printf("  %-*s  %11s  %11s  %11s  %6s  %6s  %6s%s\n", width, compare->by, "1st quart.",
         "median", "3rd quart.", "cells", "wins", "ties",
         contest->bounded ? " (by bounds)" : "");
  for (size_t v = 0; v < compare->pairing.n_values; v++) {
    const struct kd_contestant *one = &contest->one[v];
    printf("  %-*s", width, compare->label[v]);
    print_number(one->lower), print_number(one->median), print_number(one->upper);
    printf("  %6zu  %6zu  %6zu", one->n, one->wins, one->ties);
    if (one->n_missing) printf("  %zu missing", one->n_missing);
    putchar('\n');
  }
}

static void print_silent(const struct kd_compare *compare, bool missing, const char *title) {
  const char *comma = title;
  for (size_t i = 0; i < compare->n; i++) {
    const struct kd_contest *contest = &compare->contest[i];
    if (!is_silent(contest) || (contest->n_numbers == 0) != missing) continue;
    printf("%s%s", comma, contest->column.name);
    comma = ", ";
  }
  if (comma != title) putchar('\n');
}

void kd_compare_print_text(const struct kd_compare *compare) {
  const struct kd_pairing *pairing = &compare->pairing;
  printf("%s: %zu values of %s on %zu sets of cells that are otherwise the same\n",
         compare->file, pairing->n_values, compare->by, pairing->n_sets);
  for (size_t k = 1; k < compare->axis.n; k++)
    printf("%s%s", k == 1 ? "in lock-step: " : ", ", compare->axis.column[k].name);
  if (compare->axis.n > 1) putchar('\n');
  if (pairing->n_left_out)
    printf("left out: %zu cells, in sets that lack a value\n", pairing->n_left_out);
  for (size_t i = 0; i < compare->n; i++)
    if (!is_silent(&compare->contest[i]))
      print_contest(compare, &compare->contest[i], widest_label(compare));
  print_silent(compare, false, "\nequal in every set: ");
  print_silent(compare, true, "\nmissing in every set: ");
}

/* --- csv --- */

/* As `export` prints it, behind a comma */
static void print_csv_number(double value) {
  if (isnan(value))
    fputs(",nan", stdout);
  else
    printf(",%.17g", value);
}

static void print_csv_line(const struct kd_compare *compare, const struct kd_contest *contest,
                           size_t v) {
  const struct kd_contestant *one = &contest->one[v];
  printf("%s,%s", contest->column.name, kd_contest_number(&contest->column));
  for (size_t k = 0; k < compare->axis.n; k++) {
    const struct kd_column *column = &compare->axis.column[k];
    double value = coordinate(compare, v, k);
    if (column->type == KD_TYPE_CODE && !isnan(value))
      printf(",%s", column->names[(size_t)value]);
    else
      print_csv_number(value);
  }
  printf(",%zu,%zu", one->n, one->n_missing);
  print_csv_number(one->lower), print_csv_number(one->median), print_csv_number(one->upper);
  printf(",%zu,%zu\n", one->wins, one->ties);
}

void kd_compare_print_csv(const struct kd_compare *compare) {
  fputs("quantity,number", stdout);
  for (size_t k = 0; k < compare->axis.n; k++) printf(",%s", compare->axis.column[k].name);
  puts(",cells,missing,lower_quartile,median,upper_quartile,wins,ties");
  for (size_t i = 0; i < compare->n; i++)
    for (size_t v = 0; v < compare->pairing.n_values; v++)
      print_csv_line(compare, &compare->contest[i], v);
}

/* --- JSON --- */

static void print_json_one(const struct kd_compare *compare, const struct kd_contest *contest,
                           size_t v) {
  const struct kd_contestant *one = &contest->one[v];
  fputs("{", stdout);
  for (size_t k = 0; k < compare->axis.n; k++) {
    const struct kd_column *column = &compare->axis.column[k];
    double value = coordinate(compare, v, k);
    kd_json_print("'%s': ", column->name);
    if (column->type == KD_TYPE_CODE && !isnan(value))
      kd_json_string(column->names[(size_t)value]);
    else
      kd_json_number(stdout, value);
    fputs(", ", stdout);
  }
  kd_json_print("'cells': %zu, 'missing': %zu, 'lower_quartile': ", one->n, one->n_missing);
  kd_json_number(stdout, one->lower);
  fputs(", \"median\": ", stdout);
  kd_json_number(stdout, one->median);
  fputs(", \"upper_quartile\": ", stdout);
  kd_json_number(stdout, one->upper);
  kd_json_print(", 'wins': %zu, 'ties': %zu}", one->wins, one->ties);
}

void kd_compare_print_json(const struct kd_compare *compare) {
  fputs("{\"file\": ", stdout);
  kd_json_string(compare->file);
  fputs(", \"by\": ", stdout);
  kd_json_string(compare->by);
  kd_json_print(", 'sets': %zu, 'left_out': %zu,\n 'quantities': [", compare->pairing.n_sets,
                compare->pairing.n_left_out);
  for (size_t i = 0; i < compare->n; i++) {
    const struct kd_contest *contest = &compare->contest[i];
    kd_json_print("%s\n  {'name': '%s', 'number': '%s', 'bounded': %s, 'values': [",
                  i ? "," : "", contest->column.name, kd_contest_number(&contest->column),
                  contest->bounded ? "true" : "false");
    for (size_t v = 0; v < compare->pairing.n_values; v++) {
      fputs(v ? ",\n    " : "\n    ", stdout);
      print_json_one(compare, contest, v);
    }
    fputs("]}", stdout);
  }
  fputs("]}\n", stdout);
}

/* --- LaTeX: a line a value --- */

static void print_tex_head(const struct kd_compare *compare) {
  fputs("\\begin{tabular}{l", stdout);
  for (size_t i = 0; i < compare->n; i++) fputs("rr@{ -- }lr", stdout);
  fputs("}\n", stdout);
  for (size_t i = 0; i < compare->n; i++) {
    fputs(" & \\multicolumn{4}{c}{", stdout);
    kd_tex_text(compare->contest[i].column.name);
    fputs("}", stdout);
  }
  fputs(" \\\\\n", stdout);
  kd_tex_text(compare->by);
  for (size_t i = 0; i < compare->n; i++)
    fputs(" & median & \\multicolumn{2}{c}{quartiles} & wins", stdout);
  puts(" \\\\ \\hline");
}

/* Wins, and ties behind a plus if there are any */
static void print_tex_one(const struct kd_contestant *one) {
  const double number[] = {one->median, one->lower, one->upper};
  for (int i = 0; i < 3; i++) {
    fputs(" & ", stdout);
    kd_tex_short_number(number[i]);
  }
  printf(" & %zu", one->wins);
  if (one->ties) printf("+%zu", one->ties);
}

void kd_compare_print_tex(const struct kd_compare *compare) {
  print_tex_head(compare);
  for (size_t v = 0; v < compare->pairing.n_values; v++) {
    kd_tex_text(compare->label[v]);
    for (size_t i = 0; i < compare->n; i++) print_tex_one(&compare->contest[i].one[v]);
    puts(" \\\\");
  }
  puts("\\end{tabular}");
}
