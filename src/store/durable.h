/* SPDX-License-Identifier: MIT
 *
 * Files that are replaced at once or not at all, also when the machine or the
 * disk fails half way.
 */
#ifndef KD_DURABLE_H
#define KD_DURABLE_H

#include <stddef.h>

#include "core/err.h"

/* A file that is being written: under the temporary name PATH.tmp-PID-K, made with
 * O_EXCL and open for reading and writing. */
struct kd_durable {
  char *target, *temporary;
  int fd;
};

/* A symbolic link stays and its target is replaced; what is not a regular file is
 * refused. On error there is nothing to abandon. */
int kd_durable_begin(struct kd_durable *file, const char *path, struct kd_err *err);
/* fsync, rename, fsync of the directory. On error the temporary is gone. */
int kd_durable_commit(struct kd_durable *file, struct kd_err *err);
void kd_durable_abandon(struct kd_durable *file);

/* Writes all bytes where the file stands. */
int kd_durable_append(int fd, const void *bytes, size_t size, struct kd_err *err);

/* A whole file of these bytes. */
int kd_durable_write(const char *path, const void *bytes, size_t size, struct kd_err *err);

/* Bytes that are free where the file would stand; INFINITY if nobody knows. */
double kd_durable_room(const char *path);

/* Makes and removes the temporary: whether kd_durable_begin could. */
int kd_durable_try(const char *path, struct kd_err *err);

/* The file that kd_durable_begin(path) replaces: `path`, or what a symbolic link leads
 * to. The caller frees it. */
int kd_durable_target(const char *path, char **target, struct kd_err *err);

/* Removes what writers of `path` left that were killed: for holders of its lock only. */
void kd_durable_tidy(const char *path);

/* Makes a folder, durably; good if it is there already. */
int kd_durable_folder(const char *path, struct kd_err *err);

/* `path` without its ending .h5 (if it has one), then `suffix`: the place of what
 * belongs to a result. Freed by the caller; NULL when memory is short. */
char *kd_durable_beside(const char *path, const char *suffix);

/* Opens a regular file for reading and tells its size. On error *fd is -1. */
int kd_durable_open(const char *path, int *fd, size_t *size, struct kd_err *err);

#endif
