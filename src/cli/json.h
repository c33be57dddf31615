/* SPDX-License-Identifier: MIT
 *
 * JSON on stdout.
 */
#ifndef KD_JSON_H
#define KD_JSON_H

/* A text in quotes, control characters escaped. */
void kd_json_string(const char *text);

/* printf in which ' prints ": what is inserted holds neither. */
void kd_json_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
