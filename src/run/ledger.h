/* SPDX-License-Identifier: MIT
 *
 * The ledger: what all cells of some result files say of each claim.
 *
 * A claim is REFUTED if a cell refutes it, else INCONCLUSIVE if no cell could have done so
 * (a bound is infinite, a control is not told from the claim) or if cells failed, of which
 * nobody knows; else it HOLDS. It is VACUOUS where it applied to none of the cells that
 * judged it, NOT-RUN where none was asked to.
 */
#ifndef KD_LEDGER_H
#define KD_LEDGER_H

#include "core/claim.h"
#include "store/table.h"

enum { KD_LEDGER_WHERE_SIZE = 1024 };

struct kd_ledger_line {
  size_t cells;            /* that were asked */
  size_t failed;           /* of these, that failed */
  size_t applies;          /* of these, to which it applies; of these again: */
  size_t held;             /* where it holds */
  size_t refuted;          /* that refute it */
  size_t powerless;        /* whose control came out like the claim */
  size_t unbounded;        /* with an infinite bound */
  struct kd_finding worst; /* of the cell that speaks loudest against it, NaN if none */
  char where[KD_LEDGER_WHERE_SIZE]; /* this cell: "a.h5, cell 3: kernel.family = laplace" */
};

struct kd_ledger {
  struct kd_ledger_line line[KD_N_CLAIMS];
};

void kd_ledger_init(struct kd_ledger *ledger);

/* Adds all cells of a table, read from the file of that name. */
void kd_ledger_add(struct kd_ledger *ledger, const char *file, const struct kd_table *table);

enum kd_verdict kd_ledger_verdict(const struct kd_ledger_line *line);

/* Whether that verdict is the one that the claim's row expects, or there is none yet. */
bool kd_ledger_as_expected(const struct kd_ledger *ledger, enum kd_claim_id claim);

#endif
