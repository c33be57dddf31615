/* SPDX-License-Identifier: MIT
 *
 * Every claim on problems made by hand: where it applies and where not, that it comes out as
 * its row expects, with the numbers that are known, and that the control tells. The two
 * paths agree within their bounds on random problems of every kernel.
 */
#include "problems.h"

#include <xxhash.h>

#include "core/claim.h"
#include "core/claim/court.h"
#include "core/numerics.h"
#include "core/random.h"

static struct kd_finding finding_of(enum kd_claim_id id, struct kd_problem p) {
  struct kd_finding finding[KD_N_CLAIMS];
  struct kd_err err;
  struct kd_workspace *ws = kd_workspace_create();
  assert_non_null(ws);
  p.claims = 1u << id;
  if (kd_claims_judge(&p, ws, finding, &err)) fail_msg("%s", err.text);
  kd_workspace_free(ws);
  for (int k = 0; k < KD_N_CLAIMS; k++) assert_true(k == (int)id || isnan(finding[k].residual));
  return finding[id];
}

static struct kd_problem shifted(double d) {
  struct kd_problem p = layout_problem("laplace", 0);
  p.shift = d;
  return p;
}

static struct kd_problem binned(struct kd_problem p, size_t bins) {
  p.rule = kd_rule_find("midpoint"), p.bins = bins;
  return p;
}

static struct kd_problem pointed(struct kd_problem p, size_t n, const double *x,
                                 const double *z) {
  p.n = n, p.x = x, p.z = z;
  return p;
}

static const double zeros[] = {0, 0, 0, 0};
static const double two[] = {1, 2}, three[] = {1, -1, 2.2}, spread[] = {-0.875, 0.125, 0.25};

/* The note's counter-example: T = [-1/2, 1/2], h = 1, x = (1, 2), z = 0, at d_centre */
static struct kd_problem witness(void) {
  return pointed(shifted(1), 2, two, zeros);
}

static struct kd_problem labels(double h) {
  struct kd_problem p = binned(pointed(layout_problem("uniform", 0), 3, spread, layout_z), 8);
  p.lower = -1, p.upper = 1, p.h = h;
  return p;
}

static struct kd_problem scaled(const char *kernel, double factor, double slope) {
  struct kd_problem p = layout_problem(kernel, 0);
  p.log10_factor = factor, p.log10_slope = slope;
  return p;
}

static struct kd_problem narrow(void) {
  struct kd_problem p = shifted(1);
  p.lower = -1.0 / 256, p.upper = 1.0 / 256;
  return p;
}

static struct kd_problem shaped(const char *kernel, double shape, double d) {
  struct kd_problem p = layout_problem(kernel, shape);
  p.shift = d;
  return p;
}

/* Points right of T by `right` as fast as those left of it by `left` */
static struct kd_problem sided(double kappa, double left, double right) {
  struct kd_problem p = shaped("asymmetric-laplace", kappa, 0.25);
  p.shift_mode = kd_shift_mode_find("sided");
  p.shift_left = left, p.shift_right = right;
  return p;
}

static struct kd_problem around(double d) {
  static const double x[] = {-1.5, 0.875, 2};
  struct kd_problem p = pointed(shifted(d), 3, x, layout_z);
  p.space = KD_SPACE_CIRCLE;
  return p;
}

static struct kd_problem reaching(const char *kernel, double h, double d) {
  struct kd_problem p = shaped(kernel, 0, d);
  p.h = h;
  return p;
}

static const double even[] = {-1.875, 1.75, 3.25, -4}, tenths[] = {-1.8, 1.7, 3.3, -4.1};

static struct kd_problem walking(const char *method, const double *x) {
  struct kd_problem p = pointed(shifted(1.25), 4, x, layout_z);
  p.descent = kd_descent_find(method);
  p.steps = 60, p.every = 7, p.rate = 0.25, p.shift = 1;
  return p;
}

/* --- as expected, with power --- */

