/* SPDX-License-Identifier: MIT
 *
 * Stored cells are reused by key, and the key holds the numerics version: it must rise
 * whenever a number may change for the same config. The hash of 200 fixed problems says
 * when that is so. If this fails and the change is meant, raise KD_NUMERICS_VERSION
 * (numerics.h), put the new pair into fixed.h and run `make reference`.
 */
#include "fixed.h"

static void the_version_rises_with_the_numbers(void **state) {
  (void)state;
  XXH3_state_t *hash = XXH3_createState();
  struct kd_workspace *ws = kd_workspace_create();
  XXH3_64bits_reset(hash);
  for (uint64_t seed = 0; seed < FIXED_PROBLEMS; seed++) {
    double x[MAX_POINTS], z[MAX_POINTS];
    struct kd_problem p = fixed(seed, x, z);
    struct kd_result r;
    struct kd_err err;
    assert_int_equal(kd_evaluate(&p, ws, &r, &err), KD_OK);
    fixed_add(hash,
              &(struct fixed_numbers){.scalar = {r.loss, r.loss_bound, r.gradient_bound,
                                                 r.defect, r.loss_change, r.loss_sensitivity},
                                      .n = p.n,
                                      .rows = r.n_recorded,
                                      .G = r.gradient,
                                      .sensitivity = r.sensitivity,
                                      .loss = r.trajectory_loss,
                                      .gap = r.trajectory_gap,
                                      .logits = r.trajectory_logits});
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
