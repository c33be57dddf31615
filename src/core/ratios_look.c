/* SPDX-License-Identifier: MIT
 *
 * Looks at a table of ratios (ratios.h): for a descent, and with bounds for a cell.
 *
 * With bounds, S_j and E_jm are those computed; u_m = weight_m/F_m; all sums of terms of one
 * sign. Two forms, by whether all F >= 1/2:
 *
 *   G_i = S_i (1 - t_i),             t_i = sum_m u_m E_im          = mean rho_i/S_i
 *   G_i = S_i (sum_j S_j t_j - t_i), t_i = sum_m u_m kappa_im <= 0
 *
 * as S_i - rho_i = S_i (kappa - kappa_i)/F, kappa = sum_j S_j kappa_j: the second keeps the
 * digits that the first loses where the kernel is flat. Errors:
 *
 * - E: with K_j = E_j (1 + eta_j), |eta_j| <= e_j, the formula at the head of block_error.c
 *   gives |d rho_i| <= rho_i e_i + rho_i sum_j rho_j e_j. Over the nodes the first is
 *   S_i d_i, d_i = sum_m u_m E_im e_im (four nodes share the largest E e), the second at most
 *   sum_j S_j d_j, as rho_i <= 1, and at most max e mean rho_i. log f is off by
 *   sum_j rho_j e_j, its mean by sum_j S_j d_j.
 *
 * - S, relative errors s_j <= s: first form, rho_i (s_i + s) and S_i s_i. Second form,
 *   |g_i| (s_i + s) and, kappa being off by s |kappa|, S_i s |kappa|/F: with q_i = |t_i|,
 *   Q = sum_j S_j q_j together S_i (Q + q_i)(s_i + 2 s). log f: s.
 *
 * - Roundings: F n + 4 and the exponential's 2, u four more, a sum over the nodes as many as
 *   kd_ratios_roundings says, the sum over j n + 2, the rest 8: each relative to a sum of
 *   terms of one sign. A product of F one a factor, so that the mean of its logarithm has
 *   one; a logarithm and the sums of them 20 of the sum.
 *
 * What underflows: E < e^-700 whose errors are not known, F >= 2^-250: less than TINY. All of
 * second order is below 2 %, as e <= 0.01 (ratios.c).
 */
#include <math.h>

#include "core/vmath/vmath.h"
#include "num.h"
#include "ratios.h"

static const double SECOND_ORDER = 1.02, TINY = 0x1p-600, LEAST_F = 0x1p-250;

static void take_weights(struct kd_ratios *r, const struct kd_estimate *e) {
  for (size_t row = 0; row < r->n; row++) r->S[row] = e->S[r->point[row]];
}

bool kd_ratios_look(struct kd_ratios *r, const struct kd_estimate *e, double *loss, double *G,
                    double *log_m, double *uncovered) {
  take_weights(r, e);
  double least = kd_ratios_over_F(r);
  if (!(least > 0)) return false;
  kd_ratios_over_nodes(r, r->E, r->t);
  *uncovered = r->uncovered;
  if (loss) *loss = r->uncovered > 0 ? INFINITY : -(r->log_k_sum + kd_ratios_log_F(r, least));
  for (size_t row = 0; row < r->n; row++) {
    size_t j = r->point[row], i = e->index[j];
    double m_j = r->t[row];
    G[i] = e->S[j] * ((1 - r->uncovered) - m_j);
    log_m[i] = kd_log_m(m_j, e->S[j], e->log_S[j], G[i]);
  }
  return true;
}

/* sum_j S_j a_j over the points of each side, then both: reflection */
static double mean(const struct kd_ratios *r, const double *a) {
  double side[3] = {0};
  for (size_t row = 0; row < r->n; row++)
    side[row < r->n_left ? 0 : row < r->n_left + r->n_right ? 1 : 2] += r->S[row] * a[row];
  return (side[0] + side[1]) + side[2];
}

/* What is the same for all points */
struct form {
  bool flat;   /* the second form */
  double base; /* 1 or sum_j S_j t_j */
  double blur, of_S, of_rounding;
};

static struct form form_of(struct kd_ratios *r, const struct kd_estimate *e, double least) {
  struct form f = {.flat = least >= 0.5, .base = 1};
  kd_ratios_over_nodes(r, f.flat ? r->kappa : r->E, r->t);
  kd_ratios_blurs(r, r->d);
  if (f.flat) f.base = mean(r, r->t);
  f.blur = mean(r, r->d);
  f.of_S = e->dlog_S_max;
  f.of_rounding = KD_U * (2 * (double)r->n + kd_ratios_roundings(r) + 24);
  return f;
}

/* Bound on the error of G_i = S (base - t), t = sum of the row */
static double error_of(const struct kd_ratios *r, const struct form *f, double S, double s,
                       double G, double t, double d) {
  double rho = fabs(S - G), of_E = S * d + fmin(f->blur, r->most_blur * rho);
  if (f->flat) return of_E + S * (fabs(f->base) + fabs(t)) * (s + 2 * f->of_S + f->of_rounding);
  return of_E + rho * (s + f->of_S + f->of_rounding) + S * (s + 8 * KD_U);
}

bool kd_ratios_objective(struct kd_ratios *r, const struct kd_estimate *e, double *G,
                         struct kd_objective *out) {
  static const double WIDE = 0x1p-41;
  take_weights(r, e);
  double least = kd_ratios_over_F(r), most = 0, most_G = 0;
  if (!(least >= LEAST_F)) return false;
  double log_F = kd_ratios_log_F(r, least);
  struct form f = form_of(r, e, least);
  for (size_t row = 0; row < r->n; row++) {
    size_t j = r->point[row];
    double t = r->t[row], g = e->S[j] * (f.base - t);
    G[e->index[j]] = g;
    most_G = fmax(most_G, fabs(g));
    most = fmax(most, error_of(r, &f, e->S[j], e->dlog_S[j], g, t, r->d[row]));
  }
  *out = (struct kd_objective){.loss = -(r->log_k_sum + log_F)};
  out->gradient_bound = SECOND_ORDER * most + (r->n > 1 ? TINY : 0);
  double roundings = (double)r->n + 16 + 20 * (fabs(log_F) + fabs(out->loss));
  out->loss_bound = SECOND_ORDER * (f.blur + f.of_S + r->log_k_error + KD_U * roundings) + TINY;
  return (out->gradient_bound <= WIDE * most_G || r->n == 1) && isfinite(out->loss_bound);
}
