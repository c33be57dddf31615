/* SPDX-License-Identifier: MIT
 *
 * A look at a table of ratios (ratios.h) for a descent: no bounds.
 */
#include <math.h>

#include "core/vmath/vmath.h"
#include "ratios.h"

bool kd_ratios_look(struct kd_ratios *r, const struct kd_estimate *e, double *loss, double *G,
                    double *log_m, double *uncovered) {
  struct kd_ratios_sums sums;
  if (!kd_ratios_sum(r, e->S, r->E, loss && !(r->uncovered > 0), &sums)) return false;
  *uncovered = r->uncovered;
  if (loss) *loss = r->uncovered > 0 ? INFINITY : -(r->log_k_sum + sums.log_F);
  for (size_t row = 0; row < r->n; row++) {
    size_t j = r->point[row], i = e->index[j];
    double m_j = r->t[row];
    G[i] = e->S[j] * ((1 - r->uncovered) - m_j);
    log_m[i] = kd_log_m(m_j, e->S[j], e->log_S[j], G[i]);
  }
  return true;
}
