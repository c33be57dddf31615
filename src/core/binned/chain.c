/* SPDX-License-Identifier: MIT
 *
 * See chain.h. Three passes over the table, block by block: A from the left; B, F, u and R
 * from the right; L from the left. What enters a block is carried as a running sum of two
 * doubles in units of its own (scaled.h); inside, each lane's own sum is formed first,
 * then what enters it, then its nodes: recursions of 16 steps, many at once.
 *
 * Units: F is a plain double in blocks with points, for those weigh at least e^-600 and a
 * block is at most 64 bandwidths wide. A block without points has the units of what is
 * carried into it; u and the sums over it are units of the inverse.
 *
 * Roundings, in KD_U, g = gap: D^k is right to 2 + 3 k g. A recursion along a lane takes
 * 16 (4 + 3 g), the way to another lane 12 + 3 (16 + 32 + 64) g, that of what enters the block
 * less; so what has been summed along one lane, gone to another and along it is right to
 * in_block = 140 + 432 g. What is carried: share.h, with the decays of a block. The largest of
 * all counts, but for those blocks where it is LARGE, as after long ways without points: they
 * count by their weight, and A (or B) there no more than its share.
 */
#include "chain.h"

#include <math.h>

#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "four.h"
#include "table.h"

enum { RUN = 16, LANES = 2 * KD_LANES };

static const double LARGE = 1000; /* an error that is summed with weights */

/* --- a block --- */

/* D^k */
struct powers {
  double D, D_16, D_32, D_64;
  double lane[LANES]; /* D^(16 l) */
  double u, fall;     /* a block in bandwidths; D^128 - 1 */
  double decay_error, in_block;
  bool slow; /* u is at most 1/2 */
};

static struct powers powers_of(double gap) {
  double u = KD_GAPS * gap;
  struct powers p = {.D = kd_exp(-gap),
                     .D_16 = kd_exp(-16 * gap),
                     .D_32 = kd_exp(-32 * gap),
                     .D_64 = kd_exp(-64 * gap),
                     .u = u,
                     .fall = kd_expm1(-u),
                     .decay_error = kd_decay_error(u),
                     .in_block = 140 + 432 * gap,
                     .slow = u <= 0.5};
  for (int l = 0; l < LANES; l++) p.lane[l] = kd_exp(-KD_STEPS * l * gap);
  return p;
}

