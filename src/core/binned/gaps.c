/* SPDX-License-Identifier: MIT
 *
 * See gaps.h. Points go by in chunks that stay in the cache: arithmetic side by side, then
 * one by one to or from the table, whose lines are asked for some points ahead.
 */
#include "gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/objective.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "four.h"
#include "table.h"

enum { CHUNK = 256, AHEAD = 32, DUMPS = 8 };

static const double LEAST_LOG = -600;

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

/* Lines behind the blocks: for points left and right of all nodes, and for what is not
 * added. */
static size_t line_left(const struct kd_gaps *g) {
  return g->n_blocks * KD_NUMBERS;
}

static size_t table_size(const struct kd_gaps *g) {
  return line_left(g) + (2 + DUMPS) * KD_LINE;
}

int kd_gaps_reserve(struct kd_gaps *g, size_t n, const struct kd_grid *grid,
                    struct kd_err *err) {
  if (n > g->points_room) {
    free_points(g);
    g->placed = false;
    g->cell = calloc(n + AHEAD, sizeof *g->cell);
    g->decay = malloc(n * sizeof *g->decay);
    if (!g->cell || !g->decay) return kd_no_memory(err);
    g->points_room = n;
  }
  g->n = n, g->n_blocks = (grid->n + KD_GAPS - 1) / KD_GAPS;
  if (table_size(g) > g->table_room) {
    free(g->table);
    g->table_room = 0;
    size_t bytes = table_size(g) * sizeof *g->table;
    g->table = aligned_alloc(64, bytes);
    if (!g->table) return kd_no_memory(err);
    g->table_room = table_size(g);
  }
  return KD_OK;
}

/* --- extremes --- */

/* The largest of n numbers, or `least` if all are smaller; four at once, as chains wait */
KD_CLONES static double largest(size_t n, const double *x, double least) {
  enum { CHAINS = 4 };
  const kd_four start = {least, least, least, least};
  kd_four most[CHAINS] = {start, start, start, start};
  size_t j = 0;
  for (; j + CHAINS * KD_LANES <= n; j += CHAINS * KD_LANES)
    for (size_t k = 0; k < CHAINS; k++) kd_four_raise(&most[k], x + j + k * KD_LANES);
  double top = least;
  for (size_t k = 0; k < CHAINS; k++) top = fmax(top, kd_four_most(&most[k]));
  for (; j < n; j++) top = x[j] > top ? x[j] : top;
  return top;
}

struct extremes {
  double least, most;
};

KD_CLONES static struct extremes extremes(size_t n, const double *x) {
  const double high = INFINITY;
  const kd_four low = {-high, -high, -high, -high};
  kd_four most[2] = {low, low}, least[2] = {-low, -low};
  size_t j = 0;
  for (; j + 2 * KD_LANES <= n; j += 2 * KD_LANES)
    for (size_t k = 0; k < 2; k++) {
      kd_four_raise(&most[k], x + j + k * KD_LANES);
      kd_four_lower(&least[k], x + j + k * KD_LANES);
    }
  struct extremes e = {fmin(kd_four_least(&least[0]), kd_four_least(&least[1])),
                       fmax(kd_four_most(&most[0]), kd_four_most(&most[1]))};
  for (; j < n; j++) {
    e.most = x[j] > e.most ? x[j] : e.most;
    e.least = x[j] < e.least ? x[j] : e.least;
  }
  return e;
}

struct survey {
  double left, right; /* nearest outside; infinite if there is none */
  bool inside;        /* there are points inside */
};

KD_CLONES static struct survey survey(size_t n, const double *y, double left_end,
                                      double right_end) {
  const double high = INFINITY;
  kd_four left = {-high, -high, -high, -high}, right = {high, high, high, high};
  kd_four_bits inside = {0, 0, 0, 0};
  size_t j = 0;
  for (; j + KD_LANES <= n; j += KD_LANES) {
    kd_four x = KD_FOUR_ANYWHERE(y + j);
    kd_four_bits at_left = (kd_four_bits)(x <= left_end);
    kd_four_bits at_right = (kd_four_bits)(x >= right_end);
    KD_FOUR_CHOOSE(&left, at_left & (kd_four_bits)(x > left), x);
    KD_FOUR_CHOOSE(&right, at_right & (kd_four_bits)(x < right), x);
    inside |= ~(at_left | at_right);
  }
  struct survey s = {kd_four_most(&left), kd_four_least(&right), false};
  for (; j < n; j++)
    if (y[j] <= left_end)
      s.left = y[j] > s.left ? y[j] : s.left;
    else if (y[j] >= right_end)
      s.right = y[j] < s.right ? y[j] : s.right;
    else
      s.inside = true;
  s.inside |= (inside[0] | inside[1] | inside[2] | inside[3]) != 0;
  return s;
}

/* --- places --- */

static size_t least_of(size_t a, size_t b) {
  return a < b ? a : b;
}

