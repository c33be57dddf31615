/* SPDX-License-Identifier: MIT
 *
 * The table of ratios.h: its memory, and how it is filled from blocks of nodes (block.h).
 */
#include "ratios.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aligned.h"
#include "block.h"
#include "block_error.h"
#include "core/vmath/vmath.h"
#include "num.h"
#include "wobble.h"

enum { WIDTH = KD_RATIOS_WIDTH, PAIRS = KD_RATIOS_PAIRS, LANES = KD_RATIOS_LANES };
enum { ROOM_MAX = 1 << 24 };

/* A relative error of E whose square matters, and a table that has one is not for bounds */
static const double HOPELESS = 0.01;

/* E and |kappa| below this may be off by more than their bounds say. */
static const double FAINT = 1e-290;

/* --- memory --- */

static void free_points(struct kd_ratios *r) {
  free(r->y), free(r->dy), free(r->point), free(r->S), free(r->lanes), free(r->sums);
  free(r->t), free(r->d), free(r->more), free(r->most_e), free(r->most_Ee);
  r->more = r->most_e = r->most_Ee = NULL;
  free(r->wobble), free(r->row);
  r->y = r->dy = r->S = r->lanes = r->sums = r->t = r->d = NULL;
  r->point = NULL, r->wobble = NULL, r->row = NULL;
  r->points_room = 0;
}

static void free_nodes(struct kd_ratios *r) {
  free(r->node), free(r->node_weight);
  r->node = r->node_weight = NULL;
  r->nodes_room = 0;
}

static void free_slots(struct kd_ratios *r) {
  free(r->weight), free(r->per_weight), free(r->u), free(r->F);
  r->weight = r->per_weight = r->u = r->F = NULL;
  r->slots_room = 0;
}

void kd_ratios_clear(struct kd_ratios *r) {
  free_points(r), free_nodes(r), free_slots(r);
  free(r->E), free(r->kappa), free(r->Ee);
  *r = (struct kd_ratios){0};
}

bool kd_ratios_fit(size_t n_points, size_t n_nodes) {
  return n_points <= ROOM_MAX && n_nodes + WIDTH <= ROOM_MAX / n_points;
}

static int reserve_points(struct kd_ratios *r, size_t n, struct kd_err *err) {
  if (n <= r->points_room) return KD_OK;
  free_points(r);
  r->y = kd_numbers(n), r->dy = kd_numbers(n), r->S = kd_numbers(n);
  r->lanes = kd_numbers(n * LANES), r->sums = kd_numbers(n * 2);
  r->t = kd_numbers(n), r->d = kd_numbers(n), r->more = kd_numbers(n);
  r->most_e = kd_numbers(n), r->most_Ee = kd_numbers(n);
  r->point = calloc(n, sizeof *r->point), r->wobble = calloc(n, sizeof *r->wobble);
  r->row = calloc(n, sizeof *r->row);
  if (!r->y || !r->dy || !r->S || !r->lanes || !r->sums || !r->t || !r->d || !r->more ||
      !r->most_e || !r->most_Ee || !r->point || !r->wobble || !r->row)
    return kd_no_memory(err);
  r->points_room = n;
  return KD_OK;
}

static int reserve_nodes(struct kd_ratios *r, size_t n, struct kd_err *err) {
  if (n <= r->nodes_room) return KD_OK;
  free_nodes(r);
  r->node = kd_numbers(n), r->node_weight = kd_numbers(n);
  if (!r->node || !r->node_weight) return kd_no_memory(err);
  r->nodes_room = n;
  return KD_OK;
}

static int reserve_slots(struct kd_ratios *r, size_t n, struct kd_err *err) {
  if (n <= r->slots_room) return KD_OK;
  free_slots(r);
  r->weight = kd_numbers(n), r->per_weight = kd_numbers(n);
  r->u = kd_numbers(n), r->F = kd_numbers(n);
  if (!r->weight || !r->per_weight || !r->u || !r->F) return kd_no_memory(err);
  r->slots_room = n;
  return KD_OK;
}

