/* SPDX-License-Identifier: MIT
 *
 * One filter of `where`: a comparison between a path and a number, a name or
 * another path, as in "shift.by <= d_centre".
 *
 *   filter = term relation term          term = path | quantity | number | name
 *
 * Numbers compare exactly; names with == and != alone. A key that a cell does
 * not read has no value there, and no comparison with it holds.
 */
#ifndef KD_FILTER_H
#define KD_FILTER_H

#include "comparison.h"
#include "quantity.h"
#include "value.h"

struct kd_term {
  const struct kd_key *key;           /* a path, */
  const struct kd_quantity *quantity; /* or a number that is no key, */
  bool named;                         /* or, without either, this name */
  size_t choice;
  double number;    /* or this number */
  size_t at, width; /* bytes of the filter's text */
};

struct kd_filter {
  char *text;          /* owned */
  struct kd_mark mark; /* of the text, its quotes included */
  bool quoted;
  struct kd_term term[2];
  enum kd_relation relation;
};

/* Reads a filter from a scalar; false after an error. */
bool kd_filter_read(const struct kd_node *node, struct kd_diag *diag, struct kd_filter *filter);
void kd_filter_clear(struct kd_filter *filter);

/* Place of `width` bytes at `at` in its text; as near as the source shows it. */
struct kd_mark kd_filter_mark(const struct kd_filter *filter, size_t at, size_t width,
                              const struct kd_diag *diag);

/* What whether it holds follows from, as bits of keys. */
uint64_t kd_filter_keys(const struct kd_filter *filter);

/* Whether it asks for the positions of the points. */
bool kd_filter_is_placed(const struct kd_filter *filter);

/* `values` of a cell; d_centre is read if is_placed. */
bool kd_filter_holds(const struct kd_filter *filter, const struct kd_value *values,
                     double d_centre);

#endif
