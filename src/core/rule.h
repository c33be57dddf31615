/* SPDX-License-Identifier: MIT
 *
 * Quadrature rules on the target, one row each: nodes v (offsets from the
 * target's centre) and weights that sum to 1, so that mean_T phi is
 * approximately sum_m weight_m phi(v_m).
 */
#ifndef KD_RULE_H
#define KD_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct kd_estimate;
struct kd_rule;

/* Parameters that a row reads; bits of kd_rule.uses. */
enum kd_rule_use {
  KD_RULE_USES_BINS = 1u << 0,
  KD_RULE_USES_ORDER = 1u << 1,
  KD_RULE_USES_TOLERANCE = 1u << 2
};

enum { KD_ORDER_MAX = 64 };

struct kd_rule_args {
  size_t bins, order; /* >= 1; 1..KD_ORDER_MAX */
  double tolerance;   /* > 0 */
};

/* Consecutive nodes, from the end of the panel before up to `end`, all of them at most
 * `reach` from `middle`. */
struct kd_panel {
  size_t end;
  double middle, reach;
};

/* Growing list of nodes, from left to right; start from {0}. */
struct kd_nodes {
  size_t n, capacity;
  double *v, *weight;
  struct kd_panel *panel;
  size_t n_panels, panels_capacity;
  double dv;                  /* bound on the error of each v */
  bool even;                  /* they stand at equal steps, */
  const struct kd_rule *rule; /* of this rule, */
  size_t bins;                /* for so many bins */
  double w, dw;               /* and this half-width (its error) */
  unsigned long placed;       /* counts how often they were placed anew */
  /* Errors of the means over T in exact arithmetic, where the rule stands for the
   * integral: of any rho_i, of log f; and the share of T where nodes may stand on the
   * wrong side of a cut, or panels are as narrow as rounding lets them. */
  double gradient_error, loss_error, blurred;
  double edges; /* the share of T by which its edges may be off, where that matters */
  size_t n_cuts, cuts_capacity; /* scratch: where the rule cuts the target */
  double *cuts;
  size_t gauss_order; /* the Gauss rule held in the next two */
  double gauss_node[KD_ORDER_MAX], gauss_weight[KD_ORDER_MAX];
};

void kd_nodes_clear(struct kd_nodes *nodes);

/* Nodes at equal steps, v_m = (2m + 1 - n) step, symmetric about the centre */
struct kd_grid {
  size_t n;
  double step, end;       /* half the distance of two nodes; the last node, as it is placed */
  double outer, inner[2]; /* weights: of the first and the last node; of the others by m % 2 */
  double dv;              /* bound on the error of each v */
};

/* Weights of such nodes in units of 1/steps; open: the outer nodes are half a step inside */
struct kd_even {
  double outer, inner[2];
  bool open;
};

enum kd_closed { KD_CLOSED_NEVER, KD_CLOSED_WHERE_ANY, KD_CLOSED_ONLY };

struct kd_rule {
  const char *name, *doc, *reference;
  unsigned uses;
  enum kd_closed closed; /* whether a kernel's closed form takes over */
  bool integral;         /* stands for the integral (cut at kinks), not for a binned sum */
  size_t nodes_a_bin, nodes_more; /* a binned rule has nodes_a_bin bins + nodes_more nodes */
  const struct kd_even *even;     /* its nodes stand at equal steps, else NULL */
  /* Where `even` is NULL */
  int (*place)(const struct kd_estimate *estimate, const struct kd_rule_args *args,
               struct kd_nodes *nodes, struct kd_err *err);
};

/* Nodes of a binned rule */
static inline size_t kd_rule_nodes(const struct kd_rule *rule, size_t bins) {
  return rule->nodes_a_bin * bins + rule->nodes_more;
}

extern const struct kd_rule kd_rules[];
extern const size_t kd_n_rules;

const struct kd_rule *kd_rule_find(const char *name);

/* Fills *nodes anew for this estimate. KD_SYSTEM if there would be too many
 * (2^26) or memory is short. */
int kd_rule_place(const struct kd_rule *rule, const struct kd_estimate *estimate,
                  const struct kd_rule_args *args, struct kd_nodes *nodes, struct kd_err *err);

/* The nodes of a rule that has them at equal steps, for a target of half-width w */
struct kd_grid kd_rule_grid(const struct kd_rule *rule, double w, size_t bins);

/* Gauss-Legendre nodes (rising) and weights (sum 2) on [-1, 1], order values
 * each, 1 <= order <= KD_ORDER_MAX, correctly rounded (gauss.c). */
void kd_gauss_legendre(size_t order, double *node, double *weight);

#endif
