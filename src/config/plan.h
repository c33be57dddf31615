/* SPDX-License-Identifier: MIT
 *
 * A config as a plan: cell index -> one resolved problem and its key.
 *
 * The cells are the product of the sweep's axes in the order of the file, the
 * last one fastest, without those that a filter of `where` drops. Nothing is
 * expanded in memory: a plan of 10^6 cells costs what one of 10 costs.
 */
#ifndef KD_PLAN_H
#define KD_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "core/problem.h"
#include "diag.h"
#include "key.h"

enum { KD_CELLS_MAX = 1000000000 };
#define KD_CELLS_COUNTED 1000000000000000 /* 10^15: what max_cells may be */

enum kd_swept_kind {
  KD_SWEPT_REAL,
  KD_SWEPT_INTEGER,
  KD_SWEPT_NAME,  /* as a code, see names */
  KD_SWEPT_INDEX, /* of a list or text: its place on the axis, from 0 */
};

/* One coordinate of the cells: a swept path (an axis with a lock-step group has
 * several), or with target.bounds one of target.lower and target.upper. */
struct kd_swept {
  const char *path, *doc;
  const struct kd_key *key; /* that it comes from; its unit */
  enum kd_swept_kind kind;
  size_t axis;              /* index of its axis */
  size_t n_names;           /* NAME keys: names in the order in which the */
  const char *const *names; /* axis first uses them; codes count from 0 */
};

struct kd_axis {
  const char *name; /* the path, or the name of the lock-step group */
  size_t n;         /* values */
};

struct kd_plan {
  const char *experiment; /* name, [a-z0-9-]{1,64} */
  const char *about;      /* one line, "" if none */
  const char *text;       /* the config file, byte for byte */
  const char *files;      /* that cells read: "HASH  NAME" of each, one a line */
  const char *overrides;  /* the --set arguments, one a line, "" if none */
  size_t n_cells;         /* that are left of */
  size_t n_product;       /* those of the sweep, by its filters */
  size_t n_axes;
  const struct kd_axis *axis;
  size_t n_swept;
  const struct kd_swept *swept;
  size_t n_fixed; /* keys that the config sets outside the sweep */
  const struct kd_key *const *fixed;
  double mean_points;  /* of a cell; of many cells an estimate from 4096 */
  double cell_bytes;   /* of memory to evaluate the largest one (core/problem.h), likewise */
  size_t max_points;   /* over all cells: extents of a result file */
  size_t max_recorded; /* floor(steps/every) + 1, 0 without descent */
  size_t max_bins;     /* nodes of the binned rules, 0 unless bins are recorded */
  unsigned record;     /* or of enum kd_record over all cells */
  unsigned claims;     /* bits of the claims that cells judge */
  struct kd_plan_private *private;
};

/* Reads the config at `path` and applies `sets` ("PATH=VALUE", n_sets of them,
 * checked like the file). On any error returns KD_USAGE or KD_SYSTEM, diag
 * holds all of them and *plan is NULL. Every cell of the plan is checked. What
 * diag (initialised) held before is cleared. */
int kd_plan_read(const char *path, const char *const *sets, size_t n_sets,
                 struct kd_plan **plan, struct kd_diag *diag);
/* The same with another limit than KD_CELLS_MAX on the cells of the product. */
int kd_plan_read_up_to(size_t max_cells, const char *path, const char *const *sets,
                       size_t n_sets, struct kd_plan **plan, struct kd_diag *diag);
/* A config that was read before: its text, and its --set arguments, one a line. Files that
 * it names are looked for from `path`. */
int kd_plan_read_again(const char *path, const char *text, const char *overrides,
                       struct kd_plan **plan, struct kd_diag *diag);
/* The same without its cells, which it has none of: axes, fixed keys, texts. The files that
 * it names need not be there. */
int kd_plan_outline(const char *path, const char *text, const char *overrides,
                    struct kd_plan **plan, struct kd_diag *diag);
void kd_plan_free(struct kd_plan *plan);

struct kd_cellkey;

/* One cell: the problem and the buffers it points into. */
struct kd_cell {
  struct kd_problem problem;
  uint64_t key_high, key_low;
  double *value; /* n_swept values: number, code, index; NaN = unset */
  size_t *at;    /* n_swept: where on its axis each coordinate stands */
  /* private */
  double *number; /* of ranges, that are known already */
  double *x, *z;
  struct kd_value *resolved; /* KD_N_KEYS values */
  struct kd_cellkey *hash;
};

/* A cell for one thread: buffers for this plan's largest cell. NULL when
 * memory is short. */
struct kd_cell *kd_cell_create(const struct kd_plan *plan);
void kd_cell_free(struct kd_cell *cell);

/* Resolves cell `index` into *cell. Cannot fail: the plan was checked. */
void kd_plan_cell(const struct kd_plan *plan, size_t index, struct kd_cell *cell);

/* The coordinates alone, cell->value: far cheaper. */
void kd_plan_place(const struct kd_plan *plan, size_t index, struct kd_cell *cell);

/* Its values and key alone, the key that it has under a numerics version; the problem stays
 * as it was. */
void kd_plan_key(const struct kd_plan *plan, size_t index, int64_t numerics,
                 struct kd_cell *cell);

/* The value of coordinate s in that cell as text ("laplace", "0.25", "~"). */
void kd_cell_value_text(const struct kd_plan *plan, const struct kd_cell *cell, size_t s,
                        char *text, size_t size);

/* Value of fixed[f], as one types it; cut with "..." where `size` is short. */
void kd_plan_fixed_text(const struct kd_plan *plan, size_t f, char *text, size_t size);

/* Value i of the axis of coordinate s, as one types it for its key: "0.25",
 * "[-1, 1]"; cut with "..." where `size` is short. */
void kd_plan_value_text(const struct kd_plan *plan, size_t s, size_t i, char *text,
                        size_t size);

#endif
