/* SPDX-License-Identifier: MIT
 *
 * See window.h. A mass m that lies R and L from its own interval's right and left end has
 * moments m (1, R, L, R L). With the right end moved by s they become
 *   mass, to_right + s mass, to_left, to_both + s to_left,
 * sums of positive terms; with the left end moved to_right and to_left change places.
 *
 * Errors: terms that a running sum takes have a relative error of their own, adding to
 * it costs KD_U^2 (n of them n KD_U^2, nothing for n < 2^40), reading it KD_U. A step
 * (a gap and a length) is wrong by 4 u, a running length by 5 u, mass by 1 u; so terms
 * of first moments by 1 + 5 + 1, the moments by 8, terms of the product moment by
 * 8 + 5 + 1, itself by 16; joining front and back adds 3 and 4.
 */
#include "window.h"

#include <math.h>
#include <stdbool.h>

static double factor(int e) {
  return e < -2 * KD_LIMB ? 0 : ldexp(1, e);
}

struct kd_moments kd_moments_scaled(struct kd_moments m) {
  double size = m.mass > 0 ? m.mass : m.slack;
  int e;
  if (size >= 0x1p-256 && size < 0x1p256) return m;
  frexp(size, &e);
  int limbs = KD_LIMB * (int)rint((double)e / KD_LIMB);
  if (limbs == 0) return m;
  kd_moments_multiply(&m, ldexp(1, -limbs));
  m.e += limbs;
  return m;
}

/* --- running sums --- */

static void multiply_pair(struct kd_dd *a, double by) {
  a->high *= by, a->low *= by;
}

/* Units of 2^e, e not less than r's. */
static void raise(struct kd_running_moments *r, int e) {
  double by = factor(r->e - e);
  multiply_pair(&r->mass, by);
  multiply_pair(&r->to_right, by), multiply_pair(&r->to_left, by);
  multiply_pair(&r->to_both, by);
  r->slack *= by;
  r->e = e;
}

/* An element joins at the right end, after a gap. */
static void take(struct kd_running_moments *r, size_t degree, double gap, struct kd_moments m) {
  if (m.e > r->e) raise(r, m.e);
  if (m.e != r->e) m = kd_moments_at(m, r->e);
  double step = gap + m.length, before = r->length.high + gap;
  if (degree > 1) {
    kd_dd_add(&r->to_both, r->to_left.high * step);
    kd_dd_add(&r->to_both, m.to_both + m.to_right * before);
  }
  if (degree > 0) {
    kd_dd_add(&r->to_right, r->mass.high * step);
    kd_dd_add(&r->to_right, m.to_right);
    kd_dd_add(&r->to_left, m.to_left + m.mass * before);
  }
  kd_dd_add(&r->mass, m.mass);
  kd_dd_add(&r->length, step);
  r->slack += m.slack, r->loose += m.loose;
}

static struct kd_running_moments begin(struct kd_moments m) {
  return (struct kd_running_moments){.mass = {m.mass, 0},
                                     .to_right = {m.to_right, 0},
                                     .to_left = {m.to_left, 0},
                                     .to_both = {m.to_both, 0},
                                     .length = {m.length, 0},
                                     .slack = m.slack,
                                     .loose = m.loose,
                                     .e = m.e};
}

static struct kd_moments value(const struct kd_running_moments *r) {
  return (struct kd_moments){.mass = r->mass.high,
                             .to_right = r->to_right.high,
                             .to_left = r->to_left.high,
                             .to_both = r->to_both.high,
                             .length = r->length.high,
                             .slack = r->slack,
                             .loose = r->loose,
                             .e = r->e};
}

static struct kd_moments mirrored(struct kd_moments m) {
  double to_right = m.to_right;
  m.to_right = m.to_left, m.to_left = to_right;
  return m;
}

/* --- windows --- */

static double gap_after(const struct kd_window *w, size_t i) {
  return w->gap ? w->gap[i] : 0;
}

/* Sums over the tails of the elements from first to end - 1, from the right: a running
 * sum of the mirror image. */
static void build_front(struct kd_window *w, size_t first, size_t end) {
  struct kd_running_moments tail = {0};
  for (size_t i = end; i-- > first;) {
    struct kd_moments m = mirrored(w->element[i]);
    if (i + 1 == end)
      tail = begin(m);
    else
      take(&tail, w->degree, gap_after(w, i), m);
    w->front[i] = mirrored(value(&tail));
  }
}

static void push(struct kd_window *w) {
  size_t i = w->end++;
  if (i == w->split)
    w->back = begin(w->element[i]);
  else
    take(&w->back, w->degree, gap_after(w, i - 1), w->element[i]);
}

void kd_window_slide(struct kd_window *w, size_t first, size_t end) {
  if (first >= w->split) {
    if (w->end < first) w->end = first;
    build_front(w, first, w->end);
    w->split = w->end;
  }
  w->first = first;
  while (w->end < end) push(w);
}

static struct kd_moments join(struct kd_moments l, double gap, struct kd_moments r) {
  int e = l.e > r.e ? l.e : r.e;
  if (l.e != r.e) l = kd_moments_at(l, e), r = kd_moments_at(r, e);
  double after = gap + r.length, before = l.length + gap;
  return (struct kd_moments){.mass = l.mass + r.mass,
                             .to_right = (l.to_right + l.mass * after) + r.to_right,
                             .to_left = l.to_left + (r.to_left + r.mass * before),
                             .to_both = (l.to_both + l.to_left * after) +
                                        (r.to_both + r.to_right * before),
                             .length = (l.length + gap) + r.length,
                             .slack = l.slack + r.slack,
                             .loose = l.loose + r.loose,
                             .e = e};
}

struct kd_moments kd_window_total(const struct kd_window *w) {
  bool front = w->first < w->split, back = w->split < w->end;
  if (front && back)
    return join(w->front[w->first], gap_after(w, w->split - 1), value(&w->back));
  if (front) return w->front[w->first];
  return back ? value(&w->back) : (struct kd_moments){0};
}
