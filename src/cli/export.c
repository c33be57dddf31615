/* SPDX-License-Identifier: MIT
 *
 * kdegrad export FILE --columns A,B: columns as text.
 */
#include "store/export.h"

#include <stdlib.h>
#include <string.h>

#include "store/file.h"
#include "verb.h"
#include "where.h"

static int print(const struct kd_args *args, const struct kd_table *table,
                 const struct kd_where *where, struct kd_err *err) {
  char *names = strdup(args->columns);
  const char **column = calloc(strlen(args->columns) + 1, sizeof *column);
  size_t n_lines = 0;
  struct kd_export wanted = {
      .column = column,
      .format = args->json  ? KD_EXPORT_JSON
                : args->csv ? KD_EXPORT_CSV
                            : KD_EXPORT_TSV,
      .keep = where->n ? kd_where_holds : NULL,
      .filters = where,
      .n_read = where->n_columns,
      .read = where->column,
  };
  int code = names && column ? KD_OK : kd_no_memory(err);
  if (!code) {
    wanted.n = kd_args_split(names, column);
    code = kd_export(table, &wanted, stdout, &n_lines, err);
  }
  if (!code && n_lines == 0 && where->n)
    kd_complain(0, "%s: no line is left by --where", args->word[0]);
  free(column);
  free(names);
  return code;
}

static int export_columns(const struct kd_args *args, const struct kd_table *table) {
  struct kd_err err;
  struct kd_where where;
  int code = kd_where_read(&where, table, args->n_where, args->where, &err);
  if (code)
    kd_context(&err, code, "--where");
  else
    code = print(args, table, &where, &err);
  kd_where_clear(&where);
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
  if (args->csv && args->json) return kd_complain(KD_USAGE, "--csv or --json, not both");
  int code = kd_file_read(args->word[0], &table, &err);
  if (code) return kd_complain(code, "%s", err.text);
  code = export_columns(args, table);
  kd_table_free(table);
  return code;
}
