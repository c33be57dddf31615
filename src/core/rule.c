/* SPDX-License-Identifier: MIT
 *
 * The rules. `best` is composite Gauss-Legendre:
 *   1. T is cut where K is not smooth: at the points (kink), and at the ends of
 *      compact supports. log K and rho are analytic between the cuts.
 *   2. A panel is halved until it is no wider than the kernel's smooth length
 *      at its distance from the nearest point: this grades panels towards a
 *      singular kink, also one on the edge of T or just outside it.
 *   3. and until no log rho_j that matters (rho_j > e^-37) turns by more than
 *      TURN over it. Zeros of f, the other singularities of log f and rho, need
 *      a turn by pi between two terms, so they stay at least about 4 panel
 *      half-widths away, where the error of 20 Gauss nodes is below rounding
 *      (Trefethen, SIAM Review 50 (2008) 67, theorem 4.5).
 * Where the exponential kernel is concerned 3. means panels of at most about a
 * bandwidth wherever two sides compete, and long ones where one point rules.
 */
#include "rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimate.h"

enum { BEST_ORDER = 20, NODES_MAX = 1 << 26 };
static const double TURN = 1.5;
static const double MATTERS = -37;    /* log of a responsibility */
static const double NARROW = 0x1p-50; /* of the target: not halved further */

void kd_nodes_clear(struct kd_nodes *nodes) {
  free(nodes->v), free(nodes->weight), free(nodes->cuts);
  *nodes = (struct kd_nodes){0};
}

/* Room for `more` nodes. */
static int reserve(struct kd_nodes *nodes, size_t more, struct kd_err *err) {
  size_t wanted = nodes->n + more, capacity = nodes->capacity ? nodes->capacity : 64;
  if (wanted > NODES_MAX) return kd_fail(err, KD_SYSTEM, "more than %d nodes", NODES_MAX);
  if (wanted <= nodes->capacity) return KD_OK;
  while (capacity < wanted) capacity *= 2;
  double *v = realloc(nodes->v, capacity * sizeof *v);
  if (v) nodes->v = v;
  double *weight = realloc(nodes->weight, capacity * sizeof *weight);
  if (weight) nodes->weight = weight;
  if (!v || !weight) return kd_no_memory(err);
  nodes->capacity = capacity;
  return KD_OK;
}

/* --- panels --- */

static void use_gauss(struct kd_nodes *nodes, size_t order) {
  if (nodes->gauss_order == order) return;
  kd_gauss_legendre(order, nodes->gauss_node, nodes->gauss_weight);
  nodes->gauss_order = order;
}

/* Gauss nodes on the panel [a, b] of the target [-w, w] */
static int add_panel(struct kd_nodes *nodes, double w, double a, double b, struct kd_err *err) {
  int code = reserve(nodes, nodes->gauss_order, err);
  if (code) return code;
  double middle = 0.5 * (a + b), half = 0.5 * (b - a);
  for (size_t k = 0; k < nodes->gauss_order; k++) {
    nodes->v[nodes->n] = middle + half * nodes->gauss_node[k];
    nodes->weight[nodes->n] = 0.5 * nodes->gauss_weight[k] * (half / w);
    nodes->n++;
  }
  return KD_OK;
}

/* --- cuts --- */

