/* SPDX-License-Identifier: MIT
 *
 * Points and weights of an estimate, see estimate.h; its values are in block.c.
 */
#include "estimate.h"

#include <math.h>
#include <stdlib.h>

#include "block.h"
#include "circle.h"
#include "core/vmath/vmath.h"
#include "num.h"
#include "sort.h"

static void free_arrays(struct kd_estimate *e) {
  free(e->y), free(e->dy), free(e->S), free(e->log_S), free(e->dlog_S), free(e->index);
  free(e->ratio), free(e->probe), free(e->sort), free(e->keys);
}

void kd_estimate_clear(struct kd_estimate *e) {
  free_arrays(e);
  if (e->block) kd_block_clear(e->block);
  free(e->block);
  *e = (struct kd_estimate){0};
}

static int reserve_block(struct kd_estimate *e, size_t n, struct kd_err *err) {
  if (!e->block) e->block = calloc(1, sizeof *e->block);
  return e->block ? kd_block_reserve(e->block, n, err) : kd_no_memory(err);
}

static int reserve(struct kd_estimate *e, size_t n, struct kd_err *err) {
  if (n <= e->capacity) return KD_OK;
  free_arrays(e);
  e->capacity = 0, e->ranked = false;
  e->y = calloc(n, sizeof *e->y);
  e->dy = calloc(n, sizeof *e->dy);
  e->S = calloc(n, sizeof *e->S);
  e->log_S = calloc(n, sizeof *e->log_S);
  e->dlog_S = calloc(n, sizeof *e->dlog_S);
  e->index = calloc(n, sizeof *e->index);
  e->ratio = calloc(n, sizeof *e->ratio);
  e->probe = calloc(n, sizeof *e->probe);
  e->sort = calloc(n, sizeof *e->sort);
  e->keys = calloc(n, 2 * sizeof *e->keys);
  if (!e->y || !e->dy || !e->S || !e->log_S || !e->dlog_S || !e->index || !e->ratio ||
      !e->probe || !e->sort || !e->keys)
    return kd_no_memory(err);
  e->capacity = n;
  return KD_OK;
}

/* log S_j = t_j - log sum_k exp(t_k), t_j = z_j - max z: adding a number to all logits
 * changes nothing. Errors, in units of KD_U: |t_j| + 2 in exp(t_j), relative; from it
 * the mean of |t| under S and 4 more in the sum; its logarithm adds 2 log_sum, the
 * difference |log S_j|. But for the sum's, which all share, S_j is off by |t_j| + 3. */
static void weigh(struct kd_estimate *e) {
  double top = -INFINITY, *S = e->S, *log_S = e->log_S, dS = 0, most = 0;
  struct kd_sum total = {0}, spread = {0};
  for (size_t j = 0; j < e->n; j++) top = e->sort[j].z > top ? e->sort[j].z : top;
  for (size_t j = 0; j < e->n; j++) log_S[j] = e->sort[j].z - top;
  kd_vexp(e->n, log_S, S);
  for (size_t j = 0; j < e->n; j++) {
    kd_sum_add(&total, S[j]);
    kd_sum_add(&spread, S[j] * -log_S[j]);
  }
  double sum = kd_sum_value(&total), log_sum = kd_log(sum);
  double common = kd_sum_value(&spread) / sum + 2 * log_sum + 8;
  e->dlog_S_common = KD_U * (log_sum + common - 3);
  for (size_t j = 0; j < e->n; j++) {
    double t = log_S[j], error = KD_U * (2 * fabs(t) + log_sum + common);
    S[j] /= sum;
    log_S[j] = t - log_sum;
    e->dlog_S[j] = error;
    most = error > most ? error : most;
    dS += S[j] * error;
  }
  e->dS = dS, e->dlog_S_max = most;
}

/* Of log_ratio and the exponential that follows, in units of KD_U */
static double roundings(const struct kd_kernel *kernel, double shape) {
  double more = kernel->roundings_per_shape;
  return kernel->roundings + (more > 0 ? more * shape : 0) + 2;
}

/* `roundings` and `norm`, if they are not those of this kernel */
static void measure(struct kd_estimate *e) {
  const struct kd_measured now = {e->kernel, e->h, e->shape, e->log_mass};
  struct kd_measured *of = &e->measured;
  if (of->kernel == now.kernel && of->h == now.h && of->shape == now.shape &&
      of->log_mass == now.log_mass)
    return;
  *of = now;
  e->roundings = roundings(e->kernel, e->shape);
  e->norm = 2 * fabs(e->kernel->log_k(0, e->h, e->shape)) + 2 * fabs(kd_log(e->h)) +
            fabs(e->log_mass) + 2;
}

void kd_estimate_logits(struct kd_estimate *e, const double *z) {
  for (size_t j = 0; j < e->n; j++) e->sort[j].z = z[e->index[j]];
  weigh(e);
}

static void sort(struct kd_estimate *e, size_t n, const double *y, const double *dy,
                 const double *z) {
  e->n = n, e->ranked = true;
  kd_sort_points(n, y, dy, z, e->keys, e->keys + n, e->sort);
  for (size_t j = 0; j < n; j++) {
    e->y[j] = e->sort[j].y;
    e->dy[j] = e->sort[j].dy;
    e->index[j] = e->sort[j].index;
    if (j && fabs(e->y[j]) == fabs(e->y[j - 1])) e->ranked = false;
  }
  weigh(e);
}

/* Whether these are the points that are there, in an order that no logit decided */
static bool stand(const struct kd_estimate *e, size_t n, const double *y, const double *dy) {
  if (!e->ranked || e->n != n) return false;
  for (size_t j = 0; j < n; j++)
    if (e->y[j] != y[e->index[j]] || e->dy[j] != (dy ? dy[e->index[j]] : 0)) return false;
  return true;
}

int kd_estimate_points(struct kd_estimate *e, size_t n, const double *y, const double *dy,
                       const double *z, struct kd_err *err) {
  int code = reserve(e, n, err);
  if (!code) code = reserve_block(e, n, err);
  if (code) return code;
  if (stand(e, n, y, dy))
    kd_estimate_logits(e, z);
  else
    sort(e, n, y, dy, z);
  measure(e);
  return KD_OK;
}

double kd_estimate_offset(const struct kd_estimate *e, double v, size_t j) {
  double r = v - e->y[j];
  if (e->space == KD_SPACE_LINE || fabs(r) <= KD_PI_HIGH) return r;
  return kd_turned(r, r > 0 ? 1 : -1);
}
