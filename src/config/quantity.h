/* SPDX-License-Identifier: MIT
 *
 * The numbers of a cell that filters compare besides its keys, one row each.
 */
#ifndef KD_QUANTITY_H
#define KD_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kd_quantity {
  const char *name, *doc;
  uint64_t keys; /* what it follows from */
  bool placed;   /* needs the positions */
  double (*of)(double lower, double upper, double d_centre);
};

extern const struct kd_quantity kd_quantities[];
extern const size_t kd_n_quantities;

const struct kd_quantity *kd_quantity_find(const char *name);

#endif
