/* SPDX-License-Identifier: MIT
 *
 * The table of keys; see key.h. A key is read where the choices that the cell
 * makes (its family, layout, rule ...) use it; the tables of core know.
 */
#include "key.h"

#include <math.h>
#include <string.h>

#include "core/choice.h"
#include "core/descent.h"
#include "core/kernel.h"
#include "core/layout.h"
#include "core/problem.h"
#include "core/rule.h"
#include "core/shift.h"
#include "value.h"

/* ----------------------------------------------------------------- readers */

static bool always(const struct kd_value *values) {
  (void)values;
  return true;
}

static bool bounded(const struct kd_value *v) {
  return v[KD_KEY_TARGET_BOUNDS].set;
}

static bool centred(const struct kd_value *v) {
  return !bounded(v);
}

static bool shaped(const struct kd_value *v) {
  return kd_kernels[v[KD_KEY_KERNEL_FAMILY].choice].shape_name;
}

static bool descends(const struct kd_value *v) {
  return kd_descents[v[KD_KEY_DESCENT_METHOD].choice].step &&
         (v[KD_KEY_RECORD].names & KD_RECORDS_OF_DESCENT);
}

static bool has_rate(const struct kd_value *v) {
  return descends(v) && kd_descents[v[KD_KEY_DESCENT_METHOD].choice].uses_rate;
}

static bool sided(const struct kd_value *v) {
  return kd_shift_modes[v[KD_KEY_SHIFT_MODE].choice].uses_sides;
}

/* Read by the rows of a table that have `bit` in their `uses`. */
#define READ_BY(function, row, bit)                                                            \
  static bool function(const struct kd_value *v) {                                             \
    return ((row).uses & (bit)) != 0;                                                          \
  }
#define LAYOUT kd_layouts[v[KD_KEY_POINTS_LAYOUT].choice]
#define LOGITS kd_logits[v[KD_KEY_LOGITS_INIT].choice]
#define RULE   kd_rules[v[KD_KEY_INTEGRAL_RULE].choice]

READ_BY(points_at, LAYOUT, KD_USES_AT)
READ_BY(points_count, LAYOUT, KD_USES_COUNT)
READ_BY(points_span, LAYOUT, KD_USES_SPAN)
READ_BY(points_centre, LAYOUT, KD_USES_CENTRE)
READ_BY(points_scale, LAYOUT, KD_USES_SCALE)
READ_BY(points_distance, LAYOUT, KD_USES_DISTANCE)
READ_BY(points_clusters, LAYOUT, KD_USES_CLUSTERS)
READ_BY(points_seed, LAYOUT, KD_USES_SEED)
READ_BY(points_file, LAYOUT, KD_USES_FILE)
READ_BY(logits_at, LOGITS, KD_USES_AT)
READ_BY(logits_scale, LOGITS, KD_USES_SCALE)
READ_BY(logits_seed, LOGITS, KD_USES_SEED)
READ_BY(rule_bins, RULE, KD_RULE_USES_BINS)
READ_BY(rule_order, RULE, KD_RULE_USES_ORDER)
READ_BY(rule_tolerance, RULE, KD_RULE_USES_TOLERANCE)

/* ------------------------------------------------------------------- table */

#define LENGTH   -1e60, 1e60, false, "1"
#define POSITIVE 0, 1e60, true, "1"
#define SEED     0, 9007199254740992.0, false, "1"
#define NO_RANGE NAN, NAN, false, "1"

