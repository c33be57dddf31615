/* SPDX-License-Identifier: MIT
 *
 * Weights e^(z - max z) of logits, as steps of a descent take them.
 */
#ifndef KD_LOGITS_H
#define KD_LOGITS_H

#include <stdbool.h>
#include <stddef.h>

/* The largest of n; false if some are below it by more than 250. */
bool kd_logits_range(size_t n, const double *z, double *most);

void kd_logits_weigh(size_t n, const double *z, double most, double *weight);

#endif