static void expect(enum kd_claim_id id, const char *what, struct kd_problem p) {
  const struct kd_claim *claim = kd_claims[id];
  struct kd_finding f = finding_of(id, p);
  enum kd_verdict outcome = kd_claim_outcome(claim, &f);
  assert_true_msg(outcome == claim->expected && kd_claim_has_power(claim, &f),
                  "%s, %s: %s, residual %g, bound %g, control %g, bound %g", claim->name, what,
                  kd_verdict_name(outcome), f.residual, f.bound, f.control, f.control_bound);
}

struct example {
  enum kd_claim_id id;
  const char *what;
  struct kd_problem p;
};

enum { EXAMPLES_MAX = 64 };

/* How many there are */
static size_t fill_examples(struct example *example) {
  const struct example row[] = {
      {KD_CLAIM_C1a, "one match", labels(0.3)},
      {KD_CLAIM_C1b, "two matches", labels(0.3)},
      {KD_CLAIM_C1c, "bins without a match", labels(0.3)},
      {KD_CLAIM_C2, "1e300", scaled("laplace", 300, 0)},
      {KD_CLAIM_C2, "1e-300, rising", scaled("cauchy", -300, 7)},
      {KD_CLAIM_C2, "by bins", binned(scaled("gaussian", 0, -2), 5)},
      {KD_CLAIM_C3a, "laplace", layout_problem("laplace", 0)},
      {KD_CLAIM_C3a, "von-mises", layout_problem("von-mises", 0)},
      {KD_CLAIM_C3b, "(1, -1, 2.2)", pointed(layout_problem("gaussian", 0), 3, three, zeros)},
      {KD_CLAIM_C4a, "to the centre", shifted(1.75)},
      {KD_CLAIM_C4a, "outwards", shifted(-3)},
      {KD_CLAIM_C4b, "to the edge", shifted(1.25)},
      {KD_CLAIM_C4b, "by bins", binned(shifted(0.75), 8)},
      {KD_CLAIM_C4b, "outwards", shifted(-80)},
      {KD_CLAIM_C4b, "bins that are not passed", shifted(1.5)},
      {KD_CLAIM_C4c, "past the edge", shifted(1.3)},
      {KD_CLAIM_C4c, "two points", witness()},
      {KD_CLAIM_C4d, "to the edge", shifted(1.25)},
      {KD_CLAIM_C4d, "not dyadic", shifted(0.3)},
      {KD_CLAIM_C4e, "past the edge", shifted(1.3)},
      {KD_CLAIM_C4e, "at the centre", shifted(1.75)},
      {KD_CLAIM_C4e, "by bins", binned(shifted(1.5), 6)},
      {KD_CLAIM_C4f, "the first kink", binned(shifted(0.5), 8)},
      {KD_CLAIM_C4f, "the last kink", binned(shifted(1.75), 7)},
      {KD_CLAIM_C4g, "narrow", narrow()},
      {KD_CLAIM_C6, "adam", walking("adam", even)},
      {KD_CLAIM_C6, "em, by bins", binned(walking("em", even), 8)},
      {KD_CLAIM_C3c, "to the edge", shifted(1.25)},
      {KD_CLAIM_C3c, "outwards", shifted(-80)},
      {KD_CLAIM_C5, "a light tail", binned(shaped("gaussian", 0, 0.5), 8)},
      {KD_CLAIM_C5, "a heavy tail, outwards", binned(shaped("student-t", 4, -8), 5)},
      {KD_CLAIM_C5, "two rates", binned(shaped("asymmetric-laplace", 2, 0.25), 8)},
      {KD_CLAIM_C5a, "p = 1", shaped("exppow", 1, 1.25)},
      {KD_CLAIM_C5b, "q falls", shaped("cauchy", 0, -800)},
      {KD_CLAIM_C5b, "q falls slowly", shaped("exppow", 0.5, -1e6)},
      {KD_CLAIM_C5b, "q levels off", shaped("logistic", 0, -8)},
      {KD_CLAIM_C5b, "q levels off elsewhere", shaped("sech", 0, -16)},
      {KD_CLAIM_C5b, "q rises", shaped("gaussian", 0, -80)},
      {KD_CLAIM_C5c, "points leave", reaching("triangular", 3, -1)},
      {KD_CLAIM_C5c, "the nearest alone", reaching("uniform", 2, -0.5)},
      {KD_CLAIM_C5d, "4 to 1", sided(2, 1, 4)},
      {KD_CLAIM_C5d, "1 to 4, by bins", binned(sided(0.5, 4, 1), 8)},
      {KD_CLAIM_C7, "to the edge", around(0.375)},
      {KD_CLAIM_C7, "outwards to the end", around(-0.640625)},
  };
  assert_true(sizeof row <= EXAMPLES_MAX * sizeof *row);
  memcpy(example, row, sizeof row);
  return sizeof row / sizeof *row;
}

