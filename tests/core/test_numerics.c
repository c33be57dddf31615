/* SPDX-License-Identifier: MIT
 *
 * Stored cells are reused by key, and the key holds the numerics version: it must rise
 * whenever a number may change for the same config. The hash of 200 fixed problems says
 * when that is so. If this fails and the change is meant, raise KD_NUMERICS_VERSION
 * (numerics.h), put the new pair here and run `make reference`.
 */
#include "problems.h"

#include <xxhash.h>

#include "core/numerics.h"
#include "core/random.h"

static const struct {
  int version;
  uint64_t hash;
} known = {2, 0x55274237a3a44a8d};

enum { PROBLEMS = 200 };

static double uniform(uint64_t seed, uint64_t i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, i);
}

/* All kernels and rules in turn, on the line and the circle, with and without a shift */
static struct kd_problem fixed(uint64_t seed, double *x, double *z) {
  struct kd_problem p = layout_problem(kd_kernels[seed % kd_n_kernels].name, 0);
  if (p.kernel->shape_name) p.shape = uniform(seed, 90, 0.5, 3);
  if (seed % 3 == 0) p.space = KD_SPACE_CIRCLE;
  p.rule = &kd_rules[seed / kd_n_kernels % kd_n_rules];
  p.n = 1 + seed % 17, p.x = x, p.z = z;
  p.h = uniform(seed, 91, 0.1, 3), p.bins = 1 + seed % 50;
  for (size_t j = 0; j < p.n; j++) {
    x[j] = uniform(seed, j, -3, 3);
    z[j] = uniform(seed, 40 + j, -5, 5);
  }
  p.shift = seed % 2 ? -uniform(seed, 92, 0, 1) : 0;
  p.descent = &kd_descents[1 + seed % (kd_n_descents - 1)];
  p.rate = 0.5, p.steps = 5;
  p.record |= KD_RECORD_SENSITIVITY | KD_RECORD_TRAJECTORY | KD_RECORD_LOGITS;
  return p;
}

static void add(XXH3_state_t *state, double value) {
  if (isnan(value)) value = NAN; /* one for all */
  XXH3_64bits_update(state, &value, sizeof value);
}

static void the_version_rises_with_the_numbers(void **state) {
  (void)state;
  XXH3_state_t *hash = XXH3_createState();
  struct kd_workspace *ws = kd_workspace_create();
  XXH3_64bits_reset(hash);
  for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
    double x[MAX_POINTS], z[MAX_POINTS];
    struct kd_problem p = fixed(seed, x, z);
    struct kd_result r;
    struct kd_err err;
    assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
    const double scalar[] = {r.loss,   r.loss_bound,  r.gradient_bound,
                             r.defect, r.loss_change, r.loss_sensitivity};
    for (size_t i = 0; i < sizeof scalar / sizeof *scalar; i++) add(hash, scalar[i]);
    for (size_t i = 0; r.gradient && i < p.n; i++) add(hash, r.gradient[i]);
    for (size_t i = 0; r.sensitivity && i < p.n; i++) add(hash, r.sensitivity[i]);
    for (size_t row = 0; row < r.n_recorded; row++) {
      add(hash, r.trajectory_loss[row]), add(hash, r.trajectory_gap[row]);
      for (size_t i = 0; i < p.n; i++) add(hash, r.trajectory_logits[row * p.n + i]);
    }
  }
  uint64_t now = XXH3_64bits_digest(hash);
  XXH3_freeState(hash);
  kd_workspace_free(ws);
  if (now != known.hash || KD_NUMERICS_VERSION != known.version)
    fail_msg("numerics version %d has the hash 0x%016llx, here stand %d and 0x%016llx",
             KD_NUMERICS_VERSION, (unsigned long long)now, known.version,
             (unsigned long long)known.hash);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_version_rises_with_the_numbers)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
