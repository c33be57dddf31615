/* SPDX-License-Identifier: MIT
 *
 * Reader of tables of true losses and gradients: reference.tsv, which reference.py
 * computed, and tests/run/corners.tsv, which corners.c did.
 */
#ifndef KD_TEST_REFERENCE_H
#define KD_TEST_REFERENCE_H

#include <stdio.h>
#include <stdlib.h>

#include "problems.h"

struct reference {
  struct kd_problem p; /* rule best */
  char line[8192], kernel[32];
  double x[MAX_POINTS], z[MAX_POINTS], G[MAX_POINTS], loss;
  const char *name, *loss_text, *G_text[MAX_POINTS]; /* all digits, within line */
};

static inline FILE *reference_open(const char *path) {
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  return file;
}

static inline const char *reference_word(char **rest) {
  const char *word = strsep(rest, "\t\n");
  assert_non_null(word);
  return word;
}

static inline double reference_number(char **rest) {
  return strtod(reference_word(rest), NULL);
}

static inline void reference_parse(struct reference *t, char *rest) {
  bool circle = !strcmp(reference_word(&rest), "circle");
  snprintf(t->kernel, sizeof t->kernel, "%s", reference_word(&rest));
  t->p = layout_problem(t->kernel, reference_number(&rest));
  assert_non_null(t->p.kernel);
  t->p.space = circle ? KD_SPACE_CIRCLE : KD_SPACE_LINE;
  t->p.h = reference_number(&rest);
  t->p.lower = reference_number(&rest);
  t->p.upper = reference_number(&rest);
  t->loss_text = reference_word(&rest);
  t->loss = strtod(t->loss_text, NULL);
  t->p.n = 0, t->p.x = t->x, t->p.z = t->z;
  while (rest && *rest && t->p.n < MAX_POINTS) {
    size_t j = t->p.n++;
    t->x[j] = reference_number(&rest);
    t->z[j] = reference_number(&rest);
    t->G_text[j] = reference_word(&rest);
    t->G[j] = strtod(t->G_text[j], NULL);
  }
}

/* The next row, which begins with its name where `named`; false at the end */
static inline bool reference_next(FILE *file, bool named, struct reference *t) {
  do {
    if (!fgets(t->line, sizeof t->line, file)) return false;
  } while (*t->line == '#');
  char *rest = t->line;
  t->name = named ? reference_word(&rest) : "";
  reference_parse(t, rest);
  return true;
}

#endif
