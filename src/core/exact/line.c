/* SPDX-License-Identifier: MIT
 *
 * See line.h. Short stretches lie within T between two places at a distance that Gauss's
 * rule of 2 or 4 nodes integrates to rounding: the mean over [-tau, tau] of a part of f, of
 * the weaker one W at most, is off by tau^4/270 W, and by tau^8 6e-7 W: u/8 for tau = 2^-12,
 * far less than u for tau = 2^-5.
 *
 * The limits keep numbers in the range of doubles: what is left of a sum over a gap of
 * 100 bandwidths or at 300 from T, with weights from e^-250 on.
 */
#include "line.h"

#include <math.h>
#include <stdlib.h>

#include "core/aligned.h"
#include "core/kernel.h"
#include "core/vmath/vmath.h"
#include "laplace_knots.h"

static const double WIDEST_GAP = 100, FARTHEST = 300;
static const double SHORT_FOR_2 = 0x1p-12, SHORT_FOR_4 = 0x1p-5;

/* --- room --- */

static void free_places(struct kd_lanes *c) {
  free(c->point), free(c->decay), free(c->part), free(c->decay_before), free(c->way_A);
  free(c->way_B), free(c->E), free(c->B), free(c->u), free(c->V);
}

void kd_lanes_clear(struct kd_lanes *c) {
  free_places(c);
  free(c->long_stretch), free(c->shared);
  *c = (struct kd_lanes){0};
}

/* n: a multiple of KD_PLACES */
static int reserve(struct kd_lanes *c, size_t n, struct kd_err *err) {
  if (n <= c->room) return KD_OK;
  kd_lanes_clear(c);
  if (n > SIZE_MAX / sizeof(double) / 4) return kd_no_memory(err);
  c->point = malloc(n * sizeof *c->point);
  c->decay = kd_numbers(n), c->part = kd_numbers(n);
  c->E = kd_numbers(n), c->B = kd_numbers(n), c->u = kd_numbers(n), c->V = kd_numbers(n);
  c->decay_before = kd_numbers(n / KD_LANE);
  c->way_A = kd_numbers(n / KD_LANE), c->way_B = kd_numbers(n / KD_LANE);
  if (!c->point || !c->decay || !c->part || !c->E || !c->B || !c->u || !c->V ||
      !c->decay_before || !c->way_A || !c->way_B) {
    kd_lanes_clear(c);
    return kd_no_memory(err);
  }
  c->room = n;
  return KD_OK;
}

/* --- places --- */

/* The points along the line: left ones, at the centre, there again, right ones */
struct order {
  const struct kd_estimate *e;
  size_t left, centre, n;     /* n: of all, but for the middle one's second place */
  size_t first, last, middle; /* places */
  bool odd;
  double *y; /* by places */
};

static struct order order_of(const struct kd_estimate *e) {
  struct order o = {.e = e};
  for (size_t j = 0; j < e->n; j++) o.left += e->y[j] < 0, o.centre += e->y[j] == 0;
  o.n = e->n + o.centre, o.odd = o.n % 2;
  return o;
}

/* A free place at each end at least, for the stretches there */
static size_t settle(struct order *o) {
  size_t used = o->n + o->odd, blocks = (used + 2 + KD_PLACES - 1) / KD_PLACES;
  o->first = (blocks * KD_PLACES - used) / 2, o->last = o->first + used - 1;
  o->middle = o->first + (o->n - 1) / 2;
  return blocks;
}

static void put(struct kd_lanes *c, const struct order *o, size_t rank, size_t j) {
  size_t s = o->first + rank + (o->odd && o->first + rank > o->middle);
  bool twice = o->odd && s == o->middle;
  for (size_t k = s; k <= s + twice; k++) {
    o->y[k] = o->e->y[j];
    c->point[kd_lane_cell(k)] = (uint32_t)o->e->index[j];
  }
}

/* The estimate has its points by rising |y|: both sides are sorted, from the centre
 * outwards. */
static void fill(struct kd_lanes *c, const struct order *o) {
  size_t left = o->left + o->centre, right = left;
  for (size_t j = 0; j < o->e->n; j++) {
    if (o->e->y[j] <= 0) put(c, o, --left, j);
    if (o->e->y[j] >= 0) put(c, o, right++, j);
  }
  for (size_t s = 0; s < c->n_blocks * KD_PLACES; s++) {
    if (s >= o->first && s <= o->last) continue;
    o->y[s] = o->y[s < o->first ? o->first : o->last];
    c->point[kd_lane_cell(s)] = KD_NOBODY;
  }
}

static int share(struct kd_lanes *c, const struct order *o, struct kd_err *err) {
  size_t most = 2 * o->centre + 2;
  if (most > c->shared_room) {
    free(c->shared);
    c->shared_room = 0;
    c->shared = malloc(most * sizeof *c->shared);
    if (!c->shared) return kd_no_memory(err);
    c->shared_room = most;
  }
  c->n_shared = 0;
  for (size_t s = o->first; s <= o->last; s++) {
    bool middle = o->odd && (s == o->middle || s == o->middle + 1);
    double factor = (o->y[s] == 0 ? 0.5 : 1) * (middle ? 0.5 : 1);
    if (factor < 1)
      c->shared[c->n_shared++] = (struct kd_shared_place){kd_lane_cell(s), factor, 0};
  }
  return KD_OK;
}

/* --- decays --- */

