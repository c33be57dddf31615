/* SPDX-License-Identifier: MIT
 *
 * The Laplace kernel over equal bins. With E_j = e^(z_j - max z), D the decay over a gap, point
 * j in the gap between nodes m and m + 1, p_j and q_j its decays to them:
 *
 *   1. a_m = sum_j E_j q_j and b_m = sum_j E_j p_j of each gap's points (gaps.h)
 *   2. F_m = sum_j E_j e^(-|v_m - y_j|/h), then L_m and R_m, by recursions (chain.h)
 *   3. mean_T K_j/f = (p_j L_m + q_j R_{m+1}) sum E =: m_j,  G_j = S_j (1 - m_j)
 *
 * Sums of positive terms only. Points left of all nodes are one term, seen from the nearest
 * y_l of them, and likewise those right of all, y_r. If there are no others F is in units of
 * what the nearer side sends to its node, and the other's is smaller by e^-|y_l + y_r|/h: an
 * inward shift leaves it as it is. Bins wider than h/2 get nodes of weight 0 in between.
 *
 * Bounds. Each term of F is off by a factor e^eta at most, eta = error of the point (its
 * position's, its weight's, that of a sum over the points of one gap) + F_error (chain.h), so
 * log F by eta. A term of rho_i = E_i K_i weight/F is off by that and by the error of K_i's
 * own way back: 2 (error of the points) + F_error + flow_error, relative. 1 % is added for
 * all that is of second order.
 */
#include "laplace.h"

#include <math.h>
#include <stdlib.h>

#include "binned.h"
#include "core/aligned.h"
#include "core/exact/exact.h"
#include "core/vmath/vmath.h"

static const double WIDEST_GAP = 0.5, SECOND_ORDER = 1.01;

void kd_laplace_bins_clear(struct kd_laplace_bins *bins) {
  kd_gaps_clear(&bins->gaps);
  free(bins->link);
  *bins = (struct kd_laplace_bins){0};
}

static int reserve(struct kd_laplace_bins *bins, size_t n, const struct kd_grid *grid,
                   struct kd_err *err) {
  int code = kd_gaps_reserve(&bins->gaps, n, grid, err);
  if (code || bins->gaps.n_blocks <= bins->links_room) return code;
  free(bins->link);
  bins->links_room = 0;
  bins->link = kd_aligned_alloc(bins->gaps.n_blocks, sizeof *bins->link);
  if (!bins->link) return kd_no_memory(err);
  bins->links_room = bins->gaps.n_blocks;
  return KD_OK;
}

/* --- the points outside --- */

/* Distances of the nearest points outside from the first and the last node in bandwidths,
 * less `common` */
struct outside {
  double left, right, common;
};

static struct outside distances(const struct kd_gaps *g, const struct kd_grid *grid, double h) {
  double left = (-grid->end - g->nearest.left) / h, right = (g->nearest.right - grid->end) / h;
  struct outside o = {left, right, 0};
  if (!g->nearest.all) return o;
  if (isinf(left) || isinf(right)) {
    o.common = fmin(left, right);
    o.left = isinf(left) ? INFINITY : 0, o.right = isinf(right) ? INFINITY : 0;
  } else {
    double apart = (g->nearest.left + g->nearest.right) / h; /* right - left */
    o.common = apart > 0 ? left : right;
    o.left = fmax(0, -apart), o.right = fmax(0, apart);
  }
  return o;
}

/* What a side sends to its node */
static struct kd_front front(double sum, double distance) {
  struct kd_front f = {{0, 0, 0}, 0};
  if (!(sum > 0) || isinf(distance)) return f;
  kd_front_take_in(&f,
                   sum < 0x1p-512 ? (struct kd_scaled){sum * 0x1p512, -KD_LIMB}
                                  : (struct kd_scaled){sum, 0},
                   0);
  kd_front_move(&f, distance);
  return f;
}

/* What comes back from a node to the nearest point of that side, and what it makes of that
 * side's rho, at most, times its error */
struct back {
  struct kd_side side;
  double off;
};

static struct back back(struct kd_front at_node, double distance) {
  if (isinf(distance)) return (struct back){{0, -INFINITY}, 0};
  kd_front_move(&at_node, distance);
  struct kd_scaled sum = kd_running_value(&at_node.sum);
  double value = kd_scaled_plain(sum), log = kd_log(sum.m) + sum.e * KD_LN2;
  return (struct back){{value, log}, fmin(value, 1) * (at_node.error + 1)};
}

/* --- bounds --- */

/* Of E_j/sum E, relative to the largest: E |log E| < 0.4, the mean of |log E| under S is
 * at most log n. */
static double weight_error(size_t n) {
  return KD_U * (0.4 + 2 + kd_log((double)n) + 2 + 60);
}

