/* SPDX-License-Identifier: MIT
 *
 * See gaps.h. Points go by in chunks (lanes.h): arithmetic side by side, then one by one to
 * or from the table, whose lines are asked for some points ahead.
 */
#include "gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/aligned.h"
#include "core/frame.h"
#include "core/huge.h"
#include "core/objective.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "table.h"

enum { AHEAD = 128, SOON = 3 * KD_CHUNK };

static const double LEAST_LOG = -600;

/* Asks for the line of an address: into the second cache, which waits for twice as many lines
 * at once as the first. */
static inline void ask_for(const double *at) {
  __builtin_prefetch(at, 0, 2);
}

/* Whether the table is larger than a second cache, or the points than a third: what is there
 * already need not be asked for, which saves a smaller cell 4 %. */
static bool is_far(const struct kd_gaps *g) {
  enum { CACHE = 1 << 19, POINTS = 1 << 19 }; /* bytes, points */
  return g->n_blocks > CACHE / sizeof(double) / KD_NUMBERS || g->n > POINTS;
}

/* The chunk of n numbers that is read some chunks after that from `first` on, to be asked for
 * beside it: chunks are too short for the processor to see in time that others follow. Behind
 * the last one: where the numbers begin. */
static const double *chunk_soon(const double *a, size_t n, size_t first) {
  return n > SOON + KD_CHUNK && first < n - SOON - KD_CHUNK ? a + first + SOON : a;
}

/* --- memory --- */

static void free_points(struct kd_gaps *g) {
  free(g->cell), free(g->decay);
  g->cell = NULL, g->decay = NULL;
  g->points_room = 0;
}

void kd_gaps_clear(struct kd_gaps *g) {
  free_points(g);
  free(g->table);
  *g = (struct kd_gaps){0};
}

int kd_gaps_reserve(struct kd_gaps *g, size_t n, const struct kd_grid *grid,
                    struct kd_err *err) {
  if (n > g->points_room) {
    size_t room = kd_whole_chunks(n);
    free_points(g);
    g->placed = false;
    g->cell = calloc(room + AHEAD, sizeof *g->cell);
    g->decay = kd_numbers(room);
    if (!g->cell || !g->decay) return kd_no_memory(err);
    g->points_room = room;
  }
  g->n = n, g->n_blocks = (grid->n + KD_GAPS - 1) / KD_GAPS;
  size_t table = kd_table_size(g->n_blocks);
  if (table > g->table_room) {
    free(g->table);
    g->table_room = 0;
    g->table = kd_huge_numbers(table);
    if (!g->table) return kd_no_memory(err);
    g->table_room = table;
  }
  return KD_OK;
}

/* --- logits --- */

struct logits {
  double least, most;
};

KD_CLONES static void raise_and_lower(const double *z, double *least, double *most) {
  for (int row = 0; row < KD_CHUNK; row += KD_WIDE)
#pragma omp simd
    for (int l = 0; l < KD_WIDE; l++) {
      double x = z[row + l];
      least[l] = x < least[l] ? x : least[l];
      most[l] = x > most[l] ? x : most[l];
    }
}

/* The chunk from `first` on; what is behind the last point becomes x, in `room`. */
static const double *whole_chunk(size_t n, const double *z, size_t first, double x,
                                 double *room) {
  size_t here = kd_chunk_size(n, first);
  if (here == KD_CHUNK) return z + first;
  memcpy(room, z + first, here * sizeof *room);
  for (size_t j = here; j < KD_CHUNK; j++) room[j] = x;
  return room;
}

static struct logits survey(size_t n, const double *z) {
  _Alignas(KD_CACHE_LINE) double least[KD_WIDE], most[KD_WIDE], room[KD_CHUNK];
  kd_lanes_fill(least, INFINITY), kd_lanes_fill(most, -INFINITY);
  for (size_t first = 0; first < n; first += KD_CHUNK)
    raise_and_lower(whole_chunk(n, z, first, z[first], room), least, most);
  return (struct logits){kd_lanes_least(least), kd_lanes_most(most)};
}

/* --- there --- */

/* What the points of a chunk send to the nodes on either side; their weights' sum, and that
 * of what those outside send to the nearest of their side */
struct chunk {
  _Alignas(KD_CACHE_LINE) double left[KD_CHUNK], right[KD_CHUNK];
  double total, from_left, from_right;
};

struct sums {
  _Alignas(KD_CACHE_LINE) double total[KD_WIDE], from_left[KD_WIDE], from_right[KD_WIDE];
};

