/* SPDX-License-Identifier: MIT
 *
 * See chain.h. Three passes over the table, block by block (sweeps.h): A from the left; B, F,
 * u and R from the right; L from the left. What enters a block is carried as a running sum of
 * two doubles in units of its own (scaled.h); inside, each lane's own sum is formed first,
 * then what enters it, then its nodes. Sums of lanes are kept for the pass the other way.
 *
 * Units: F is a plain double in blocks with points, for those weigh at least e^-600 and a
 * block is at most 64 bandwidths wide. A block without points has the units of what is
 * carried into it; u and the sums over it are units of the inverse.
 *
 * Roundings, in KD_U, g = gap: D^k is right to 2 + 3 k g. A recursion along a lane takes
 * 16 (4 + 3 g), a sum with powers of D less; the way to another lane a power, at most D^96, a
 * product and 9 sums, 12 + 288 g, that of what enters the block less; so what has been summed
 * along one lane, gone to another and along it is right to in_block = 140 + 384 g. What is
 * carried: share.h, with the decays of a block. The largest of all counts, but for those
 * blocks where it is LARGE, as after long ways without points: they count by their weight,
 * and A (or B) there no more than its share.
 */
#include "chain.h"

#include <math.h>
#include <string.h>

#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "logs.h"

enum { RUN = 16 }; /* blocks of a product */

static const double LARGE = 1000; /* an error that is summed with weights */

/* A block: its powers of D; what it takes from a carried sum's digits, in KD_U */
struct pace {
  struct kd_powers p;
  double decay_error, in_block;
  bool slow; /* u is at most 1/2 */
};

static struct pace pace_of(double gap) {
  double u = KD_GAPS * gap;
  return (struct pace){kd_powers_of(gap), kd_decay_error(u), 140 + 384 * gap, u <= 0.5};
}

/* --- units --- */

/* 2^e, 0 or infinite far out */
KD_INLINE double two_to(double e) {
  return e == 0 ? 1 : e < -2000 ? 0 : ldexp(1, (int)fmin(e, 2000));
}

KD_INLINE double in_units(struct kd_scaled a, double e) {
  return a.m > 0 ? a.m * two_to(a.e - e) : 0;
}

static struct kd_scaled scaled(double x, double e) {
  if (!(x > 0)) return (struct kd_scaled){0};
  if (x < 0x1p-512) return (struct kd_scaled){x * 0x1p512, e - KD_LIMB};
  if (x > 0x1p512) return (struct kd_scaled){x * 0x1p-512, e + KD_LIMB};
  return (struct kd_scaled){x, e};
}

/* The larger one's unit */
KD_INLINE double unit_of(struct kd_scaled a, struct kd_scaled b) {
  if (!(a.m > 0)) return b.e;
  return b.m > 0 && b.e > a.e ? b.e : a.e;
}

/* u in units of `factor` */
KD_INLINE const double *u_in_units(const double *cell, double factor, double *room) {
  if (factor == 1) return cell;
  for (size_t i = 0; i < KD_NUMBERS; i++) room[i] = cell[i] * factor;
  return room;
}

/* A sum goes on by a block whose own part is x 2^e. */
KD_INLINE void carry(struct kd_front *front, double x, double e, const struct pace *a) {
  static const double LOW = 0x1p-400, HIGH = 0x1p400;
  struct kd_running *sum = &front->sum;
  bool near = sum->e == e && sum->high > LOW && sum->high < HIGH && x > LOW && x < HIGH;
  if (!near || !a->slow) {
    kd_front_move(front, a->p.u);
    kd_front_take_in(front, scaled(x, e), a->in_block);
    return;
  }
  kd_running_add(sum, a->p.fall * sum->high);
  double before = sum->high;
  kd_running_add(sum, x);
  front->error = (before * (front->error + a->decay_error) + x * a->in_block) / sum->high;
}

/* --- weights --- */