static void add_bounds(const struct kd_points *p, const struct kd_gaps *g,
                       const struct kd_chain *c, const struct kd_load *load, double most_rho,
                       double dv, double crowd, double sides, double common,
                       struct kd_objective *out) {
  double point = g->error + crowd + fabs(load->least_log) + 50;
  double nodes = (dv + p->dw) / p->h;
  double F = KD_U * (point + c->F_error + c->spread) + nodes;
  double rho = KD_U * (2 * point + c->F_error + c->flow_error + 20) + 2 * nodes;
  double all = rho * most_rho + KD_U * (sides + c->spread) + weight_error(p->n) / load->total;
  double terms = common + kd_log(load->total) + fabs(kd_log(2 * p->h)) + c->log_size + 2;
  out->gradient_bound = SECOND_ORDER * all + 0x1p-120;
  out->loss_bound = SECOND_ORDER * (F + 8 * KD_U * terms + weight_error(p->n));
}

/* At most so many points are in one gap: each sends at least least_log less a gap to the
 * next node. Where that says little they are counted. */
static int crowd_of(struct kd_gaps *g, const struct kd_chain *c, const struct kd_load *load,
                    double *crowd, struct kd_err *err) {
  static const double FEW = 1000;
  *crowd = 1.01 * c->most_a * kd_exp(c->gap - load->least_log);
  if (*crowd <= FEW) return KD_OK;
  int code = kd_gaps_count(g, err);
  *crowd = fmin(*crowd, g->most_in_a_gap);
  return code;
}

/* --- together --- */

/* Nodes in between, of weight 0, where bins are wide: every how many-th node is one of the
 * grid; 0 if there would be too many, or lengths are near the ends of the range. */
static size_t stride_of(const struct kd_points *p, const struct kd_grid *grid) {
  static const double LEAST = 1e-150, MOST = 1e150;
  enum { SPARE = 1 << 16, TIMES = 16, NODES_MAX = 1 << 26 };
  double gap = 2 * grid->step / p->h, n = (double)grid->n;
  bool in_range = p->h > LEAST && p->h < MOST && grid->step > LEAST && grid->end < MOST &&
                  gap > LEAST && gap < MOST;
  if (!in_range) return 0;
  double stride = grid->n > 1 ? fmax(1, ceil(gap / WIDEST_GAP)) : 1;
  double most = fmin(SPARE + TIMES * (n + (double)p->n), NODES_MAX);
  return n * stride <= most ? (size_t)stride : 0;
}

static struct kd_grid refined(const struct kd_grid *grid, size_t stride, double h) {
  struct kd_grid fine = *grid;
  if (grid->n == 1) fine.step = fmin(grid->step, 0.25 * WIDEST_GAP * h); /* no gap at all */
  if (stride == 1) return fine;
  fine.n = (grid->n - 1) * stride + 1;
  fine.step = grid->step / (double)stride;
  fine.dv += 4 * KD_U * grid->end;
  return fine;
}

int kd_binned_laplace(const struct kd_points *p, const struct kd_grid *grid,
                      struct kd_room *room, bool *done, struct kd_objective *out, double *G,
                      double *log_m, struct kd_err *err) {
  static const double DROPPED_NOTHING = 0x1p-720;
  struct kd_laplace_bins *bins = &room->laplace_bins;
  struct kd_gaps *gaps = &bins->gaps;
  *done = false;
  size_t stride = stride_of(p, grid);
  if (!stride) return KD_OK;
  struct kd_grid fine = refined(grid, stride, p->h);
  int code = reserve(bins, p->n, &fine, err);
  if (code) return code;
  struct kd_load load;
  kd_gaps_scatter(gaps, p, &fine, G, &load);
  struct outside o = distances(gaps, grid, p->h);
  struct kd_chain chain = {.grid = grid,
                           .n = fine.n,
                           .stride = stride,
                           .gap = 2 * fine.step / p->h,
                           .n_blocks = gaps->n_blocks,
                           .table = gaps->table,
                           .link = bins->link,
                           .A = front(load.outside_left, o.left),
                           .B = front(load.outside_right, o.right)};
  kd_chain_run(&chain);
  if (load.any_dropped && !(chain.least >= DROPPED_NOTHING)) return KD_OK;
  double crowd;
  code = crowd_of(gaps, &chain, &load, &crowd, err);
  if (code) return code;
  struct back left = back(chain.R, o.left), right = back(chain.L, o.right);
  double most_rho = kd_gaps_gather(gaps, p, &load, left.side, right.side, G, log_m);
  out->loss = kd_log(2 * p->h) + kd_log(load.total) + o.common - chain.mean_log_f;
  out->uncovered = 0;
  add_bounds(p, gaps, &chain, &load, most_rho, fine.dv, crowd, left.off + right.off, o.common,
             out);
  *done = true;
  return KD_OK;
}