/* Behind the last point z is -inf. */
KD_CLONES static void weigh(const struct kd_gaps *g, size_t first, const double *z, double top,
                            double *weight, struct chunk *c) {
  struct sums s = {{0}, {0}, {0}};
  const uint32_t *cell = g->cell + first;
  const double *decay = g->decay + first;
  double D = g->D;
  uint32_t left = kd_line_outside(g->n_blocks, 0), right = kd_line_outside(g->n_blocks, 1);
  for (int row = 0; row < KD_CHUNK; row += KD_WIDE)
#pragma omp simd
    for (int l = 0; l < KD_WIDE; l++) {
      int j = row + l;
      double t = z[j] - top, E = kd_exp_normal(t), d = decay[j], other = D / d;
      E = t >= LEAST_LOG ? E : 0;
      double send = E * d, outside = cell[j] >= left ? send : 0;
      double at_right = cell[j] >= right ? send : 0;
      weight[j] = E, c->left[j] = send, c->right[j] = E * other;
      s.total[l] += E;
      s.from_left[l] += outside - at_right;
      s.from_right[l] += at_right;
    }
  c->total = kd_lanes_sum(s.total);
  c->from_left = kd_lanes_sum(s.from_left);
  c->from_right = kd_lanes_sum(s.from_right);
}

KD_INLINE void add_points(struct kd_gaps *g, const struct kd_points *p, size_t first,
                          const struct chunk *c, bool far) {
  const uint32_t *cell = g->cell + first;
  const double *y = p->at->y ? p->at->y : p->at->x;
  const double *place = chunk_soon(g->placed ? g->decay : y, g->n, first);
  const double *z = chunk_soon(p->z, g->n, first);
  size_t n = kd_chunk_size(g->n, first);
  for (size_t j = 0; j < n; j++) {
    if (far && j % KD_LINE == 0) ask_for(place + j), ask_for(z + j);
    if (far) ask_for(g->table + cell[j + AHEAD]);
    double *to = g->table + cell[j];
    to[0] += c->right[j];
    to[KD_LANES] += c->left[j];
  }
}

/* The points of a chunk. Those outside have been summed: their lines are not read. */
static void add(struct kd_gaps *g, const struct kd_points *p, size_t first,
                const struct chunk *c) {
  if (is_far(g))
    add_points(g, p, first, c, true);
  else
    add_points(g, p, first, c, false);
}

static void end_places(struct kd_gaps *g, const struct kd_points *p, const struct kd_grid *grid,
                       const struct kd_placing *placing) {
  double nodes = (grid->dv + p->dw) * placing->rate;
  double most = kd_lanes_most(placing->error) * placing->rate;
  g->error = (most + nodes) / KD_U + 16 * grid->step * placing->rate + 8;
  g->nearest = placing->nearest;
  g->most_in_a_gap = 0;
  g->placed = true;
}

void kd_gaps_scatter(struct kd_gaps *g, const struct kd_points *p, const struct kd_grid *grid,
                     double *weight, struct kd_load *load) {
  struct kd_sum total = {0}, left = {0}, right = {0};
  struct logits logits = survey(p->n, p->z);
  double top = logits.most, least = logits.least - top, room[KD_CHUNK], rest[KD_CHUNK];
  size_t ready = g->placed ? p->n : 0;
  struct kd_placing placing;
  struct chunk c;
  if (!g->placed) {
    placing = kd_placing_of(p, grid, g->n_blocks);
    g->D = kd_exp(-2 * grid->step / p->h);
  }
  memset(g->table, 0, kd_table_size(g->n_blocks) * sizeof *g->table);
  for (size_t first = 0; first < p->n; first += KD_CHUNK) {
    size_t n = kd_chunk_size(p->n, first);
    double *here = n < KD_CHUNK ? rest : weight + first;
    for (; ready < p->n && ready < first + 2 * KD_CHUNK; ready += KD_CHUNK)
      kd_placing_chunk(p, ready, &placing, g->cell + ready, g->decay + ready);
    weigh(g, first, whole_chunk(p->n, p->z, first, -INFINITY, room), top, here, &c);
    if (n < KD_CHUNK) memcpy(weight + first, rest, n * sizeof *weight);
    add(g, p, first, &c);
    kd_sum_add(&total, c.total);
    kd_sum_add(&left, c.from_left);
    kd_sum_add(&right, c.from_right);
  }
  if (!g->placed) end_places(g, p, grid, &placing);
  *load = (struct kd_load){.total = kd_sum_value(&total),
                           .outside_left = kd_sum_value(&left),
                           .outside_right = kd_sum_value(&right),
                           .least_log = fmax(least, LEAST_LOG),
                           .any_dropped = least < LEAST_LOG};
}

