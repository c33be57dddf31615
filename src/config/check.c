/* SPDX-License-Identifier: MIT
 *
 * Checks of a whole sweep; see check.h. Each check sees the combinations of
 * the few keys that it is about, and is left out where an error already found
 * may be the cause.
 */
#include "check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/circle.h"
#include "core/descent.h"
#include "core/kernel.h"
#include "core/layout.h"
#include "core/problem.h"
#include "core/rule.h"
#include "number.h"
#include "resolve.h"
#include "scan.h"

#define BIT KD_KEY_BIT

static bool is_set(const struct kd_scan *scan, enum kd_key_id id) {
  return scan->value[id].set;
}

static const char *choice_name(const struct kd_scan *scan, enum kd_key_id id) {
  return kd_keys[id].choice(scan->value[id].choice);
}

static const struct kd_series *series_of(const struct kd_spec *spec, size_t id) {
  for (size_t s = 0; s < spec->n_swept; s++)
    if (kd_key_id(spec->swept[s].key) == id) return &spec->swept[s];
  return NULL;
}

/* ------------------------------------------------------------------ kernel */

static void check_shape(struct kd_scan *scan) {
  const struct kd_kernel *kernel = &kd_kernels[scan->value[KD_KEY_KERNEL_FAMILY].choice];
  const struct kd_value *shape = &scan->value[KD_KEY_KERNEL_SHAPE];
  char least[KD_NUMBER_TEXT], most[KD_NUMBER_TEXT], got[KD_NUMBER_TEXT];
  if (!shape->set) return;
  if (!kernel->shape_name) {
    char readers[512], hint[544];
    kd_key_readers_text(&kd_keys[KD_KEY_KERNEL_SHAPE], readers, sizeof readers);
    snprintf(hint, sizeof hint, "it needs %s", readers);
    bool swept = series_of(scan->spec, KD_KEY_KERNEL_FAMILY) ||
                 series_of(scan->spec, KD_KEY_KERNEL_SHAPE);
    kd_diag_add(scan->diag, shape->mark,
                swept ? "give each family its shape in a lock-step group, ~ for none" : hint,
                "kernel.shape: %s has no shape", kernel->name);
    return;
  }
  if (shape->number >= kernel->shape_min && shape->number <= kernel->shape_max) return;
  kd_number_text(kernel->shape_min, least, sizeof least);
  kd_number_text(kernel->shape_max, most, sizeof most);
  kd_number_text(shape->number, got, sizeof got);
  kd_diag_add(scan->diag, shape->mark, NULL,
              "kernel.shape must be a number from %s to %s for %s, got %s", least, most,
              kernel->name, got);
}

/* ------------------------------------------------------------------ target */

static void check_interval(struct kd_scan *scan, struct kd_mark mark) {
  double lower, upper;
  kd_resolve_target(scan->value, &lower, &upper);
  double middle = lower + (upper - lower) / 2;
  if (isfinite(upper - lower) && lower < middle && middle < upper) return;
  kd_diag_add(scan->diag, mark, NULL,
              "target is too narrow: no double lies between its bounds");
}

static void check_bounds(struct kd_scan *scan) {
  const struct kd_value *bounds = &scan->value[KD_KEY_TARGET_BOUNDS];
  if (bounds->set) check_interval(scan, bounds->mark);
}

static void check_target(struct kd_scan *scan) {
  const struct kd_value *bounds = &scan->value[KD_KEY_TARGET_BOUNDS];
  const struct kd_value *centre = &scan->value[KD_KEY_TARGET_CENTRE];
  const struct kd_value *half = &scan->value[KD_KEY_TARGET_HALF_WIDTH];
  if (bounds->set && (centre->set || half->set))
    kd_diag_add(scan->diag, half->set ? half->mark : centre->mark, NULL,
                "target is given twice: as bounds, and as %s",
                half->set ? "half_width" : "centre");
  else if (half->set && !bounds->set)
    check_interval(scan, half->mark);
  else if (!bounds->set)
    kd_diag_add(scan->diag, half->mark, "give target.bounds or target.half_width",
                centre->set ? "target.half_width is missing" : "target is missing");
}

/* ----------------------------------------------------------------- numbers */

static void require(struct kd_scan *scan, enum kd_key_id id, enum kd_key_id by) {
  if (!kd_keys[id].reads(scan->value) || is_set(scan, id)) return;
  struct kd_mark mark = is_set(scan, by) ? scan->value[by].mark : scan->value[id].mark;
  bool nowhere = mark.line == 0 && mark.column == 0;
  int n = (int)kd_key_section(&kd_keys[id]);
  char hint[96];
  snprintf(hint, sizeof hint, "write %.*s: {%s: ...}", n, kd_keys[id].path,
           kd_keys[id].path + n + 1);
  kd_diag_add(scan->diag, mark, nowhere ? hint : NULL, "%s is missing: %s '%s' needs it",
              kd_keys[id].path, kd_keys[by].path, choice_name(scan, by));
}

