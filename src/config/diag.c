/* SPDX-License-Identifier: MIT
 *
 * Diagnostics; see diag.h. Config text reaches a terminal here, so it is printed
 * as shown.h allows.
 */
#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"
#include "shown.h"
#include "source.h"

void kd_diag_init(struct kd_diag *diag) {
  *diag = (struct kd_diag){0};
}

void kd_diag_clear(struct kd_diag *diag) {
  for (size_t i = 0; i < diag->n && i < KD_DIAG_MAX; i++) {
    free(diag->row[i].file);
    free(diag->row[i].line);
    free(diag->row[i].message);
    free(diag->row[i].hint);
  }
  for (size_t i = 0; i < diag->n_sets; i++) free(diag->sets[i]);
  free(diag->sets);
  free(diag->file);
  free(diag->source);
  kd_diag_init(diag);
}

/* ------------------------------------------------------------------ adding */

static bool same_place(struct kd_mark a, struct kd_mark b) {
  return a.line == b.line && a.column == b.column;
}

static bool same_text(const char *a, const char *b) {
  return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_known(const struct kd_diag *diag, const char *file, struct kd_mark mark,
                     const char *message) {
  for (size_t i = 0; i < diag->n && i < KD_DIAG_MAX; i++)
    if (same_place(diag->row[i].mark, mark) && same_text(diag->row[i].file, file) && message &&
        same_text(diag->row[i].message, message))
      return true;
  return false;
}

/* Where an error is: in the config without file and line. */
struct place {
  const char *file, *line;
  struct kd_mark mark;
};

static char *copy(const char *text) {
  return text ? strdup(text) : NULL;
}

static void add(struct kd_diag *diag, struct place place, const char *hint, char *message) {
  if (is_known(diag, place.file, place.mark, message)) {
    free(message);
    return;
  }
  if (diag->n < KD_DIAG_MAX)
    diag->row[diag->n] = (struct kd_diag_row){place.mark, copy(place.file), copy(place.line),
                                              message, copy(hint)};
  else
    free(message);
  diag->n++;
  if (!diag->code) diag->code = KD_USAGE;
}

static char *format_text(const char *format, va_list list) {
  char *text = NULL;
  return vasprintf(&text, format, list) < 0 ? NULL : text;
}

void kd_diag_add(struct kd_diag *diag, struct kd_mark mark, const char *hint,
                 const char *format, ...) {
  va_list list;
  if (kd_diag_full(diag)) return;
  va_start(list, format);
  add(diag, (struct place){.mark = mark}, hint, format_text(format, list));
  va_end(list);
}

void kd_diag_add_in(struct kd_diag *diag, const char *file, const char *line,
                    struct kd_mark mark, const char *hint, const char *format, ...) {
  va_list list;
  if (kd_diag_full(diag)) return;
  va_start(list, format);
  add(diag, (struct place){file, line, mark}, hint, format_text(format, list));
  va_end(list);
}

void kd_diag_system(struct kd_diag *diag, const char *format, ...) {
  va_list list;
  va_start(list, format);
  add(diag, (struct place){0}, NULL, format_text(format, list));
  va_end(list);
  diag->code = KD_SYSTEM;
}

void kd_diag_no_memory(struct kd_diag *diag) {
  kd_diag_system(diag, "not enough memory");
}

bool kd_diag_full(const struct kd_diag *diag) {
  return diag->n > KD_DIAG_MAX;
}

/* ---------------------------------------------------------------- printing */

/* The part of a long line that is shown: at most 100 characters. */
struct window {
  const char *text;
  size_t length; /* bytes */
  size_t before; /* columns cut off on the left */
  bool cut;      /* more follows on the right */
};

static struct window window_of(const char *line, size_t length, size_t column) {
  struct window w = {line, length, 0, false};
  const char *end = line + length;
  bool shown;
  for (; column > 80 && w.before < column - 40 && w.text < end; w.before++)
    w.text += kd_shown_character(w.text, &shown);
  const char *p = w.text;
  for (size_t n = 0; p < end && n < 100; n++) p += kd_shown_character(p, &shown);
  w.cut = p < end;
  w.length = (size_t)(p - w.text);
  return w;
}

static void print_caret(struct kd_mark mark, size_t indent, const char *hint, FILE *out) {
  size_t width = mark.width > 60 ? 60 : mark.width;
  fprintf(out, "%5s | %*s^", "", (int)indent, "");
  for (size_t i = 1; i < width; i++) fputc('~', out);
  if (hint) {
    fputc(' ', out);
    kd_shown_print(hint, strlen(hint), out);
  }
  fputc('\n', out);
}

static void print_source(const struct kd_diag *diag, const struct kd_diag_row *row, FILE *out) {
  size_t length = row->line ? strlen(row->line) : 0;
  const char *line =
      row->file ? row->line : kd_source_line(diag->source, row->mark.line, &length);
  struct window w = window_of(line, length, row->mark.column);
  const char *left = w.before ? "..." : "";
  fprintf(out, "%5zu | %s", row->mark.line, left);
  kd_shown_print(w.text, w.length, out);
  fprintf(out, "%s\n", w.cut ? "..." : "");
  print_caret(row->mark, row->mark.column - 1 - w.before + strlen(left), row->hint, out);
}

static void print_place(const struct kd_diag *diag, const char *file, struct kd_mark mark,
                        FILE *out) {
  if (file) {
    kd_shown_print(file, strlen(file), out);
  } else if (mark.line == 0 && mark.column > 0 && mark.column <= diag->n_sets) {
    const char *set = diag->sets[mark.column - 1];
    struct window w = window_of(set, strlen(set), 1);
    fputs("--set ", out);
    kd_shown_print(w.text, w.length, out);
    fputs(w.cut ? "..." : "", out);
  } else if (diag->file) {
    kd_shown_print(diag->file, strlen(diag->file), out);
  } else {
    fputs("config", out);
  }
  if (mark.line > 0) fprintf(out, ":%zu:%zu", mark.line, mark.column);
}

static void print_row(const struct kd_diag *diag, const struct kd_diag_row *row, FILE *out) {
  const char *message = row->message ? row->message : "not enough memory";
  bool in_source = row->mark.line > 0 && (row->file ? row->line : diag->source);
  print_place(diag, row->file, row->mark, out);
  fputs(": error: ", out);
  kd_shown_print(message, strlen(message), out);
  if (!in_source && row->hint) {
    fputs(" (", out);
    kd_shown_print(row->hint, strlen(row->hint), out);
    fputc(')', out);
  }
  fputc('\n', out);
  if (in_source) print_source(diag, row, out);
}

/* The config's first, then those of other files as they came. */
static bool precedes(const struct kd_diag_row *one, const struct kd_diag_row *other) {
  struct kd_mark a = one->mark, b = other->mark;
  if (one->file || other->file) return !one->file && other->file;
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

void kd_diag_print(const struct kd_diag *diag, FILE *out) {
  const struct kd_diag_row *order[KD_DIAG_MAX];
  size_t n = diag->n < KD_DIAG_MAX ? diag->n : KD_DIAG_MAX;
  for (size_t i = 0; i < n; i++) {
    size_t k = i;
    for (; k > 0 && precedes(&diag->row[i], order[k - 1]); k--) order[k] = order[k - 1];
    order[k] = &diag->row[i];
  }
  for (size_t i = 0; i < n; i++) print_row(diag, order[i], out);
  if (diag->n > n) {
    print_place(diag, NULL, (struct kd_mark){0}, out);
    fprintf(out, ": more errors than the %d shown\n", KD_DIAG_MAX);
  }
}
