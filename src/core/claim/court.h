/* SPDX-License-Identifier: MIT
 *
 * What the claims look at: one problem, its layout moved by any shift, read in two ways.
 *
 *   main    as cells are computed: closed forms, distances that come from differences of
 *           positions (block.h)
 *   direct  each pair from its own x - x_j, then log-sum-exp (direct.h)
 *
 * The first takes from the positions what the invariance says; so it could not be believed
 * alone. A claim must hold by both, and both must see its control.
 */
#ifndef KD_COURT_H
#define KD_COURT_H

#include "core/claim.h"
#include "core/frame.h"
#include "core/stage.h"
#include "core/trajectory.h"
#include "direct.h"

enum kd_path { KD_PATH_MAIN, KD_PATH_DIRECT, KD_N_PATHS };

/* A residual and how far it may be from the truth */
struct kd_measure {
  double residual, bound;
};

/* Nothing was measured yet */
#define KD_NO_MEASURE ((struct kd_measure){NAN, NAN})

/* residual / bound: above 1 it refutes; 1 if the bound is infinite; -1 for no measure */
double kd_measure_ratio(struct kd_measure measure);

/* Keeps the one that speaks louder against the claim. What is not a number has no bound. */
void kd_measure_add(struct kd_measure *measure, double residual, double bound);

struct kd_court {
  const struct kd_problem *problem;
  struct kd_frame frame;
  bool shifts;             /* the problem's shift exists: */
  double d, dd;            /* as a length, off by at most dd */
  double d_centre, d_edge; /* off by at most blur */
  double blur;
  struct kd_stage stage; /* the points as they were placed last */
  struct kd_stage twin;  /* of a descent */
  struct kd_trajectory trajectory;
  struct kd_nodes nodes, bin; /* a claim's own; of a bin alone */
  size_t capacity;
  double *G[5]; /* n each: gradients that a claim compares */
  double *scratch;
};

void kd_court_free(struct kd_court *court);

/* The court of a workspace, made when first asked for, with that problem before it; the
 * points are the unshifted ones. KD_SYSTEM when memory is short. */
int kd_court_open(struct kd_workspace *ws, const struct kd_problem *problem,
                  struct kd_court **court, struct kd_err *err);

/* Points moved by d, off by at most dd, on court->stage. */
int kd_court_place(struct kd_court *court, double d, double dd, struct kd_err *err);

/* Loss and gradient over the whole target by the problem's rule, the points moved by d:
 * n values in the order of the input, bounds as in objective.h. Places them. */
int kd_court_read(struct kd_court *court, int path, double d, double dd, double *G,
                  struct kd_objective *out, struct kd_err *err);

/* The same of a problem like the court's: as many points at most. */
int kd_court_read_as(struct kd_court *court, const struct kd_problem *problem, int path,
                     double d, double dd, double *G, struct kd_objective *out,
                     struct kd_err *err);

/* Of the bin alone at offset v from the centre, off by at most dv, for the points as
 * placed: G_i = S_i - rho_i, loss = -log f. */
int kd_court_bin(struct kd_court *court, int path, double v, double dv, double *G,
                 struct kd_objective *out, struct kd_err *err);

/* max_i |a_i - b_i| over the problem's points */
double kd_court_distance(const struct kd_court *court, const double *a, const double *b);

/* Whether the rule stands for the integral with a proof of its error. */
bool kd_court_integral(const struct kd_court *court);

#endif
