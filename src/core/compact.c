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
 */
#include "compact.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "exact.h"
#include "num.h"
#include "place.h"
#include "segment.h"

/* A piece on [y + from h, y + to h]: what moments about the ends of a window become about
 * points that are further out, by `after` at the right and `before` at the left. */
struct piece {
  int from, to;
  double (*moment)(const struct kd_moments *m, double after, double before);
};

struct family {
  size_t degree, n_pieces;
  struct piece piece[2];
  double factor;
  kd_segment_over *over;
};

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

static const struct family uniform = {0, 1, {{-1, 1, constant}}, 0.5, kd_segment_constant};
static const struct family triangular = {
    1, 2, {{-1, 0, rising}, {0, 1, falling}}, 1, kd_segment_linear};
static const struct family epanechnikov = {1 + 1, 1, {{-1, 1, arch}}, 0.75, kd_segment_quadratic};

/* --- room --- */

void kd_compact_clear(struct kd_compact *c) {
  kd_sites_clear(&c->sites);
  for (int k = 0; k < 2; k++) free(c->from[k]), free(c->to[k]), free(c->front[k]);
  free(c->over), free(c->over_front), free(c->rho), free(c->slack);
  *c = (struct kd_compact){0};
}

/* Stretches: at most 3 ends a site and the edges of T */
static int reserve(struct kd_compact *c, size_t n, struct kd_err *err) {
  if (n <= c->capacity) return KD_OK;
  kd_compact_clear(c);
  if (n > SIZE_MAX / sizeof *c->over / 4 - 1) return kd_no_memory(err);
  bool all = true;
  for (int k = 0; k < 2; k++) {
    c->from[k] = malloc(n * sizeof *c->from[k]);
    c->to[k] = malloc(n * sizeof *c->to[k]);
    c->front[k] = malloc(n * sizeof *c->front[k]);
    all = all && c->from[k] && c->to[k] && c->front[k];
  }
  c->over = malloc((3 * n + 2) * sizeof *c->over);
  c->over_front = malloc((3 * n + 2) * sizeof *c->over_front);
  c->rho = malloc(n * sizeof *c->rho);
  c->slack = malloc(n * sizeof *c->slack);
  if (!all || !c->over || !c->over_front || !c->rho || !c->slack) {
    kd_compact_clear(c);
    return kd_no_memory(err);
  }
  c->capacity = n;
  kd_pole_rules_fill(&c->rules);
  return KD_OK;
}

/* --- the sweep over T --- */

struct sweep {
  const struct kd_estimate *e;
  const struct family *family;
  struct kd_compact *c;
  const struct kd_sites *sites;
  double w, tiny;             /* half of T; longest sliver by rounding; in units */
  struct kd_window window[2]; /* of sites, for each piece */
  size_t n;                   /* stretches so far */
  struct kd_sum log_F;        /* share of T times mean log F */
  struct kd_sum covered, uncovered;
};

static struct kd_dd begins(const struct sweep *s, size_t piece, size_t k) {
  return kd_place_sum(s->sites->y[k], s->family->piece[piece].from * s->e->h);
}

static struct kd_dd ends(const struct sweep *s, size_t piece, size_t k) {
  return kd_place_sum(s->sites->y[k], s->family->piece[piece].to * s->e->h);
}

static double distance(const struct sweep *s, struct kd_dd a, struct kd_dd b) {
  return kd_place_distance(a, b) * s->sites->unit;
}

static void start(struct sweep *s, const struct kd_estimate *e, const struct family *family,
                  struct kd_compact *c) {
  double w = e->w * c->sites.unit, h = e->h * c->sites.unit;
  *s = (struct sweep){.e = e, .family = family, .c = c, .sites = &c->sites, .w = w};
  s->tiny = 4 * 0x1p-52 * fmax(w, h);
  for (size_t p = 0; p < family->n_pieces; p++)
    s->window[p] = (struct kd_window){
        .element = c->sites.weight, .gap = c->sites.gap, .front = c->front[p]};
}

