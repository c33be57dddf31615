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
#include "table.h"

enum { CHUNK = 256, AHEAD = 32, LANES = 8, DUMPS = 8 };

static const double LEAST_LOG = -600;

/* --- memory --- */

static void free_points(struct kd_gaps *g) {
  free(g->cell), free(g->left), free(g->right);
  g->cell = NULL, g->left = g->right = NULL;
  g->points_room = 0;
}

void kd_gaps_clear(struct kd_gaps *g) {
  free_points(g);
  free(g->table), free(g->crowd);
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
    g->cell = malloc(n * sizeof *g->cell);
    g->left = malloc(n * sizeof *g->left);
    g->right = malloc(n * sizeof *g->right);
    if (!g->cell || !g->left || !g->right) return kd_no_memory(err);
    g->points_room = n;
  }
  g->n = n, g->n_blocks = (grid->n + KD_GAPS - 1) / KD_GAPS;
  if (table_size(g) > g->table_room) {
    free(g->table);
    g->table_room = 0;
    size_t bytes = table_size(g) * sizeof *g->table;
    free(g->crowd);
    g->table = aligned_alloc(64, bytes);
    g->crowd = malloc(table_size(g) / 2);
    if (!g->table || !g->crowd) return kd_no_memory(err);
    g->table_room = table_size(g);
  }
  return KD_OK;
}

/* --- places --- */

struct survey {
  double left, right; /* nearest outside; infinite if there is none */
  double dy;          /* of the points inside */
  double inside;      /* 1 if there are any */
};

KD_CLONES static void survey(size_t n, const double *y, const double *dy, double end,
                             struct survey *s) {
  double left = -INFINITY, right = INFINITY, most = 0, inside = 0;
#pragma omp simd reduction(max : left, most, inside) reduction(min : right)
  for (size_t j = 0; j < n; j++) {
    double l = y[j] < -end ? y[j] : -INFINITY, r = y[j] >= end ? y[j] : INFINITY;
    bool between = y[j] >= -end && y[j] < end;
    double e = between ? dy[j] : 0, one = between ? 1 : 0;
    left = l > left ? l : left, right = r < right ? r : right;
    most = e > most ? e : most, inside = one > inside ? one : inside;
  }
  *s = (struct survey){left, right, most, inside};
}

/* What places need */
struct frame {
  double end, left, right; /* as in struct survey */
  double step, gaps;       /* half a gap; number of gaps */
  double per_gap, rate;    /* 1/(2 step), 1/h */
  uint32_t line_left;
};

/* Returns the largest error of log K among the points outside that are not lost to sight. */
KD_CLONES static double place(size_t n, const double *y, const double *dy,
                              const struct frame *f, uint32_t *cell, double *to_left,
                              double *to_right) {
  double worst = 0, end = f->end, step = f->step, gaps = f->gaps, last = gaps - 1;
  double left_most = f->left, right_most = f->right, rate = f->rate;
  uint32_t f_left = f->line_left;
  last = last > 0 ? last : 0;
#pragma omp simd reduction(max : worst)
  for (size_t j = 0; j < n; j++) {
    double m = (y[j] + gaps * step) * f->per_gap;
    m = m > 0 ? m : 0, m = m < last ? m : last;
    m = (double)(int32_t)m;
    double below = (2 * m - gaps) * step, above = (2 * m + 2 - gaps) * step;
    m = y[j] < below ? m - 1 : y[j] >= above ? m + 1 : m;
    m = m > 0 ? m : 0, m = m < last ? m : last;
    bool left = y[j] < -end, right = y[j] >= end;
    below = (2 * m - gaps) * step, above = (2 * m + 2 - gaps) * step;
    below = right ? right_most : below, above = left ? left_most : above;
    double u = (y[j] - below) * rate, v = (above - y[j]) * rate;
    double p = kd_exp(-u), q = kd_exp(-v);
    double far = left ? v : right ? u : 1e300, error = dy[j] * rate + 3 * KD_U * far;
    error = far < 746 ? error : 0;
    worst = error > worst ? error : worst;
    to_left[j] = left ? 0 : p, to_right[j] = right ? 0 : q;
    uint32_t at = kd_cell((uint32_t)(int32_t)m);
    at = left ? f_left : at;
    cell[j] = right ? f_left + KD_LINE : at;
  }
  return worst;
}