static void come_out_as_expected(void **state) {
  (void)state;
  struct example row[EXAMPLES_MAX];
  size_t n = fill_examples(row);
  unsigned seen = 0;
  for (size_t i = 0; i < n; i++) {
    expect(row[i].id, row[i].what, row[i].p);
    seen |= 1u << row[i].id;
  }
  assert_int_equal(seen, (1u << KD_N_CLAIMS) - 1);
}

/* Stored findings are reused by key, which holds the versions of numbers and of what claims
 * find in them: if this fails and the change is meant, raise KD_CLAIMS_VERSION (numerics.h),
 * unless KD_NUMERICS_VERSION has just risen, and put the new pair here. */
static void the_version_rises_with_the_findings(void **state) {
  (void)state;
  static const struct {
    int version;
    uint64_t hash;
  } known = {1, 0xb154d37fb3480db5};
  struct example row[EXAMPLES_MAX];
  size_t n = fill_examples(row);
  XXH3_state_t *hash = XXH3_createState();
  XXH3_64bits_reset(hash);
  for (size_t i = 0; i < n; i++) {
    struct kd_finding f = finding_of(row[i].id, row[i].p);
    XXH3_64bits_update(hash, &f, sizeof f);
  }
  uint64_t now = XXH3_64bits_digest(hash);
  XXH3_freeState(hash);
  if (now != known.hash || KD_CLAIMS_VERSION != known.version)
    fail_msg("claims version %d has the hash 0x%016llx, here stand %d and 0x%016llx",
             KD_CLAIMS_VERSION, (unsigned long long)now, known.version,
             (unsigned long long)known.hash);
}

static void rows_are_whole(void **state) {
  (void)state;
  for (size_t k = 0; k < KD_N_CLAIMS; k++) {
    const struct kd_claim *c = kd_claims[k];
    assert_true(strlen(c->name) < KD_CLAIM_NAME_SIZE && *c->statement && *c->reference &&
                *c->control);
    assert_int_equal(kd_claim_find(c->name), k);
    assert_true(c->expected == KD_VERDICT_HOLDS || c->expected == KD_VERDICT_REFUTED);
    assert_int_equal(c->control_holds, c->expected == KD_VERDICT_REFUTED);
    assert_true(c->paths >= 1 && c->paths <= KD_N_PATHS);
  }
  assert_int_equal(kd_claim_find("C4"), KD_N_CLAIMS);
}

/* --- numbers that are known --- */

static void known_numbers(void **state) {
  (void)state;
  struct kd_finding f = finding_of(KD_CLAIM_C4c, witness());
  assert_close(f.residual, 0.055472, 5e-7);
  static const struct {
    double d, defect;
  } past[] = {{1.26, 2.4999e-5}, {1.3, 6.2456e-4}, {1.5, 1.5379e-2}, {1.75, 5.869e-2}};
  for (size_t i = 0; i < sizeof past / sizeof *past; i++) {
    f = finding_of(KD_CLAIM_C4c, shifted(past[i].d));
    assert_close(f.residual, past[i].defect, 1e-4 * past[i].defect);
  }
  f = finding_of(KD_CLAIM_C5a, shaped("exppow", 1, 1.25));
  assert_close(f.control, 0.0198763, 5e-8); /* at p = 0.9, less than at 1.1 */
  f = finding_of(KD_CLAIM_C4b, shifted(0.5));
  assert_close(f.control, 5.869e-2, 5e-6); /* its control goes on to the centre */
  f = finding_of(KD_CLAIM_C4d, shifted(0.5));
  assert_close(f.control, 0.25, 1e-14);
}