/* Pieces that begin or end at x or before it. */
static void pass(struct sweep *s, struct kd_dd x) {
  for (size_t p = 0; p < s->family->n_pieces; p++) {
    struct kd_window *window = &s->window[p];
    size_t first = window->first, end = window->end;
    while (end < s->sites->n && !kd_place_before(x, begins(s, p, end)))
      s->c->from[p][end++] = s->n;
    while (first < end && !kd_place_before(x, ends(s, p, first))) s->c->to[p][first++] = s->n;
    kd_window_slide(window, first, end);
  }
}

/* The next place after those passed where a piece begins or ends, or the edge of T */
static struct kd_dd next(const struct sweep *s) {
  struct kd_dd nearest = {s->e->w, 0};
  for (size_t p = 0; p < s->family->n_pieces; p++) {
    const struct kd_window *window = &s->window[p];
    struct kd_dd begin = nearest, end = nearest;
    if (window->end < s->sites->n) begin = begins(s, p, window->end);
    if (window->first < window->end) end = ends(s, p, window->first);
    if (kd_place_before(begin, nearest)) nearest = begin;
    if (kd_place_before(end, nearest)) nearest = end;
  }
  return nearest;
}

/* F from a to b */
static struct kd_segment stretch_between(const struct sweep *s, struct kd_dd a,
                                         struct kd_dd b) {
  struct kd_moments sum[2];
  struct kd_segment t = {.length = distance(s, a, b)};
  size_t n_pieces = s->family->n_pieces;
  for (size_t p = 0; p < n_pieces; p++) {
    sum[p] = kd_window_total(&s->window[p]);
    if (p == 0 || sum[p].e > t.e) t.e = sum[p].e;
  }
  for (size_t p = 0; p < n_pieces; p++) {
    const struct kd_window *window = &s->window[p];
    if (window->first == window->end) continue;
    struct kd_dd begin = begins(s, p, window->end - 1), end = ends(s, p, window->first);
    struct kd_moments m = kd_moments_at(sum[p], t.e);
    /* of a piece about x is what of x about a piece is: left and right change places */
    m.to_right = kd_moments_at(sum[p], t.e).to_left;
    m.to_left = kd_moments_at(sum[p], t.e).to_right;
    t.at_left += s->family->piece[p].moment(&m, distance(s, a, end), distance(s, begin, a));
    t.at_right += s->family->piece[p].moment(&m, distance(s, b, end), distance(s, begin, b));
    t.bend += m.mass;
  }
  return t;
}

static void cross(struct sweep *s, struct kd_dd a, struct kd_dd b) {
  struct kd_segment t = stretch_between(s, a, b);
  double part = t.length / (2 * s->w);
  if (!(t.bend > 0)) {
    if (t.length > s->tiny) kd_sum_add(&s->uncovered, part);
    return;
  }
  if (t.length < 0x1p-240) return;
  struct kd_moments *over = &s->c->over[s->n++];
  kd_sum_add(&s->log_F, part * s->family->over(&t, &s->c->rules, over));
  kd_sum_add(&s->covered, part);
  *over = kd_moments_scaled(*over);
}

static void sweep(struct sweep *s) {
  struct kd_dd x = {-s->e->w, 0}, edge = {s->e->w, 0};
  while (kd_place_before(x, edge)) {
    pass(s, x);
    struct kd_dd y = next(s);
    cross(s, x, y);
    x = y;
  }
  for (size_t p = 0; p < s->family->n_pieces; p++) {
    struct kd_window *window = &s->window[p];
    for (size_t k = window->first; k < s->sites->n; k++) s->c->to[p][k] = s->n;
    for (size_t k = window->end; k < s->sites->n; k++) s->c->from[p][k] = s->n;
  }
}

/* --- responsibilities --- */

