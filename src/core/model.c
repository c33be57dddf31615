/* SPDX-License-Identifier: MIT
 *
 * The library's interface, kdegrad.h: names in, names out, one row a name. The names and
 * ranges of what is told are those of a config, the names of what is given out those of a
 * result file; a test compares the tables.
 */
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "nearest.h"
#include "rule.h"

static const struct {
  const char *path;
  const char *(*name)(size_t i);
  const char *initial;
} choices[KD_N_MODEL_CHOICES] = {
    [KD_MODEL_SPACE] = {"space", kd_choice_space, "line"},
    [KD_MODEL_FAMILY] = {"kernel.family", kd_choice_family, "laplace"},
    [KD_MODEL_LAYOUT] = {"points.layout", kd_choice_layout, "explicit"},
    [KD_MODEL_LOGITS] = {"logits.init", kd_choice_logits, "zeros"},
    [KD_MODEL_RULE] = {"integral.rule", kd_choice_rule, "best"},
    [KD_MODEL_SHIFT_MODE] = {"shift.mode", kd_choice_shift_mode, "inward"},
    [KD_MODEL_SHIFT_UNIT] = {"shift.unit", kd_choice_shift_unit, "absolute"},
    [KD_MODEL_DESCENT] = {"descent.method", kd_choice_descent, "none"},
    [KD_MODEL_RECORD] = {"record", kd_choice_record, "gradient"},
};

enum { INTEGER = 1, ABOVE = 2 }; /* whole numbers only; min itself is out of range */

#define LENGTH   -1e60, 1e60, 0
#define POSITIVE 0, 1e60, ABOVE
#define SEED     0, 9007199254740992.0, INTEGER

static const struct {
  const char *path;
  double min, max;
  int how;
  double initial;
} numbers[KD_N_MODEL_NUMBERS] = {
    [KD_MODEL_BANDWIDTH] = {"kernel.bandwidth", 1e-60, 1e60, 0, 1},
    [KD_MODEL_SHAPE] = {"kernel.shape", -INFINITY, INFINITY, 0, NAN}, /* see its kernel */
    [KD_MODEL_LOG10_FACTOR] = {"kernel.log10_factor", -1e6, 1e6, 0, 0},
    [KD_MODEL_LOG10_SLOPE] = {"kernel.log10_slope", -1e6, 1e6, 0, 0},
    [KD_MODEL_COUNT] = {"points.count", 1, 1e7, INTEGER, NAN},
    [KD_MODEL_CENTRE] = {"points.centre", LENGTH, 0},
    [KD_MODEL_SCALE] = {"points.scale", POSITIVE, 1},
    [KD_MODEL_DISTANCE] = {"points.distance", 0, 1e60, 0, 1},
    [KD_MODEL_CLUSTERS] = {"points.clusters", 1, 1e7, INTEGER, 3},
    [KD_MODEL_SPREAD] = {"points.spread", POSITIVE, 1},
    [KD_MODEL_SEED] = {"points.seed", SEED, 1},
    [KD_MODEL_LOGITS_SCALE] = {"logits.scale", POSITIVE, 1},
    [KD_MODEL_LOGITS_SEED] = {"logits.seed", SEED, 1},
    [KD_MODEL_BINS] = {"integral.bins", 1, 1e7, INTEGER, 64},
    [KD_MODEL_ORDER] = {"integral.order", 1, KD_ORDER_MAX, INTEGER, 8},
    [KD_MODEL_TOLERANCE] = {"integral.tolerance", 1e-16, 0.1, 0, 1e-14},
    [KD_MODEL_SHIFT] = {"shift.by", LENGTH, 0},
    [KD_MODEL_SHIFT_LEFT] = {"shift.left", LENGTH, 1},
    [KD_MODEL_SHIFT_RIGHT] = {"shift.right", LENGTH, 1},
    [KD_MODEL_RATE] = {"descent.rate", POSITIVE, 1},
    [KD_MODEL_STEPS] = {"descent.steps", 0, 1e9, INTEGER, 100},
    [KD_MODEL_EVERY] = {"descent.every", 1, 1e9, INTEGER, 1},
    [KD_MODEL_GAP] = {"descent.gap", 0, 1e60, 0, 0},
};

static const struct {
  const char *path;
  bool pair;
} lists[KD_N_MODEL_LISTS] = {
    [KD_MODEL_BOUNDS] = {"target.bounds", true},
    [KD_MODEL_SPAN] = {"points.span", true},
    [KD_MODEL_AT] = {"points.at", false},
    [KD_MODEL_LOGITS_AT] = {"logits.at", false},
};
static const double LIST_MAX = 1e60;

