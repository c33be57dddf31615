/* SPDX-License-Identifier: MIT
 *
 * Lists of words as one text, a space between each.
 */
#ifndef KD_WORDS_H
#define KD_WORDS_H

#include <stddef.h>

/* Freed by the caller, NULL when memory is short. */
char *kd_words_join(size_t n, const char *const *words);

#endif
