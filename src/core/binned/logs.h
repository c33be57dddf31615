/* SPDX-License-Identifier: MIT
 *
 * sum_m weight_m log F_m of blocks of nodes: from products of F, one logarithm for many
 * nodes of one weight, or node by node.
 */
#ifndef KD_LOGS_H
#define KD_LOGS_H

#include "core/num.h"
#include "core/rule.h"
#include "sweeps.h"

struct kd_logs {
  struct kd_sum mean, size; /* sum_m weight_m log F_m, and with |log F_m| */
};

void kd_logs_add(struct kd_logs *logs, double weight, double log);

void kd_product_clear(struct kd_product *product);

/* The nodes of a product's blocks, none of them at an end of the grid; clears it. */
void kd_logs_add_product(struct kd_logs *logs, const struct kd_grid *grid,
                         struct kd_product *product);

/* Those of a block, from u = weight/F in its table; weights in the order of the lines */
void kd_logs_add_nodes(struct kd_logs *logs, const double *weight, const double *cell);

#endif