/* What claims say of kernels whose tail is called exponential rests on this (kernel.h). */
static void exponential_tails(void **state) {
  (void)state;
  size_t seen = 0;
  for (size_t k = 0; k < kd_n_kernels; k++) {
    const struct kd_kernel *kernel = &kd_kernels[k];
    if (kernel->tail != KD_TAIL_EXPONENTIAL) continue;
    seen++;
    for (double r = 1.0 / 64; r < 40; r *= 1.0625) {
      double limit = -kernel->slope(1e9, 0, 0.75, kernel->shape_default).at;
      double lack = limit + kernel->slope(r, 0, 0.75, kernel->shape_default).at;
      assert_true_msg(lack >= 0 && lack <= 2 * limit * exp(-limit * r) + 0x1p-51 * limit,
                      "%s at %g: %g", kernel->name, r, lack);
    }
  }
  assert_true(seen >= 3);
}

/* Known gradients far out: hard labels of the Gaussian, the level that sech comes to */
static void far_gradients(void **state) {
  (void)state;
  static const struct {
    const char *kernel;
    double G[4], bound;
  } row[] = {{"gaussian", {0.111795, -0.726486, 0.437015, 0.177677}, 1.0 / 64},
             {"sech", {-0.0652122, -0.378786, 0.287741, 0.156258}, 1e-12}};
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    struct kd_problem p = shaped(row[k].kernel, 0, -80);
    struct answer a = answer_to(&p);
    for (size_t i = 0; i < 4; i++) assert_close(a.G[i], row[k].G[i], 1e-6);
    struct kd_finding f = finding_of(KD_CLAIM_C5b, p);
    assert_true_msg(f.residual <= f.bound && f.bound < row[k].bound, "%s: %g, bound %g",
                    row[k].kernel, f.residual, f.bound);
  }
}

/* The first path keeps every bit of a dyadic shift; the second is not bound to. */
static void dyadic_shifts_to_the_bit(void **state) {
  (void)state;
  struct kd_problem p = shifted(1.25);
  struct kd_objective o;
  struct kd_err err;
  double G[2][4];
  struct kd_workspace *ws = kd_workspace_create();
  struct kd_court *c;
  assert_non_null(ws);
  if (kd_court_open(ws, &p, &c, &err)) fail_msg("%s", err.text);
  for (int k = 0; k < 2; k++)
    assert_int_equal(kd_court_read(c, KD_PATH_MAIN, 1.25 * k, 0, G[k], &o, &err), KD_OK);
  assert_memory_equal(G[0], G[1], sizeof G[0]);
  kd_workspace_free(ws);
}

/* --- where claims do not apply --- */

static void applies_not(enum kd_claim_id id, const char *what, struct kd_problem p) {
  struct kd_finding f = finding_of(id, p);
  assert_true_msg(isnan(f.residual) && isnan(f.bound) && isnan(f.control),
                  "%s applies to %s: residual %g", kd_claims[id]->name, what, f.residual);
}

static struct kd_problem with_kernel(struct kd_problem p, const char *kernel) {
  p.kernel = kd_kernel_find(kernel), p.shape = 1;
  return p;
}

static struct kd_problem with_mode(struct kd_problem p, const char *mode) {
  p.shift_mode = kd_shift_mode_find(mode), p.shift_left = p.shift_right = 1;
  return p;
}

