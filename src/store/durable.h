/* SPDX-License-Identifier: MIT
 *
 * Whole files in and out. A file is replaced at once or not at all, also when
 * the machine or the disk fails half way.
 */
#ifndef KD_DURABLE_H
#define KD_DURABLE_H

#include <stddef.h>

#include "core/err.h"

/* Temporary name beside `path` (PATH.tmp-PID-K, O_EXCL), fsync, rename, fsync
 * of the directory. A symbolic link stays and its target is replaced; what is
 * not a regular file is refused. On error the temporary is gone. */
int kd_durable_write(const char *path, const unsigned char *bytes, size_t size,
                     struct kd_err *err);

/* Makes and removes the temporary: whether kd_durable_write could. */
int kd_durable_try(const char *path, struct kd_err *err);

/* The bytes of a regular file; the caller frees them. */
int kd_durable_read(const char *path, unsigned char **bytes, size_t *size, struct kd_err *err);

#endif
