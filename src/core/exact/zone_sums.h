/* SPDX-License-Identifier: MIT
 *
 * Sums along a wing (zone.h), all lanes of a block side by side: pairs X, Y, of masses and of
 * their distances to where the sum has come,
 *
 *   Y <- keep (Y + X length) + add to Y        X <- keep X + add to X
 *
 * at each node outwards, or at each but the first from the next one inwards. First what each
 * lane makes by itself; then, once it is known what enters it, the same again from that.
 *
 * Roundings, all terms being positive: 32 along a lane for X, 3 32 for Y; twice that with what
 * other lanes have made, which is carried from lane to lane as two doubles. `fine` sums keep
 * what each addition rounds off beside them; then only reading a sum rounds, once. What is
 * added to Y is one rounding off, beside its terms.
 */
#ifndef KD_ZONE_SUMS_H
#define KD_ZONE_SUMS_H

#include "core/vmath/dd.h"
#include "core/vmath/lanes.h"
#include "zone.h"

/* X, Y of the first pair, X, Y of the second; the first 1, 3 or 4 of them are in use. */
enum { KD_X1, KD_Y1, KD_X2, KD_Y2, KD_ZONE_SUMS };

/* By cells: what is added there to each sum; and what the sums have come to, shifted */
struct kd_zone_terms {
  _Alignas(64) double of[KD_ZONE_SUMS][KD_PLACES];
};
struct kd_zone_sums {
  _Alignas(64) double of[KD_ZONE_SUMS][KD_SHIFTED];
};

/* Sums on their way from block to block; start from {0} */
struct kd_zone_carry {
  struct kd_dd of[KD_ZONE_SUMS];
};

struct kd_zone_ends {
  _Alignas(64) double of[KD_ZONE_SUMS][KD_LANES_WIDE], rest[KD_ZONE_SUMS][KD_LANES_WIDE];
};

/* Which sums, and how */
struct kd_zone_way {
  int n;
  bool outwards, fine;
};

/* Four lanes */
struct kd_zone_four {
  kd_four of[KD_ZONE_SUMS], rest[KD_ZONE_SUMS];
};

KD_INLINE void kd_zone_add(struct kd_zone_four *s, int c, struct kd_zone_way way,
                           const kd_four *keep, const kd_four *term) {
  kd_four from = *keep * s->of[c], sum = from + *term;
  if (way.fine) {
    kd_four back = sum - from;
    s->rest[c] = *keep * s->rest[c] + ((from - (sum - back)) + (*term - back));
  }
  s->of[c] = sum;
}

KD_INLINE void kd_zone_read(kd_four *to, const struct kd_zone_four *s, int c,
                            struct kd_zone_way way) {
  *to = s->of[c];
  if (way.fine) *to += s->rest[c];
}

KD_INLINE void kd_zone_go_on(struct kd_zone_four *s, struct kd_zone_way way, const double *keep,
                             const double *length, const struct kd_zone_terms *add, size_t at) {
  kd_four k = KD_FOUR(keep + at), by = k * KD_FOUR(length + at), X;
  for (int c = 0; c < way.n; c += 2) {
    if (c + 1 < way.n) {
      kd_zone_read(&X, s, c, way);
      X = X * by + KD_FOUR(add->of[c + 1] + at);
      kd_zone_add(s, c + 1, way, &k, &X);
    }
    X = KD_FOUR(add->of[c] + at);
    kd_zone_add(s, c, way, &k, &X);
  }
}

KD_INLINE void kd_zone_store(const struct kd_zone_four *s, struct kd_zone_way way,
                             struct kd_zone_sums *to, size_t at) {
  for (int c = 0; c < way.n; c++) {
    kd_four x;
    kd_zone_read(&x, s, c, way);
    KD_FOUR(to->of[c] + at) = x;
  }
}

