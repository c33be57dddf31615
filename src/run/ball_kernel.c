/* SPDX-License-Identifier: MIT
 *
 * The kernels of the oracle, written again from their formulas (MATH.md's table):
 * one row each. With u = |r|/h,
 *
 *   log K = part + correction + log_norm     or, for compact ones,
 *   K     = q^zeros rest(q) e^log_norm,      q = 1 - u >= 0
 *
 * log_norm holds the normaliser, 1/h and, for a line kernel on the circle, the mass
 * of [-pi, pi]. Where it pays, a part is also given as a difference between two
 * points, formed so that the place cancels: a wide box of places is then a narrow
 * box of ratios, however far out the points are.
 */
#include "ball.h"

#ifdef KD_ARB

#include <math.h>
#include <string.h>

typedef void kernel_part(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                         int analytic);
/* part of j less part of ref */
typedef void kernel_pair(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                         size_t ref);
typedef void kernel_norm(arb_t out, const struct kd_scene *s);
typedef void kernel_mass(arb_t out, const struct kd_scene *s, const arb_t q);

struct kd_ball_kernel {
  const char *name;
  kernel_part *part;
  kernel_pair *difference;           /* without loss of digits; NULL: subtract */
  kernel_part *correction;           /* NULL: 0 */
  kernel_norm *log_norm;             /* NULL: 0; of k */
  kernel_mass *mass;                 /* integral of k over [-q, q]; NULL: lives on the circle */
  void (*rates)(struct kd_scene *s); /* NULL: 1; of a linear part */
  void (*rest)(acb_t out, const acb_t q, slong prec);
  int zeros;
  bool kink; /* cut at the points; compact ones are, for q is analytic on one side */
};

static void offset(acb_t r, const struct kd_scene *s, const acb_t tau, size_t j) {
  acb_add_arb(r, tau, s->spot[j].b, s->prec);
}

static void unit(acb_t u, const struct kd_scene *s, const acb_t tau, size_t j) {
  offset(u, s, tau, j);
  acb_div_arb(u, u, s->h, s->prec);
  if (s->spot[j].side < 0) acb_neg(u, u);
}

static void log_one_plus(acb_t x, int analytic, slong prec) {
  acb_add_ui(x, x, 1, prec);
  acb_log_analytic(x, x, analytic, prec);
}

/* -rate u */
static void linear_part(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                        int analytic) {
  (void)analytic;
  unit(out, s, tau, j);
  acb_mul_arb(out, out, s->rate[s->spot[j].side > 0], s->prec);
  acb_neg(out, out);
}

/* That of two points on one side does not depend on tau. */
static void linear_difference(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                              size_t ref) {
  const struct kd_spot *a = &s->spot[j], *b = &s->spot[ref];
  arb_t slope, constant, t;
  arb_init(slope), arb_init(constant), arb_init(t);
  arb_mul_si(slope, s->rate[a->side > 0], -a->side, s->prec);
  if (b->side == a->side) {
    arb_sub(constant, a->b, b->b, s->prec);
    arb_mul(constant, constant, slope, s->prec);
    arb_zero(slope);
  } else {
    arb_mul(constant, a->b, slope, s->prec);
    arb_mul_si(t, s->rate[b->side > 0], b->side, s->prec);
    arb_add(slope, slope, t, s->prec);
    arb_addmul(constant, t, b->b, s->prec);
  }
  acb_mul_arb(out, tau, slope, s->prec);
  acb_add_arb(out, out, constant, s->prec);
  acb_div_arb(out, out, s->h, s->prec);
  arb_clear(slope), arb_clear(constant), arb_clear(t);
}

/* half of (r_j - r_0) and of (r_j + r_0) */
static void half_pair(arb_t difference, acb_t sum, const struct kd_scene *s, const acb_t tau,
                      size_t j, size_t ref) {
  arb_t b;
  arb_init(b);
  arb_sub(difference, s->spot[j].b, s->spot[ref].b, s->prec);
  arb_mul_2exp_si(difference, difference, -1);
  arb_add(b, s->spot[j].b, s->spot[ref].b, s->prec);
  arb_mul_2exp_si(b, b, -1);
  acb_add_arb(sum, tau, b, s->prec);
  arb_clear(b);
}

/* x = -2 kappa x, kappa = 1/h^2 */
static void times_kappa(acb_t x, const struct kd_scene *s) {
  acb_div_arb(x, x, s->h, s->prec);
  acb_div_arb(x, x, s->h, s->prec);
  acb_mul_si(x, x, -2, s->prec);
}

