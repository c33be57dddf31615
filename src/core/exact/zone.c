/* SPDX-License-Identifier: MIT
 *
 * See zone.h.
 */
#include "zone.h"

#include <math.h>
#include <stdlib.h>

#include "core/aligned.h"
#include "core/num.h"
#include "core/vmath/clones.h"
#include "place.h"

static const double LEAST_LENGTH = 0x1p-200, WIDEST = 0x1p100;

/* --- room --- */

static void free_cells(struct kd_zones *c) {
  free(c->point), free(c->kind), free(c->length), free(c->part), free(c->keep);
  free(c->to_end), free(c->from_start), free(c->lane_keep), free(c->lane_length);
  free(c->f), free(c->mass), free(c->left), free(c->right), free(c->to);
}

static void free_points(struct kd_zones *c) {
  for (int k = 0; k < 3; k++) free(c->event[k]);
  free(c->order), free(c->along), free(c->y), free(c->weight);
}

void kd_zones_clear(struct kd_zones *c) {
  free_cells(c), free_points(c);
  *c = (struct kd_zones){0};
}

/* n: a multiple of KD_PLACES */
static bool reserve_cells(struct kd_zones *c, size_t n) {
  c->point = malloc(n * sizeof *c->point), c->kind = malloc(n * sizeof *c->kind);
  c->length = kd_numbers(n), c->part = kd_numbers(n), c->keep = kd_numbers(n),
  c->to_end = kd_numbers(n);
  c->from_start = kd_numbers(n / KD_PLACES * KD_SHIFTED);
  c->lane_keep = kd_numbers(n / KD_LANE), c->lane_length = kd_numbers(n / KD_LANE);
  c->f = kd_numbers(n), c->mass = kd_numbers(n), c->left = kd_numbers(n),
  c->right = kd_numbers(n);
  c->to = kd_numbers(n + 1);
  c->room = n;
  return c->point && c->kind && c->length && c->part && c->keep && c->to_end && c->from_start &&
         c->lane_keep && c->lane_length && c->f && c->mass && c->left && c->right && c->to;
}

static bool reserve_points(struct kd_zones *c, size_t n) {
  bool all = true;
  for (int k = 0; k < 3; k++) {
    c->event[k] = malloc(n * sizeof *c->event[k]);
    all = all && c->event[k];
  }
  c->order = malloc(n * sizeof *c->order);
  c->along = malloc(n * sizeof *c->along), c->y = kd_numbers(n), c->weight = kd_numbers(n + 1);
  c->points_room = n;
  return all && c->order && c->along && c->y && c->weight;
}

static int reserve(struct kd_zones *c, size_t n_points, size_t n_cells, struct kd_err *err) {
  if (n_points <= c->points_room && n_cells <= c->room) return KD_OK;
  free_cells(c), free_points(c);
  if (reserve_points(c, n_points) && reserve_cells(c, n_cells)) return KD_OK;
  kd_zones_clear(c);
  return kd_no_memory(err);
}

/* --- order --- */

static uint32_t name_of(const struct kd_zones *c, const struct kd_estimate *e, size_t j) {
  return (uint32_t)(c->by_rank ? j : e->index[j]);
}

/* The estimate has its points by rising |y|. */
static void put_in_order(struct kd_zones *c, const struct kd_estimate *e) {
  size_t n[3] = {0}, at[3];
  for (size_t j = 0; j < e->n; j++) n[e->y[j] < 0 ? 1 : e->y[j] == 0 ? 2 : 0]++;
  at[0] = 0, at[1] = n[0], at[2] = n[0] + n[1];
  for (int k = 0; k < 3; k++) c->n_side[k] = n[k];
  for (size_t j = 0; j < e->n; j++)
    c->order[at[e->y[j] < 0 ? 1 : e->y[j] == 0 ? 2 : 0]++] = name_of(c, e, j);
}

/* All points along a wing: the other side's from the outermost on, the centre's, its own. */
static void put_along(struct kd_zones *c, const struct kd_estimate *e, int side) {
  double sign = side ? -1 : 1;
  size_t k = 0;
  for (size_t j = e->n; j-- > 0;)
    if (sign * e->y[j] < 0) c->y[k] = sign * e->y[j], c->along[k++] = name_of(c, e, j);
  for (size_t j = 0; j < c->n_side[2]; j++)
    c->y[k] = 0, c->along[k++] = c->order[e->n - c->n_side[2] + j];
  for (size_t j = 0; j < e->n; j++)
    if (sign * e->y[j] > 0) c->y[k] = sign * e->y[j], c->along[k++] = name_of(c, e, j);
}