static int add_cut(struct kd_nodes *nodes, double w, double v, struct kd_err *err) {
  if (!(fabs(v) <= w)) return KD_OK;
  if (nodes->n_cuts == nodes->cuts_capacity) {
    size_t capacity = nodes->cuts_capacity ? 2 * nodes->cuts_capacity : 16;
    double *cuts = realloc(nodes->cuts, capacity * sizeof *cuts);
    if (!cuts) return kd_no_memory(err);
    nodes->cuts = cuts;
    nodes->cuts_capacity = capacity;
  }
  nodes->cuts[nodes->n_cuts++] = v;
  return KD_OK;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Edges of T and all places inside where some K_j is not smooth, rising. */
static int cut_at_kinks(const struct kd_estimate *e, struct kd_nodes *nodes,
                        struct kd_err *err) {
  double reach = e->kernel->support * e->h;
  int code = add_cut(nodes, e->w, -e->w, err);
  if (!code) code = add_cut(nodes, e->w, e->w, err);
  for (size_t j = 0; !code && j < e->n; j++) {
    if (e->kernel->kink_at_point) code = add_cut(nodes, e->w, e->y[j], err);
    if (!code && isfinite(reach)) code = add_cut(nodes, e->w, e->y[j] - reach, err);
    if (!code && isfinite(reach)) code = add_cut(nodes, e->w, e->y[j] + reach, err);
  }
  qsort(nodes->cuts, nodes->n_cuts, sizeof *nodes->cuts, ascending);
  return code;
}

/* --- best --- */

static double distance_to_points(const struct kd_estimate *e, double a, double b) {
  double least = INFINITY;
  for (size_t j = 0; j < e->n; j++)
    least = fmin(least, fmax(0, fmax(a - e->y[j], e->y[j] - b)));
  return least;
}

/* Whether some responsibility that matters turns too much between the panel's
 * ends and its middle. The ends are taken a hair inside: a compact kernel may
 * jump there. Uncovered panels have nothing to resolve. */
static bool turns(const struct kd_estimate *e, double a, double b) {
  double middle = 0.5 * (a + b), reach = 0.5 * (b - a) * (1 - 0x1p-40);
  double *at[3] = {e->probe, e->probe + e->n, e->probe + 2 * e->n};
  for (int k = 0; k < 3; k++)
    if (!kd_estimate_log_rho(e, middle + (k - 1) * reach, at[k])) return false;
  for (size_t j = 0; j < e->n; j++) {
    double high = fmax(at[0][j], fmax(at[1][j], at[2][j]));
    double low = fmin(at[0][j], fmin(at[1][j], at[2][j]));
    if (high > MATTERS && high - low > TURN) return true;
  }
  return false;
}

static int refine(const struct kd_estimate *e, struct kd_nodes *nodes, double a, double b,
                  struct kd_err *err) {
  bool narrow = b - a <= e->w * NARROW;
  double smooth =
      narrow ? INFINITY : e->kernel->smooth_length(distance_to_points(e, a, b), e->h, e->shape);
  if (narrow || (b - a <= smooth && !turns(e, a, b))) return add_panel(nodes, e->w, a, b, err);
  double middle = 0.5 * (a + b);
  int code = refine(e, nodes, a, middle, err);
  return code ? code : refine(e, nodes, middle, b, err);
}

static int place_best(const struct kd_estimate *e, size_t bins, size_t order,
                      struct kd_nodes *nodes, struct kd_err *err) {
  (void)bins, (void)order;
  use_gauss(nodes, BEST_ORDER);
  int code = cut_at_kinks(e, nodes, err);
  for (size_t i = 1; !code && i < nodes->n_cuts; i++) {
    double a = nodes->cuts[i - 1], b = nodes->cuts[i];
    /* Cuts that differ by rounding alone: a sliver between two supports that
     * touch is not a gap. */
    if (b - a > e->w * NARROW) code = refine(e, nodes, a, b, err);
  }
  return code;
}

/* --- fixed rules --- */

/* The bins' centres (2m+1-M) w/M: symmetric to the bit. */
static int place_midpoint(const struct kd_estimate *e, size_t bins, size_t order,
                          struct kd_nodes *nodes, struct kd_err *err) {
  (void)order;
  int code = reserve(nodes, bins, err);
  if (code) return code;
  double step = e->w / (double)bins;
  for (size_t m = 0; m < bins; m++) {
    nodes->v[m] = ((double)(2 * m + 1) - (double)bins) * step;
    nodes->weight[m] = 1 / (double)bins;
  }
  nodes->n = bins;
  return KD_OK;
}

/* `bins` equal panels, cut at kinks too, `order` nodes each */
static int place_gauss_legendre(const struct kd_estimate *e, size_t bins, size_t order,
                                struct kd_nodes *nodes, struct kd_err *err) {
  use_gauss(nodes, order);
  int code = KD_OK;
  for (size_t m = 1; !code && m < bins; m++)
    code = add_cut(nodes, e->w, (2.0 * (double)m - (double)bins) * (e->w / (double)bins), err);
  if (!code) code = cut_at_kinks(e, nodes, err);
  for (size_t i = 1; !code && i < nodes->n_cuts; i++) {
    double a = nodes->cuts[i - 1], b = nodes->cuts[i];
    if (b - a > e->w * NARROW) code = add_panel(nodes, e->w, a, b, err);
  }
  return code;
}

const struct kd_rule kd_rules[] = {
    {"best", "composite Gauss-Legendre, cut at kinks, graded and halved until all is smooth",
     "Trefethen, SIAM Review 50 (2008) 67", 0, place_best},
    {"midpoint", "`bins` equal bins, one node in the centre of each",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.1", KD_RULE_USES_BINS,
     place_midpoint},
    {"gauss-legendre", "`bins` equal panels, cut at kinks too, `order` Gauss nodes each",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.7",
     KD_RULE_USES_BINS | KD_RULE_USES_ORDER, place_gauss_legendre},
};
const size_t kd_n_rules = sizeof kd_rules / sizeof *kd_rules;

int kd_rule_place(const struct kd_rule *rule, const struct kd_estimate *e, size_t bins,
                  size_t order, struct kd_nodes *nodes, struct kd_err *err) {
  nodes->n = nodes->n_cuts = 0;
  return rule->place(e, bins, order, nodes, err);
}

const struct kd_rule *kd_rule_find(const char *name) {
  for (size_t i = 0; i < kd_n_rules; i++)
    if (strcmp(kd_rules[i].name, name) == 0) return &kd_rules[i];
  return NULL;
}
