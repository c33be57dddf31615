/* SPDX-License-Identifier: MIT
 *
 * A look at a table of ratios (ratios.h) with bounds, for a cell.
 *
 * S_j, E_jm, kappa_jm are those computed, u_m = weight_m/F_m, U = KD_U; all sums have terms of
 * one sign. Two forms, the second where Q = sum_m u_m - 1 is at most KD_RATIOS_FLAT, for
 * S_i - rho_i = S_i (kappa - kappa_i)/F with kappa = sum_j S_j kappa_j keeps the digits that
 * the first loses where the kernel is flat:
 *
 *   G_i = S_i (1 - m_i),             m_i = sum_m u_m E_im,         R_i = S_i m_i = mean rho_i
 *   G_i = S_i (sum_j S_j t_j - t_i), t_i = sum_m u_m kappa_im <= 0
 *
 * There sum_j S_j |t_j| = Q, m_i = 1 + Q - |t_i|. D_i, the mean of |S_i - rho_i|, is at most
 * S_i + R_i, S_i (Q + |t_i|), and max(S_i, 1 - S_i). What the two may be off by:
 *
 *   E    The true K_j/K_0 are E_j (1 + eta_j) but for a common factor, |eta_jm| <= e_jm, so
 *          |d rho_i| <= rho_i (1 - rho_i) e_i + rho_i sum_{j != i} rho_j e_j
 *                     = rho_i e_i (1 - 2 rho_i) + rho_i sum_j rho_j e_j
 *        (block_error.c), and log f by sum_j rho_j e_j. The first is more where e is. With the
 *        largest e of all nodes first: W_j, the lesser of R_j max e_j and
 *        S_j sum_m u_m max(E_j e_j), is at least the mean of rho_j e_j, and W = sum_j W_j; C,
 *        the lesser of max e and sum_j S_j max(E_j e_j)/min F, is at least sum_j rho_j e_j at
 *        any node; the mean of rho (1 - rho) is at most R (1 - R). So G_i is off by at most
 *          min(W_i, R_i (1 - R_i) max e_i) + min(W - W_i, R_i C, R_i (1 - R_i) max e).
 *   S    The true weights are (1 + N) S_j (1 - s_j + sum_k S_k s_k), where |s_j| <= own_j, the
 *        errors that S_j does not share with all (estimate.c), and |N| <= 3 U, as the sum of
 *        all S is 1 but for N. In the first form rho_i is off as if e_j were more by own_j, S_i
 *        by S_i (own_i + sum_k S_k own_k + N); log f, besides, by sum_k S_k own_k + N. In the
 *        second, for any S_j that sum to 1, G_i is off by the mean of
 *          (S_i - rho_i) (sum_k S_k s_k - s_i) + rho_i sum_j (S_j - rho_j) s_j,
 *        at most D_i (own_i + sum_k S_k own_k) and the lesser of sum_j D_j own_j and
 *        R_i (max own + sum_k S_k own_k), and of N by S_i Q N; log f by sum_j D_j own_j + N.
 *   U    Roundings: of F kd_ratios_roundings_of_F and of E in it 2, of u six (that of c d is in
 *        the inverse and in what that is multiplied by), of its weight 2: A; of kappa or E 2, of
 *        a product 1, of a sum over nodes kd_ratios_roundings_of_t: B. What u is off by, both
 *        terms of G share: D_i A, or R_i A; of the rest (S_i |t_i| + S_i Q) B and S_i Q (n + 2)
 *        for the sum over j, or R_i B; two of G_i itself. log F: those of F and E, four of
 *        products, and of the logarithms, their weights and sums 12 of their sizes.
 *
 * Where E and S do much beside U, the mean of the formula of E itself by another pass over the
 * table (kd_ratios_errors).
 *
 * As all G_i sum to 0, one of them is the others' sum: that of a point which rules most nodes,
 * if the others' bounds sum to less than its own.
 *
 * For min F stands the least product of four, which is that of the true sums to within P U,
 * P = A + B + n + 8, as Q is to within (1 + Q) P U. R_i and 1 - R_i are off by P U R_i, in the
 * second form by P U S_i (1 + 2 Q). The pass of each node's errors has the roundings of u twice,
 * and kd_ratios_roundings_of_errors. What underflows, as E < e^-700 whose errors are not known,
 * is less than TINY as F >= LEAST. All of second order is below 2 %, as e <= 0.01 (ratios.c).
 */
#include <math.h>

#include "core/vmath/vmath.h"
#include "num.h"
#include "ratios.h"

static const double SECOND_ORDER = 1.02, TINY = 0x1p-600;

