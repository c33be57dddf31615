/* SPDX-License-Identifier: MIT
 *
 * JSON on stdout.
 */
#ifndef KD_JSON_H
#define KD_JSON_H

/* A text in quotes, control characters escaped. */
void kd_json_string(const char *text);

#endif
