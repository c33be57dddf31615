/* SPDX-License-Identifier: MIT
 *
 * See chain.h. Three passes over the table, block by block: A from the left; B, F, u and R
 * from the right; L from the left. What enters a block is carried as a running sum of two
 * doubles in units of its own (scaled.h); inside, each lane's own sum is formed first,
 * then what enters it, then its nodes: recursions of 8 steps, many at once.
 *
 * Units: F is a plain double in blocks with points, for those weigh at least e^-600 and a
 * block is at most 64 bandwidths wide. A block without points has the units of what is
 * carried into it; u and the sums over it are units of the inverse.
 *
 * Roundings, in KD_U, g = gap: D is right to 2 + 3 g, its 8th power to 2 + 24 g. A lane takes
 * 8 (4 + 3 g), what enters it 8 (4 + 24 g): IN_BLOCK. What is carried: share.h, with the
 * decays of a block. The largest of all counts, but for those blocks where it is LARGE, as
 * after long ways without points: they count by their weight, and A (or B) there no more
 * than its share.
 */
#include "chain.h"

#include <math.h>

#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "table.h"

enum { RUN = 16, LANES = 2 * KD_LANES };

static const double LARGE = 1000; /* an error that is summed with weights */

static double in_block(double gap) {
  return 80 + 220 * gap;
}

/* --- a block --- */

/* sum_i D^(7-i) x_i of each lane */
KD_INLINE void lanes_from_left(const double *x, double D, double *sum) {
  for (int half = 0; half < 2; half++)
#pragma omp simd
    for (int l = 0; l < KD_LANES; l++) {
      double s = 0;
      for (int i = 0; i < KD_STEPS; i++) s = D * s + x[kd_line(i, half) + (size_t)l];
      sum[half * KD_LANES + l] = s;
    }
}

/* sum_i D^i x_i of each lane */
KD_INLINE void lanes_from_right(const double *x, double D, double *sum) {
  for (int half = 0; half < 2; half++)
#pragma omp simd
    for (int l = 0; l < KD_LANES; l++) {
      double s = 0;
      for (int i = KD_STEPS; i-- > 0;) s = D * s + x[kd_line(i, half) + (size_t)l];
      sum[half * KD_LANES + l] = s;
    }
}

/* From the lanes' sums what enters each lane, if x enters the block; returns what leaves it. */
KD_INLINE double enter_from_left(const double *sum, double D8, double x, double *in) {
  for (int l = 0; l < LANES; l++) in[l] = x, x = D8 * x + sum[l];
  return x;
}

KD_INLINE double enter_from_right(const double *sum, double D8, double x, double *in) {
  for (int l = LANES; l-- > 0;) in[l] = x, x = D8 * x + sum[l];
  return x;
}

/* A_m for a_m */
KD_INLINE void nodes_A(double *cell, const double *in, double D) {
  for (int half = 0; half < 2; half++)
#pragma omp simd
    for (int l = 0; l < KD_LANES; l++) {
      double A = in[half * KD_LANES + l];
      for (int i = 0; i < KD_STEPS; i++) {
        double *at = cell + kd_line(i, half) + l, a = *at;
        *at = A;
        A = D * A + a;
      }
    }
}

/* Products of the F of odd and of even nodes in each lane: mantissas, biased exponents */
struct product {
  double mantissa[2][LANES];
  uint64_t exponent[2][LANES];
  size_t blocks;
};

KD_INLINE double mantissa(double x) {
  return kd_from_bits((kd_bits(x) & 0xfffffffffffff) | 0x3ff0000000000000);
}

/* u_m for A_m; the sums of u from the right; the least F of each lane */
KD_INLINE void nodes_u(double *cell, const double *in, double D, const double *weight,
                       struct product *p, double *sum, double *least) {
  for (int half = 0; half < 2; half++)
#pragma omp simd
    for (int l = 0; l < KD_LANES; l++) {
      int lane = half * KD_LANES + l;
      double B = in[lane], s = 0, low = INFINITY;
      double even = p->mantissa[0][lane], odd = p->mantissa[1][lane];
      uint64_t e_even = p->exponent[0][lane], e_odd = p->exponent[1][lane];
      for (int k = KD_STEPS / 2; k-- > 0;) {
        double *at = cell + kd_line(2 * k + 1, half) + l;
        B = D * B + at[KD_LANES];
        double F = *at + B, u = weight[(4 * k + 2 + half) * KD_LANES + l] / F;
        *at = u, s = D * s + u, low = F < low ? F : low;
        odd *= mantissa(F), e_odd += kd_bits(F) >> 52;
        at = cell + kd_line(2 * k, half) + l;
        B = D * B + at[KD_LANES];
        F = *at + B, u = weight[(4 * k + half) * KD_LANES + l] / F;
        *at = u, s = D * s + u, low = F < low ? F : low;
        even *= mantissa(F), e_even += kd_bits(F) >> 52;
      }
      p->mantissa[0][lane] = even, p->mantissa[1][lane] = odd;
      p->exponent[0][lane] = e_even, p->exponent[1][lane] = e_odd;
      sum[lane] = s, least[lane] = low;
    }
}