/* -u^2/2 */
static void square_part(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                        int analytic) {
  (void)analytic;
  unit(out, s, tau, j);
  acb_mul(out, out, out, s->prec);
  acb_mul_2exp_si(out, out, -1);
  acb_neg(out, out);
}

static void square_difference(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                              size_t ref) {
  arb_t d;
  arb_init(d);
  half_pair(d, out, s, tau, j, ref);
  acb_mul_arb(out, out, d, s->prec);
  times_kappa(out, s);
  arb_clear(d);
}

/* kappa (cos r - 1) */
static void cosine_part(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                        int analytic) {
  (void)analytic;
  offset(out, s, tau, j);
  acb_mul_2exp_si(out, out, -1);
  acb_sin(out, out, s->prec);
  acb_mul(out, out, out, s->prec);
  times_kappa(out, s);
}

static void cosine_difference(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                              size_t ref) {
  arb_t d;
  arb_init(d);
  half_pair(d, out, s, tau, j, ref);
  acb_sin(out, out, s->prec);
  arb_sin(d, d, s->prec);
  acb_mul_arb(out, out, d, s->prec);
  times_kappa(out, s);
  arb_clear(d);
}

/* u^p for real u >= 0 of which the ball may reach a hair below 0 */
static void real_power(arb_t u, const arb_t p, slong prec) {
  arf_t low, high;
  arf_init(low), arf_init(high);
  arb_get_interval_arf(low, high, u, prec);
  if (arf_sgn(low) > 0) {
    arb_pow(u, u, p, prec);
  } else if (arf_sgn(high) <= 0) {
    arb_zero(u);
  } else {
    arb_set_arf(u, high);
    arb_pow(u, u, p, prec);
    arb_get_ubound_arf(high, u, prec);
    arf_zero(low);
    arb_set_interval_arf(u, low, high, prec);
  }
  arf_clear(low), arf_clear(high);
}

/* -u^p; where tau comes with its logarithm and starts at the point, from that */
static void power_part(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                       int analytic) {
  arb_t t;
  arb_init(t);
  unit(out, s, tau, j);
  if (s->whole) {
    acb_pow_ui(out, out, (ulong)s->problem->shape, s->prec);
  } else if (s->log_tau && arb_is_zero(s->spot[j].b)) {
    arb_log(t, s->h, s->prec);
    acb_sub_arb(out, s->log_tau, t, s->prec);
    acb_mul_arb(out, out, s->shape, s->prec);
    acb_exp(out, out, s->prec);
  } else if (!analytic && acb_is_real(out)) {
    real_power(acb_realref(out), s->shape, s->prec);
  } else {
    acb_log_analytic(out, out, analytic, s->prec);
    acb_mul_arb(out, out, s->shape, s->prec);
    acb_exp(out, out, s->prec);
  }
  acb_neg(out, out);
  arb_clear(t);
}

/* -(nu + 1)/2 log(1 + u^2/nu), with nu = 1 of the Cauchy kernel too */
static void student_part(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                         int analytic) {
  arb_t t;
  arb_init(t);
  unit(out, s, tau, j);
  acb_mul(out, out, out, s->prec);
  acb_div_arb(out, out, s->shape, s->prec);
  log_one_plus(out, analytic, s->prec);
  arb_add_ui(t, s->shape, 1, s->prec);
  arb_mul_2exp_si(t, t, -1);
  acb_mul_arb(out, out, t, s->prec);
  acb_neg(out, out);
  arb_clear(t);
}

/* -2 log(1 + e^-u) */
static void logistic_correction(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                                int analytic) {
  unit(out, s, tau, j);
  acb_neg(out, out);
  acb_exp(out, out, s->prec);
  log_one_plus(out, analytic, s->prec);
  acb_mul_si(out, out, -2, s->prec);
}

/* -log(1 + e^(-pi u)) */
static void sech_correction(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                            int analytic) {
  unit(out, s, tau, j);
  acb_mul_arb(out, out, s->rate[0], s->prec);
  acb_mul_si(out, out, -2, s->prec);
  acb_exp(out, out, s->prec);
  log_one_plus(out, analytic, s->prec);
  acb_neg(out, out);
}