/* The largest number of points in a gap, counted in doubles */
static double count_many(struct kd_gaps *g) {
  double most = 0;
  size_t outside = line_left(g);
  memset(g->table, 0, table_size(g) * sizeof *g->table);
  for (size_t j = 0; j < g->n; j++) {
    double *to = g->table + g->cell[j];
    if (g->cell[j] < outside) *to += 1, most = *to > most ? *to : most;
  }
  return most;
}

/* The same in bytes, which serve where no gap is crowded. Lines of 8 numbers are 4 gaps. */
static double count(struct kd_gaps *g) {
  uint8_t most = 0;
  memset(g->crowd, 0, table_size(g) / 2);
  for (size_t j = 0; j < g->n; j++) {
    size_t ahead = j + AHEAD < g->n ? j + AHEAD : j;
    __builtin_prefetch(g->crowd + (g->cell[ahead] >> 3 << 2), 1);
    uint8_t *of = g->crowd + (g->cell[j] >> 3 << 2 | (g->cell[j] & 3));
    *of = (uint8_t)(*of + (*of < UINT8_MAX));
  }
  for (size_t m = 0; m < line_left(g) / 2; m++) most = g->crowd[m] > most ? g->crowd[m] : most;
  return most < UINT8_MAX ? most : count_many(g);
}

void kd_gaps_place(struct kd_gaps *g, const struct kd_points *p, const struct kd_grid *grid) {
  struct survey s;
  if (g->placed) return;
  survey(p->n, p->y, p->dy, grid->end, &s);
  struct frame f = {.end = grid->end,
                    .left = s.left,
                    .right = s.right,
                    .step = grid->step,
                    .gaps = (double)grid->n - 1,
                    .per_gap = 0.5 / grid->step,
                    .rate = 1 / p->h,
                    .line_left = (uint32_t)line_left(g)};
  double outside = place(p->n, p->y, p->dy, &f, g->cell, g->left, g->right);
  double inside = (s.dy + grid->dv + p->dw) / p->h + KD_U * (6 * grid->step / p->h + count(g));
  g->nearest_left = s.left, g->nearest_right = s.right, g->any_inside = s.inside > 0;
  g->error = fmax(inside, outside) / KD_U;
  g->placed = true;
}

/* --- there --- */

/* Sums of a chunk in lanes */
struct lanes {
  double total[LANES], left[LANES], right[LANES], least[LANES], dropped[LANES];
};

KD_INLINE void add_weights(size_t n, size_t first, const struct kd_gaps *g, const double *z,
                           double top, uint32_t outside, double *weight, double *to_left,
                           double *to_right, uint32_t *to, struct lanes *s) {
  const uint32_t *cell = g->cell + first;
  const double *left = g->left + first, *right = g->right + first;
#pragma omp simd
  for (size_t l = 0; l < n; l++) {
    double t = z[l] - top, E = t >= LEAST_LOG ? kd_exp(t) : 0;
    double a = E * right[l], b = E * left[l];
    weight[l] = E, to_right[l] = a, to_left[l] = b;
    s->total[l] += E;
    s->left[l] += cell[l] == outside ? a : 0;
    s->right[l] += cell[l] > outside ? b : 0;
    s->least[l] = E > 0 && t < s->least[l] ? t : s->least[l];
    s->dropped[l] = E > 0 ? s->dropped[l] : 1;
    to[l] = cell[l] < outside ? cell[l] : outside + (2 + (uint32_t)l) * KD_LINE;
  }
}

struct chunk {
  double left[CHUNK], right[CHUNK];
  uint32_t to[CHUNK];
};

KD_CLONES static void weigh(size_t n, size_t first, const struct kd_gaps *g, const double *z,
                            double top, double *weight, struct chunk *c, struct lanes *s) {
  uint32_t outside = (uint32_t)line_left(g);
  size_t k = 0;
  for (; k + LANES <= n; k += LANES)
    add_weights(LANES, first + k, g, z + k, top, outside, weight + k, c->left + k, c->right + k,
                c->to + k, s);
  add_weights(n - k, first + k, g, z + k, top, outside, weight + k, c->left + k, c->right + k,
              c->to + k, s);
}

