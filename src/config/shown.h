/* SPDX-License-Identifier: MIT
 *
 * Texts of others on a terminal: of what a config, a file's name or an argument
 * holds, only characters that show something and leave the terminal as it is.
 */
#ifndef KD_SHOWN_H
#define KD_SHOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Bytes of the UTF-8 character at p, *shown if a terminal may have it: no control
 * character, none that shows nothing or turns the direction of writing. What is
 * not UTF-8 counts as characters of one byte, not to be shown. */
size_t kd_shown_character(const char *p, bool *shown);

/* Whether all characters of a text may be shown; what to say if not. */
#define KD_NOT_SHOWN "it holds a line break, a control character or one that shows nothing"
bool kd_shown_all(const char *text);

/* `length` bytes, a '?' for each character that must not be shown, ' ' for a tab. */
void kd_shown_print(const char *text, size_t length, FILE *out);

/* A text, or its first n bytes, for messages: as it is, or as far as 40 bytes hold
 * whole characters, and "...". Returns `brief`. */
enum { KD_BRIEF = 44 };
const char *kd_shown_brief(const char *text, char brief[KD_BRIEF]);
const char *kd_shown_brief_of(const char *text, size_t n, char brief[KD_BRIEF]);

#endif
