/* SPDX-License-Identifier: MIT
 *
 * See laplace_step.h. With weights E_k = e^(z_k - max z) of points k from left to right, q_k
 * the decay from k to k + 1,
 *
 *   A_k = q_{k-1} A_{k-1} + E_k              B_k = q_k B_{k+1} + E_k
 *   u_k = mean over the stretch of A's part of 1, over A_k; v_{k+1} likewise of B's
 *   V_k = q_{k-1} V_{k-1} + v_k              U_k = q_k U_{k+1} + u_k
 *   m_k = (U_k + V_k) sum E = mean_T K_k/f,  G_k = S_k (1 - m_k),
 *
 * sums of positive terms. On a short stretch, Gauss's nodes taken in pairs at theta and
 * -theta from the middle, omega = (2 sinh(theta/2))^2,
 *
 *   D = (A_k + B_{k+1})^2 + A_k B_{k+1} omega     product of both f, but for e^-gap
 *   u_k = part (2 (A_k + B_{k+1}) + B_{k+1} omega)/(2 D), v_{k+1} with A_k for B_{k+1}
 *
 * Long ones go by stretch.c.
 *
 * Each sum is formed along the lanes (line_sums.h), which begin with nothing; carried from
 * lane to lane as two doubles; and formed again from what enters. Errors in roundings u: along
 * a lane at most 32 (q 2, product 1, sum 1) = 128, and as much for what was carried on, if
 * all are of one sign, and 12 a bandwidth on the way (scaled.h); so A, B are right to 256 + 12
 * d, d the mean distance of what they stand for. u and v are quotients of sums of positive
 * terms, A and B in both, and right to twice that and 12. U, V add 256 + 12 d' again: m is
 * right to 800 + 36 (d + d') roundings. Some units are seen.
 */
#include "laplace_step.h"

#include <math.h>

#include "core/num.h"
#include "core/vmath/clones.h"
#include "core/vmath/vmath.h"
#include "line_sums.h"
#include "logits.h"

/* Numbers of one block, by cells */
struct block {
  _Alignas(64) double A[KD_PLACES], v[KD_PLACES], D[2][KD_PLACES];
};

/* --- weights --- */

/* Of a block of places, into E */
KD_CLONES static void weigh_places(const uint32_t *point, const double *z, double top,
                                   double *E) {
  for (size_t k = 0; k < KD_PLACES; k++) E[k] = point[k] == KD_NOBODY ? -INFINITY : z[point[k]];
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) E[k] = kd_exp(E[k] - top);
}

/* Places and their mirror images side by side */
KD_CLONES static double sum_places(const double *E) {
  kd_four sum[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
  for (size_t k = 0; k < KD_PLACES / 2; k += 8)
    for (size_t half = 0; half < 2; half++) {
      const double *a = E + k + 4 * half, *b = E + KD_PLACES - 1 - k - 4 * half;
      kd_four mirrored = {b[0], b[-1], b[-2], b[-3]};
      sum[half] += KD_FOUR(a) + mirrored;
    }
  sum[0] += sum[1];
  return (sum[0][0] + sum[0][1]) + (sum[0][2] + sum[0][3]);
}

/* --- recursions over a block --- */

/* Of each place that of the next; `after` is that of the place after the block, and becomes
 * that of its first. */
KD_CLONES static void B_along(const double *decay, const double *E, const double *way,
                              struct kd_running *sum, double *after, double *B) {
  struct kd_row x;
  kd_row_start_right(&x, decay, E, way, sum);
  for (size_t i = KD_LANE; i-- > 0;) {
    size_t at = i * KD_LANES_WIDE;
    kd_row_set(B + at, &x);
    kd_row_go_on(&x, decay + at, E + at);
  }
  /* As along the lanes, not as carried: so does A, and reflection changes no bit. */
  _Alignas(64) double first[KD_LANES_WIDE];
  double *last = B + KD_PLACES - KD_LANES_WIDE;
  kd_row_set(first, &x);
  for (size_t l = 0; l + 1 < KD_LANES_WIDE; l++) last[l] = first[l + 1];
  last[KD_LANES_WIDE - 1] = *after;
  *after = first[0];
}

KD_CLONES static void A_along(const struct kd_from_left *r, const double *way,
                              struct kd_running *sum, double *A) {
  struct kd_row x;
  kd_row_start_left(&x, r, way, sum);
  for (size_t i = 0; i < KD_LANE; i++) {
    kd_row_go_right(&x, r, i);
    kd_row_set(A + i * KD_LANES_WIDE, &x);
  }
}

/* --- short stretches --- */

/* Nodes at theta and -theta, of this weight, from the middle of all stretches of a block */
struct node {
  double theta_a_part, weight;
};

KD_INLINE void add_node(double A, double B, double part, struct node node, double *u, double *v,
                        double *D) {
  double theta = part * node.theta_a_part, square = theta * theta;
  double omega = square * (1 + square / 12 * (1 + square / 30)), sum = A + B;
  double both = sum * sum + A * B * omega, share = 0.5 * part * node.weight / both;
  *u += share * (2 * sum + B * omega);
  *v += share * (2 * sum + A * omega);
  *D = both;
}

KD_CLONES static void cross_by_2(const double *B, const double *part, struct node node,
                                 double *u, struct block *b) {
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double left = 0, right = 0;
    add_node(b->A[k], B[k], part[k], node, &left, &right, &b->D[0][k]);
    u[k] = left, b->v[k] = right;
  }
}

