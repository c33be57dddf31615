/* SPDX-License-Identifier: MIT
 *
 * See zone_stretch.h.
 */
#include "zone_stretch.h"

#include <math.h>

#include "core/vmath/clones.h"
#include "core/vmath/lanes.h"
#include "core/vmath/vmath.h"
#include "segment.h"

enum { CHUNK = 64, FEW = 6, MORE = 12, MOST = 28 };

static const double LONG = 0.25;

struct shapes {
  _Alignas(64) double s[KD_PLACES], q[KD_PLACES], C[KD_PLACES], log_F[KD_PLACES];
};

/* s = q = 0 where a stretch is long, C = 0 then, or not in T, C = 1. */
KD_CLONES static void shape_linear(const double *F, const double *part, struct shapes *x) {
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double C = 0.5 * (F[k] + F[KD_LANES_WIDE + k]), rise = 0.5 * (F[KD_LANES_WIDE + k] - F[k]);
    bool in = part[k] > 0, is_long = in & !(fabs(rise) <= LONG * C), is_short = in & !is_long;
    double s = rise / C;
    x->s[k] = is_short ? s : 0, x->q[k] = 0;
    x->C[k] = is_long ? 0 : in ? C : 1;
  }
}

KD_CLONES static void shape_quadratic(const double *F, const double *mass, const double *length,
                                      const double *part, struct shapes *x) {
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double R = mass[k] * (0.25 * length[k] * length[k]);
    double C = 0.5 * (F[k] + F[KD_LANES_WIDE + k]) + R;
    double rise = 0.5 * (F[KD_LANES_WIDE + k] - F[k]), over = 1 / C;
    bool in = part[k] > 0, is_long = in & !(LONG * fabs(rise) + R <= LONG * LONG * C),
         is_short = in & !is_long;
    double s = rise * over, q = R * over;
    x->s[k] = is_short ? s : 0, x->q[k] = is_short ? q : 0;
    x->C[k] = is_long ? 0 : in ? C : 1;
  }
}

/* The least t of three such that both zeros' inverses are at most t, as a number of terms */
KD_CLONES static size_t terms_for(const struct shapes *x) {
  kd_four s = {0, 0, 0, 0}, q = {0, 0, 0, 0};
  for (size_t k = 0; k < KD_PLACES; k += 4) {
    kd_four up = KD_FOUR(x->s + k), down = -up;
    KD_CHOOSE(&s, up > s, up);
    KD_CHOOSE(&s, down > s, down);
    kd_four_raise(&q, x->q + k);
  }
  double most = kd_four_most(&s), bend = kd_four_most(&q);
  if (most + bend * 0x1p10 <= 0x1p-10) return FEW;
  return most + bend * 0x1p5 <= 0x1p-5 ? MORE : MOST;
}

/* e, d, sum a_{2k}/((2k + 1) (2k + 3)) and the sum of mean log F, but for log C */
struct series {
  double e, d, both, log_F;
};

KD_INLINE struct series few_terms(double s, double q) {
  double a2 = s * s + q, a3 = s * (a2 + q), a4 = s * a3 + q * a2, a5 = s * a4 + q * a3;
  double p2 = a2 + q, p4 = a4 + q * a2;
  return (struct series){
      1 + (a2 * (1.0 / 3) + a4 * 0.2), s * (1.0 / 3) + (a3 * 0.2 + a5 * (1.0 / 7)),
      1.0 / 3 + (a2 * (1.0 / 15) + a4 * (1.0 / 35)), -(p2 * (1.0 / 6) + p4 * 0.05)};
}

/* Of a stretch of this length */
KD_INLINE void set_moments(const struct series *x, double C, double length, double part,
                           size_t k, const struct kd_zone_moments *out) {
  double m = part > 0 ? length / C : 0, first = 0.5 * length * m;
  out->mass[k] = m * x->e;
  out->left[k] = first * (x->e - x->d), out->right[k] = first * (x->e + x->d);
  out->both[k] = length * first * x->both;
}

KD_CLONES static void cross_short(const double *length, const double *part, struct shapes *x,
                                  const struct kd_zone_moments *out) {
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    struct series sum = few_terms(x->s[k], x->q[k]);
    set_moments(&sum, x->C[k], length[k], part[k], k, out);
    x->log_F[k] = sum.log_F;
  }
}

/* Terms by pairs: a_{2k-1} and a_{2k} */
struct pairs {
  double a[CHUNK], odd[CHUNK], e[CHUNK], d[CHUNK], both[CHUNK], log_F[CHUNK];
};

KD_CLONES static void add_pair(const double *s, const double *q, double k, struct pairs *x) {
  double to_e = 1 / (2 * k + 1), to_both = to_e / (2 * k + 3), to_log = 0.5 * to_e / k;
#pragma omp simd
  for (size_t i = 0; i < CHUNK; i++) {
    double a = s[i] * x->odd[i] + q[i] * x->a[i], next = s[i] * a + q[i] * x->odd[i];
    x->e[i] += a * to_e, x->d[i] += x->odd[i] * to_e, x->both[i] += a * to_both;
    x->log_F[i] -= (a + q[i] * x->a[i]) * to_log;
    x->a[i] = a, x->odd[i] = next;
  }
}

