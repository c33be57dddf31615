/* SPDX-License-Identifier: MIT
 *
 * The text of a config: reading the file, and places in it. Lines end where
 * YAML 1.1 ends them (LF, CR, CRLF, NEL, LS, PS), so that our lines are
 * libyaml's; columns count characters.
 */
#ifndef KD_SOURCE_H
#define KD_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

enum { KD_SOURCE_MAX = 1 << 20 }; /* bytes */

/* The whole file, NUL-terminated and free of other NULs, for the caller to
 * free; NULL after an error. Sets diag's file and source. */
char *kd_source_read(const char *path, struct kd_diag *diag);

/* The same for a text that was read from `path` before. */
char *kd_source_copy(const char *path, const char *text, struct kd_diag *diag);

/* Bytes of the line break at p, 0 if there is none. */
size_t kd_source_break(const char *p);

/* Start of a 1-based line, its length without the break in *length; an empty
 * string past the end. */
const char *kd_source_line(const char *text, size_t line, size_t *length);

/* Place of the byte at `offset`. */
struct kd_mark kd_source_mark(const char *text, size_t offset);

#endif
