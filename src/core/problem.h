/* SPDX-License-Identifier: MIT
 *
 * One problem and its result: what the library computes.
 *
 *   S = softmax(z)                        weights of the n data points x_j
 *   f(x) = sum_j S_j K(x - x_j)           kernel density estimate
 *   L = -1/(b-a) int_a^b log f dx         cross-entropy against the uniform
 *                                         target on T = [a, b]
 *   G_i = dL/dz_i = 1/(b-a) int_a^b (S_i - rho_i) dx,   rho_i = S_i K_i / f
 *
 * All lengths (x, a, b, h, shift) share one arbitrary unit; losses are in
 * nats; gradients are nats per logit. Nothing here is global: a problem may be
 * evaluated by many threads, each with its own workspace.
 */
#ifndef KD_PROBLEM_H
#define KD_PROBLEM_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"

struct kd_kernel;
struct kd_shift_mode;
struct kd_shift_unit;
struct kd_rule;
struct kd_descent;

/* What a cell computes and a file holds; bits of kd_problem.record. */
enum kd_record {
  KD_RECORD_LOSS = 1u << 0,
  KD_RECORD_GRADIENT = 1u << 1,
  KD_RECORD_DEFECT = 1u << 2,
  KD_RECORD_TRAJECTORY = 1u << 3,
  KD_RECORD_SENSITIVITY = 1u << 4,
  KD_RECORD_BINS = 1u << 5,
  KD_RECORD_BIN_ERROR = 1u << 6,
  KD_RECORD_LOGITS = 1u << 7, /* along the descent */
  KD_RECORD_BREAKING_SHIFT = 1u << 8,
};

enum kd_status {
  KD_STATUS_OK,
  KD_STATUS_UNCOVERED,      /* f = 0 on a part of T: loss +inf, a fact */
  KD_STATUS_DIVERGED,       /* the descent left the finite numbers */
  KD_STATUS_NOT_APPLICABLE, /* the shift does not exist for this layout */
  KD_STATUS_FAILED,         /* no number; kd_result.reason says why */
};

/* What a descent records */
enum { KD_RECORDS_OF_DESCENT = KD_RECORD_TRAJECTORY | KD_RECORD_LOGITS };

/* Name of a status as it stands in result files, e.g. "not-applicable". */
const char *kd_status_name(enum kd_status status);
enum { KD_N_STATUS = KD_STATUS_FAILED + 1 };

enum kd_space {
  KD_SPACE_LINE,   /* ell = |x - x_j| */
  KD_SPACE_CIRCLE, /* period 2 pi; ell = the shorter arc; b - a <= 2 pi */
};

struct kd_problem {
  enum kd_space space;
  const struct kd_kernel *kernel;
  double h;     /* bandwidth, > 0 */
  double shape; /* read only where kernel->shape_name is set */

  double lower, upper; /* a < b: bounds of the target */

  size_t n;        /* points, >= 1 */
  const double *x; /* positions before the shift, n values, caller's */
  const double *z; /* logits, n values, caller's */

  double shift; /* how far, in the unit; negative = outward (inward, sided) */
  const struct kd_shift_unit *shift_unit; /* shift.h */
  const struct kd_shift_mode *shift_mode; /* shift.h */
  double shift_left, shift_right;         /* mode sided: factors for the points on each side */

  /* K is multiplied by 10^(log10_factor + log10_slope x): moves the loss only */
  double log10_factor, log10_slope;

  const struct kd_rule *rule;
  size_t bins;      /* read where the rule uses it, >= 1 */
  size_t order;     /* nodes a panel, read where the rule uses it, 1..64 */
  double tolerance; /* relative, read where the rule uses it, > 0 */

  const struct kd_descent *descent;
  double rate; /* learning rate, read where the descent uses it */
  double gap;  /* the descent stops where its optimality gap is at most this; 0: never */
  size_t steps, every; /* steps in all; one recorded every `every`, >= 1 */

