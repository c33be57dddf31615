/* SPDX-License-Identifier: MIT
 *
 * A comparison along one axis, in print; for `compare`.
 */
#ifndef KD_COMPARE_H
#define KD_COMPARE_H

#include "store/contest.h"

struct kd_compare {
  const char *file, *by;       /* as given */
  struct kd_pairing_axis axis; /* the coordinate of `by` first; its columns are owned */
  struct kd_pairing pairing;
  char **label; /* of each value, owned: "laplace", "exppow, kernel.shape 0.5" */
  size_t n;
  struct kd_contest *contest; /* n, owned */
};

/* All of it on stdout, in one of these forms. */
void kd_compare_print_text(const struct kd_compare *compare);
void kd_compare_print_csv(const struct kd_compare *compare);
void kd_compare_print_json(const struct kd_compare *compare);
void kd_compare_print_tex(const struct kd_compare *compare);

#endif
