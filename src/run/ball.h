/* SPDX-License-Identifier: MIT
 *
 * The inside of the oracle (certify.h): a problem in ball arithmetic. The only file
 * that includes the headers of FLINT/Arb; all of it is empty without the library.
 */
#ifndef KD_BALL_H
#define KD_BALL_H

#ifdef KD_ARB

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certify.h"
#include "core/problem.h"

/* FLINT 3 holds Arb and keeps its headers in a folder; before, Arb stood alone. */
#if __has_include(<flint/acb_calc.h>)
#include <flint/acb_calc.h>
#include <flint/acb_hypgeom.h>
#include <flint/arb_hypgeom.h>
#else
#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <arb_hypgeom.h>
#endif

/* gcc 12 takes a pointer to an acb_t for one to its first member. */
#if defined __GNUC__ && !defined __clang__
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif

/* --- places (ball_place.c) --- */

/* p + q pi, exactly; two places are equal iff both numbers are */
struct kd_place {
  arf_t p, q;
};

void kd_place_init(struct kd_place *a);
void kd_place_clear(struct kd_place *a);
void kd_place_set(struct kd_place *a, const struct kd_place *b);
void kd_place_set_d(struct kd_place *a, double p);
void kd_place_add(struct kd_place *a, const struct kd_place *b, double k); /* a += k b */
void kd_place_add_pi(struct kd_place *a, double k);                        /* a += k pi */
void kd_place_scale(struct kd_place *a, double k);                         /* a *= k */
void kd_place_ball(arb_t out, const struct kd_place *a, slong prec);
int kd_place_sign(const struct kd_place *a);
int kd_place_cmp(const struct kd_place *a, const struct kd_place *b, double k); /* a - k b */

/* a modulo 2 pi scale, into [-pi scale, pi scale) */
void kd_place_reduce(struct kd_place *a, double scale);

/* NULL when memory is short */
struct kd_place *kd_places_create(size_t n);
void kd_places_free(struct kd_place *list, size_t n);

/* --- one problem at one precision (ball_scene.c) --- */

struct kd_ball_kernel;

/* A point as seen from an origin v0, a place of T. Over a piece of T on one side of
 * it, with v = v0 + tau: r = v - x_j = b + tau has the sign `side`, and the distance
 * to the end of a support is end - side tau. */
struct kd_spot {
  arb_t b, end;
  int side;
  bool inside; /* the support covers the piece */
};

struct kd_scene {
  const struct kd_problem *problem;
  const struct kd_ball_kernel *kernel;
  bool circle;
  size_t n;
  slong goal, prec;             /* bits wanted, bits to work with */
  struct kd_place *y, w, reach; /* points less c (n), half-width of T, support (h) */
  arb_t h, shape, width;        /* width of T */
  arb_t rate[2];                /* of a linear log K: left, right */
  arb_t log_norm;               /* of log K, see ball_kernel.c */
  bool whole;                   /* the shape is an integer */
  arb_ptr S;                    /* weights, n */
  double *log_S;                /* n, roughly and but for a constant */
  struct kd_spot *spot;         /* n, as seen now */
  acb_srcptr log_tau;           /* log |tau| of the next call, where it is known; else NULL */
  struct kd_terms *cache;       /* of ball_terms.c */
  size_t n_cached;
  uint16_t *slot;
};

int kd_scene_init(struct kd_scene *scene, const struct kd_problem *problem, struct kd_err *err);
void kd_scene_clear(struct kd_scene *scene);
void kd_scene_sharpen(struct kd_scene *scene, slong goal); /* sets the precision */

/* Moves all points by the problem's shift; false if there is no such shift. */
bool kd_scene_shift(struct kd_scene *scene);

/* --- kernels (ball_kernel.c) --- */

/* NULL if there is none of that name */
const struct kd_ball_kernel *kd_ball_kernel_find(const char *name);
bool kd_ball_kernel_circle_only(const struct kd_ball_kernel *kernel);
bool kd_ball_kernel_compact(const struct kd_ball_kernel *kernel);
int kd_ball_kernel_zeros(const struct kd_ball_kernel *kernel); /* of K at its end */

/* Fills rate and log_norm. */
void kd_ball_kernel_prepare(struct kd_scene *scene);
/* K_j is not analytic at x_j; or has a branch point there */
bool kd_ball_kernel_kink(const struct kd_scene *scene);
bool kd_ball_kernel_branch(const struct kd_scene *scene);

