/* SPDX-License-Identifier: MIT
 *
 * See compact.h. In units of a power of two near h, K = factor h^-(degree+1) k(x - x_j) with
 * k a sum of pieces that are products of distances to the ends of the piece's interval,
 *
 *   uniform       1                                   on [y - h, y + h]
 *   triangular    x - (y - h)                         on [y - h, y]
 *                 (y + h) - x                         on [y, y + h]
 *   epanechnikov  (x - (y - h)) ((y + h) - x)         on [y - h, y + h]
 *
 *   1. The ends of the pieces and of T cut T into stretches; a sweep from left to right
 *      has for each piece the window of sites whose piece covers the stretch. Sums over a
 *      window of S_j and its moments about the window's ends give F = sum_j S_j k_j at
 *      both ends of the stretch: sums and products of non-negative terms.
 *   2. segment.c has the moments of 1/F on the stretch and the mean of log F.
 *   3. For each piece of each site the window of stretches that it covers: their moments
 *      about its ends give int k_j/F, mean rho_j = S_j int k_j/F / 2w.
 *   4. As sum_j rho_j = 1 where f > 0, the mean rho are scaled to that sum.
 *
 * Ends of pieces are exact (place.h), so order and membership are. Where supports do not
 * meet by rounding alone the sliver between them is left out, as in rule.c.
 *
 * Bounds. All of 1. to 3. are sums, products and quotients of non-negative numbers: of
 * relative errors. F has 32 u (sweep.c), the moments of 1/F on a stretch 3, 52 or 108 more
 * (stretch.h), sums of them over a window 21 (window.h), a piece's integral 9, rho 6;
 * scaling adds what the sum was off. S_j is wrong by its relative error d_j, rho_j
 * so by d_j + max d. Mean log F: absolute 32 u and stretch.h's, and mean sum_j rho_j d_j.
 * Positions: blur.c.
 */
#include "compact.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "compact_step.h"
#include "compact_zones.h"
#include "core/num.h"
#include "core/vmath/vmath.h"
#include "exact.h"
#include "sweep.h"

static double constant(const struct kd_moments *m, double after, double before) {
  (void)after, (void)before;
  return m->mass;
}

static double rising(const struct kd_moments *m, double after, double before) {
  (void)after;
  return m->to_left + m->mass * before;
}

static double falling(const struct kd_moments *m, double after, double before) {
  (void)before;
  return m->to_right + m->mass * after;
}

static double arch(const struct kd_moments *m, double after, double before) {
  return (m->to_both + m->to_right * before) + (m->to_left + m->mass * before) * after;
}

static const struct kd_family uniform = {.degree = 0,
                                         .n_pieces = 1,
                                         .piece = {{-1, 1, constant}},
                                         .factor = 0.5,
                                         .peak = 1,
                                         .over = kd_segment_constant,
                                         .roundings = 72};

static const struct kd_family triangular = {.degree = 1,
                                            .n_pieces = 2,
                                            .piece = {{-1, 0, rising}, {0, 1, falling}},
                                            .factor = 1,
                                            .steep = 1,
                                            .peak = 1,
                                            .over = kd_segment_linear,
                                            .roundings = 120};

static const struct kd_family epanechnikov = {.degree = 2,
                                              .n_pieces = 1,
                                              .piece = {{-1, 1, arch}},
                                              .factor = 0.75,
                                              .steep = 2,
                                              .peak = 1,
                                              .over = kd_segment_quadratic,
                                              .roundings = 180};

/* --- room --- */

void kd_compact_clear(struct kd_compact *c) {
  kd_sites_clear(&c->sites);
  for (int p = 0; p < KD_PIECES; p++) free(c->from[p]), free(c->to[p]), free(c->front[p]);
  free(c->over), free(c->over_front), free(c->rho), free(c->m), free(c->slack);
  *c = (struct kd_compact){0};
}

/* Stretches: at most 3 ends a site and the edges of T */
static int reserve(struct kd_compact *c, size_t n, struct kd_err *err) {
  if (n <= c->capacity) return KD_OK;
  kd_compact_clear(c);
  if (n > SIZE_MAX / sizeof *c->over / 4 - 1) return kd_no_memory(err);
  bool all = true;
  for (int p = 0; p < KD_PIECES; p++) {
    c->from[p] = malloc(n * sizeof *c->from[p]);
    c->to[p] = malloc(n * sizeof *c->to[p]);
    c->front[p] = malloc(n * sizeof *c->front[p]);
    all = all && c->from[p] && c->to[p] && c->front[p];
  }
  c->over = malloc((3 * n + 2) * sizeof *c->over);
  c->over_front = malloc((3 * n + 2) * sizeof *c->over_front);
  c->rho = malloc(n * sizeof *c->rho);
  c->m = malloc(n * sizeof *c->m);
  c->slack = malloc(n * sizeof *c->slack);
  if (!all || !c->over || !c->over_front || !c->rho || !c->m || !c->slack) {
    kd_compact_clear(c);
    return kd_no_memory(err);
  }
  c->capacity = n;
  kd_pole_rules_fill(&c->rules);
  return KD_OK;
}