static void apply_where_they_should(void **state) {
  (void)state;
  static const double inside[] = {0.25, 2}, beyond[] = {2, -2.5};
  static const double same[] = {3, 3}, mirror[] = {-2, 2}, one[] = {2}, tied[] = {0, 1};
  static const enum kd_claim_id inward[] = {KD_CLAIM_C4a, KD_CLAIM_C4b, KD_CLAIM_C4d};
  struct kd_problem circle = shifted(0.5);
  circle.space = KD_SPACE_CIRCLE;
  struct kd_problem wide = pointed(around(0.25), 2, beyond, zeros);
  wide.lower = -1.75, wide.upper = 1.75;
  for (size_t i = 0; i < sizeof inward / sizeof *inward; i++) {
    applies_not(inward[i], "a Gaussian", with_kernel(shifted(0.5), "gaussian"));
    applies_not(inward[i], "two rates", with_kernel(shifted(0.5), "asymmetric-laplace"));
    applies_not(inward[i], "the circle", circle);
    applies_not(inward[i], "translations", with_mode(shifted(0.5), "translate"));
    applies_not(inward[i], "no shift", shifted(0));
    applies_not(inward[i], "a shift beyond the centre", shifted(1.8));
  }
  applies_not(KD_CLAIM_C4b, "a shift that passes all bins on either side",
              pointed(shifted(1.99), 2, mirror, zeros));
  applies_not(KD_CLAIM_C4d, "a shift past the edge", shifted(1.26));
  applies_not(KD_CLAIM_C4c, "a shift up to the edge", shifted(1.25));
  applies_not(KD_CLAIM_C4c, "bins", binned(shifted(1.5), 4));
  applies_not(KD_CLAIM_C4c, "one place", pointed(shifted(2.75), 2, same, tied));
  applies_not(KD_CLAIM_C4c, "a mirror image", pointed(shifted(1.75), 2, mirror, zeros));
  applies_not(KD_CLAIM_C4c, "one point", pointed(shifted(1.75), 1, one, zeros));
  applies_not(KD_CLAIM_C4e, "a shift up to the edge", shifted(1.25));
  applies_not(KD_CLAIM_C4f, "an integral", shifted(0.5));
  struct kd_problem closed = binned(shifted(0.5), 8);
  closed.rule = kd_rule_find("trapezoid");
  applies_not(KD_CLAIM_C4f, "nodes on the edges", closed);
  applies_not(KD_CLAIM_C4g, "a wide target", shifted(0.5));
  applies_not(KD_CLAIM_C6, "no descent", shifted(0.5));
  applies_not(KD_CLAIM_C6, "tenths", walking("gd", tenths));
  applies_not(KD_CLAIM_C2, "no factor", shifted(0.5));
  applies_not(KD_CLAIM_C3c, "a point in T", pointed(shifted(-1), 2, inside, zeros));
  applies_not(KD_CLAIM_C3c, "a Gaussian", with_kernel(shifted(-1), "gaussian"));
  applies_not(KD_CLAIM_C5, "an integral", shaped("gaussian", 0, 0.5));
  applies_not(KD_CLAIM_C5, "a constant score", binned(shifted(0.5), 8));
  applies_not(KD_CLAIM_C5, "a point on the edge", binned(shaped("gaussian", 0, 1.25), 8));
  applies_not(KD_CLAIM_C5, "finite support", binned(reaching("tricube", 9, -1), 8));
  applies_not(KD_CLAIM_C5a, "another shape", shaped("exppow", 1.0625, 0.5));
  applies_not(KD_CLAIM_C5a, "no family", shifted(0.5));
  applies_not(KD_CLAIM_C5a, "a shift past the edge", shaped("exppow", 1, 1.3));
  applies_not(KD_CLAIM_C5b, "inward shifts", shaped("cauchy", 0, 1));
  applies_not(KD_CLAIM_C5b, "a score that is constant", shaped("exppow", 1, -80));
  applies_not(KD_CLAIM_C5b, "two rates", shaped("asymmetric-laplace", 2, -80));
  applies_not(KD_CLAIM_C5b, "finite support", reaching("biweight", 3, -1));
  applies_not(KD_CLAIM_C5b, "bins", binned(shaped("gaussian", 0, -80), 8));
  applies_not(KD_CLAIM_C5c, "infinite support", shifted(-1));
  applies_not(KD_CLAIM_C5c, "full cover", reaching("triangular", 80, -1));
  applies_not(KD_CLAIM_C5c, "inward shifts", reaching("triangular", 3, 1));
  applies_not(KD_CLAIM_C5d, "equal speeds", sided(2, 1, 1));
  applies_not(KD_CLAIM_C5d, "the ratio of the other side", sided(2, 4, 1));
  applies_not(KD_CLAIM_C5d, "one rate", sided(1, 1, 1));
  applies_not(KD_CLAIM_C5d, "points that cross", sided(2, 1, 5.5));
  applies_not(KD_CLAIM_C5d, "one side", pointed(sided(2, 1, 4), 2, two, zeros));
  applies_not(KD_CLAIM_C7, "the line", shifted(0.5));
  applies_not(KD_CLAIM_C7, "past the end", around(-0.65));
  applies_not(KD_CLAIM_C7, "past the edge", around(0.4));
  applies_not(KD_CLAIM_C7, "the wrapped kernel", with_kernel(around(0.25), "wrapped-laplace"));
  applies_not(KD_CLAIM_C7, "a wide target", wide);
  applies_not(KD_CLAIM_C3a, "a lopsided kernel", with_kernel(shifted(0), "asymmetric-laplace"));
  applies_not(KD_CLAIM_C3b, "a mirror image", pointed(shifted(0), 2, mirror, zeros));
  applies_not(KD_CLAIM_C3b, "no equal distances", shifted(0));
  applies_not(KD_CLAIM_C1a, "a Gaussian", with_kernel(labels(0.3), "gaussian"));
  applies_not(KD_CLAIM_C1a, "all points everywhere", labels(3));
  applies_not(KD_CLAIM_C1c, "full cover", labels(3));
}