KD_CLONES static void cross_by_pairs(const double *length, const double *part, size_t terms,
                                     struct shapes *x, const struct kd_zone_moments *out) {
  struct pairs p;
  for (size_t at = 0; at < KD_PLACES; at += CHUNK) {
    for (size_t i = 0; i < CHUNK; i++) {
      p.a[i] = 1, p.odd[i] = x->s[at + i];
      p.e[i] = p.both[i] = p.d[i] = p.log_F[i] = 0;
    }
    for (size_t n = 2; n < terms; n += 2) add_pair(x->s + at, x->q + at, 0.5 * (double)n, &p);
#pragma omp simd
    for (size_t i = 0; i < CHUNK; i++) {
      struct series sum = {1 + p.e[i], p.d[i], 1.0 / 3 + p.both[i], p.log_F[i]};
      set_moments(&sum, x->C[at + i], length[at + i], part[at + i], at + i, out);
      x->log_F[at + i] = sum.log_F;
    }
  }
}

static double cross_one_long(const struct kd_segment *t, size_t degree,
                             const struct kd_pole_rules *rules, size_t k,
                             const struct kd_zone_moments *out) {
  struct kd_moments over;
  kd_segment_over *by = degree == 1 ? kd_segment_linear : kd_segment_quadratic;
  double log_F = by(t, rules, &over);
  out->mass[k] = over.mass, out->left[k] = over.to_left, out->right[k] = over.to_right;
  out->both[k] = over.to_both;
  return log_F;
}

/* All those with C = 0; sets C to 1 and log F. Returns whether there are any. */
static bool cross_long(const struct kd_zones *z, size_t at, size_t degree, const double *F,
                       const double *mass, struct shapes *x,
                       const struct kd_zone_moments *out) {
  bool any = false;
  for (size_t k = 0; k < KD_PLACES; k++) {
    if (x->C[k] > 0) continue;
    struct kd_segment t = {.length = z->length[at + k],
                           .at_left = F[k],
                           .at_right = F[KD_LANES_WIDE + k],
                           .mass = mass[k]};
    x->C[k] = 1, x->log_F[k] = cross_one_long(&t, degree, &z->rules, k, out);
    any = true;
  }
  return any;
}

KD_CLONES static void cross_constant(const double *length, const double *part,
                                     const double *mass, struct shapes *x,
                                     const struct kd_zone_moments *out) {
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double F = part[k] > 0 ? mass[k] : 1, l = part[k] > 0 ? length[k] : 0;
    out->mass[k] = l / F;
    x->C[k] = F, x->log_F[k] = 0;
  }
}

/* What each addition rounds off is summed beside. */
KD_CLONES static void sum_means_of_log(const double *part, const double *log_C,
                                       const double *log_F, struct kd_zone_logs *logs) {
  kd_four sum[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}}, rest[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  kd_four size[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  for (size_t k = 0; k < KD_PLACES; k += 8)
    for (size_t half = 0; half < 2; half++) {
      size_t at = k + 4 * half;
      kd_four x = KD_FOUR(part + at) * (KD_FOUR(log_C + at) + KD_FOUR(log_F + at)), down = -x;
      kd_four t = sum[half] + x, z = t - sum[half];
      rest[half] += (sum[half] - (t - z)) + (x - z), sum[half] = t;
      KD_CHOOSE(&x, down > x, down);
      size[half] += x;
    }
  for (size_t l = 0; l < 8; l++) {
    kd_sum_add(&logs->sum, sum[l / 4][l % 4]), kd_sum_add(&logs->sum, rest[l / 4][l % 4]);
    kd_sum_add(&logs->size, size[l / 4][l % 4]);
  }
}

static bool cross_sloped(const struct kd_zones *z, size_t at, size_t degree, const double *F,
                         const double *mass, struct shapes *x,
                         const struct kd_zone_moments *out) {
  const double *length = z->length + at, *part = z->part + at;
  if (degree == 1)
    shape_linear(F, part, x);
  else
    shape_quadratic(F, mass, length, part, x);
  size_t terms = terms_for(x);
  if (terms == FEW)
    cross_short(length, part, x, out);
  else
    cross_by_pairs(length, part, terms, x, out);
  return cross_long(z, at, degree, F, mass, x, out);
}

void kd_zone_cross(const struct kd_zones *z, size_t block, size_t degree, const double *F,
                   const double *mass, const struct kd_zone_moments *out, bool with_log,
                   struct kd_zone_logs *logs) {
  size_t at = block * KD_PLACES;
  struct shapes x;
  if (degree == 0)
    cross_constant(z->length + at, z->part + at, mass, &x, out);
  else if (cross_sloped(z, at, degree, F, mass, &x, out))
    logs->any_long = true;
  if (!with_log) return;
  kd_vlog(KD_PLACES, x.C, x.C);
  sum_means_of_log(z->part + at, x.C, x.log_F, logs);
}
