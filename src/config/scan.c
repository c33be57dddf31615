/* SPDX-License-Identifier: MIT
 *
 * Combinations of some keys' values; see scan.h.
 */
#include "scan.h"

#include <string.h>

void kd_scan_init(struct kd_scan *scan, const struct kd_spec *spec, struct kd_diag *diag) {
  *scan = (struct kd_scan){.spec = spec, .diag = diag};
}

static void load(struct kd_scan *scan, size_t axis, size_t i) {
  kd_spec_load(scan->spec, axis, i, scan->keys, scan->value);
}

/* Axes that carry one of the keys, in order. */
static size_t moving_axes(const struct kd_spec *spec, uint64_t keys, size_t *axis) {
  size_t n = 0;
  for (size_t s = 0; s < spec->n_swept; s++) {
    const struct kd_series *series = &spec->swept[s];
    bool moves = keys & KD_KEY_BIT(kd_key_id(series->key));
    if (moves && (n == 0 || axis[n - 1] != series->axis)) axis[n++] = series->axis;
  }
  return n;
}

void kd_scan_over(struct kd_scan *scan, uint64_t keys, void (*visit)(struct kd_scan *scan)) {
  size_t axis[KD_N_KEYS], index[KD_N_KEYS] = {0};
  size_t n = moving_axes(scan->spec, keys, axis);
  memcpy(scan->value, scan->spec->value, sizeof scan->value);
  scan->done = false;
  scan->keys = keys;
  for (size_t a = 0; a < n; a++) load(scan, axis[a], 0);
  for (;;) {
    visit(scan);
    if (scan->done || kd_diag_full(scan->diag)) return;
    size_t a = n;
    while (a > 0 && ++index[a - 1] == scan->spec->axis[axis[a - 1]].n) {
      index[--a] = 0;
      load(scan, axis[a], 0);
    }
    if (a == 0) return;
    load(scan, axis[a - 1], index[a - 1]);
  }
}
