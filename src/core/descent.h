/* SPDX-License-Identifier: MIT
 *
 * Optimisers on the logits, one row each.
 */
#ifndef KD_DESCENT_H
#define KD_DESCENT_H

#include <stddef.h>

struct kd_descent {
  const char *name, *doc, *reference;
  /* One step: z from the gradient G, n values each; NULL = no descent. */
  void (*step)(size_t n, double rate, const double *G, double *z);
};

extern const struct kd_descent kd_descents[];
extern const size_t kd_n_descents;

const struct kd_descent *kd_descent_find(const char *name);

#endif
