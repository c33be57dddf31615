/* SPDX-License-Identifier: MIT
 *
 * See compact_step.h, zone.h. With E_j = e^(z_j - max z), a node's distances a to the inner
 * end of its zone and b to the outer one, l the stretch before it, and sums (zone_sums.h) of
 * pieces that end in the zone, inwards, at a node without its own event,
 *
 *                  X1              Y1                    X2           Y2           F
 *   uniform        sum E                                                           X1
 *   triangular     sum E (ends)    sum E (p - r)         sum E        -            Y1 + a X2
 *                                  + E b (middles)       (middles)
 *   epanechnikov   sum E           sum E (p - r)         sum E b      sum E (p - r) b   Y2 + a
 * Y1
 *
 * p the place where a piece ends, b there; outwards the same of pieces that begin, with a and b
 * in each other's place. Both together are F = sum_j E_j k_j at the node (uniform: on the
 * stretch before). With it zone_stretch.c has the moments of 1/F on stretches, whose sums
 *
 *                  X1              Y1                    X2               Y2
 *   outwards       int 1/F         int (r - x)/F         int (x - z)/F    int (r - x) (x - z)/F
 *
 * z the zone's inner end, give what is left of int k_j/F at each event in the same ways:
 * X1; Y1, or X2 + b X1 at a middle; Y2 + b Y1. Likewise inwards. So
 *
 *   m_j = (sum E/2w) sum over its events = mean_T K_j/f,   G_j = S_j (1 - m_j)
 *
 * Nothing is subtracted. Errors in roundings: F 2 96 and 10 (zone_sums.h), the moments of 1/F
 * that and 20, their sums 2 96 more, so m_j is right to 450. Some units are seen.
 */
#include "compact_step.h"

#include <math.h>
#include <string.h>

#include "core/kernel.h"
#include "core/num.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "logits.h"
#include "zone_stretch.h"
#include "zone_sums.h"

/* Weights of a block's cells by what happens there */
struct events {
  _Alignas(64) double E[KD_ZONE_KINDS][KD_PLACES];
};

struct step {
  const struct kd_estimate *e;
  struct kd_zones *z;
  size_t degree;
  double total; /* weight */
  bool with_loss;
  struct kd_sum log_F[2]; /* of each wing: part times its mean */
};

/* --- weights --- */

/* A weight for cells where nothing happens stands last. */
static void gather(const struct kd_zones *z, size_t block, struct events *x) {
  const uint32_t *point = z->point + block * KD_PLACES;
  const uint8_t *kind = z->kind + block * KD_PLACES;
  memset(x, 0, sizeof *x);
  for (size_t k = 0; k < KD_PLACES; k++) x->E[kind[k]][k] = z->weight[point[k]];
}

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

/* --- F --- */

/* What events add to sums inwards, on the way to the node before */
KD_INLINE void terms_inwards(size_t degree, const struct events *x, const double *length,
                             const double *to_end, struct kd_zone_terms *add) {
  const double *E = x->E[KD_ZONE_LEAVES], *middle = x->E[KD_ZONE_MIDDLE];
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    add->of[KD_X1][k] = E[k];
    if (degree > 0) add->of[KD_Y1][k] = E[k] * length[k];
    if (degree == 1) add->of[KD_Y1][k] += middle[k] * to_end[k];
    if (degree == 1) add->of[KD_X2][k] = middle[k];
    if (degree == 2) add->of[KD_X2][k] = E[k] * to_end[k];
    if (degree == 2) add->of[KD_Y2][k] = E[k] * to_end[k] * length[k];
  }
}

KD_INLINE void terms_outwards(size_t degree, const struct events *x, const double *from_start,
                              struct kd_zone_terms *add) {
  const double *E = x->E[KD_ZONE_ENTERS], *middle = x->E[KD_ZONE_MIDDLE];
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    add->of[KD_X1][k] = E[k];
    if (degree == 1) add->of[KD_Y1][k] = middle[k] * from_start[k];
    if (degree == 1) add->of[KD_X2][k] = middle[k];
    if (degree == 2) add->of[KD_Y1][k] = add->of[KD_Y2][k] = 0;
    if (degree == 2) add->of[KD_X2][k] = E[k] * from_start[k];
  }
}

/* F at a node, `other` the distance to where the sums do not come from; kernels at an event */
KD_INLINE double value(size_t degree, const struct kd_zone_sums *x, double other, size_t k) {
  return degree == 0   ? x->of[KD_X1][k]
         : degree == 1 ? x->of[KD_Y1][k] + other * x->of[KD_X2][k]
                       : x->of[KD_Y2][k] + other * x->of[KD_Y1][k];
}