/* sum_i D^(15-i) x_i of each lane */
KD_INLINE void lanes_from_left(const double *x, double D, double *sum) {
  kd_four s[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  for (int i = 0; i < KD_STEPS; i++)
    for (int half = 0; half < 2; half++) s[half] = D * s[half] + KD_FOUR(x + kd_line(i, half));
  KD_FOUR(sum) = s[0], KD_FOUR(sum + KD_LANES) = s[1];
}

/* sum_i D^i x_i of each lane */
KD_INLINE void lanes_from_right(const double *x, double D, double *sum) {
  kd_four s[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  for (int i = KD_STEPS; i-- > 0;)
    for (int half = 0; half < 2; half++) s[half] = D * s[half] + KD_FOUR(x + kd_line(i, half));
  KD_FOUR(sum) = s[0], KD_FOUR(sum + KD_LANES) = s[1];
}

/* Of the lanes' sums x, one after the other: what enters each from those before it; returns
 * what leaves the last. In three steps, as chains wait. */
KD_INLINE double scan(const double *x, const struct powers *p, double *from) {
  double a[LANES], b[LANES];
  for (int l = 0; l < LANES; l++) a[l] = l < 1 ? x[l] : x[l] + p->D_16 * x[l - 1];
  for (int l = 0; l < LANES; l++) b[l] = l < 2 ? a[l] : a[l] + p->D_32 * a[l - 2];
  from[0] = 0;
  for (int l = 1; l < LANES; l++) from[l] = l < 5 ? b[l - 1] : b[l - 1] + p->D_64 * b[l - 5];
  return b[7] + p->D_64 * b[3];
}

KD_INLINE double scan_left(const double *sum, const struct powers *p, double *from) {
  return scan(sum, p, from);
}

/* The same with lanes from the right */
KD_INLINE double scan_right(const double *sum, const struct powers *p, double *from) {
  double x[LANES], back[LANES];
  for (int l = 0; l < LANES; l++) x[l] = sum[LANES - 1 - l];
  double out = scan(x, p, back);
  for (int l = 0; l < LANES; l++) from[l] = back[LANES - 1 - l];
  return out;
}

/* What enters each lane if x enters the block */
KD_INLINE void enter_left(double *from, const struct powers *p, double x) {
  for (int l = 0; l < LANES; l++) from[l] += p->lane[l] * x;
}

KD_INLINE void enter_right(double *from, const struct powers *p, double x) {
  for (int l = 0; l < LANES; l++) from[l] += p->lane[LANES - 1 - l] * x;
}

/* A_m for a_m */
KD_INLINE void nodes_A(double *cell, const double *in, double D) {
  kd_four A[2] = {KD_FOUR(in), KD_FOUR(in + KD_LANES)};
  for (int i = 0; i < KD_STEPS; i++)
    for (int half = 0; half < 2; half++) {
      double *at = cell + kd_line(i, half);
      kd_four a = KD_FOUR(at);
      KD_FOUR(at) = A[half];
      A[half] = D * A[half] + a;
    }
}

/* Products of the F of even and of odd nodes in each lane: mantissas, biased exponents */
struct product {
  kd_four mantissa[2][2];
  kd_four_bits exponent[2][2];
  size_t blocks;
};

/* What goes along the lanes from the right */
struct along {
  kd_four B, u, least;
};

/* One line's u for A; its parity is that of the step */
KD_INLINE void node_u(double *at, double D, const double *weight, struct along *x,
                      kd_four *mantissa, kd_four_bits *exponent) {
  x->B = D * x->B + KD_FOUR(at + KD_LANES);
  kd_four F = KD_FOUR(at) + x->B, u = KD_FOUR(weight) / F;
  KD_FOUR(at) = u;
  x->u = D * x->u + u;
  kd_four_bits bits = (kd_four_bits)F;
  KD_FOUR_CHOOSE(&x->least, F < x->least, F);
  *mantissa *= (kd_four)((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  *exponent += bits >> 52;
}

/* u_m for A_m; the sums of u from the right; the least F of each lane */
KD_INLINE void nodes_u(double *cell, const double *in, double D, const double *weight,
                       struct product *p, double *sum, double *least) {
  kd_four high = {INFINITY, INFINITY, INFINITY, INFINITY}, none = {0, 0, 0, 0};
  struct along x[2] = {{KD_FOUR(in), none, high}, {KD_FOUR(in + KD_LANES), none, high}};
  for (int i = KD_STEPS; i > 0; i -= 2)
    for (int odd = 1; odd >= 0; odd--)
      for (int half = 0; half < 2; half++) {
        int step = i - 2 + odd;
        node_u(cell + kd_line(step, half), D, weight + (2 * step + half) * KD_LANES, &x[half],
               &p->mantissa[odd][half], &p->exponent[odd][half]);
      }
  for (int half = 0; half < 2; half++) {
    KD_FOUR(sum + half * KD_LANES) = x[half].u;
    KD_FOUR(least + half * KD_LANES) = x[half].least;
  }
}

/* R_{m+1}, in units of `unit`, beside u_m */
KD_INLINE void nodes_R(double *cell, const double *u, const double *in, double D, double unit) {
  kd_four R[2] = {KD_FOUR(in), KD_FOUR(in + KD_LANES)};
  for (int i = KD_STEPS; i-- > 0;)
    for (int half = 0; half < 2; half++) {
      size_t line = kd_line(i, half);
      KD_FOUR(cell + line + KD_LANES) = unit * R[half];
      R[half] = D * R[half] + KD_FOUR(u + line);
    }
}

/* L_m for u_m */
KD_INLINE void nodes_L(double *cell, const double *u, const double *in, double D, double unit) {
  kd_four L[2] = {KD_FOUR(in), KD_FOUR(in + KD_LANES)};
  for (int i = 0; i < KD_STEPS; i++)
    for (int half = 0; half < 2; half++) {
      size_t line = kd_line(i, half);
      L[half] = D * L[half] + KD_FOUR(u + line);
      KD_FOUR(cell + line) = unit * L[half];
    }
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
KD_INLINE void carry(struct kd_front *front, double x, double e, const struct powers *p) {
  static const double LOW = 0x1p-400, HIGH = 0x1p400;
  struct kd_running *sum = &front->sum;
  bool near = sum->e == e && sum->high > LOW && sum->high < HIGH && x > LOW && x < HIGH;
  if (!near || !p->slow) {
    kd_front_move(front, p->u);
    kd_front_take_in(front, scaled(x, e), p->in_block);
    return;
  }
  kd_running_add(sum, p->fall * sum->high);
  double before = sum->high;
  kd_running_add(sum, x);
  front->error = (before * (front->error + p->decay_error) + x * p->in_block) / sum->high;
}

/* --- weights and logarithms --- */

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

struct logs {
  struct kd_sum mean, size;
};

static void add_log(struct logs *logs, double weight, double log) {
  kd_sum_add(&logs->mean, weight * log);
  kd_sum_add(&logs->size, weight * fabs(log));
}

static void clear_product(struct product *p) {
  const kd_four one = {1, 1, 1, 1};
  *p = (struct product){.mantissa = {{one, one}, {one, one}}};
}

static void add_product(struct logs *logs, const struct kd_grid *g, struct product *p) {
  uint64_t bias = (uint64_t)1023 * p->blocks * (KD_STEPS / 2);
  for (int odd = 0; odd < 2; odd++)
    for (int l = 0; l < LANES; l++) {
      double mantissa = p->mantissa[odd][l / KD_LANES][l % KD_LANES];
      uint64_t exponent = p->exponent[odd][l / KD_LANES][l % KD_LANES];
      add_log(logs, g->inner[odd], kd_log(mantissa));
      add_log(logs, g->inner[odd], (double)(int64_t)(exponent - bias) * KD_LN2);
    }
  clear_product(p);
}

/* The nodes of a block by themselves, from u = weight/F */
static void add_nodes(struct logs *logs, const double *weight, const double *cell) {
  double F[KD_GAPS];
  for (size_t k = 0; k < KD_GAPS; k++) {
    double u = cell[k / KD_LANES * KD_LINE + k % KD_LANES];
    F[k] = weight[k] > 0 ? weight[k] / u : 1;
  }
  kd_vlog(KD_GAPS, F, F);
  for (size_t k = 0; k < KD_GAPS; k++) add_log(logs, weight[k], F[k]);
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

KD_CLONES static void A_from_left(struct kd_chain *c) {
  struct powers p = powers_of(c->gap);
  struct kd_front A = c->A;
  kd_four most = {0, 0, 0, 0};
  for (size_t b = 0; b < c->n_blocks; b++) {
    _Alignas(32) double sum[LANES], from[LANES];
    c->link[b].A = kd_running_value(&A.sum);
    c->link[b].A_error = A.error + 1;
    const double *cell = c->table + b * KD_NUMBERS;
    lanes_from_left(cell, p.D, sum);
    for (size_t line = 0; line < KD_NUMBERS; line += KD_LINE) kd_four_raise(&most, cell + line);
    carry(&A, scan_left(sum, &p, from), 0, &p);
  }
  c->most_a = kd_four_most(&most);
}

/* F of the nodes, u = weight/F in place of A, and the sums of u from the right; returns
 * the unit of F. */
KD_INLINE double pass_F(struct kd_chain *c, double *cell, struct kd_link *link,
                        const double *weight, const struct powers *p, struct kd_front *B,
                        struct product *product, double *sum_u) {
  _Alignas(32) double sum[LANES], A[LANES], from[LANES], least[LANES];
  lanes_from_left(cell, p->D, sum);
  scan_left(sum, p, A);
  lanes_from_right(cell + KD_LANES, p->D, sum);
  double own = scan_right(sum, p, from);
  struct kd_scaled B_in = kd_running_value(&B->sum);
  link->has_points = own > 0;
  double e = own > 0 ? 0 : unit_of(link->A, B_in);
  struct block block = {.A = in_units(link->A, e),
                        .B = in_units(B_in, e),
                        .A_error = link->A_error,
                        .B_error = B->error + 1,
                        .least = INFINITY,
                        .weight = c->block_weight};
  enter_left(A, p, block.A);
  enter_right(from, p, block.B);
  nodes_A(cell, A, p->D);
  nodes_u(cell, from, p->D, weight, product, sum_u, least);
  for (int l = 0; l < LANES; l++) block.least = least[l] < block.least ? least[l] : block.least;
  if (e != 0) c->least = 0;
  c->least = block.least < c->least ? block.least : c->least;
  add_error(c, &block);
  carry(B, own, 0, p);
  return e;
}

/* R of a block whose u, in units of 2^-e, and their lanes' sums are there */
KD_INLINE void pass_R(struct kd_front *R, double *cell, double e, const double *sum,
                      const struct powers *p) {
  _Alignas(32) double from[LANES], room[KD_NUMBERS];
  struct kd_scaled before = kd_running_value(&R->sum);
  double unit = unit_of(before, (struct kd_scaled){1, -e}), factor = two_to(-e - unit);
  double own = scan_right(sum, p, from);
  for (int l = 0; l < LANES; l++) from[l] *= factor;
  enter_right(from, p, in_units(before, unit));
  nodes_R(cell, u_in_units(cell, factor, room), from, p->D, two_to(unit));
  carry(R, own, -e, p);
}

/* The block's part of sum_m weight_m log F_m */
static void log_block(const struct kd_grid *grid, const double *weight, const double *cell,
                      bool edge, double e, struct product *product, struct logs *logs) {
  double W = 0;
  if (edge)
    add_nodes(logs, weight, cell);
  else if (++product->blocks == RUN)
    add_product(logs, grid, product);
  if (e == 0) return;
  for (size_t k = 0; k < KD_GAPS; k++) W += weight[k];
  add_log(logs, W, e * KD_LN2);
}

KD_CLONES static void F_from_right(struct kd_chain *c) {
  _Alignas(32) double weight[2][KD_GAPS];
  struct powers p = powers_of(c->gap);
  struct kd_front B = c->B, R = {0};
  struct product product[2];
  struct logs logs = {{0, 0}, {0, 0}};
  clear_product(&product[0]);
  for (size_t k = 0; k < KD_GAPS; k++) weight[0][k] = c->grid->inner[k / LANES % 2];
  kd_front_move(&B, -c->gap * (double)(c->n_blocks * KD_GAPS - (c->n - 1)));
  c->least = INFINITY;
  for (size_t b = c->n_blocks; b-- > 0;) {
    _Alignas(32) double sum_u[LANES];
    double *cell = c->table + b * KD_NUMBERS;
    struct kd_link *link = &c->link[b];
    bool edge = c->stride > 1 || b == 0 || b == c->n_blocks - 1;
    if (edge) fill_weights(c, b, weight[1]), clear_product(&product[1]);
    double e = pass_F(c, cell, link, weight[edge], &p, &B, &product[edge], sum_u);
    log_block(c->grid, weight[edge], cell, edge, e, &product[0], &logs);
    link->e = e;
    if (link->has_points && R.error > c->flow_error) c->flow_error = R.error;
    pass_R(&R, cell, e, sum_u, &p);
  }
  add_product(&logs, c->grid, &product[0]);
  c->mean_log_f = kd_sum_value(&logs.mean), c->log_size = kd_sum_value(&logs.size);
  c->R = R;
}

KD_CLONES static void L_from_left(struct kd_chain *c) {
  struct powers p = powers_of(c->gap);
  struct kd_front L = {0};
  for (size_t b = 0; b < c->n_blocks; b++) {
    _Alignas(32) double sum[LANES], from[LANES], room[KD_NUMBERS];
    double *cell = c->table + b * KD_NUMBERS;
    double e = c->link[b].e;
    struct kd_scaled before = kd_running_value(&L.sum);
    double unit = unit_of(before, (struct kd_scaled){1, -e}), factor = two_to(-e - unit);
    lanes_from_left(cell, p.D, sum);
    double own = scan_left(sum, &p, from);
    for (int l = 0; l < LANES; l++) from[l] *= factor;
    enter_left(from, &p, in_units(before, unit));
    if (c->link[b].has_points && L.error > c->flow_error) c->flow_error = L.error;
    nodes_L(cell, u_in_units(cell, factor, room), from, p.D, two_to(unit));
    carry(&L, own, -e, &p);
  }
  kd_front_move(&L, -c->gap * (double)(c->n_blocks * KD_GAPS - c->n));
  c->L = L;
}

void kd_chain_run(struct kd_chain *c) {
  const struct kd_grid *g = c->grid;
  c->F_error = c->flow_error = c->spread = 0;
  c->block_weight = fmax(g->inner[0], g->inner[1]) * (double)(KD_GAPS / c->stride + 1);
  A_from_left(c);
  F_from_right(c);
  L_from_left(c);
  double in_block = powers_of(c->gap).in_block;
  c->F_error += in_block, c->flow_error += in_block;
}
