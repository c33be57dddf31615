/* SPDX-License-Identifier: MIT
 *
 * Means of log f and of the responsibilities over T, or over the nodes of a rule.
 */
#include "ball.h"

#ifdef KD_ARB

void kd_means_init(struct kd_means *m, size_t n) {
  *m = (struct kd_means){.rho = _arb_vec_init((slong)n)};
  arb_init(m->log_f), arb_init(m->share);
}

void kd_means_clear(struct kd_means *m, size_t n) {
  arb_clear(m->log_f), arb_clear(m->share);
  _arb_vec_clear(m->rho, (slong)n);
}

int kd_means(struct kd_scene *s, struct kd_means *m, struct kd_err *err) {
  int code = kd_terms_create(s, err);
  m->covered = true;
  arb_zero(m->log_f), arb_zero(m->share);
  _arb_vec_zero(m->rho, (slong)s->n);
  if (code) return code;
  switch (kd_mean_kind(s->problem)) {
  case KD_MEAN_INTEGRAL:
    code = kd_mean_integrals(s, m, err);
    break;
  case KD_MEAN_PANELS:
    code = kd_mean_panels(s, m, err);
    break;
  default:
    kd_mean_bins(s, m);
  }
  if (!arb_is_finite(m->log_f)) arb_indeterminate(m->share); /* rho is incomplete */
  kd_terms_clear(s);
  return code;
}

#endif
