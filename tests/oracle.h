/* SPDX-License-Identifier: MIT
 *
 * The oracle for random tests: is the true value within the bound that a computed
 * number came with? Encloses at 20 digits, so that the enclosure's own radius (added to
 * the bound) is nothing beside the bounds of doubles. A problem that fails prints itself
 * as a config.
 *
 *     if (!oracle_available()) skip();
 *     must(oracle_encloses(&p, &result, G, (struct oracle_bounds){1e-13, 1e-13}), &p);
 */
#ifndef KD_TEST_ORACLE_H
#define KD_TEST_ORACLE_H

#include "run/certify.h"
#include "tests/core/reproduce.h"

enum { ORACLE_DIGITS = 20 };

/* Absolute: |computed - true| is said to be no larger. The last two are read where the
 * defect is recorded. */
struct oracle_bounds {
  double loss, gradient, defect, loss_change;
};

/* Whether the program was built with the library. */
static inline bool oracle_available(void) {
  return kd_certify_available();
}

/* A missing number (NaN) is outside every bound. */
static inline bool oracle_within(const char *name, size_t i, double value, double bound,
                                 const struct kd_enclosure *truth) {
  double error = fabs(value - truth->middle);
  if (error <= bound + truth->radius) return true;
  fprintf(stderr, "%s[%zu] = %.17g, but it is %s: off by %.3g, the bound is %.3g\n", name, i,
          value, truth->text, error, bound);
  return false;
}

static inline bool oracle_has_status(const struct kd_certificate *c, enum kd_status status) {
  enum kd_status truth = !c->applicable ? KD_STATUS_NOT_APPLICABLE
                         : !c->covered  ? KD_STATUS_UNCOVERED
                                        : KD_STATUS_OK;
  if (status == truth) return true;
  fprintf(stderr, "status %s, but it is %s\n", kd_status_name(status), kd_status_name(truth));
  return false;
}

static inline bool oracle_compare(const struct kd_problem *p, const struct kd_result *r,
                                  const double *G, struct oracle_bounds b,
                                  const struct kd_certificate *c) {
  bool good = oracle_has_status(c, r->status);
  if (!good || !c->applicable) return good;
  for (size_t i = 0; i < p->n; i++)
    good &= oracle_within("gradient", i, G[i], b.gradient, &c->gradient[i]);
  if (c->covered) good &= oracle_within("loss", 0, r->loss, b.loss, &c->loss);
  if (!isnan(c->defect.middle)) {
    good &= oracle_within("defect", 0, r->defect, b.defect, &c->defect);
    good &= oracle_within("loss_change", 0, r->loss_change, b.loss_change, &c->loss_change);
  }
  return good;
}

/* Whether status, loss, gradient (G, n values) and, if recorded, defect and change of the
 * loss are what the oracle says, each within its bound; if not, says on stderr what is
 * not, and the problem. A problem that the oracle cannot enclose is no success. */
static inline bool oracle_encloses(const struct kd_problem *p, const struct kd_result *r,
                                   const double *G, struct oracle_bounds bounds) {
  struct kd_certificate c;
  struct kd_err err;
  bool good;
  if (kd_certify(p, ORACLE_DIGITS, p->record & KD_RECORD_DEFECT, &c, &err)) {
    fprintf(stderr, "the oracle has no answer: %s\n", err.text);
    good = false;
  } else {
    good = oracle_compare(p, r, G, bounds, &c);
    kd_certificate_clear(&c);
  }
  if (!good) print_config(p);
  return good;
}

#endif
