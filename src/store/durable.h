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

/* The file that kd_durable_write(path) replaces: `path`, or what a symbolic link leads
 * to. The caller frees it. */
int kd_durable_target(const char *path, char **target, struct kd_err *err);

/* Removes what writers of `path` left that were killed: for holders of its lock only. */
void kd_durable_tidy(const char *path);

/* Makes a folder, durably; good if it is there already. */
int kd_durable_folder(const char *path, struct kd_err *err);

/* `path` without its ending .h5 (if it has one), then `suffix`: the place of what
 * belongs to a result. Freed by the caller; NULL when memory is short. */
char *kd_durable_beside(const char *path, const char *suffix);

/* The bytes of a regular file; the caller frees them. */
int kd_durable_read(const char *path, unsigned char **bytes, size_t *size, struct kd_err *err);

#endif