/* The inner parts of F and of masses on the stretches */
KD_INLINE void inner(const struct kd_zones *z, size_t block, size_t degree, int sums,
                     struct kd_zone_carry *carry) {
  size_t at = block * KD_PLACES;
  const double *from_start = z->from_start + block * KD_SHIFTED + KD_LANES_WIDE;
  struct events x;
  struct kd_zone_terms add;
  struct kd_zone_sums sum;
  gather(z, block, &x);
  terms_inwards(degree, &x, z->length + at, z->to_end + at, &add);
  kd_zone_sum(z, block, sums, false, &add, carry, &sum);
  double *f = z->f + at, *mass = z->mass + at;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    if (degree > 0) f[k] = value(degree, &sum, from_start[k], KD_LANES_WIDE + k);
    if (degree != 1) mass[k] = sum.of[KD_X1][k];
  }
}

/* The whole, F shifted; F of the last node of the block before, then of this one, in *last */
KD_INLINE void whole(const struct kd_zones *z, size_t block, size_t degree, int sums,
                     struct kd_zone_carry *carry, double *last, double *F, double *mass) {
  size_t at = block * KD_PLACES;
  const double *from_start = z->from_start + block * KD_SHIFTED + KD_LANES_WIDE;
  const double *to_end = z->to_end + at, *f = z->f + at, *inner = z->mass + at;
  struct events x;
  struct kd_zone_terms add;
  struct kd_zone_sums sum;
  gather(z, block, &x);
  terms_outwards(degree, &x, from_start, &add);
  kd_zone_sum(z, block, sums, true, &add, carry, &sum);
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    if (degree > 0)
      F[KD_LANES_WIDE + k] = f[k] + value(degree, &sum, to_end[k], KD_LANES_WIDE + k);
    if (degree != 1) mass[k] = inner[k] + sum.of[KD_X1][k];
  }
  if (degree == 0) return;
  kd_zone_shift(F, *last);
  *last = F[KD_SHIFTED - 1];
}

/* --- the way back --- */

/* What sums over stretches make at an event, `other` as above */
KD_INLINE double at_event(size_t degree, const struct kd_zone_sums *x, double other,
                          bool middle, size_t k) {
  if (degree != 1) return value(degree, x, other, k);
  return middle ? x->of[KD_X2][k] + other * x->of[KD_X1][k] : x->of[KD_Y1][k];
}

KD_INLINE void outer_way_back(const struct kd_zones *z, size_t block, size_t degree, int sums,
                              const struct kd_zone_moments *m, struct kd_zone_carry *carry) {
  size_t at = block * KD_PLACES;
  const double *before = z->from_start + block * KD_SHIFTED, *keep = z->keep + at;
  const double *to_end = z->to_end + at;
  const uint8_t *kind = z->kind + at;
  struct kd_zone_terms add;
  struct kd_zone_sums sum;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    add.of[KD_X1][k] = keep[k] * m->mass[k];
    if (degree > 0) add.of[KD_Y1][k] = keep[k] * m->right[k];
    if (degree > 0) add.of[KD_X2][k] = keep[k] * (m->left[k] + before[k] * m->mass[k]);
    if (degree > 1) add.of[KD_Y2][k] = keep[k] * (m->both[k] + before[k] * m->right[k]);
  }
  kd_zone_sum(z, block, sums, true, &add, carry, &sum);
  double *to = z->to + at;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double x = at_event(degree, &sum, to_end[k], kind[k] == KD_ZONE_MIDDLE, KD_LANES_WIDE + k);
    to[k] = (kind[k] == KD_ZONE_LEAVES) | (kind[k] == KD_ZONE_MIDDLE) ? x : 0;
  }
}

KD_INLINE void inner_way_back(const struct kd_zones *z, size_t block, size_t degree, int sums,
                              const struct kd_zone_moments *m, struct kd_zone_carry *carry) {
  size_t at = block * KD_PLACES;
  const double *from_start = z->from_start + block * KD_SHIFTED + KD_LANES_WIDE;
  const double *to_end = z->to_end + at;
  const uint8_t *kind = z->kind + at;
  struct kd_zone_terms add;
  struct kd_zone_sums sum;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    add.of[KD_X1][k] = m->mass[k];
    if (degree > 0) add.of[KD_Y1][k] = m->left[k];
    if (degree > 0) add.of[KD_X2][k] = m->right[k] + to_end[k] * m->mass[k];
    if (degree > 1) add.of[KD_Y2][k] = m->both[k] + to_end[k] * m->left[k];
  }
  kd_zone_sum(z, block, sums, false, &add, carry, &sum);
  double *to = z->to + at;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double x =
        at_event(degree, &sum, from_start[k], kind[k] == KD_ZONE_MIDDLE, KD_LANES_WIDE + k);
    to[k] += (kind[k] == KD_ZONE_ENTERS) | (kind[k] == KD_ZONE_MIDDLE) ? x : 0;
  }
}

/* --- the passes, each for all degrees --- */

enum { SUMS_0 = 1, SUMS_1 = 3, SUMS_2 = 4 };

KD_CLONES static void inner_F(const struct step *s, size_t block, struct kd_zone_carry *carry) {
  if (s->degree == 0) inner(s->z, block, 0, SUMS_0, carry);
  if (s->degree == 1) inner(s->z, block, 1, SUMS_1, carry);
  if (s->degree == 2) inner(s->z, block, 2, SUMS_2, carry);
}

