/* SPDX-License-Identifier: MIT
 *
 * The kernels. In each group u = |r|/h, u0 = |r0|/h, g = gap/h = u - u0 >= 0,
 * and log_ratio is rearranged so that no two large terms are subtracted:
 *   squares      u^2 - u0^2 = g (u + u0)
 *   1 + u^2/nu   (nu + u^2)/(nu + u0^2) = 1 + g (u + u0)/(nu + u0^2)
 *   u^p          u^p - u0^p = -u^p expm1(-p log1p(g/u0))
 *   log cosh     cosh(b+d)/cosh(b) = 1 + 2 sinh^2(d/2) + tanh(b) sinh(d)
 *   1 - u^2      (1 - u^2)/(1 - u0^2) = 1 - g (u + u0)/((1 - u0)(1 + u0))
 */
#include "kernel.h"

#include <math.h>
#include <string.h>

#include "circle.h"
#include "exact.h"
#include "num.h"

static const double LOG_2 = 0.69314718055994530942;
static const double LOG_PI = 1.14472988584940017414;
static const double HALF_LOG_2PI = 0.91893853320467274178;
static const double HALF_PI = 1.57079632679489661923;

#define UNUSED(argument) ((void)(argument))

static double anything(double near, double far, double h, double shape) {
  UNUSED(near), UNUSED(far), UNUSED(h), UNUSED(shape);
  return INFINITY;
}

/* Singularities of log K at a complex distance h from the point. */
static double from_bandwidth(double near, double far, double h, double shape) {
  UNUSED(far), UNUSED(shape);
  return fmax(h, near);
}

/* log K has a zero at the end of the support. */
static double from_support(double near, double far, double h, double shape) {
  UNUSED(near), UNUSED(shape);
  return h - far;
}

/* --- laplace: k = exp(-u)/2 --- */

static double laplace_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return -fabs(r) / h - LOG_2 - log(h);
}

static double laplace_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r), UNUSED(r0), UNUSED(shape);
  return -gap / h;
}

static double laplace_score(double r, double h, double shape) {
  UNUSED(r), UNUSED(shape);
  return 1 / h;
}

/* --- gaussian: k = exp(-u^2/2)/sqrt(2 pi) --- */

static double gaussian_log_k(double r, double h, double shape) {
  UNUSED(shape);
  double u = r / h;
  return -0.5 * u * u - HALF_LOG_2PI - log(h);
}

static double gaussian_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return -0.5 * (gap / h) * ((fabs(r) + fabs(r0)) / h);
}

static double gaussian_score(double r, double h, double shape) {
  UNUSED(shape);
  return fabs(r) / h / h;
}

/* --- exppow, shape p: k = p exp(-u^p) / (2 Gamma(1/p)) --- */

static double exppow_log_k(double r, double h, double p) {
  int sign;
  return -pow(fabs(r) / h, p) + log(p / 2) - lgamma_r(1 / p, &sign) - log(h);
}

static double exppow_log_ratio(double gap, double r, double r0, double h, double p) {
  if (!(gap > 0)) return 0; /* also where 0/0 would follow: both at the bin */
  return pow(fabs(r) / h, p) * expm1(-p * log1p(gap / fabs(r0)));
}

static double exppow_score(double r, double h, double p) {
  return p * pow(fabs(r) / h, p - 1) / h;
}

/* u^p has a branch point at the data point and, for large p, steepens like a
 * polynomial of that degree. */
static double exppow_smooth_length(double near, double far, double h, double p) {
  UNUSED(far), UNUSED(h);
  return p == 1 || p == 2 ? INFINITY : near * fmin(1, 4 / p);
}

/* --- cauchy: k = 1 / (pi (1 + u^2)) --- */

static double cauchy_log_k(double r, double h, double shape) {
  UNUSED(shape);
  double u = r / h;
  return -log1p(u * u) - LOG_PI - log(h);
}

static double cauchy_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  double u = fabs(r) / h, u0 = fabs(r0) / h;
  return -log1p(gap / h * (u + u0) / (1 + u0 * u0));
}

static double cauchy_score(double r, double h, double shape) {
  UNUSED(shape);
  double u = fabs(r) / h;
  return 2 * u / (1 + u * u) / h;
}

