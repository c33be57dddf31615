/* SPDX-License-Identifier: MIT
 *
 * kdegrad export FILE --columns A,B: columns as text.
 */
#include "store/export.h"

#include <stdlib.h>
#include <string.h>

#include "store/file.h"
#include "verb.h"

/* Splits "a, b,c" in place; returns how many names there are. */
static size_t split(char *text, const char **name) {
  size_t n = 0;
  for (char *rest = text, *word; (word = strsep(&rest, ","));)
    name[n++] = word + strspn(word, " ");
  return n;
}

static int export_columns(const struct kd_args *args, const struct kd_table *table) {
  struct kd_err err;
  char *names = strdup(args->columns);
  const char **column = calloc(strlen(args->columns) + 1, sizeof *column);
  int code = names && column ? KD_OK : kd_no_memory(&err);
  if (!code)
    code = kd_export(table, column, split(names, column),
                     args->csv ? KD_EXPORT_CSV : KD_EXPORT_TSV, stdout, &err);
  free(column);
  free(names);
  if (code == KD_USAGE) return kd_complain(code, "%s: %s", args->word[0], err.text);
  if (code) return kd_complain(code, "standard output: %s", err.text);
  return kd_finish_output();
}

int kd_verb_export(const struct kd_args *args) {
  struct kd_table *table;
  struct kd_err err;
  if (!args->columns)
    return kd_complain(KD_USAGE, "export needs --columns; 'kdegrad show %s' lists them",
                       args->word[0]);
  int code = kd_file_read(args->word[0], &table, &err);
  if (code) return kd_complain(code, "%s", err.text);
  code = export_columns(args, table);
  kd_table_free(table);
  return code;
}