  unsigned record; /* or of enum kd_record */
  unsigned claims; /* or of bits 1u << enum kd_claim_id (claim.h) that are judged */
};

/* Numbers that were not asked for, or do not exist, are NaN in scalars and
 * NULL in arrays. The arrays belong to the workspace: they are good until its
 * next use or end.
 *
 * A bound says how far the number above it may be from the truth: the integral, or
 * under a binned rule that rule's own sum, of the doubles in the problem, in exact
 * arithmetic. It is proved (panel.c, block_error.c, ratios_bound.c, exact/laplace.c,
 * binned/laplace.c), given that elementary functions are within an ulp. */
struct kd_result {
  enum kd_status status;
  const char *reason; /* if FAILED, else NULL */

  double loss, loss_bound;
  double loss_change, loss_change_bound; /* L - L(twin); the twin is the unshifted layout */
  double gradient_bound;                 /* of all G_i */
  double defect, defect_bound;           /* max_i |G_i - G_i(twin)|; these and loss_change exist
                                            only where the cell and its twin are covered */
  double bin_error;        /* max_i |G_i - G_i(integral)|: what a binned rule costs */
  double loss_bin_error;   /* L - L(integral) */
  double loss_sensitivity; /* dL/dd per length of the shift, at this shift */
  double uncovered_share;  /* share of T (or of the bins) where f = 0 */
  double d_edge, d_centre; /* of the layout before the shift */
  /* The gradient is proved to have changed at breaking_shift, a length between 0 and the
   * problem's shift, not so at the other (breaking.h); the sum of both gradients' bounds */
  double breaking_shift, breaking_shift_before, breaking_threshold;
  double edge_rho; /* of the point that first reaches the outermost node, there and then */
  size_t n;        /* length of the next four */
  const double *gradient;    /* G_i in the order of the input */
  const double *sensitivity; /* dG_i/dd per length of the shift */
  const double *x;           /* positions after the shift; the problem's own if there is none */
  const double *logits;      /* z at the start */

  size_t n_bins;              /* length of the next two; binned rules only */
  const double *bin_centre;   /* the rule's nodes, as positions */
  const double *log_f;        /* log f there; -inf if uncovered */
  const double *bin_gradient; /* g_i = S_i - rho_i there, n values a bin in the order of
                                 the input; NaN if uncovered */

  size_t n_recorded;               /* length of the next rows: floor(steps/every)+1, less if
                                      the descent diverged or its gap closed */
  const int64_t *iteration;        /* which step was recorded: 0, every, ... */
  const double *trajectory_loss;   /* loss there */
  const double *trajectory_norm;   /* Euclidean norm of the gradient there */
  const double *trajectory_gap;    /* bound on loss - the least loss (trajectory.h) */
  const double *trajectory_logits; /* n values a row: the logits there */
  /* With KD_RECORD_DEFECT, against the twin's walk from the same logits: */
  const double *trajectory_defect;      /* max_i |z_i - z_i(twin)| */
  const double *trajectory_loss_change; /* L - L(twin) */
  int64_t steps_taken;
};

/* The result of a problem that could not be computed, for that reason (borrowed). */
struct kd_result kd_result_failed(const struct kd_problem *problem, const char *reason);

struct kd_workspace;

/* NULL when memory is short. */
struct kd_workspace *kd_workspace_create(void);
void kd_workspace_free(struct kd_workspace *ws);

/* Bytes that a workspace grows to for such a problem, about: from its sizes, names and
 * `record` alone. */
double kd_workspace_bytes(const struct kd_problem *problem);

/* Computes all that problem->record asks for. Events of the domain (an
 * uncovered bin, a shift that does not exist) are a status, not an error;
 * KD_SYSTEM when memory is short. */
int kd_evaluate(const struct kd_problem *problem, struct kd_workspace *ws,
                struct kd_result *result, struct kd_err *err);

#endif
