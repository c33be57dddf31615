/* SPDX-License-Identifier: MIT
 *
 * The table of claims, see claim.h, and what a finding says. Judging is in claim/court.c.
 */
#include "claim.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/claim/rows.h"

const struct kd_claim *const kd_claims[KD_N_CLAIMS] = {
    [KD_CLAIM_C1a] = &kd_claim_one_match, [KD_CLAIM_C1b] = &kd_claim_matches,
    [KD_CLAIM_C1c] = &kd_claim_no_match,  [KD_CLAIM_C2] = &kd_claim_scale,
    [KD_CLAIM_C3a] = &kd_claim_equal_bin, [KD_CLAIM_C3b] = &kd_claim_equal_target,
    [KD_CLAIM_C3c] = &kd_claim_norm,      [KD_CLAIM_C4a] = &kd_claim_at_centre,
    [KD_CLAIM_C4b] = &kd_claim_to_edge,   [KD_CLAIM_C4c] = &kd_claim_to_centre,
    [KD_CLAIM_C4d] = &kd_claim_loss,      [KD_CLAIM_C4e] = &kd_claim_past_edge,
    [KD_CLAIM_C4f] = &kd_claim_midpoints, [KD_CLAIM_C4g] = &kd_claim_narrow,
    [KD_CLAIM_C5] = &kd_claim_speed,      [KD_CLAIM_C5a] = &kd_claim_family,
    [KD_CLAIM_C5b] = &kd_claim_far,       [KD_CLAIM_C5c] = &kd_claim_cover,
    [KD_CLAIM_C5d] = &kd_claim_sided,     [KD_CLAIM_C6] = &kd_claim_walk,
    [KD_CLAIM_C7] = &kd_claim_circle,
};

static_assert(KD_N_CLAIMS <= 32, "claims are bits of an unsigned");

const char *kd_verdict_name(enum kd_verdict verdict) {
  static const char *const name[] = {"HOLDS", "REFUTED", "INCONCLUSIVE", "VACUOUS", "NOT-RUN"};
  return name[verdict];
}

enum kd_claim_id kd_claim_find(const char *name) {
  int k = 0;
  while (k < KD_N_CLAIMS && strcmp(kd_claims[k]->name, name) != 0) k++;
  return (enum kd_claim_id)k;
}

double kd_finding_margin(const struct kd_finding *f) {
  return f->residual == 0 ? 0 : f->residual / f->bound;
}

bool kd_claim_has_power(const struct kd_claim *claim, const struct kd_finding *f) {
  return claim->control_holds ? f->control <= f->control_bound && isfinite(f->control_bound)
                              : f->control > f->control_bound;
}

/* A false form that is not seen to be false takes nothing from a refutation; a true form
 * that does not hold does. */
enum kd_verdict kd_claim_outcome(const struct kd_claim *claim, const struct kd_finding *f) {
  bool power = kd_claim_has_power(claim, f);
  if (isnan(f->residual)) return KD_VERDICT_VACUOUS;
  if (f->residual > f->bound && (power || !claim->control_holds)) return KD_VERDICT_REFUTED;
  if (f->residual <= f->bound && isfinite(f->bound) && power) return KD_VERDICT_HOLDS;
  return KD_VERDICT_INCONCLUSIVE;
}