static double sum(const double *lane) {
  return ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
         ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

KD_CLONES static double largest(size_t n, const double *z) {
  double top = -INFINITY;
#pragma omp simd reduction(max : top)
  for (size_t j = 0; j < n; j++) top = z[j] > top ? z[j] : top;
  return top;
}

void kd_gaps_scatter(struct kd_gaps *g, const double *z, double *weight, struct kd_load *load) {
  struct kd_sum total = {0}, left = {0}, right = {0};
  double top = largest(g->n, z), least = 0, dropped = 0;
  memset(g->table, 0, table_size(g) * sizeof *g->table);
  for (size_t first = 0; first < g->n; first += CHUNK) {
    size_t n = g->n - first < CHUNK ? g->n - first : CHUNK;
    struct chunk c;
    struct lanes s = {{0}, {0}, {0}, {0}, {0}};
    weigh(n, first, g, z + first, top, weight + first, &c, &s);
    for (size_t j = 0; j < n; j++) {
      if (first + j + AHEAD < g->n)
        __builtin_prefetch(g->table + g->cell[first + j + AHEAD], 1);
      double *to = g->table + c.to[j];
      to[0] += c.right[j];
      to[KD_LANES] += c.left[j];
    }
    kd_sum_add(&total, sum(s.total));
    kd_sum_add(&left, sum(s.left));
    kd_sum_add(&right, sum(s.right));
    for (int l = 0; l < LANES; l++) least = fmin(least, s.least[l]), dropped += s.dropped[l];
  }
  *load = (struct kd_load){.top = top,
                           .total = kd_sum_value(&total),
                           .outside_left = kd_sum_value(&left),
                           .outside_right = kd_sum_value(&right),
                           .least_log = least,
                           .any_dropped = dropped > 0};
}

/* --- and back --- */

KD_CLONES static void collect(size_t n, const double *left, const double *right,
                              const double *L, const double *R, double inverse, double *G,
                              double *m, struct kd_harvest *h) {
  double most_rho = h->most_rho, most_G = h->most_G;
#pragma omp simd reduction(max : most_rho, most_G)
  for (size_t j = 0; j < n; j++) {
    double mean = left[j] * L[j] + right[j] * R[j], rho = G[j] * mean;
    G[j] *= inverse - mean;
    m[j] = mean;
    double size = fabs(G[j]);
    most_rho = rho > most_rho ? rho : most_rho, most_G = size > most_G ? size : most_G;
  }
  h->most_rho = most_rho, h->most_G = most_G;
}

KD_CLONES static void logarithms(size_t n, const double *m, double total, double *log_m) {
#pragma omp simd
  for (size_t j = 0; j < n; j++) {
    double log = kd_log(m[j] * total);
    log_m[j] = log > KD_LOG_LEAST ? log : KD_LOG_LEAST;
  }
}

void kd_gaps_gather(struct kd_gaps *g, const struct kd_load *load, double at_left,
                    double at_right, double *G, double *log_m, struct kd_harvest *h) {
  double *outside = g->table + line_left(g), L[CHUNK], R[CHUNK], m[CHUNK];
  outside[0] = 0, outside[KD_LANES] = at_left;
  outside[KD_LINE] = at_right, outside[KD_LINE + KD_LANES] = 0;
  *h = (struct kd_harvest){0, 0};
  for (size_t first = 0; first < g->n; first += CHUNK) {
    size_t n = g->n - first < CHUNK ? g->n - first : CHUNK;
    for (size_t j = 0; j < n; j++) {
      if (first + j + AHEAD < g->n)
        __builtin_prefetch(g->table + g->cell[first + j + AHEAD], 0);
      const double *from = g->table + g->cell[first + j];
      L[j] = from[0], R[j] = from[KD_LANES];
    }
    collect(n, g->left + first, g->right + first, L, R, 1 / load->total, G + first, m, h);
    if (log_m) logarithms(n, m, load->total, log_m + first);
  }
}