/* log(1 + e^(-2 (pi - r)/h)) */
static void wrapped_correction(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                               int analytic) {
  arb_t t;
  arb_init(t);
  unit(out, s, tau, j);
  arb_const_pi(t, s->prec);
  arb_div(t, t, s->h, s->prec);
  acb_sub_arb(out, out, t, s->prec);
  acb_mul_2exp_si(out, out, 1);
  acb_exp(out, out, s->prec);
  log_one_plus(out, analytic, s->prec);
  arb_clear(t);
}

/* --- normalisers: log of the factor of the exponentials above --- */

/* pi/2 */
static void rates_sech(struct kd_scene *s) {
  arb_const_pi(s->rate[0], s->prec);
  arb_mul_2exp_si(s->rate[0], s->rate[0], -1);
  arb_set(s->rate[1], s->rate[0]);
}

static void rates_asymmetric(struct kd_scene *s) {
  arb_inv(s->rate[0], s->shape, s->prec);
  arb_set(s->rate[1], s->shape);
}

static void norm_laplace(arb_t out, const struct kd_scene *s) {
  arb_const_log2(out, s->prec);
  arb_neg(out, out);
}

/* -log(2 pi)/2 */
static void norm_gaussian(arb_t out, const struct kd_scene *s) {
  arb_const_pi(out, s->prec);
  arb_mul_2exp_si(out, out, 1);
  arb_log(out, out, s->prec);
  arb_mul_2exp_si(out, out, -1);
  arb_neg(out, out);
}

/* log p/(2 Gamma(1/p)) */
static void norm_exppow(arb_t out, const struct kd_scene *s) {
  arb_t t;
  arb_init(t);
  arb_inv(t, s->shape, s->prec);
  arb_lgamma(t, t, s->prec);
  arb_mul_2exp_si(out, s->shape, -1);
  arb_log(out, out, s->prec);
  arb_sub(out, out, t, s->prec);
  arb_clear(t);
}

static void norm_cauchy(arb_t out, const struct kd_scene *s) {
  arb_const_pi(out, s->prec);
  arb_log(out, out, s->prec);
  arb_neg(out, out);
}

/* log Gamma((nu+1)/2)/(sqrt(nu pi) Gamma(nu/2)) */
static void norm_student(arb_t out, const struct kd_scene *s) {
  arb_t t, half;
  arb_init(t), arb_init(half);
  arb_mul_2exp_si(half, s->shape, -1);
  arb_lgamma(t, half, s->prec);
  arb_set_d(out, 0.5);
  arb_add(out, out, half, s->prec);
  arb_lgamma(out, out, s->prec);
  arb_sub(out, out, t, s->prec);
  arb_const_pi(t, s->prec);
  arb_mul(t, t, s->shape, s->prec);
  arb_log(t, t, s->prec);
  arb_mul_2exp_si(t, t, -1);
  arb_sub(out, out, t, s->prec);
  arb_clear(t), arb_clear(half);
}

/* -log(kappa + 1/kappa) */
static void norm_asymmetric(arb_t out, const struct kd_scene *s) {
  arb_add(out, s->rate[0], s->rate[1], s->prec);
  arb_log(out, out, s->prec);
  arb_neg(out, out);
}

/* -log(2 (1 - e^(-2 pi/h))) */
static void norm_wrapped(arb_t out, const struct kd_scene *s) {
  arb_const_pi(out, s->prec);
  arb_mul_si(out, out, -2, s->prec);
  arb_div(out, out, s->h, s->prec);
  arb_expm1(out, out, s->prec);
  arb_mul_si(out, out, -2, s->prec);
  arb_log(out, out, s->prec);
  arb_neg(out, out);
}

/* -log(2 pi e^-kappa I0(kappa)/h) */
static void norm_von_mises(arb_t out, const struct kd_scene *s) {
  arb_t kappa, zero;
  arb_init(kappa), arb_init(zero);
  arb_mul(kappa, s->h, s->h, s->prec);
  arb_inv(kappa, kappa, s->prec);
  arb_hypgeom_bessel_i_scaled(out, zero, kappa, s->prec);
  arb_const_pi(zero, s->prec);
  arb_mul(out, out, zero, s->prec);
  arb_mul_2exp_si(out, out, 1);
  arb_div(out, out, s->h, s->prec);
  arb_log(out, out, s->prec);
  arb_neg(out, out);
  arb_clear(kappa), arb_clear(zero);
}

/* --- masses: the integral of k over [-q, q] --- */

static void mass_laplace(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_neg(out, q);
  arb_expm1(out, out, s->prec);
  arb_neg(out, out);
}

