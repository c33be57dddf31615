/* SPDX-License-Identifier: MIT
 *
 * See blur.h. F is what the sweep sees, F' the truth, k_j shifted by at most dy_j.
 *
 * Kernels without jumps: |k_j' - k_j| <= steep dy_j everywhere, so on a stretch, away from
 * the ends of supports next to it, |F' - F| <= E = steep sum_j S_j dy_j. Where F >= 16 E,
 *   |rho_i' - rho_i| <= 16/15 (S_i steep dy_i + rho_i E)/F, and also 32/15 E/F;
 *   |log F'/F| <= 16/15 E/F.
 * F is concave and so above its chord from c to c'. The mean of 1/F is at most 1/sqrt(c c'),
 * that of 1/F^2 1/(c c'); that of 1/F over the part where F >= m, c' >= m >= c, at most
 * 2/c' (1 + log(c'/m)). F < 16 E on a share of at most 16 E/c'. A point whose support ends
 * at the stretch adds at most steep S_k dy_k to F' over a length dy_k, where F is at least
 * half its value at the end, if the stretch is longer than 2 dy_k.
 *
 * Kernels that jump: the sets that cover a place differ only between y_k +- h and where
 * that truly is. Where k alone is in doubt, with f the sum without it, rho_i changes
 * by rho_i S_k/(f + S_k), rho_k by S_k/(f + S_k), log F by log(1 + S_k/f).
 *
 * Else rho_i changes by at most 1, and log F and log F' are between 0 and
 * -(depth + log(h/distance to the end of the support of the nearest point)): over a length d
 * and the cells of n points that is at most d (depth + 1 + log(2 h n/d)).
 */
#include "blur.h"
#include "core/vmath/vmath.h"

#include <math.h>

/* Of T, twice: F and F' */
static double loss_over(const struct kd_blur *b, double d) {
  if (!(d > 0)) return 0;
  return d / b->w * (b->depth + 1 + kd_log(fmax(1, 2 * b->h * (double)b->n / d)));
}

/* Whether any of a site's support may be in T */
static bool counts(const struct kd_blur *b, const struct kd_sites *s, size_t k, double dw) {
  return fabs(s->y[k]) * s->unit - b->h - b->w <= 2 * (s->dy[k] + dw) + b->tiny;
}

void kd_blur_start(struct kd_blur *b, const struct kd_estimate *e, const struct kd_sites *s) {
  double dw = e->dw * s->unit;
  b->w = e->w * s->unit, b->n = e->n, b->depth = 0, b->reach = 0;
  b->own = 0, b->undecided = b->gap = false;
  b->tiny = 4 * 0x1p-52 * fmax(b->w, b->h);
  for (size_t j = 0; j < e->n; j++)
    if (isfinite(e->log_S[j])) b->depth = fmax(b->depth, fabs(e->log_S[j]));
  for (size_t k = 0; k < s->n; k++)
    if (counts(b, s, k, dw)) b->reach = fmax(b->reach, s->dy[k]);
  b->reach += dw;
  b->gradient = 3 * dw / b->w, b->loss = 2 * loss_over(b, dw);
}

static void doubt(struct kd_blur *b) {
  if (2 * b->reach > b->tiny) b->undecided = true;
}

/* rho may be anything over a length d. */
static void lose(struct kd_blur *b, double d) {
  b->gradient += d / (2 * b->w);
  b->loss += loss_over(b, d);
}

void kd_blur_stretch(struct kd_blur *b, const struct kd_segment *t, struct kd_moments *over) {
  double E = b->steep * t->slack, l = t->length, part = l / (2 * b->w);
  double least = fmin(t->at_left, t->at_right), most = fmax(t->at_left, t->at_right);
  if (!(E > 0)) return;
  if (least < 16 * E) {
    doubt(b);
    lose(b, l * fmin(1, 16 * E / most));
    if (most <= 16 * E) return;
  }
  double least_seen = fmax(least, 16 * E), middle = sqrt(least_seen) * sqrt(most);
  double mean = fmin(E / middle, 2 * (E / most) * (1 + kd_log(most / least_seen)));
  double steepest = b->steep * b->reach / middle;
  b->loss += 16.0 / 15 * part * mean;
  if (least >= 16 * E) {
    over->slack += 16.0 / 15 * l * (steepest + b->peak / least * (E / most));
    over->loose += 32.0 / 15 * part * mean;
  } else {
    b->gradient += 32.0 / 15 * part * mean;
  }
}

void kd_blur_gap(struct kd_blur *b, double length) {
  bool gap = length > b->tiny;
  if (!gap) lose(b, length);
  if (length - 2 * b->reach > b->tiny)
    b->gap = true;
  else if (gap || length + 2 * b->reach > b->tiny)
    doubt(b);
}

/* The point adds to F outside its support. */
static void reach_out(struct kd_blur *b, const struct kd_boundary *at,
                      const struct kd_moments *S, double dy, bool begins) {
  const struct kd_segment *outside = begins ? at->left : at->right;
  if (!outside) return;
  double F = begins ? outside->at_right : outside->at_left;
  double more = b->steep * kd_plain(S->slack, S->e - outside->e);
  if (outside->length >= 2 * dy && F > 0 && F >= 8 * more) {
    double change = 16.0 / 3 * (more / F) * (dy / (2 * b->w));
    b->gradient += change, b->loss += change;
  } else {
    lose(b, dy);
  }
}

/* The sum without the point and with it, in units of 2^e; false if other ends are near */
static bool alone(const struct kd_blur *b, const struct kd_boundary *at, double f[2], int *e) {
  const struct kd_segment *left = at->left, *right = at->right;
  if (at->n_events != 1 || !left || !right || !(left->mass > 0 && right->mass > 0))
    return false;
  if (left->length < 2 * b->reach || right->length < 2 * b->reach) return false;
  *e = left->e > right->e ? left->e : right->e;
  double there = kd_plain(left->mass, left->e - *e),
         here = kd_plain(right->mass, right->e - *e);
  f[0] = fmin(there, here), f[1] = fmax(there, here);
  return f[0] > 0;
}

static void jump(struct kd_blur *b, const struct kd_boundary *at, const struct kd_moments *S,
                 double dy, bool begins) {
  double f[2];
  int e;
  if (!alone(b, at, f, &e)) {
    bool near = !at->left || !at->right || at->left->length < 2 * b->reach ||
                at->right->length < 2 * b->reach;
    if (near || !at->covered) doubt(b);
    lose(b, dy);
    return;
  }
  double weight = kd_plain(S->mass, S->e - e), share = fmin(1, weight / f[1]);
  double change = share * (dy / (2 * b->w));
  struct kd_moments *outside = begins ? at->over_left : at->over_right;
  if (outside) {
    outside->slack += kd_plain(dy * (share / f[0]), -e - outside->e);
    outside->loose += change;
  }
  b->own = fmax(b->own, change);
  b->loss += dy / (2 * b->w) * kd_log1p(weight / f[0]);
}

void kd_blur_event(struct kd_blur *b, const struct kd_boundary *at, const struct kd_sites *s,
                   size_t site, bool begins) {
  if (!(s->dy[site] > 0)) return;
  if (b->steep > 0)
    reach_out(b, at, &s->weight[site], s->dy[site], begins);
  else
    jump(b, at, &s->weight[site], s->dy[site], begins);
}

void kd_blur_edge(struct kd_blur *b, const struct kd_segment *t, double F, bool covered) {
  if (b->steep > 0 ? F < 4 * b->steep * t->mass * b->reach : !covered) doubt(b);
}
