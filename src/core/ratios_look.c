/* SPDX-License-Identifier: MIT
 *
 * Looks at a table of ratios (ratios.h): for a descent, and with bounds for a cell.
 *
 * S_j, E_jm, kappa_jm are those computed, u_m = weight_m/F_m, U = KD_U; all sums have terms of
 * one sign. Two forms, the second where Q = sum_j S_j |t_j| <= FLAT, for
 * S_i - rho_i = S_i (kappa - kappa_i)/F with kappa = sum_j S_j kappa_j keeps the digits that
 * the first loses where the kernel is flat:
 *
 *   G_i = S_i (1 - m_i),             m_i = sum_m u_m E_im,         R_i = S_i m_i = mean rho_i
 *   G_i = S_i (sum_j S_j t_j - t_i), t_i = sum_m u_m kappa_im <= 0
 *
 * There sum_m u_m = 1 + Q, m_i = 1 + Q - |t_i|. What the two may be off by:
 *
 *   E    The true K_j/K_0 are E_j (1 + eta_j) but for a common factor, |eta_jm| <= e_jm, so
 *          |d rho_i| <= rho_i (1 - rho_i) e_i + rho_i sum_{j != i} rho_j e_j
 *        (block_error.c). Let W_j >= mean rho_j e_j, W = sum_j W_j: first the lesser of
 *        R_j max e_j and S_j sum_m u_m max(E_j e_j); if W is then above WIDE, for all j
 *        S_j sum_m u_m E_jm e_jm, with the largest E e of four nodes (ratios.h). C, the
 *        lesser of max e and sum_j S_j max(E_j e_j)/min F, is at least sum_j rho_j e_j at any
 *        node. As the mean of rho (1 - rho) is at most R (1 - R), G_i is off by at most
 *          min(W_i, R_i (1 - R_i) max e_i) + min(W - W_i, R_i C, R_i (1 - R_i) max e)
 *        and the mean of log f by W. Where W is above WIDER P U the cell is left alone.
 *   S    S_j (1 + s_j), |s_j| <= s, turn F into F (1 + theta), |theta| <= sum_j rho_j |s_j|:
 *        at most s, in the mean at most T = sum_j R_j |s_j|. First form: R_i |s_i|, the lesser
 *        of R_i s and T, and S_i |s_i|. Second form: |G_i| |s_i|; of theta, as |S_i - rho_i|
 *        is at most 1, the lesser of S_i (Q + |t_i|) s and T; and of kappa S_i V,
 *        V = sum_j S_j |s_j t_j|. log f: T.
 *   U    Roundings: of kappa 2, of F n + 2 and of the exponential in it 2, of u six more, of
 *        its weight 8, of a product 1, of a sum over nodes kd_ratios_roundings, of the sum
 *        over j n + 2, of the rest 4: altogether P, relative to S_i (Q + |t_i|), or to R_i and
 *        besides 8 for S_i. log F: those of F, and one as a factor of a product; of the
 *        logarithms, their weights and the sums, of terms three times as large at most, 32 of
 *        the result.
 *
 * min F is that of the true sums to within P U. R_i and 1 - R_i are off by P U R_i, in the
 * second form by P U S_i (1 + Q). What underflows, E < e^-700 whose errors are not known, is
 * less than TINY as F >= 2^-240. All of second order is below 2 %, as e <= 0.01 (ratios.c).
 */
#include <math.h>

#include "core/vmath/vmath.h"
#include "num.h"
#include "ratios.h"
#include "wobble.h"

static const double FLAT = 4, WIDE = 64 * KD_U, WIDER = 16, SECOND_ORDER = 1.02,
                    TINY = 0x1p-600;

static void take_weights(struct kd_ratios *r, const struct kd_estimate *e) {
  for (size_t row = 0; row < r->n; row++) r->S[row] = e->S[r->point[row]];
}

bool kd_ratios_look(struct kd_ratios *r, const struct kd_estimate *e, double *loss, double *G,
                    double *log_m, double *uncovered) {
  double log_F;
  take_weights(r, e);
  if (!(kd_ratios_sum(r, r->E, loss && !(r->uncovered > 0) ? &log_F : NULL) > 0)) return false;
  *uncovered = r->uncovered;
  if (loss) *loss = r->uncovered > 0 ? INFINITY : -(r->log_k_sum + log_F);
  for (size_t row = 0; row < r->n; row++) {
    size_t j = r->point[row], i = e->index[j];
    double m_j = r->t[row];
    G[i] = e->S[j] * ((1 - r->uncovered) - m_j);
    log_m[i] = kd_log_m(m_j, e->S[j], e->log_S[j], G[i]);
  }
  return true;
}

/* --- with bounds --- */

static double lesser(double a, double b) {
  return a < b ? a : b;
}

static double positive(double a) {
  return a > 0 ? a : 0;
}

/* sum_j S_j a_j over the points of each side, then both: reflection */
static double mean(const struct kd_ratios *r, const double *a) {
  double side[3] = {0};
  for (size_t row = 0; row < r->n; row++)
    side[row < r->n_left ? 0 : row < r->n_left + r->n_right ? 1 : 2] += r->S[row] * a[row];
  return (side[0] + side[1]) + side[2];
}

