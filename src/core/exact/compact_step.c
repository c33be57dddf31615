/* SPDX-License-Identifier: MIT
 *
 * See compact_step.h. With weights E_j = e^(z_j - max z) and F = sum_j E_j k_j (zone_walk.h)
 *
 *   m_j = (sum E/2w) int k_j/F = mean_T K_j/f,   G_j = S_j (1 - m_j)
 */
#include "compact_step.h"

#include "core/num.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "logits.h"
#include "zone_walk.h"

struct step {
  const struct kd_estimate *e;
  struct kd_zones *z;
  size_t degree;
  double factor;
  double total; /* weight */
  struct kd_zone_walk walk;
};

/* In lanes along the order of the points, that of one side after the other */
static double sum_of(const uint32_t *order, size_t n, const double *weight) {
  struct kd_sum all = {0};
  for (size_t at = 0; at < n; at += KD_PLACES) {
    size_t end = n - at < KD_PLACES ? n : at + KD_PLACES;
    double lane[8] = {0};
    size_t k = at;
    for (; k + 8 <= end; k += 8)
      for (size_t l = 0; l < 8; l++) lane[l] += weight[order[k + l]];
    for (; k < end; k++) lane[0] += weight[order[k]];
    for (size_t l = 0; l < 8; l++) kd_sum_add(&all, lane[l]);
  }
  return kd_sum_value(&all);
}

static double total_of(const struct kd_zones *z) {
  const uint32_t *left = z->order + z->n_side[0], *centre = left + z->n_side[1];
  double sides =
      sum_of(z->order, z->n_side[0], z->weight) + sum_of(left, z->n_side[1], z->weight);
  return sides + sum_of(centre, z->n_side[2], z->weight);
}

/* --- results --- */

KD_CLONES static void finish_some(size_t n, const double *E, double unit, double over_total,
                                  double *m, double *G) {
#pragma omp simd
  for (size_t i = 0; i < n; i++) {
    m[i] *= unit;
    G[i] = E[i] * over_total * (1 - m[i]);
  }
}

static void finish(const struct step *s, double *G, double *log_m) {
  const struct kd_zones *z = s->z;
  _Alignas(64) double m[KD_PLACES];
  for (size_t at = 0; at < s->e->n; at += KD_PLACES) {
    size_t n = s->e->n - at < KD_PLACES ? s->e->n - at : KD_PLACES;
    kd_zone_collect(z, at, n, m);
    finish_some(n, z->weight + at, s->total / (2 * z->w), 1 / s->total, m, G + at);
    if (log_m) kd_zone_log_m(n, m, log_m + at);
  }
}

static double loss_of(const struct step *s) {
  double L = kd_log(s->e->h / s->factor) + (double)s->degree * kd_log(s->z->h);
  return L + kd_log(s->total) - s->walk.log_F;
}

int kd_compact_step(const struct kd_estimate *e, size_t degree, double factor, const double *z,
                    struct kd_zones *zones, bool *done, double *G, double *log_m, double *loss,
                    struct kd_err *err) {
  double top;
  *done = false;
  bool there = zones->placed && !zones->by_rank && zones->halves == (degree == 1);
  int code = there ? KD_OK : kd_zones_place(zones, e, degree == 1, false, err);
  if (code || !zones->serves || !kd_logits_range(e->n, z, &top)) return code;
  struct step s = {.e = e, .z = zones, .degree = degree, .factor = factor};
  kd_logits_weigh(e->n, z, top, zones->weight);
  s.total = total_of(zones);
  s.walk = kd_zone_walk(zones, degree, false, loss);
  finish(&s, G, log_m);
  if (loss) *loss = loss_of(&s);
  *done = true;
  return KD_OK;
}