static void note_points(struct kd_scan *scan, enum kd_key_id by) {
  size_t n = kd_resolve_count(scan->value);
  if (kd_keys[by].reads(scan->value) && n > scan->max_points) scan->max_points = n;
}

static void check_at(struct kd_scan *scan) {
  require(scan, KD_KEY_POINTS_AT, KD_KEY_POINTS_LAYOUT);
  note_points(scan, KD_KEY_POINTS_AT);
}

static void check_count(struct kd_scan *scan) {
  require(scan, KD_KEY_POINTS_COUNT, KD_KEY_POINTS_LAYOUT);
  note_points(scan, KD_KEY_POINTS_COUNT);
}

static void check_span(struct kd_scan *scan) {
  require(scan, KD_KEY_POINTS_SPAN, KD_KEY_POINTS_LAYOUT);
}

static void check_file(struct kd_scan *scan) {
  const struct kd_value *file = &scan->value[KD_KEY_POINTS_FILE];
  require(scan, KD_KEY_POINTS_FILE, KD_KEY_POINTS_LAYOUT);
  if (!file->set || !kd_keys[KD_KEY_POINTS_FILE].reads(scan->value)) return;
  kd_files_read(scan->spec->files, scan->spec->config, file, &scan->value[KD_KEY_POINTS_COLUMN],
                scan->diag);
  note_points(scan, KD_KEY_POINTS_FILE);
}

static void check_logits(struct kd_scan *scan) {
  const struct kd_value *at = &scan->value[KD_KEY_LOGITS_AT];
  size_t n = kd_resolve_count(scan->value);
  require(scan, KD_KEY_LOGITS_AT, KD_KEY_LOGITS_INIT);
  if (!kd_keys[KD_KEY_LOGITS_AT].reads(scan->value) || !at->set || n == 0 || at->n == n) return;
  kd_diag_add(scan->diag, at->mark, NULL, "logits.at has %zu number%s for %zu point%s", at->n,
              at->n == 1 ? "" : "s", n, n == 1 ? "" : "s");
}

/* ----------------------------------------------------------------- descent */

static const uint64_t of_descent =
    KD_KEY_BIT(KD_KEY_DESCENT_RATE) | KD_KEY_BIT(KD_KEY_DESCENT_STEPS) |
    KD_KEY_BIT(KD_KEY_DESCENT_EVERY) | KD_KEY_BIT(KD_KEY_DESCENT_GAP);

static void check_descent(struct kd_scan *scan) {
  const struct kd_value *method = &scan->value[KD_KEY_DESCENT_METHOD];
  const struct kd_value *record = &scan->value[KD_KEY_RECORD];
  bool descends = kd_descents[method->choice].step;
  bool records = record->names & KD_RECORDS_OF_DESCENT;
  if (records && !descends)
    kd_diag_add(scan->diag, method->set ? method->mark : record->mark, NULL,
                "%s nothing to record: descent.method is none",
                record->names & KD_RECORD_TRAJECTORY ? "trajectory has" : "logits have");
  if (descends && !records) {
    kd_diag_add(scan->diag, method->mark, "add trajectory to record",
                "descent.method is %s, but no trajectory is recorded",
                choice_name(scan, KD_KEY_DESCENT_METHOD));
    scan->read |= of_descent; /* one error is enough */
  }
  size_t n = kd_resolve_recorded(scan->value);
  if (n > scan->max_recorded) scan->max_recorded = n;
}

/* ------------------------------------------------------------- unread keys */

/* Keys that are checked in their own way. */
static const uint64_t not_asked =
    KD_KEY_BIT(KD_KEY_KERNEL_SHAPE) | KD_KEY_BIT(KD_KEY_TARGET_BOUNDS) |
    KD_KEY_BIT(KD_KEY_TARGET_CENTRE) | KD_KEY_BIT(KD_KEY_TARGET_HALF_WIDTH);

static void note_read(struct kd_scan *scan) {
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (kd_keys[k].reads(scan->value)) scan->read |= KD_KEY_BIT(k);
  scan->done = scan->read == KD_KEY_BIT(KD_N_KEYS) - 1;
}

static void refuse(struct kd_scan *scan, const struct kd_key *key, struct kd_mark mark) {
  char readers[512], hint[544];
  kd_key_readers_text(key, readers, sizeof readers);
  snprintf(hint, sizeof hint, "it needs %s", readers);
  kd_diag_add(scan->diag, mark, *readers ? hint : NULL, "%s is read by no cell", key->path);
}

