/* SPDX-License-Identifier: MIT
 *
 * The oracle: loss, gradient and defect of one problem enclosed in ball
 * arithmetic (FLINT/Arb). Shares no evaluation code with core/: the kernels are
 * written again from their published formulas, the integrals are taken by
 * acb_calc_integrate between the places where a kernel is not analytic. The
 * problem's doubles are taken exactly; a shift is carried out exactly.
 */
#ifndef KD_CERTIFY_H
#define KD_CERTIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/problem.h"

/* An enclosure: the true value differs from `middle` by at most `radius`. As a decimal
 * it is within one unit of the last digit of `text`, "0e-30" standing for [-1e-30, 1e-30]
 * where 0 cannot be excluded. `bound` is of the absolute value: from above, a power of ten,
 * if the enclosure contains 0, else from below with three digits. No NaN is a number:
 * what does not exist has the text "inf" or "nan". */
struct kd_enclosure {
  double middle, radius;
  bool contains_zero;
  char text[96], bound[16];
};

struct kd_certificate {
  bool applicable;          /* false: the shift does not exist */
  bool covered;             /* false: f = 0 on a set of positive length */
  struct kd_enclosure loss; /* if covered */
  struct kd_enclosure loss_change, defect;
  size_t n, largest; /* index of the difference with the largest lower bound */
  struct kd_enclosure *gradient, *difference; /* G_i and G_i - G_i(twin), n each */
};

enum { KD_CERTIFY_DIGITS_MAX = 70, KD_CERTIFY_POINTS_MAX = 64 };

/* Whether the program was built with the library. */
bool kd_certify_available(void);
extern const char kd_certify_missing[]; /* what to do where it was not */

/* Frees what the library keeps between calls. */
void kd_certify_cleanup(void);

/* Encloses the integrals (rule best, exact, adaptive) or the sums of the
 * problem's rule, to half a unit of 10^-digits max(1, |value|). with_twin: defect,
 * difference and loss_change too. KD_USAGE if there are too many points, a kernel or rule
 * is none of the oracle's, or the enclosure cannot be made that narrow; KD_SYSTEM if the
 * library is missing or memory short. */
int kd_certify(const struct kd_problem *problem, int digits, bool with_twin,
               struct kd_certificate *certificate, struct kd_err *err);
void kd_certificate_clear(struct kd_certificate *certificate);

/* Where, on the way from no shift to the problem's, the gradient begins to be another one, in
 * units of problem->shift: at `after` some G_i differs for certain from the unshifted
 * layout's, at `before` none by more than 10^-digits; at most 1e-13 of the problem's shift
 * apart. `after` NaN: not even at the problem's shift, which is `before`. */
struct kd_breaking_ball {
  double before, after;
  struct kd_certificate certificate; /* of the problem at `after`; to be cleared */
};

int kd_certify_breaking(const struct kd_problem *problem, int digits,
                        struct kd_breaking_ball *breaking, struct kd_err *err);

#endif
