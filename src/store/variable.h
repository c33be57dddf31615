/* SPDX-License-Identifier: MIT
 *
 * The table of variables: everything that a result file holds a cell, one row
 * each. Writer, reader, export, `kdegrad list variables` come from it.
 */
#ifndef KD_VARIABLE_H
#define KD_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/claim.h"
#include "core/problem.h"

enum kd_dim { KD_DIM_CELL, KD_DIM_POINT, KD_DIM_STEP, KD_DIM_BIN, KD_N_DIMS };
enum { KD_RANK_MAX = 3 };
const char *kd_dim_name(enum kd_dim dim);

/* Stored as float64, int64, uint64, uint8 with flag_values: */
enum kd_type { KD_TYPE_REAL, KD_TYPE_INTEGER, KD_TYPE_UNSIGNED, KD_TYPE_CODE };

/* What the runner has of one cell. */
struct kd_cell_record {
  struct kd_result result;
  uint64_t key_high, key_low;
  struct kd_finding finding[KD_N_CLAIMS];
  size_t stride; /* numbers from one row to the next in arrays of points by bin or step; 0 =
                    result.n */
};

struct kd_variable {
  const char *name;
  enum kd_type type;
  size_t n_dims; /* 1: (cell); 2: (cell, dim[1]); 3: (cell, dim[1], point) */
  enum kd_dim dim[KD_RANK_MAX];
  const char *units; /* "1" if none */
  const char *long_name;
  unsigned recorded; /* bits of enum kd_record, any of which stores it; */
  unsigned claims;   /* bits of claims likewise; both 0 = always, */
  unsigned needed;   /* provided all of these are recorded */
  size_t offset;     /* in struct kd_cell_record: the number, or the
                        pointer to as many values as the cell is long in dim[1],
                        for each of which `stride` numbers if there is dim[2] */
};

extern const struct kd_variable kd_variables[];
extern const size_t kd_n_variables;

/* Whether a variable has this name. */
bool kd_variable_is(const char *name);

#endif