KD_INLINE void kd_zone_get(struct kd_zone_four *s, struct kd_zone_way way,
                           const struct kd_zone_ends *from, size_t lane) {
  for (int c = 0; c < way.n; c++) {
    s->of[c] = KD_FOUR(from->of[c] + lane);
    if (way.fine) s->rest[c] = KD_FOUR(from->rest[c] + lane);
  }
}

KD_INLINE void kd_zone_set(const struct kd_zone_four *s, struct kd_zone_way way,
                           struct kd_zone_ends *to, size_t lane) {
  for (int c = 0; c < way.n; c++) {
    KD_FOUR(to->of[c] + lane) = s->of[c];
    if (way.fine) KD_FOUR(to->rest[c] + lane) = s->rest[c];
  }
}

/* ends: what enters each lane, then what leaves it; to: NULL if it is not wanted. */
KD_INLINE void kd_zone_along(const double *keep, const double *length, struct kd_zone_way way,
                             const struct kd_zone_terms *add, struct kd_zone_ends *ends,
                             struct kd_zone_sums *to) {
  for (size_t l = 0; l < KD_LANES_WIDE; l += 8) {
    struct kd_zone_four a, b;
    kd_zone_get(&a, way, ends, l), kd_zone_get(&b, way, ends, l + 4);
    if (to && way.outwards) kd_zone_store(&a, way, to, l), kd_zone_store(&b, way, to, l + 4);
    for (size_t i = 0; i < KD_LANE; i++) {
      size_t at = (way.outwards ? i : KD_LANE - 1 - i) * KD_LANES_WIDE + l;
      if (to && !way.outwards) {
        kd_zone_store(&a, way, to, KD_LANES_WIDE + at);
        kd_zone_store(&b, way, to, KD_LANES_WIDE + at + 4);
      }
      kd_zone_go_on(&a, way, keep, length, add, at);
      kd_zone_go_on(&b, way, keep, length, add, at + 4);
      if (to && way.outwards) {
        kd_zone_store(&a, way, to, KD_LANES_WIDE + at);
        kd_zone_store(&b, way, to, KD_LANES_WIDE + at + 4);
      }
    }
    if (to && !way.outwards) kd_zone_store(&a, way, to, l), kd_zone_store(&b, way, to, l + 4);
    kd_zone_set(&a, way, ends, l), kd_zone_set(&b, way, ends, l + 4);
  }
}

/* What enters each lane, for what it has made by itself */
KD_INLINE void kd_zone_enter(const double *keep, const double *length, struct kd_zone_way way,
                             struct kd_zone_ends *ends, struct kd_zone_carry *sum) {
  for (size_t i = 0; i < KD_LANES_WIDE; i++) {
    size_t l = way.outwards ? i : KD_LANES_WIDE - 1 - i;
    for (int c = way.n; c-- > 0;) {
      double own = ends->of[c][l], rest = ends->rest[c][l];
      struct kd_dd *s = &sum->of[c];
      ends->of[c][l] = s->high, ends->rest[c][l] = s->low;
      if (c % 2) kd_dd_add(s, sum->of[c - 1].high * length[l]);
      s->high *= keep[l], s->low *= keep[l];
      kd_dd_add(s, own);
      if (way.fine) kd_dd_add(s, rest);
    }
  }
}

/* Over a block; `to` has the sums at each node: outwards with what is added there, inwards
 * without it. */
KD_INLINE void kd_zone_sum(const struct kd_zones *z, size_t block, struct kd_zone_way way,
                           const struct kd_zone_terms *add, struct kd_zone_carry *sum,
                           struct kd_zone_sums *to) {
  const double *keep = z->keep + block * KD_PLACES, *length = z->length + block * KD_PLACES;
  size_t lane = block * KD_LANES_WIDE;
  struct kd_zone_ends ends = {{{0}}, {{0}}};
  kd_zone_along(keep, length, way, add, &ends, NULL);
  kd_zone_enter(z->lane_keep + lane, z->lane_length + lane, way, &ends, sum);
  kd_zone_along(keep, length, way, add, &ends, to);
}

#endif
