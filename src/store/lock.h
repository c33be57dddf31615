/* SPDX-License-Identifier: MIT
 *
 * Who may work on a result: locks of the kernel (open file description locks), which
 * end with their process however it ends.
 *
 * One byte of the file NAME.lock is locked: exclusively by run and merge, shared by the
 * shards K of N, each of which also locks a byte of its own. Every holder writes a line
 * into the file, so that whom it keeps out can say who it is. The last to leave removes
 * the file, under the lock, and who opened it before sees that and starts again: results/
 * holds no litter. Where a network file system shows such a removal late, two runs may
 * both go on; they then do the same work twice and write the same bytes.
 */
#ifndef KD_LOCK_H
#define KD_LOCK_H

#include <stddef.h>

#include "core/err.h"

enum { KD_LOCK_SHARDS_MAX = 65536 };

struct kd_lock;

/* Locks the result at `path` for `who` ("run", "merge"), or as shard k of n (k = 1..n)
 * if n > 0. Never waits: KD_SYSTEM and a text with pid and host if it is taken. */
int kd_lock_take(const char *path, const char *who, size_t k, size_t n, struct kd_lock **lock,
                 struct kd_err *err);
void kd_lock_release(struct kd_lock *lock); /* NULL is fine */

#endif