static double weight_at(const struct kd_chain *c, size_t m) {
  const struct kd_grid *g = c->grid;
  if (m >= c->n || m % c->stride) return 0;
  m /= c->stride;
  return m == 0 || m == g->n - 1 ? g->outer : g->inner[m % 2];
}

/* Weights of a block's nodes, in the order of the lines */
static void fill_weights(const struct kd_chain *c, size_t block, double *weight) {
  for (size_t k = 0; k < KD_GAPS; k++) {
    size_t at = kd_cell((uint32_t)k);
    weight[at / KD_LINE * KD_LANES + at % KD_LINE] = weight_at(c, block * KD_GAPS + k);
  }
}

/* --- errors --- */

struct block {
  double A, A_error, B, B_error; /* what enters it */
  double least, weight;
};

static void add_error(struct kd_chain *c, const struct block *b) {
  double most = fmax(b->A > 0 ? b->A_error : 0, b->B > 0 ? b->B_error : 0);
  if (most <= LARGE) {
    c->F_error = fmax(c->F_error, most);
    return;
  }
  double of_A = fmin(1, b->A / b->least) * b->A_error;
  double of_B = fmin(1, b->B / b->least) * b->B_error;
  c->spread += b->weight * (of_A + of_B);
}

/* --- the passes --- */

KD_CLONES static void A_from_left(struct kd_chain *c, const struct pace *a) {
  struct kd_front A = c->A;
  kd_four most = {0, 0, 0, 0};
  for (size_t b = 0; b < c->n_blocks; b++) {
    struct kd_link *link = &c->link[b];
    const double *cell = c->table + b * KD_NUMBERS;
    _Alignas(32) double sum[KD_ROW];
    link->A = kd_running_value(&A.sum);
    link->A_error = A.error + 1;
    kd_sums_from_left(cell, a->p.D, sum);
    for (size_t line = 0; line < KD_NUMBERS; line += KD_LINE) kd_four_raise(&most, cell + line);
    double own = kd_leave(&a->p.right, sum);
    link->has_points = own > 0;
    memcpy(link->sum, sum, sizeof sum);
    carry(&A, own, 0, a);
  }
  c->most_a = kd_four_most(&most);
}

/* F of the nodes, u = weight/F in place of A, and the sums of u; sets the unit of F. */
KD_INLINE void pass_F(struct kd_chain *c, double *cell, struct kd_link *link,
                      const double *weight, const struct pace *a, struct kd_front *B,
                      struct kd_product *product, struct kd_flow_sums *sums) {
  _Alignas(32) double sum_b[KD_ROW];
  struct kd_row in;
  struct kd_scaled B_in = kd_running_value(&B->sum);
  double e = link->has_points ? 0 : unit_of(link->A, B_in);
  struct block block = {.A = in_units(link->A, e),
                        .B = in_units(B_in, e),
                        .A_error = link->A_error,
                        .B_error = B->error + 1,
                        .least = INFINITY,
                        .weight = c->block_weight};
  kd_enter(&a->p.left, link->sum, block.A, &in);
  kd_nodes_A(cell, &in, a->p.D, sum_b);
  kd_enter(&a->p.right, sum_b, block.B, &in);
  kd_nodes_u(cell, &in, &a->p, weight, product, sums);
  for (int l = 0; l < KD_ROW; l++)
    block.least = sums->least[l] < block.least ? sums->least[l] : block.least;
  link->e = e;
  if (e != 0) c->least = 0;
  c->least = block.least < c->least ? block.least : c->least;
  add_error(c, &block);
  carry(B, kd_leave(&a->p.left, sum_b), 0, a);
}

/* What enters the lanes of a block whose u are in units of 2^-e, in those of `unit`, and
 * takes the block in */
struct flow {
  struct kd_row in;
  double factor, unit;
};

