/* SPDX-License-Identifier: MIT
 *
 * The manual page; see manual.h.
 */
#include "manual.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "config/key.h"
#include "verb.h"

/* The character at *p, which is moved on; texts here are good UTF-8. */
static uint32_t next_character(const unsigned char **p) {
  uint32_t c = *(*p)++;
  if (c < 0x80) return c;
  c &= c >= 0xf0 ? 0x07 : c >= 0xe0 ? 0x0f : 0x1f;
  while ((**p & 0xc0) == 0x80) c = c << 6 | (*(*p)++ & 0x3f);
  return c;
}

/* What roff or a typesetter would take for something else */
static const char *escape(uint32_t c) {
  switch (c) {
  case '\\':
    return "\\e";
  case '-':
    return "\\-";
  case '\'':
    return "\\(aq";
  case '`':
    return "\\(ga";
  case '^':
    return "\\(ha";
  case '~':
    return "\\(ti";
  case '"':
    return "\\(dq";
  default:
    return NULL;
  }
}

/* n bytes, or all: never a request, which a line with a dot in front would be */
static void print_part(const char *text, size_t n) {
  const unsigned char *p = (const unsigned char *)text, *end = p + n;
  if (p < end && *p == '.') fputs("\\&", stdout);
  while (p < end) {
    uint32_t c = next_character(&p);
    const char *escaped = escape(c);
    if (escaped)
      fputs(escaped, stdout);
    else if (c < 0x80)
      putchar((int)c);
    else
      printf("\\[u%04X]", (unsigned)c);
  }
}

static void print_text(const char *text) {
  print_part(text, strlen(text));
}

/* Line by line: an empty one parts paragraphs, indented ones are a table. */
static void print_lines(const char *text) {
  bool table = false;
  for (size_t n; *text; text += n + (text[n] == '\n')) {
    n = strcspn(text, "\n");
    if (table != (*text == ' ')) puts(table ? ".fi" : ".nf");
    table = *text == ' ';
    if (n == 0) fputs(".PP", stdout);
    print_part(text, n);
    fputc('\n', stdout);
  }
  if (table) puts(".fi");
}

static void print_option(const struct kd_option *o) {
  fputs(".TP\n", stdout);
  if (o->letter) printf("\\fB\\-%c\\fR, ", o->letter);
  fputs("\\fB\\-\\-", stdout);
  print_text(o->name);
  fputs("\\fR", stdout);
  if (o->argument) {
    fputs("=\\fI", stdout);
    print_text(o->argument);
    fputs("\\fR", stdout);
  }
  fputc('\n', stdout);
  print_text(o->help);
  fputc('\n', stdout);
}

static void print_verb(const struct kd_verb *verb) {
  printf(".SS \"kdegrad %s [OPTION]... ", verb->name);
  print_text(verb->operands);
  fputs("\"\n", stdout);
  print_text(verb->summary);
  fputs(".\n.PP\n", stdout);
  print_lines(verb->details);
  for (int id = 0; id < KD_N_OPTIONS; id++)
    if (kd_verb_offers(verb, id)) print_option(&kd_options[id]);
}

static void print_key(const struct kd_key *key) {
  char range[256];
  kd_key_range_text(key, range, sizeof range);
  fputs(".TP\n\\fB", stdout);
  print_text(key->path);
  fputs("\\fR\n", stdout);
  print_text(key->doc);
  fputs(";\n", stdout);
  print_text(range);
  if (key->default_text) {
    fputs("; default: ", stdout);
    print_text(key->default_text);
  }
  fputs(".\n", stdout);
}

static void print_files(void) {
  static const struct {
    const char *name, *what;
  } files[] = {
      {"results/NAME.h5",
       "the result of the experiment NAME: an HDF5 file in netCDF-4's shape"},
      {"results/NAME.parts", "cells that are done and not yet in it"},
      {"results/NAME.log.json", "when, where and with what it was made"},
      {"results/NAME.lock", "who works on it"},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    fputs(".TP\n\\fI", stdout);
    print_text(files[i].name);
    fputs("\\fR\n", stdout);
    print_text(files[i].what);
    fputs(".\n", stdout);
  }
}

void kd_print_manual(void) {
  puts(".TH KDEGRAD 1 \"\" \"kdegrad " KD_VERSION "\" \"User Commands\"");
  puts(".SH NAME\nkdegrad \\- gradients of a kernel density estimate under shifts");
  puts(".SH SYNOPSIS\n\\fBkdegrad\\fR \\fIVERB\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...");
  puts(".SH DESCRIPTION");
  print_lines(kd_purpose);
  puts(".SH VERBS");
  for (size_t i = 0; i < kd_n_verbs; i++) print_verb(&kd_verbs[i]);
  puts(".SH CONFIG\nThe keys of a config, as one writes them behind \\fB\\-\\-set\\fR.");
  for (size_t k = 0; k < KD_N_KEYS; k++) print_key(&kd_keys[k]);
  puts(".SH \"EXIT STATUS\"");
  for (size_t i = 0; i < kd_n_exits; i++) printf(".TP\n\\fB%zu\\fR\n%s\n", i, kd_exits[i]);
  puts(".SH FILES");
  print_files();
}
