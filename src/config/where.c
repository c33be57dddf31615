/* SPDX-License-Identifier: MIT
 *
 * The filters of a config: `where: [FILTER, ...]`.
 */
#include "spec.h"

void kd_spec_clear_where(struct kd_spec *spec) {
  for (size_t f = 0; f < spec->n_filters; f++) kd_filter_clear(&spec->filter[f]);
  spec->n_filters = 0;
  spec->where_broken = false;
}

void kd_spec_where(struct kd_spec *spec, const struct kd_node *node, struct kd_diag *diag) {
  char got[96];
  kd_spec_clear_where(spec);
  kd_node_describe(node, got, sizeof got);
  spec->where = node->name ? node->name_mark : node->mark;
  if (kd_node_is_unset(node)) return;
  spec->where_broken = node->kind != KD_NODE_LIST || node->n > KD_FILTERS_MAX;
  if (node->kind != KD_NODE_LIST)
    kd_diag_add(diag, node->mark, "write it as a list, in [ ]",
                "where must be a list of filters, got %s", got);
  else if (node->n > KD_FILTERS_MAX)
    kd_diag_add(diag, node->mark, NULL, "where has %zu filters, more than %d", node->n,
                KD_FILTERS_MAX);
  if (spec->where_broken) return;
  for (const struct kd_node *child = node->first; child; child = child->next) {
    if (kd_diag_full(diag)) return;
    if (kd_filter_read(child, diag, &spec->filter[spec->n_filters]))
      spec->n_filters++;
    else
      spec->where_broken = true;
  }
}