#define RESULT(name)                                                                           \
  { #name, offsetof(struct kd_result, name) }
static const struct {
  const char *name;
  size_t offset;
} results[] = {
    RESULT(loss),
    RESULT(loss_bound),
    RESULT(loss_change),
    RESULT(loss_change_bound),
    RESULT(gradient_bound),
    RESULT(defect),
    RESULT(defect_bound),
    RESULT(bin_error),
    RESULT(loss_bin_error),
    RESULT(loss_sensitivity),
    RESULT(uncovered_share),
    RESULT(d_edge),
    RESULT(d_centre),
    RESULT(breaking_shift),
    RESULT(breaking_shift_before),
    RESULT(breaking_threshold),
    RESULT(edge_rho),
};

/* ---------------------------------------------------------------- creation */

static size_t find_choice(const char *(*name)(size_t), const char *wanted) {
  size_t i = 0;
  while (name(i) && strcmp(name(i), wanted) != 0) i++;
  return i;
}

struct kd_model *kd_model_create(void) {
  struct kd_model *m = calloc(1, sizeof *m);
  if (!m) return NULL;
  for (size_t c = 0; c < KD_N_MODEL_CHOICES; c++)
    m->choice[c] = find_choice(choices[c].name, choices[c].initial);
  for (size_t k = 0; k < KD_N_MODEL_NUMBERS; k++) m->number[k] = numbers[k].initial;
  m->record = KD_RECORD_LOSS | KD_RECORD_GRADIENT;
  m->result = kd_result_failed(&m->problem, "");
  m->ws = kd_workspace_create();
  if (m->ws) return m;
  kd_model_free(m);
  return NULL;
}

void kd_model_free(struct kd_model *m) {
  if (!m) return;
  for (size_t l = 0; l < KD_N_MODEL_LISTS; l++) free(m->list[l].value);
  free(m->x);
  free(m->z);
  kd_workspace_free(m->ws);
  free(m);
}

/* ----------------------------------------------------------------- telling */

/* Row of `table` (n rows that begin with their path) under this path, or n, which is an
 * error: what may be meant is looked for. */
#define FIND(model, table, n, path) find_row((model), (table), sizeof *(table), (n), (path))
static size_t find_row(struct kd_model *m, const void *table, size_t size, size_t n,
                       const char *path) {
  struct kd_nearest nearest;
  m->err.text[0] = '\0';
  kd_nearest_init(&nearest, path);
  for (size_t i = 0; i < n; i++) {
    const char *name;
    memcpy(&name, (const char *)table + i * size, sizeof name);
    if (strcmp(name, path) == 0) return i;
    kd_nearest_try(&nearest, name);
  }
  const char *hint = kd_nearest_hint(&nearest);
  kd_fail(&m->err, KD_USAGE, "'%s' is not to be told this way%s%s", path, hint ? "; " : "",
          hint ? hint : "");
  return n;
}

int kd_model_choose(struct kd_model *m, const char *path, const char *name) {
  size_t c = FIND(m, choices, KD_N_MODEL_CHOICES, path);
  if (c == KD_N_MODEL_CHOICES) return KD_USAGE;
  size_t i = find_choice(choices[c].name, name);
  if (!choices[c].name(i))
    return kd_fail(&m->err, KD_USAGE, "%s: there is no '%s'", path, name);
  if (c == KD_MODEL_LAYOUT && strcmp(name, "file") == 0)
    return kd_fail(&m->err, KD_USAGE, "%s: a model reads no file; give points.at", path);
  if (c == KD_MODEL_RECORD)
    m->record |= 1u << i;
  else
    m->choice[c] = i;
  return KD_OK;
}

int kd_model_set(struct kd_model *m, const char *path, double number) {
  size_t k = FIND(m, numbers, KD_N_MODEL_NUMBERS, path);
  if (k == KD_N_MODEL_NUMBERS) return KD_USAGE;
  bool above = numbers[k].how & ABOVE, integer = numbers[k].how & INTEGER;
  double min = numbers[k].min, max = numbers[k].max;
  if (!isfinite(number) || number > max || (above ? number <= min : number < min))
    return kd_fail(&m->err, KD_USAGE, "%s must be %s %g and at most %g, got %g", path,
                   above ? "above" : "at least", min, max, number);
  if (integer && number != rint(number))
    return kd_fail(&m->err, KD_USAGE, "%s must be an integer, got %g", path, number);
  m->number[k] = number + 0.0; /* -0 becomes 0 */
  return KD_OK;
}

static int check_list(struct kd_model *m, size_t l, size_t n, const double *value) {
  const char *path = lists[l].path;
  if (n == 0 || (lists[l].pair && n != 2))
    return kd_fail(&m->err, KD_USAGE, "%s takes %s, got %zu numbers", path,
                   lists[l].pair ? "two" : "one or more", n);
  for (size_t i = 0; i < n; i++)
    if (!(fabs(value[i]) <= LIST_MAX))
      return kd_fail(&m->err, KD_USAGE, "%s: number %zu must be from -1e60 to 1e60, got %g",
                     path, i, value[i]);
  if (lists[l].pair && !(value[0] < value[1]))
    return kd_fail(&m->err, KD_USAGE, "%s: %g is not below %g", path, value[0], value[1]);
  return KD_OK;
}

int kd_model_list(struct kd_model *m, const char *path, size_t n, const double *value) {
  size_t l = FIND(m, lists, KD_N_MODEL_LISTS, path);
  if (l == KD_N_MODEL_LISTS) return KD_USAGE;
  int code = check_list(m, l, n, value);
  if (code) return code;
  double *copy = n <= SIZE_MAX / sizeof *copy ? malloc(n * sizeof *copy) : NULL;
  if (!copy) return kd_no_memory(&m->err);
  for (size_t i = 0; i < n; i++) copy[i] = value[i] + 0.0;
  free(m->list[l].value);
  m->list[l].value = copy;
  m->list[l].n = n;
  if (l == KD_MODEL_AT) m->choice[KD_MODEL_LAYOUT] = find_choice(kd_choice_layout, "explicit");
  if (l == KD_MODEL_LOGITS_AT)
    m->choice[KD_MODEL_LOGITS] = find_choice(kd_choice_logits, "explicit");
  return KD_OK;
}

int kd_model_evaluate(struct kd_model *m) {
  m->err.text[0] = '\0';
  m->result = kd_result_failed(&m->problem, "");
  m->result.logits = NULL;
  int code = kd_model_resolve(m, &m->err);
  if (!code) code = kd_evaluate(&m->problem, m->ws, &m->result, &m->err);
  if (!code && m->result.status == KD_STATUS_FAILED)
    code = kd_fail(&m->err, KD_CELLS_FAILED, "%s", m->result.reason);
  return code;
}

/* ------------------------------------------------------------------ asking */

const char *kd_model_status(const struct kd_model *m) {
  return kd_status_name(m->result.status);
}

double kd_model_number(const struct kd_model *m, const char *name) {
  for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
    if (strcmp(results[i].name, name) != 0) continue;
    double number;
    memcpy(&number, (const char *)&m->result + results[i].offset, sizeof number);
    return number;
  }
  return NAN;
}

