/* SPDX-License-Identifier: MIT
 *
 * Sums over windows that slide over a row of masses: of the masses, and of their first
 * moments and the product moment about the window's two ends. Nothing is ever
 * subtracted: a window that a heavy mass has left owes nothing to it.
 *
 * The window is two stacks. The back one is a running sum of what came in since the
 * front one was built; the front one holds the sums over all its tails, so that taking
 * off its first element is reading the next sum. Each element is added twice in all.
 */
#ifndef KD_WINDOW_H
#define KD_WINDOW_H

#include <math.h>
#include <stddef.h>

#include "scaled.h"

/* Of masses on an interval, in units of 2^e, e a multiple of KD_LIMB: their sum, the sums
 * of mass times the distance to the right end, to the left end, and to both, the
 * interval's length. All non-negative; what is below 2^-1000 of the largest mass may be
 * lost. `slack` and `loose` are sums of something else, of which a digit matters. */
struct kd_moments {
  double mass, to_right, to_left, to_both;
  double slack;
  double length, loose; /* not scaled */
  int e;
};

/* The same with e such that mass (or slack, if there is no mass) is between 2^-256 and
 * 2^256. */
struct kd_moments kd_moments_scaled(struct kd_moments m);

static inline void kd_moments_multiply(struct kd_moments *m, double by) {
  m->mass *= by, m->to_right *= by, m->to_left *= by, m->to_both *= by, m->slack *= by;
}

/* The same with e, which is not less than its own. */
static inline struct kd_moments kd_moments_at(struct kd_moments m, int e) {
  if (m.e != e) kd_moments_multiply(&m, m.e - e < -2 * KD_LIMB ? 0 : ldexp(1, m.e - e));
  m.e = e;
  return m;
}

/* x 2^e; 0 where a double cannot hold it */
static inline double kd_plain(double x, int e) {
  return e == 0 ? x : ldexp(x, e);
}

struct kd_running_moments {
  struct kd_dd mass, to_right, to_left, to_both, length;
  double slack, loose;
  int e;
};

struct kd_window {
  size_t degree; /* 0: masses alone are summed, 1: and first moments, 2: all */
  const struct kd_moments *element; /* the row, from left to right */
  const double *gap;        /* between an element and the next, not negative; NULL: none */
  struct kd_moments *front; /* room for as many as there are elements; front[i] is the
                             * sum of the elements from i to split - 1 */
  size_t first, split, end; /* it holds the elements from first to end - 1 */
  struct kd_running_moments back; /* sum of the elements from split to end - 1 */
};

/* Slides on to the elements from first to end - 1; neither may fall. Only elements that
 * are in the window at its new place are added to each other. */
void kd_window_slide(struct kd_window *window, size_t first, size_t end);

/* Relative error, of elements and gaps as given: 2 KD_U in the mass, with elements'
 * lengths and gaps wrong by 3 KD_U: 12 KD_U in the first moments and 21 KD_U in the
 * product moment, whatever the number of elements. All 0 if the window is empty. */
struct kd_moments kd_window_total(const struct kd_window *window);

#endif