static size_t first_beyond(const struct kd_zones *c, size_t n, double Y) {
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (c->y[middle] > Y)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* --- nodes of a wing, merged --- */

/* Events of one kind, by rising places Y + offset */
struct source {
  double offset;
  size_t k, end;
  struct kd_dd next;
};

struct merge {
  struct kd_zones *c;
  const struct kd_estimate *e;
  struct source of[KD_ZONE_KINDS];
  double width, zone;
  size_t first_cell, n, edge; /* nodes; that at T's edge, once it is there */
  size_t n_across; /* points of which the other side of their support is this wing's */
  size_t covering;
  struct kd_dd last;
  bool gap;
};

static const struct kd_dd NEVER = {INFINITY, 0};

static void look_at(struct merge *m, struct source *s) {
  s->next = s->k < s->end ? kd_place_sum(m->c->y[s->k], s->offset) : NEVER;
}

/* Places and zones stay in rows of the caller's until lengths are known. */
static size_t add_node(struct merge *m, struct kd_dd at, enum kd_zone_kind kind,
                       uint32_t point) {
  struct kd_zones *c = m->c;
  size_t s = m->first_cell + m->n++, cell = kd_lane_cell(s);
  m->gap = m->gap || (!m->edge && !m->covering && kd_place_before(m->last, at));
  m->last = at;
  c->f[s] = at.high, c->mass[s] = at.low, c->left[s] = m->zone;
  c->kind[cell] = (uint8_t)kind, c->point[cell] = point, c->keep[cell] = 1;
  return cell;
}

static void begin_zone(struct merge *m, double zone) {
  m->zone = zone;
  size_t cell = add_node(m, kd_two_product(zone, m->width), KD_ZONE_NOTHING, (uint32_t)m->e->n);
  m->c->keep[cell] = 0;
}

static void add_event(struct merge *m, enum kd_zone_kind kind) {
  struct source *s = &m->of[kind];
  uint32_t point = m->c->along[s->k];
  bool inner = kind == KD_ZONE_ENTERS || s->k < m->n_across;
  size_t cell = add_node(m, s->next, kind, point);
  m->c->event[kind == KD_ZONE_MIDDLE ? 2 : inner ? 0 : 1][point] = (uint32_t)cell;
  m->covering += kind == KD_ZONE_ENTERS, m->covering -= kind == KD_ZONE_LEAVES;
  s->k++;
  look_at(m, s);
}

static void set_sources(struct merge *m, size_t n) {
  double h = m->e->h;
  m->of[KD_ZONE_LEAVES] = (struct source){h, first_beyond(m->c, n, -h), n, NEVER};
  m->of[KD_ZONE_ENTERS] = (struct source){-h, first_beyond(m->c, n, h), n, NEVER};
  m->of[KD_ZONE_MIDDLE] =
      (struct source){0, m->c->halves ? first_beyond(m->c, n, 0) : n, n, NEVER};
  for (int k = KD_ZONE_LEAVES; k < KD_ZONE_KINDS; k++) look_at(m, &m->of[k]);
  m->covering = m->of[KD_ZONE_ENTERS].k - m->of[KD_ZONE_LEAVES].k;
}

static enum kd_zone_kind next_of(const struct merge *m) {
  enum kd_zone_kind next = KD_ZONE_LEAVES;
  if (kd_place_before(m->of[KD_ZONE_ENTERS].next, m->of[next].next)) next = KD_ZONE_ENTERS;
  if (kd_place_before(m->of[KD_ZONE_MIDDLE].next, m->of[next].next)) next = KD_ZONE_MIDDLE;
  return next;
}

static void merge_nodes(struct merge *m, size_t n) {
  struct kd_dd edge = {m->e->w, 0}, zone_end = kd_two_product(1, m->width);
  set_sources(m, n);
  begin_zone(m, 0);
  while (!m->gap) {
    enum kd_zone_kind next = next_of(m);
    struct kd_dd at = m->of[next].next, end = kd_place_before(zone_end, edge) ? zone_end : edge;
    if (!kd_place_before(end, at)) {
      add_event(m, next);
    } else if (kd_place_before(zone_end, edge)) {
      begin_zone(m, m->zone + 1);
      zone_end = kd_two_product(m->zone + 1, m->width);
    } else {
      break;
    }
  }
  add_node(m, edge, KD_ZONE_NOTHING, (uint32_t)m->e->n);
  m->edge = m->n - 1;
  m->of[KD_ZONE_ENTERS].next = NEVER;
  for (;;) {
    enum kd_zone_kind next = next_of(m);
    if (kd_place_before(zone_end, m->of[next].next)) return;
    add_event(m, next);
  }
}

/* --- lengths --- */

/* Of one block's nodes, in order; the first number of each row is that of the node before. */
struct rows {
  double length[KD_PLACES], from_start[KD_PLACES], to_end[KD_PLACES];
};

KD_CLONES static void measure(const double *high, const double *low, const double *zone,
                              double width, double unit, struct kd_dd before, struct rows *r) {
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    struct kd_dd at = {high[k], low[k]}, start = kd_two_product(zone[k], width);
    struct kd_dd end = kd_two_product(zone[k] + 1, width);
    r->from_start[k] = kd_place_distance(start, at) * unit;
    r->to_end[k] = kd_place_distance(at, end) * unit;
  }
  r->length[0] = kd_place_distance(before, (struct kd_dd){high[0], low[0]}) * unit;
#pragma omp simd
  for (size_t k = 1; k < KD_PLACES; k++) {
    struct kd_dd from = {high[k - 1], low[k - 1]}, to = {high[k], low[k]};
    r->length[k] = kd_place_distance(from, to) * unit;
  }
}

