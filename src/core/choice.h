/* SPDX-License-Identifier: MIT
 *
 * The names that one may choose from, by number: NULL past the end. Configs and the
 * library's models (kdegrad.h) share them.
 */
#ifndef KD_CHOICE_H
#define KD_CHOICE_H

#include <stddef.h>

const char *kd_choice_space(size_t i); /* by enum kd_space */
const char *kd_choice_family(size_t i);
const char *kd_choice_layout(size_t i);
const char *kd_choice_logits(size_t i);
const char *kd_choice_rule(size_t i);
const char *kd_choice_descent(size_t i);
const char *kd_choice_shift_mode(size_t i);
const char *kd_choice_shift_unit(size_t i);
const char *kd_choice_record(size_t i); /* by bit of enum kd_record */
const char *kd_choice_claim(size_t i);  /* by bit of kd_problem.claims */

#endif
