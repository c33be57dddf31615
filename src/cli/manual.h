/* SPDX-License-Identifier: MIT
 *
 * The manual page and the shells' completions, on stdout: made of the tables of verbs,
 * options, lists and keys, so that they hold what the program has.
 */
#ifndef KD_MANUAL_H
#define KD_MANUAL_H

#include <stddef.h>

void kd_print_manual(void); /* in roff, with the macros of man(7) */
void kd_print_bash_completion(void);
void kd_print_zsh_completion(void);

/* list.c: what may follow `kdegrad list`, from 0; NULL past the end. */
const char *kd_list_name(size_t i);

#endif
