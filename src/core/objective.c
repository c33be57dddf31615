/* SPDX-License-Identifier: MIT
 *
 * See objective.h. The two halves of the target are summed apart, each from its edge
 * inwards, so that reflecting a problem changes no bit; nodes by blocks, blocks with
 * compensation, so that a million bins cost no digits.
 */
#include "objective.h"

#include <math.h>
#include <string.h>

#include "block.h"
#include "core/vmath/dd.h"
#include "core/vmath/vmath.h"
#include "num.h"
#include "wobble.h"

/* Sums over the nodes of one half */
struct half {
  struct kd_sum loss, uncovered;
  struct kd_sum *G; /* n */
  struct kd_sum *m; /* n, or NULL */
};

struct sums {
  const struct kd_estimate *e;
  const struct kd_nodes *nodes;
  struct kd_sum loss_bound;
  double least, most;       /* log f */
  double blurred;           /* weight of nodes that may be zeros of f */
  struct kd_wobble *wobble; /* n */
  double *bound;            /* n: error of G; rounding makes it wrong by less than 1 % */
};

static bool stands_for_integral(const struct kd_nodes *nodes) {
  return nodes->gradient_error > 0 || nodes->loss_error > 0;
}

/* A bin without cover: certainly so, or not */
static void add_uncovered(struct sums *s, double weight) {
  for (size_t j = 0; j < s->e->n; j++)
    if (s->wobble[j].log_edge > -INFINITY) {
      for (size_t i = 0; i < s->e->n; i++) s->bound[i] += weight;
      kd_sum_add(&s->loss_bound, INFINITY);
      return;
    }
}

