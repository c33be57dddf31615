/* SPDX-License-Identifier: MIT
 *
 * See direct.h. Errors of t_j: what is off in log S_j, what errors of positions and the
 * rounding of r do to log K (wobble.h), the roundings of log K itself, of the sums and of
 * exp. If those of log terms are at most eta_j, then with mean = sum_j rho_j expm1(eta_j)
 *
 *   |rho_i' - rho_i| <= rho_i (expm1(eta_i) + mean)/(1 - mean),   |log f' - log f| <= mean/(1 -
 * mean)
 */
#include "direct.h"

#include <math.h>
#include <string.h>

#include "core/num.h"
#include "core/vmath/vmath.h"
#include "core/wobble.h"

/* n values each: scratch of one node, then sums over nodes */
struct rows {
  double *term, *error, *rho, *tilt, *tilt_error;
  struct kd_sum *G;
  double *bound;
  struct kd_wobble *wobble;
};

struct node {
  bool covered, certain; /* f > 0; whether it is, beyond errors of positions */
  double log_f, error;
};

/* log K_j at the node, and what it may be off by */
static double log_kernel(const struct kd_estimate *e, double v, size_t j,
                         const struct kd_wobble *wobble, double *error) {
  double r = kd_estimate_offset(e, v, j);
  double log_k = fabs(r) > e->kernel->support * e->h
                     ? -INFINITY
                     : e->kernel->log_k(r, e->h, e->shape) - e->log_mass;
  double turn = e->space == KD_SPACE_CIRCLE ? 16 : fabs(r);
  *error = wobble->epsilon + wobble->pull * KD_U * turn;
  if (log_k > -INFINITY)
    *error += KD_U * (e->roundings + 4) * (fabs(log_k) + e->norm) + e->log_mass_error;
  return log_k;
}

/* Fills term = t_j and error; false if no point covers the node. */
static bool fill_terms(const struct kd_estimate *e, double v, double dv,
                       const struct kd_tilt *tilt, const struct rows *row, struct node *node) {
  double common;
  kd_wobble(e, v, 0, dv, row->wobble, &common);
  memset(row->tilt, 0, 2 * e->n * sizeof *row->tilt);
  if (tilt) tilt->fill(tilt->context, e, v, row->tilt, row->tilt_error);
  *node = (struct node){.certain = true};
  for (size_t j = 0; j < e->n; j++) {
    double error, log_k = log_kernel(e, v, j, &row->wobble[j], &error);
    row->term[j] = e->log_S[j] + log_k + row->tilt[j];
    double terms = fabs(e->log_S[j]) + fabs(log_k) + 2 * fabs(row->tilt[j]);
    row->error[j] = error + e->dlog_S[j] + row->tilt_error[j] + 4 * KD_U * terms;
    node->covered |= row->term[j] > -INFINITY;
    node->certain &= !(row->wobble[j].log_edge > -INFINITY);
  }
  return node->covered;
}

/* From t_j to rho_j, their errors and log f */
static void normalise(const struct kd_estimate *e, const struct rows *row, struct node *node) {
  double top = -INFINITY, mean = 0;
  struct kd_sum sum = {0};
  for (size_t j = 0; j < e->n; j++) top = fmax(top, row->term[j]);
  for (size_t j = 0; j < e->n; j++) {
    kd_sum_add(&sum, row->rho[j] = kd_exp(row->term[j] - top));
    row->error[j] = kd_expm1(row->error[j] + KD_U * (fabs(row->term[j] - top) + 8));
  }
  double total = kd_sum_value(&sum);
  for (size_t j = 0; j < e->n; j++) {
    row->rho[j] /= total;
    if (row->term[j] > -INFINITY) mean += row->rho[j] * row->error[j];
  }
  mean *= 1 + 0x1p-20; /* rho's own error in it */
  for (size_t j = 0; j < e->n; j++)
    row->error[j] = row->term[j] > -INFINITY
                        ? fmin(1, row->rho[j] * (row->error[j] + mean) / fmax(0, 1 - mean))
                        : 0;
  node->log_f = top + kd_log(total);
  node->error = mean / fmax(0, 1 - mean) + 2 * KD_U * (fabs(top) + fabs(node->log_f) + 2);
}

