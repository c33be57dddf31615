/* SPDX-License-Identifier: MIT
 *
 * See wing.h. Exponents: r_j - r0 is exact as a pair of doubles; its quotient by h and the
 * product with a rate leave out u^2 of it, at most 2^-100 for 32 bandwidths.
 */
#include "wing.h"

#include <math.h>
#include <stdlib.h>

#include "core/aligned.h"
#include "core/estimate.h"
#include "core/vmath/clones.h"
#include "core/vmath/dd.h"
#include "core/vmath/vmath.h"

static const double WIDEST = 32; /* block, in bandwidths of the greater rate */
static const double LONGEST = 1; /* tau of a stretch */
static const double FAR = 800;   /* bandwidths over which nothing is left */
enum { SPARE = 64, POINTS_MAX = 1 << 30 };

void kd_wings_clear(struct kd_wings *w) {
  free(w->slot), free(w->block);
  free(w->in), free(w->out), free(w->mid_in), free(w->mid_out), free(w->tau);
  free(w->S), free(w->U), free(w->V);
  *w = (struct kd_wings){0};
}

static double *numbers(size_t blocks) {
  return kd_numbers(blocks * KD_WING_BLOCK);
}

static int reserve(struct kd_wings *w, size_t n, size_t blocks, struct kd_err *err) {
  if (n <= w->points_room && blocks <= w->blocks_room) return KD_OK;
  kd_wings_clear(w);
  w->slot = malloc(n * sizeof *w->slot);
  w->block = malloc(blocks * sizeof *w->block);
  w->in = numbers(blocks), w->out = numbers(blocks);
  w->mid_in = numbers(blocks), w->mid_out = numbers(blocks), w->tau = numbers(blocks);
  w->S = numbers(blocks), w->U = numbers(blocks), w->V = numbers(blocks);
  if (!w->slot || !w->block || !w->in || !w->out || !w->mid_in || !w->mid_out || !w->tau ||
      !w->S || !w->U || !w->V) {
    kd_wings_clear(w);
    return kd_no_memory(err);
  }
  w->points_room = n, w->blocks_room = blocks;
  return KD_OK;
}

/* --- factors --- */

/* (a - b)/h as a pair */
KD_INLINE struct kd_dd quotient(struct kd_dd d, double h) {
  double q = d.high / h;
  struct kd_dd p = kd_two_product(q, h);
  return (struct kd_dd){q, (((d.high - p.high) - p.low) + d.low) / h};
}

KD_INLINE struct kd_dd times(struct kd_dd u, double rate) {
  struct kd_dd p = kd_two_product(u.high, rate);
  return kd_fast_two_sum(p.high, p.low + u.low * rate);
}

/* e^{rate u} */
KD_INLINE double growth(struct kd_dd u, double rate) {
  struct kd_dd x = times(u, rate);
  return kd_exp_tail(x.high, x.low);
}

/* From `from` to `to`, further out */
static double way(double from, double to, double h, double rate) {
  struct kd_dd u = times(quotient(kd_two_sum(to, -from), h), rate);
  return u.high <= 0.5 ? kd_expm1(-u.high) : kd_exp_tail(-u.high, -u.low);
}

/* Knots and, one further each, where their stretches end; all in the wing's units */
struct row {
  size_t n;                    /* knots in it */
  double r[KD_WING_BLOCK + 1]; /* rising */
  double in[KD_WING_BLOCK], out[KD_WING_BLOCK];
  double mid_in[KD_WING_BLOCK], mid_out[KD_WING_BLOCK], tau[KD_WING_BLOCK];
};

KD_CLONES static void fill_factors(struct row *row, double anchor, double h, double a,
                                   double b) {
#pragma omp simd
  for (size_t k = 0; k < KD_WING_BLOCK; k++) {
    struct kd_dd here = kd_two_sum(row->r[k], -anchor);
    struct kd_dd next = kd_two_sum(row->r[k + 1], -anchor), sum = kd_dd_sum(here, next);
    struct kd_dd u = quotient(here, h);
    struct kd_dd middle = quotient((struct kd_dd){0.5 * sum.high, 0.5 * sum.low}, h);
    row->in[k] = growth(u, a), row->out[k] = growth(u, -b);
    row->mid_in[k] = growth(middle, -a), row->mid_out[k] = growth(middle, b);
    row->tau[k] = 0.5 * (a + b) * ((row->r[k + 1] - row->r[k]) / h);
  }
}

