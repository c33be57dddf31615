/* SPDX-License-Identifier: MIT
 *
 * See sweep.h. Errors: distances are wrong by 3 u (place.h), a window's moments by 2, 12
 * and 21 u (window.h), the values of F made of them, sums of products of non-negative
 * numbers, by 32 u, relative to F however small.
 */
#include "sweep.h"

#include <math.h>

struct kd_dd kd_sweep_begin(const struct kd_sweep *s, size_t piece, size_t site) {
  return kd_place_sum(s->sites->y[site], s->family->piece[piece].from * s->e->h);
}

struct kd_dd kd_sweep_end(const struct kd_sweep *s, size_t piece, size_t site) {
  return kd_place_sum(s->sites->y[site], s->family->piece[piece].to * s->e->h);
}

double kd_sweep_distance(const struct kd_sweep *s, struct kd_dd a, struct kd_dd b) {
  return kd_place_distance(a, b) * s->sites->unit;
}

static void start(struct kd_sweep *s) {
  const struct kd_family *family = s->family;
  s->h = s->e->h * s->sites->unit, s->w = s->e->w * s->sites->unit;
  s->n = 0, s->whole = true;
  s->log_F = s->size_log_F = s->covered = s->gaps = (struct kd_sum){0};
  for (size_t p = 0; p < family->n_pieces; p++)
    s->window[p] = (struct kd_window){.degree = family->degree,
                                      .element = s->sites->weight,
                                      .gap = s->sites->gap,
                                      .front = s->front[p]};
  s->blur = (struct kd_blur){.h = s->h, .peak = 1};
  for (size_t d = 0; d < family->degree; d++) s->blur.peak *= s->h;
  s->blur.steep = family->steep * s->blur.peak / s->h;
  kd_blur_start(&s->blur, s->e, s->sites);
}

/* The window of sites that cover a place is that of sites that have begun in the first
 * piece and have not ended in the last. */
static struct kd_window *last_window(struct kd_sweep *s) {
  return &s->window[s->family->n_pieces - 1];
}

/* Pieces that begin or end at x or before it. */
static void pass(struct kd_sweep *s, struct kd_dd x) {
  s->was_first = last_window(s)->first, s->was_end = s->window[0].end;
  for (size_t p = 0; p < s->family->n_pieces; p++) {
    struct kd_window *window = &s->window[p];
    size_t first = window->first, end = window->end;
    while (end < s->sites->n && !kd_place_before(x, kd_sweep_begin(s, p, end)))
      s->from[p][end++] = s->n;
    while (first < end && !kd_place_before(x, kd_sweep_end(s, p, first)))
      s->to[p][first++] = s->n;
    kd_window_slide(window, first, end);
  }
}

/* The next place after those passed where a piece begins or ends, or the edge of T */
static struct kd_dd next(const struct kd_sweep *s) {
  struct kd_dd nearest = {s->e->w, 0};
  for (size_t p = 0; p < s->family->n_pieces; p++) {
    const struct kd_window *window = &s->window[p];
    struct kd_dd begin = nearest, end = nearest;
    if (window->end < s->sites->n) begin = kd_sweep_begin(s, p, window->end);
    if (window->first < window->end) end = kd_sweep_end(s, p, window->first);
    if (kd_place_before(begin, nearest)) nearest = begin;
    if (kd_place_before(end, nearest)) nearest = end;
  }
  return nearest;
}

/* sum_j S_j k_j(x) over a window, from its moments m. Pieces have the ends of the window
 * further out than x, as windows have ends of the pieces: left and right change places. */
static double value_at(const struct kd_sweep *s, size_t p, struct kd_moments m,
                       struct kd_dd x) {
  const struct kd_window *window = &s->window[p];
  struct kd_dd begin = kd_sweep_begin(s, p, window->end - 1);
  struct kd_dd end = kd_sweep_end(s, p, window->first);
  double to_left = m.to_left;
  m.to_left = m.to_right, m.to_right = to_left;
  return s->family->piece[p].moment(&m, kd_sweep_distance(s, x, end),
                                    kd_sweep_distance(s, begin, x));
}

static struct kd_segment stretch_between(const struct kd_sweep *s, struct kd_dd a,
                                         struct kd_dd b) {
  struct kd_moments sum[KD_PIECES];
  struct kd_segment t = {.length = kd_sweep_distance(s, a, b)};
  size_t n_pieces = s->family->n_pieces;
  for (size_t p = 0; p < n_pieces; p++) {
    sum[p] = kd_window_total(&s->window[p]);
    if (sum[p].mass > 0 && (!(t.mass > 0) || sum[p].e > t.e)) t.e = sum[p].e;
    t.mass += sum[p].mass;
  }
  t.mass = 0;
  for (size_t p = 0; p < n_pieces; p++) {
    if (!(sum[p].mass > 0)) continue;
    struct kd_moments m = kd_moments_at(sum[p], t.e);
    t.at_left += value_at(s, p, m, a);
    t.at_right += value_at(s, p, m, b);
    t.mass += m.mass, t.slack += m.slack;
  }
  return t;
}

