/* SPDX-License-Identifier: MIT
 *
 * See workspace.h.
 */
#include "workspace.h"

#include <stdlib.h>

#include "aligned.h"
#include "core/claim/court.h"

struct kd_workspace *kd_workspace_create(void) {
  return calloc(1, sizeof(struct kd_workspace));
}

static void free_points(struct kd_workspace *ws) {
  free(ws->x), free(ws->gradient);
  free(ws->sensitivity), free(ws->velocity);
}

void kd_workspace_free(struct kd_workspace *ws) {
  if (!ws) return;
  kd_stage_clear(&ws->stage);
  kd_stage_clear(&ws->twin);
  kd_bins_clear(&ws->bins);
  kd_trajectory_clear(&ws->trajectory);
  kd_court_free(ws->court);
  free_points(ws);
  free(ws);
}

int kd_workspace_reserve(struct kd_workspace *ws, size_t n, struct kd_err *err) {
  if (n <= ws->n) return KD_OK;
  free_points(ws);
  ws->n = 0;
  ws->x = calloc(n, sizeof *ws->x);
  ws->gradient = kd_numbers(n);
  ws->sensitivity = calloc(n, sizeof *ws->sensitivity);
  ws->velocity = calloc(n, sizeof *ws->velocity);
  if (!ws->x || !ws->gradient || !ws->sensitivity || !ws->velocity) return kd_no_memory(err);
  ws->n = n;
  return KD_OK;
}