/* --- student-t, shape nu:
 *     k = Gamma((nu+1)/2) / (sqrt(nu pi) Gamma(nu/2)) (1 + u^2/nu)^(-(nu+1)/2) --- */

static double student_log_k(double r, double h, double nu) {
  double u = r / h;
  return kd_log_gamma_half_step(nu / 2) - 0.5 * (log(nu) + LOG_PI) -
         (nu + 1) / 2 * log1p(u * u / nu) - log(h);
}

static double student_log_ratio(double gap, double r, double r0, double h, double nu) {
  double u = fabs(r) / h, u0 = fabs(r0) / h;
  return -(nu + 1) / 2 * log1p(gap / h * (u + u0) / (nu + u0 * u0));
}

static double student_score(double r, double h, double nu) {
  double u = fabs(r) / h;
  return (nu + 1) * u / (nu + u * u) / h;
}

static double student_smooth_length(double near, double far, double h, double nu) {
  UNUSED(far);
  return fmax(h * sqrt(nu), near);
}

/* --- logistic and sech: k = sech^2(u/2)/4 and sech(pi u/2)/2 --- */

/* log cosh(b) for b >= 0 */
static double log_cosh(double b) {
  return b + log1p(exp(-2 * b)) - LOG_2;
}

/* log cosh(b + d) - log cosh(b) for b, d >= 0 */
static double log_cosh_step(double b, double d) {
  if (d < 1) {
    double s = sinh(d / 2);
    return log1p(2 * s * s + tanh(b) * sinh(d));
  }
  double e = exp(-2 * b);
  return d + log1p(e * expm1(-2 * d) / (1 + e));
}

static double logistic_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return -2 * (log_cosh(fabs(r) / h / 2) + LOG_2) - log(h);
}

static double logistic_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r), UNUSED(shape);
  return -2 * log_cosh_step(fabs(r0) / h / 2, gap / h / 2);
}

static double logistic_score(double r, double h, double shape) {
  UNUSED(shape);
  return tanh(fabs(r) / h / 2) / h;
}

static double sech_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return -log_cosh(HALF_PI * (fabs(r) / h)) - LOG_2 - log(h);
}

static double sech_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r), UNUSED(shape);
  return -log_cosh_step(HALF_PI * (fabs(r0) / h), HALF_PI * (gap / h));
}

static double sech_score(double r, double h, double shape) {
  UNUSED(shape);
  return HALF_PI * tanh(HALF_PI * (fabs(r) / h)) / h;
}

/* --- uniform: k = 1/2 for u <= 1; the end belongs to the support --- */

static double uniform_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return fabs(r) <= h ? -LOG_2 - log(h) : -INFINITY;
}

static double uniform_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(gap), UNUSED(r0), UNUSED(shape);
  return fabs(r) <= h ? 0 : -INFINITY;
}

static double uniform_score(double r, double h, double shape) {
  UNUSED(r), UNUSED(h), UNUSED(shape);
  return 0;
}

/* --- asymmetric-laplace, shape kappa, "right" is r > 0:
 *     k = exp(-u kappa) right, exp(-u/kappa) left, times 1/(kappa + 1/kappa) --- */

static double asymmetric_rate(double r, double kappa) {
  return r > 0 ? kappa : 1 / kappa;
}

static double asymmetric_log_k(double r, double h, double kappa) {
  return -asymmetric_rate(r, kappa) * (fabs(r) / h) - log(kappa + 1 / kappa) - log(h);
}

static double asymmetric_log_ratio(double gap, double r, double r0, double h, double kappa) {
  double rate = asymmetric_rate(r, kappa), rate0 = asymmetric_rate(r0, kappa);
  if (rate == rate0) return -rate * (gap / h);
  return rate0 * (fabs(r0) / h) - rate * (fabs(r) / h);
}

static double asymmetric_score(double r, double h, double kappa) {
  return asymmetric_rate(r, kappa) / h;
}

/* --- compact polynomials and the cosine, for u <= 1. The logarithm of a ratio
 *     comes from 1 - (what is lost)/(what there was). --- */

/* 1 - u, 0 outside the support */
static double room(double r, double h) {
  return fmax(0, (h - fabs(r)) / h);
}

static double log_left(double lost, double was) {
  return lost < was ? log1p(-lost / was) : -INFINITY;
}

/* triangular: k = 1 - u */