const double *kd_model_numbers(const struct kd_model *m, const char *name, size_t *n) {
  const struct kd_result *r = &m->result;
  const struct {
    const char *name;
    const double *value;
    size_t n;
  } arrays[] = {
      {"gradient", r->gradient, r->n},
      {"sensitivity", r->sensitivity, r->n},
      {"x", r->x, r->n},
      {"logits", r->logits, r->n},
      {"bin_centre", r->bin_centre, r->n_bins},
      {"log_f", r->log_f, r->n_bins},
      {"bin_gradient", r->bin_gradient, r->n_bins * r->n},
      {"trajectory_loss", r->trajectory_loss, r->n_recorded},
      {"trajectory_norm", r->trajectory_norm, r->n_recorded},
      {"trajectory_gap", r->trajectory_gap, r->n_recorded},
      {"trajectory_logits", r->trajectory_logits, r->n_recorded * r->n},
      {"trajectory_defect", r->trajectory_defect, r->n_recorded},
      {"trajectory_loss_change", r->trajectory_loss_change, r->n_recorded},
  };
  *n = 0;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
    if (strcmp(arrays[i].name, name) != 0 || !arrays[i].value) continue;
    *n = arrays[i].n;
    return arrays[i].value;
  }
  return NULL;
}

const char *kd_model_error(const struct kd_model *m) {
  return m->err.text;
}

const char *kd_model_choice(const char *path, size_t i) {
  for (size_t c = 0; c < KD_N_MODEL_CHOICES; c++)
    if (strcmp(choices[c].path, path) == 0) return choices[c].name(i);
  return NULL;
}

const char *kd_model_version(void) {
  return KD_VERSION;
}
