/* SPDX-License-Identifier: MIT
 *
 * See site.h.
 */
#include "site.h"
#include "core/vmath/vmath.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static const double LIMB_HIGH = 0x1.62e42fefap+8,
                    LIMB_LOW = 0x1.cf79abc9e3b3ap-31; /* 512 ln 2 */
enum { NOTHING = -(KD_LIMB << 16) };                  /* e of a weight that is 0 */

void kd_sites_clear(struct kd_sites *s) {
  free(s->y), free(s->gap), free(s->dy), free(s->weight), free(s->of);
  *s = (struct kd_sites){0};
}

static int reserve(struct kd_sites *s, size_t n, struct kd_err *err) {
  if (n <= s->capacity) return KD_OK;
  kd_sites_clear(s);
  if (n > SIZE_MAX / sizeof *s->weight) return kd_no_memory(err);
  s->y = malloc(n * sizeof *s->y);
  s->gap = malloc(n * sizeof *s->gap);
  s->dy = malloc(n * sizeof *s->dy);
  s->weight = malloc(n * sizeof *s->weight);
  s->of = malloc(n * sizeof *s->of);
  if (!s->y || !s->gap || !s->dy || !s->weight || !s->of) {
    kd_sites_clear(s);
    return kd_no_memory(err);
  }
  s->capacity = n;
  return KD_OK;
}

struct kd_moments kd_site_weight(const struct kd_estimate *e, size_t j) {
  if (e->S[j] >= 0x1p-256) return (struct kd_moments){.mass = e->S[j]};
  if (!isfinite(e->log_S[j])) return (struct kd_moments){.e = NOTHING};
  double limbs = rint(e->log_S[j] / LIMB_HIGH);
  return (struct kd_moments){.mass =
                                 kd_exp((e->log_S[j] - limbs * LIMB_HIGH) - limbs * LIMB_LOW),
                             .e = KD_LIMB * (int)limbs};
}

/* Adds a point's weight to its site; *low is what the site's mass lacks. */
static void add(struct kd_moments *site, double *low, struct kd_moments weight) {
  if (weight.e > site->e) {
    *low = kd_plain(*low, site->e - weight.e);
    *site = kd_moments_at(*site, weight.e);
  }
  weight = kd_moments_at(weight, site->e);
  struct kd_dd sum = {site->mass, *low};
  kd_dd_add(&sum, weight.mass);
  site->mass = sum.high, *low = sum.low;
  site->slack += weight.slack;
}

/* The estimate has its points by rising |y|: the sides are sorted already, the left one
 * from the centre outwards. Ties are summed by rising z on both. */
static void merge(struct kd_sites *s, const struct kd_estimate *e) {
  size_t centre = 0;
  for (size_t j = 0; j < e->n; j++) centre += e->y[j] < 0;
  size_t first = centre, end = centre;
  for (size_t j = 0; j < e->n; j++) {
    bool left = e->y[j] < 0;
    size_t last = left ? first : end - 1;
    bool tied = (left ? first < centre : end > centre) && s->y[last] == e->y[j];
    size_t k = tied ? last : left ? --first : end++;
    double dy = e->dy[j] * s->unit;
    struct kd_moments weight = kd_site_weight(e, j);
    weight.slack = weight.mass * dy;
    s->of[j] = k;
    if (!tied) {
      s->y[k] = e->y[j], s->dy[k] = 0, s->gap[k] = 0;
      s->weight[k] = (struct kd_moments){.e = weight.e};
    }
    s->dy[k] = fmax(s->dy[k], dy);
    add(&s->weight[k], &s->gap[k], weight);
  }
  s->n = end - first;
  for (size_t k = 0; k < s->n; k++) {
    s->y[k] = s->y[first + k], s->dy[k] = s->dy[first + k];
    s->weight[k] = s->weight[first + k];
  }
  for (size_t j = 0; j < e->n; j++) s->of[j] -= first;
}

static int order(double a, double b) {
  return (a > b) - (a < b);
}

/* Of the layout and its mirror image */
static int mirror_order(const struct kd_sites *s) {
  for (size_t k = 0; k < s->n; k++) {
    size_t m = s->n - 1 - k;
    int by = order(s->y[k], -s->y[m]);
    if (!by) by = order(s->weight[k].e, s->weight[m].e);
    if (!by) by = order(s->weight[k].mass, s->weight[m].mass);
    if (by) return by;
  }
  return 0;
}

static void reverse(double *a, size_t n, double sign) {
  for (size_t k = 0, m = n; k < m; k++) {
    double left = a[k];
    a[k] = sign * a[--m];
    a[m] = sign * left;
  }
}

static void mirror(struct kd_sites *s, size_t n_points) {
  reverse(s->y, s->n, -1), reverse(s->dy, s->n, 1);
  for (size_t k = 0, m = s->n; k < m; k++) {
    struct kd_moments left = s->weight[k];
    s->weight[k] = s->weight[--m];
    s->weight[m] = left;
  }
  for (size_t j = 0; j < n_points; j++) s->of[j] = s->n - 1 - s->of[j];
}

int kd_sites_gather(struct kd_sites *s, const struct kd_estimate *e, struct kd_err *err) {
  int code = reserve(s, e->n, err);
  if (code) return code;
  s->unit = ldexp(1, -ilogb(e->h));
  merge(s, e);
  int by = mirror_order(s);
  s->symmetric = by == 0;
  if (by > 0) mirror(s, e->n);
  for (size_t k = 0; k + 1 < s->n; k++) s->gap[k] = (s->y[k + 1] - s->y[k]) * s->unit;
  return KD_OK;
}
