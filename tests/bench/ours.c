/* SPDX-License-Identifier: MIT
 *
 * The contender that is kdegrad (contender.h): cells from end to end, bounds and all, in a
 * workspace that is kept. Before each task it computes a cell of another layout, so that
 * nothing of the task is known beforehand.
 */
#include "contender.h"

#include "core/descent.h"
#include "core/kernel.h"
#include "core/problem.h"
#include "core/rule.h"
#include "core/shift.h"

static struct kd_workspace *workspace;

static void evaluate(const struct kd_problem *p, struct kd_result *result) {
  struct kd_err err;
  if (kd_evaluate(p, workspace, result, &err) || result->status != KD_STATUS_OK) exit(4);
}

static void forget(struct kd_problem p) {
  static const double x[] = {-1.5, 0.25, 1.75}, z[3]; /* they cover T */
  p.n = 3, p.x = x, p.z = z, p.bins = 2, p.steps = 0;
  struct kd_result r;
  evaluate(&p, &r);
}

/* ms of all problems */
static double cells(const struct task *task, struct kd_problem p, struct scene *scene) {
  forget(p);
  scene->loss = 0;
  struct kd_result r;
  double begin = now();
  for (size_t k = 0; k < task->problems; k++) {
    p.x = points_of(scene, k), p.z = scene->z + k * task->n;
    evaluate(&p, &r);
    scene->loss += r.n_recorded ? r.trajectory_loss[r.n_recorded - 1] : r.loss;
    if (task->problems == 1)
      scene->answer = r.gradient;
    else
      memcpy(scene->G + k * task->n, r.gradient, task->n * sizeof(double));
  }
  double ms = now() - begin;
  scene->loss /= task->problems;
  return ms;
}

double perform(const struct task *task, struct scene *scene) {
  bool exact = is(task->kind, "exact");
  if (is(task->kind, "threads") || threads > 1) return -1;
  if (!workspace && !(workspace = kd_workspace_create())) exit(3);
  struct kd_problem p = {.kernel = kd_kernel_find(task->kernel),
                         .h = 1,
                         .lower = -1,
                         .upper = 1,
                         .n = task->n,
                         .shift_unit = kd_shift_unit_find("absolute"),
                         .shift_mode = kd_shift_mode_find("inward"),
                         .rule = kd_rule_find(exact ? "exact" : "midpoint"),
                         .bins = task->m,
                         .descent = kd_descent_find(task->steps ? "gd" : "none"),
                         .rate = 1,
                         .steps = task->steps,
                         .every = 1,
                         .record = task->steps ? KD_RECORD_TRAJECTORY
                                               : KD_RECORD_LOSS | KD_RECORD_GRADIENT};
  if (!exact || !task->steps) return cells(task, p, scene);
  /* of one step: what a descent takes, without what its first gradient takes */
  double ms = cells(task, p, scene);
  p.steps = 0;
  return (ms - cells(task, p, scene)) / (double)task->steps;
}
