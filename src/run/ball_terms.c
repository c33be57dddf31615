/* SPDX-License-Identifier: MIT
 *
 * f and rho at one place, of all points at once. With K_0 about the largest S K,
 * chosen anew at each place (which changes no value),
 *
 *   log f = log K_0 + log sum,   rho_i = S_i (K_i/K_0)/sum,   sum of S_j K_j/K_0
 *
 * are analytic wherever the sum stays off (-inf, 0]. Places are boxes of the complex
 * plane, or of the real line, where more is known: f > 0 and 0 <= rho <= 1.
 */
#include "ball.h"

#ifdef KD_ARB

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_MOST = 16384, TERMS_MOST = 1 << 18 };

struct kd_terms {
  acb_t tau, key; /* key: the variable of integration, tau or its logarithm */
  int analytic;
  acb_ptr term;       /* n: S_j K_j/K_0 */
  acb_t sum, inverse; /* of the terms */
  acb_t log_k;        /* log K_0 */
};

static void entry_init(struct kd_terms *t, size_t n) {
  acb_init(t->tau), acb_init(t->key), acb_init(t->sum), acb_init(t->inverse),
      acb_init(t->log_k);
  t->term = _acb_vec_init((slong)n);
}

static void entry_clear(struct kd_terms *t, size_t n) {
  acb_clear(t->tau), acb_clear(t->key), acb_clear(t->sum), acb_clear(t->inverse),
      acb_clear(t->log_k);
  _acb_vec_clear(t->term, (slong)n);
}

/* log S_j K_j but for a constant of all points, at one place */
static void weighted_log_k(arb_t out, const struct kd_scene *s, const acb_t place, size_t j) {
  acb_t log_k;
  arb_t log_S;
  acb_init(log_k), arb_init(log_S);
  kd_ball_log_k(log_k, s, place, j, 0);
  arb_set_d(log_S, s->log_S[j]);
  arb_add(out, acb_realref(log_k), log_S, s->prec);
  acb_clear(log_k), arb_clear(log_S);
}

/* The point with about the largest S K at the middle of tau. Few bits do, unless log K is
 * so large that they tell nothing. */
static size_t strongest(const struct kd_scene *s, const acb_t tau) {
  const double large = 1e9;
  struct kd_scene coarse = *s;
  acb_t middle;
  arb_t size, most;
  size_t best = 0;
  if (s->n == 1) return 0;
  coarse.prec = 53, coarse.log_tau = NULL;
  acb_init(middle), arb_init(size), arb_init(most);
  arb_set_arf(acb_realref(middle), arb_midref(acb_realref(tau)));
  for (size_t j = 0; j < s->n; j++) {
    weighted_log_k(size, &coarse, middle, j);
    if (j == 0 && arf_cmpabs_d(arb_midref(size), large) > 0) {
      coarse.prec = s->prec;
      weighted_log_k(size, &coarse, middle, j);
    }
    if (j > 0 && arf_cmp(arb_midref(size), arb_midref(most)) <= 0) continue;
    arb_set(most, size);
    best = j;
  }
  acb_clear(middle), arb_clear(size), arb_clear(most);
  return best;
}

static void smooth_terms(const struct kd_scene *s, struct kd_terms *t) {
  kd_ball_ratios(t->term, t->log_k, s, t->tau, strongest(s, t->tau), t->analytic);
  for (size_t j = 0; j < s->n; j++) acb_mul_arb(&t->term[j], &t->term[j], &s->S[j], s->prec);
  acb_add_arb(t->log_k, t->log_k, s->log_norm, s->prec);
}

/* S_j k_j e^log_norm but for the last factor */
static void compact_term(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j) {
  acb_t q;
  if (!s->spot[j].inside) {
    acb_zero(out);
    return;
  }
  acb_init(q);
  kd_ball_q(q, s, tau, j);
  kd_ball_rest(out, s, q);
  acb_pow_ui(q, q, (ulong)kd_ball_kernel_zeros(s->kernel), s->prec);
  acb_mul(out, out, q, s->prec);
  acb_mul_arb(out, out, &s->S[j], s->prec);
  acb_clear(q);
}