/* R_{m+1}, in units of `unit`, beside u_m */
KD_INLINE void nodes_R(double *cell, const double *u, const double *in, double D, double unit) {
  for (int half = 0; half < 2; half++)
#pragma omp simd
    for (int l = 0; l < KD_LANES; l++) {
      double R = in[half * KD_LANES + l];
      for (int i = KD_STEPS; i-- > 0;) {
        size_t at = kd_line(i, half) + (size_t)l;
        cell[at + KD_LANES] = unit * R;
        R = D * R + u[at];
      }
    }
}

/* L_m for u_m */
KD_INLINE void nodes_L(double *cell, const double *u, const double *in, double D, double unit) {
  for (int half = 0; half < 2; half++)
#pragma omp simd
    for (int l = 0; l < KD_LANES; l++) {
      double L = in[half * KD_LANES + l];
      for (int i = 0; i < KD_STEPS; i++) {
        size_t at = kd_line(i, half) + (size_t)l;
        L = D * L + u[at];
        cell[at] = unit * L;
      }
    }
}

/* --- units --- */

/* 2^e, 0 or infinite far out */
static double two_to(double e) {
  return e < -2000 ? 0 : ldexp(1, (int)fmin(e, 2000));
}

static struct kd_scaled scaled(double x, double e) {
  if (!(x > 0)) return (struct kd_scaled){0};
  if (x < 0x1p-512) return (struct kd_scaled){x * 0x1p512, e - KD_LIMB};
  if (x > 0x1p512) return (struct kd_scaled){x * 0x1p-512, e + KD_LIMB};
  return (struct kd_scaled){x, e};
}

/* The larger one's unit */
static double unit_of(struct kd_scaled a, struct kd_scaled b) {
  if (!(a.m > 0)) return b.e;
  return b.m > 0 ? fmax(a.e, b.e) : a.e;
}

/* u in units of `factor` */
static const double *u_in_units(const double *cell, double factor, double *room) {
  if (factor == 1) return cell;
  for (size_t i = 0; i < KD_NUMBERS; i++) room[i] = cell[i] * factor;
  return room;
}

/* A sum goes on by a block whose own part is x 2^e. */
static void carry(struct kd_front *front, double x, double e, double gap) {
  kd_front_move(front, KD_GAPS * gap);
  kd_front_take_in(front, scaled(x, e), in_block(gap));
}

/* --- weights and logarithms --- */

