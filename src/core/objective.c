/* SPDX-License-Identifier: MIT
 *
 * See objective.h. Nodes are summed in pairs from both ends inwards, so that
 * reflecting a problem changes no bit, with compensation, so that a million
 * bins cost no digits.
 */
#include "objective.h"

#include <math.h>
#include <string.h>

#include "num.h"
#include "wobble.h"

/* The panel in which one of the two fronts stands */
struct front {
  size_t panel;
  bool known;               /* whether wobble holds for all of it */
  double common;            /* see kd_wobble */
  struct kd_wobble *wobble; /* n */
};

struct sums {
  const struct kd_estimate *e;
  const struct kd_nodes *nodes;
  struct kd_sum loss, uncovered, loss_bound;
  double least, most; /* log f */
  double blurred;     /* weight of nodes that may be zeros of f */
  double *pair;       /* n: gradient of the current pair of nodes */
  double *g, *error;  /* n each: gradient of one node, and its error */
  double *bound;      /* n: error of G; rounding makes it wrong by less than 1 % */
  struct kd_sum *G;   /* n */
  struct front front[2];
};

static void look_at(struct sums *s, struct front *front, size_t panel) {
  const struct kd_panel *p = &s->nodes->panel[panel];
  front->panel = panel;
  front->known = p->reach > 0 && kd_wobble(s->e, p->middle, p->reach, s->nodes->dv,
                                           front->wobble, &front->common);
}

/* Follows the nodes from one panel to the next, or to the one before. */
static const struct kd_wobble *wobble_at(struct sums *s, struct front *front, size_t m) {
  const struct kd_panel *panel = s->nodes->panel;
  size_t k = front->panel;
  while (m >= panel[k].end) k++;
  while (k > 0 && m < panel[k - 1].end) k--;
  if (k != front->panel) look_at(s, front, k);
  if (!front->known)
    kd_wobble(s->e, s->nodes->v[m], 0, s->nodes->dv, front->wobble, &front->common);
  return front->wobble;
}

static bool stands_for_integral(const struct kd_nodes *nodes) {
  return nodes->gradient_error > 0 || nodes->loss_error > 0;
}

/* A bin without cover: certainly so, or not */
static void add_uncovered(struct sums *s, const struct kd_wobble *wobble, double weight) {
  for (size_t j = 0; j < s->e->n; j++)
    if (wobble[j].log_edge > -INFINITY) {
      for (size_t i = 0; i < s->e->n; i++) s->bound[i] += weight;
      kd_sum_add(&s->loss_bound, INFINITY);
      return;
    }
}

/* Adds one node to the pair; returns its share of the loss. */
static double add_node(struct sums *s, struct front *front, size_t m, double *uncovered) {
  const struct kd_wobble *wobble = wobble_at(s, front, m);
  double weight = s->nodes->weight[m];
  struct kd_bin bin;
  if (!kd_estimate_bin(s->e, s->nodes->v[m], wobble, s->g, s->error, &bin)) {
    *uncovered += weight;
    add_uncovered(s, wobble, weight);
    return 0;
  }
  for (size_t i = 0; i < s->e->n; i++) {
    s->pair[i] += weight * s->g[i];
    s->bound[i] += weight * (s->error[i] + 8 * KD_U * fabs(s->g[i]));
  }
  if (isfinite(bin.log_f_error) || !stands_for_integral(s->nodes))
    /* Eight roundings, of the weight and of the sums, too */
    kd_sum_add(&s->loss_bound,
               weight * (bin.log_f_error + front->common + 8 * KD_U * fabs(bin.log_f)));
  else /* at a zero of f */
    s->blurred += weight;
  s->least = fmin(s->least, bin.log_f);
  s->most = fmax(s->most, bin.log_f);
  return -weight * bin.log_f;
}

static void add_pairs(struct sums *s) {
  size_t n = s->e->n, n_nodes = s->nodes->n;
  for (size_t m = 0; m < (n_nodes + 1) / 2; m++) {
    size_t mirror = n_nodes - 1 - m;
    double uncovered = 0;
    memset(s->pair, 0, n * sizeof *s->pair);
    double loss = add_node(s, &s->front[0], m, &uncovered);
    if (mirror != m) loss += add_node(s, &s->front[1], mirror, &uncovered);
    kd_sum_add(&s->loss, loss);
    kd_sum_add(&s->uncovered, uncovered);
    for (size_t i = 0; i < n; i++) kd_sum_add(&s->G[i], s->pair[i]);
  }
}

/* What the nodes' errors do not tell: quadrature, and strips of T: those next to cuts,
 * those by which its edges, or those of what is covered, may be off. */
static void add_bounds(const struct sums *s, struct kd_objective *out) {
  const struct kd_estimate *e = s->e;
  double strips = s->nodes->blurred + 3 * s->blurred, edges = 2 * e->dw / e->w;
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

struct kd_objective kd_objective(const struct kd_estimate *e, const struct kd_nodes *nodes,
                                 double *G, double *scratch) {
  size_t n = e->n;
  struct kd_wobble *wobble = (struct kd_wobble *)(scratch + 6 * n);
  struct sums s = {.e = e,
                   .nodes = nodes,
                   .least = INFINITY,
                   .most = -INFINITY,
                   .pair = scratch,
                   .g = scratch + n,
                   .error = scratch + 2 * n,
                   .bound = scratch + 3 * n,
                   .G = (struct kd_sum *)(scratch + 4 * n),
                   .front = {{.wobble = wobble}, {.wobble = wobble + n}}};
  memset(s.G, 0, n * sizeof *s.G);
  memset(s.bound, 0, n * sizeof *s.bound);
  if (nodes->n_panels > 0) {
    look_at(&s, &s.front[0], 0);
    look_at(&s, &s.front[1], nodes->n_panels - 1);
  }
  add_pairs(&s);
  for (size_t i = 0; i < n; i++) G[e->index[i]] = kd_sum_value(&s.G[i]);
  double uncovered = kd_sum_value(&s.uncovered);
  struct kd_objective out = {.loss = kd_sum_value(&s.loss), .uncovered = uncovered};
  add_bounds(&s, &out);
  if (uncovered > 0) {
    out.loss = INFINITY;
    if (isfinite(out.loss_bound)) out.loss_bound = 0; /* a fact */
  }
  return out;
}
