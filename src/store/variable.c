/* SPDX-License-Identifier: MIT
 *
 * The rows of the table of variables. The order here is the order of the
 * columns in a file and of `kdegrad list variables`.
 */
#include "variable.h"

#include <string.h>

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

#define BLOCK(name_, dim_, recorded_, field_, long_name_)                                      \
  {                                                                                            \
    .name = name_, .type = KD_TYPE_REAL, .n_dims = 3,                                          \
    .dim = {KD_DIM_CELL, dim_, KD_DIM_POINT}, .units = "1", .long_name = long_name_,           \
    .recorded = recorded_, .offset = offsetof(struct kd_cell_record, result.field_)            \
  }

/* Beside the descent of the twin */
#define WALKS(name_, field_, long_name_)                                                       \
  {                                                                                            \
    .name = name_, .type = KD_TYPE_REAL, .n_dims = 2, .dim = {KD_DIM_CELL, KD_DIM_STEP},       \
    .units = "1", .long_name = long_name_, .recorded = KD_RECORD_TRAJECTORY,                   \
    .needed = KD_RECORD_DEFECT, .offset = offsetof(struct kd_cell_record, result.field_)       \
  }

/* A number of a claim's finding */
#define FOUND(name_, claim_, field_, long_name_)                                               \
  {                                                                                            \
    .name = name_, .type = KD_TYPE_REAL, .n_dims = 1, .dim = {KD_DIM_CELL}, .units = "1",      \
    .long_name = long_name_, .claims = 1u << KD_CLAIM_##claim_,                                \
    .offset = offsetof(struct kd_cell_record, finding[KD_CLAIM_##claim_].field_)               \
  }

#define CLAIM(claim)                                                                           \
  FOUND(#claim, claim, residual,                                                               \
        "what claim " #claim " is off by in this cell; missing where it does not apply"),      \
      FOUND(#claim "_bound", claim, bound,                                                     \
            "proved bound on the distance of " #claim " from its value in exact arithmetic: "  \
            "the claim is refuted where " #claim " is larger"),                                \
      FOUND(#claim "_control", claim, control,                                                 \
            #claim " of a problem or prediction made false on purpose (made true, where the "  \
                   "claim is false)"),                                                         \
      FOUND(#claim "_control_bound", claim, control_bound,                                     \
            "proved bound on the distance of " #claim                                          \
            "_control from its value in exact arithmetic"),

const struct kd_variable kd_variables[] = {
    CELL("status", KD_TYPE_CODE, 0, result.status, "outcome of the cell"),
    CELL("loss", KD_TYPE_REAL, KD_RECORD_LOSS, result.loss,
         "cross-entropy of the density estimate against the uniform target, at the starting "
         "logits, in nats"),
    CELL("loss_bound", KD_TYPE_REAL, KD_RECORD_LOSS, result.loss_bound,
         "proved bound on the distance of the loss from that in exact arithmetic, of the "
         "integral or of the sum over the rule's nodes"),
    CELL("loss_change", KD_TYPE_REAL, KD_RECORD_DEFECT, result.loss_change,
         "loss minus the loss of the unshifted layout"),
    CELL("loss_change_bound", KD_TYPE_REAL, KD_RECORD_DEFECT, result.loss_change_bound,
         "proved bound on the distance of loss_change from its value in exact arithmetic"),
    CELL("defect", KD_TYPE_REAL, KD_RECORD_DEFECT, result.defect,
         "largest absolute change of a gradient component against the unshifted layout"),
    CELL("defect_bound", KD_TYPE_REAL, KD_RECORD_DEFECT, result.defect_bound,
         "proved bound on the distance of the defect from its value in exact arithmetic"),
    ROW("gradient", KD_TYPE_REAL, KD_DIM_POINT, KD_RECORD_GRADIENT, gradient,
        "derivative of the loss with respect to the logit of the point"),
    CELL("gradient_bound", KD_TYPE_REAL, KD_RECORD_GRADIENT, result.gradient_bound,
         "proved bound on the distance of each gradient component from that in exact "
         "arithmetic, of the integral or of the sum over the rule's nodes"),
    CELL("bin_error", KD_TYPE_REAL, KD_RECORD_BIN_ERROR, result.bin_error,
         "largest absolute distance of a gradient component from that of the integral: what "
         "the binned rule costs; missing for rules that stand for the integral"),
    CELL("loss_bin_error", KD_TYPE_REAL, KD_RECORD_BIN_ERROR, result.loss_bin_error,
         "loss minus the loss of the integral: what the binned rule costs; missing for rules "
         "that stand for the integral"),
    CELL("breaking_shift", KD_TYPE_REAL, KD_RECORD_BREAKING_SHIFT, result.breaking_shift,
         "least shift found, on the way to the cell's, at which the gradient is proved to have "
         "changed; missing if it is not at the cell's"),
    CELL("breaking_shift_before", KD_TYPE_REAL, KD_RECORD_BREAKING_SHIFT,
         result.breaking_shift_before,
         "the shift next to breaking_shift at which no change of the gradient is proved"),
    CELL("breaking_threshold", KD_TYPE_REAL, KD_RECORD_BREAKING_SHIFT,
         result.breaking_threshold,
         "sum of the gradients' bounds at breaking_shift: the least change that is proved"),
    CELL("edge_rho", KD_TYPE_REAL, KD_RECORD_BREAKING_SHIFT, result.edge_rho,
         "responsibility of the point that first reaches the outermost node, or the target's "
         "edge, on the inward shift, there and then"),
    ROW("sensitivity", KD_TYPE_REAL, KD_DIM_POINT, KD_RECORD_SENSITIVITY, sensitivity,
        "derivative of the gradient component with respect to the length of the shift"),
    CELL("loss_sensitivity", KD_TYPE_REAL, KD_RECORD_SENSITIVITY, result.loss_sensitivity,
         "derivative of the loss with respect to the length of the shift"),
    ROW("bin_centre", KD_TYPE_REAL, KD_DIM_BIN, KD_RECORD_BINS, bin_centre,
        "position of the rule's node in the target"),
    ROW("log_f", KD_TYPE_REAL, KD_DIM_BIN, KD_RECORD_BINS, log_f,
        "logarithm of the density estimate at the node; -inf where it is zero"),
    BLOCK("bin_gradient", KD_DIM_BIN, KD_RECORD_BINS, bin_gradient,
          "gradient component of the node alone, weight minus responsibility of the point; "
          "missing where the density estimate is zero"),
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
    ROW("trajectory_gap", KD_TYPE_REAL, KD_DIM_STEP, KD_RECORD_TRAJECTORY, trajectory_gap,
        "optimality gap at the recorded step, log max_j mean(K_j/f): the loss is at most so "
        "far "
        "above the least one"),
    BLOCK("trajectory_logits", KD_DIM_STEP, KD_RECORD_LOGITS, trajectory_logits,
          "logit of the point at the recorded step of the descent"),
    WALKS("trajectory_defect", trajectory_defect,
          "largest absolute difference of a logit from that on the descent of the unshifted "
          "layout, at the recorded step"),
    WALKS("trajectory_loss_change", trajectory_loss_change,
          "loss minus that on the descent of the unshifted layout, at the recorded step"),
    ROW("iteration", KD_TYPE_INTEGER, KD_DIM_STEP, KD_RECORDS_OF_DESCENT, iteration,
        "number of the recorded step of the descent"),
    CELL("steps_taken", KD_TYPE_INTEGER, KD_RECORDS_OF_DESCENT, result.steps_taken,
         "steps of the descent taken"),
    KD_CLAIMS(CLAIM)
        CELL("key_high", KD_TYPE_UNSIGNED, 0, key_high, "upper half of the cell's key"),
    CELL("key_low", KD_TYPE_UNSIGNED, 0, key_low, "lower half of the cell's key"),
};
const size_t kd_n_variables = sizeof kd_variables / sizeof *kd_variables;

bool kd_variable_is(const char *name) {
  for (size_t v = 0; v < kd_n_variables; v++)
    if (strcmp(kd_variables[v].name, name) == 0) return true;
  return false;
}

const char *kd_dim_name(enum kd_dim dim) {
  static const char *const name[KD_N_DIMS] = {"cell", "point", "step", "bin"};
  return name[dim];
}
