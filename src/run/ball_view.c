/* SPDX-License-Identifier: MIT
 *
 * The points as seen over one piece of T or from one node: on which side, at which
 * offset, whether in reach. Sides and reach are decided exactly, on the circle after
 * the turn that makes the offset shortest.
 */
#include "ball.h"

#ifdef KD_ARB

/* The spot of a point whose offset r, by `scale`, is known exactly; returns whether
 * it covers. Ends belong to the support of a kernel that does not vanish there. */
static bool covers(const struct kd_scene *s, struct kd_spot *spot, struct kd_place *r,
                   double scale) {
  spot->side = kd_place_sign(r) < 0 ? -1 : 1;
  spot->inside = true;
  if (kd_ball_kernel_compact(s->kernel)) {
    kd_place_scale(r, spot->side);
    int beyond = kd_place_cmp(r, &s->reach, scale);
    kd_place_scale(r, spot->side);
    spot->inside = beyond < 0 || (beyond == 0 && kd_ball_kernel_zeros(s->kernel) == 0);
  }
  return spot->inside;
}

/* b = r / scale and end = (reach scale - |r|) / scale */
static void measure(const struct kd_scene *s, struct kd_spot *spot, struct kd_place *r,
                    double scale) {
  arb_t divisor;
  arb_init(divisor);
  arb_set_d(divisor, scale);
  kd_place_ball(spot->b, r, s->prec);
  arb_div(spot->b, spot->b, divisor, s->prec);
  kd_place_scale(r, -spot->side);
  kd_place_add(r, &s->reach, scale);
  kd_place_ball(spot->end, r, s->prec);
  arb_div(spot->end, spot->end, divisor, s->prec);
  arb_clear(divisor);
}

bool kd_view_piece(struct kd_scene *s, const struct kd_place *a, const struct kd_place *b,
                   const struct kd_place *origin, double M) {
  struct kd_place twice;
  bool covered = false;
  kd_place_init(&twice);
  for (size_t j = 0; j < s->n; j++) {
    kd_place_set(&twice, a);
    kd_place_add(&twice, b, 1);
    kd_place_add(&twice, &s->y[j], -2 * M);
    if (s->circle) kd_place_reduce(&twice, 2 * M);
    covered |= covers(s, &s->spot[j], &twice, 2 * M);
    kd_place_add(&twice, origin, 2);
    kd_place_add(&twice, a, -1);
    kd_place_add(&twice, b, -1);
    measure(s, &s->spot[j], &twice, 2 * M);
  }
  kd_place_clear(&twice);
  return covered;
}

bool kd_view_node(struct kd_scene *s, double k, double M) {
  struct kd_place r;
  bool covered = false;
  kd_place_init(&r);
  for (size_t j = 0; j < s->n; j++) {
    kd_place_set(&r, &s->w);
    kd_place_scale(&r, k);
    kd_place_add(&r, &s->y[j], -M);
    if (s->circle) kd_place_reduce(&r, M);
    covered |= covers(s, &s->spot[j], &r, M);
    measure(s, &s->spot[j], &r, M);
  }
  kd_place_clear(&r);
  return covered;
}

size_t kd_view_lone(const struct kd_scene *s) {
  size_t first = KD_NO_POINT;
  for (size_t j = 0; j < s->n; j++) {
    if (!s->spot[j].inside) continue;
    if (first == KD_NO_POINT) first = j;
    if (kd_place_cmp(&s->y[first], &s->y[j], 1) != 0) return KD_NO_POINT;
  }
  return first;
}

#endif
