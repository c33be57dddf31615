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

struct sums {
  struct kd_sum loss, uncovered;
  double *pair;     /* n: gradient of the current pair of nodes */
  double *g;        /* n: gradient of one node */
  struct kd_sum *G; /* n */
};

/* Adds one node to the pair; returns its share of the loss. */
static double add_node(const struct kd_estimate *e, double v, double weight, struct sums *s,
                       double *uncovered) {
  double log_f;
  if (!kd_estimate_bin(e, v, s->g, &log_f)) {
    *uncovered += weight;
    return 0;
  }
  for (size_t i = 0; i < e->n; i++) s->pair[i] += weight * s->g[i];
  return -weight * log_f;
}

struct kd_objective kd_objective(const struct kd_estimate *e, const struct kd_nodes *nodes,
                                 double *G, double *scratch) {
  size_t n = e->n;
  struct sums s = {.pair = scratch, .g = scratch + n, .G = (struct kd_sum *)(scratch + 2 * n)};
  memset(s.G, 0, n * sizeof *s.G);
  for (size_t m = 0; m < (nodes->n + 1) / 2; m++) {
    size_t mirror = nodes->n - 1 - m;
    double loss, uncovered = 0;
    memset(s.pair, 0, n * sizeof *s.pair);
    loss = add_node(e, nodes->v[m], nodes->weight[m], &s, &uncovered);
    if (mirror != m)
      loss += add_node(e, nodes->v[mirror], nodes->weight[mirror], &s, &uncovered);
    kd_sum_add(&s.loss, loss);
    kd_sum_add(&s.uncovered, uncovered);
    for (size_t i = 0; i < n; i++) kd_sum_add(&s.G[i], s.pair[i]);
  }
  for (size_t i = 0; i < n; i++) G[e->index[i]] = kd_sum_value(&s.G[i]);
  double uncovered = kd_sum_value(&s.uncovered);
  return (struct kd_objective){.loss = uncovered > 0 ? INFINITY : kd_sum_value(&s.loss),
                               .loss_bound = INFINITY,
                               .gradient_bound = INFINITY,
                               .uncovered = uncovered};
}
