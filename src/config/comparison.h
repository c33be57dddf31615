/* SPDX-License-Identifier: MIT
 *
 * One comparison as text, "shift.by <= d_centre": its grammar alone, not what its words
 * mean. The filters of a config and those of `export` are both made of it.
 *
 *   comparison = term relation term        relation = == != < <= > >=
 *   term       = word | number
 */
#ifndef KD_COMPARISON_H
#define KD_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>

#include "shown.h"

enum kd_relation {
  KD_EQUAL,
  KD_UNEQUAL,
  KD_LESS,
  KD_LESS_EQUAL,
  KD_GREATER,
  KD_GREATER_EQUAL,
  KD_N_RELATIONS
};

enum kd_token_kind {
  KD_TOKEN_WORD,
  KD_TOKEN_NUMBER,
  KD_TOKEN_RELATION,
  KD_TOKEN_END,
  KD_TOKEN_OTHER
};

struct kd_token {
  enum kd_token_kind kind;
  size_t at, n; /* bytes of the text */
};

struct kd_comparison {
  struct kd_token term[2]; /* WORD or NUMBER */
  struct kd_token sign;    /* of the relation */
  enum kd_relation relation;
};

/* Why a text is no comparison, and where. */
struct kd_comparison_fault {
  struct kd_token token;
  const char *hint; /* or NULL */
  char message[160];
};

/* False if the text is no comparison; then the fault says why. */
bool kd_comparison_read(const char *text, struct kd_comparison *comparison,
                        struct kd_comparison_fault *fault);

/* The number that a NUMBER token is; false if it is none. */
bool kd_comparison_number(const char *text, struct kd_token token, double *number,
                          struct kd_comparison_fault *fault);

/* A token as text; a long one is cut, no path is as long. */
enum { KD_COMPARISON_WORD = KD_BRIEF };
void kd_comparison_word(const char *text, struct kd_token token, char word[KD_COMPARISON_WORD]);

/* A fault of that token: "MESSAGE, got 'TOKEN'", or "MESSAGE here" at the end. */
struct kd_comparison_fault kd_comparison_blame(const char *text, struct kd_token token,
                                               const char *hint, const char *message);

/* Exactly; NaN, which stands for no value, is in no relation. */
bool kd_relation_holds(enum kd_relation relation, double a, double b);

#endif
