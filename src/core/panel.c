/* SPDX-License-Identifier: MIT
 *
 * The proof. A panel has middle m and half-width p; E is the ellipse with foci at its
 * ends and semi-axes A p, B p, A = (r + 1/r)/2, B = (r - 1/r)/2. A function phi that is
 * analytic in E, |phi| <= M, has Chebyshev coefficients of at most 2 M r^-k there
 * (Bernstein, 1912). Gauss-Legendre with n nodes integrates those below degree 2 n
 * exactly and all odd ones, of T_k it makes an error of at most 2 + 2/(k^2 - 1); so
 *
 *   |mean phi - Gauss| <= M (2 + 2/15) r^-2n / (1 - r^-2).                      (1)
 *
 * Let 0 be the point that carries most at m, D_j a bound on |(log K_j)' - (log K_0)'|
 * in the disc |zeta| <= t = A p, which holds E (kd_slope). In E, K_j/K_0 turns by at
 * most B p D_j and grows or falls by at most a factor e^{t D_j}.
 *   - Points with B p D_j <= pi/3 make up P: there Re of a term >= half its modulus.
 *   - What the others may grow to, at most X = sum rho_j(m) sup |(K_j/K_0)(z)/(..)(m)|,
 *     must be at most a tenth of sum_P rho_j(m) e^{-t D_j}.
 * With F = f K_0(m)/(K_0 f(m)) then |F| >= 0.4 sum_P |terms|, Re F > 0, so that
 *   |rho_i| <= 2.5 in E, and |log F| <= 4: between log(0.0887) and log(4.2), with an
 *   argument of at most pi/2.
 *   log K_0 is a polynomial of degree 2, which Gauss integrates exactly, and a rest of
 *   at most rest_0 t: |log f - polynomial| <= 4 + rest_0 t. That rest must be at most
 *   1, or than what log K_0 has fallen by since its point.
 */
#include "panel.h"

#include <math.h>

#include "block.h"
#include "core/vmath/vmath.h"
#include "estimate.h"
#include "rule.h"

/* r: 20 nodes reach the last bit of a double; A = 1.4923 */
static const double BERNSTEIN = 2.6;
static const double TURN_MAX = 1.047; /* below pi/3 */
static const double STRAY_MAX = 0.1;

double kd_panel_error(size_t order) {
  double square = BERNSTEIN * BERNSTEIN;
  return (2 + 2.0 / 15) * kd_pow(square, -(double)order) / (1 - 1 / square);
}

size_t kd_panel_order(double error) {
  size_t order = 2;
  while (order < KD_ORDER_MAX && !(KD_PANEL_RHO_MAX * kd_panel_error(order) <= error)) order++;
  return order;
}

/* Of log(K_j/K_0): a bound on its slope */
static double slope_difference(struct kd_slope a, struct kd_slope b, double t) {
  return fabs(a.at - b.at) + fabs(a.rate - b.rate) * t + a.rest + b.rest;
}

static struct kd_slope slope_at(const struct kd_estimate *e, double v, size_t j, double t) {
  return e->kernel->slope(kd_estimate_offset(e, v, j), t, e->h, e->shape);
}

bool kd_panel_resolved(const struct kd_estimate *e, double a, double b,
                       struct kd_panel_size *size) {
  double middle = 0.5 * (a + b), half = 0.5 * (b - a), *log_rho = e->probe;
  double minor = 0.5 * (BERNSTEIN - 1 / BERNSTEIN);
  double t = KD_PANEL_MAJOR * half, steep = TURN_MAX / (minor * half);
  *size = (struct kd_panel_size){KD_PANEL_RHO_MAX, KD_PANEL_LOG_F_MAX};
  if (!kd_block_log_rho(e->block, e, middle, log_rho)) return true;
  size_t top = 0;
  for (size_t j = 1; j < e->n; j++)
    if (log_rho[j] > log_rho[top]) top = j;
  struct kd_slope reference = slope_at(e, middle, top, t);
  double r = kd_estimate_offset(e, middle, top);
  double fallen = -e->kernel->log_ratio(fabs(r), r, 0, e->h, e->shape);
  size->log_f += reference.rest * t;
  if (!(reference.rest * t <= fmax(1, fallen))) return false;
  double kept = 0, stray = 0;
  double fall = t * (fabs(reference.at) + fabs(reference.rate) * t + reference.rest);
  for (size_t j = 0; j < e->n; j++) {
    if (log_rho[j] == -INFINITY) continue;
    struct kd_slope slope = slope_at(e, middle, j, t);
    double D = j == top ? 0 : slope_difference(slope, reference, t);
    if (D <= steep)
      kept += kd_exp(log_rho[j] - t * D);
    else
      stray += kd_exp(log_rho[j] + fmin(t * D, slope.growth + fall));
  }
  return stray <= STRAY_MAX * kept;
}
