/* SPDX-License-Identifier: MIT
 *
 * The breaking shift in ball arithmetic (certify.h): bisection with certificates, each of
 * which either proves that some G_i has changed, or encloses all changes next to 0.
 */
#include <math.h>

#include "certify.h"

/* 1: some G_i differs for certain; 0: none does by more than the digits tell; -1: an error, or
 * there is nothing to compare. */
static int has_changed(const struct kd_problem *p, double shift, int digits,
                       struct kd_certificate *c, struct kd_err *err) {
  struct kd_problem at = *p;
  at.shift = shift;
  int code = kd_certify(&at, digits, true, c, err);
  if (code) return -1;
  if (c->applicable && c->covered && !isnan(c->defect.middle))
    return !c->difference[c->largest].contains_zero;
  kd_fail(err, KD_USAGE, "there is no change of the gradient at shift %.17g to bisect for",
          shift);
  kd_certificate_clear(c);
  return -1;
}

int kd_certify_breaking(const struct kd_problem *p, int digits, struct kd_breaking_ball *b,
                        struct kd_err *err) {
  static const double NARROW = 1e-13;
  *b = (struct kd_breaking_ball){.before = 0, .after = p->shift};
  int changed = has_changed(p, p->shift, digits, &b->certificate, err);
  if (changed < 0) return KD_USAGE;
  if (!changed) {
    b->before = p->shift, b->after = NAN;
    return KD_OK;
  }
  while (fabs(b->after - b->before) > NARROW * fabs(p->shift)) {
    struct kd_certificate c;
    double middle = b->before + 0.5 * (b->after - b->before);
    changed = has_changed(p, middle, digits, &c, err);
    if (changed < 0) {
      kd_certificate_clear(&b->certificate);
      return KD_USAGE;
    }
    if (!changed) {
      b->before = middle;
      kd_certificate_clear(&c);
      continue;
    }
    b->after = middle;
    kd_certificate_clear(&b->certificate);
    b->certificate = c;
  }
  return KD_OK;
}
