/* SPDX-License-Identifier: MIT
 *
 * What a tree's reader asks of its nodes; see tree.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "shown.h"
#include "tree.h"

/* The recursion is as deep as the text is nested: KD_TREE_DEPTH at most. */
void kd_tree_free(struct kd_node *node) {
  while (node) {
    struct kd_node *next = node->next;
    kd_tree_free(node->first);
    free(node->text);
    free(node->name);
    free(node);
    node = next;
  }
}

const struct kd_node *kd_node_find(const struct kd_node *map, const char *name) {
  if (map->kind != KD_NODE_MAP) return NULL;
  for (const struct kd_node *child = map->first; child; child = child->next)
    if (strcmp(child->name, name) == 0) return child;
  return NULL;
}

bool kd_node_is_unset(const struct kd_node *node) {
  return node->kind == KD_NODE_SCALAR && !node->quoted && strcmp(node->text, "~") == 0;
}

static bool is_bare_number(const struct kd_node *node) {
  double number;
  const char *why;
  return !node->quoted && kd_number_read(node->text, &number, &why);
}

void kd_node_describe(const struct kd_node *node, char *text, size_t size) {
  static const char *const kind[] = {"", "list", "mapping"};
  if (node->kind != KD_NODE_SCALAR) {
    snprintf(text, size, "%s %s", node->n ? "a" : "an empty", kind[node->kind]);
  } else if (!*node->text) {
    snprintf(text, size, "nothing");
  } else {
    char brief[KD_BRIEF];
    const char *quote = is_bare_number(node) ? "" : "'";
    snprintf(text, size, "%s%s%s%s", node->quoted ? "the text " : "", quote,
             kd_shown_brief(node->text, brief), quote);
  }
}
