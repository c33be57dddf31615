/* SPDX-License-Identifier: MIT
 *
 * The claims under test, one row of one table each, and how a cell judges them.
 *
 * A claim is an identity. Its residual is what the identity is off by in this cell; the
 * bound says how far the computed residual may be from the true one, and is proved. So a
 * residual above its bound refutes the claim, and nothing that is typed decides. A claim
 * that nothing could refute says nothing: each row has a control, the same judgement of a
 * problem or prediction that was made false on purpose. Where the control comes out like
 * the claim itself the cell has no power.
 */
#ifndef KD_CLAIM_H
#define KD_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"

/* The claims in order; what else has one entry a claim is made of this list. */
#define KD_CLAIMS(ROW)                                                                         \
  ROW(C1a)                                                                                     \
  ROW(C1b)                                                                                     \
  ROW(C1c)                                                                                     \
  ROW(C2)                                                                                      \
  ROW(C3a)                                                                                     \
  ROW(C3b)                                                                                     \
  ROW(C3c)                                                                                     \
  ROW(C4a)                                                                                     \
  ROW(C4b)                                                                                     \
  ROW(C4c)                                                                                     \
  ROW(C4d)                                                                                     \
  ROW(C4e)                                                                                     \
  ROW(C4f)                                                                                     \
  ROW(C4g)                                                                                     \
  ROW(C5)                                                                                      \
  ROW(C5a)                                                                                     \
  ROW(C5b)                                                                                     \
  ROW(C5c)                                                                                     \
  ROW(C5d)                                                                                     \
  ROW(C6)                                                                                      \
  ROW(C7)

#define KD_CLAIM_ID(name) KD_CLAIM_##name,
enum kd_claim_id { KD_CLAIMS(KD_CLAIM_ID) KD_N_CLAIMS };
#undef KD_CLAIM_ID

enum { KD_CLAIM_NAME_SIZE = 8 }; /* that each name fits into */

enum kd_verdict {
  KD_VERDICT_HOLDS,
  KD_VERDICT_REFUTED,
  KD_VERDICT_INCONCLUSIVE, /* a bound is infinite, or there is no power */
  KD_VERDICT_VACUOUS,      /* it applies to no cell */
  KD_VERDICT_NOT_RUN,      /* no cell was asked */
};

/* "HOLDS", "NOT-RUN" */
const char *kd_verdict_name(enum kd_verdict verdict);

/* Of one claim in one cell; all NaN where it does not apply. */
struct kd_finding {
  double residual, bound;
  double control, control_bound; /* the same of the control */
};

struct kd_measure;
struct kd_court;

struct kd_claim {
  const char *name;
  const char *statement; /* one line */
  const char *reference;
  enum kd_verdict expected;
  const char *control; /* what the control makes false; or true, where control_holds */
  bool control_holds;  /* the control is the true form of a false claim */
  int paths;           /* ways to compute that are judged apart: 1 or 2 (claim/court.h) */
  /* Asks for properties, never for names; the court's points are the unshifted ones. */
  bool (*applies)(struct kd_court *court);
  /* Adds to *measure, by that path; `falsified`: of the control. KD_SYSTEM. */
  int (*judge)(struct kd_court *court, int path, bool falsified, struct kd_measure *measure,
               struct kd_err *err);
};

extern const struct kd_claim *const kd_claims[KD_N_CLAIMS];

/* The claim of that name, KD_N_CLAIMS if there is none */
enum kd_claim_id kd_claim_find(const char *name);

/* What the finding says of the claim in its cell; VACUOUS where it does not apply. */
enum kd_verdict kd_claim_outcome(const struct kd_claim *claim,
                                 const struct kd_finding *finding);

/* residual/bound: above 1 the claim is refuted. NaN where it does not apply. */
double kd_finding_margin(const struct kd_finding *finding);

/* Whether the control came out as it must. */
bool kd_claim_has_power(const struct kd_claim *claim, const struct kd_finding *finding);

/* No claim applies. */
void kd_findings_clear(struct kd_finding finding[KD_N_CLAIMS]);

/* Judges the claims that the problem asks for (bits of problem->claims), the others do not
 * apply. What kd_evaluate left in the workspace stays. KD_SYSTEM when memory is short. */
int kd_claims_judge(const struct kd_problem *problem, struct kd_workspace *ws,
                    struct kd_finding finding[KD_N_CLAIMS], struct kd_err *err);

#endif