/* A cell that could not refute says so. */
static void powerless_cells(void **state) {
  (void)state;
  static const double one[] = {2}, far[] = {2, 900};
  const struct {
    enum kd_claim_id id;
    struct kd_problem p;
  } row[] = {{KD_CLAIM_C4b, pointed(shifted(0.5), 1, one, zeros)},
             {KD_CLAIM_C4b, pointed(shifted(0.5), 2, far, zeros)},
             {KD_CLAIM_C2, pointed(scaled("laplace", 5, 0), 1, one, zeros)},
             {KD_CLAIM_C3a, labels(3)},
             {KD_CLAIM_C5, binned(shaped("exppow", 1, 0.5), 8)},
             {KD_CLAIM_C5b, shaped("cauchy", 0, -1)},
             {KD_CLAIM_C5c, reaching("triangular", 0.5, -9)},
             {KD_CLAIM_C7, pointed(around(0.25), 1, one, zeros)}};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    struct kd_finding f = finding_of(row[i].id, row[i].p);
    assert_int_equal(kd_claim_outcome(kd_claims[row[i].id], &f), KD_VERDICT_INCONCLUSIVE);
  }
}

static void outcomes(void **state) {
  (void)state;
  static const struct {
    struct kd_finding f;
    enum kd_verdict negative, positive; /* control that must be refuted, that must hold */
  } row[] = {
      {{NAN, NAN, NAN, NAN}, KD_VERDICT_VACUOUS, KD_VERDICT_VACUOUS},
      {{1, 2, 5, 4}, KD_VERDICT_HOLDS, KD_VERDICT_INCONCLUSIVE},
      {{2, 2, 5, 4}, KD_VERDICT_HOLDS, KD_VERDICT_INCONCLUSIVE},
      {{1, 2, 4, 4}, KD_VERDICT_INCONCLUSIVE, KD_VERDICT_HOLDS},
      {{3, 2, 5, 4}, KD_VERDICT_REFUTED, KD_VERDICT_INCONCLUSIVE},
      {{3, 2, 1, 4}, KD_VERDICT_REFUTED, KD_VERDICT_REFUTED},
      {{3, 2, NAN, NAN}, KD_VERDICT_REFUTED, KD_VERDICT_INCONCLUSIVE},
      {{3, INFINITY, 5, 4}, KD_VERDICT_INCONCLUSIVE, KD_VERDICT_INCONCLUSIVE},
      {{INFINITY, INFINITY, 5, 4}, KD_VERDICT_INCONCLUSIVE, KD_VERDICT_INCONCLUSIVE},
      {{1, 2, 3, INFINITY}, KD_VERDICT_INCONCLUSIVE, KD_VERDICT_INCONCLUSIVE},
      {{0, 0, 1, 0}, KD_VERDICT_HOLDS, KD_VERDICT_INCONCLUSIVE},
      {{1e-300, 0, 1, 0}, KD_VERDICT_REFUTED, KD_VERDICT_INCONCLUSIVE},
  };
  struct kd_claim claim = {0};
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    claim.control_holds = false;
    assert_int_equal(kd_claim_outcome(&claim, &row[i].f), row[i].negative);
    claim.control_holds = true;
    assert_int_equal(kd_claim_outcome(&claim, &row[i].f), row[i].positive);
  }
}