const struct kd_key kd_keys[KD_N_KEYS] = {
    [KD_KEY_SPACE] = {"space", KD_KEY_NAME, NO_RANGE, "line", kd_choice_space, always,
                      "where the points live: on the line, or on the circle of period 2 pi"},
    [KD_KEY_KERNEL_FAMILY] = {"kernel.family", KD_KEY_NAME, NO_RANGE, "laplace",
                              kd_choice_family, always, "family of the kernel K"},
    [KD_KEY_KERNEL_BANDWIDTH] = {"kernel.bandwidth", KD_KEY_REAL, 1e-60, 1e60, false, "1", "1",
                                 NULL, always, "bandwidth h of the kernel"},
    [KD_KEY_KERNEL_SHAPE] = {"kernel.shape", KD_KEY_REAL, NO_RANGE, NULL, NULL, shaped,
                             "shape of the kernel, where its family has one"},
    [KD_KEY_KERNEL_LOG10_FACTOR] = {"kernel.log10_factor", KD_KEY_REAL, -1e6, 1e6, false, "1",
                                    "0", NULL, always,
                                    "K is multiplied by 10^(factor + slope x)"},
    [KD_KEY_KERNEL_LOG10_SLOPE] = {"kernel.log10_slope", KD_KEY_REAL, -1e6, 1e6, false, "1",
                                   "0", NULL, always, "slope of log10 of that factor over x"},
    [KD_KEY_TARGET_BOUNDS] = {"target.bounds", KD_KEY_PAIR, LENGTH, NULL, NULL, bounded,
                              "bounds [a, b] of the target interval"},
    [KD_KEY_TARGET_CENTRE] = {"target.centre", KD_KEY_REAL, LENGTH, "0", NULL, centred,
                              "centre c of the target, with target.half_width"},
    [KD_KEY_TARGET_HALF_WIDTH] = {"target.half_width", KD_KEY_REAL, POSITIVE, NULL, NULL,
                                  centred, "half the target's width, instead of target.bounds"},
    [KD_KEY_POINTS_LAYOUT] = {"points.layout", KD_KEY_NAME, NO_RANGE, "explicit",
                              kd_choice_layout, always,
                              "how the positions x of the points are made"},
    [KD_KEY_POINTS_AT] = {"points.at", KD_KEY_REALS, LENGTH, NULL, NULL, points_at,
                          "the positions themselves"},
    [KD_KEY_POINTS_COUNT] = {"points.count", KD_KEY_INTEGER, 1, 1e7, false, "1", NULL, NULL,
                             points_count, "number N of points"},
    [KD_KEY_POINTS_SPAN] = {"points.span", KD_KEY_PAIR, LENGTH, NULL, NULL, points_span,
                            "interval that the points fill"},
    [KD_KEY_POINTS_CENTRE] = {"points.centre", KD_KEY_REAL, LENGTH, "0", NULL, points_centre,
                              "mean of the positions"},
    [KD_KEY_POINTS_SCALE] = {"points.scale", KD_KEY_REAL, POSITIVE, "1", NULL, points_scale,
                             "standard deviation of the positions"},
    [KD_KEY_POINTS_DISTANCE] = {"points.distance", KD_KEY_REAL, 0, 1e60, false, "1", "1", NULL,
                                points_distance, "distance of all points from the centre"},
    [KD_KEY_POINTS_CLUSTERS] = {"points.clusters", KD_KEY_INTEGER, 1, 1e7, false, "1", "3",
                                NULL, points_clusters, "number of clusters"},
    [KD_KEY_POINTS_SPREAD] = {"points.spread", KD_KEY_REAL, POSITIVE, "1", NULL,
                              points_clusters, "standard deviation within a cluster"},
    [KD_KEY_POINTS_SEED] = {"points.seed", KD_KEY_INTEGER, SEED, "1", NULL, points_seed,
                            "seed of the random positions"},
    [KD_KEY_POINTS_FILE] = {"points.file", KD_KEY_TEXT, NO_RANGE, NULL, NULL, points_file,
                            "text table with the positions, seen from the config's folder"},
    [KD_KEY_POINTS_COLUMN] = {"points.column", KD_KEY_TEXT, NO_RANGE, "1", NULL, points_file,
                              "its column: a number from 1, or a name of its header line"},
    [KD_KEY_LOGITS_INIT] = {"logits.init", KD_KEY_NAME, NO_RANGE, "zeros", kd_choice_logits,
                            always, "how the starting logits z are made"},
    [KD_KEY_LOGITS_AT] = {"logits.at", KD_KEY_REALS, LENGTH, NULL, NULL, logits_at,
                          "the logits themselves, one a point"},
    [KD_KEY_LOGITS_SCALE] = {"logits.scale", KD_KEY_REAL, POSITIVE, "1", NULL, logits_scale,
                             "standard deviation of the logits"},
    [KD_KEY_LOGITS_SEED] = {"logits.seed", KD_KEY_INTEGER, SEED, "1", NULL, logits_seed,
                            "seed of the random logits"},
    [KD_KEY_INTEGRAL_RULE] = {"integral.rule", KD_KEY_NAME, NO_RANGE, "best", kd_choice_rule,
                              always, "how the integral over the target is taken"},
    [KD_KEY_INTEGRAL_BINS] = {"integral.bins", KD_KEY_INTEGER, 1, 1e7, false, "1", "64", NULL,
                              rule_bins, "bins or panels over the target"},
    [KD_KEY_INTEGRAL_ORDER] = {"integral.order", KD_KEY_INTEGER, 1, KD_ORDER_MAX, false, "1",
                               "8", NULL, rule_order, "nodes a panel"},
    [KD_KEY_INTEGRAL_TOLERANCE] = {"integral.tolerance", KD_KEY_REAL, 1e-16, 0.1, false, "1",
                                   "1e-14", NULL, rule_tolerance,
                                   "error allowed to the integral, of the largest weight"},
    [KD_KEY_SHIFT_BY] = {"shift.by", KD_KEY_REAL, LENGTH, "0", NULL, always,
                         "how far the points are shifted; negative = outwards"},
    [KD_KEY_SHIFT_MODE] = {"shift.mode", KD_KEY_NAME, NO_RANGE, "inward", kd_choice_shift_mode,
                           always, "how the points move"},
    [KD_KEY_SHIFT_UNIT] = {"shift.unit", KD_KEY_NAME, NO_RANGE, "absolute",
                           kd_choice_shift_unit, always, "unit of shift.by"},
    [KD_KEY_SHIFT_LEFT] = {"shift.left", KD_KEY_REAL, LENGTH, "1", NULL, sided,
                           "factor of shift.by for the points left of the centre"},
    [KD_KEY_SHIFT_RIGHT] = {"shift.right", KD_KEY_REAL, LENGTH, "1", NULL, sided,
                            "factor of shift.by for the points right of the centre"},
    [KD_KEY_DESCENT_METHOD] = {"descent.method", KD_KEY_NAME, NO_RANGE, "none",
                               kd_choice_descent, always, "optimiser on the logits"},
    [KD_KEY_DESCENT_RATE] = {"descent.rate", KD_KEY_REAL, POSITIVE, "1", NULL, has_rate,
                             "learning rate"},
    [KD_KEY_DESCENT_STEPS] = {"descent.steps", KD_KEY_INTEGER, 0, 1e9, false, "1", "100", NULL,
                              descends, "steps in all"},
    [KD_KEY_DESCENT_EVERY] = {"descent.every", KD_KEY_INTEGER, 1, 1e9, false, "1", "1", NULL,
                              descends, "one step recorded in so many"},
    [KD_KEY_DESCENT_GAP] = {"descent.gap", KD_KEY_REAL, 0, 1e60, false, "1", "0", NULL,
                            descends, "optimality gap at which the descent stops; 0: never"},
    [KD_KEY_RECORD] = {"record", KD_KEY_NAMES, NO_RANGE, "[loss, gradient]", kd_choice_record,
                       always, "what is computed and stored"},
    [KD_KEY_CLAIMS] = {"claims", KD_KEY_NAMES, NO_RANGE, "[]", kd_choice_claim, always,
                       "claims that each cell judges; `list claims` says what they are"},
};

const struct kd_key *kd_key_find(const char *path) {
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (strcmp(kd_keys[k].path, path) == 0) return &kd_keys[k];
  return NULL;
}

size_t kd_key_section(const struct kd_key *key) {
  const char *dot = strchr(key->path, '.');
  return dot ? (size_t)(dot - key->path) : 0;
}
