/* SPDX-License-Identifier: MIT
 *
 * See zone_walk.h. With a node's distances a to the inner end of its zone and b to the outer
 * one, l the stretch before it, and sums (zone_sums.h) of pieces that end in the zone, inwards,
 * at a node without its own event,
 *
 *                X1           Y1                X2           Y2              F
 *   uniform      sum E                                                       X1
 *   triangular   sum E        sum E (p - r)     sum E                        Y1 + a X2
 *                (ends)       + E b (middles)   (middles)
 *   epanechnikov sum E        sum E (p - r)     sum E b      sum E (p - r) b Y2 + a Y1
 *
 * p the place where a piece ends, b there; outwards the same of pieces that begin, with a and b
 * in each other's place. Both together are F = sum_j E_j k_j at the node (uniform: on the
 * stretch before). With it zone_stretch.c has the moments of 1/F on stretches, whose sums
 *
 *                X1           Y1                X2               Y2
 *   outwards     int 1/F      int (r - x)/F     int (x - z)/F    int (r - x) (x - z)/F
 *
 * z the zone's inner end, give what is left of int k_j/F at each event in the same ways:
 * X1; Y1, or X2 + b X1 at a middle; Y2 + b Y1. Likewise inwards. Nothing is subtracted.
 *
 * Roundings of fine sums (zone_sums.h), lengths being right to 3; degrees 0, 1, 2:
 *   X of weights 1; Y of them: X l 5, E b and E l 4, adding them 1, reading 1: 7; X2 = sum E b
 *     5, Y2: X2 l 9, E b l 8: 11;
 *   F: 2; Y1 7, a X2 5: 9; Y2 11, a Y1 11: 13;
 *   moments of 1/F (zone_stretch.h) given F: of mass 5 or 13, first 21, of both 25;
 *   sums of these: X1 6 or 14; Y1: X1 l 18, 21 and 1: 23; X2: 21, a X1 17: 23; Y2: X2 l 27, 25
 *     and b Y1 26: 29;
 *   at an event: 6; X2 + b X1 24; Y2 + b Y1 30; two or three of these 7, 26, 31;
 *   with F, which 1/F is wrong by: 9, 35, 44. Where stretches are long, segment.h's 52 or 108
 * for 13 to 25 of the moments: 39 or 95 more at most. Plain sums: F 2 96 and 10, the moments 20
 * more, their sums 2 96 more: 450. Some units are seen.
 */
#include "zone_walk.h"

#include <string.h>

#include "core/kernel.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "zone_stretch.h"
#include "zone_sums.h"

/* Weights of a block's cells by what happens there */
struct events {
  _Alignas(64) double E[KD_ZONE_KINDS][KD_PLACES];
};

struct form {
  size_t degree;
  bool fine;
};

KD_INLINE struct kd_zone_way way_of(struct form f, bool outwards) {
  return (struct kd_zone_way){f.degree == 0 ? 1 : f.degree == 1 ? 3 : 4, outwards, f.fine};
}

/* A weight for cells where nothing happens stands last. */
static void gather(const struct kd_zones *z, size_t block, struct events *x) {
  const uint32_t *point = z->point + block * KD_PLACES;
  const uint8_t *kind = z->kind + block * KD_PLACES;
  memset(x, 0, sizeof *x);
  for (size_t k = 0; k < KD_PLACES; k++) x->E[kind[k]][k] = z->weight[point[k]];
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
KD_INLINE void inner(const struct kd_zones *z, size_t block, struct form f,
                     struct kd_zone_carry *carry) {
  size_t at = block * KD_PLACES;
  const double *from_start = z->from_start + block * KD_SHIFTED + KD_LANES_WIDE;
  struct events x;
  struct kd_zone_terms add;
  struct kd_zone_sums sum;
  gather(z, block, &x);
  terms_inwards(f.degree, &x, z->length + at, z->to_end + at, &add);
  kd_zone_sum(z, block, way_of(f, false), &add, carry, &sum);
  double *F = z->f + at, *mass = z->mass + at;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    if (f.degree > 0) F[k] = value(f.degree, &sum, from_start[k], KD_LANES_WIDE + k);
    if (f.degree != 1) mass[k] = sum.of[KD_X1][k];
  }
}

/* The whole, F shifted; F of the last node of the block before, then of this one, in *last */
KD_INLINE void whole(const struct kd_zones *z, size_t block, struct form f,
                     struct kd_zone_carry *carry, double *last, double *F, double *mass) {
  size_t at = block * KD_PLACES;
  const double *from_start = z->from_start + block * KD_SHIFTED + KD_LANES_WIDE;
  const double *to_end = z->to_end + at, *inner_F = z->f + at, *inner_mass = z->mass + at;
  struct events x;
  struct kd_zone_terms add;
  struct kd_zone_sums sum;
  gather(z, block, &x);
  terms_outwards(f.degree, &x, from_start, &add);
  kd_zone_sum(z, block, way_of(f, true), &add, carry, &sum);
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    if (f.degree > 0)
      F[KD_LANES_WIDE + k] = inner_F[k] + value(f.degree, &sum, to_end[k], KD_LANES_WIDE + k);
    if (f.degree != 1) mass[k] = inner_mass[k] + sum.of[KD_X1][k];
  }
  if (f.degree == 0) return;
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

KD_INLINE void outer_way_back(const struct kd_zones *z, size_t block, struct form f,
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
    if (f.degree > 0) add.of[KD_Y1][k] = keep[k] * m->right[k];
    if (f.degree > 0) add.of[KD_X2][k] = keep[k] * (m->left[k] + before[k] * m->mass[k]);
    if (f.degree > 1) add.of[KD_Y2][k] = keep[k] * (m->both[k] + before[k] * m->right[k]);
  }
  kd_zone_sum(z, block, way_of(f, true), &add, carry, &sum);
  double *to = z->to + at;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double x =
        at_event(f.degree, &sum, to_end[k], kind[k] == KD_ZONE_MIDDLE, KD_LANES_WIDE + k);
    bool leaves = (kind[k] == KD_ZONE_LEAVES) | (kind[k] == KD_ZONE_MIDDLE);
    to[k] = leaves ? x : 0;
  }
}