/* Of F, and of S, above which nothing that underflows is more than TINY */
static const double LEAST = 0x1p-240, FAINT = 1e-200;

/* So much beside those of sums, of G and of the loss, errors of E and S are worth a pass. */
static const double MUCH = 2, MUCH_OF_LOSS = 0.5;

static double lesser(double a, double b) {
  return a < b ? a : b;
}

/* NaN stays */
static double positive(double a) {
  return a < 0 ? 0 : a;
}

static void raise_to(double *most, double x) {
  *most = x > *most ? x : *most;
}

/* sum_j S_j t_j over the points of each side, then both: reflection */
static double mean_t(const struct kd_ratios *r) {
  double side[3] = {0};
  for (size_t row = 0; row < r->n; row++)
    side[kd_ratios_side(r, row)] += r->S[row] * r->t[row];
  return (side[0] + side[1]) + side[2];
}

/* What is the same for all points, by the names above */
struct look {
  bool flat, faint; /* the second form; some number has errors of underflow */
  double base, Q, least, A, B, P, closely, noise, W, C;
  double own, of_S, of_R, of_D; /* the largest; sum_j of S_j own_j, R_j own_j, D_j own_j */
};

static void count_roundings(struct look *l, size_t n, size_t n_blocks) {
  double F = kd_ratios_roundings_of_F(n);
  l->A = KD_U * (F + 10), l->B = KD_U * (3 + kd_ratios_roundings_of_t(n_blocks));
  l->P = l->A + l->B + KD_U * ((double)n + 8);
  l->closely = 2 * l->P + KD_U * kd_ratios_roundings_of_errors(n_blocks);
}

/* --- each point --- */

static void fill_row(const struct kd_ratios *r, const struct kd_estimate *e,
                     const struct look *l, size_t row) {
  struct kd_ratios_row *to = &r->row[row];
  double S = r->S[row], t = r->t[row], m = l->flat ? 1 + l->Q + t : t;
  to->G = S * (l->base - t);
  to->R = S * (positive(m) + (l->flat ? l->noise : l->noise * m));
  to->D = l->flat ? lesser(lesser(S + to->R, S > 0.5 ? S : 1 - S), S * (l->Q - t)) : 0;
  to->own = kd_estimate_own_error(e, r->point[row]);
  to->closely = false;
  r->more[row] = l->flat ? 0 : to->own;
  to->W = lesser(to->R * r->most_e[row], S * r->most_Ee[row] * (1 + l->Q));
}

static void fill_rows(const struct kd_ratios *r, const struct kd_estimate *e, struct look *l) {
  double C = 0;
  for (size_t row = 0; row < r->n; row++) {
    const struct kd_ratios_row *at = &r->row[row];
    fill_row(r, e, l, row);
    if (r->S[row] > 0) raise_to(&l->own, at->own);
    l->faint |= r->S[row] < FAINT;
    l->of_S += r->S[row] * at->own, l->of_R += at->R * at->own, l->of_D += at->D * at->own;
    l->W += at->W;
    C += r->S[row] * r->most_Ee[row];
  }
  l->C = lesser(C / l->least, r->most);
}

/* What the errors of E do to G of a row, and in the first form what those of S do to rho_i */
static double of_ratios(const struct kd_ratios *r, const struct look *l, size_t row) {
  const struct kd_ratios_row *at = &r->row[row];
  double own = l->flat ? 0 : l->own, rest = l->W - at->W + l->P * l->W;
  if (at->closely)
    return r->S[row] * positive(r->d[row]) +
           l->closely * (3 * at->W + at->R * (l->C + 4 * own));
  double both = at->R * lesser(1, positive(1 - at->R) + 2 * l->noise);
  return lesser(at->W, both * r->most_e[row]) +
         lesser(rest, lesser(at->R * l->C, both * r->most)) + both * (r->more[row] + own);
}

/* The rest of what those of S do */
static double of_weights(const struct kd_ratios *r, const struct look *l, size_t row) {
  const struct kd_ratios_row *at = &r->row[row];
  double S = r->S[row], own = at->own + l->of_S;
  if (!l->flat) return S * (own + 3 * KD_U);
  return at->D * own + lesser(l->of_D, at->R * (l->own + l->of_S)) + 3 * KD_U * S * l->Q;
}

/* Roundings of sums, and of G itself */
static double of_sums(const struct kd_ratios *r, const struct look *l, size_t row) {
  const struct kd_ratios_row *at = &r->row[row];
  double S = r->S[row], n = (double)r->n, Q = l->Q, sums = at->R * (l->A + l->B);
  if (l->flat) sums = at->D * l->A + S * (Q - r->t[row]) * l->B + KD_U * (n + 2) * S * Q;
  return sums + 2 * KD_U * fabs(at->G);
}

