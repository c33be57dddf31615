/* SPDX-License-Identifier: MIT
 *
 * One value of a key, read from a config's tree by the key's row.
 */
#ifndef KD_VALUE_H
#define KD_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"
#include "key.h"
#include "tree.h"

struct kd_files;

enum { KD_TEXT_MAX = 1000 }; /* bytes of a TEXT */

struct kd_value {
  bool set;       /* by the file, a sweep or --set; else the default */
  double number;  /* REAL, INTEGER; NaN without a default */
  size_t choice;  /* NAME: index of the name; TEXT: number in `files` */
  unsigned names; /* NAMES: bit i = name i */
  double *list;   /* REALS, PAIR: n numbers, owned; NULL without a default */
  size_t n;
  char *text;                   /* TEXT: owned; NULL without a default */
  const struct kd_files *files; /* TEXT: where what it names is read from */
  struct kd_mark mark;          /* where it was set, or the nearest place to blame */
};

/* Reads *value; false after an error. `~` is no value here. */
bool kd_value_read(const struct kd_key *key, const struct kd_node *node, struct kd_diag *diag,
                   struct kd_value *value);

/* Default of a key, unset without one; false if memory is short. */
bool kd_value_default(const struct kd_key *key, struct kd_diag *diag, struct kd_value *value);

void kd_value_clear(struct kd_value *value);

/* Whether a number lies in the key's range. */
bool kd_value_in_range(const struct kd_key *key, double number);

/* Same value, whatever their marks. */
bool kd_value_equal(const struct kd_key *key, const struct kd_value *a,
                    const struct kd_value *b);

#endif