/* What places need */
struct frame {
  double left_end, right_end; /* points up to here, or from here on, are outside */
  double left, right;         /* as in struct survey */
  double step, gaps;          /* half a gap; number of gaps */
  double per_gap, rate;       /* 1/(2 step), 1/h */
  double error;               /* the largest of log K */
  uint32_t outside;           /* line for the points left of all nodes; the next: right */
};

/* error: of log K from the position, and from a node that rounding has put on the wrong side;
 * 0 where a point outside is out of sight */
KD_CLONES static void place(size_t n, const double *y, const double *dy, const struct frame *f,
                            uint32_t *cell, double *decay, double *error) {
  double left_end = f->left_end, right_end = f->right_end, step = f->step, gaps = f->gaps;
  double left_most = f->left, right_most = f->right, rate = f->rate, per_gap = f->per_gap;
  double last = gaps > 1 ? gaps - 1 : 0;
  uint32_t outside = f->outside;
#pragma omp simd
  for (size_t j = 0; j < n; j++) {
    double m = (y[j] + gaps * step) * per_gap;
    m = m > 0 ? m : 0, m = m < last ? m : last;
    m = (double)(int32_t)m;
    bool left = y[j] <= left_end, right = y[j] >= right_end;
    double node = (2 * m - gaps) * step, r = y[j] - node, over = r - 2 * step;
    over = over > -r ? over : -r, over = over > 0 ? over : 0;
    double from = right ? right_most : node, d = y[j] - from;
    d = left ? left_most - y[j] : d;
    double u = d * rate, far = dy[j] * rate + 3 * KD_U * u;
    double near = (dy[j] + 2 * over) * rate;
    decay[j] = kd_exp(-u);
    far = u < 746 ? far : 0;
    near = right ? far : near;
    error[j] = left ? far : near;
    uint32_t at = kd_cell((uint32_t)(int32_t)m);
    at = left ? outside : at;
    cell[j] = right ? outside + KD_LINE : at;
  }
}

static struct frame begin_places(struct kd_gaps *g, const struct kd_points *p,
                                 const struct kd_grid *grid) {
  double right_end = grid->n > 1 ? grid->end : 0x1p-1074; /* no point is on both sides */
  struct survey s = survey(p->n, p->y, -grid->end, right_end);
  g->most_in_a_gap = 0;
  g->nearest_left = s.left, g->nearest_right = s.right, g->any_inside = s.inside;
  g->D = kd_exp(-2 * grid->step / p->h);
  return (struct frame){.left_end = -grid->end,
                        .right_end = right_end,
                        .left = s.left,
                        .right = s.right,
                        .step = grid->step,
                        .gaps = (double)grid->n - 1,
                        .per_gap = 0.5 / grid->step,
                        .rate = 1 / p->h,
                        .outside = (uint32_t)line_left(g)};
}

static void place_chunk(struct kd_gaps *g, const struct kd_points *p, size_t first,
                        struct frame *f) {
  double error[CHUNK];
  size_t n = least_of(p->n - first, CHUNK);
  place(n, p->y + first, p->dy + first, f, g->cell + first, g->decay + first, error);
  f->error = largest(n, error, f->error);
}

static void end_places(struct kd_gaps *g, const struct kd_points *p, const struct kd_grid *grid,
                       const struct frame *f) {
  double nodes = (grid->dv + p->dw) * f->rate;
  g->error = (f->error + nodes) / KD_U + 16 * grid->step * f->rate + 8;
  g->placed = true;
}

int kd_gaps_count(struct kd_gaps *g, struct kd_err *err) {
  size_t outside = line_left(g);
  if (g->most_in_a_gap > 0) return KD_OK;
  uint32_t *count = calloc(outside + 1, sizeof *count), most = 0;
  if (!count) return kd_no_memory(err);
  for (size_t j = 0; j < g->n; j++) {
    uint32_t *points = count + (g->cell[j] < outside ? g->cell[j] : outside);
    *points += 1;
    most = g->cell[j]<outside && * points> most ? *points : most;
  }
  free(count);
  g->most_in_a_gap = most;
  return KD_OK;
}

/* --- there --- */

/* What the points of a chunk send: to the nodes on either side, and those outside to the
 * nearest on their side */
struct chunk {
  double weight[CHUNK], left[CHUNK], right[CHUNK], from_left[CHUNK], from_right[CHUNK];
  uint32_t to[CHUNK];
};

KD_CLONES static void weigh(size_t n, const uint32_t *cell, const double *decay,
                            const double *z, double top, double D, uint32_t outside,
                            struct chunk *c) {
#pragma omp simd
  for (size_t j = 0; j < n; j++) {
    double t = z[j] - top, E = kd_exp(t), d = decay[j], other = D / d;
    E = t >= LEAST_LOG ? E : 0;
    double send = E * d;
    c->weight[j] = E, c->left[j] = send, c->right[j] = E * other;
    c->from_left[j] = cell[j] == outside ? send : 0;
    c->from_right[j] = cell[j] > outside ? send : 0;
    c->to[j] = cell[j] < outside ? cell[j] : outside + (2 + (uint32_t)(j & 7)) * KD_LINE;
  }
}