static void add_node(const struct kd_estimate *e, const struct rows *row, double weight) {
  for (size_t j = 0; j < e->n; j++) {
    double g = e->S[j] - row->rho[j];
    double rounding = e->S[j] * e->dlog_S[j] + 4 * KD_U * (e->S[j] + row->rho[j]);
    kd_sum_add(&row->G[j], weight * g);
    row->bound[j] += weight * (row->error[j] + rounding + 16 * KD_U * fabs(g));
  }
}

/* As in objective.c: what quadrature and the strips next to cuts and edges cost. uncertain:
 * weight of the nodes whose f is not known, which a binned loss cannot do without. */
static void add_bounds(const struct kd_estimate *e, const struct kd_nodes *nodes,
                       double uncertain, double range, struct kd_objective *out) {
  double strips = nodes->blurred + 3 * uncertain + 2 * e->dw / e->w;
  if (uncertain > 0 && nodes->gradient_error == 0) out->loss_bound = INFINITY;
  if (e->kernel->jumps_at_end || out->uncovered > 0)
    for (size_t j = 0; j < e->n; j++) strips += e->dy[j] / e->w;
  out->gradient_bound = 1.01 * (out->gradient_bound + nodes->gradient_error + strips);
  out->loss_bound = 1.01 * (out->loss_bound + nodes->loss_error);
  if (strips > 0) out->loss_bound += 1.01 * strips * (range + 50);
}

/* The larger, where what is not a number is beyond all */
static double wider(double a, double b) {
  return isnan(b) ? INFINITY : fmax(a, b);
}

static struct rows rows_of(size_t n, double *scratch) {
  memset(scratch, 0, KD_DIRECT_SCRATCH * n * sizeof *scratch);
  return (struct rows){.term = scratch,
                       .error = scratch + n,
                       .rho = scratch + 2 * n,
                       .tilt = scratch + 3 * n,
                       .tilt_error = scratch + 4 * n,
                       .G = (struct kd_sum *)(scratch + 5 * n),
                       .bound = scratch + 7 * n,
                       .wobble = (struct kd_wobble *)(scratch + 8 * n)};
}

struct kd_objective kd_direct(const struct kd_estimate *e, const struct kd_nodes *nodes,
                              const struct kd_tilt *tilt, double *G, double *scratch) {
  struct rows row = rows_of(e->n, scratch);
  struct kd_sum loss = {0};
  struct kd_objective out = {0};
  double least = INFINITY, most = -INFINITY, uncertain = 0;
  for (size_t m = 0; m < nodes->n; m++) {
    struct node node;
    double weight = nodes->weight[m];
    if (!fill_terms(e, nodes->v[m], nodes->dv, tilt, &row, &node)) out.uncovered += weight;
    if (node.covered) normalise(e, &row, &node);
    if (!(node.certain && node.error < 1)) /* at the end of a support, a zero of f */
      uncertain += weight;
    else
      out.loss_bound += weight * (node.error + 16 * KD_U * fabs(node.log_f));
    if (!node.covered) continue;
    add_node(e, &row, weight);
    kd_sum_add(&loss, -weight * node.log_f);
    least = fmin(least, node.log_f), most = fmax(most, node.log_f);
  }
  for (size_t j = 0; j < e->n; j++) {
    G[e->index[j]] = kd_sum_value(&row.G[j]);
    out.gradient_bound = wider(out.gradient_bound, row.bound[j]);
  }
  out.loss = out.uncovered > 0 ? INFINITY : kd_sum_value(&loss);
  add_bounds(e, nodes, uncertain, fmax(0, most - least) + 1, &out);
  return out;
}