static double triangular_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return log(room(r, h)) - log(h);
}

static double triangular_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return fabs(r) < h ? log_left(gap, h - fabs(r0)) : -INFINITY;
}

static double triangular_score(double r, double h, double shape) {
  UNUSED(shape);
  return 1 / (h - fabs(r));
}

/* epanechnikov: k = 3/4 (1 - u^2); biweight: k = 15/16 (1 - u^2)^2 */

/* log(1 - u^2) */
static double log_parabola(double r, double h) {
  return log(room(r, h) * (1 + fabs(r) / h));
}

static double log_parabola_ratio(double gap, double r, double r0, double h) {
  if (!(fabs(r) < h)) return -INFINITY;
  return log_left(gap / h * ((fabs(r) + fabs(r0)) / h), room(r0, h) * (1 + fabs(r0) / h));
}

static double epanechnikov_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return log_parabola(r, h) + log(0.75) - log(h);
}

static double epanechnikov_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return log_parabola_ratio(gap, r, r0, h);
}

static double epanechnikov_score(double r, double h, double shape) {
  UNUSED(shape);
  return 2 * fabs(r) / ((h - fabs(r)) * (h + fabs(r)));
}

static double biweight_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return 2 * log_parabola(r, h) + log(0.9375) - log(h);
}

static double biweight_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return 2 * log_parabola_ratio(gap, r, r0, h);
}

static double biweight_score(double r, double h, double shape) {
  return 2 * epanechnikov_score(r, h, shape);
}

/* tricube: k = 70/81 (1 - u^3)^3, 1 - u^3 = (1 - u)(1 + u + u^2) */

static double tricube_base(double r, double h) {
  double u = fabs(r) / h;
  return room(r, h) * (1 + u + u * u);
}

static double tricube_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return 3 * log(tricube_base(r, h)) + log(70.0 / 81) - log(h);
}

static double tricube_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  if (!(fabs(r) < h)) return -INFINITY;
  double u = fabs(r) / h, u0 = fabs(r0) / h;
  return 3 * log_left(gap / h * (u * u + u * u0 + u0 * u0), tricube_base(r0, h));
}

static double tricube_score(double r, double h, double shape) {
  UNUSED(shape);
  double u = fabs(r) / h;
  return 9 * u * u / tricube_base(r, h) / h;
}

/* cosine: k = pi/4 cos(pi u/2), near its end sin(pi (1 - u)/2) */

static double cosine_height(double r, double h) {
  return sin(HALF_PI * room(r, h));
}

static double cosine_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return log(cosine_height(r, h)) + log(HALF_PI / 2) - log(h);
}

/* cos(a0 + d) = cos a0 - (2 sin^2(d/2) cos a0 + sin a0 sin d) */
static double cosine_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  if (!(fabs(r) < h)) return -INFINITY;
  double d = HALF_PI * (gap / h), s = sin(d / 2), was = cosine_height(r0, h);
  return log_left(2 * s * s * was + sin(HALF_PI * (fabs(r0) / h)) * sin(d), was);
}

static double cosine_score(double r, double h, double shape) {
  UNUSED(shape);
  return HALF_PI * sin(HALF_PI * (fabs(r) / h)) / cosine_height(r, h) / h;
}

/* --- wrapped-laplace: K = cosh((pi - r)/h) / (2 h sinh(pi/h)), the sum of the Laplace
 *     kernel over all turns --- */

/* (pi - |r|)/h: distance from the antipode */
static double to_antipode(double r, double h) {
  return ((KD_PI_HIGH - fabs(r)) + KD_PI_LOW) / h;
}

static double wrapped_log_k(double r, double h, double shape) {
  double turn = exp(-2 * to_antipode(r, h)), round_trip = expm1(-2 * KD_PI_HIGH / h);
  return laplace_log_k(r, h, shape) + log1p(turn) - log(-round_trip);
}

static double wrapped_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r0), UNUSED(shape);
  return -log_cosh_step(fmax(0, to_antipode(r, h)), gap / h);
}

static double wrapped_score(double r, double h, double shape) {
  UNUSED(shape);
  return tanh(to_antipode(r, h)) / h;
}

/* Zeros of the cosh lie at a complex distance h pi/2 from the antipode. */
static double wrapped_smooth_length(double near, double far, double h, double shape) {
  UNUSED(near), UNUSED(shape);
  return fmax(h, KD_PI_HIGH - far);
}

