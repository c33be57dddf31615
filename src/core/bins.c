/* SPDX-License-Identifier: MIT
 *
 * See bins.h. With K multiplied by 10^(log10_factor + log10_slope x), log f gains the
 * logarithm of that at x.
 */
#include "bins.h"

#include <math.h>
#include <stdlib.h>

#include "block.h"
#include "frame.h"

void kd_bins_clear(struct kd_bins *bins) {
  free(bins->centre), free(bins->log_f), free(bins->gradient);
  *bins = (struct kd_bins){0};
}

/* Room for n_bins bins of n points. */
static int reserve(struct kd_bins *bins, size_t n_bins, size_t n, struct kd_err *err) {
  if (n > PTRDIFF_MAX / sizeof(double) / n_bins) return kd_no_memory(err);
  if (n_bins <= bins->capacity && n_bins * n <= bins->n_gradient) return KD_OK;
  kd_bins_clear(bins);
  bins->centre = calloc(n_bins, sizeof *bins->centre);
  bins->log_f = calloc(n_bins, sizeof *bins->log_f);
  bins->gradient = calloc(n_bins * n, sizeof *bins->gradient);
  if (!bins->centre || !bins->log_f || !bins->gradient) return kd_no_memory(err);
  bins->capacity = n_bins;
  bins->n_gradient = n_bins * n;
  return KD_OK;
}

static double log_scale(const struct kd_problem *p, double x) {
  static const double LOG_10 = 2.30258509299404568402;
  return LOG_10 * (p->log10_factor + p->log10_slope * x);
}

/* log f at offset v, and g, n values in the order of the input */
static double look_at(const struct kd_estimate *e, double v, double *g) {
  struct kd_block *block = e->block;
  kd_block_fill(block, e, 1, &v, NULL);
  bool covered = block->covered[0];
  for (size_t j = 0; j < e->n; j++) g[e->index[j]] = covered ? block->g[j] : NAN;
  return covered ? block->log_f[0] : -INFINITY;
}

int kd_bins_fill(const struct kd_problem *p, const struct kd_estimate *e,
                 const struct kd_nodes *nodes, struct kd_bins *bins, struct kd_result *r,
                 struct kd_err *err) {
  int code = reserve(bins, nodes->n, e->n, err);
  if (code) return code;
  double c = kd_frame_of(p).c;
  for (size_t m = 0; m < nodes->n; m++) {
    double x = c + nodes->v[m];
    bins->centre[m] = x;
    bins->log_f[m] = look_at(e, nodes->v[m], bins->gradient + m * e->n);
    if (p->log10_factor != 0 || p->log10_slope != 0) bins->log_f[m] += log_scale(p, x);
  }
  r->n_bins = nodes->n;
  r->bin_centre = bins->centre, r->log_f = bins->log_f, r->bin_gradient = bins->gradient;
  return KD_OK;
}
