/* SPDX-License-Identifier: MIT
 *
 * See choice.h: the names in the tables of this room.
 */
#include "choice.h"

#include <assert.h>

#include "claim.h"
#include "tables.h"

#define CHOICES(function, rows, n_rows)                                                        \
  const char *function(size_t i) {                                                             \
    return i < n_rows ? rows[i].name : NULL;                                                   \
  }
CHOICES(kd_choice_family, kd_kernels, kd_n_kernels)
CHOICES(kd_choice_layout, kd_layouts, kd_n_layouts)
CHOICES(kd_choice_logits, kd_logits, kd_n_logits)
CHOICES(kd_choice_rule, kd_rules, kd_n_rules)
CHOICES(kd_choice_descent, kd_descents, kd_n_descents)
CHOICES(kd_choice_shift_mode, kd_shift_modes, kd_n_shift_modes)
CHOICES(kd_choice_shift_unit, kd_shift_units, kd_n_shift_units)

const char *kd_choice_claim(size_t i) {
  return i < KD_N_CLAIMS ? kd_claims[i]->name : NULL;
}

const char *kd_choice_space(size_t i) {
  static const char *const name[] = {"line", "circle"};
  return i < sizeof name / sizeof *name ? name[i] : NULL;
}

const char *kd_choice_record(size_t i) {
  static const char *const name[] = {"loss",       "gradient",    "defect",
                                     "trajectory", "sensitivity", "bins",
                                     "bin_error",  "logits",      "breaking_shift"};
  return i < sizeof name / sizeof *name ? name[i] : NULL;
}
static_assert(KD_RECORD_LOSS == 1 && KD_RECORD_GRADIENT == 2 && KD_RECORD_DEFECT == 4 &&
                  KD_RECORD_TRAJECTORY == 8 && KD_RECORD_SENSITIVITY == 16 &&
                  KD_RECORD_BINS == 32 && KD_RECORD_BIN_ERROR == 64 &&
                  KD_RECORD_LOGITS == 128 && KD_RECORD_BREAKING_SHIFT == 256,
              "kd_choice_record names the bits in order");
