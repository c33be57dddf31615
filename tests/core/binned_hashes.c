/* SPDX-License-Identifier: MIT
 *
 * Hashes of loss, gradient, log m and bounds of sums over equal bins for fixed problems, as
 * test_binned_bits.sh compares them between builds. One line a group of problems.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/binned/binned.h"
#include "core/exact/exact.h"
#include "core/frame.h"

static uint64_t state;

static double draw(double low, double high) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return low + (high - low) * 0x1p-53 * (double)(state >> 11);
}

static void add(uint64_t *hash, double x) {
  *hash = (*hash ^ kd_bits(x)) * 0x9e3779b97f4a7c15u;
  *hash ^= *hash >> 29;
}

/* Midpoints of n bins of [-w, w] */
static struct kd_grid bins_of(size_t n, double w) {
  double step = w / (double)n, weight = 1 / (double)n;
  return (struct kd_grid){n, step, ((double)n - 1) * step, weight, {weight, weight}, 1e-16};
}

static void one(uint64_t *hash, size_t n, double h, double reach, double spread) {
  static double y[700], z[700], dy[700], G[700], log_m[700];
  size_t bins = 1 + (size_t)draw(0, 900);
  struct kd_grid grid = bins_of(bins, draw(0.1, 3));
  struct kd_positions at = {.n = n, .y = y, .dy = dy};
  struct kd_points points = {n, &at, z, h, 0};
  struct kd_objective o;
  struct kd_room room = {0};
  struct kd_err err;
  bool done;
  for (size_t j = 0; j < n; j++) {
    y[j] = draw(-reach, reach);
    z[j] = draw(-spread, spread);
    dy[j] = draw(0, 1e-16);
  }
  if (kd_binned_laplace(&points, &grid, &room, &done, &o, G, log_m, &err)) exit(1);
  if (done) {
    add(hash, o.loss), add(hash, o.loss_bound), add(hash, o.gradient_bound);
    for (size_t j = 0; j < n; j++) add(hash, G[j]), add(hash, log_m[j]);
  }
  add(hash, done);
  kd_laplace_bins_clear(&room.laplace_bins);
}

int main(void) {
  for (int group = 0; group < 12; group++) {
    uint64_t hash = 0;
    state = (uint64_t)group;
    for (int i = 0; i < 40; i++) {
      size_t n = 1 + (size_t)draw(0, 699);
      double h = draw(0.001, 0.1) * (group % 3 ? 40 : 1);
      one(&hash, n, h, group % 2 ? 1 : 8, group % 4 < 3 ? 5 : 600);
    }
    printf("%2d %016llx\n", group, (unsigned long long)hash);
  }
  return 0;
}
