/* SPDX-License-Identifier: MIT
 *
 * A plan in print.
 */
#ifndef KD_CLI_PLAN_H
#define KD_CLI_PLAN_H

#include "config/plan.h"

/* Whether coordinate s is the first of its path: target.bounds has two. */
bool kd_plan_starts_path(const struct kd_plan *plan, size_t s);

/* Its axes and fixed keys, for a summary; in JSON as two members of an object. KD_SYSTEM
 * when memory is short. */
void kd_plan_print_keys(const struct kd_plan *plan);
int kd_plan_print_json_keys(const struct kd_plan *plan);

/* One JSON object on stdout; `payload` and `memory` in bytes. KD_SYSTEM when memory is short.
 */
int kd_plan_print_json(const struct kd_plan *plan, double payload, double memory);

#endif
