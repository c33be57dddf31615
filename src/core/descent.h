/* SPDX-License-Identifier: MIT
 *
 * Optimisers on the logits, one row each. They see the gradient G, or (em) the factors m_j
 * by which the weights that minimise the loss are approached; never the loss or the
 * positions.
 */
#ifndef KD_DESCENT_H
#define KD_DESCENT_H

#include <stdbool.h>
#include <stddef.h>

/* One step, of n logits */
struct kd_step {
  size_t n, number;    /* steps are counted from 1 */
  double rate;         /* read where the row uses it */
  const double *G;     /* dL/dz, n values */
  const double *log_m; /* log m_j, m_j = mean_T K_j/f = 1 - G_j/S_j, n values */
  double *z;           /* logits, changed in place */
  double *u, *v;       /* n values each that the optimiser keeps between steps, 0 at first */
};

struct kd_descent {
  const char *name, *doc, *reference;
  bool uses_rate;
  void (*step)(const struct kd_step *step); /* NULL = no descent */
};

extern const struct kd_descent kd_descents[];
extern const size_t kd_n_descents;

const struct kd_descent *kd_descent_find(const char *name);

#endif