/* rho += S_k int k_k/F / 2w over one piece of each site */
static void add_piece(const struct sweep *s, size_t p) {
  struct kd_compact *c = s->c;
  struct kd_window window = {.element = c->over, .front = c->over_front};
  struct kd_dd left = {-s->e->w, 0}, right = {s->e->w, 0};
  for (size_t k = 0; k < s->sites->n; k++) {
    struct kd_dd begin = begins(s, p, k), end = ends(s, p, k);
    double after = kd_place_before(right, end) ? distance(s, right, end) : 0;
    double before = kd_place_before(begin, left) ? distance(s, begin, left) : 0;
    kd_window_slide(&window, c->from[p][k], c->to[p][k]);
    struct kd_moments m = kd_window_total(&window);
    double integral = s->family->piece[p].moment(&m, after, before);
    const struct kd_moments *S = &s->sites->weight[k];
    c->rho[k] += kd_plain(S->mass * integral / (2 * s->w), S->e + m.e);
  }
}

/* A layout that is its own mirror image has two rho of each value. */
static void make_symmetric(double *a, size_t n) {
  for (size_t k = 0, m = n; k < m; k++) {
    m--;
    a[k] = a[m] = 0.5 * (a[k] + a[m]);
  }
}

/* Mean rho of each site, their sum the share of T that is covered. */
static void responsibilities(const struct sweep *s, double share) {
  double *rho = s->c->rho;
  size_t n = s->sites->n;
  for (size_t k = 0; k < n; k++) rho[k] = 0;
  for (size_t p = 0; p < s->family->n_pieces; p++) add_piece(s, p);
  if (s->sites->symmetric) make_symmetric(rho, n);
  struct kd_sum sum = {0};
  for (size_t k = 0; k < n; k++) kd_sum_add(&sum, rho[k]);
  double scale = share > 0 ? share / kd_sum_value(&sum) : 0;
  for (size_t k = 0; k < n; k++) rho[k] *= scale;
}

/* The point's part of its site's weight */
static double part_of(struct kd_moments point, const struct kd_moments *site) {
  return site->mass > 0 ? kd_plain(point.mass / site->mass, point.e - site->e) : 0;
}

static void gradient(const struct sweep *s, double share, double *G) {
  const struct kd_estimate *e = s->e;
  for (size_t j = 0; j < e->n; j++) {
    size_t k = s->sites->of[j];
    double rho = s->c->rho[k] * part_of(kd_site_weight(e, j), &s->sites->weight[k]);
    G[e->index[j]] = share * e->S[j] - rho;
  }
}

/* --- all of it --- */

static int exact(const struct kd_estimate *e, const struct family *family, struct kd_compact *c,
                 struct kd_objective *out, double *G, struct kd_err *err) {
  struct sweep s;
  int code = reserve(c, e->n, err);
  if (!code) code = kd_sites_gather(&c->sites, e, err);
  if (code) return code;
  start(&s, e, family, c);
  sweep(&s);
  double uncovered = kd_sum_value(&s.uncovered);
  double share = uncovered > 0 ? kd_sum_value(&s.covered) : 1;
  responsibilities(&s, share);
  gradient(&s, share, G);
  double h = e->h * c->sites.unit; /* in [1, 2) */
  double L = log(e->h / family->factor) + (double)family->degree * log(h);
  *out = (struct kd_objective){.loss = uncovered > 0 ? INFINITY : L - kd_sum_value(&s.log_F),
                               .loss_bound = INFINITY,
                               .gradient_bound = INFINITY,
                               .uncovered = uncovered};
  return KD_OK;
}

int kd_exact_uniform(const struct kd_estimate *e, struct kd_room *room,
                     struct kd_objective *out, double *G, struct kd_err *err) {
  return exact(e, &uniform, &room->compact, out, G, err);
}

int kd_exact_triangular(const struct kd_estimate *e, struct kd_room *room,
                        struct kd_objective *out, double *G, struct kd_err *err) {
  return exact(e, &triangular, &room->compact, out, G, err);
}

int kd_exact_epanechnikov(const struct kd_estimate *e, struct kd_room *room,
                          struct kd_objective *out, double *G, struct kd_err *err) {
  return exact(e, &epanechnikov, &room->compact, out, G, err);
}