int kd_gaps_count(struct kd_gaps *g, struct kd_err *err) {
  size_t outside = kd_line_outside(g->n_blocks, 0);
  if (g->most_in_a_gap > 0) return KD_OK;
  uint32_t *count = calloc(outside + 1, sizeof *count), most = 0;
  if (!count) return kd_no_memory(err);
  for (size_t j = 0; j < g->n; j++) {
    bool inside = g->cell[j] < outside;
    uint32_t *points = count + (inside ? g->cell[j] : outside);
    *points += 1;
    most = inside && *points > most ? *points : most;
  }
  free(count);
  g->most_in_a_gap = most;
  return KD_OK;
}

/* --- and back --- */

/* What stands at the nodes of a chunk's points; rho: the largest by lanes */
struct back {
  _Alignas(KD_CACHE_LINE) double L[KD_CHUNK], R[KD_CHUNK], m[KD_CHUNK], rho[KD_WIDE];
};

KD_INLINE void fetch_points(const struct kd_gaps *g, size_t first, size_t n,
                            const double *weight, struct back *b, bool far) {
  const uint32_t *cell = g->cell + first;
  const double *decay = chunk_soon(g->decay, g->n, first);
  weight = chunk_soon(weight, g->n, first);
  for (size_t j = 0; j < n; j++) {
    if (far && j % KD_LINE == 0) ask_for(decay + j), ask_for(weight + j);
    if (far) ask_for(g->table + cell[j + AHEAD]);
    const double *from = g->table + cell[j];
    b->L[j] = from[0], b->R[j] = from[KD_LANES];
  }
  for (size_t j = n; j < KD_CHUNK; j++) b->L[j] = b->R[j] = 0;
}

static void fetch(const struct kd_gaps *g, size_t first, size_t n, const double *weight,
                  struct back *b) {
  if (is_far(g))
    fetch_points(g, first, n, weight, b, true);
  else
    fetch_points(g, first, n, weight, b, false);
}

/* A point outside has a decay to its side's nearest, L what stands there, and no R. */
KD_CLONES static void collect(const double *decay, double D, double inverse, struct back *b,
                              double *G) {
  for (int row = 0; row < KD_CHUNK; row += KD_WIDE)
#pragma omp simd
    for (int l = 0; l < KD_WIDE; l++) {
      int j = row + l;
      double d = decay[j], other = D / d;
      other = d > 0x1p-1000 ? other : 0;
      double m = d * b->L[j] + other * b->R[j], rho = G[j] * m;
      b->rho[l] = rho > b->rho[l] ? rho : b->rho[l];
      G[j] *= inverse - m;
      b->m[j] = m;
    }
}

KD_CLONES static void logarithms(size_t n, const double *m, double total, double *log_m) {
#pragma omp simd
  for (size_t j = 0; j < n; j++) {
    double log = kd_log(m[j] * total);
    log_m[j] = log > KD_LOG_LEAST ? log : KD_LOG_LEAST;
  }
}

/* Log m of a point outside whose decay is below the range of doubles, or near its end */
static double log_far(const struct kd_gaps *g, const struct kd_points *p, size_t j,
                      struct kd_side left, struct kd_side right, double log_total) {
  double y, dy;
  bool at_left = g->cell[j] < kd_line_outside(g->n_blocks, 1);
  kd_positions_read(p->at, j, 1, &y, &dy);
  double r = at_left ? g->nearest.left - y : y - g->nearest.right;
  return fmax((at_left ? left.log : right.log) + log_total - r / p->h, KD_LOG_LEAST);
}

static void set_outside(struct kd_gaps *g, int right, double value) {
  double *line = g->table + kd_line_outside(g->n_blocks, right);
  for (int k = 0; k < KD_LINES_OUTSIDE; k++, line += KD_LINE)
    line[0] = value, line[KD_LANES] = 0;
}

double kd_gaps_gather(struct kd_gaps *g, const struct kd_points *p, const struct kd_load *load,
                      struct kd_side left, struct kd_side right, double *G, double *log_m) {
  static const double FAR = 0x1p-960;
  struct back b;
  double rest[KD_CHUNK] = {0}, inverse = 1 / load->total;
  set_outside(g, 0, left.value), set_outside(g, 1, right.value);
  kd_lanes_fill(b.rho, 0);
  for (size_t first = 0; first < g->n; first += KD_CHUNK) {
    size_t n = kd_chunk_size(g->n, first);
    fetch(g, first, n, G, &b);
    if (n < KD_CHUNK) memcpy(rest, G + first, n * sizeof *rest);
    collect(g->decay + first, g->D, inverse, &b, n < KD_CHUNK ? rest : G + first);
    if (n < KD_CHUNK) memcpy(G + first, rest, n * sizeof *rest);
    if (!log_m) continue;
    logarithms(n, b.m, load->total, log_m + first);
    for (size_t j = first; j < first + n; j++)
      if (g->decay[j] < FAR || b.m[j - first] < FAR)
        log_m[j] = log_far(g, p, j, left, right, kd_log(load->total));
  }
  return kd_lanes_most(b.rho);
}
