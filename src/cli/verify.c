/* SPDX-License-Identifier: MIT
 *
 * kdegrad verify FILE...: is a result file whole, and what is its digest.
 */
#include <stdio.h>

#include "store/digest.h"
#include "store/file.h"
#include "verb.h"

static int verify(const char *path, bool digest) {
  struct kd_table *table;
  struct kd_err err;
  char text[KD_DIGEST_TEXT];
  int code = kd_file_read(path, &table, &err);
  if (code) return kd_complain(code, "%s", err.text);
  code = kd_table_digest(table, text, &err);
  kd_table_free(table);
  if (code) return kd_complain(code, "%s: %s", path, err.text);
  if (digest)
    printf("%s  %s\n", text, path);
  else
    printf("%s: whole\n", path);
  return 0;
}

int kd_verb_verify(const struct kd_args *args) {
  int worst = 0;
  for (size_t i = 0; i < args->n; i++) {
    int code = verify(args->word[i], args->digest);
    if (code > worst) worst = code;
  }
  int code = kd_finish_output();
  return worst ? worst : code;
}