KD_INLINE void inner_way_back(const struct kd_zones *z, size_t block, struct form f,
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
    if (f.degree > 0) add.of[KD_Y1][k] = m->left[k];
    if (f.degree > 0) add.of[KD_X2][k] = m->right[k] + to_end[k] * m->mass[k];
    if (f.degree > 1) add.of[KD_Y2][k] = m->both[k] + to_end[k] * m->left[k];
  }
  kd_zone_sum(z, block, way_of(f, false), &add, carry, &sum);
  double *to = z->to + at;
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double x =
        at_event(f.degree, &sum, from_start[k], kind[k] == KD_ZONE_MIDDLE, KD_LANES_WIDE + k);
    bool enters = (kind[k] == KD_ZONE_ENTERS) | (kind[k] == KD_ZONE_MIDDLE);
    to[k] += enters ? x : 0;
  }
}

/* --- the passes in all forms --- */

/* Calls with a form that the compiler knows */
#define BY_FORM(form, call)                                                                    \
  do {                                                                                         \
    struct form f;                                                                             \
    if ((form).fine) {                                                                         \
      if ((form).degree == 0) f = (struct form){0, true}, call;                                \
      if ((form).degree == 1) f = (struct form){1, true}, call;                                \
      if ((form).degree == 2) f = (struct form){2, true}, call;                                \
    } else {                                                                                   \
      if ((form).degree == 0) f = (struct form){0, false}, call;                               \
      if ((form).degree == 1) f = (struct form){1, false}, call;                               \
      if ((form).degree == 2) f = (struct form){2, false}, call;                               \
    }                                                                                          \
  } while (0)

KD_CLONES static void inner_F(const struct kd_zones *z, size_t block, struct form form,
                              struct kd_zone_carry *carry) {
  BY_FORM(form, inner(z, block, f, carry));
}

KD_CLONES static void whole_F(const struct kd_zones *z, size_t block, struct form form,
                              struct kd_zone_carry *carry, double *last, double *F,
                              double *mass) {
  BY_FORM(form, whole(z, block, f, carry, last, F, mass));
}

KD_CLONES static void back_outwards(const struct kd_zones *z, size_t block, struct form form,
                                    const struct kd_zone_moments *m,
                                    struct kd_zone_carry *carry) {
  BY_FORM(form, outer_way_back(z, block, f, m, carry));
}

KD_CLONES static void back_inwards(const struct kd_zones *z, size_t block, struct form form,
                                   const struct kd_zone_moments *m,
                                   struct kd_zone_carry *carry) {
  BY_FORM(form, inner_way_back(z, block, f, m, carry));
}

/* In the place of numbers that are of no use any more */
static struct kd_zone_moments moments_of(const struct kd_zones *z, size_t block) {
  size_t at = block * KD_PLACES;
  return (struct kd_zone_moments){z->f + at, z->left + at, z->right + at, z->mass + at};
}

static void walk_wing(struct kd_zones *z, int side, struct form form, bool with_log,
                      struct kd_zone_logs *logs) {
  const struct kd_zone_wing *wing = &z->wing[side];
  struct kd_zone_carry in = {{{0, 0}}}, out = in, back_in = in, back_out = in;
  _Alignas(64) double F[KD_SHIFTED], mass[KD_PLACES], last = 0;
  for (size_t b = wing->end; b-- > wing->first;) inner_F(z, b, form, &in);
  for (size_t b = wing->first; b < wing->end; b++) {
    struct kd_zone_moments m = moments_of(z, b);
    whole_F(z, b, form, &out, &last, F, mass);
    kd_zone_cross(z, b, form.degree, F, mass, &m, with_log, logs);
    back_outwards(z, b, form, &m, &back_out);
  }
  for (size_t b = wing->end; b-- > wing->first;) {
    struct kd_zone_moments m = moments_of(z, b);
    back_inwards(z, b, form, &m, &back_in);
  }
}

struct kd_zone_walk kd_zone_walk(struct kd_zones *z, size_t degree, bool fine, bool with_log) {
  struct kd_zone_logs logs[2] = {{.any_long = false}};
  z->weight[z->n] = z->to[z->n_cells] = 0;
  for (int side = 0; side < 2; side++)
    walk_wing(z, side, (struct form){degree, fine}, with_log, &logs[side]);
  return (struct kd_zone_walk){.log_F = kd_sum_value(&logs[0].sum) + kd_sum_value(&logs[1].sum),
                               .size =
                                   kd_sum_value(&logs[0].size) + kd_sum_value(&logs[1].size),
                               .any_long = logs[0].any_long || logs[1].any_long};
}

static void add_at(const double *to, const uint32_t *event, size_t n, double *m) {
  for (size_t i = 0; i < n; i++) m[i] += to[event[i]];
}

void kd_zone_collect(const struct kd_zones *z, size_t first, size_t n, double *m) {
  for (size_t i = 0; i < n; i++)
    m[i] = z->to[z->event[0][first + i]] + z->to[z->event[1][first + i]];
  if (z->halves) add_at(z->to, z->event[2] + first, n, m);
}

void kd_zone_log_m(size_t n, const double *m, double *log_m) {
  kd_vlog(n, m, log_m);
  for (size_t i = 0; i < n; i++) log_m[i] = log_m[i] > KD_LOG_LEAST ? log_m[i] : KD_LOG_LEAST;
}