static void refuse_unread(struct kd_scan *scan) {
  const struct kd_spec *spec = scan->spec;
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const struct kd_series *series = series_of(spec, k);
    if ((!series && !spec->value[k].set) || (scan->read | not_asked) & KD_KEY_BIT(k)) continue;
    refuse(scan, &kd_keys[k], series ? series->mark : spec->value[k].mark);
  }
}

/* A filter about such a key could hold for no cell. */
static void refuse_unread_filters(struct kd_scan *scan) {
  for (size_t f = 0; f < scan->spec->n_filters; f++) {
    const struct kd_filter *filter = &scan->spec->filter[f];
    for (int t = 0; t < 2; t++) {
      const struct kd_term *term = &filter->term[t];
      if (!term->key || scan->read & KD_KEY_BIT(kd_key_id(term->key))) continue;
      refuse(scan, term->key, kd_filter_mark(filter, term->at, term->width, scan->diag));
    }
  }
}

/* ------------------------------------------------------------------- sweep */

/* Cells of the sweep, 0 if there are too many. */
static size_t count_cells(struct kd_scan *scan, size_t max_cells) {
  const struct kd_spec *spec = scan->spec;
  double n = 1;
  for (size_t a = 0; a < spec->n_axes; a++) n *= (double)spec->axis[a].n;
  if (n <= (double)max_cells) return (size_t)n;
  char text[KD_NUMBER_TEXT];
  kd_number_text(n, text, sizeof text);
  kd_diag_add(scan->diag, spec->axis[0].mark, "plan --max-cells counts more",
              "the sweep has %s cells, more than %zu", text, max_cells);
  return 0;
}

/* ------------------------------------------------------------------- space */

/* Kernels and layouts of the circle alone, and targets that fit around it */
static void check_space(struct kd_scan *scan) {
  const struct kd_value *v = scan->value;
  bool circle = v[KD_KEY_SPACE].choice == KD_SPACE_CIRCLE;
  if (!circle && kd_kernels[v[KD_KEY_KERNEL_FAMILY].choice].circle_only)
    kd_diag_add(scan->diag, v[KD_KEY_KERNEL_FAMILY].mark, "add space: circle",
                "kernel.family %s lives on the circle",
                choice_name(scan, KD_KEY_KERNEL_FAMILY));
  if (!circle && kd_layouts[v[KD_KEY_POINTS_LAYOUT].choice].circle_only)
    kd_diag_add(scan->diag, v[KD_KEY_POINTS_LAYOUT].mark, "add space: circle",
                "points.layout %s lives on the circle",
                choice_name(scan, KD_KEY_POINTS_LAYOUT));
}

static void check_arc(struct kd_scan *scan) {
  const struct kd_value *bounds = &scan->value[KD_KEY_TARGET_BOUNDS];
  const struct kd_value *half = &scan->value[KD_KEY_TARGET_HALF_WIDTH];
  bool given = bounds->set || (half->set && scan->keys & BIT(KD_KEY_TARGET_HALF_WIDTH));
  double lower, upper;
  if (scan->value[KD_KEY_SPACE].choice != KD_SPACE_CIRCLE || !given) return;
  kd_resolve_target(scan->value, &lower, &upper);
  if (upper - lower > 2 * KD_PI_HIGH)
    kd_diag_add(scan->diag, bounds->set ? bounds->mark : half->mark, NULL,
                "target is longer than the circle, whose period is 2 pi");
}

/* The closed form is some kernels' own, for the line or for the circle. */
static void check_rule(struct kd_scan *scan) {
  const struct kd_kernel *kernel = &kd_kernels[scan->value[KD_KEY_KERNEL_FAMILY].choice];
  const struct kd_value *rule = &scan->value[KD_KEY_INTEGRAL_RULE];
  bool line = scan->value[KD_KEY_SPACE].choice == KD_SPACE_LINE;
  if (kd_rules[rule->choice].closed != KD_CLOSED_ONLY) return;
  if (line ? kernel->exact : kernel->exact_on_circle) return;
  kd_diag_add(scan->diag, rule->mark, "use best",
              "integral.rule exact: %s has no closed form%s", kernel->name,
              line ? "" : " on the circle");
}

/* The binned rules: their nodes depend on the config alone, not on cuts. */
static void list_binned_rules(char *text, size_t size) {
  *text = '\0';
  for (size_t i = 0; i < kd_n_rules; i++) {
    size_t n = strlen(text);
    if (!kd_rules[i].integral)
      snprintf(text + n, size - n, "%s%s", n ? ", " : "", kd_rules[i].name);
  }
}

static void check_bins(struct kd_scan *scan) {
  const struct kd_value *rule = &scan->value[KD_KEY_INTEGRAL_RULE];
  const struct kd_value *record = &scan->value[KD_KEY_RECORD];
  size_t n = kd_resolve_bins(scan->value);
  if (n > scan->max_bins) scan->max_bins = n;
  if (!(record->names & KD_RECORD_BINS) || !kd_rules[rule->choice].integral) return;
  char binned[128], hint[160];
  list_binned_rules(binned, sizeof binned);
  snprintf(hint, sizeof hint, "these have: %s", binned);
  kd_diag_add(scan->diag, rule->set ? rule->mark : record->mark, hint,
              "integral.rule %s has no fixed bins to record",
              choice_name(scan, KD_KEY_INTEGRAL_RULE));
}