static void mass_gaussian(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_sqrt_ui(out, 2, s->prec);
  arb_div(out, q, out, s->prec);
  arb_hypgeom_erf(out, out, s->prec);
}

/* P(1/p, q^p) */
static void mass_exppow(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_t a;
  arb_init(a);
  arb_inv(a, s->shape, s->prec);
  arb_pow(out, q, s->shape, s->prec);
  arb_hypgeom_gamma_lower(out, a, out, 1, s->prec);
  arb_clear(a);
}

static void mass_cauchy(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_t pi;
  arb_init(pi);
  arb_const_pi(pi, s->prec);
  arb_atan(out, q, s->prec);
  arb_mul_2exp_si(out, out, 1);
  arb_div(out, out, pi, s->prec);
  arb_clear(pi);
}

/* 1 - I_x(nu/2, 1/2), x = nu/(nu + q^2) */
static void mass_student(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_t a, b, x;
  arb_init(a), arb_init(b), arb_init(x);
  arb_mul_2exp_si(a, s->shape, -1);
  arb_set_d(b, 0.5);
  arb_mul(x, q, q, s->prec);
  arb_add(x, x, s->shape, s->prec);
  arb_div(x, s->shape, x, s->prec);
  arb_hypgeom_beta_lower(out, a, b, x, 1, s->prec);
  arb_sub_ui(out, out, 1, s->prec);
  arb_neg(out, out);
  arb_clear(a), arb_clear(b), arb_clear(x);
}

static void mass_logistic(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_mul_2exp_si(out, q, -1);
  arb_tanh(out, out, s->prec);
}

/* 4/pi atan tanh(pi q/4) */
static void mass_sech(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_t pi;
  arb_init(pi);
  arb_const_pi(pi, s->prec);
  arb_mul(out, q, pi, s->prec);
  arb_mul_2exp_si(out, out, -2);
  arb_tanh(out, out, s->prec);
  arb_atan(out, out, s->prec);
  arb_mul_2exp_si(out, out, 2);
  arb_div(out, out, pi, s->prec);
  arb_clear(pi);
}

/* (rate_left (1 - e^(-q rate_right)) + rate_right (1 - e^(-q rate_left)))/sum */
static void mass_asymmetric(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_t t;
  arb_init(t);
  arb_zero(out);
  for (int side = 0; side < 2; side++) {
    arb_mul(t, q, s->rate[side], s->prec);
    arb_neg(t, t);
    arb_expm1(t, t, s->prec);
    arb_submul(out, t, s->rate[!side], s->prec);
  }
  arb_add(t, s->rate[0], s->rate[1], s->prec);
  arb_div(out, out, t, s->prec);
  arb_clear(t);
}

/* the sum of c[i] q^i, by denominator */
static void polynomial(arb_t out, const arb_t q, const slong *c, slong denominator,
                       slong prec) {
  arb_zero(out);
  for (int i = 10; i >= 0; i--) {
    arb_mul(out, out, q, prec);
    arb_add_si(out, out, c[i], prec);
  }
  arb_div_si(out, out, denominator, prec);
}

static void mass_uniform(arb_t out, const struct kd_scene *s, const arb_t q) {
  (void)s;
  arb_set(out, q);
}

static void mass_triangular(arb_t out, const struct kd_scene *s, const arb_t q) {
  static const slong c[11] = {0, 2, -1};
  polynomial(out, q, c, 1, s->prec);
}

static void mass_epanechnikov(arb_t out, const struct kd_scene *s, const arb_t q) {
  static const slong c[11] = {0, 3, 0, -1};
  polynomial(out, q, c, 2, s->prec);
}

static void mass_biweight(arb_t out, const struct kd_scene *s, const arb_t q) {
  static const slong c[11] = {0, 15, 0, -10, 0, 3};
  polynomial(out, q, c, 8, s->prec);
}

/* 140/81 (q - 3/4 q^4 + 3/7 q^7 - q^10/10) */
static void mass_tricube(arb_t out, const struct kd_scene *s, const arb_t q) {
  static const slong c[11] = {0, 140, 0, 0, -105, 0, 0, 60, 0, 0, -14};
  polynomial(out, q, c, 81, s->prec);
}

static void mass_cosine(arb_t out, const struct kd_scene *s, const arb_t q) {
  arb_mul_2exp_si(out, q, -1);
  arb_sin_pi(out, out, s->prec);
}