KD_INLINE struct flow flow_into(struct kd_front *front, double e, double *sum,
                                const struct kd_ways *ways, const struct kd_ways *other,
                                const struct pace *a) {
  struct kd_scaled before = kd_running_value(&front->sum);
  double own = kd_leave(other, sum), unit = unit_of(before, (struct kd_scaled){1, -e});
  struct flow f = {.factor = two_to(-e - unit), .unit = two_to(unit)};
  for (int l = 0; l < KD_ROW && f.factor != 1; l++) sum[l] *= f.factor;
  kd_enter(ways, sum, in_units(before, unit), &f.in);
  carry(front, own, -e, a);
  return f;
}

/* The block's part of sum_m weight_m log F_m */
static void log_block(const struct kd_grid *grid, const double *weight, const double *cell,
                      bool edge, double e, struct kd_product *product, struct kd_logs *logs) {
  double W = 0;
  if (edge)
    kd_logs_add_nodes(logs, weight, cell);
  else if (++product->blocks == RUN)
    kd_logs_add_product(logs, grid, product);
  if (e == 0) return;
  for (size_t k = 0; k < KD_GAPS; k++) W += weight[k];
  kd_logs_add(logs, W, e * KD_LN2);
}

KD_CLONES static void F_from_right(struct kd_chain *c, const struct pace *a) {
  _Alignas(32) double weight[2][KD_GAPS], room[KD_NUMBERS];
  struct kd_front B = c->B, R = {0};
  struct kd_product product[2];
  struct kd_logs logs = {{0, 0}, {0, 0}};
  kd_product_clear(&product[0]);
  for (size_t k = 0; k < KD_GAPS; k++) weight[0][k] = c->grid->inner[k / KD_ROW % 2];
  kd_front_move(&B, -c->gap * (double)(c->n_blocks * KD_GAPS - (c->n - 1)));
  c->least = INFINITY;
  for (size_t b = c->n_blocks; b-- > 0;) {
    struct kd_flow_sums sums;
    double *cell = c->table + b * KD_NUMBERS;
    struct kd_link *link = &c->link[b];
    bool edge = c->stride > 1 || b == 0 || b == c->n_blocks - 1;
    if (edge) fill_weights(c, b, weight[1]), kd_product_clear(&product[1]);
    pass_F(c, cell, link, weight[edge], a, &B, &product[edge], &sums);
    log_block(c->grid, weight[edge], cell, edge, link->e, &product[0], &logs);
    memcpy(link->sum, sums.from_left, sizeof link->sum);
    if (link->has_points && R.error > c->flow_error) c->flow_error = R.error;
    struct flow f = flow_into(&R, link->e, sums.from_right, &a->p.right, &a->p.left, a);
    kd_nodes_R(cell, u_in_units(cell, f.factor, room), &f.in, a->p.D, f.unit);
  }
  kd_logs_add_product(&logs, c->grid, &product[0]);
  c->mean_log_f = kd_sum_value(&logs.mean), c->log_size = kd_sum_value(&logs.size);
  c->R = R;
}

KD_CLONES static void L_from_left(struct kd_chain *c, const struct pace *a) {
  _Alignas(32) double room[KD_NUMBERS];
  struct kd_front L = {0};
  for (size_t b = 0; b < c->n_blocks; b++) {
    double *cell = c->table + b * KD_NUMBERS;
    struct kd_link *link = &c->link[b];
    if (link->has_points && L.error > c->flow_error) c->flow_error = L.error;
    struct flow f = flow_into(&L, link->e, link->sum, &a->p.left, &a->p.right, a);
    kd_nodes_L(cell, u_in_units(cell, f.factor, room), &f.in, a->p.D, f.unit);
  }
  kd_front_move(&L, -c->gap * (double)(c->n_blocks * KD_GAPS - c->n));
  c->L = L;
}

void kd_chain_run(struct kd_chain *c) {
  const struct kd_grid *g = c->grid;
  struct pace a = pace_of(c->gap);
  c->F_error = c->flow_error = c->spread = 0;
  c->block_weight = fmax(g->inner[0], g->inner[1]) * (double)(KD_GAPS / c->stride + 1);
  A_from_left(c, &a);
  F_from_right(c, &a);
  L_from_left(c, &a);
  c->F_error += a.in_block, c->flow_error += a.in_block;
}