/* What wrong positions do where a stretch begins; ends of supports there are those passed
 * last, at the left edge of T those that are as near as positions may be wrong. */
static void blur_events(struct kd_sweep *s, struct kd_dd x, struct kd_boundary at) {
  size_t last = s->family->n_pieces - 1, first = s->was_first, end = s->was_end;
  size_t new_first = last_window(s)->first, new_end = s->window[0].end;
  if (!at.left) { /* from there leftwards */
    first = new_first, end = new_end;
    while (first > 0 &&
           kd_sweep_distance(s, kd_sweep_end(s, last, first - 1), x) <= s->blur.reach)
      first--;
    while (end > 0 && kd_sweep_distance(s, kd_sweep_begin(s, 0, end - 1), x) <= s->blur.reach)
      end--;
  }
  at.n_events = (new_first - first) + (new_end - end);
  at.covered = new_first < end;
  for (size_t k = first; k < new_first; k++) kd_blur_event(&s->blur, &at, s->sites, k, false);
  for (size_t k = end; k < new_end; k++) kd_blur_event(&s->blur, &at, s->sites, k, true);
}

static void blur_left_edge(struct kd_sweep *s, struct kd_dd x, const struct kd_segment *t) {
  if (!(t->mass > 0)) return;
  struct kd_dd begin = kd_sweep_begin(s, 0, last_window(s)->first);
  bool covered = kd_sweep_distance(s, begin, x) > s->blur.reach && t->length > s->blur.reach;
  kd_blur_edge(&s->blur, t, t->at_left, covered);
}

static void blur_right_edge(struct kd_sweep *s) {
  struct kd_dd x = {s->e->w, 0};
  size_t last = s->family->n_pieces - 1;
  if (s->last.mass > 0) {
    struct kd_dd end = kd_sweep_end(s, last, s->window[0].end - 1);
    bool covered =
        kd_sweep_distance(s, x, end) > s->blur.reach && s->last.length > s->blur.reach;
    kd_blur_edge(&s->blur, &s->last, s->last.at_right, covered);
  }
  struct kd_boundary at = {.left = &s->last};
  for (size_t k = last_window(s)->first; k < s->sites->n; k++) {
    if (kd_sweep_distance(s, x, kd_sweep_end(s, last, k)) > s->blur.reach) break;
    kd_blur_event(&s->blur, &at, s->sites, k, false);
  }
  for (size_t k = s->window[0].end; k < s->sites->n; k++) {
    if (kd_sweep_distance(s, x, kd_sweep_begin(s, 0, k)) > s->blur.reach) break;
    kd_blur_event(&s->blur, &at, s->sites, k, true);
  }
}

static void cross(struct kd_sweep *s, struct kd_dd a, struct kd_dd b) {
  bool at_edge = a.high == -s->e->w && a.low == 0;
  struct kd_segment t = stretch_between(s, a, b);
  struct kd_boundary at = {.right = &t};
  if (!at_edge) at.left = &s->last, at.over_left = s->last_over;
  double part = t.length / (2 * s->w);
  if (t.mass > 0 && t.length >= 0x1p-240) {
    struct kd_moments *over = at.over_right = &s->over[s->n++];
    double log_F = s->family->over(&t, s->rules, over);
    kd_sum_add(&s->log_F, part * log_F);
    kd_sum_add(&s->size_log_F, part * fabs(log_F));
    kd_sum_add(&s->covered, part);
    kd_blur_stretch(&s->blur, &t, over);
  } else if (!(t.mass > 0)) {
    s->whole = false;
    if (t.length > s->blur.tiny) kd_sum_add(&s->gaps, part);
    kd_blur_gap(&s->blur, t.length);
  }
  if (s->blur.reach > 0) blur_events(s, a, at);
  if (s->blur.reach > 0 && at_edge) blur_left_edge(s, a, &t);
  if (at.over_right) *at.over_right = kd_moments_scaled(*at.over_right);
  s->last = t, s->last_over = at.over_right;
}

void kd_sweep(struct kd_sweep *s) {
  struct kd_dd x = {-s->e->w, 0}, edge = {s->e->w, 0};
  start(s);
  while (kd_place_before(x, edge)) {
    pass(s, x);
    struct kd_dd y = next(s);
    cross(s, x, y);
    x = y;
  }
  if (s->blur.reach > 0) blur_right_edge(s);
  for (size_t p = 0; p < s->family->n_pieces; p++) {
    for (size_t k = s->window[p].first; k < s->sites->n; k++) s->to[p][k] = s->n;
    for (size_t k = s->window[p].end; k < s->sites->n; k++) s->from[p][k] = s->n;
  }
}