/* --- compact kernels: k(u)/q^zeros with q = 1 - u, analytic and positive up to the
 *     end of the support --- */

/* x = x^n numerator/denominator */
static void scaled_power(acb_t x, ulong n, slong numerator, slong denominator, slong prec) {
  acb_pow_ui(x, x, n, prec);
  acb_mul_si(x, x, numerator, prec);
  acb_div_si(x, x, denominator, prec);
}

static void rest_uniform(acb_t out, const acb_t q, slong prec) {
  (void)q, (void)prec;
  acb_set_d(out, 0.5);
}

static void rest_triangular(acb_t out, const acb_t q, slong prec) {
  (void)q, (void)prec;
  acb_one(out);
}

/* 1 - u^2 = q (2 - q) */
static void rest_epanechnikov(acb_t out, const acb_t q, slong prec) {
  acb_sub_ui(out, q, 2, prec);
  scaled_power(out, 1, -3, 4, prec);
}

static void rest_biweight(acb_t out, const acb_t q, slong prec) {
  acb_sub_ui(out, q, 2, prec);
  scaled_power(out, 2, 15, 16, prec);
}

/* 1 - u^3 = q (3 - 3 q + q^2) */
static void rest_tricube(acb_t out, const acb_t q, slong prec) {
  acb_t t;
  acb_init(t);
  acb_sub_ui(t, q, 3, prec);
  acb_mul(t, t, q, prec);
  acb_add_ui(out, t, 3, prec);
  scaled_power(out, 3, 70, 81, prec);
  acb_clear(t);
}

/* cos(pi u/2) = sin(pi q/2) */
static void rest_cosine(acb_t out, const acb_t q, slong prec) {
  arb_t factor;
  arb_init(factor);
  acb_mul_2exp_si(out, q, -1);
  acb_sinc_pi(out, out, prec);
  arb_const_pi(factor, prec);
  arb_mul(factor, factor, factor, prec);
  arb_mul_2exp_si(factor, factor, -3);
  acb_mul_arb(out, out, factor, prec);
  arb_clear(factor);
}

static const struct kd_ball_kernel rows[] = {
    {.name = "laplace",
     .part = linear_part,
     .difference = linear_difference,
     .log_norm = norm_laplace,
     .mass = mass_laplace,
     .kink = true},
    {.name = "gaussian",
     .part = square_part,
     .difference = square_difference,
     .log_norm = norm_gaussian,
     .mass = mass_gaussian},
    {.name = "exppow",
     .part = power_part,
     .log_norm = norm_exppow,
     .mass = mass_exppow,
     .kink = true},
    {.name = "cauchy", .part = student_part, .log_norm = norm_cauchy, .mass = mass_cauchy},
    {.name = "student-t", .part = student_part, .log_norm = norm_student, .mass = mass_student},
    {.name = "logistic",
     .part = linear_part,
     .difference = linear_difference,
     .correction = logistic_correction,
     .mass = mass_logistic},
    {.name = "sech",
     .part = linear_part,
     .difference = linear_difference,
     .rates = rates_sech,
     .correction = sech_correction,
     .mass = mass_sech},
    {.name = "asymmetric-laplace",
     .part = linear_part,
     .difference = linear_difference,
     .rates = rates_asymmetric,
     .log_norm = norm_asymmetric,
     .mass = mass_asymmetric,
     .kink = true},
    {.name = "wrapped-laplace",
     .part = linear_part,
     .difference = linear_difference,
     .correction = wrapped_correction,
     .log_norm = norm_wrapped,
     .kink = true},
    {.name = "von-mises",
     .part = cosine_part,
     .difference = cosine_difference,
     .log_norm = norm_von_mises},
    {.name = "uniform", .mass = mass_uniform, .rest = rest_uniform, .zeros = 0},
    {.name = "triangular",
     .mass = mass_triangular,
     .rest = rest_triangular,
     .zeros = 1,
     .kink = true},
    {.name = "epanechnikov",
     .mass = mass_epanechnikov,
     .rest = rest_epanechnikov,
     .zeros = 1,
     .kink = true},
    {.name = "biweight",
     .mass = mass_biweight,
     .rest = rest_biweight,
     .zeros = 2,
     .kink = true},
    {.name = "tricube", .mass = mass_tricube, .rest = rest_tricube, .zeros = 3, .kink = true},
    {.name = "cosine", .mass = mass_cosine, .rest = rest_cosine, .zeros = 1, .kink = true},
};