/* "none" where the index of a point is expected */
static const size_t KD_NO_POINT = SIZE_MAX;

/* For kernels that are not compact; NaN if `analytic` is asked and it is not so on
 * tau. log K_j - log_norm: */
void kd_ball_log_k(acb_t out, const struct kd_scene *scene, const acb_t tau, size_t j,
                   int analytic);
/* K_j/K_ref of all points, and log K_ref - log_norm */
void kd_ball_ratios(acb_ptr out, acb_t log_ref, const struct kd_scene *scene, const acb_t tau,
                    size_t ref, int analytic);
/* For compact ones k as q^zeros rest, q = 1 - u: both */
void kd_ball_q(acb_t out, const struct kd_scene *scene, const acb_t tau, size_t j);
void kd_ball_rest(acb_t out, const struct kd_scene *scene, const acb_t q);

/* --- f and rho at a place (ball_terms.c) --- */

struct kd_terms;

/* A scene's cache of terms, to be forgotten when its spots change, and how many places
 * it has room for */
int kd_terms_create(struct kd_scene *scene, struct kd_err *err);
size_t kd_terms_room(const struct kd_scene *scene);
void kd_terms_forget(struct kd_scene *scene);
void kd_terms_clear(struct kd_scene *scene);

/* Good until the next call; NaN if `analytic` is asked and it is not so on tau. */
const struct kd_terms *kd_terms_at(struct kd_scene *scene, const acb_t tau, int analytic);
void kd_terms_log_f(acb_t out, const struct kd_scene *scene, const struct kd_terms *terms);
void kd_terms_rho(acb_t out, const struct kd_scene *scene, const struct kd_terms *terms,
                  size_t i);

/* --- the points as seen from a place (ball_view.c) --- */

/* Fill the spots; whether any point covers: the piece [a, b], seen from `origin` (places
 * times M), or the node k w/M, seen from there. */
bool kd_view_piece(struct kd_scene *scene, const struct kd_place *a, const struct kd_place *b,
                   const struct kd_place *origin, double M);
bool kd_view_node(struct kd_scene *scene, double k, double M);

/* One of the points that cover, if all of them stand at one position */
size_t kd_view_lone(const struct kd_scene *scene);

/* --- cuts (ball_cut.c) --- */

/* Places times M, rising, some twice: both edges of T among them */
struct kd_cuts {
  double M;
  size_t n, capacity;
  struct kd_place *at;
};

/* At the edges of equal panels, at the ends of supports, at points, at antipodes */
int kd_cuts_create(struct kd_cuts *cuts, const struct kd_scene *scene, size_t panels,
                   bool point, bool antipode, struct kd_err *err);
void kd_cuts_clear(struct kd_cuts *cuts);

/* --- integrals and sums (ball_mean.c, ball_integral.c, ball_rule.c) --- */

/* Means over T, or weighted over the nodes of a rule, where f > 0 */
struct kd_means {
  bool covered; /* f > 0 but for single places, or at all nodes */
  arb_t log_f, share;
  arb_ptr rho; /* n */
};

enum kd_mean_kind { KD_MEAN_UNKNOWN, KD_MEAN_INTEGRAL, KD_MEAN_PANELS, KD_MEAN_BINNED };
enum kd_mean_kind kd_mean_kind(const struct kd_problem *problem);

void kd_means_init(struct kd_means *means, size_t n);
void kd_means_clear(struct kd_means *means, size_t n);
int kd_means(struct kd_scene *scene, struct kd_means *means, struct kd_err *err);

/* One of them each, into means that are 0 */
int kd_mean_integrals(struct kd_scene *scene, struct kd_means *means, struct kd_err *err);
int kd_mean_panels(struct kd_scene *scene, struct kd_means *means, struct kd_err *err);
void kd_mean_bins(struct kd_scene *scene, struct kd_means *means);

/* --- decimals (ball_decimal.c) --- */

/* The radius is at most half a unit of 10^-digits max(1, |x|). */
bool kd_ball_narrow(const arb_t x, int digits);
struct kd_enclosure kd_ball_enclosure(const arb_t x, int digits);
struct kd_enclosure kd_ball_missing(const char *text);

#endif
#endif