static int reserve_matrix(double **matrix, size_t *room, size_t n, struct kd_err *err) {
  if (n <= *room) return KD_OK;
  free(*matrix);
  *room = 0;
  *matrix = kd_numbers(n);
  if (!*matrix) return kd_no_memory(err);
  *room = n;
  return KD_OK;
}

static int reserve(struct kd_ratios *r, size_t n, size_t n_nodes, size_t n_blocks, bool bounds,
                   struct kd_err *err) {
  size_t slots = n_blocks * WIDTH;
  int code = reserve_points(r, n, err);
  if (!code) code = reserve_nodes(r, n_nodes, err);
  if (!code) code = reserve_slots(r, slots, err);
  if (!code) code = reserve_matrix(&r->E, &r->E_room, n * slots, err);
  if (!code && bounds) code = reserve_matrix(&r->kappa, &r->kappa_room, n * slots, err);
  if (!code && bounds) code = reserve_matrix(&r->Ee, &r->Ee_room, n * slots, err);
  return code;
}

/* --- what it is for --- */

static bool same_numbers(size_t n, const double *a, const double *b) {
  return memcmp(a, b, n * sizeof *a) == 0;
}

static bool same(const struct kd_ratios *r, const struct kd_estimate *e,
                 const struct kd_nodes *nodes) {
  if (r->n != e->n || r->n_nodes != nodes->n || r->kernel != e->kernel ||
      r->space != e->space || r->h != e->h || r->dv != nodes->dv ||
      r->log_mass != e->log_mass || (e->kernel->shape_name && r->shape != e->shape) ||
      !same_numbers(e->n, r->y, e->y) || !same_numbers(e->n, r->dy, e->dy))
    return false;
  return r->placed == nodes->placed || (same_numbers(nodes->n, r->node, nodes->v) &&
                                        same_numbers(nodes->n, r->node_weight, nodes->weight));
}

static void remember(struct kd_ratios *r, const struct kd_estimate *e,
                     const struct kd_nodes *nodes) {
  memcpy(r->y, e->y, e->n * sizeof *r->y);
  memcpy(r->dy, e->dy, e->n * sizeof *r->dy);
  memcpy(r->node, nodes->v, nodes->n * sizeof *r->node);
  memcpy(r->node_weight, nodes->weight, nodes->n * sizeof *r->node_weight);
  r->kernel = e->kernel, r->space = e->space, r->h = e->h, r->shape = e->shape;
  r->log_mass = e->log_mass;
  r->n = e->n, r->n_nodes = nodes->n, r->placed = nodes->placed, r->dv = nodes->dv;
  r->even = nodes->even;
  memset(r->lane_weight, 0, sizeof r->lane_weight);
  for (size_t m = 1; m <= LANES && 2 * m < nodes->n; m++)
    r->lane_weight[m % LANES] = nodes->weight[m];
}

/* --- filling --- */

/* By rising |y|, which is all that reflection asks for unless some are the same: then those
 * left of the centre, right of it and at it are summed apart. */
static void order_rows(struct kd_ratios *r, const struct kd_estimate *e) {
  if (e->ranked) {
    for (size_t j = 0; j < e->n; j++) r->point[j] = j;
    r->n_left = e->n, r->n_right = 0;
    return;
  }
  size_t row = 0;
  for (size_t j = 0; j < e->n; j++)
    if (e->y[j] < 0) r->point[row++] = j;
  r->n_left = row;
  for (size_t j = 0; j < e->n; j++)
    if (e->y[j] > 0) r->point[row++] = j;
  r->n_right = row - r->n_left;
  for (size_t j = 0; j < e->n; j++)
    if (e->y[j] == 0) r->point[row++] = j;
}

/* Block and place in it of node m */
static size_t slot_of(const struct kd_ratios *r, size_t m) {
  bool right = m >= (r->n_nodes + 1) / 2;
  size_t pair = right ? r->n_nodes - 1 - m : m;
  return pair / PAIRS * WIDTH + (right ? PAIRS : 0) + pair % PAIRS;
}