KD_CLONES static void cross_by_4(const double *B, const double *part, const struct node *nodes,
                                 double *u, struct block *b) {
  struct node inner = nodes[0], outer = nodes[1];
#pragma omp simd
  for (size_t k = 0; k < KD_PLACES; k++) {
    double left = 0, right = 0;
    add_node(b->A[k], B[k], part[k], inner, &left, &right, &b->D[0][k]);
    add_node(b->A[k], B[k], part[k], outer, &left, &right, &b->D[1][k]);
    u[k] = left, b->v[k] = right;
  }
}

/* sum of part log f, but for half the gap's way */
KD_CLONES static double logs_of_places(const double *part, size_t n_pairs,
                                       const struct node *nodes, struct block *b) {
  double lane[8] = {0}, sum = 0;
  for (size_t p = 0; p < n_pairs; p++) {
    kd_vlog(KD_PLACES, b->D[p], b->D[p]);
    for (size_t k = 0; k < KD_PLACES; k += 8)
      for (size_t l = 0; l < 8; l++)
        lane[l] += part[k + l] > 0 ? 0.5 * nodes[p].weight * part[k + l] * b->D[p][k + l] : 0;
  }
  for (size_t l = 0; l < 8; l++) sum += lane[l];
  return sum;
}

/* --- the passes --- */

struct step {
  const struct kd_estimate *e;
  struct kd_lanes *c;
  struct kd_half_rules rules;
  struct kd_norm norm;
  struct node node[2];
  double total; /* weight */
  bool with_loss;
  struct kd_sum loss;
};

/* Weights and B, from the right */
static void from_right(struct step *s, const double *z, double top) {
  struct kd_lanes *c = s->c;
  struct kd_running sum = {0};
  size_t shared = c->n_shared;
  double after = 0;
  for (size_t b = c->n_blocks; b-- > 0;) {
    size_t at = b * KD_PLACES;
    weigh_places(c->point + at, z, top, c->E + at);
    for (; shared > 0 && c->shared[shared - 1].cell >= at; shared--)
      c->E[c->shared[shared - 1].cell] *= c->shared[shared - 1].factor;
    B_along(c->decay + at, c->E + at, c->way_B + b * KD_LANES_WIDE, &sum, &after, c->B + at);
    c->V[b] = sum_places(c->E + at);
  }
  struct kd_sum total = {0};
  for (size_t b = 0, m = c->n_blocks; b < m--; b++)
    kd_sum_add(&total, b < m ? c->V[b] + c->V[m] : c->V[b]);
  s->total = kd_sum_value(&total);
}

static struct kd_scaled scaled(double x) {
  if (!(x > 0)) return (struct kd_scaled){0};
  return x < 0x1p-512 ? (struct kd_scaled){x * 0x1p512, -KD_LIMB} : (struct kd_scaled){x, 0};
}

static void cross_long(struct step *s, const struct kd_long_stretch *at, double A, double B,
                       double *u, double *v) {
  struct kd_stretch t = at->t;
  t.A = scaled(A), t.B = scaled(B);
  struct kd_crossing c = kd_stretch_cross(&t, s->norm, &s->rules);
  struct kd_crossing_gains gains = kd_stretch_gains(&t, &c);
  *u = kd_scaled_plain(gains.left), *v = kd_scaled_plain(gains.right);
  kd_sum_add(&s->loss, c.loss + t.part * kd_log(s->total));
}

/* Stretches of a block whose A and B are there */
static void cross(struct step *s, size_t at, struct block *b) {
  struct kd_lanes *c = s->c;
  const double *part = c->part + at;
  if (c->n_pairs == 1)
    cross_by_2(c->B + at, part, s->node[0], c->u + at, b);
  else
    cross_by_4(c->B + at, part, s->node, c->u + at, b);
  if (s->with_loss) kd_sum_add(&s->loss, -logs_of_places(part, c->n_pairs, s->node, b));
}

/* What the first places of a block's lanes get from the places before them */
static void first_of_lanes(double before, const double *v, double *first) {
  const double *last = v + KD_PLACES - KD_LANES_WIDE;
  for (size_t l = KD_LANES_WIDE; l-- > 1;) first[l] = last[l - 1];
  first[0] = before;
}

