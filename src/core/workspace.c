/* SPDX-License-Identifier: MIT
 *
 * See workspace.h.
 */
#include "workspace.h"

#include <math.h>
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

/* Bytes as they were measured with a million points: in the caller's hands and here, of a
 * stage by the ways it has, of a walk; of a node. */
static const double POINT = 64, BINNED = 12, LAPLACE = 170, SORTED = 500, WALK = 56, BIN = 24,
                    NODE = 60;

static double table_bytes(const struct kd_problem *p, double nodes, bool walks) {
  double cell = kd_stage_tabled(p, p->rule, (size_t)nodes) ? 3 * nodes * (double)p->n : 0;
  double walk = walks && kd_ratios_fit(p->n, (size_t)nodes) ? nodes * (double)p->n : 0;
  return sizeof(double) * fmax(cell, walk);
}

double kd_workspace_bytes(const struct kd_problem *p) {
  static const double NODES_OF_PANELS = 4096;
  const struct kd_rule *rule = p->rule;
  bool walks = p->steps > 0 && p->record & KD_RECORDS_OF_DESCENT;
  double n = (double)p->n, stages = p->record & KD_RECORD_DEFECT || p->claims ? 2 : 1, stage;
  double nodes = rule->integral ? NODES_OF_PANELS : (double)kd_rule_nodes(rule, p->bins);
  if (kd_stage_binned(p, rule))
    stage = BINNED * n + BIN * nodes;
  else if (kd_stage_closed_form(p, rule))
    stage = n * (p->kernel->constant_score ? LAPLACE : SORTED);
  else
    stage = n * SORTED + nodes * NODE + table_bytes(p, nodes, walks);
  return POINT * n + stages * (stage + (walks ? WALK * n : 0));
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