/* Even kernels may be seen from either side: the nearer one loses least. */
static void choose_sides(const struct kd_scene *s, const acb_t tau) {
  arf_t r;
  arf_init(r);
  for (size_t j = 0; j < s->n; j++) {
    arf_add(r, arb_midref(s->spot[j].b), arb_midref(acb_realref(tau)), 53, ARF_RND_DOWN);
    s->spot[j].side = arf_sgn(r) < 0 ? -1 : 1;
  }
  arf_clear(r);
}

static void fill_terms(const struct kd_scene *s, struct kd_terms *t) {
  if (!kd_ball_kernel_kink(s)) choose_sides(s, t->tau);
  if (kd_ball_kernel_compact(s->kernel)) {
    for (size_t j = 0; j < s->n; j++) compact_term(&t->term[j], s, t->tau, j);
    acb_set_arb(t->log_k, s->log_norm);
  } else {
    smooth_terms(s, t);
  }
  acb_zero(t->sum);
  for (size_t j = 0; j < s->n; j++) acb_add(t->sum, t->sum, &t->term[j], s->prec);
  acb_inv(t->inverse, t->sum, s->prec);
}

/* --- the n + 1 integrals of a piece ask at nearly the same places: terms are kept
 *     until the next piece --- */

static uint64_t mixed(uint64_t mix, double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (mix ^ bits ^ mix >> 29) * 0x9E3779B97F4A7C15u;
}

static size_t hash(acb_srcptr tau, int analytic) {
  uint64_t mix = mixed(0, analytic);
  mix = mixed(mix, arf_get_d(arb_midref(acb_realref(tau)), ARF_RND_DOWN));
  mix = mixed(mix, arf_get_d(arb_midref(acb_imagref(tau)), ARF_RND_DOWN));
  mix = mixed(mix, mag_get_d(arb_radref(acb_realref(tau))));
  return (size_t)(mix >> 40);
}

size_t kd_terms_room(const struct kd_scene *s) {
  size_t room = TERMS_MOST / s->n;
  return room < CACHE_MOST ? room : CACHE_MOST;
}

static size_t n_slots(const struct kd_scene *s) {
  return 4 * kd_terms_room(s);
}

int kd_terms_create(struct kd_scene *s, struct kd_err *err) {
  if (s->cache) return KD_OK;
  s->cache = calloc(kd_terms_room(s), sizeof *s->cache);
  s->slot = calloc(n_slots(s), sizeof *s->slot); /* entry + 1; 0 = none */
  return s->cache && s->slot ? KD_OK : kd_no_memory(err);
}

void kd_terms_clear(struct kd_scene *s) {
  for (size_t k = 0; s->cache && k < kd_terms_room(s); k++)
    if (s->cache[k].term) entry_clear(&s->cache[k], s->n);
  free(s->cache), free(s->slot);
  s->cache = NULL, s->slot = NULL;
}

void kd_terms_forget(struct kd_scene *s) {
  s->n_cached = 0;
  memset(s->slot, 0, n_slots(s) * sizeof *s->slot);
}

const struct kd_terms *kd_terms_at(struct kd_scene *s, const acb_t tau, int analytic) {
  acb_srcptr key = s->log_tau ? s->log_tau : tau;
  if (s->n_cached == kd_terms_room(s)) kd_terms_forget(s);
  size_t k = hash(key, analytic) % n_slots(s);
  for (; s->slot[k]; k = (k + 1) % n_slots(s)) {
    const struct kd_terms *found = &s->cache[s->slot[k] - 1];
    if (found->analytic == analytic && acb_equal(found->key, key)) return found;
  }
  struct kd_terms *t = &s->cache[s->n_cached++];
  s->slot[k] = (uint16_t)s->n_cached;
  if (!t->term) entry_init(t, s->n);
  acb_set(t->key, key);
  acb_set(t->tau, tau);
  t->analytic = analytic;
  fill_terms(s, t);
  return t;
}

