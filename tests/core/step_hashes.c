/* SPDX-License-Identifier: MIT
 *
 * Hashes of G, log m and the loss of steps in closed form (laplace_step.h, compact_step.h), and
 * of cells with bounds (laplace_wings.h, compact_zones.h), for fixed layouts, as
 * test_vmath_bits.sh compares them between builds. One line a layout.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/exact/compact_step.h"
#include "core/exact/compact_zones.h"
#include "core/exact/laplace_step.h"
#include "core/exact/laplace_wings.h"
#include "core/kernel.h"
#include "core/vmath/bits.h"
#include "core/vmath/vmath.h"

enum { N = 3001 };

static void add(uint64_t *hash, double x) {
  *hash = (*hash ^ kd_bits(x)) * 0x9e3779b97f4a7c15u;
  *hash ^= *hash >> 29;
}

/* At weights e^(z - top), up to a factor */
static void add_cell(uint64_t *hash, struct kd_wings *wings, struct kd_estimate e, double top,
                     const double *z) {
  static double S[N], zero[N], rho[N], G[N], log_m[N];
  static const struct kd_kernel laplace = {0};
  struct kd_objective o;
  struct kd_err err;
  bool done;
  for (size_t j = 0; j < N; j++) S[j] = kd_exp(z[j] - top) / N;
  e.kernel = &laplace, e.S = S, e.dy = e.dlog_S = zero, e.ratio = rho;
  if (kd_laplace_wings(&e, 1, 1, wings, &done, &o, G, log_m, &err) || !done) exit(1);
  add(hash, o.loss), add(hash, o.loss_bound), add(hash, o.gradient_bound);
  for (size_t j = 0; j < N; j++) add(hash, G[j]), add(hash, log_m[j]);
}

/* Those that serve; the cell at weights e^(z - top), up to a factor */
static void add_compact(uint64_t *hash, struct kd_zones *zones, struct kd_estimate e,
                        double top, const double *z) {
  static const double factor[] = {0.5, 1, 0.75};
  static double S[N], zero[N], G[N], log_m[N];
  struct kd_objective o;
  struct kd_err err;
  double loss;
  bool done;
  for (size_t j = 0; j < N; j++) S[j] = kd_exp(z[j] - top) / N;
  e.S = S, e.dy = e.dlog_S = zero;
  for (size_t degree = 0; degree < 3; degree++) {
    if (kd_compact_zones(&e, degree, 1, zones, &done, &o, G, log_m, &err)) exit(1);
    if (!done) continue;
    add(hash, o.loss), add(hash, o.loss_bound), add(hash, o.gradient_bound);
    for (size_t j = 0; j < N; j++) add(hash, G[j]), add(hash, log_m[j]);
    if (kd_compact_step(&e, degree, factor[degree], z, zones, &done, G, log_m, &loss, &err) ||
        !done)
      exit(1);
    add(hash, loss);
    for (size_t j = 0; j < N; j++) add(hash, G[j]), add(hash, log_m[j]);
  }
}

/* Points by rising |y| in [-3, 3], logits from -spread to spread */
static void one(struct kd_lanes *lanes, struct kd_wings *wings, struct kd_zones *zones,
                double h, double w, double spread) {
  static double y[N], z[N], G[N], log_m[N];
  static size_t index[N];
  uint64_t hash = 0, state = 1;
  struct kd_err err;
  double loss;
  bool done;
  for (size_t j = 0; j < N; j++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    y[j] = (state >> 63 ? 3.0 : -3.0) * (double)j / N;
    z[j] = spread * (0x1p-62 * (double)(state >> 1) - 1);
    index[j] = N - 1 - j;
  }
  struct kd_estimate e = {.h = h, .w = w, .n = N, .y = y, .index = index};
  lanes->placed = false;
  if (kd_laplace_step(&e, z, lanes, &done, G, log_m, &loss, &err) || !done) exit(1);
  add(&hash, loss);
  for (size_t j = 0; j < N; j++) add(&hash, G[j]), add(&hash, log_m[j]);
  add_cell(&hash, wings, e, spread, z);
  add_compact(&hash, zones, e, spread, z);
  printf("step %g %g %g %016llx\n", h, w, spread, (unsigned long long)hash);
}

int main(void) {
  struct kd_lanes lanes = {0};
  struct kd_wings wings = {0};
  struct kd_zones zones = {0};
  for (double h = 0.2; h < 20; h *= 3.7)
    for (double w = 0.1; w < 5; w *= 3) one(&lanes, &wings, &zones, h, w, 10 * w);
  kd_lanes_clear(&lanes), kd_wings_clear(&wings), kd_zones_clear(&zones);
  return 0;
}