const struct kd_ball_kernel *kd_ball_kernel_find(const char *name) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(rows[i].name, name) == 0) return &rows[i];
  return NULL;
}

bool kd_ball_kernel_circle_only(const struct kd_ball_kernel *kernel) {
  return !kernel->mass;
}

bool kd_ball_kernel_compact(const struct kd_ball_kernel *kernel) {
  return kernel->rest;
}

int kd_ball_kernel_zeros(const struct kd_ball_kernel *kernel) {
  return kernel->zeros;
}

bool kd_ball_kernel_branch(const struct kd_scene *s) {
  return s->kernel->part == power_part && !s->whole;
}

/* |r|^p is analytic for even p. */
bool kd_ball_kernel_kink(const struct kd_scene *s) {
  bool even = s->kernel->part == power_part && fmod(s->problem->shape, 2) == 0;
  return s->kernel->kink && !even;
}

/* The whole support is in [-pi, pi]. */
static bool fits_circle(const struct kd_scene *s) {
  struct kd_place beyond;
  kd_place_init(&beyond);
  kd_place_set(&beyond, &s->reach);
  kd_place_add_pi(&beyond, -1);
  bool fits = s->kernel->rest && kd_place_sign(&beyond) < 0;
  kd_place_clear(&beyond);
  return fits;
}

void kd_ball_kernel_prepare(struct kd_scene *s) {
  arb_t t, mass;
  arb_init(t), arb_init(mass);
  arb_one(s->rate[0]), arb_one(s->rate[1]);
  if (s->kernel->rates) s->kernel->rates(s);
  arb_zero(s->log_norm);
  if (s->kernel->log_norm) s->kernel->log_norm(s->log_norm, s);
  arb_log(t, s->h, s->prec);
  arb_sub(s->log_norm, s->log_norm, t, s->prec);
  arb_const_pi(t, s->prec);
  arb_div(t, t, s->h, s->prec);
  if (s->circle && s->kernel->mass && !fits_circle(s)) {
    s->kernel->mass(mass, s, t);
    arb_log(mass, mass, s->prec);
    arb_sub(s->log_norm, s->log_norm, mass, s->prec);
  }
  arb_clear(t), arb_clear(mass);
}

static void correction(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                       int analytic) {
  acb_zero(out);
  if (s->kernel->correction) s->kernel->correction(out, s, tau, j, analytic);
}

void kd_ball_log_k(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                   int analytic) {
  acb_t t;
  acb_init(t);
  correction(t, s, tau, j, analytic);
  s->kernel->part(out, s, tau, j, analytic);
  acb_add(out, out, t, s->prec);
  acb_clear(t);
}

static void difference(acb_t out, const struct kd_scene *s, const acb_t tau, size_t j,
                       size_t ref, const acb_t part, int analytic) {
  if (s->kernel->difference) {
    s->kernel->difference(out, s, tau, j, ref);
  } else {
    s->kernel->part(out, s, tau, j, analytic);
    acb_sub(out, out, part, s->prec);
  }
}

void kd_ball_ratios(acb_ptr out, acb_t log_ref, const struct kd_scene *s, const acb_t tau,
                    size_t ref, int analytic) {
  acb_t part, change, t;
  acb_init(part), acb_init(change), acb_init(t);
  s->kernel->part(part, s, tau, ref, analytic);
  correction(change, s, tau, ref, analytic);
  acb_add(log_ref, part, change, s->prec);
  for (size_t j = 0; j < s->n; j++) {
    if (j == ref) {
      acb_one(&out[j]);
    } else {
      difference(&out[j], s, tau, j, ref, part, analytic);
      correction(t, s, tau, j, analytic);
      acb_add(&out[j], &out[j], t, s->prec);
      acb_sub(&out[j], &out[j], change, s->prec);
      acb_exp(&out[j], &out[j], s->prec);
    }
  }
  acb_clear(part), acb_clear(change), acb_clear(t);
}

void kd_ball_q(acb_t q, const struct kd_scene *s, const acb_t tau, size_t j) {
  acb_mul_si(q, tau, -s->spot[j].side, s->prec);
  acb_add_arb(q, q, s->spot[j].end, s->prec);
  acb_div_arb(q, q, s->h, s->prec);
}

void kd_ball_rest(acb_t out, const struct kd_scene *s, const acb_t q) {
  s->kernel->rest(out, q, s->prec);
}

#endif
