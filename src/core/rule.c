/* SPDX-License-Identifier: MIT
 *
 * The rules. `best` and `adaptive` are composite Gauss-Legendre:
 *   1. T is cut where K is not smooth: at the points (kink), at the ends of compact
 *      supports, on the circle at antipodes. log K and rho are analytic in between.
 *   2. A panel is halved until it is proved to be resolved (panel.c), or as narrow as
 *      rounding lets it: next to a branch point or a zero of f.
 */
#include "rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "circle.h"
#include "estimate.h"
#include "num.h"
#include "panel.h"

enum { BEST_ORDER = 20, NODES_MAX = 1 << 26, BINS_A_PANEL = 16 };

void kd_nodes_clear(struct kd_nodes *nodes) {
  free(nodes->v), free(nodes->weight), free(nodes->cuts), free(nodes->panel);
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

/* Ends a panel at the last node. */
static int close_panel(struct kd_nodes *nodes, double middle, double reach,
                       struct kd_err *err) {
  if (nodes->n_panels == nodes->panels_capacity) {
    size_t capacity = nodes->panels_capacity ? 2 * nodes->panels_capacity : 16;
    struct kd_panel *panel = realloc(nodes->panel, capacity * sizeof *panel);
    if (!panel) return kd_no_memory(err);
    nodes->panel = panel;
    nodes->panels_capacity = capacity;
  }
  nodes->panel[nodes->n_panels++] = (struct kd_panel){nodes->n, middle, reach};
  return KD_OK;
}

/* A panel of the nodes from `begin` to end - 1 */
static int close_bins_at(struct kd_nodes *nodes, size_t begin, size_t end, struct kd_err *err) {
  double first = nodes->v[begin], last = nodes->v[end - 1];
  nodes->n = end;
  return close_panel(nodes, 0.5 * (first + last), 0.500001 * (last - first), err);
}

/* Panels for nodes at equal steps, the same from both ends inwards: reflection */
static int close_bins(struct kd_nodes *nodes, struct kd_err *err) {
  size_t all = nodes->n, half = all / 2, begin = 0;
  int code = KD_OK;
  for (size_t end = BINS_A_PANEL; !code && end < half; begin = end, end += BINS_A_PANEL)
    code = close_bins_at(nodes, begin, end, err);
  size_t outside = begin; /* of the middle panels, on either side */
  if (!code && half > 0) code = close_bins_at(nodes, begin, half, err);
  if (!code && all % 2) code = close_bins_at(nodes, half, half + 1, err);
  if (!code && half > 0) code = close_bins_at(nodes, all - half, all - outside, err);
  for (begin = all - outside; !code && begin < all; begin += BINS_A_PANEL)
    code = close_bins_at(nodes, begin, begin + BINS_A_PANEL, err);
  return code;
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
  return close_panel(nodes, middle, half, err);
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

/* --- best, adaptive --- */

/* A panel that is resolved, or (size NULL) as narrow as rounding lets it. A cut may be off by
 * some ulps; a K_j that vanishes there is then at most that part of what it is at the panel's
 * middle, and of f at most twelve times as much (panel.c). */
static int add_refined(const struct kd_estimate *e, struct kd_nodes *nodes, double a, double b,
                       const struct kd_panel_size *size, struct kd_err *err) {
  double share = (b - a) / (2 * e->w), off = 4 * ulp_of(e);
  if (size) {
    double error = share * kd_panel_error(nodes->gauss_order);
    nodes->gradient_error += error * size->rho;
    nodes->loss_error += error * size->log_f;
    if (isfinite(e->kernel->support))
      nodes->blurred += 12 * off / (b - a) * fmin(b - a, off) / (2 * e->w);
  } else {
    nodes->blurred += 3 * share;
  }
  return add_panel(e, nodes, a, b, err);
}

static int refine(const struct kd_estimate *e, struct kd_nodes *nodes, double a, double b,
                  struct kd_err *err) {
  struct kd_panel_size size;
  if (kd_panel_resolved(e, a, b, &size)) return add_refined(e, nodes, a, b, &size, err);
  if (b - a <= 4 * ulp_of(e)) return add_refined(e, nodes, a, b, NULL, err);
  double middle = 0.5 * (a + b);
  int code = refine(e, nodes, a, middle, err);
  return code ? code : refine(e, nodes, middle, b, err);
}

static int place_refined(const struct kd_estimate *e, size_t order, struct kd_nodes *nodes,
                         struct kd_err *err) {
  use_gauss(nodes, order);
  int code = cut_at_kinks(e, nodes, err);
  for (size_t i = 1; !code && i < nodes->n_cuts; i++) {
    double a = nodes->cuts[i - 1], b = nodes->cuts[i];
    /* Cuts that differ by rounding alone: a sliver between two supports that
     * touch is not a gap. */
    if (b - a > 4 * ulp_of(e)) code = refine(e, nodes, a, b, err);
  }
  /* Where some K_j jumps a node on the wrong side of the cut matters. */
  if (e->kernel->jumps_at_end || (e->kernel->lopsided && e->space == KD_SPACE_CIRCLE))
    nodes->blurred += (double)nodes->n_cuts * 4 * ulp_of(e) / (2 * e->w);
  return code;
}

static int place_best(const struct kd_estimate *e, const struct kd_rule_args *args,
                      struct kd_nodes *nodes, struct kd_err *err) {
  (void)args;
  return place_refined(e, BEST_ORDER, nodes, err);
}

/* The tolerance is relative to the largest weight. */
static int place_adaptive(const struct kd_estimate *e, const struct kd_rule_args *args,
                          struct kd_nodes *nodes, struct kd_err *err) {
  double most = 0;
  for (size_t j = 0; j < e->n; j++) most = fmax(most, e->S[j]);
  return place_refined(e, kd_panel_order(args->tolerance * most), nodes, err);
}

/* --- fixed rules --- */

/* Of the nodes k w/bins, k an integer up to bins. None where w/bins is a multiple of
 * w's last place: then so are all nodes. */
static double step_error(double w, size_t bins) {
  int exponent;
  frexp(w, &exponent);
  double step = w / (double)bins, places = ldexp(step, 53 - exponent);
  bool exact = places == rint(places) && step * (double)bins == w;
  return exact ? 0 : 2 * KD_U * w;
}

static const struct kd_even MIDPOINT = {1, {1, 1}, true}, TRAPEZOID = {0.5, {1, 1}, false},
                            SIMPSON = {1.0 / 3, {2.0 / 3, 4.0 / 3}, false};

struct kd_grid kd_rule_grid(const struct kd_rule *rule, double w, size_t bins) {
  const struct kd_even *even = rule->even;
  size_t n = kd_rule_nodes(rule, bins), steps = even->open ? n : n - 1;
  double step = w / (double)steps;
  return (struct kd_grid){
      .n = n,
      .step = step,
      .end = even->open ? ((double)n - 1) * step : w, /* not beyond, by a rounding */
      .outer = even->outer / (double)steps,
      .inner = {even->inner[0] / (double)steps, even->inner[1] / (double)steps},
      .dv = step_error(w, steps)};
}

/* Bins' centres, or bins' edges (and centres: 1 4 2 4 ... 4 1 on 2 `bins` steps): symmetric
 * to the bit */
static int place_even(const struct kd_rule *rule, const struct kd_estimate *e,
                      const struct kd_rule_args *args, struct kd_nodes *nodes,
                      struct kd_err *err) {
  struct kd_grid grid = kd_rule_grid(rule, e->w, args->bins);
  size_t n = grid.n;
  int code = reserve(nodes, n, err);
  if (code) return code;
  for (size_t m = 0; m < n; m++) {
    nodes->v[m] = ((double)(2 * m + 1) - (double)n) * grid.step;
    nodes->weight[m] = m == 0 || m == n - 1 ? grid.outer : grid.inner[m % 2];
  }
  nodes->v[0] = -grid.end, nodes->v[n - 1] = grid.end;
  nodes->n = n;
  nodes->rule = rule, nodes->bins = args->bins, nodes->w = e->w, nodes->dw = e->dw;
  nodes->dv = grid.dv + e->dw; /* they stand where w puts them */
  nodes->edges = 0;
  code = close_bins(nodes, err);
  nodes->even = !code;
  return code;
}

/* `bins` equal panels, cut at kinks too, `order` nodes each */
static int place_gauss_legendre(const struct kd_estimate *e, const struct kd_rule_args *args,
                                struct kd_nodes *nodes, struct kd_err *err) {
  size_t bins = args->bins;
  use_gauss(nodes, args->order);
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

const struct kd_rule kd_rules[] = {
    {"best", "the integral, exact where the kernel has a closed form, else adaptive",
     "the head of panel.c", 0, KD_CLOSED_WHERE_ANY, true, 0, 0, NULL, place_best},
    {"exact", "the integral in closed form, for kernels that have one",
     "the heads of exact/laplace.c, exact/compact.c", 0, KD_CLOSED_ONLY, true, 0, 0, NULL,
     place_best},
    {"adaptive",
     "the integral to `tolerance` of the largest weight: Gauss-Legendre on panels that are "
     "cut at kinks and halved until a proof says that they are narrow enough",
     "the head of panel.c", KD_RULE_USES_TOLERANCE, KD_CLOSED_NEVER, true, 0, 0, NULL,
     place_adaptive},
    {"midpoint", "`bins` equal bins, one node in the centre of each",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.1", KD_RULE_USES_BINS,
     KD_CLOSED_NEVER, false, 1, 0, &MIDPOINT, NULL},
    {"trapezoid", "`bins` equal bins, nodes at their edges",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.1", KD_RULE_USES_BINS,
     KD_CLOSED_NEVER, false, 1, 1, &TRAPEZOID, NULL},
    {"simpson", "`bins` equal bins, nodes at their edges and centres",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.2", KD_RULE_USES_BINS,
     KD_CLOSED_NEVER, false, 2, 1, &SIMPSON, NULL},
    {"gauss-legendre", "`bins` equal panels, cut at kinks too, `order` Gauss nodes each",
     "Davis & Rabinowitz, Methods of Numerical Integration (1984), 2.7",
     KD_RULE_USES_BINS | KD_RULE_USES_ORDER, KD_CLOSED_NEVER, true, 0, 0, NULL,
     place_gauss_legendre},
};
const size_t kd_n_rules = sizeof kd_rules / sizeof *kd_rules;

/* Nodes at equal steps depend on the target alone. */
static bool stand(const struct kd_rule *rule, const struct kd_estimate *e,
                  const struct kd_rule_args *args, const struct kd_nodes *nodes) {
  return nodes->even && nodes->rule == rule && nodes->bins == args->bins && nodes->w == e->w &&
         nodes->dw == e->dw;
}

int kd_rule_place(const struct kd_rule *rule, const struct kd_estimate *e,
                  const struct kd_rule_args *args, struct kd_nodes *nodes, struct kd_err *err) {
  if (stand(rule, e, args, nodes)) return KD_OK;
  nodes->n = nodes->n_cuts = nodes->n_panels = 0;
  nodes->even = false, nodes->placed++;
  nodes->gradient_error = nodes->loss_error = nodes->blurred = 0;
  nodes->dv = 3 * KD_U * e->w;
  nodes->edges = 2 * e->dw / e->w;
  return rule->even ? place_even(rule, e, args, nodes, err) : rule->place(e, args, nodes, err);
}

const struct kd_rule *kd_rule_find(const char *name) {
  for (size_t i = 0; i < kd_n_rules; i++)
    if (strcmp(kd_rules[i].name, name) == 0) return &kd_rules[i];
  return NULL;
}
