/* SPDX-License-Identifier: MIT
 *
 * C3c, that far points learn as much as near ones: with a kernel of constant score the
 * gradient is the same for all layouts that differ by a shift and have no point in T
 * (shift.c), so ||G|| is constant from d_edge outwards, however far. Judged against the
 * layout that touches T, at the cell's shift and far outwards.
 *
 * Each G_i is within its bound, so ||G|| is within sqrt(n) of them, and its own roundings.
 */
#include <math.h>

#include "core/num.h"
#include "rows.h"
#include "shift.h"

static bool applies(struct kd_court *c) {
  return kd_claim_shifts_inward(c) && c->d_edge >= 0 && kd_claim_stays_outside(c);
}

static double norm_of(const struct kd_court *c, const double *G) {
  struct kd_sum sum = {0};
  for (size_t i = 0; i < c->problem->n; i++) kd_sum_add(&sum, G[i] * G[i]);
  return sqrt(kd_sum_value(&sum));
}

/* ||G|| at d, off by at most dd, against that at d_edge */
static int compare(struct kd_court *c, int path, double d, double dd, struct kd_measure *m,
                   struct kd_err *err) {
  struct kd_objective edge, here;
  int code = kd_court_read(c, path, c->d_edge, 0, c->G[0], &edge, err);
  if (!code) code = kd_court_read(c, path, d, dd, c->G[1], &here, err);
  if (code) return code;
  double norm = norm_of(c, c->G[1]), n = (double)c->problem->n;
  double each = edge.gradient_bound + here.gradient_bound + kd_claim_crossing(c, c->blur + dd);
  kd_measure_add(m, norm - norm_of(c, c->G[0]), sqrt(n) * each + 8 * KD_U * norm);
  return KD_OK;
}

/* The control goes on to the centre. */
static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  static const double outwards[] = {1, 32, 1024}; /* bandwidths */
  if (falsified) return compare(c, path, c->d_centre, 0, m, err);
  int code = compare(c, path, c->d, c->dd, m, err);
  for (size_t k = 0; k < sizeof outwards / sizeof *outwards && !code; k++)
    code = compare(c, path, c->d_edge - outwards[k] * c->problem->h, 0, m, err);
  return code;
}

const struct kd_claim kd_claim_norm = {
    .name = "C3c",
    .statement = "far points learn as much as near ones: the norm of the gradient is constant "
                 "from d_edge outwards",
    .reference = "the note, as it is true; claim/norm.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "the shift goes on to d_centre",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