/* A, stretches and V */
static void from_left(struct step *s) {
  struct kd_lanes *c = s->c;
  struct kd_running A = {0}, V = {0};
  struct block b;
  double before = 0;
  for (size_t n = 0, next_long = 0; n < c->n_blocks; n++) {
    size_t at = n * KD_PLACES, lane = n * KD_LANES_WIDE;
    _Alignas(64) double first[KD_LANES_WIDE];
    const double *decay = c->decay + at, *E = c->E + at;
    struct kd_from_left of_A = {c->decay_before + lane, decay, E, E + KD_LANES_WIDE};
    A_along(&of_A, c->way_A + lane, &A, b.A);
    cross(s, at, &b);
    for (; next_long < c->n_long && c->long_stretch[next_long].cell < at + KD_PLACES;
         next_long++) {
      size_t cell = c->long_stretch[next_long].cell, k = cell - at;
      cross_long(s, &c->long_stretch[next_long], b.A[k], c->B[cell], &c->u[cell], &b.v[k]);
    }
    first_of_lanes(before, b.v, first);
    before = b.v[KD_PLACES - 1];
    struct kd_from_left of_V = {c->decay_before + lane, decay, first, b.v};
    A_along(&of_V, c->way_A + lane, &V, c->V + at);
  }
}

/* G into V and m for one block */
KD_CLONES static void finish_places(const double *decay, const double *u, const double *way,
                                    const double *E, double total, struct kd_running *sum,
                                    double *V, double *m) {
  double over_total = 1 / total;
  struct kd_row x;
  kd_row_start_right(&x, decay, u, way, sum);
  for (size_t i = KD_LANE; i-- > 0;) {
    size_t at = i * KD_LANES_WIDE;
    kd_row_go_on(&x, decay + at, u + at);
    for (int f = 0; f < KD_ROW_FOURS; f++) {
      size_t k = at + 4 * (size_t)f;
      kd_four m_k = (x.of[f] + KD_FOUR(V + k)) * total;
      KD_FOUR(m + k) = m_k;
      KD_FOUR(V + k) = KD_FOUR(E + k) * over_total * (1 - m_k);
    }
  }
}

static void hand_out(const uint32_t *point, const double *value, double *to) {
  for (size_t k = 0; k < KD_PLACES; k++)
    if (point[k] != KD_NOBODY) to[point[k]] = value[k];
}

/* Of a point's places the largest m, whatever their order */
static void finish_shared(const struct step *s, double *G, double *log_m) {
  const struct kd_lanes *c = s->c;
  const struct kd_shared_place *shared = c->shared, *end = shared + c->n_shared;
  for (const struct kd_shared_place *p = shared; p < end; p++) G[c->point[p->cell]] = 0;
  for (const struct kd_shared_place *p = shared; p < end; p++) {
    double *most = &G[c->point[p->cell]];
    *most = p->m > *most ? p->m : *most;
  }
  for (struct kd_shared_place *p = c->shared; p < end; p++) p->m = G[c->point[p->cell]];
  for (const struct kd_shared_place *p = shared; p < end; p++) {
    G[c->point[p->cell]] = c->E[p->cell] / p->factor * (1 / s->total) * (1 - p->m);
    if (log_m) log_m[c->point[p->cell]] = kd_log(p->m);
  }
}

/* U, G and log m */
static void back(struct step *s, double *G, double *log_m) {
  struct kd_lanes *c = s->c;
  struct kd_running U = {0};
  _Alignas(64) double m[KD_PLACES];
  size_t shared = c->n_shared;
  for (size_t b = c->n_blocks; b-- > 0;) {
    size_t at = b * KD_PLACES;
    finish_places(c->decay + at, c->u + at, c->way_B + b * KD_LANES_WIDE, c->E + at, s->total,
                  &U, c->V + at, m);
    for (; shared > 0 && c->shared[shared - 1].cell >= at; shared--)
      c->shared[shared - 1].m = m[c->shared[shared - 1].cell - at];
    hand_out(c->point + at, c->V + at, G);
    if (!log_m) continue;
    kd_vlog(KD_PLACES, m, m);
    hand_out(c->point + at, m, log_m);
  }
  finish_shared(s, G, log_m);
}

static struct step step_of(const struct kd_estimate *e, struct kd_lanes *c) {
  struct step s = {.e = e, .c = c};
  kd_half_rules_fill(&s.rules);
  const struct kd_half_rule *rule = &s.rules.rule[c->n_pairs - 1];
  for (size_t p = 0; p < c->n_pairs; p++)
    s.node[p] = (struct node){rule->node[p] * c->tau_a_part, rule->weight[p]};
  s.norm.log = kd_log(2 * e->h), s.norm.size = fabs(s.norm.log) + 1;
  return s;
}

int kd_laplace_step(const struct kd_estimate *e, const double *z, struct kd_lanes *c,
                    bool *done, double *G, double *log_m, double *loss, struct kd_err *err) {
  double top;
  *done = false;
  int code = kd_lanes_place(c, e, err);
  if (code || !c->serves || !kd_logits_range(e->n, z, &top)) return code;
  struct step s = step_of(e, c);
  s.with_loss = loss;
  from_right(&s, z, top);
  from_left(&s);
  back(&s, G, log_m);
  *done = true;
  if (!loss) return KD_OK;
  kd_sum_add(&s.loss, c->short_part * (s.norm.log + kd_log(s.total)));
  kd_sum_add(&s.loss, c->short_half);
  *loss = kd_sum_value(&s.loss);
  return KD_OK;
}
