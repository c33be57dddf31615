/* SPDX-License-Identifier: MIT
 *
 * A YAML text as a tree of scalars, lists and mappings, each with its place.
 * Only what a config needs: one document, no anchors, aliases, tags or
 * directives, unique scalar keys; bounded depth and size. Scalars stay text:
 * types are the key table's.
 */
#ifndef KD_TREE_H
#define KD_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

enum {
  KD_TREE_DEPTH = 32,
  KD_TREE_SCALARS = 100000,
  KD_TREE_BRANCHES = 100000, /* lists and mappings */
  KD_TREE_KEYS = 100,        /* of one mapping: no config needs as many */
};

enum kd_node_kind { KD_NODE_SCALAR, KD_NODE_LIST, KD_NODE_MAP };

struct kd_node {
  enum kd_node_kind kind;
  struct kd_mark mark;
  char *text;  /* scalar: owned */
  bool quoted; /* scalar: in quotes or a block: never a number, never unset */

  char *name; /* child of a mapping: owned */
  struct kd_mark name_mark;

  size_t n; /* children in order, owned */
  struct kd_node *first, *last, *next;
};

/* set = 0: the text is diag's file; k > 0: the value of the k-th --set. NULL
 * after an error. */
struct kd_node *kd_tree_read(const char *text, size_t set, struct kd_diag *diag);
void kd_tree_free(struct kd_node *node);

/* Child of that name, or NULL. */
const struct kd_node *kd_node_find(const struct kd_node *map, const char *name);

/* `~`, which stands for "not set here". */
bool kd_node_is_unset(const struct kd_node *node);

/* For messages: "a list", "a mapping", "nothing", "-1", "'word'", "the text
 * '1'"; a long text is cut. */
void kd_node_describe(const struct kd_node *node, char *text, size_t size);

#endif
