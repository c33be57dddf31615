/* SPDX-License-Identifier: MIT
 *
 * See ratios.h. All sums have fixed lanes: the same bits on every processor.
 */
#include "ratios.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "num.h"
#include "objective.h"

enum { LANES = 8, BLOCKS_A_RUN = 64, ROOM_MAX = 1 << 24 };

static void free_nodes(struct kd_ratios *r) {
  free(r->v), free(r->weight), free(r->log_k);
  r->v = r->weight = r->log_k = NULL;
  r->nodes_room = 0;
}

static void free_points(struct kd_ratios *r) {
  free(r->y), free(r->lanes), free(r->m);
  r->y = r->lanes = r->m = NULL;
  r->points_room = 0;
}

void kd_ratios_clear(struct kd_ratios *r) {
  free_nodes(r), free_points(r);
  free(r->E);
  *r = (struct kd_ratios){0};
}

bool kd_ratios_fit(size_t n_points, size_t n_nodes) {
  return n_points <= ROOM_MAX && n_nodes + KD_BLOCK <= ROOM_MAX / n_points;
}

static int reserve(struct kd_ratios *r, size_t n, size_t n_nodes, struct kd_err *err) {
  if (n > r->points_room) {
    free_points(r);
    r->y = malloc(n * sizeof *r->y);
    r->lanes = malloc(n * LANES * sizeof *r->lanes);
    r->m = malloc(n * 2 * sizeof *r->m);
    if (!r->y || !r->lanes || !r->m) return kd_no_memory(err);
    r->points_room = n;
  }
  if (n_nodes > r->nodes_room) {
    free_nodes(r);
    r->v = malloc(n_nodes * sizeof *r->v);
    r->weight = malloc(n_nodes * sizeof *r->weight);
    r->log_k = malloc(n_nodes * sizeof *r->log_k);
    if (!r->v || !r->weight || !r->log_k) return kd_no_memory(err);
    r->nodes_room = n_nodes;
  }
  if (n * n_nodes > r->E_room) {
    free(r->E);
    r->E_room = 0;
    r->E = malloc(n * n_nodes * sizeof *r->E);
    if (!r->E) return kd_no_memory(err);
    r->E_room = n * n_nodes;
  }
  return KD_OK;
}

static bool same(const struct kd_ratios *r, const struct kd_estimate *e,
                 const struct kd_nodes *nodes) {
  return r->n == e->n && r->n_nodes == nodes->n && r->kernel == e->kernel &&
         r->space == e->space && r->h == e->h && r->log_mass == e->log_mass &&
         (!e->kernel->shape_name || r->shape == e->shape) &&
         memcmp(r->y, e->y, e->n * sizeof *r->y) == 0 &&
         memcmp(r->v, nodes->v, nodes->n * sizeof *r->v) == 0 &&
         memcmp(r->weight, nodes->weight, nodes->n * sizeof *r->weight) == 0;
}

static void fill_block(struct kd_ratios *r, const struct kd_estimate *e, size_t block) {
  struct kd_block *b = e->block;
  size_t first = block * r->width;
  double *E = r->E + first * r->n;
  kd_block_ratios(b, e, r->width, r->v + first);
  kd_vexp(r->n * r->width, b->ratio, E);
  for (size_t k = 0; k < r->width; k++) {
    r->log_k[first + k] = b->covered[k] ? b->log_k[k] : -INFINITY;
    for (size_t j = 0; !b->covered[k] && j < r->n; j++) E[j * r->width + k] = 0;
  }
}

int kd_ratios_fill(struct kd_ratios *r, const struct kd_estimate *e,
                   const struct kd_nodes *nodes, struct kd_err *err) {
  if (same(r, e, nodes)) return KD_OK;
  r->n = 0; /* until it is whole */
  r->width = e->block->width;
  r->n_blocks = (nodes->n + r->width - 1) / r->width;
  size_t padded = r->n_blocks * r->width;
  int code = reserve(r, e->n, padded, err);
  if (code) return code;
  memcpy(r->y, e->y, e->n * sizeof *r->y);
  memcpy(r->v, nodes->v, nodes->n * sizeof *r->v);
  memcpy(r->weight, nodes->weight, nodes->n * sizeof *r->weight);
  for (size_t m = nodes->n; m < padded; m++) r->v[m] = nodes->v[0], r->weight[m] = 0;
  r->kernel = e->kernel, r->space = e->space, r->h = e->h, r->shape = e->shape;
  r->log_mass = e->log_mass;
  r->n = e->n, r->n_nodes = nodes->n;
  for (size_t block = 0; block < r->n_blocks; block++) fill_block(r, e, block);
  return KD_OK;
}