/* What is the same for all points, by the names above */
struct form {
  bool flat; /* the second form */
  double base, Q, least, P, s, noise, W, C, T, V;
};

/* R of a row, or more */
static double share(const struct kd_ratios *r, const struct form *f, size_t row) {
  double m = f->flat ? 1 + f->Q + r->t[row] : r->t[row];
  return r->S[row] * (positive(m) + (f->flat ? f->noise : f->noise * m));
}

/* W_j into r->d, and the sums of all points */
static void sum_errors(struct kd_ratios *r, const struct kd_estimate *e, struct form *f) {
  double C = 0;
  for (size_t row = 0; row < r->n; row++) {
    double R = share(r, f, row), S = r->S[row], Ee = S * r->most_Ee[row];
    r->d[row] = lesser(R * r->most_e[row], Ee * (1 + f->Q));
    f->W += r->d[row];
    C += Ee / f->least;
    f->T += R * e->dlog_S[r->point[row]];
  }
  f->C = lesser(C, r->most);
  if (!(f->W > WIDE)) return;
  kd_ratios_blurs(r, r->d);
  f->W = 0;
  for (size_t row = 0; row < r->n; row++) f->W += r->d[row] *= r->S[row];
}

/* P U */
static double roundings(size_t n, size_t n_blocks) {
  return KD_U * (2 * (double)n + kd_ratios_roundings(n_blocks) + 28);
}

static double widest(size_t n, size_t n_blocks) {
  return WIDER * roundings(n, n_blocks);
}

/* At any node sum_j rho_j e_j is at least the least e_j, and that is a quarter of what is too
 * wide on more than half of some panels. */
bool kd_ratios_hopeless(struct kd_ratios *r, const struct kd_estimate *e,
                        const struct kd_nodes *nodes) {
  double limit = 0.25 * widest(e->n, r->n_blocks), common;
  size_t wide = 0, all = 0;
  for (size_t p = 0; p < nodes->n_panels; p++) {
    const struct kd_panel *panel = &nodes->panel[p];
    double least = INFINITY;
    if (p % 8 && (nodes->n_panels - 1 - p) % 8) continue; /* every eighth from either end */
    all++;
    if (!(panel->reach > 0) ||
        !kd_wobble(e, panel->middle, panel->reach, nodes->dv, r->wobble, &common))
      continue;
    for (size_t j = 0; j < e->n; j++)
      least = r->wobble[j].epsilon < least ? r->wobble[j].epsilon : least;
    wide += least > limit;
  }
  return 2 * wide > all;
}

static struct form form_of(struct kd_ratios *r, const struct kd_estimate *e, double least) {
  struct form f = {.least = least, .s = e->dlog_S_max};
  f.base = mean(r, r->t);
  for (size_t row = 0; row < r->n; row++)
    f.V += r->S[row] * e->dlog_S[r->point[row]] * fabs(r->t[row]);
  f.Q = fabs(f.base), f.flat = f.Q <= FLAT;
  f.P = roundings(r->n, r->n_blocks);
  f.noise = f.P * (f.flat ? 1 + f.Q : 1);
  if (!f.flat) kd_ratios_sum_again(r, r->E, r->t), f.base = 1;
  sum_errors(r, e, &f);
  return f;
}

/* Bound on the error of G of a row */
static double error_of(const struct kd_ratios *r, const struct form *f, size_t row, double s,
                       double G) {
  double S = r->S[row], t = fabs(r->t[row]), R = share(r, f, row);
  double both = R * lesser(1, positive(1 - R) + 2 * f->noise), W = r->d[row];
  double rest = f->W - W + f->P * f->W;
  double of_E =
      lesser(W, both * r->most_e[row]) + lesser(rest, lesser(R * f->C, both * r->most));
  if (!f->flat) return of_E + R * s + lesser(R * f->s, f->T) + S * s + R * f->P + 8 * KD_U * S;
  double of_S = fabs(G) * s + lesser(S * (f->Q + t) * f->s, f->T) + S * f->V;
  return of_E + of_S + S * (f->Q + t) * f->P;
}

bool kd_ratios_objective(struct kd_ratios *r, const struct kd_estimate *e, double *G,
                         struct kd_objective *out) {
  double log_F, most = 0;
  take_weights(r, e);
  double least = kd_ratios_sum(r, r->kappa, &log_F);
  if (!(least > 0)) return false;
  struct form f = form_of(r, e, least);
  if (f.W > widest(r->n, r->n_blocks)) return false;
  for (size_t row = 0; row < r->n; row++) {
    size_t j = r->point[row];
    double g = e->S[j] * (f.base - r->t[row]);
    double error = error_of(r, &f, row, e->dlog_S[j], g);
    G[e->index[j]] = g;
    most = error > most ? error : most;
  }
  *out = (struct kd_objective){.loss = -(r->log_k_sum + log_F)};
  out->gradient_bound = SECOND_ORDER * most + (r->n > 1 ? TINY : 0);
  double U = (double)r->n + 16 + 32 * (fabs(log_F) + fabs(out->loss));
  out->loss_bound = SECOND_ORDER * (f.W + f.T + r->log_k_error + KD_U * U) + TINY;
  return true;
}