static struct kd_sweep sweep_of(const struct kd_estimate *e, const struct kd_family *family,
                                struct kd_compact *c) {
  struct kd_sweep s = {
      .e = e, .family = family, .sites = &c->sites, .rules = &c->rules, .over = c->over};
  for (int p = 0; p < KD_PIECES; p++)
    s.from[p] = c->from[p], s.to[p] = c->to[p], s.front[p] = c->front[p];
  return s;
}

/* --- responsibilities --- */

/* rho += S_k int k_k/F / 2w over one piece of each site */
static void add_piece(const struct kd_sweep *s, size_t p, struct kd_compact *c) {
  struct kd_window window = {
      .degree = s->family->degree, .element = c->over, .front = c->over_front};
  struct kd_dd left = {-s->e->w, 0}, right = {s->e->w, 0};
  for (size_t k = 0; k < c->sites.n; k++) {
    struct kd_dd begin = kd_sweep_begin(s, p, k), end = kd_sweep_end(s, p, k);
    double after = kd_place_before(right, end) ? kd_sweep_distance(s, right, end) : 0;
    double before = kd_place_before(begin, left) ? kd_sweep_distance(s, begin, left) : 0;
    kd_window_slide(&window, c->from[p][k], c->to[p][k]);
    struct kd_moments m = kd_window_total(&window);
    const struct kd_moments *S = &c->sites.weight[k];
    double integral = s->family->piece[p].moment(&m, after, before);
    c->rho[k] += kd_plain(S->mass * integral / (2 * s->w), S->e + m.e);
    c->m[k] += kd_plain(integral / (2 * s->w), m.e);
    c->slack[k] += fmin(kd_plain(S->mass * m.slack / (2 * s->w), S->e + m.e), m.loose);
  }
}

/* A layout that is its own mirror image has two rho of each value. */
static void make_symmetric(double *a, size_t n) {
  for (size_t k = 0, m = n; k < m; k++) {
    m--;
    a[k] = a[m] = 0.5 * (a[k] + a[m]);
  }
}

/* Mean rho of each site, of the sum `share`; returns what they were off by, relative. */
static double responsibilities(const struct kd_sweep *s, double share, struct kd_compact *c) {
  size_t n = c->sites.n;
  for (size_t k = 0; k < n; k++) c->rho[k] = c->m[k] = c->slack[k] = 0;
  for (size_t p = 0; p < s->family->n_pieces; p++) add_piece(s, p, c);
  if (c->sites.symmetric) make_symmetric(c->rho, n), make_symmetric(c->m, n);
  struct kd_sum sum = {0};
  for (size_t k = 0; k < n; k++) kd_sum_add(&sum, c->rho[k]);
  double scale = share > 0 ? share / kd_sum_value(&sum) : 0;
  for (size_t k = 0; k < n; k++) c->rho[k] *= scale, c->m[k] *= scale;
  return share > 0 ? fabs(scale - 1) : 0;
}

/* --- gradient and bounds --- */

/* The point's part of its site's weight */
static double part_of(struct kd_moments point, const struct kd_moments *site) {
  return site->mass > 0 ? kd_plain(point.mass / site->mass, point.e - site->e) : 0;
}

/* Relative error of kd_site_weight */
static double weight_error(const struct kd_estimate *e, size_t j) {
  if (e->S[j] >= 0x1p-256 || !isfinite(e->log_S[j])) return e->dlog_S[j];
  return e->dlog_S[j] + KD_U * (4 + fabs(e->log_S[j]));
}

/* Of quantities that are not quite the true ones, products of errors, what underflows */
static double safe(double bound) {
  return 1.01 * bound + 0x1p-200;
}

struct errors {
  double gradient; /* largest over the points, but for what blur has for all */
  double log_F;    /* mean of sum_j rho_j times the error of log S_j */
};

static struct errors gradient(const struct kd_sweep *s, double share, double off,
                              const struct kd_compact *c, double *G) {
  const struct kd_estimate *e = s->e;
  struct errors errors = {0};
  struct kd_sum log_F = {0};
  double all = off + s->family->roundings * KD_U, most = 0;
  for (size_t j = 0; j < e->n; j++) {
    double own = weight_error(e, j);
    most = own > most ? own : most;
  }
  for (size_t j = 0; j < e->n; j++) {
    size_t k = c->sites.of[j];
    double part = part_of(kd_site_weight(e, j), &c->sites.weight[k]), own = weight_error(e, j);
    double S = share * e->S[j], rho = c->rho[k] * part;
    G[e->index[j]] = S - rho;
    double error = S * (own + 4 * KD_U) + rho * (own + most + all) + c->slack[k];
    errors.gradient = fmax(errors.gradient, error);
    kd_sum_add(&log_F, rho * own);
  }
  errors.log_F = kd_sum_value(&log_F);
  return errors;
}