/* F of the nodes of a block */
KD_CLONES static void add_points(size_t n, size_t width, const double *S, const double *E,
                                 double *F) {
  if (width == KD_BLOCK) {
    double sum[KD_BLOCK] = {0};
    for (size_t j = 0; j < n; j++)
#pragma omp simd
      for (size_t k = 0; k < KD_BLOCK; k++) sum[k] += S[j] * E[j * KD_BLOCK + k];
    memcpy(F, sum, sizeof sum);
    return;
  }
  memset(F, 0, width * sizeof *F);
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < width; k++) F[k] += S[j] * E[j * width + k];
}

/* lanes of m_j += u E_j over the nodes of a block; width is a multiple of LANES */
KD_CLONES static void add_nodes(size_t n, size_t width, const double *u, const double *E,
                                double *lanes) {
  if (width == KD_BLOCK) {
    for (size_t j = 0; j < n; j++) {
      const double *row = E + j * KD_BLOCK;
      double *lane = lanes + j * LANES;
#pragma omp simd
      for (size_t l = 0; l < LANES; l++)
        lane[l] += (u[l] * row[l] + u[l + 8] * row[l + 8]) +
                   (u[l + 16] * row[l + 16] + u[l + 24] * row[l + 24]);
    }
    return;
  }
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < width; k++) lanes[j * LANES + k % LANES] += u[k] * E[j * width + k];
}

/* weight/f K_0 of the nodes, 0 where uncovered; false if f underflows. */
static bool weights_over_F(const struct kd_ratios *r, size_t first, const double *F, double *u,
                           struct kd_sum *uncovered) {
  static const double LEAST = 0x1p-900;
  for (size_t k = 0; k < r->width; k++) {
    bool covered = r->log_k[first + k] > -INFINITY;
    if (covered && !(F[k] >= LEAST)) return false;
    u[k] = covered ? r->weight[first + k] / F[k] : 0;
    if (!covered) kd_sum_add(uncovered, r->weight[first + k]);
  }
  return true;
}

static void add_loss(const struct kd_ratios *r, size_t first, const double *F,
                     struct kd_sum *loss) {
  double log_F[KD_BLOCK], sum = 0;
  kd_vlog(r->width, F, log_F);
  for (size_t k = 0; k < r->width; k++)
    if (r->log_k[first + k] > -INFINITY)
      sum -= r->weight[first + k] * (r->log_k[first + k] + log_F[k]);
  kd_sum_add(loss, sum);
}

/* Ends a run of blocks: its lanes go to m. */
static void flush(const struct kd_ratios *r, struct kd_sum *m) {
  for (size_t j = 0; j < r->n; j++) {
    double *lane = r->lanes + j * LANES;
    kd_sum_add(&m[j], ((lane[0] + lane[4]) + (lane[1] + lane[5])) +
                          ((lane[2] + lane[6]) + (lane[3] + lane[7])));
    memset(lane, 0, LANES * sizeof *lane);
  }
}

bool kd_ratios_look(struct kd_ratios *r, const struct kd_estimate *e, double *loss, double *G,
                    double *log_m, double *uncovered) {
  struct kd_sum *m = (struct kd_sum *)r->m, all = {0}, gaps = {0};
  double F[KD_BLOCK], u[KD_BLOCK];
  memset(m, 0, r->n * sizeof *m);
  memset(r->lanes, 0, r->n * LANES * sizeof *r->lanes);
  for (size_t block = 0; block < r->n_blocks; block++) {
    size_t first = block * r->width;
    const double *E = r->E + first * r->n;
    add_points(r->n, r->width, e->S, E, F);
    if (!weights_over_F(r, first, F, u, &gaps)) return false;
    add_nodes(r->n, r->width, u, E, r->lanes);
    if (loss) add_loss(r, first, F, &all);
    if ((block + 1) % BLOCKS_A_RUN == 0) flush(r, m);
  }
  flush(r, m);
  *uncovered = kd_sum_value(&gaps);
  if (loss) *loss = *uncovered > 0 ? INFINITY : kd_sum_value(&all);
  for (size_t j = 0; j < r->n; j++) {
    size_t i = e->index[j];
    double m_j = kd_sum_value(&m[j]);
    G[i] = e->S[j] * ((1 - *uncovered) - m_j);
    log_m[i] = kd_log_m(m_j, e->S[j], e->log_S[j], G[i]);
  }
  return true;
}