static double way(double u) {
  return u <= 0.5 ? kd_expm1(-u) : kd_exp(-u);
}

/* False if a gap is too wide; room: as many as places */
static bool fill_decays(struct kd_lanes *c, const struct order *o, double *room) {
  size_t n = c->n_blocks * KD_PLACES;
  double h = o->e->h, widest = 0;
  for (size_t s = 0; s < n; s++) {
    double gap = s + 1 < n ? (o->y[s + 1] - o->y[s]) / h : 0;
    room[s] = -gap;
    widest = gap > widest ? gap : widest;
  }
  if (!(widest <= WIDEST_GAP)) return false;
  kd_vexp(n, room, room);
  for (size_t s = 0; s < n; s++) c->decay[kd_lane_cell(s)] = room[s];
  for (size_t lane = 0; lane < n / KD_LANE; lane++) {
    size_t begin = lane * KD_LANE, end = begin + KD_LANE;
    bool any_before = lane > 0, any_after = end < n;
    c->decay_before[lane] = any_before ? room[begin - 1] : 1;
    c->way_A[lane] = any_before ? way((o->y[end - 1] - o->y[begin - 1]) / h) : 0;
    c->way_B[lane] = any_after ? way((o->y[end] - o->y[begin]) / h) : 0;
  }
  return true;
}

/* --- stretches --- */

/* From place s on */
static struct kd_stretch stretch(const struct order *o, size_t s) {
  const double *left = s < o->first ? NULL : &o->y[s],
               *right = s < o->last ? &o->y[s + 1] : NULL;
  return kd_stretch_place(o->e, left, right, 1, 1);
}

static double gap(const struct order *o, size_t s) {
  return (o->y[s + 1] - o->y[s]) / o->e->h;
}

static bool within(const struct order *o, size_t s) {
  return s >= o->first && s < o->last && o->y[s] >= -o->e->w && o->y[s + 1] <= o->e->w;
}

static size_t count_longer(const struct order *o, double tau) {
  size_t count = 0;
  for (size_t s = o->first; s < o->last; s++) count += within(o, s) && gap(o, s) > tau;
  return count;
}

static void fill_stretches(struct kd_lanes *c, const struct order *o) {
  double limit = c->n_pairs == 1 ? SHORT_FOR_2 : SHORT_FOR_4;
  struct kd_sum part = {0}, half = {0};
  c->n_long = 0, c->tau_a_part = 2 * o->e->w / o->e->h;
  for (size_t s = 0; s < c->n_blocks * KD_PLACES; s++) c->part[s] = 0;
  for (size_t s = o->first - 1; s <= o->last; s++) {
    size_t cell = kd_lane_cell(s);
    if (within(o, s) && gap(o, s) <= limit) {
      c->part[cell] = (o->y[s + 1] - o->y[s]) / (2 * o->e->w);
      kd_sum_add(&part, c->part[cell]);
      kd_sum_add(&half, c->part[cell] * (0.5 * gap(o, s)));
      continue;
    }
    struct kd_stretch t = stretch(o, s);
    if (t.part > 0) c->long_stretch[c->n_long++] = (struct kd_long_stretch){cell, t};
  }
  c->short_part = kd_sum_value(&part), c->short_half = kd_sum_value(&half);
}

/* Which stretches count as short; *serves: false if many are long, besides the two at the
 * edges of T. */
static int choose_pairs(struct kd_lanes *c, const struct order *o, bool *serves,
                        struct kd_err *err) {
  size_t many = o->n / 32, n_long = count_longer(o, SHORT_FOR_2);
  c->n_pairs = n_long <= many ? 1 : 2;
  if (c->n_pairs == 2) n_long = count_longer(o, SHORT_FOR_4);
  *serves = n_long <= many;
  if (!*serves || n_long + 2 <= c->long_room) return KD_OK;
  free(c->long_stretch);
  c->long_room = 0;
  c->long_stretch = malloc((n_long + 2) * sizeof *c->long_stretch);
  if (!c->long_stretch) return kd_no_memory(err);
  c->long_room = n_long + 2;
  return KD_OK;
}

/* --- the whole --- */

static bool near_T(const struct order *o) {
  double w = o->e->w, left = -w - o->y[o->first], right = o->y[o->last] - w;
  return !(fmax(left, right) > FARTHEST * o->e->h);
}

static bool is_flat(const struct order *o) {
  const double *first = o->y + o->first, *last = o->y + o->last, *right = first;
  while (right < last && *right < o->e->w) right++;
  return kd_laplace_is_flat(o->e, *first, right[right > first ? -1 : 0], *right, *last, 1,
                            false);
}

int kd_lanes_place(struct kd_lanes *c, const struct kd_estimate *e, struct kd_err *err) {
  if (c->placed) return KD_OK;
  struct order o = order_of(e);
  size_t blocks = settle(&o);
  bool serves = e->n < KD_NOBODY;
  int code = serves ? reserve(c, blocks * KD_PLACES, err) : KD_OK;
  if (serves && !code) {
    c->n_blocks = blocks, o.y = c->u;
    fill(c, &o);
    serves = near_T(&o) && !is_flat(&o) && fill_decays(c, &o, c->V);
    code = share(c, &o, err);
  }
  if (serves && !code) code = choose_pairs(c, &o, &serves, err);
  if (serves && !code) fill_stretches(c, &o);
  c->serves = serves, c->placed = !code;
  return code;
}