/* --- all of them --- */

/* Of G: all, and the roundings of sums. G of the ruler, if there is one (else n), is to be
 * minus the sum of the others. */
struct widths {
  double all, sums;
  size_t ruler;
};

static struct widths of_others(const struct kd_ratios *r, size_t ruler) {
  struct widths sum = {.ruler = ruler};
  double size = 0;
  for (size_t row = 0; row < r->n; row++) {
    if (row == ruler) continue;
    sum.all += r->row[row].error, sum.sums += r->row[row].sums;
    size += fabs(r->row[row].G);
  }
  sum.all += (double)r->n * KD_U * size, sum.sums += (double)r->n * KD_U * size;
  return sum;
}

/* Not finite where any of them is not */
static struct widths widest(struct kd_ratios *r, const struct look *l) {
  struct widths most = {.ruler = r->n};
  double sum = 0;
  size_t first = 0;
  for (size_t row = 0; row < r->n; row++) {
    struct kd_ratios_row *at = &r->row[row];
    at->sums = of_sums(r, l, row);
    at->error = at->sums + of_weights(r, l, row) + of_ratios(r, l, row);
    if (at->error > most.all) first = row;
    raise_to(&most.sums, at->sums), raise_to(&most.all, at->error);
    sum += at->error;
  }
  if (!isfinite(sum)) most.all = sum;
  if (!(sum < 2 * most.all)) return most;
  struct widths others = of_others(r, first);
  return others.all < most.all ? others : most;
}

static double sum_of_others(const struct kd_ratios *r, size_t ruler) {
  double side[3] = {0};
  for (size_t row = 0; row < r->n; row++)
    if (row != ruler) side[kd_ratios_side(r, row)] += r->row[row].G;
  return (side[0] + side[1]) + side[2];
}

static struct look begin(struct kd_ratios *r, const struct kd_estimate *e,
                         const struct kd_ratios_sums *sums) {
  struct look l = {.least = sums->least, .faint = r->faint, .Q = positive(sums->u - 1), .base = 1};
  l.flat = l.Q <= KD_RATIOS_FLAT;
  const double *matrix = l.flat ? r->kappa : r->E;
  if (matrix != sums->matrix) kd_ratios_sum_again(r, matrix);
  if (l.flat) l.base = mean_t(r), l.Q = fabs(l.base);
  count_roundings(&l, r->n, r->n_blocks);
  l.noise = l.P * (l.flat ? 1 + 2 * l.Q : 1);
  fill_rows(r, e, &l);
  return l;
}

/* What the errors of E and S do to log f */
static double of_loss(const struct look *l) {
  return l->W + (l->flat ? l->of_D : l->of_S + l->of_R);
}

/* Marks the rows that a closer look may narrow; whether there are any */
static bool mark_wide(struct kd_ratios *r, double sums) {
  bool any = false;
  for (size_t row = 0; row < r->n; row++) {
    r->row[row].closely = r->row[row].error > (1 + MUCH) * sums;
    any |= r->row[row].closely;
  }
  return any;
}

bool kd_ratios_objective(struct kd_ratios *r, const struct kd_estimate *e, double *G,
                         struct kd_objective *out) {
  struct kd_ratios_sums sums;
  if (!kd_ratios_sum(r, e->S, NULL, true, &sums) || sums.least < LEAST) return false;
  struct look l = begin(r, e, &sums);
  struct widths width = widest(r, &l);
  double loss = -(r->log_k_sum + sums.log_F), faint = l.faint ? TINY : 0;
  double F = kd_ratios_roundings_of_F(r->n) + 9, inputs = of_loss(&l);
  double rest = r->log_k_error + KD_U * (F + 12 * sums.log_size + 2 * fabs(loss));
  if (mark_wide(r, width.sums) || inputs > MUCH_OF_LOSS * rest) {
    inputs = kd_ratios_errors(r, r->more, r->d) + (l.flat ? l.of_D : l.of_S);
    width = widest(r, &l);
  }
  if (!isfinite(width.all + inputs)) return false;
  if (width.ruler < r->n) r->row[width.ruler].G = 0 - sum_of_others(r, width.ruler);
  for (size_t row = 0; row < r->n; row++) G[e->index[r->point[row]]] = r->row[row].G;
  *out = (struct kd_objective){.loss = loss,
                               .loss_bound = SECOND_ORDER * (inputs + rest) + faint,
                               .gradient_bound = SECOND_ORDER * width.all + faint};
  return true;
}
