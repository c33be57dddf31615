/* SPDX-License-Identifier: MIT
 *
 * Diagnostics of a config, as a compiler gives them: all of a file at once
 * (at most KD_DIAG_MAX), each with line, column, the source line and a caret.
 *
 *   configs/a.yaml:12:7: error: unknown key 'bandwith'
 *      12 |   bandwith: 1.0
 *         |   ^~~~~~~~ did you mean 'bandwidth'?
 *
 * Where the mistake stands on the command line, it is shown in front:
 *
 *   --set kernel.bandwith=2: error: unknown key 'kernel.bandwith' (did you ...?)
 */
#ifndef KD_DIAG_H
#define KD_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { KD_DIAG_MAX = 20 };

/* Place in the source: 1-based line and column (in characters), and how many
 * characters the caret underlines. line = 0: the place is the command line's
 * --set number `column` (from 1), or with column = 0 the file as a whole. */
struct kd_mark {
  size_t line, column, width;
};

struct kd_diag_row {
  struct kd_mark mark;
  char *file;    /* owned, or NULL: the config */
  char *line;    /* owned: the line of that file */
  char *message; /* owned; NULL: memory was short */
  char *hint;    /* owned, or NULL: stands behind the caret */
};

struct kd_diag {
  char *file;   /* owned: name shown in front */
  char *source; /* owned: whole text, or NULL */
  char **sets;  /* owned: the --set arguments, n_sets of them */
  size_t n_sets;
  size_t n; /* errors seen; only the first KD_DIAG_MAX are kept */
  struct kd_diag_row row[KD_DIAG_MAX];
  int code; /* exit code: KD_USAGE, or KD_SYSTEM if the file cannot be read */
};

void kd_diag_init(struct kd_diag *diag);
void kd_diag_clear(struct kd_diag *diag);

/* The same message at the same place counts once. */
void kd_diag_add(struct kd_diag *diag, struct kd_mark mark, const char *hint,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same in another file, of which this is the line. */
void kd_diag_add_in(struct kd_diag *diag, const char *file, const char *line,
                    struct kd_mark mark, const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Errors of the system, which have no place: code becomes KD_SYSTEM. */
void kd_diag_system(struct kd_diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void kd_diag_no_memory(struct kd_diag *diag);

/* Whether more errors would no longer be kept. */
bool kd_diag_full(const struct kd_diag *diag);

/* All rows sorted by place, one text per error, to `out` (stderr as a rule). */
void kd_diag_print(const struct kd_diag *diag, FILE *out);

#endif
