/* SPDX-License-Identifier: MIT
 *
 * Values as text.
 */
#ifndef KD_VALUE_TEXT_H
#define KD_VALUE_TEXT_H

#include "value.h"

/* As one types it: "0.25", "laplace", "[-1, 1]", "~" if unset; cut with "..."
 * where `size`, 8 at least, is short. */
void kd_value_text(const struct kd_key *key, const struct kd_value *value, char *text,
                   size_t size);

#endif