/* Decays of points outside from the nearest, r_near */
KD_CLONES static void fill_decays(struct row *row, double nearest, double h, double b) {
#pragma omp simd
  for (size_t k = 0; k < KD_WING_BLOCK; k++) {
    struct kd_dd u = quotient(kd_two_sum(row->r[k], -nearest), h);
    bool far = u.high * b > FAR;
    u.high = far ? 0 : u.high, u.low = far ? 0 : u.low;
    double decay = growth(u, -b);
    row->out[k] = far ? 0 : decay;
  }
}

/* --- rows into blocks --- */

struct layer {
  struct kd_wings *w;
  const struct kd_wing *wing;
  struct row row;
  size_t blocks_most;
  bool overflow;
};

/* Once there is no room for more, blocks overwrite each other, to no use. */
static size_t new_block(struct layer *l) {
  if (l->w->n_blocks == l->blocks_most) l->overflow = true;
  if (!l->overflow) l->w->n_blocks++;
  size_t b = l->w->n_blocks - 1;
  double *S = l->w->S + b * KD_WING_BLOCK;
  for (size_t k = 0; k < KD_WING_BLOCK; k++) S[k] = 0;
  l->row.n = 0;
  return b;
}

/* Ends the present block of knots; its last stretch goes to `next`. */
static void close_row(struct layer *l, double next) {
  struct row *row = &l->row;
  struct kd_wings *w = l->w;
  size_t b = w->n_blocks - 1, at = b * KD_WING_BLOCK;
  struct kd_wing_block *block = &w->block[b];
  for (size_t k = row->n; k <= KD_WING_BLOCK; k++) row->r[k] = next;
  double before = b > l->wing->first ? w->block[b - 1].anchor : 0;
  block->anchor = row->r[row->n / 2];
  block->way_a = way(before, block->anchor, w->h, l->wing->a);
  block->way_b = way(before, block->anchor, w->h, l->wing->b);
  block->widest = 0;
  fill_factors(row, block->anchor, w->h, l->wing->a, l->wing->b);
  for (size_t k = 0; k < KD_WING_BLOCK; k++) {
    size_t to = at + kd_wing_place(k);
    w->in[to] = row->in[k], w->out[to] = row->out[k], w->tau[to] = row->tau[k];
    w->mid_in[to] = row->mid_in[k], w->mid_out[to] = row->mid_out[k];
    block->widest = fmax(block->widest, row->tau[k]);
  }
}

/* A knot; returns its slot. */
static size_t add_knot(struct layer *l, double r) {
  struct row *row = &l->row;
  double rate = fmax(l->wing->a, l->wing->b);
  if (row->n == KD_WING_BLOCK || (r - row->r[0]) * rate > WIDEST * l->w->h)
    close_row(l, r), new_block(l);
  row->r[row->n] = r;
  return (l->w->n_blocks - 1) * KD_WING_BLOCK + kd_wing_place(row->n++);
}

/* Knots in between, where it is far to the next */
static void bridge(struct layer *l, double next) {
  double from = l->row.r[l->row.n - 1];
  double tau = 0.5 * (l->wing->a + l->wing->b) * ((next - from) / l->w->h);
  if (!(tau > LONGEST)) return;
  double parts = ceil(tau);
  if (!(parts < 2.0 * KD_WING_BLOCK * (double)l->blocks_most)) l->overflow = true;
  for (double k = 1; k < parts && !l->overflow; k++)
    add_knot(l, from + (next - from) * (k / parts));
}

static bool of_wing(double y, int side) {
  return side ? y < 0 : y > 0;
}

