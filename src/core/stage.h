/* SPDX-License-Identifier: MIT
 *
 * A layout ready to be looked at: its points, seen from the target's centre and moved by
 * a shift, as an estimate, with the room that rules and closed forms need. A problem and
 * its twin are two stages.
 */
#ifndef KD_STAGE_H
#define KD_STAGE_H

#include "core/exact/exact.h"
#include "estimate.h"
#include "frame.h"
#include "objective.h"
#include "problem.h"
#include "ratios.h"
#include "rule.h"

enum { KD_STEPS_FROM = 2048 }; /* points */

/* Start from {0}. */
struct kd_stage {
  struct kd_estimate estimate;
  bool sorted;  /* the estimate holds the points, */
  bool weighed; /* and the logits */
  struct kd_nodes nodes;
  struct kd_ratios ratios; /* of the nodes, where they serve: for cells and for descents */
  struct kd_room room;
  size_t capacity;
  struct kd_positions positions; /* in the order of the input */
  double *y, *dy;                /* n: once it is sorted, the same as arrays */
  const double *z;               /* n: logits, the caller's */
  double *other;                 /* n: a gradient that is compared */
  double *scratch;
};

void kd_stage_clear(struct kd_stage *stage);

/* The points of the problem moved by d, which is off by at most dd, at its logits, but not
 * yet in stage->estimate: sums over equal bins go without a sort. KD_SYSTEM when memory is
 * short. */
int kd_stage_move(struct kd_stage *stage, const struct kd_problem *problem, double d, double dd,
                  struct kd_err *err);

/* The same, and sorted. */
int kd_stage_set(struct kd_stage *stage, const struct kd_problem *problem, double d, double dd,
                 struct kd_err *err);

/* Sets the logits, n values that stay the caller's: the stage reads them until it gets
 * others. */
void kd_stage_logits(struct kd_stage *stage, const double *z);

/* Puts points and logits into stage->estimate, unless they are there. KD_SYSTEM when memory is
 * short. */
int kd_stage_sort(struct kd_stage *stage, size_t n, struct kd_err *err);

/* The nodes of the problem's rule, into stage->nodes; sorts. */
int kd_stage_place(struct kd_stage *stage, const struct kd_problem *problem,
                   struct kd_err *err);

/* Whether a table of ratios serves for a cell with so many nodes. */
bool kd_stage_tabled(const struct kd_problem *problem, const struct kd_rule *rule,
                     size_t n_nodes);

/* The kernel's closed form if the rule takes it for this problem, else NULL. */
kd_exact *kd_stage_closed_form(const struct kd_problem *problem, const struct kd_rule *rule);

/* Whether sums over equal bins in closed form serve for this problem: from some size on. */
bool kd_stage_binned(const struct kd_problem *problem, const struct kd_rule *rule);

/* Such sums, as kd_stage_objective but for the scale of K. *done: false, and nothing set, if
 * they do not serve or would leave the range of doubles. */
int kd_stage_by_bins(struct kd_stage *stage, const struct kd_problem *problem,
                     const struct kd_rule *rule, double *G, double *log_m, bool *done,
                     struct kd_objective *out, struct kd_err *err);

/* Whether there are steps of a descent in closed form for such a problem (kernel.h); a step
 * may refuse its points or logits. */
bool kd_stage_has_steps(const struct kd_problem *problem);

/* Places in the input of a sorted stage's points, from left to right; n values, the
 * caller's. */
void kd_stage_line_order(const struct kd_stage *stage, size_t *order);

/* Until it is moved, a sorted stage has its points, and so G, logits and the like, in this
 * order of places in the input. */
void kd_stage_reorder(struct kd_stage *stage, const size_t *order);

/* A step of a descent in closed form where there is one that serves (kernel.h): G, log_m and,
 * unless it is NULL, the loss as kd_stage_objective has them. *done: false, and nothing set,
 * if there is none. */
int kd_stage_step(struct kd_stage *stage, const struct kd_problem *problem, double *G,
                  double *log_m, bool *done, double *loss, struct kd_err *err);

/* Loss, gradient and their bounds of the estimate as it stands, by that rule. G: n values in
 * the order of the input; log_m: NULL or likewise (kernel.h). */
int kd_stage_objective(struct kd_stage *stage, const struct kd_problem *problem,
                       const struct kd_rule *rule, double *G, double *log_m,
                       struct kd_objective *out, struct kd_err *err);

/* What the factor 10^(log10_factor + log10_slope x) of K adds to the loss: its
 * mean over T, whose mean position is c. It never meets the gradient. */
double kd_stage_scale_loss(const struct kd_problem *problem);

#endif
