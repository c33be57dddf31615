/* SPDX-License-Identifier: MIT
 *
 * What find.c and merge.c share.
 */
#ifndef KD_FIND_H
#define KD_FIND_H

#include "merge.h"
#include "reader.h"

/* One more source, which is taken over also on error. */
int kd_merge_source(struct kd_merge *merge, struct kd_source source, struct kd_err *err);

#endif
