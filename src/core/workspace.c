/* SPDX-License-Identifier: MIT
 *
 * See workspace.h.
 */
#include "workspace.h"

#include <stdlib.h>

#include "objective.h"

struct kd_workspace *kd_workspace_create(void) {
  return calloc(1, sizeof(struct kd_workspace));
}

static void free_points(struct kd_workspace *ws) {
  free(ws->y), free(ws->dy), free(ws->x), free(ws->gradient);
  free(ws->sensitivity), free(ws->velocity), free(ws->twin), free(ws->z), free(ws->scratch);
}

static void free_steps(struct kd_workspace *ws) {
  free(ws->iteration), free(ws->loss), free(ws->norm);
}

void kd_workspace_free(struct kd_workspace *ws) {
  if (!ws) return;
  kd_estimate_clear(&ws->estimate);
  kd_nodes_clear(&ws->nodes);
  kd_room_clear(&ws->room);
  kd_bins_clear(&ws->bins);
  free_points(ws);
  free_steps(ws);
  free(ws);
}

int kd_workspace_reserve_points(struct kd_workspace *ws, size_t n, struct kd_err *err) {
  if (n <= ws->n) return KD_OK;
  free_points(ws);
  ws->n = 0;
  ws->y = calloc(n, sizeof *ws->y);
  ws->dy = calloc(n, sizeof *ws->dy);
  ws->x = calloc(n, sizeof *ws->x);
  ws->gradient = calloc(n, sizeof *ws->gradient);
  ws->sensitivity = calloc(n, sizeof *ws->sensitivity);
  ws->velocity = calloc(n, sizeof *ws->velocity);
  ws->twin = calloc(n, sizeof *ws->twin);
  ws->z = calloc(n, sizeof *ws->z);
  ws->scratch = calloc(n, KD_OBJECTIVE_SCRATCH * sizeof *ws->scratch);
  if (!ws->y || !ws->dy || !ws->x || !ws->gradient || !ws->sensitivity || !ws->velocity ||
      !ws->twin || !ws->z || !ws->scratch)
    return kd_no_memory(err);
  ws->n = n;
  return KD_OK;
}

int kd_workspace_reserve_steps(struct kd_workspace *ws, size_t n, struct kd_err *err) {
  if (n <= ws->n_recorded) return KD_OK;
  free_steps(ws);
  ws->n_recorded = 0;
  ws->iteration = calloc(n, sizeof *ws->iteration);
  ws->loss = calloc(n, sizeof *ws->loss);
  ws->norm = calloc(n, sizeof *ws->norm);
  if (!ws->iteration || !ws->loss || !ws->norm) return kd_no_memory(err);
  ws->n_recorded = n;
  return KD_OK;
}