KD_CLONES static void whole_F(const struct step *s, size_t block, struct kd_zone_carry *carry,
                              double *last, double *F, double *mass) {
  if (s->degree == 0) whole(s->z, block, 0, SUMS_0, carry, last, F, mass);
  if (s->degree == 1) whole(s->z, block, 1, SUMS_1, carry, last, F, mass);
  if (s->degree == 2) whole(s->z, block, 2, SUMS_2, carry, last, F, mass);
}

KD_CLONES static void back_outwards(const struct step *s, size_t block,
                                    const struct kd_zone_moments *m,
                                    struct kd_zone_carry *carry) {
  if (s->degree == 0) outer_way_back(s->z, block, 0, SUMS_0, m, carry);
  if (s->degree == 1) outer_way_back(s->z, block, 1, SUMS_1, m, carry);
  if (s->degree == 2) outer_way_back(s->z, block, 2, SUMS_2, m, carry);
}

KD_CLONES static void back_inwards(const struct step *s, size_t block,
                                   const struct kd_zone_moments *m,
                                   struct kd_zone_carry *carry) {
  if (s->degree == 0) inner_way_back(s->z, block, 0, SUMS_0, m, carry);
  if (s->degree == 1) inner_way_back(s->z, block, 1, SUMS_1, m, carry);
  if (s->degree == 2) inner_way_back(s->z, block, 2, SUMS_2, m, carry);
}

/* In the place of numbers that are of no use any more */
static struct kd_zone_moments moments_of(const struct kd_zones *z, size_t block) {
  size_t at = block * KD_PLACES;
  return (struct kd_zone_moments){z->f + at, z->left + at, z->right + at, z->mass + at};
}

static void go_through(struct step *s, int side) {
  const struct kd_zone_wing *wing = &s->z->wing[side];
  struct kd_zone_carry in = {{{0, 0}}}, out = in, back_in = in, back_out = in;
  _Alignas(64) double F[KD_SHIFTED], mass[KD_PLACES], last = 0;
  for (size_t b = wing->end; b-- > wing->first;) inner_F(s, b, &in);
  for (size_t b = wing->first; b < wing->end; b++) {
    struct kd_zone_moments m = moments_of(s->z, b);
    whole_F(s, b, &out, &last, F, mass);
    double log_F = kd_zone_cross(s->z, b, s->degree, F, mass, s->with_loss, &m);
    kd_sum_add(&s->log_F[side], log_F);
    back_outwards(s, b, &m, &back_out);
  }
  for (size_t b = wing->end; b-- > wing->first;) {
    struct kd_zone_moments m = moments_of(s->z, b);
    back_inwards(s, b, &m, &back_in);
  }
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
  const double *to = z->to;
  _Alignas(64) double m[KD_PLACES];
  for (size_t at = 0; at < s->e->n; at += KD_PLACES) {
    size_t n = s->e->n - at < KD_PLACES ? s->e->n - at : KD_PLACES;
    const uint32_t *first = z->event[0] + at, *second = z->event[1] + at;
    const uint32_t *middle = z->event[2] + at;
    for (size_t i = 0; i < n; i++) m[i] = to[first[i]] + to[second[i]];
    for (size_t i = 0; s->degree == 1 && i < n; i++) m[i] += to[middle[i]];
    finish_some(n, z->weight + at, s->total / (2 * z->w), 1 / s->total, m, G + at);
    if (!log_m) continue;
    kd_vlog(n, m, log_m + at);
    for (size_t i = 0; i < n; i++)
      log_m[at + i] = log_m[at + i] > KD_LOG_LEAST ? log_m[at + i] : KD_LOG_LEAST;
  }
}

static double loss_of(const struct step *s) {
  static const double factor[] = {0.5, 1, 0.75};
  const struct kd_zones *z = s->z;
  double log_F = kd_sum_value(&s->log_F[0]) + kd_sum_value(&s->log_F[1]);
  double L = kd_log(s->e->h / factor[s->degree]) + (double)s->degree * kd_log(z->h);
  return L + kd_log(s->total) - log_F;
}

int kd_compact_step(const struct kd_estimate *e, size_t degree, const double *z,
                    struct kd_zones *zones, bool *done, double *G, double *log_m, double *loss,
                    struct kd_err *err) {
  double top;
  *done = false;
  int code = kd_zones_place(zones, e, degree == 1, err);
  if (code || !zones->serves || !kd_logits_range(e->n, z, &top)) return code;
  struct step s = {.e = e, .z = zones, .degree = degree, .with_loss = loss};
  kd_logits_weigh(e->n, z, top, zones->weight);
  zones->weight[e->n] = zones->to[zones->n_cells] = 0;
  s.total = total_of(zones);
  for (int side = 0; side < 2; side++) go_through(&s, side);
  finish(&s, G, log_m);
  if (loss) *loss = loss_of(&s);
  *done = true;
  return KD_OK;
}
