/* SPDX-License-Identifier: MIT
 *
 * Configs that cost as much as a config within the limits can: up to 1 MiB of
 * errors, of values, of names, of nesting. Each is made by a row of a table, and
 * either a plan or refused with a text.
 */
#ifndef KD_TEST_CONFIG_HOSTILE_H
#define KD_TEST_CONFIG_HOSTILE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* n times a text, in which each %zu is the turn. */
static inline void repeat(FILE *out, size_t n, const char *format) {
  for (size_t i = 0; i < n; i++)
    for (const char *p = format; *p; p++) {
      bool turn = strncmp(p, "%zu", 3) == 0;
      if (turn)
        fprintf(out, "%zu", i);
      else
        fputc(*p, out);
      if (turn) p += 2;
    }
}

#define START  "experiment: a\ntarget: {bounds: [-1, 1]}\n"
#define POINTS START "points: {at: [-2, 2.5]}\n"
enum { MANY = 99000, HUGE_TEXT = 1000000 };

/* head, n times unit, tail */
struct hostile {
  const char *name, *head;
  size_t n;
  const char *unit, *tail;
  const char *error; /* what its first error says; NULL: it is a plan */
};

static const struct hostile hostile[] = {
    /* errors */
    {"unknown keys", POINTS, 97, "kex%zu: 1\n", "", "unknown key 'kex0'"},
    {"unknown keys in groups", POINTS "sweep:\n", 99,
     " g%zu: {a1: 1, a2: 1, a3: 1, a4: 1, a5: 1, a6: 1, a7: 1, a8: 1, a9: 1}\n", "",
     "unknown key 'a1'"},
    {"mappings of unknown keys", "a: [", 4900,
     "{kernl: 1, bandwdth: 1, famly: 1, aa: 1, bb: 1, cc: 1, dd: 1, ee: 1, ff: 1, gg: 1},\n",
     "]\n", "unknown key 'a'"},
    {"too many keys", "", 70000, "key%zu: 1\n", "", "a mapping of more than 100 keys"},
    {"repeated keys", "", 200000, "a: 1\n", "", "key 'a' was given at line 1 already"},
    {"names to suggest for", POINTS "sweep: {kernel.family: [", MANY, "lapl%zu,", "]}\n",
     "did you mean 'laplace'?"},
    {"records to suggest for", POINTS "record: [", MANY, "los%zu,", "]\n", "got 'los0' in it"},
    {"no numbers", START "points: {at: [", MANY, "x,", "]}\n", "got 'x' in it"},
    {"filters", POINTS "where: [", MANY, "a < 1,", "]\n", "filters, more than 64"},
    {"lists for numbers", START "points: {at: [", 99990, "[],", "]}\n", "an empty list"},
    /* names and numbers */
    {"huge key", POINTS, 1, "%1: 1\n", "", "a key needs ':' and a blank behind it"},
    {"huge quoted key", POINTS, 1, "? \"%1\"\n: 1\n", "",
     "unknown key 'aaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"huge key in a section", POINTS "kernel:\n", 1, " ? %1\n : 1\n", "",
     "unknown key 'aaaaaaa"},
    {"huge path", POINTS "sweep:\n", 1, " ? shift.%1\n : 1\n", "", "unknown key 'shift.aaaaa"},
    {"huge name", POINTS, 1, "kernel: {family: %1}\n", "", "got 'aaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"huge number", POINTS "kernel: {bandwidth: 1", HUGE_TEXT, "0", "}\n",
     "too large for a double"},
    {"huge decimals", POINTS "kernel: {bandwidth: 0.", HUGE_TEXT, "3", "}\n", NULL},
    {"huge exponent", POINTS "kernel: {bandwidth: 1e", HUGE_TEXT, "9", "}\n",
     "too large for a"},
    {"long number", POINTS "kernel: {bandwidth: -1", 100000, "0", "e-100000}\n",
     "got -100000000000000000000000000000000000000..."},
    {"huge experiment", "", 1, "experiment: %1\n", POINTS, "1 to 64 characters"},
    {"huge about", POINTS, 1, "about: %1\n", "", "up to 1000 bytes"},
    {"huge file name", START, 1, "points: {layout: file, file: %1}\n", "", "up to 1000 bytes"},
    {"huge filter", POINTS "where: [\"", HUGE_TEXT / 4, "a.b ", "< 1\"]\n",
     "expected one of =="},
    {"huge filter of a number", POINTS "where: [\"", HUGE_TEXT, "1", " < shift.by\"]\n",
     "too large for a double"},
    {"errors behind a long line", POINTS "kernel: {", 1,
     "family: %1, a: 1, b: 1, c: 1, d: 1}\n", "", "unknown key 'a' in kernel"},
    {"errors behind many lines", POINTS, 1000000, "\n",
     "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\nk: 1\nl: 1\nm: 1\n",
     "unknown key 'a'"},
    {"filters behind many lines", POINTS, 1000000, "\n",
     "where: [a < 1, b < 1, c < 1, d < 1, e < 1, f < 1, g < 1, h < 1, i < 1, j < 1, k < 1, l < "
     "1, "
     "m < 1, n < 1, o < 1, p < 1, q < 1, r < 1, s < 1, t < 1, u < 1, v < 1, w < 1]\n",
     "unknown path 'a'"},
    /* nesting and form */
    {"deep list", "a: ", HUGE_TEXT, "[", "", "nested deeper than 32 levels"},
    {"deep mapping", "a: ", HUGE_TEXT / 4, "{a: ", "", "nested deeper than 32 levels"},
    {"deep items", "", HUGE_TEXT / 2, "- ", "", "nested deeper than 32 levels"},
    {"many deep lists", "a: [", 3300,
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],", "]", "unknown key 'a'"},
    {"too many lists", "a: [", HUGE_TEXT / 3, "[],", "]",
     "more than 100000 lists and mappings"},
    {"too many scalars", "a: [", HUGE_TEXT / 2, "1,", "]", "more than 100000 scalars"},
    {"aliases", "a: &a 1\nb: [", MANY, "*a,", "]", "anchors and aliases"},
    {"anchors", "", 30000, "a%zu: &a%zu [1, 2]\n", "", "anchors and aliases"},
    {"comments", "", HUGE_TEXT / 2, "#\n", "", "the config is empty"},
    {"blanks", "", HUGE_TEXT, " ", "", "the config is empty"},
    {"tabs", "", HUGE_TEXT / 3, "\ta\n", "", "a tab cannot indent a line"},
    {"folded text", POINTS "about: >\n", HUGE_TEXT / 4, " a\n\n", "", "about must be one line"},
    {"escapes", POINTS "about: \"", HUGE_TEXT / 2, "\\n", "\"\n", "about must be one line"},
    {"one word", "", HUGE_TEXT, "x", "", "a config is a mapping"},
    {"open quote", "a: \"", HUGE_TEXT, "x", "", "this quote is never closed"},
    {"question marks", "", HUGE_TEXT / 2, "? ", "", "a key must be one word"},
    {"directives", "", 70000, "%TAG ! tag:x\n", "", "error"},
    {"line separators", "", HUGE_TEXT / 3, "\xe2\x80\xa8", "", "the config is empty"},
    {"latin-1", "a: ", HUGE_TEXT, "\xe9", "", "this is not UTF-8"},
    /* plans, and checks of many values */
    {"numbers", START "points: {at: [", MANY, "0.123456,", "]}\n", NULL},
    {"pairs", POINTS "sweep: {target.bounds: [", 48000, "[0,%zu.5],", "]}\n", NULL},
    {"bandwidths", POINTS "sweep: {kernel.bandwidth: [", MANY, "1.%zu,", "]}\n", NULL},
    {"shapes of two families",
     POINTS "sweep:\n kernel.family: [exppow, student-t]\n kernel.shape: [", MANY - 100,
     "1.%zu,", "]\n", NULL},
    {"shapes that one family lacks",
     POINTS "sweep:\n kernel.family: [exppow, laplace]\n kernel.shape: [", MANY - 100, "1.%zu,",
     "]\n", "kernel.shape: laplace has no shape"},
    {"lock-step names", POINTS "sweep: {g: {kernel.family: [", MANY, "laplace,", "]}}\n", NULL},
    {"lists of logits",
     START "logits: {init: explicit}\npoints: {at: [1]}\nsweep: {logits.at: [", 49000, "[%zu],",
     "]}\n", NULL},
    {"files", START "points: {layout: file}\nsweep: {points.file: [", MANY, "f%zu,", "]}\n",
     "more than 1000 different ones"},
    {"the same files", START "points: {layout: file}\nsweep: {points.file: [", MANY / 2,
     "f1,f2,", "]}\n", "cannot be opened"},
    {"columns", START "points: {layout: file, file: f}\nsweep: {points.column: [", MANY,
     "c%zu,", "]}\n", "more than 1000 different ones"},
};
enum { N_HOSTILE = sizeof hostile / sizeof *hostile };

/* The text of a row, for the caller to free; a "%1" is a word of 1000000 letters. */
static inline char *hostile_text(const struct hostile *row) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  const char *word = strstr(row->unit, "%1");
  if (!out) return NULL;
  fputs(row->head, out);
  if (word) {
    fwrite(row->unit, 1, (size_t)(word - row->unit), out);
    repeat(out, HUGE_TEXT, "a");
    fputs(word + 2, out);
  } else {
    repeat(out, row->n, row->unit);
  }
  fputs(row->tail, out);
  fclose(out);
  return text;
}

#endif