/* Knots of one wing */
static void lay_inside(struct layer *l, const struct kd_estimate *e, int side,
                       size_t end_inside) {
  struct kd_wing *wing = &l->w->wing[side];
  double last = 0;
  size_t slot = 0;
  l->wing = wing;
  wing->first = new_block(l);
  add_knot(l, 0);
  for (size_t j = l->w->n_centre; j < end_inside && !l->overflow; j++) {
    double r = fabs(e->y[j]);
    if (!of_wing(e->y[j], side)) continue;
    if (r != last) bridge(l, r), slot = add_knot(l, r);
    l->w->slot[j] = (uint32_t)slot, last = r;
  }
  bridge(l, e->w);
  close_row(l, e->w);
  wing->end = l->w->n_blocks;
  wing->way_b_to_edge = way(l->w->block[wing->end - 1].anchor, e->w, e->h, wing->b);
}

static void close_outside(struct layer *l) {
  struct row *row = &l->row;
  size_t at = (l->w->n_blocks - 1) * KD_WING_BLOCK;
  for (size_t k = row->n; k < KD_WING_BLOCK; k++) row->r[k] = l->wing->nearest;
  fill_decays(row, l->wing->nearest, l->w->h, l->wing->b);
  for (size_t k = 0; k < KD_WING_BLOCK; k++) l->w->out[at + k] = row->out[k];
}

static void lay_outside(struct layer *l, const struct kd_estimate *e, int side,
                        size_t end_inside) {
  struct kd_wing *wing = &l->w->wing[side];
  l->wing = wing;
  wing->nearest = INFINITY, wing->beyond = (struct kd_dd){0, 0};
  wing->first_outside = l->w->n_blocks, l->row.n = KD_WING_BLOCK;
  for (size_t j = end_inside; j < e->n && !l->overflow; j++) {
    if (!of_wing(e->y[j], side)) continue;
    double r = fabs(e->y[j]);
    if (isinf(wing->nearest)) {
      wing->nearest = r;
      wing->beyond = times(quotient(kd_two_sum(r, -e->w), e->h), wing->b);
    }
    if (l->row.n == KD_WING_BLOCK) {
      if (l->w->n_blocks > wing->first_outside) close_outside(l);
      new_block(l);
    }
    l->w->slot[j] = (uint32_t)((l->w->n_blocks - 1) * KD_WING_BLOCK + l->row.n);
    l->row.r[l->row.n++] = r;
  }
  if (l->w->n_blocks > wing->first_outside) close_outside(l);
  wing->end_outside = l->w->n_blocks;
}

/* --- a layout --- */

static size_t count_below(const struct kd_estimate *e, double r) {
  size_t low = 0, high = e->n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (fabs(e->y[middle]) < r)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool in_range(const struct kd_estimate *e, double rate_A, double rate_B) {
  static const double LEAST = 1e-150, MOST = 1e150;
  double rates = rate_A * rate_B, last = fabs(e->y[e->n - 1]);
  return e->n < POINTS_MAX && e->h > LEAST && e->h < MOST && e->w > LEAST && last < MOST &&
         rate_A < 1e3 && rate_B < 1e3 && rates > 0.5;
}

int kd_wings_place(struct kd_wings *w, const struct kd_estimate *e, double rate_A,
                   double rate_B, bool *serves, struct kd_err *err) {
  *serves = in_range(e, rate_A, rate_B);
  if (!*serves) return KD_OK;
  struct layer l = {.w = w, .blocks_most = 2 * (e->n / KD_WING_BLOCK) + SPARE};
  int code = reserve(w, e->n, l.blocks_most, err);
  if (code) return code;
  w->n_blocks = 0, w->h = e->h;
  w->wing[0].a = w->wing[1].b = rate_A, w->wing[0].b = w->wing[1].a = rate_B;
  w->n_centre = count_below(e, 0x1p-1074);
  size_t end_inside = count_below(e, e->w);
  for (int side = 0; side < 2; side++) {
    w->wing[side].first = w->wing[side].end = 0;
    if (end_inside > 0) lay_inside(&l, e, side, end_inside);
  }
  for (int side = 0; side < 2; side++) lay_outside(&l, e, side, end_inside);
  *serves = !l.overflow;
  return KD_OK;
}