static void bound(const struct kd_sweep *s, double L, struct errors errors,
                  struct kd_objective *out) {
  const struct kd_blur *blur = &s->blur;
  double size = kd_sum_value(&s->size_log_F), dw = s->e->dw / s->e->w, of_T = 3 * dw * size;
  double roundings = KD_U * (70 + 16 * size + 4 * fabs(L));
  out->gradient_bound = safe(errors.gradient + blur->gradient + 2 * blur->own);
  out->loss_bound = safe(roundings + errors.log_F + blur->loss + of_T);
  if (blur->undecided) out->loss_bound = INFINITY;
  if (blur->gap) out->loss_bound = 0;
  /* beyond this what is taken for negligible need not be */
  if (!(dw <= 0.25 && s->w > 0x1p-100 && s->w < 0x1p100))
    out->loss_bound = out->gradient_bound = INFINITY;
}

static int by_sweep(const struct kd_estimate *e, const struct kd_family *family,
                    struct kd_compact *c, struct kd_objective *out, double *G, double *log_m,
                    struct kd_err *err) {
  int code = reserve(c, e->n, err);
  if (!code) code = kd_sites_gather(&c->sites, e, err);
  if (code) return code;
  struct kd_sweep s = sweep_of(e, family, c);
  kd_sweep(&s);
  double uncovered = kd_sum_value(&s.gaps);
  double share = s.whole ? 1 : kd_sum_value(&s.covered);
  double off = responsibilities(&s, share, c);
  struct errors errors = gradient(&s, share, off, c, G);
  for (size_t j = 0; log_m && j < e->n; j++) {
    size_t i = e->index[j];
    log_m[i] = kd_log_m(c->m[c->sites.of[j]], e->S[j], e->log_S[j], G[i]);
  }
  double L = kd_log(e->h / family->factor) + (double)family->degree * kd_log(s.h);
  *out = (struct kd_objective){.loss = uncovered > 0 ? INFINITY
                                                     : share * L - kd_sum_value(&s.log_F),
                               .uncovered = uncovered};
  bound(&s, L, errors, out);
  return KD_OK;
}

/* Not where nearly all points cover all of T, without kinks in it: a sweep meets few ends. */
static bool rather_by_zones(const struct kd_estimate *e, const struct kd_family *family) {
  size_t others = 0;
  if (e->n < KD_ZONES_FROM) return false;
  for (size_t j = 0; j < e->n; j++) others += fabs(e->y[j]) > e->h - e->w;
  return family->n_pieces > 1 || others > e->n / 16;
}

static int exact(const struct kd_estimate *e, const struct kd_family *family,
                 struct kd_room *room, struct kd_objective *out, double *G, double *log_m,
                 struct kd_err *err) {
  bool done = false;
  int code = KD_OK;
  if (rather_by_zones(e, family))
    code = kd_compact_zones(e, family->degree, family->factor, &room->zones, &done, out, G,
                            log_m, err);
  return code || done ? code : by_sweep(e, family, &room->compact, out, G, log_m, err);
}

int kd_exact_uniform(const struct kd_estimate *e, struct kd_room *room,
                     struct kd_objective *out, double *G, double *log_m, struct kd_err *err) {
  return exact(e, &uniform, room, out, G, log_m, err);
}

int kd_exact_triangular(const struct kd_estimate *e, struct kd_room *room,
                        struct kd_objective *out, double *G, double *log_m,
                        struct kd_err *err) {
  return exact(e, &triangular, room, out, G, log_m, err);
}

int kd_exact_epanechnikov(const struct kd_estimate *e, struct kd_room *room,
                          struct kd_objective *out, double *G, double *log_m,
                          struct kd_err *err) {
  return exact(e, &epanechnikov, room, out, G, log_m, err);
}

int kd_exact_uniform_step(const struct kd_estimate *e, const double *z, struct kd_room *room,
                          bool *done, double *G, double *log_m, double *loss,
                          struct kd_err *err) {
  return kd_compact_step(e, uniform.degree, uniform.factor, z, &room->zones, done, G, log_m,
                         loss, err);
}

int kd_exact_triangular_step(const struct kd_estimate *e, const double *z, struct kd_room *room,
                             bool *done, double *G, double *log_m, double *loss,
                             struct kd_err *err) {
  return kd_compact_step(e, triangular.degree, triangular.factor, z, &room->zones, done, G,
                         log_m, loss, err);
}

int kd_exact_epanechnikov_step(const struct kd_estimate *e, const double *z,
                               struct kd_room *room, bool *done, double *G, double *log_m,
                               double *loss, struct kd_err *err) {
  return kd_compact_step(e, epanechnikov.degree, epanechnikov.factor, z, &room->zones, done, G,
                         log_m, loss, err);
}
