/* SPDX-License-Identifier: MIT
 *
 * The rows of the table of variables. The order here is the order of the
 * columns in a file and of `kdegrad list variables`.
 */
#include "variable.h"

#define CELL(name_, type_, recorded_, field_, long_name_)                                      \
  {                                                                                            \
    .name = name_, .type = type_, .n_dims = 1, .dim = {KD_DIM_CELL}, .units = "1",             \
    .long_name = long_name_, .recorded = recorded_,                                            \
    .offset = offsetof(struct kd_cell_record, field_)                                          \
  }

#define ROW(name_, type_, dim_, recorded_, field_, long_name_)                                 \
  {                                                                                            \
    .name = name_, .type = type_, .n_dims = 2, .dim = {KD_DIM_CELL, dim_}, .units = "1",       \
    .long_name = long_name_, .recorded = recorded_,                                            \
    .offset = offsetof(struct kd_cell_record, result.field_)                                   \
  }

const struct kd_variable kd_variables[] = {
    CELL("status", KD_TYPE_CODE, 0, result.status, "outcome of the cell"),
    CELL("loss", KD_TYPE_REAL, KD_RECORD_LOSS, result.loss,
         "cross-entropy of the density estimate against the uniform target, at the starting "
         "logits, in nats"),
    CELL("loss_change", KD_TYPE_REAL, KD_RECORD_DEFECT, result.loss_change,
         "loss minus the loss of the unshifted layout"),
    CELL("defect", KD_TYPE_REAL, KD_RECORD_DEFECT, result.defect,
         "largest absolute change of a gradient component against the unshifted layout"),
    ROW("gradient", KD_TYPE_REAL, KD_DIM_POINT, KD_RECORD_GRADIENT, gradient,
        "derivative of the loss with respect to the logit of the point"),
    ROW("sensitivity", KD_TYPE_REAL, KD_DIM_POINT, KD_RECORD_SENSITIVITY, sensitivity,
        "derivative of the gradient component with respect to the length of the shift"),
    CELL("loss_sensitivity", KD_TYPE_REAL, KD_RECORD_SENSITIVITY, result.loss_sensitivity,
         "derivative of the loss with respect to the length of the shift"),
    CELL("uncovered_share", KD_TYPE_REAL, 0, result.uncovered_share,
         "share of the target on which the density estimate is zero"),
    ROW("x", KD_TYPE_REAL, KD_DIM_POINT, 0, x, "position of the point after the shift"),
    ROW("logits", KD_TYPE_REAL, KD_DIM_POINT, 0, logits, "logit of the point at the start"),
    CELL("d_edge", KD_TYPE_REAL, 0, result.d_edge,
         "inward shift at which the first point reaches an edge of the target"),
    CELL("d_centre", KD_TYPE_REAL, 0, result.d_centre,
         "inward shift at which the first point reaches the centre of the target"),
    ROW("trajectory_loss", KD_TYPE_REAL, KD_DIM_STEP, KD_RECORD_TRAJECTORY, trajectory_loss,
        "loss at the recorded step of the descent"),
    ROW("trajectory_norm", KD_TYPE_REAL, KD_DIM_STEP, KD_RECORD_TRAJECTORY, trajectory_norm,
        "Euclidean norm of the gradient at the recorded step of the descent"),
    ROW("iteration", KD_TYPE_INTEGER, KD_DIM_STEP, KD_RECORD_TRAJECTORY, iteration,
        "number of the recorded step of the descent"),
    CELL("steps_taken", KD_TYPE_INTEGER, KD_RECORD_TRAJECTORY, result.steps_taken,
         "steps of the descent taken"),
    CELL("key_high", KD_TYPE_UNSIGNED, 0, key_high, "upper half of the cell's key"),
    CELL("key_low", KD_TYPE_UNSIGNED, 0, key_low, "lower half of the cell's key"),
};
const size_t kd_n_variables = sizeof kd_variables / sizeof *kd_variables;

const char *kd_dim_name(enum kd_dim dim) {
  static const char *const name[KD_N_DIMS] = {"cell", "point", "step"};
  return name[dim];
}