/* The sum of a chunk, in 32 lanes */
KD_CLONES static double sum(const double *x) {
  enum { MANY = 32 };
  double lane[MANY];
#pragma omp simd
  for (size_t l = 0; l < MANY; l++) {
    double s = 0;
    for (size_t k = 0; k < CHUNK; k += MANY) s += x[k + l];
    lane[l] = s;
  }
  for (size_t n = MANY / 2; n; n /= 2)
    for (size_t l = 0; l < n; l++) lane[l] += lane[l + n];
  return lane[0];
}

/* The points of a chunk */
static void add(struct kd_gaps *g, size_t first, size_t n, const struct chunk *c) {
  const uint32_t *ahead = g->cell + first + AHEAD;
  for (size_t j = 0; j < n; j++) {
    __builtin_prefetch(g->table + ahead[j], 1);
    double *to = g->table + c->to[j];
    to[0] += c->right[j];
    to[KD_LANES] += c->left[j];
  }
}

void kd_gaps_scatter(struct kd_gaps *g, const struct kd_points *p, const struct kd_grid *grid,
                     double *weight, struct kd_load *load) {
  struct kd_sum total = {0}, left = {0}, right = {0};
  struct chunk c;
  struct extremes logits = extremes(p->n, p->z);
  double top = logits.most, least = logits.least - top;
  bool placed = g->placed;
  size_t ready = placed ? p->n : 0;
  struct frame frame;
  if (!placed) frame = begin_places(g, p, grid);
  memset(g->table, 0, table_size(g) * sizeof *g->table);
  for (size_t first = 0; first < p->n; first += CHUNK) {
    size_t n = least_of(p->n - first, CHUNK), next = least_of(p->n, first + 2 * CHUNK);
    if (n < CHUNK) memset(&c, 0, sizeof c);
    for (; ready < next; ready = least_of(p->n, ready + CHUNK))
      place_chunk(g, p, ready, &frame);
    weigh(n, g->cell + first, g->decay + first, p->z + first, top, g->D, (uint32_t)line_left(g),
          &c);
    memcpy(weight + first, c.weight, n * sizeof *weight);
    add(g, first, n, &c);
    kd_sum_add(&total, sum(c.weight));
    if (g->nearest_left > -INFINITY) kd_sum_add(&left, sum(c.from_left));
    if (g->nearest_right < INFINITY) kd_sum_add(&right, sum(c.from_right));
  }
  if (!placed) end_places(g, p, grid, &frame);
  *load = (struct kd_load){.total = kd_sum_value(&total),
                           .outside_left = kd_sum_value(&left),
                           .outside_right = kd_sum_value(&right),
                           .least_log = fmax(least, LEAST_LOG),
                           .any_dropped = least < LEAST_LOG};
}

/* --- and back --- */

/* A point outside has a decay to its side's nearest, L what stands there, and no R. */
KD_CLONES static void collect(size_t n, const double *decay, double D, const double *L,
                              const double *R, double inverse, double *G, double *m,
                              double *rho) {
#pragma omp simd
  for (size_t j = 0; j < n; j++) {
    double d = decay[j], other = D / d;
    other = d > 0x1p-1000 ? other : 0;
    double mean = d * L[j] + other * R[j];
    rho[j] = G[j] * mean;
    G[j] *= inverse - mean;
    m[j] = mean;
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
  bool at_left = g->cell[j] == line_left(g);
  double r = at_left ? g->nearest_left - p->y[j] : p->y[j] - g->nearest_right;
  return fmax((at_left ? left.log : right.log) + log_total - r / p->h, KD_LOG_LEAST);
}

double kd_gaps_gather(struct kd_gaps *g, const struct kd_points *p, const struct kd_load *load,
                      struct kd_side left, struct kd_side right, double *G, double *log_m) {
  static const double FAR = 0x1p-960;
  double *outside = g->table + line_left(g), L[CHUNK], R[CHUNK], m[CHUNK], rho[CHUNK];
  outside[0] = left.value, outside[KD_LANES] = 0;
  outside[KD_LINE] = right.value, outside[KD_LINE + KD_LANES] = 0;
  double most_rho = 0;
  for (size_t first = 0; first < g->n; first += CHUNK) {
    size_t n = least_of(g->n - first, CHUNK);
    for (size_t j = 0; j < n; j++) {
      __builtin_prefetch(g->table + g->cell[first + j + AHEAD], 0);
      const double *from = g->table + g->cell[first + j];
      L[j] = from[0], R[j] = from[KD_LANES];
    }
    collect(n, g->decay + first, g->D, L, R, 1 / load->total, G + first, m, rho);
    most_rho = largest(n, rho, most_rho);
    if (!log_m) continue;
    logarithms(n, m, load->total, log_m + first);
    for (size_t j = first; j < first + n; j++)
      if (g->decay[j] < FAR || m[j - first] < FAR)
        log_m[j] = log_far(g, p, j, left, right, kd_log(load->total));
  }
  return most_rho;
}
