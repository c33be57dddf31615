/* SPDX-License-Identifier: MIT
 *
 * "did you mean ...?": the nearest of some names to a mistyped word.
 */
#ifndef KD_NEAREST_H
#define KD_NEAREST_H

#include <stddef.h>

struct kd_nearest {
  const char *word;
  const char *best; /* NULL while no name is near enough */
  size_t distance;  /* from word to best, */
  size_t shared;    /* letters that both begin or end with */
  char hint[96];
};

void kd_nearest_init(struct kd_nearest *nearest, const char *word);
void kd_nearest_try(struct kd_nearest *nearest, const char *name);

/* "did you mean 'best'?", or NULL; good as long as *nearest. */
const char *kd_nearest_hint(struct kd_nearest *nearest);

#endif
