/* SPDX-License-Identifier: MIT
 *
 * From a plan to the head of its table: swept paths become coordinates.
 */
#include <stdlib.h>

#include "core/numerics.h"
#include "run.h"

static enum kd_type coordinate_type(enum kd_swept_kind kind) {
  switch (kind) {
  case KD_SWEPT_NAME:
    return KD_TYPE_CODE;
  case KD_SWEPT_INTEGER:
  case KD_SWEPT_INDEX:
    return KD_TYPE_INTEGER;
  default:
    return KD_TYPE_REAL;
  }
}

int kd_run_head(const struct kd_plan *plan, struct kd_table_head *head, struct kd_err *err) {
  struct kd_coordinate *coordinate = calloc(plan->n_swept + 1, sizeof *coordinate);
  if (!coordinate) return kd_no_memory(err);
  for (size_t s = 0; s < plan->n_swept; s++) {
    const struct kd_swept *swept = &plan->swept[s];
    coordinate[s] = (struct kd_coordinate){
        .path = swept->path,
        .units = swept->key->unit,
        .long_name = swept->doc,
        .type = coordinate_type(swept->kind),
        .n_names = swept->n_names,
        .names = swept->names,
    };
  }
  *head = (struct kd_table_head){
      .experiment = plan->experiment,
      .about = plan->about,
      .config = plan->text,
      .overrides = plan->overrides,
      .files = plan->files,
      .program_version = "kdegrad " KD_VERSION,
      .numerics_version = KD_NUMERICS_VERSION,
      .extent = {plan->n_cells, plan->max_points, plan->max_recorded, plan->max_bins},
      .record = plan->record,
      .claims = plan->claims,
      .n_coordinates = plan->n_swept,
      .coordinate = coordinate,
  };
  return KD_OK;
}