static bool is_middle(const struct kd_ratios *r, size_t m) {
  return 2 * m + 1 == r->n_nodes;
}

/* Where the numbers of nodes stand: in arrays of places, and in the first row of matrices */
struct where {
  size_t slot[KD_BLOCK], number[KD_BLOCK];
};

static void find(const struct kd_ratios *r, size_t first, size_t n, struct where *at) {
  for (size_t k = 0; k < n; k++) {
    size_t slot = slot_of(r, first + k), block = slot / WIDTH, place = slot % WIDTH;
    at->slot[k] = slot;
    at->number[k] = block * r->n * WIDTH + place;
  }
}

static void empty(struct kd_ratios *r, bool bounds) {
  size_t slots = r->n_blocks * WIDTH;
  for (size_t s = 0; s < slots; s++) r->weight[s] = r->u[s] = r->F[s] = 0;
  for (size_t row = 0; row < r->n; row++) r->most_e[row] = r->most_Ee[row] = 0;
  size_t from = (r->n_blocks - 1) * r->n * WIDTH; /* all others are filled */
  for (size_t i = from; i < r->n * slots; i++) r->E[i] = 1;
  for (size_t i = from; bounds && i < r->n * slots; i++) r->kappa[i] = r->Ee[i] = 0;
}

struct filling {
  struct kd_ratios *r;
  const struct kd_estimate *e;
  const struct kd_nodes *nodes;
  bool bounds;
  struct kd_sum uncovered;
  double *log_k, *log_k_error; /* of all places, weighted: in the table's scratch */
};

static void put_nodes(struct filling *f, size_t first, size_t n, const struct where *at) {
  struct kd_ratios *r = f->r;
  const struct kd_block *b = f->e->block;
  for (size_t k = 0; k < n; k++) {
    double weight = f->nodes->weight[first + k];
    r->weight[at->slot[k]] = b->covered[k] ? weight : 0;
    if (b->covered[k])
      f->log_k[at->slot[k]] = weight * b->log_k[k];
    else
      kd_sum_add(&f->uncovered, weight);
  }
  for (size_t row = 0; row < r->n; row++) {
    const double *E = b->term + r->point[row] * n;
    double *to = r->E + row * WIDTH;
    for (size_t k = 0; k < n; k++) to[at->number[k]] = b->covered[k] ? E[k] : 1;
  }
}

static void raise_to(double *most, double x) {
  *most = x > *most ? x : *most;
}

/* kappa, and bounds on the errors of E; all nodes are covered. */
static void put_errors(struct filling *f, size_t first, size_t n, const struct where *at,
                       double common) {
  struct kd_ratios *r = f->r;
  const struct kd_block *b = f->e->block;
  for (size_t k = 0; k < n; k++) {
    double error = kd_block_log_k_error(b, f->e, k) + 6 * KD_U * fabs(b->log_k[k]);
    f->log_k_error[at->slot[k]] = f->nodes->weight[first + k] * (common + error);
  }
  for (size_t row = 0; row < r->n; row++) {
    size_t from = r->point[row] * n;
    const double *E = b->term + from, *error = b->g_error + from, *kappa = b->g + from;
    double *to = r->kappa + row * WIDTH, *Ee = r->Ee + row * WIDTH;
    for (size_t k = 0; k < n; k++) {
      to[at->number[k]] = kappa[k];
      Ee[at->number[k]] = E[k] * error[k];
      raise_to(&r->most_e[row], error[k]);
      raise_to(&r->most_Ee[row], E[k] * error[k]);
      r->bounded &= error[k] <= HOPELESS;
      r->faint |= E[k] < FAINT || (kappa[k] < 0 && kappa[k] > -FAINT);
    }
  }
}