/* --- von-mises: K ~ exp(cos(r)/h^2); here exp((cos r - 1)/h^2), and the mass over the
 *     circle does the rest --- */

static double von_mises_log_k(double r, double h, double shape) {
  UNUSED(shape);
  double s = sin(r / 2) / h;
  return -2 * s * s;
}

/* cos r - cos r0 = -2 sin((|r| + |r0|)/2) sin((|r| - |r0|)/2) */
static double von_mises_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return -2 * (sin((fabs(r) + fabs(r0)) / 2) / h) * (sin(gap / 2) / h);
}

static double von_mises_score(double r, double h, double shape) {
  UNUSED(shape);
  return sin(fabs(r)) / h / h;
}

static double von_mises_smooth_length(double near, double far, double h, double shape) {
  UNUSED(near), UNUSED(far), UNUSED(h), UNUSED(shape);
  return 1; /* an arc over which a polynomial of degree 20 is a cosine */
}

const struct kd_kernel kd_kernels[] = {
    {.name = "laplace",
     .formula = "exp(-u)/2",
     .reference = "Laplace, Mem. Acad. R. Sci. Paris 6 (1774) 621",
     .tail = KD_TAIL_EXPONENTIAL,
     .constant_score = true,
     .kink_at_point = true,
     .support = INFINITY,
     .log_k = laplace_log_k,
     .log_ratio = laplace_log_ratio,
     .score = laplace_score,
     .smooth_length = anything,
     .exact = kd_exact_laplace},
    {.name = "gaussian",
     .formula = "exp(-u^2/2)/sqrt(2 pi)",
     .reference = "Gauss, Theoria motus (1809)",
     .tail = KD_TAIL_LIGHT,
     .support = INFINITY,
     .log_k = gaussian_log_k,
     .log_ratio = gaussian_log_ratio,
     .score = gaussian_score,
     .smooth_length = anything},
    {.name = "exppow",
     .formula = "p exp(-u^p)/(2 Gamma(1/p))",
     .reference = "Subbotin, Mat. Sb. 31 (1923) 296",
     .shape_name = "p",
     .shape_min = 0.01,
     .shape_max = 100,
     .shape_default = 1,
     .tail = KD_TAIL_LIGHT,
     .kink_at_point = true,
     .support = INFINITY,
     .log_k = exppow_log_k,
     .log_ratio = exppow_log_ratio,
     .score = exppow_score,
     .smooth_length = exppow_smooth_length},
    {.name = "cauchy",
     .formula = "1/(pi (1 + u^2))",
     .reference = "Cauchy, C. R. Acad. Sci. Paris 37 (1853) 198",
     .tail = KD_TAIL_HEAVY,
     .support = INFINITY,
     .log_k = cauchy_log_k,
     .log_ratio = cauchy_log_ratio,
     .score = cauchy_score,
     .smooth_length = from_bandwidth},
    {.name = "student-t",
     .formula = "Gamma((nu+1)/2)/(sqrt(nu pi) Gamma(nu/2)) (1 + u^2/nu)^(-(nu+1)/2)",
     .reference = "Student, Biometrika 6 (1908) 1",
     .shape_name = "nu",
     .shape_min = 0.01,
     .shape_max = 1e6,
     .shape_default = 3,
     .tail = KD_TAIL_HEAVY,
     .support = INFINITY,
     .log_k = student_log_k,
     .log_ratio = student_log_ratio,
     .score = student_score,
     .smooth_length = student_smooth_length},
    {.name = "logistic",
     .formula = "exp(-u)/(1 + exp(-u))^2",
     .reference = "Balakrishnan (ed.), Handbook of the Logistic Distribution (1992)",
     .tail = KD_TAIL_EXPONENTIAL,
     .support = INFINITY,
     .log_k = logistic_log_k,
     .log_ratio = logistic_log_ratio,
     .score = logistic_score,
     .smooth_length = from_bandwidth},
    {.name = "sech",
     .formula = "sech(pi u/2)/2",
     .reference = "Talacko, Trab. Estadistica 7 (1956) 159",
     .tail = KD_TAIL_EXPONENTIAL,
     .support = INFINITY,
     .log_k = sech_log_k,
     .log_ratio = sech_log_ratio,
     .score = sech_score,
     .smooth_length = from_bandwidth},
    {.name = "uniform",
     .formula = "1/2 for u <= 1",
     .reference = "Rosenblatt, Ann. Math. Stat. 27 (1956) 832",
     .tail = KD_TAIL_COMPACT,
     .jumps_at_end = true,
     .support = 1,
     .log_k = uniform_log_k,
     .log_ratio = uniform_log_ratio,
     .score = uniform_score,
     .smooth_length = anything},
    {.name = "triangular",
     .formula = "1 - u",
     .reference = "Silverman, Density Estimation (1986), table 3.1",
     .kink_at_point = true,
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = triangular_log_k,
     .log_ratio = triangular_log_ratio,
     .score = triangular_score,
     .smooth_length = from_support},
    {.name = "epanechnikov",
     .formula = "3/4 (1 - u^2)",
     .reference = "Epanechnikov, Theory Probab. Appl. 14 (1969) 153",
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = epanechnikov_log_k,
     .log_ratio = epanechnikov_log_ratio,
     .score = epanechnikov_score,
     .smooth_length = from_support},
    {.name = "biweight",
     .formula = "15/16 (1 - u^2)^2",
     .reference = "Silverman, Density Estimation (1986), table 3.1",
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = biweight_log_k,
     .log_ratio = biweight_log_ratio,
     .score = biweight_score,
     .smooth_length = from_support},
    {.name = "tricube",
     .formula = "70/81 (1 - u^3)^3",
     .reference = "Cleveland, J. Am. Stat. Assoc. 74 (1979) 829",
     .kink_at_point = true,
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = tricube_log_k,
     .log_ratio = tricube_log_ratio,
     .score = tricube_score,
     .smooth_length = from_support},
    {.name = "cosine",
     .formula = "pi/4 cos(pi u/2)",
     .reference = "Rao, Nonparametric Functional Estimation (1983)",
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = cosine_log_k,
     .log_ratio = cosine_log_ratio,
     .score = cosine_score,
     .smooth_length = from_support},
    {.name = "asymmetric-laplace",
     .formula = "exp(-u kappa) right, exp(-u/kappa) left, /(kappa + 1/kappa)",
     .reference = "Kotz, Kozubowski & Podgorski, The Laplace Distribution (2001), 3.1",
     .shape_name = "kappa",
     .shape_min = 0.01,
     .shape_max = 100,
     .shape_default = 2,
     .lopsided = true,
     .kink_at_point = true,
     .tail = KD_TAIL_EXPONENTIAL,
     .support = INFINITY,
     .log_k = asymmetric_log_k,
     .log_ratio = asymmetric_log_ratio,
     .score = asymmetric_score,
     .smooth_length = anything},
    {.name = "wrapped-laplace",
     .formula = "cosh((pi - r)/h)/(2 sinh(pi/h))",
     .reference = "Jammalamadaka & Kozubowski, Commun. Stat. 33 (2004) 2059",
     .tail = KD_TAIL_NONE,
     .circle_only = true,
     .kink_at_point = true,
     .support = INFINITY,
     .log_k = wrapped_log_k,
     .log_ratio = wrapped_log_ratio,
     .score = wrapped_score,
     .smooth_length = wrapped_smooth_length},
    {.name = "von-mises",
     .formula = "h exp(cos(r)/h^2)/(2 pi I0(1/h^2))",
     .reference = "Mardia & Jupp, Directional Statistics (2000), 3.5.4",
     .tail = KD_TAIL_NONE,
     .circle_only = true,
     .support = INFINITY,
     .log_k = von_mises_log_k,
     .log_ratio = von_mises_log_ratio,
     .score = von_mises_score,
     .smooth_length = von_mises_smooth_length},
};
const size_t kd_n_kernels = sizeof kd_kernels / sizeof *kd_kernels;

const struct kd_kernel *kd_kernel_find(const char *name) {
  for (size_t i = 0; i < kd_n_kernels; i++)
    if (strcmp(kd_kernels[i].name, name) == 0) return &kd_kernels[i];
  return NULL;
}

const char *kd_tail_name(enum kd_tail tail) {
  static const char *const names[] = {"light", "exponential", "heavy", "compact", "no"};
  return names[tail];
}
