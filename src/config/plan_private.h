/* SPDX-License-Identifier: MIT
 *
 * What a plan keeps to itself: the spec it came from, and for each swept path
 * of names the code of each choice.
 */
#ifndef KD_PLAN_PRIVATE_H
#define KD_PLAN_PRIVATE_H

#include "plan.h"
#include "spec.h"

struct kd_plan_private {
  struct kd_spec spec;
  char *text, *overrides;
  struct kd_axis *axis;
  struct kd_swept *swept;
  const char **names[KD_N_KEYS]; /* of swept path s: n_names names */
  size_t *code[KD_N_KEYS];       /* of swept path s: code of choice i */
};

#endif
