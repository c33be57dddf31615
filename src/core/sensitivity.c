/* SPDX-License-Identifier: MIT
 *
 * See sensitivity.h.
 */
#include "sensitivity.h"

#include <math.h>
#include <string.h>

#include "block.h"
#include "circle.h"
#include "num.h"

struct sums {
  struct kd_sum loss;
  double *rho, *other; /* n each */
  struct kd_sum *G;    /* n */
};

/* d log K_j/dd at a bin; 0 at the point itself, where the two sides cancel. */
static double slope(const struct kd_estimate *e, double v, size_t j, double velocity) {
  double r = kd_estimate_offset(e, v, j);
  if (r == 0) return 0;
  return -e->kernel->slope(r, 0, e->h, e->shape).at * velocity;
}

/* rho of a bin into `rho`; false if it is uncovered */
static bool responsibilities(const struct kd_estimate *e, double v, double *rho,
                             double *log_f) {
  struct kd_block *block = e->block;
  kd_block_fill(block, e, 1, &v, NULL);
  if (!block->covered[0]) return false;
  *log_f = block->log_f[0];
  for (size_t j = 0; j < e->n; j++) rho[j] = e->S[j] - block->g[j];
  return true;
}

static void add_node(const struct kd_estimate *e, double v, double weight,
                     const double *velocity, struct sums *s) {
  double log_f, mean = 0, *m = s->other;
  if (!responsibilities(e, v, s->rho, &log_f)) return;
  for (size_t j = 0; j < e->n; j++) {
    m[j] = s->rho[j] > 0 ? slope(e, v, j, velocity[j]) : 0;
    mean += s->rho[j] * m[j];
  }
  kd_sum_add(&s->loss, -weight * mean);
  for (size_t i = 0; i < e->n; i++) kd_sum_add(&s->G[i], -weight * (s->rho[i] * (m[i] - mean)));
}

/* A jump at v, moving with its point: the difference of the two sides */
static void add_jump(const struct kd_estimate *e, double v, double velocity, struct sums *s) {
  double hair = 0x1p-40 * e->w, log_below, log_above;
  if (!(fabs(v) < e->w)) return;
  bool below = responsibilities(e, v - hair, s->rho, &log_below);
  bool above = responsibilities(e, v + hair, s->other, &log_above);
  double share = velocity / (2 * e->w);
  if (below && above) kd_sum_add(&s->loss, -share * (log_below - log_above));
  for (size_t i = 0; i < e->n; i++) {
    /* Uncovered bins count as S_i - rho_i = 0 in G. */
    double g_below = below ? e->S[i] - s->rho[i] : 0;
    double g_above = above ? e->S[i] - s->other[i] : 0;
    kd_sum_add(&s->G[i], share * (g_below - g_above));
  }
}

/* Jumps of point j: the ends of its support, and on the circle the antipode of a
 * kernel whose two sides differ. */
static void add_jumps(const struct kd_estimate *e, size_t j, double velocity, struct sums *s) {
  double reach = e->kernel->support * e->h, place[3];
  int n = 0, turns = e->space == KD_SPACE_CIRCLE;
  if (e->kernel->jumps_at_end && (!turns || reach < KD_PI_HIGH)) {
    place[n++] = e->y[j] - reach;
    place[n++] = e->y[j] + reach;
  }
  if (turns && e->kernel->lopsided) place[n++] = kd_turned(e->y[j], 0.5);
  for (int k = 0; k < n; k++)
    for (int turn = -turns; turn <= turns; turn++)
      add_jump(e, kd_turned(place[k], turn), velocity, s);
}

double kd_sensitivity(const struct kd_estimate *e, const struct kd_nodes *nodes,
                      bool with_jumps, const double *velocity, double *dG, double *scratch) {
  size_t n = e->n;
  struct sums s = {
      .rho = scratch, .other = scratch + n, .G = (struct kd_sum *)(scratch + 2 * n)};
  memset(s.G, 0, n * sizeof *s.G);
  for (size_t m = 0; m < nodes->n; m++)
    add_node(e, nodes->v[m], nodes->weight[m], velocity, &s);
  for (size_t j = 0; with_jumps && j < n; j++) add_jumps(e, j, velocity[j], &s);
  for (size_t i = 0; i < n; i++) dG[e->index[i]] = kd_sum_value(&s.G[i]);
  return kd_sum_value(&s.loss);
}
