/* SPDX-License-Identifier: MIT
 *
 * Nearest name by the optimal string alignment distance: insertions,
 * deletions, substitutions and swaps of neighbours each cost 1 (Boytsov, ACM
 * JEA 16 (2011) 1.1). A third of the longer word may be wrong, rounded up. Of
 * two names that are equally near, the one that begins and ends more like the
 * word is taken: mistakes are rarer there.
 */
#include "nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 48 };

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* Capitals are as good as small letters: no name has any. */
static bool same(char a, char b) {
  return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* d[i][j] is the distance of the first i letters of a to the first j of b. */
static size_t distance(const char *a, size_t m, const char *b, size_t n) {
  size_t d[WORD_MAX + 1][WORD_MAX + 1];
  for (size_t i = 0; i <= m; i++) d[i][0] = i;
  for (size_t j = 0; j <= n; j++) d[0][j] = j;
  for (size_t i = 1; i <= m; i++) {
    for (size_t j = 1; j <= n; j++) {
      d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
                      d[i - 1][j - 1] + !same(a[i - 1], b[j - 1]));
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
        d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[m][n];
}

/* Letters at the beginning and at the end that the two share. */
static size_t shared_ends(const char *a, size_t m, const char *b, size_t n) {
  size_t most = least(m, n), before = 0, after = 0;
  while (before < most && same(a[before], b[before])) before++;
  while (after < most - before && same(a[m - 1 - after], b[n - 1 - after])) after++;
  return before + after;
}

void kd_nearest_init(struct kd_nearest *nearest, const char *word) {
  *nearest = (struct kd_nearest){.word = word};
}

void kd_nearest_try(struct kd_nearest *nearest, const char *name) {
  size_t m = strlen(nearest->word), n = strlen(name);
  if (m > WORD_MAX || n > WORD_MAX) return;
  size_t d = distance(nearest->word, m, name, n), longer = m > n ? m : n;
  if (d > (longer + 2) / 3 || d >= n) return;
  size_t shared = shared_ends(nearest->word, m, name, n);
  bool nearer = d < nearest->distance || (d == nearest->distance && shared > nearest->shared);
  if (nearest->best && !nearer) return;
  nearest->best = name;
  nearest->distance = d;
  nearest->shared = shared;
}

const char *kd_nearest_hint(struct kd_nearest *nearest) {
  if (!nearest->best) return NULL;
  snprintf(nearest->hint, sizeof nearest->hint, "did you mean '%s'?", nearest->best);
  return nearest->hint;
}
