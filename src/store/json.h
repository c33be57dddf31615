/* SPDX-License-Identifier: MIT
 *
 * Texts and numbers as JSON (RFC 8259).
 */
#ifndef KD_STORE_JSON_H
#define KD_STORE_JSON_H

#include <stdio.h>

/* A text in quotes, control characters escaped. */
void kd_json_text(FILE *out, const char *text);

/* 17 digits; JSON has neither NaN nor infinity: null for what is missing, else "inf", "-inf".
 */
void kd_json_number(FILE *out, double number);

#endif