static void measure_lanes(struct kd_zones *c, size_t block) {
  for (size_t l = 0; l < KD_LANES_WIDE; l++) {
    double keep = 1;
    struct kd_sum length = {0};
    for (size_t i = 0; i < KD_LANE; i++) {
      size_t cell = block * KD_PLACES + i * KD_LANES_WIDE + l;
      keep *= c->keep[cell];
      kd_sum_add(&length, c->length[cell]);
    }
    c->lane_keep[block * KD_LANES_WIDE + l] = keep;
    c->lane_length[block * KD_LANES_WIDE + l] = kd_sum_value(&length);
  }
}

/* False if one is nearly too small for a double */
static bool fill_lengths(struct kd_zones *c, const struct merge *m, size_t first, size_t end) {
  struct kd_dd before = {0, 0};
  double a_before = 0, over_T = 1 / (2 * c->w);
  bool fine = true;
  for (size_t b = first; b < end; b++) {
    size_t at = b * KD_PLACES;
    struct rows r;
    measure(c->f + at, c->mass + at, c->left + at, m->width, c->unit, before, &r);
    before = (struct kd_dd){c->f[at + KD_PLACES - 1], c->mass[at + KD_PLACES - 1]};
    double *from_start = c->from_start + b * KD_SHIFTED;
    for (size_t k = 0; k < KD_PLACES; k++) {
      size_t cell = kd_lane_cell(k);
      bool inside = at + k - m->first_cell <= m->edge;
      double length = r.length[k];
      fine = fine && (length == 0 || length >= LEAST_LENGTH);
      c->length[at + cell] = length, c->part[at + cell] = inside ? length * over_T : 0;
      c->to_end[at + cell] = c->keep[at + cell] * r.to_end[k];
      from_start[KD_LANES_WIDE + cell] = r.from_start[k];
    }
    kd_zone_shift(from_start, a_before);
    a_before = r.from_start[KD_PLACES - 1];
    measure_lanes(c, b);
  }
  return fine;
}

/* --- the whole --- */

/* From that block on; false if the wing is not covered, or as above */
static bool place_wing(struct kd_zones *c, const struct kd_estimate *e, int side,
                       size_t first) {
  struct merge m = {
      .c = c, .e = e, .width = c->halves ? e->h : 2 * e->h, .first_cell = first * KD_PLACES};
  put_along(c, e, side);
  m.n_across = c->n_side[!side] + (side ? c->n_side[2] : 0);
  merge_nodes(&m, e->n);
  while (m.n % KD_PLACES) add_node(&m, m.last, KD_ZONE_NOTHING, (uint32_t)e->n);
  c->wing[side] = (struct kd_zone_wing){first, first + m.n / KD_PLACES};
  return !m.gap && fill_lengths(c, &m, first, c->wing[side].end);
}

static bool within_range(const struct kd_zones *c, const struct kd_estimate *e) {
  double zones = e->w / (c->halves ? e->h : 2 * e->h);
  return e->h > 0x1p-900 && e->h < 0x1p900 && c->w > 1 / WIDEST && c->w < WIDEST &&
         zones <= 1 + (double)e->n && e->n < KD_NOBODY / 8;
}

/* Nodes for any such points: an entering or a leaving on both sides, or both on one; the
 * middle; beginnings of zones, edges, and what fills the blocks */
static size_t most_nodes(const struct kd_zones *c, const struct kd_estimate *e) {
  size_t zones = (size_t)(e->w / (c->halves ? e->h : 2 * e->h)) + 2;
  size_t most = (c->halves ? 3 : 2) * e->n + 2 * zones + 2 * KD_PLACES;
  return (most + KD_PLACES - 1) / KD_PLACES * KD_PLACES;
}

/* False if one wing will not do */
static bool place(struct kd_zones *c, const struct kd_estimate *e) {
  kd_pole_rules_fill(&c->rules);
  put_in_order(c, e);
  for (int k = 0; k < 3; k++)
    for (size_t i = 0; i < e->n; i++) c->event[k][i] = KD_NOBODY;
  if (!place_wing(c, e, 0, 0) || !place_wing(c, e, 1, c->wing[0].end)) return false;
  c->n_cells = c->wing[1].end * KD_PLACES;
  for (int k = 0; k < 3; k++)
    for (size_t i = 0; i < e->n; i++)
      if (c->event[k][i] == KD_NOBODY) c->event[k][i] = (uint32_t)c->n_cells;
  return true;
}

int kd_zones_place(struct kd_zones *c, const struct kd_estimate *e, bool halves, bool by_rank,
                   struct kd_err *err) {
  c->halves = halves, c->by_rank = by_rank, c->n = e->n;
  c->unit = ldexp(1, -ilogb(e->h)), c->h = e->h * c->unit, c->w = e->w * c->unit;
  c->serves = within_range(c, e), c->placed = false;
  int code = c->serves ? reserve(c, e->n, most_nodes(c, e), err) : KD_OK;
  if (code) return code;
  c->serves = c->serves && place(c, e), c->placed = true;
  return KD_OK;
}
