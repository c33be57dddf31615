/* SPDX-License-Identifier: MIT
 *
 * See words.h.
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>

char *kd_words_join(size_t n, const char *const *words) {
  size_t size = 1;
  for (size_t i = 0; i < n; i++) size += strlen(words[i]) + 1;
  char *text = malloc(size), *end = text;
  if (!text) return NULL;
  *text = '\0';
  for (size_t i = 0; i < n; i++) {
    if (i > 0) *end++ = ' ';
    end = stpcpy(end, words[i]);
  }
  return text;
}
