/* SPDX-License-Identifier: MIT
 *
 * The values that some configs give to their keys, to say what is new in another one:
 * kernel.family = sech. A cell all of whose values are known may still be new.
 */
#ifndef KD_KNOWN_H
#define KD_KNOWN_H

#include <stdbool.h>

#include "plan.h"

struct kd_known; /* opaque */

/* NULL when memory is short. */
struct kd_known *kd_known_create(void);
void kd_known_free(struct kd_known *known); /* NULL is fine */

/* Adds all values of a plan, which read its files when they were as `files` says (see
 * kd_plan); false when memory is short. */
bool kd_known_add(struct kd_known *known, const struct kd_plan *plan, const char *files);

/* Keys (KD_KEY_BIT) that a cell of `plan` reads and whose value in it no plan added has;
 * the cell comes from kd_plan_key. */
uint64_t kd_known_new(struct kd_known *known, const struct kd_plan *plan,
                      const struct kd_cell *cell);

/* The value that all plans added give to a key, as one types it; NULL if they give
 * several or none was added. */
const char *kd_known_text(const struct kd_known *known, enum kd_key_id id);

#endif