/* A row for each check: the keys it is about. */
static const struct {
  uint64_t keys;
  void (*visit)(struct kd_scan *scan);
} checks[] = {
    {BIT(KD_KEY_KERNEL_FAMILY) | BIT(KD_KEY_KERNEL_SHAPE), check_shape},
    {BIT(KD_KEY_SPACE) | BIT(KD_KEY_KERNEL_FAMILY) | BIT(KD_KEY_POINTS_LAYOUT), check_space},
    {BIT(KD_KEY_SPACE) | BIT(KD_KEY_KERNEL_FAMILY) | BIT(KD_KEY_INTEGRAL_RULE), check_rule},
    {BIT(KD_KEY_SPACE) | BIT(KD_KEY_TARGET_BOUNDS), check_arc},
    {BIT(KD_KEY_SPACE) | BIT(KD_KEY_TARGET_BOUNDS) | BIT(KD_KEY_TARGET_CENTRE) |
         BIT(KD_KEY_TARGET_HALF_WIDTH),
     check_arc},
    {BIT(KD_KEY_TARGET_BOUNDS), check_bounds},
    {BIT(KD_KEY_TARGET_BOUNDS) | BIT(KD_KEY_TARGET_CENTRE) | BIT(KD_KEY_TARGET_HALF_WIDTH),
     check_target},
    {BIT(KD_KEY_POINTS_LAYOUT) | BIT(KD_KEY_POINTS_AT), check_at},
    {BIT(KD_KEY_POINTS_LAYOUT) | BIT(KD_KEY_POINTS_COUNT), check_count},
    {BIT(KD_KEY_POINTS_LAYOUT) | BIT(KD_KEY_POINTS_SPAN), check_span},
    {BIT(KD_KEY_POINTS_LAYOUT) | BIT(KD_KEY_POINTS_FILE) | BIT(KD_KEY_POINTS_COLUMN),
     check_file},
    {BIT(KD_KEY_POINTS_LAYOUT) | BIT(KD_KEY_POINTS_AT) | BIT(KD_KEY_POINTS_COUNT) |
         BIT(KD_KEY_POINTS_FILE) | BIT(KD_KEY_POINTS_COLUMN) | BIT(KD_KEY_LOGITS_INIT) |
         BIT(KD_KEY_LOGITS_AT),
     check_logits},
    {BIT(KD_KEY_RECORD) | BIT(KD_KEY_INTEGRAL_RULE) | BIT(KD_KEY_INTEGRAL_BINS), check_bins},
    {BIT(KD_KEY_DESCENT_METHOD) | BIT(KD_KEY_DESCENT_STEPS) | BIT(KD_KEY_DESCENT_EVERY) |
         BIT(KD_KEY_RECORD),
     check_descent},
};

/* The choices that decide which keys are read. */
static const uint64_t selectors = BIT(KD_KEY_KERNEL_FAMILY) | BIT(KD_KEY_POINTS_LAYOUT) |
                                  BIT(KD_KEY_LOGITS_INIT) | BIT(KD_KEY_INTEGRAL_RULE) |
                                  BIT(KD_KEY_DESCENT_METHOD) | BIT(KD_KEY_SHIFT_MODE) |
                                  BIT(KD_KEY_RECORD) | BIT(KD_KEY_TARGET_BOUNDS);

static void check_cells(struct kd_scan *scan) {
  uint64_t broken = scan->spec->broken;
  for (size_t c = 0; c < sizeof checks / sizeof *checks; c++)
    if (!(checks[c].keys & broken)) kd_scan_over(scan, checks[c].keys, checks[c].visit);
  if (selectors & broken) return;
  kd_scan_over(scan, selectors, note_read);
  refuse_unread(scan);
  refuse_unread_filters(scan);
}

void kd_check(const struct kd_spec *spec, size_t max_cells, struct kd_diag *diag,
              struct kd_extent *extent) {
  struct kd_scan scan;
  kd_scan_init(&scan, spec, diag);
  if (!spec->named && spec->broken != ~UINT64_C(0))
    kd_diag_add(diag, (struct kd_mark){0}, "start with a line `experiment: name`",
                "experiment is missing");
  *extent = (struct kd_extent){.n_cells = count_cells(&scan, max_cells)};
  if (extent->n_cells > 0) check_cells(&scan);
  extent->max_points = scan.max_points;
  extent->max_recorded = scan.max_recorded;
  extent->max_bins = scan.max_bins;
}