/* --- the two paths --- */

struct drawn {
  struct kd_problem p;
  double x[12], z[12];
};

static double uniform(uint64_t seed, uint64_t i, double low, double high) {
  return low + (high - low) * kd_random_uniform(seed, KD_STREAM_POINTS, i);
}

static void draw(uint64_t seed, const struct kd_kernel *kernel, struct drawn *d) {
  d->p = layout_problem(kernel->name, 0);
  d->p.shape = kernel->shape_name ? uniform(seed, 1, 0.5, 3) : 0;
  d->p.h = exp(uniform(seed, 2, -2, 2));
  d->p.upper = d->p.lower + uniform(seed, 3, 0.1, 3);
  d->p.n = 1 + seed % 12, d->p.x = d->x, d->p.z = d->z;
  for (size_t j = 0; j < d->p.n; j++) {
    d->x[j] = uniform(seed, 10 + j, -3, 3);
    d->z[j] = uniform(seed, 30 + j, -4, 4);
  }
  if (seed % 2) d->p = binned(d->p, 1 + seed % 17);
}

static void paths_agree(void **state) {
  (void)state;
  struct kd_objective o[KD_N_PATHS];
  struct kd_err err;
  double G[KD_N_PATHS][12];
  struct kd_court *c;
  struct kd_workspace *ws = kd_workspace_create();
  assert_non_null(ws);
  for (size_t k = 0; k < kd_n_kernels; k++)
    for (uint64_t seed = 0; seed < 60; seed++) {
      struct drawn d;
      draw(seed, &kd_kernels[k], &d);
      assert_int_equal(kd_court_open(ws, &d.p, &c, &err), KD_OK);
      for (int path = 0; path < KD_N_PATHS; path++)
        assert_int_equal(kd_court_read(c, path, 0, 0, G[path], &o[path], &err), KD_OK);
      double bound = o[0].gradient_bound + o[1].gradient_bound;
      double apart = kd_court_distance(c, G[0], G[1]);
      assert_true_msg(apart <= bound && bound < 1e-10, "%s, seed %d: %g, bound %g",
                      kd_kernels[k].name, (int)seed, apart, bound);
      assert_close(o[0].uncovered, o[1].uncovered, 1e-13);
      if (o[0].uncovered > 0) continue;
      assert_true_msg(fabs(o[0].loss - o[1].loss) <= o[0].loss_bound + o[1].loss_bound,
                      "%s, seed %d: loss", kd_kernels[k].name, (int)seed);
    }
  kd_workspace_free(ws);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rows_are_whole),
      cmocka_unit_test(come_out_as_expected),
      cmocka_unit_test(the_version_rises_with_the_findings),
      cmocka_unit_test(known_numbers),
      cmocka_unit_test(exponential_tails),
      cmocka_unit_test(far_gradients),
      cmocka_unit_test(dyadic_shifts_to_the_bit),
      cmocka_unit_test(apply_where_they_should),
      cmocka_unit_test(powerless_cells),
      cmocka_unit_test(outcomes),
      cmocka_unit_test(paths_agree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
