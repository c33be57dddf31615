/* SPDX-License-Identifier: MIT
 *
 * C4e, past the edge. Take a shift d0 that leaves all points outside T, and d > d0 up to
 * d_centre. A point that has passed the bin x by depth_j(x) (0 if not) is d - d0 - 2 depth_j
 * nearer to it than before, so that with eps_j(x) = exp(-2 depth_j(x)/h), rho at d0,
 *
 *   G_k(d) - G_k(d0)           = mean_T [rho_k - rho_k eps_k / sum_j rho_j eps_j]
 *   L(d) + d/h - L(d0) - d0/h  = -mean_T log sum_j rho_j eps_j
 *
 * The right side is read off the layout at d0 whose K_j are tilted by eps_j (direct.h), on
 * the rule's nodes, or for the integral on Gauss panels that are cut where a point stands at
 * d. In between all log K_j are straight lines whose slopes differ by at most 2/h, with eps_j
 * or without: panels of up to 0.9 h are resolved whatever the weights (panel.h).
 */
#include <math.h>

#include "core/num.h"
#include "core/panel.h"
#include "rows.h"
#include "shift.h"

enum { PANEL_ORDER = 20, PANELS_MAX = 2000 };
static const double PANEL_WIDTH = 0.9; /* bandwidths */

/* The layout at d seen from d0 */
struct passage {
  const struct kd_court *court;
  double d, dd, d0;
  double rate; /* of eps: 2; other in the control */
};

/* depth_j = d - (r_j - s_j v), r_j from the layout at d0 */
static void fill_eps(const void *context, const struct kd_estimate *e, double v,
                     double *log_factor, double *error) {
  const struct passage *p = context;
  double h = e->h, step = p->d - p->d0;
  for (size_t j = 0; j < e->n; j++) {
    double distance = copysign(1, e->y[j]) * (e->y[j] - v);
    double depth = step - distance;
    double off = p->dd + e->dy[j] + 4 * KD_U * (fabs(step) + fabs(e->y[j]) + fabs(v));
    log_factor[j] = depth > 0 ? -p->rate * (depth / h) : 0;
    error[j] = depth > -off ? p->rate * (off / h) + 2 * KD_U * fabs(log_factor[j]) : 0;
  }
}

static bool applies(struct kd_court *c) {
  return kd_claim_shifts_inward(c) && c->d > c->d_edge + c->blur + c->dd &&
         (kd_court_integral(c) || !c->problem->rule->integral);
}

/* A shift that leaves all points outside T, or on its edge by what positions are off by */
static double outside(const struct kd_court *c) {
  return c->d_edge >= 0 ? 0 : c->d_edge;
}

/* Nodes for the layout as placed; false if there would be too many. */
static int place_nodes(struct kd_court *c, bool *placed, struct kd_err *err) {
  const struct kd_problem *p = c->problem;
  struct kd_rule_args args = {p->bins, p->order, p->tolerance};
  const struct kd_rule *rule = p->rule;
  *placed = true;
  if (rule->integral) {
    double panels = ceil(2 * c->frame.w / (PANEL_WIDTH * p->h));
    *placed = panels <= PANELS_MAX;
    args = (struct kd_rule_args){(size_t)fmin(panels, PANELS_MAX), PANEL_ORDER, 0};
    rule = kd_rule_find("gauss-legendre");
  }
  return kd_rule_place(rule, &c->stage.estimate, &args, &c->nodes, err);
}

/* What the panels cost each mean, of rho and of log f, per mean of a resolved function */
static double panel_error(const struct kd_court *c, double size) {
  double slivers = (double)c->nodes.n_cuts * 8 * KD_U; /* that the rule leaves out */
  return size * kd_panel_error(PANEL_ORDER) + 4 * slivers * size;
}

/* Right sides, in G[2] - G[3] and tilted - plain */
static int predict(struct kd_court *c, const struct passage *passage,
                   struct kd_objective *tilted, struct kd_objective *plain,
                   struct kd_err *err) {
  struct kd_tilt tilt = {fill_eps, passage};
  int code = kd_court_place(c, passage->d0, 0, err);
  if (code) return code;
  *tilted = kd_direct(&c->stage.estimate, &c->nodes, &tilt, c->G[2], c->scratch);
  *plain = kd_direct(&c->stage.estimate, &c->nodes, NULL, c->G[3], c->scratch);
  return KD_OK;
}

static double gradient_residual(const struct kd_court *c) {
  double most = 0;
  for (size_t k = 0; k < c->problem->n; k++) {
    double off = fabs((c->G[1][k] - c->G[0][k]) - (c->G[2][k] - c->G[3][k]));
    if (!(off <= most)) most = off;
  }
  return most;
}

static int judge(struct kd_court *c, int path, bool falsified, struct kd_measure *m,
                 struct kd_err *err) {
  struct passage passage = {c, c->d, c->dd, outside(c), falsified ? 1 : 2};
  struct kd_objective from, to, tilted, plain;
  bool placed;
  int code = kd_court_read(c, path, passage.d0, 0, c->G[0], &from, err);
  if (!code) code = kd_court_read(c, path, c->d, c->dd, c->G[1], &to, err);
  if (!code) code = place_nodes(c, &placed, err);
  if (!code && placed) code = predict(c, &passage, &tilted, &plain, err);
  if (code) return code;
  if (!placed) {
    kd_measure_add(m, INFINITY, INFINITY);
    return KD_OK;
  }
  bool panels = c->problem->rule->integral;
  double crossed = kd_claim_crossing(c, c->blur), step = (c->d - passage.d0) / c->problem->h;
  double gradient = from.gradient_bound + to.gradient_bound + tilted.gradient_bound +
                    plain.gradient_bound + (panels ? 2 * panel_error(c, KD_PANEL_RHO_MAX) : 0);
  double loss = from.loss_bound + to.loss_bound + tilted.loss_bound + plain.loss_bound +
                (panels ? 2 * panel_error(c, KD_PANEL_LOG_F_MAX) : 0);
  double rounding =
      4 * KD_U *
      (fabs(from.loss) + fabs(to.loss) + fabs(tilted.loss) + fabs(plain.loss) + fabs(step));
  kd_measure_add(m, gradient_residual(c), gradient + crossed + 8 * KD_U);
  kd_measure_add(m, (to.loss - from.loss) + step - (tilted.loss - plain.loss),
                 loss + crossed + rounding + c->dd / c->problem->h);
  return KD_OK;
}

const struct kd_claim kd_claim_past_edge = {
    .name = "C4e",
    .statement = "past d_edge: gradient and loss change by means over T of the "
                 "responsibilities at d_edge, each reduced by exp(-2 depth/h)",
    .reference = "claim/past_edge.c",
    .expected = KD_VERDICT_HOLDS,
    .control = "reduced by exp(-depth/h)",
    .paths = KD_N_PATHS,
    .applies = applies,
    .judge = judge};
