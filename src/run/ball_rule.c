/* SPDX-License-Identifier: MIT
 *
 * The sums of the fixed rules, written again from their definitions:
 *
 *   midpoint, trapezoid, simpson   nodes at multiples of w/M, places taken exactly
 *   gauss-legendre                 M panels, cut further where the rule says: at the
 *                                  kinks that its kernel's row names
 *
 * A panel may hold a point whose kernel is smooth there: then K is the same from both
 * sides, for it is even and analytic.
 */
#include "ball.h"

#ifdef KD_ARB

#include <math.h>
#include <string.h>

#include "core/kernel.h"
#include "core/rule.h"

/* Nodes v = (2 m + first) w/M for m = 0 .. n-1; weights in units of 1/(M unit) */
struct binning {
  double M, first, n, unit;
  int edge, even, odd;
};

static struct binning binning_of(const struct kd_problem *p) {
  double M = (double)p->bins;
  if (strcmp(p->rule->name, "midpoint") == 0)
    return (struct binning){M, 1 - M, M, .unit = 1, .edge = 1, .even = 1, .odd = 1};
  if (strcmp(p->rule->name, "trapezoid") == 0)
    return (struct binning){M, -M, M + 1, .unit = 2, .edge = 1, .even = 2, .odd = 2};
  if (strcmp(p->rule->name, "simpson") == 0)
    return (struct binning){2 * M,     -2 * M,    2 * M + 1, .unit = 3,
                            .edge = 1, .even = 2, .odd = 4};
  return (struct binning){0};
}

enum kd_mean_kind kd_mean_kind(const struct kd_problem *p) {
  static const char *const integral[] = {"best", "exact", "adaptive"};
  for (int i = 0; i < 3; i++)
    if (strcmp(p->rule->name, integral[i]) == 0) return KD_MEAN_INTEGRAL;
  if (strcmp(p->rule->name, "gauss-legendre") == 0) return KD_MEAN_PANELS;
  return binning_of(p).M > 0 ? KD_MEAN_BINNED : KD_MEAN_UNKNOWN;
}

/* The node at tau from the origin that the points are seen from */
static void add_node(struct kd_scene *s, const arb_t tau, const arb_t weight,
                     struct kd_means *m) {
  acb_t place, t;
  acb_init(place), acb_init(t);
  kd_terms_forget(s);
  acb_set_arb(place, tau);
  const struct kd_terms *terms = kd_terms_at(s, place, 0);
  kd_terms_log_f(t, s, terms);
  arb_addmul(m->log_f, acb_realref(t), weight, s->prec);
  arb_add(m->share, m->share, weight, s->prec);
  for (size_t i = 0; i < s->n; i++) {
    kd_terms_rho(t, s, terms, i);
    arb_addmul(&m->rho[i], acb_realref(t), weight, s->prec);
  }
  acb_clear(place), acb_clear(t);
}

void kd_mean_bins(struct kd_scene *s, struct kd_means *m) {
  struct binning bins = binning_of(s->problem);
  arb_t weight, units, zero;
  arb_init(weight), arb_init(units), arb_init(zero);
  arb_set_d(units, bins.M * bins.unit);
  for (double k = 0; k < bins.n; k++) {
    bool edge = k == 0 || k == bins.n - 1;
    arb_set_si(weight, edge ? bins.edge : fmod(k, 2) == 0 ? bins.even : bins.odd);
    arb_div(weight, weight, units, s->prec);
    if (kd_view_node(s, 2 * k + bins.first, bins.M))
      add_node(s, zero, weight, m);
    else
      m->covered = false;
  }
  arb_clear(weight), arb_clear(units), arb_clear(zero);
}

/* --- Gauss-Legendre panels --- */

struct gauss {
  size_t order;
  arb_ptr node, weight; /* on [0, 1], weights sum to 1 */
};

static void gauss_init(struct gauss *g, size_t order, slong prec) {
  *g = (struct gauss){order, _arb_vec_init((slong)order), _arb_vec_init((slong)order)};
  for (size_t k = 0; k < order; k++) {
    arb_hypgeom_legendre_p_ui_root(&g->node[k], &g->weight[k], order, k, prec);
    arb_add_ui(&g->node[k], &g->node[k], 1, prec);
    arb_mul_2exp_si(&g->node[k], &g->node[k], -1);
    arb_mul_2exp_si(&g->weight[k], &g->weight[k], -1);
  }
}

static void gauss_clear(struct gauss *g) {
  _arb_vec_clear(g->node, (slong)g->order);
  _arb_vec_clear(g->weight, (slong)g->order);
}

/* The nodes of the panel [a, b], places times M */
static void add_panel(struct kd_scene *s, const struct gauss *g, const struct kd_place *a,
                      const struct kd_place *b, double M, struct kd_means *m) {
  struct kd_place span;
  arb_t length, tau, weight;
  if (!kd_view_piece(s, a, b, a, M)) {
    m->covered = false;
    return;
  }
  kd_place_init(&span), arb_init(length), arb_init(tau), arb_init(weight);
  kd_place_set(&span, b);
  kd_place_add(&span, a, -1);
  kd_place_ball(length, &span, s->prec);
  arb_set_d(tau, M);
  arb_div(length, length, tau, s->prec);
  for (size_t k = 0; k < g->order; k++) {
    arb_mul(tau, length, &g->node[k], s->prec);
    arb_mul(weight, length, &g->weight[k], s->prec);
    arb_div(weight, weight, s->width, s->prec);
    add_node(s, tau, weight, m);
  }
  kd_place_clear(&span), arb_clear(length), arb_clear(tau), arb_clear(weight);
}

int kd_mean_panels(struct kd_scene *s, struct kd_means *m, struct kd_err *err) {
  const struct kd_problem *p = s->problem;
  struct kd_cuts cuts;
  struct gauss g;
  bool antipode = s->circle && !p->kernel->circle_only;
  int code = kd_cuts_create(&cuts, s, p->bins, p->kernel->kink_at_point, antipode, err);
  if (code) return code;
  gauss_init(&g, p->order, s->prec);
  for (size_t k = 1; k < cuts.n; k++)
    if (kd_place_cmp(&cuts.at[k - 1], &cuts.at[k], 1) < 0)
      add_panel(s, &g, &cuts.at[k - 1], &cuts.at[k], cuts.M, m);
  gauss_clear(&g);
  kd_cuts_clear(&cuts);
  return KD_OK;
}

#endif