/* --- log f and rho from the terms --- */

/* sum_j S_j k_j at one end of a stretch tau of real places, each k_j no less than 0
 * and monotone over it: sum of the smaller ones into low, of the larger into high */
static void compact_bounds(arb_t low, arb_t high, const struct kd_scene *s, const acb_t tau) {
  acb_t end[2], term[2];
  arb_t t;
  arb_zero(low), arb_zero(high), arb_init(t);
  for (int k = 0; k < 2; k++) acb_init(end[k]), acb_init(term[k]);
  arb_get_lbound_arf(arb_midref(acb_realref(end[0])), acb_realref(tau), s->prec);
  arb_get_ubound_arf(arb_midref(acb_realref(end[1])), acb_realref(tau), s->prec);
  for (size_t j = 0; j < s->n; j++) {
    for (int k = 0; k < 2; k++) {
      compact_term(term[k], s, end[k], j);
      if (arb_is_negative(acb_realref(term[k]))) acb_zero(term[k]);
    }
    arb_min(t, acb_realref(term[0]), acb_realref(term[1]), s->prec);
    arb_add(low, low, t, s->prec);
    arb_max(t, acb_realref(term[0]), acb_realref(term[1]), s->prec);
    arb_add(high, high, t, s->prec);
  }
  for (int k = 0; k < 2; k++) acb_clear(end[k]), acb_clear(term[k]);
  arb_clear(t);
}

static void compact_log_bounds(acb_t out, const struct kd_scene *s, const acb_t tau) {
  arb_t low, high;
  arb_init(low), arb_init(high);
  compact_bounds(low, high, s, tau);
  arb_log(low, low, s->prec), arb_log(high, high, s->prec);
  acb_zero(out);
  arb_union(acb_realref(out), low, high, s->prec);
  arb_clear(low), arb_clear(high);
}

/* Between the largest S_j K_j and n times that */
static void smooth_log_bounds(acb_t out, const struct kd_scene *s, const acb_t tau) {
  arb_t log_s, most;
  acb_t log_k;
  arb_init(log_s), arb_init(most), acb_init(log_k);
  for (size_t j = 0; j < s->n; j++) {
    kd_ball_log_k(log_k, s, tau, j, 0);
    arb_log(log_s, &s->S[j], s->prec);
    arb_add(log_s, log_s, acb_realref(log_k), s->prec);
    if (j == 0)
      arb_set(most, log_s);
    else
      arb_max(most, most, log_s, s->prec);
  }
  arb_log_ui(log_s, s->n, s->prec);
  arb_add(log_s, log_s, most, s->prec);
  acb_zero(out);
  arb_union(acb_realref(out), most, log_s, s->prec);
  acb_add_arb(out, out, s->log_norm, s->prec);
  arb_clear(log_s), arb_clear(most), acb_clear(log_k);
}

void kd_terms_log_f(acb_t out, const struct kd_scene *s, const struct kd_terms *t) {
  acb_log_analytic(out, t->sum, t->analytic, s->prec);
  bool bounds = !acb_is_finite(out) && !t->analytic;
  if (bounds && !kd_ball_kernel_compact(s->kernel)) {
    smooth_log_bounds(out, s, t->tau);
    return;
  }
  if (bounds) compact_log_bounds(out, s, t->tau);
  acb_add(out, out, t->log_k, s->prec);
}

/* Between 0 and 1 on the real line, whatever the sum's ball looks like. */
void kd_terms_rho(acb_t out, const struct kd_scene *s, const struct kd_terms *t, size_t i) {
  acb_mul(out, &t->term[i], t->inverse, s->prec);
  if (t->analytic || acb_is_finite(out)) return;
  acb_zero(out);
  arb_unit_interval(acb_realref(out));
}

#endif