/* Weights of a block's nodes, in the order of the lines, 0 behind the last one */
static void fill_weights(const struct kd_grid *g, size_t block, double *weight) {
  for (size_t k = 0; k < KD_GAPS; k++) {
    size_t m = block * KD_GAPS + k, line = k % KD_STEPS * 2 + k / KD_STEPS / KD_LANES;
    double w = m == 0 || m == g->n - 1 ? g->outer : g->inner[m % 2];
    weight[line * KD_LANES + k / KD_STEPS % KD_LANES] = m < g->n ? w : 0;
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
  *p = (struct product){.blocks = 0};
  for (int l = 0; l < LANES; l++) p->mantissa[0][l] = p->mantissa[1][l] = 1;
}

static void add_product(struct logs *logs, const struct kd_grid *g, struct product *p) {
  uint64_t bias = (uint64_t)1023 * p->blocks * (KD_STEPS / 2);
  for (int parity = 0; parity < 2; parity++)
    for (int l = 0; l < LANES; l++) {
      add_log(logs, g->inner[parity], kd_log(p->mantissa[parity][l]));
      add_log(logs, g->inner[parity],
              (double)(int64_t)(p->exponent[parity][l] - bias) * KD_LN2);
    }
  clear_product(p);
}

/* The nodes of a block by themselves, from u = weight/F */
static void add_nodes(struct logs *logs, const double *weight, const double *cell) {
  for (size_t line = 0; line < 2 * KD_STEPS; line++)
    for (size_t l = 0; l < KD_LANES; l++) {
      double w = weight[line * KD_LANES + l];
      if (w > 0) add_log(logs, w, kd_log(w / cell[line * KD_LINE + l]));
    }
}

/* --- errors --- */

struct block {
  double A, A_error, B, B_error; /* what enters it */
  double least, weight;
  bool has_points;
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
  double D = kd_exp(-c->gap), D8 = kd_exp(-KD_STEPS * c->gap);
  struct kd_front A = c->A;
  for (size_t b = 0; b < c->n_blocks; b++) {
    double sum[LANES], in[LANES];
    c->link[b].A = kd_running_value(&A.sum);
    c->link[b].A_error = A.error + 1;
    lanes_from_left(c->table + b * KD_NUMBERS, D, sum);
    carry(&A, enter_from_left(sum, D8, 0, in), 0, c->gap);
  }
}

/* R of a block whose u and their lanes' sums are there */
KD_INLINE void pass_R(struct kd_front *R, double *cell, double e, const double *sum, double D,
                      double D8, double gap) {
  double in[LANES], own[LANES], room[KD_NUMBERS];
  struct kd_scaled before = kd_running_value(&R->sum);
  double unit = unit_of(before, (struct kd_scaled){1, -e}), factor = two_to(-e - unit);
  for (int l = 0; l < LANES; l++) own[l] = sum[l] * factor;
  enter_from_right(own, D8, before.m * two_to(before.e - unit), in);
  nodes_R(cell, u_in_units(cell, factor, room), in, D, two_to(unit));
  carry(R, enter_from_right(sum, D8, 0, in), -e, gap);
}

KD_CLONES static void F_from_right(struct kd_chain *c) {
  double D = kd_exp(-c->gap), D8 = kd_exp(-KD_STEPS * c->gap), weight[2][KD_GAPS];
  struct kd_front B = c->B, R = {0};
  struct product product;
  struct logs logs = {{0, 0}, {0, 0}};
  double inner = 0.5 * (c->grid->inner[0] + c->grid->inner[1]);
  clear_product(&product);
  for (size_t k = 0; k < KD_GAPS; k++) weight[0][k] = c->grid->inner[k / LANES % 2];
  kd_front_move(&B, -c->gap * (double)(c->n_blocks * KD_GAPS - (c->grid->n - 1)));
  c->least = INFINITY;
  for (size_t b = c->n_blocks; b-- > 0;) {
    double *cell = c->table + b * KD_NUMBERS, sum_A[LANES], sum_B[LANES], sum_u[LANES];
    double in_A[LANES], in_B[LANES], least[LANES];
    bool edge = b == 0 || b == c->n_blocks - 1;
    lanes_from_left(cell, D, sum_A);
    lanes_from_right(cell + KD_LANES, D, sum_B);
    double own = enter_from_right(sum_B, D8, 0, in_B);
    struct kd_scaled A_in = c->link[b].A, B_in = kd_running_value(&B.sum);
    double e = own > 0 ? 0 : unit_of(A_in, B_in);
    struct block block = {.A = A_in.m * two_to(A_in.e - e),
                          .B = B_in.m * two_to(B_in.e - e),
                          .A_error = c->link[b].A_error,
                          .B_error = B.error + 1,
                          .least = INFINITY,
                          .weight = KD_GAPS * inner,
                          .has_points = own > 0};
    enter_from_left(sum_A, D8, block.A, in_A);
    enter_from_right(sum_B, D8, block.B, in_B);
    if (edge) fill_weights(c->grid, b, weight[1]);
    nodes_A(cell, in_A, D);
    struct product none;
    if (edge) clear_product(&none);
    nodes_u(cell, in_B, D, weight[edge], edge ? &none : &product, sum_u, least);
    if (edge)
      add_nodes(&logs, weight[1], cell);
    else
      product.blocks++;
    if (product.blocks == RUN) add_product(&logs, c->grid, &product);
    if (e != 0) {
      double W = 0;
      for (size_t k = 0; k < KD_GAPS; k++) W += weight[edge][k];
      add_log(&logs, W, e * KD_LN2);
    }
    for (int l = 0; l < LANES; l++) block.least = fmin(block.least, least[l]);
    c->least = e == 0 ? fmin(c->least, block.least) : 0;
    add_error(c, &block);
    if (block.has_points) c->flow_error = fmax(c->flow_error, R.error);
    c->link[b].e = e, c->link[b].has_points = block.has_points;
    pass_R(&R, cell, e, sum_u, D, D8, c->gap);
    carry(&B, own, 0, c->gap);
  }
  add_product(&logs, c->grid, &product);
  c->mean_log_f = kd_sum_value(&logs.mean), c->log_size = kd_sum_value(&logs.size);
  c->R = R;
}

KD_CLONES static void L_from_left(struct kd_chain *c) {
  double D = kd_exp(-c->gap), D8 = kd_exp(-KD_STEPS * c->gap);
  struct kd_front L = {0};
  for (size_t b = 0; b < c->n_blocks; b++) {
    double *cell = c->table + b * KD_NUMBERS, sum[LANES], in[LANES], room[KD_NUMBERS];
    double e = c->link[b].e;
    struct kd_scaled before = kd_running_value(&L.sum);
    double unit = unit_of(before, (struct kd_scaled){1, -e}), factor = two_to(-e - unit);
    lanes_from_left(cell, D, sum);
    double own = enter_from_left(sum, D8, 0, in);
    if (factor != 1)
      for (int l = 0; l < LANES; l++) sum[l] *= factor;
    enter_from_left(sum, D8, before.m * two_to(before.e - unit), in);
    c->flow_error = fmax(c->flow_error, c->link[b].has_points ? L.error : 0);
    nodes_L(cell, u_in_units(cell, factor, room), in, D, two_to(unit));
    carry(&L, own, -e, c->gap);
  }
  kd_front_move(&L, -c->gap * (double)(c->n_blocks * KD_GAPS - c->grid->n));
  c->L = L;
}

void kd_chain_run(struct kd_chain *c) {
  c->F_error = c->flow_error = c->spread = 0;
  A_from_left(c);
  F_from_right(c);
  L_from_left(c);
  c->F_error += in_block(c->gap), c->flow_error += in_block(c->gap);
}
