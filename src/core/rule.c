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

#include "circle.h"
#include "estimate.h"

/* With few points nodes are as good, and reflection changes no bit of them. */
enum { BEST_ORDER = 20, NODES_MAX = 1 << 26, EXACT_FROM = 64 };
static const double TURN = 1.5;
static const double MATTERS = -37; /* log of a responsibility */

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

/* What an offset from a point may be rounded by at the places where K ends */
static double ulp_of(const struct kd_estimate *e) {
  double reach = e->kernel->support * e->h;
  return 0x1p-52 * (isfinite(reach) ? fmax(e->w, reach) : e->w);
}

/* Gauss nodes on the panel [a, b] of the target; at least an ulp inside, for a
 * compact kernel may end there. */
static int add_panel(const struct kd_estimate *e, struct kd_nodes *nodes, double a, double b,
                     struct kd_err *err) {
  int code = reserve(nodes, nodes->gauss_order, err);
  if (code) return code;
  double middle = 0.5 * (a + b), half = 0.5 * (b - a), inside = half - ulp_of(e);
  for (size_t k = 0; k < nodes->gauss_order; k++) {
    double offset = half * nodes->gauss_node[k];
    nodes->v[nodes->n] = middle + fmax(-inside, fmin(inside, offset));
    nodes->weight[nodes->n] = 0.5 * nodes->gauss_weight[k] * (half / e->w);
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

/* Cuts at v and, on the circle, at its images: those in T count. */
static int add_images(const struct kd_estimate *e, struct kd_nodes *nodes, double v,
                      struct kd_err *err) {
  int code = add_cut(nodes, e->w, v, err);
  for (int turn = -1; !code && e->space == KD_SPACE_CIRCLE && turn <= 1; turn += 2)
    code = add_cut(nodes, e->w, kd_turned(v, turn), err);
  return code;
}

static int cut_at_point(const struct kd_estimate *e, struct kd_nodes *nodes, double y,
                        struct kd_err *err) {
  double reach = e->kernel->support * e->h;
  bool antipode = e->space == KD_SPACE_CIRCLE && !e->kernel->circle_only;
  int code = KD_OK;
  if (e->kernel->kink_at_point) code = add_images(e, nodes, y, err);
  for (int side = -1; !code && antipode && side <= 1; side += 2)
    code = add_cut(nodes, e->w, kd_turned(y, 0.5 * side), err);
  if (!code && isfinite(reach)) code = add_images(e, nodes, y - reach, err);
  if (!code && isfinite(reach)) code = add_images(e, nodes, y + reach, err);
  return code;
}

/* Edges of T and all places inside where some K_j is not smooth, rising. */
static int cut_at_kinks(const struct kd_estimate *e, struct kd_nodes *nodes,
                        struct kd_err *err) {
  int code = add_cut(nodes, e->w, -e->w, err);
  if (!code) code = add_cut(nodes, e->w, e->w, err);
  for (size_t j = 0; !code && j < e->n; j++) code = cut_at_point(e, nodes, e->y[j], err);
  qsort(nodes->cuts, nodes->n_cuts, sizeof *nodes->cuts, ascending);
  return code;
}

/* --- best --- */

/* Widest smooth panel at the place of [a, b] */
static double smooth_length(const struct kd_estimate *e, double a, double b) {
  double near = INFINITY, far = INFINITY;
  int turns = e->space == KD_SPACE_CIRCLE;
  for (size_t j = 0; j < e->n; j++)
    for (int turn = -turns; turn <= turns; turn++) {
      double y = kd_turned(e->y[j], turn);
      near = fmin(near, fmax(0, fmax(a - y, y - b)));
      far = fmin(far, fmax(fabs(a - y), fabs(b - y)));
    }
  return e->kernel->smooth_length(near, far, e->h, e->shape);
}

/* Whether the panel must be halved: too wide for the kernel, or some responsibility
 * that matters turns too much between its ends and its middle. The ends are taken
 * a hair inside: a compact kernel may jump there. Uncovered panels have nothing to
 * resolve. */
static bool rough(const struct kd_estimate *e, double a, double b) {
  double hair = fmax((b - a) * 0x1p-41, ulp_of(e));
  double place[3] = {a + hair, 0.5 * (a + b), b - hair};
  double *at[3] = {e->probe, e->probe + e->n, e->probe + 2 * e->n};
  int covered = 0;
  for (int k = 0; k < 3; k++) covered += kd_estimate_log_rho(e, place[k], at[k]);
  if (covered < 3) return covered > 0;
  if (b - a > smooth_length(e, a, b)) return true;
  for (size_t j = 0; j < e->n; j++) {
    double high = fmax(at[0][j], fmax(at[1][j], at[2][j]));
    double low = fmin(at[0][j], fmin(at[1][j], at[2][j]));
    if (high > MATTERS && high - low > TURN) return true;
  }
  return false;
}

static int refine(const struct kd_estimate *e, struct kd_nodes *nodes, double a, double b,
                  struct kd_err *err) {
  if (b - a <= 4 * ulp_of(e) || !rough(e, a, b)) return add_panel(e, nodes, a, b, err);
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
    if (b - a > 4 * ulp_of(e)) code = refine(e, nodes, a, b, err);
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
    if (b - a > 4 * ulp_of(e)) code = add_panel(e, nodes, a, b, err);
  }
  return code;
}

/* Weighted nodes at equal steps, both edges among them: v_m = (2m - M) w/M, with
 * weights `inner[m % 2]` but `outer` at the two edges, in units of 1/M. */
static int place_closed(const struct kd_estimate *e, size_t bins, double outer,
                        const double inner[2], struct kd_nodes *nodes, struct kd_err *err) {
  int code = reserve(nodes, bins + 1, err);
  if (code) return code;
  double step = e->w / (double)bins;
  for (size_t m = 0; m <= bins; m++) {
    nodes->v[m] = (2.0 * (double)m - (double)bins) * step;
    nodes->weight[m] = (m == 0 || m == bins ? outer : inner[m % 2]) / (double)bins;
  }
  nodes->n = bins + 1;
  return KD_OK;
}

static int place_trapezoid(const struct kd_estimate *e, size_t bins, size_t order,
                           struct kd_nodes *nodes, struct kd_err *err) {
  static const double inner[2] = {1, 1};
  (void)order;
  return place_closed(e, bins, 0.5, inner, nodes, err);
}

/* Each bin has a node in its middle: 1 4 2 4 ... 4 1 on 2 `bins` steps. */
static int place_simpson(const struct kd_estimate *e, size_t bins, size_t order,
                         struct kd_nodes *nodes, struct kd_err *err) {
  static const double inner[2] = {2.0 / 3, 4.0 / 3};
  (void)order;
  return place_closed(e, 2 * bins, 1.0 / 3, inner, nodes, err);
}

const struct kd_rule kd_rules[] = {
    {"best", "composite Gauss-Legendre, cut at kinks, graded and halved until all is smooth",
     "Trefethen, SIAM Review 50 (2008) 67", 0, EXACT_FROM, true, place_best},
    {"exact", "the integral in closed form, for kernels that have one", "the head of laplace.c",
     0, 1, true, place_best},
    {"midpoint", "`bins` equal bins, one node in the centre of each",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.1", KD_RULE_USES_BINS, 0,
     false, place_midpoint},
    {"trapezoid", "`bins` equal bins, nodes at their edges",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.1", KD_RULE_USES_BINS, 0,
     false, place_trapezoid},
    {"simpson", "`bins` equal bins, nodes at their edges and centres",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.2", KD_RULE_USES_BINS, 0,
     false, place_simpson},
    {"gauss-legendre", "`bins` equal panels, cut at kinks too, `order` Gauss nodes each",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.7",
     KD_RULE_USES_BINS | KD_RULE_USES_ORDER, 0, true, place_gauss_legendre},
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