/* Sum of weighted terms in four lanes: short chains of roundings, and of waiting */
static double dot(size_t n, const double *weight, const double *term) {
  double lane[4] = {0};
  size_t k = 0;
  for (; k + 4 <= n; k += 4)
    for (size_t l = 0; l < 4; l++) lane[l] += weight[k + l] * term[k + l];
  for (; k < n; k++) lane[k % 4] += weight[k] * term[k];
  return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* The loss and its bound over a block. Sixteen roundings: of the weight, the sums */
static void add_loss(struct sums *s, struct half *half, const double *weight, double common) {
  const struct kd_block *b = s->e->block;
  double loss = 0;
  for (size_t k = 0; k < b->stride; k++) {
    if (!b->covered[k]) {
      kd_sum_add(&half->uncovered, weight[k]);
      add_uncovered(s, weight[k]);
      continue;
    }
    double error = b->log_f_error[k] + common + 16 * KD_U * fabs(b->log_f[k]);
    if (isfinite(error) || !stands_for_integral(s->nodes))
      kd_sum_add(&s->loss_bound, weight[k] * error);
    else /* at a zero of f */
      s->blurred += weight[k];
    loss -= weight[k] * b->log_f[k];
    s->least = fmin(s->least, b->log_f[k]);
    s->most = fmax(s->most, b->log_f[k]);
  }
  kd_sum_add(&half->loss, loss);
}

static void add_gradient(struct sums *s, struct half *half, const double *weight) {
  const struct kd_block *b = s->e->block;
  double covered[KD_BLOCK];
  for (size_t k = 0; k < b->stride; k++) {
    covered[k] = b->covered[k] ? weight[k] : 0;
    if (b->covered[k]) continue;
    for (size_t i = 0; i < s->e->n; i++) b->g[i * b->stride + k] = 0; /* not a number */
    for (size_t i = 0; i < s->e->n; i++) b->g_error[i * b->stride + k] = 0;
  }
  for (size_t i = 0; i < s->e->n; i++) {
    const double *g = b->g + i * b->stride;
    double size = 0;
    for (size_t k = 0; k < b->stride; k++) {
      double term = covered[k] * fabs(g[k]);
      size = term > size ? term : size;
    }
    kd_sum_add(&half->G[i], dot(b->stride, covered, g));
    s->bound[i] += dot(b->stride, covered, b->g_error + i * b->stride) +
                   16 * KD_U * (double)b->stride * size;
  }
}

/* The mean of K_j/f */
static void add_m(struct sums *s, struct half *half, const double *weight) {
  struct kd_block *b = s->e->block;
  double covered[KD_BLOCK];
  for (size_t k = 0; k < b->stride; k++) covered[k] = b->covered[k] ? weight[k] : 0;
  kd_block_ratios_to_f(b);
  for (size_t i = 0; i < s->e->n; i++)
    kd_sum_add(&half->m[i], dot(b->stride, covered, b->term + i * b->stride));
}

/* Nodes that one wobble holds for */
static void add_block(struct sums *s, struct half *half, size_t n, const double *v,
                      const double *weight, double common) {
  for (size_t done = 0; done < n; done += s->e->block->stride) {
    size_t left = n - done, width = s->e->block->width;
    kd_block_fill(s->e->block, s->e, left < width ? left : width, v + done, s->wobble);
    add_loss(s, half, weight + done, common);
    add_gradient(s, half, weight + done);
    if (half->m) add_m(s, half, weight + done);
  }
}

/* The nodes of a panel from `first` on, n of them, in steps of 1 or -1 */
static void add_panel(struct sums *s, struct half *half, const struct kd_panel *panel,
                      size_t first, size_t n, int step) {
  double v[KD_ORDER_MAX], weight[KD_ORDER_MAX], common;
  for (size_t k = 0; k < n; k++) {
    size_t m = step > 0 ? first + k : first - k;
    v[k] = s->nodes->v[m], weight[k] = s->nodes->weight[m];
  }
  if (panel->reach > 0 &&
      kd_wobble(s->e, panel->middle, panel->reach, s->nodes->dv, s->wobble, &common)) {
    add_block(s, half, n, v, weight, common);
    return;
  }
  for (size_t k = 0; k < n; k++) {
    kd_wobble(s->e, v[k], 0, s->nodes->dv, s->wobble, &common);
    add_block(s, half, 1, v + k, weight + k, common);
  }
}

/* Nodes 0 .. end - 1, from the left */
static void add_left(struct sums *s, struct half *half, size_t end) {
  const struct kd_panel *panel = s->nodes->panel;
  for (size_t m = 0; m < end; m = panel->end, panel++)
    add_panel(s, half, panel, m, (panel->end < end ? panel->end : end) - m, 1);
}

/* The last `count` nodes, from the right */
static void add_right(struct sums *s, struct half *half, size_t count) {
  const struct kd_nodes *nodes = s->nodes;
  size_t least = nodes->n - count;
  for (size_t p = nodes->n_panels, m = nodes->n; m > least; p--) {
    size_t begin = p > 1 ? nodes->panel[p - 2].end : 0;
    if (begin < least) begin = least;
    add_panel(s, half, &nodes->panel[p - 1], m - 1, m - begin, -1);
    m = begin;
  }
}

/* What the nodes' errors do not tell: quadrature, and strips of T: those next to cuts,
 * those by which its edges, or those of what is covered, may be off. */
static void add_bounds(const struct sums *s, struct kd_objective *out) {
  const struct kd_estimate *e = s->e;
  double strips = s->nodes->blurred + 3 * s->blurred, edges = s->nodes->edges;
  if (stands_for_integral(s->nodes) && (e->kernel->jumps_at_end || out->uncovered > 0))
    for (size_t j = 0; j < e->n; j++) strips += 2 * e->dy[j] / (2 * e->w);
  double most = 0;
  for (size_t i = 0; i < e->n; i++) most = fmax(most, s->bound[i]);
  out->gradient_bound = 1.01 * (most + s->nodes->gradient_error + strips + edges);
  /* Over a strip log f changes by no more than between nodes where K jumps, hardly next
   * to a branch point, and where f falls to 0 like log s integrated over s < strip. */
  double range = fmax(0, s->most - s->least) + 1, change = 1;
  if (isfinite(e->kernel->support)) change = e->kernel->jumps_at_end ? range : range + 50;
  if (e->kernel->lopsided) change = range;
  out->loss_bound = 1.01 * (kd_sum_value(&s->loss_bound) + s->nodes->loss_error);
  if (strips + edges > 0) out->loss_bound += 1.01 * (strips * change + edges * (range + 50));
}

/* left + right + middle */
static double total(const struct kd_sum *left, const struct kd_sum *right,
                    const struct kd_sum *middle) {
  double high = left->sum + right->sum;
  if (!isfinite(high)) return high; /* inf - inf must not become NaN */
  struct kd_sum all = {high,
                       kd_two_sum(left->sum, right->sum).low + (left->rest + right->rest)};
  kd_sum_add(&all, middle->sum);
  all.rest += middle->rest;
  return kd_sum_value(&all);
}

double kd_log_m(double m, double S, double log_S, double G) {
  double log = isfinite(m) ? kd_log(m) : kd_log(fmax(S - G, 0)) - log_S;
  return fmax(log, KD_LOG_LEAST);
}

struct kd_objective kd_objective(const struct kd_estimate *e, const struct kd_nodes *nodes,
                                 double *G, double *log_m, double *scratch) {
  size_t n = e->n, each = nodes->n / 2;
  struct kd_sum *sum = (struct kd_sum *)scratch; /* 6 n of two numbers */
  struct half left = {.G = sum}, right = {.G = sum + n}, middle = {.G = sum + 2 * n};
  if (log_m) left.m = sum + 3 * n, right.m = sum + 4 * n, middle.m = sum + 5 * n;
  struct sums s = {.e = e,
                   .nodes = nodes,
                   .least = INFINITY,
                   .most = -INFINITY,
                   .wobble = (struct kd_wobble *)(scratch + 12 * n),
                   .bound = scratch + 15 * n};
  memset(scratch, 0, KD_OBJECTIVE_SCRATCH * n * sizeof *scratch);
  add_left(&s, &left, each);
  add_right(&s, &right, each);
  if (nodes->n % 2) {
    size_t p = 0;
    while (nodes->panel[p].end <= each) p++;
    add_panel(&s, &middle, &nodes->panel[p], each, 1, 1);
  }
  for (size_t i = 0; i < n; i++) G[e->index[i]] = total(&left.G[i], &right.G[i], &middle.G[i]);
  for (size_t i = 0; log_m && i < n; i++)
    log_m[e->index[i]] = kd_log_m(total(&left.m[i], &right.m[i], &middle.m[i]), e->S[i],
                                  e->log_S[i], G[e->index[i]]);
  double uncovered = total(&left.uncovered, &right.uncovered, &middle.uncovered);
  struct kd_objective out = {.loss = total(&left.loss, &right.loss, &middle.loss),
                             .uncovered = uncovered};
  add_bounds(&s, &out);
  if (uncovered > 0) {
    out.loss = INFINITY;
    if (isfinite(out.loss_bound)) out.loss_bound = 0; /* a fact */
  }
  return out;
}