/* Nodes that one wobble holds for */
static void fill_nodes(struct filling *f, size_t first, size_t n, double common) {
  struct kd_block *b = f->e->block;
  const double *v = f->nodes->v + first;
  struct where at;
  find(f->r, first, n, &at);
  kd_block_ratios(b, f->e, n, v);
  kd_vexp(f->r->n * n, b->ratio, b->term);
  put_nodes(f, first, n, &at);
  if (!f->bounds) return;
  kd_vexpm1(f->r->n * n, b->ratio, b->g);
  kd_block_ratio_errors(b, f->e, v, f->r->wobble);
  put_errors(f, first, n, &at, common);
}

static void fill_panel(struct filling *f, const struct kd_panel *panel, size_t first) {
  double common = 0, dv = f->nodes->dv, *v = f->nodes->v;
  size_t step = f->e->block->width;
  bool single = f->bounds && !(panel->reach > 0 && kd_wobble(f->e, panel->middle, panel->reach,
                                                             dv, f->r->wobble, &common));
  for (size_t m = first; m < panel->end; m += single ? 1 : step) {
    size_t left = panel->end - m, n = single ? 1 : left < step ? left : step;
    if (single) kd_wobble(f->e, v[m], 0, dv, f->r->wobble, &common);
    fill_nodes(f, m, n, common);
  }
}

/* A node in the middle stands on both sides, with half its weight: reflection. */
static void share_middle(struct filling *f) {
  struct kd_ratios *r = f->r;
  struct where at;
  size_t middle = r->n_nodes / 2;
  if (!is_middle(r, middle)) return;
  find(r, middle, 1, &at);
  double *of[] = {r->weight, f->log_k, f->log_k_error};
  for (size_t k = 0; k < 3; k++) of[k][at.slot[0] + PAIRS] = of[k][at.slot[0]] *= 0.5;
  for (size_t row = 0; row < r->n; row++) {
    size_t place = at.number[0] + row * WIDTH;
    r->E[place + PAIRS] = r->E[place];
    if (f->bounds) r->kappa[place + PAIRS] = r->kappa[place];
    if (f->bounds) r->Ee[place + PAIRS] = r->Ee[place];
  }
}

/* Of all places, mirror images first: reflection */
static double sum_pairs(const struct kd_ratios *r, const double *term) {
  struct kd_sum sum = {0};
  for (size_t i = 0; i < r->n_blocks * WIDTH; i += WIDTH)
    for (size_t k = i; k < i + PAIRS; k++) kd_sum_add(&sum, term[k] + term[k + PAIRS]);
  return kd_sum_value(&sum);
}

int kd_ratios_fill(struct kd_ratios *r, const struct kd_estimate *e,
                   const struct kd_nodes *nodes, bool bounds, struct kd_err *err) {
  struct filling f = {.r = r, .e = e, .nodes = nodes, .bounds = bounds};
  if (same(r, e, nodes) && (r->tried || !bounds)) return KD_OK;
  r->n = 0; /* until it is whole */
  size_t n_pairs = (nodes->n + 1) / 2, n_blocks = (n_pairs + PAIRS - 1) / PAIRS, first = 0;
  int code = reserve(r, e->n, nodes->n, n_blocks, bounds, err);
  if (code) return code;
  r->n_blocks = n_blocks;
  remember(r, e, nodes);
  r->bounded = r->tried = bounds, r->most = 0, r->faint = false;
  order_rows(r, e);
  empty(r, bounds);
  f.log_k = r->u, f.log_k_error = r->F;
  for (size_t p = 0; p < nodes->n_panels; first = nodes->panel[p++].end)
    fill_panel(&f, &nodes->panel[p], first);
  share_middle(&f);
  for (size_t s = 0; bounds && s < n_blocks * WIDTH; s++)
    r->per_weight[s] = r->weight[s] > 0 ? 1 / r->weight[s] : 0;
  for (size_t row = 0; bounds && row < r->n; row++) raise_to(&r->most, r->most_e[row]);
  r->uncovered = kd_sum_value(&f.uncovered);
  r->log_k_sum = sum_pairs(r, f.log_k), r->log_k_error = sum_pairs(r, f.log_k_error);
  return KD_OK;
}
