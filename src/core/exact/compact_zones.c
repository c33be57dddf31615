/* SPDX-License-Identifier: MIT
 *
 * See compact_zones.h, zone_walk.h: fine sums with the weights S. Bounds, relative in
 * roundings: mean rho_j = S_j int k_j/F / 2w that of the integral and 3. S_j is wrong by its
 * relative error d_j, rho_j so by d_j + max d. Mean log F, absolute: F's 13, 8 for its
 * logarithm, 24 where a stretch is long, and 16 of the sizes of its terms: 5 for the parts of
 * T, 4 for logarithms and sums, 6 for long ones; and mean sum_j rho_j d_j.
 */
#include "compact_zones.h"

#include <math.h>
#include <string.h>

#include "core/num.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "zone_walk.h"

static const double LEAST_WEIGHT = 0x1p-400;
static const double ROUNDINGS[] = {12, 38, 47}, MORE_IF_LONG[] = {0, 39, 95};

static bool serves(const struct kd_estimate *e) {
  bool fine = e->dw == 0;
  for (size_t j = 0; j < e->n; j++) fine = fine & (e->dy[j] == 0) & (e->S[j] >= LEAST_WEIGHT);
  return fine;
}

/* Of what a block of points makes: errors of G, the largest, and of the loss */
struct errors {
  double gradient, log_F;
};

/* m becomes mean K/f; G in the order of the points */
KD_CLONES static struct errors finish_points(size_t n, const double *S, const double *dlog_S,
                                             double unit, double all, double *m, double *G) {
  double error[KD_PLACES], of_log[KD_PLACES];
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    m[i] *= unit;
    double rho = S[i] * m[i], own = dlog_S[i];
    G[i] = S[i] - rho;
    error[i] = S[i] * (own + 4 * KD_U) + rho * (own + all), of_log[i] = rho * own;
  }
  struct errors x = {0, 0};
  for (size_t i = 0; i < n; i++) {
    x.gradient = error[i] > x.gradient ? error[i] : x.gradient;
    x.log_F += of_log[i];
  }
  return x;
}

static struct errors hand_out(const struct kd_estimate *e, const struct kd_zones *z, double all,
                              double *G, double *log_m) {
  struct errors errors = {0, 0};
  double m[KD_PLACES], part[KD_PLACES]; /* part: G, then log m */
  for (size_t at = 0; at < e->n; at += KD_PLACES) {
    size_t n = e->n - at < KD_PLACES ? e->n - at : KD_PLACES;
    kd_zone_collect(z, at, n, m);
    struct errors x = finish_points(n, e->S + at, e->dlog_S + at, 1 / (2 * z->w), all, m, part);
    errors.gradient = fmax(errors.gradient, x.gradient), errors.log_F += x.log_F;
    for (size_t i = 0; i < n; i++) G[e->index[at + i]] = part[i];
    if (!log_m) continue;
    kd_zone_log_m(n, m, part);
    for (size_t i = 0; i < n; i++) log_m[e->index[at + i]] = part[i];
  }
  return errors;
}

/* Products of errors, what underflows, and sums of bounds */
static double safe(double bound) {
  return 1.01 * bound + 0x1p-200;
}

int kd_compact_zones(const struct kd_estimate *e, size_t degree, double factor,
                     struct kd_zones *z, bool *done, struct kd_objective *out, double *G,
                     double *log_m, struct kd_err *err) {
  *done = false;
  if (!serves(e)) return KD_OK;
  int code = kd_zones_place(z, e, degree == 1, true, err);
  if (code || !z->serves) return code;
  memcpy(z->weight, e->S, e->n * sizeof *z->weight);
  struct kd_zone_walk walk = kd_zone_walk(z, degree, true, true);
  double roundings = ROUNDINGS[degree] + (walk.any_long ? MORE_IF_LONG[degree] : 0);
  struct errors errors = hand_out(e, z, e->dlog_S_max + roundings * KD_U, G, log_m);
  double L = kd_log(e->h / factor) + (double)degree * kd_log(z->h);
  *out = (struct kd_objective){.loss = L - walk.log_F};
  out->gradient_bound = safe(errors.gradient);
  out->loss_bound =
      safe(KD_U * ((walk.any_long ? 54 : 30) + 16 * walk.size + 4 * fabs(L)) + errors.log_F);
  *done = true;
  return KD_OK;
}
