/* SPDX-License-Identifier: MIT
 *
 * The kernel density estimate f = sum_j S_j K(x - x_j), seen from the target's
 * centre c: positions y_j = x_j - c, bins at offsets v = x - c, both in [-pi, pi] on the
 * circle.
 *
 * Points are sorted by (|y|, z) and summed side by side (right of the centre,
 * left of it, at it), so that permuting or reflecting a layout changes no bit.
 * Weights are kept as log S_j: e^-1400 is 0 in a double, yet a bin that only
 * this point covers has f > 0.
 */
#ifndef KD_ESTIMATE_H
#define KD_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "kernel.h"
#include "num.h"
#include "problem.h"

/* The kernel for which an estimate's errors were measured */
struct kd_measured {
  const struct kd_kernel *kernel;
  double h, shape, log_mass;
};

struct kd_estimate {
  enum kd_space space;
  const struct kd_kernel *kernel;
  double h, shape;
  double log_mass; /* of the kernel over the circle; 0 on the line */
  double log_mass_error;
  double roundings, norm;      /* for error bounds: see block_error.c; */
  struct kd_measured measured; /* of this kernel */
  double w, dw;                /* half-width of the target, and a bound on its error */
  size_t n, capacity;
  bool ranked;            /* no two |y| are the same */
  double *y;              /* n centred positions, rising |y| */
  double *dy;             /* n: bounds on their errors */
  double *S;              /* n weights */
  double *log_S;          /* n */
  double *dlog_S;         /* n: bounds on the errors of log_S, and so on S's relative ones */
  double dS, dlog_S_max;  /* sum_j S_j dlog_S_j; the largest */
  double dlog_S_common;   /* so much of each dlog_S_j is for an error that all S_j share */
  size_t *index;          /* n: place of the point in the input */
  double *ratio, *probe;  /* n each: scratch of rules and closed forms */
  struct kd_sort *sort;   /* n: scratch */
  uint64_t *keys;         /* 2 n: scratch */
  struct kd_block *block; /* room for f and g (block.h) */
};

void kd_estimate_clear(struct kd_estimate *estimate);

/* Sets the points: n centred positions, bounds on their errors (NULL: exact) and
 * logits in input order (copied), and makes room. The kernel's fields, w and dw are
 * the caller's to set. KD_SYSTEM when memory is short. */
int kd_estimate_points(struct kd_estimate *estimate, size_t n, const double *y,
                       const double *dy, const double *z, struct kd_err *err);

/* Replaces the logits, in input order; the points stay. */
void kd_estimate_logits(struct kd_estimate *estimate, const double *z);

/* r = v - y_j of the bin's offset from sorted point j; by the shorter arc. */
double kd_estimate_offset(const struct kd_estimate *estimate, double v, size_t j);

/* (|t_j| + 3) KD_U: bound on S_j's relative error but for the sum's, which all share, out of
 * dlog_S_j = dlog_S_common + (2 |t_j| + 3) KD_U (estimate.c, weigh) */
static inline double kd_estimate_own_error(const struct kd_estimate *e, size_t j) {
  return 0.5 * (e->dlog_S[j] - e->dlog_S_common) + 1.5 * KD_U;
}

#endif
