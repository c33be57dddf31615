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
#include "core/binned/binned.h"
#include "core/exact/exact.h"
#include "core/vmath/clones.h"
#include "core/vmath/gamma.h"
#include "core/vmath/vmath.h"
#include "num.h"

static const double LOG_2 = 0.69314718055994530942;
static const double LOG_PI = 1.14472988584940017414;
static const double HALF_LOG_2PI = 0.91893853320467274178;
static const double HALF_PI = 1.57079632679489661923;

#define UNUSED(argument) ((void)(argument))

/* Slopes with no zero or pole of K near: K grows no more than the slope says. */
static struct kd_slope slope(double at, double rate, double rest, double t) {
  double growth = t > 0 ? t * (fabs(at) + fabs(rate) * t + rest) : 0;
  return (struct kd_slope){at, rate, rest, growth};
}

static double cosh_of(double x) {
  double s = kd_sinh(x / 2);
  return 1 + 2 * s * s;
}

/* +1 right of the point, -1 left of it */
static double side(double r) {
  return copysign(1, r);
}

/* --- laplace: k = exp(-u)/2 --- */

static double laplace_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return -fabs(r) / h - LOG_2 - kd_log(h);
}

KD_INLINE double laplace_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r), UNUSED(r0), UNUSED(shape);
  return -gap / h;
}

static struct kd_slope laplace_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  return slope(-side(r) / h, 0, 0, t);
}

/* --- gaussian: k = exp(-u^2/2)/sqrt(2 pi) --- */

static double gaussian_log_k(double r, double h, double shape) {
  UNUSED(shape);
  double u = r / h;
  return -0.5 * u * u - HALF_LOG_2PI - kd_log(h);
}

KD_INLINE double gaussian_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return -0.5 * (gap / h) * ((fabs(r) + fabs(r0)) / h);
}

static struct kd_slope gaussian_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  return slope(-r / h / h, -1 / h / h, 0, t);
}

/* --- exppow, shape p: k = p exp(-u^p) / (2 Gamma(1/p)) --- */

static double exppow_log_k(double r, double h, double p) {
  return -kd_pow(fabs(r) / h, p) + kd_log(p / 2) - kd_lgamma(1 / p) - kd_log(h);
}

KD_INLINE double exppow_log_ratio(double gap, double r, double r0, double h, double p) {
  if (!(gap > 0)) return 0; /* also where 0/0 would follow: both at the bin */
  return kd_pow(fabs(r) / h, p) * kd_expm1(-p * kd_log1p(gap / fabs(r0)));
}

/* sup |(1 + x)^a - 1| over |x| <= tau, or more. The coefficients of (1 - x)^-|a| are at
 * least those of (1 + x)^a; whole a >= 0 give a polynomial with positive ones. */
static double power_change(double a, double tau) {
  if (a >= 0 && a == floor(a)) return kd_expm1(a * kd_log1p(tau));
  return tau < 1 ? kd_expm1(-fabs(a) * kd_log1p(-tau)) : INFINITY;
}

/* -(u^p)', which has a branch point at the data point unless p is whole. */
static struct kd_slope exppow_slope(double r, double t, double h, double p) {
  double u = fabs(r) / h, q = p * kd_pow(u, p - 1) / h;
  if (p == 2) return slope(-2 * r / h / h, -2 / h / h, 0, t);
  if (!(u > 0)) return slope(-side(r) * q, 0, p == 1 ? 0 : INFINITY, t);
  return slope(-side(r) * q, 0, t > 0 ? q * power_change(p - 1, t / fabs(r)) : 0, t);
}

/* -(nu + 1)/2 (1/(r - a) + 1/(r + a)), a = i h sqrt(nu), to second order in zeta */
static struct kd_slope student_slope(double r, double t, double h, double nu) {
  double u = fabs(r) / h, tau = t / h, square = nu + u * u, distance = sqrt(square);
  double at = -(nu + 1) * u / square, rate = -(nu + 1) * (nu - u * u) / (square * square);
  double rest = INFINITY;
  if (tau < distance) rest = (nu + 1) * tau * tau / (square * (distance - tau));
  return slope(side(r) * at / h, rate / h / h, rest / h, t);
}

/* --- cauchy: k = 1 / (pi (1 + u^2)) --- */

static double cauchy_log_k(double r, double h, double shape) {
  UNUSED(shape);
  double u = r / h;
  return -kd_log1p(u * u) - LOG_PI - kd_log(h);
}

KD_INLINE double cauchy_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  double u = fabs(r) / h, u0 = fabs(r0) / h;
  return -kd_log1p(gap / h * (u + u0) / (1 + u0 * u0));
}

static struct kd_slope cauchy_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  return student_slope(r, t, h, 1);
}

/* --- student-t, shape nu:
 *     k = Gamma((nu+1)/2) / (sqrt(nu pi) Gamma(nu/2)) (1 + u^2/nu)^(-(nu+1)/2) --- */

static double student_log_k(double r, double h, double nu) {
  double u = r / h;
  return kd_log_gamma_half_step(nu / 2) - 0.5 * (kd_log(nu) + LOG_PI) -
         (nu + 1) / 2 * kd_log1p(u * u / nu) - kd_log(h);
}

KD_INLINE double student_log_ratio(double gap, double r, double r0, double h, double nu) {
  double u = fabs(r) / h, u0 = fabs(r0) / h;
  return -(nu + 1) / 2 * kd_log1p(gap / h * (u + u0) / (nu + u0 * u0));
}

/* --- logistic and sech: k = sech^2(u/2)/4 and sech(pi u/2)/2 --- */

/* log cosh(b) for b >= 0 */
static double log_cosh(double b) {
  return b + kd_log1p(kd_exp(-2 * b)) - LOG_2;
}

/* log cosh(b + d) - log cosh(b) for b, d >= 0 */
KD_INLINE double log_cosh_step(double b, double d) {
  if (d < 1) {
    double s = kd_sinh(d / 2);
    return kd_log1p(2 * s * s + kd_tanh(b) * kd_sinh(d));
  }
  double e = kd_exp(-2 * b);
  return d + kd_log1p(e * kd_expm1(-2 * d) / (1 + e));
}

/* sup |tanh(b + x) - tanh(b)| over complex |x| <= tau, b >= 0, or more: it is
 * sinh(x)/(cosh(b) cosh(b + x)), where |cosh(y + i v)| >= max(|cos v|, sinh |y|). */
static double tanh_change(double b, double tau) {
  if (b > tau + 1) return 2.5 * kd_exp(-2 * (b - tau));
  if (tau > 1.5) return INFINITY;
  return kd_sinh(tau) / (cosh_of(b) * fmax(kd_cos(tau), kd_sinh(b - tau)));
}

static double logistic_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return -2 * (log_cosh(fabs(r) / h / 2) + LOG_2) - kd_log(h);
}

KD_INLINE double logistic_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r), UNUSED(shape);
  return -2 * log_cosh_step(fabs(r0) / h / 2, gap / h / 2);
}

static struct kd_slope logistic_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  double b = fabs(r) / h / 2;
  return slope(-side(r) * kd_tanh(b) / h, 0, tanh_change(b, t / h / 2) / h, t);
}

static double sech_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return -log_cosh(HALF_PI * (fabs(r) / h)) - LOG_2 - kd_log(h);
}

KD_INLINE double sech_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r), UNUSED(shape);
  return -log_cosh_step(HALF_PI * (fabs(r0) / h), HALF_PI * (gap / h));
}

static struct kd_slope sech_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  double b = HALF_PI * (fabs(r) / h), rate = HALF_PI / h;
  return slope(-side(r) * kd_tanh(b) * rate, 0, tanh_change(b, rate * t) * rate, t);
}

/* --- uniform: k = 1/2 for u <= 1; the end belongs to the support --- */

static double uniform_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return fabs(r) <= h ? -LOG_2 - kd_log(h) : -INFINITY;
}

KD_INLINE double uniform_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(gap), UNUSED(r0), UNUSED(shape);
  return fabs(r) <= h ? 0 : -INFINITY;
}

static struct kd_slope uniform_slope(double r, double t, double h, double shape) {
  UNUSED(r), UNUSED(t), UNUSED(h), UNUSED(shape);
  return (struct kd_slope){0};
}

/* --- asymmetric-laplace, shape kappa, "right" is r > 0:
 *     k = exp(-u kappa) right, exp(-u/kappa) left, times 1/(kappa + 1/kappa) --- */

KD_INLINE double asymmetric_rate(double r, double kappa) {
  return r > 0 ? kappa : 1 / kappa;
}

static double asymmetric_log_k(double r, double h, double kappa) {
  return -asymmetric_rate(r, kappa) * (fabs(r) / h) - kd_log(kappa + 1 / kappa) - kd_log(h);
}

KD_INLINE double asymmetric_log_ratio(double gap, double r, double r0, double h, double kappa) {
  double rate = asymmetric_rate(r, kappa), rate0 = asymmetric_rate(r0, kappa);
  if (rate == rate0) return -rate * (gap / h);
  return rate0 * (fabs(r0) / h) - rate * (fabs(r) / h);
}

static struct kd_slope asymmetric_slope(double r, double t, double h, double kappa) {
  return slope(-side(r) * asymmetric_rate(r, kappa) / h, 0, 0, t);
}

/* --- compact polynomials and the cosine, for u <= 1. The logarithm of a ratio
 *     comes from 1 - (what is lost)/(what there was). --- */

/* 1 - u, 0 outside the support */
KD_INLINE double room(double r, double h) {
  return fmax(0, (h - fabs(r)) / h);
}

KD_INLINE double log_left(double lost, double was) {
  return lost < was ? kd_log1p(-lost / was) : -INFINITY;
}

/* A zero of K at the end of the support, s away: (log s)' = -1/s - ..., to second order;
 * K grows to (s + t)/s at most. */
static struct kd_slope slope_of_zero(double s, double t) {
  double rest = t < s ? t * t / (s * s * (s - t)) : INFINITY;
  return (struct kd_slope){-1 / s, -1 / (s * s), rest, kd_log1p(t / s)};
}

/* The slope of K^power L^other, on the point's side */
static struct kd_slope slope_of_product(double r, double power, struct kd_slope k, double other,
                                        struct kd_slope l) {
  return (struct kd_slope){side(r) * (power * k.at + other * l.at),
                           power * k.rate + other * l.rate, power * k.rest + other * l.rest,
                           power * k.growth + other * l.growth};
}

/* triangular: k = 1 - u */

static double triangular_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return kd_log(room(r, h)) - kd_log(h);
}

KD_INLINE double triangular_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return fabs(r) < h ? log_left(gap, h - fabs(r0)) : -INFINITY;
}

static struct kd_slope triangular_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  return slope_of_product(r, 1, slope_of_zero(h - fabs(r), t), 0, (struct kd_slope){0});
}

/* epanechnikov: k = 3/4 (1 - u^2); biweight: k = 15/16 (1 - u^2)^2 */

/* log(1 - u^2) */
static double log_parabola(double r, double h) {
  return kd_log(room(r, h) * (1 + fabs(r) / h));
}

KD_INLINE double log_parabola_ratio(double gap, double r, double r0, double h) {
  if (!(fabs(r) < h)) return -INFINITY;
  return log_left(gap / h * ((fabs(r) + fabs(r0)) / h), room(r0, h) * (1 + fabs(r0) / h));
}

static double epanechnikov_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return log_parabola(r, h) + kd_log(0.75) - kd_log(h);
}

KD_INLINE double epanechnikov_log_ratio(double gap, double r, double r0, double h,
                                        double shape) {
  UNUSED(shape);
  return log_parabola_ratio(gap, r, r0, h);
}

/* Zeros at both ends of the support */
static struct kd_slope parabola_slope(double r, double t, double h, double power) {
  struct kd_slope near = slope_of_zero(h - fabs(r), t), far = slope_of_zero(h + fabs(r), t);
  far.at = -far.at;
  struct kd_slope both = slope_of_product(r, power, near, power, far);
  both.at = -2 * power * r / ((h - fabs(r)) * (h + fabs(r)));
  return both;
}

static struct kd_slope epanechnikov_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  return parabola_slope(r, t, h, 1);
}

static double biweight_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return 2 * log_parabola(r, h) + kd_log(0.9375) - kd_log(h);
}

KD_INLINE double biweight_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return 2 * log_parabola_ratio(gap, r, r0, h);
}

static struct kd_slope biweight_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  return parabola_slope(r, t, h, 2);
}

/* tricube: k = 70/81 (1 - u^3)^3, 1 - u^3 = (1 - u)(1 + u + u^2) */

KD_INLINE double tricube_base(double r, double h) {
  double u = fabs(r) / h;
  return room(r, h) * (1 + u + u * u);
}

static double tricube_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return 3 * kd_log(tricube_base(r, h)) + kd_log(70.0 / 81) - kd_log(h);
}

KD_INLINE double tricube_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  if (!(fabs(r) < h)) return -INFINITY;
  double u = fabs(r) / h, u0 = fabs(r0) / h;
  return 3 * log_left(gap / h * (u * u + u * u0 + u0 * u0), tricube_base(r0, h));
}

/* 1 + u + u^2 has its zeros at sqrt(1 + u + u^2) from u. */
static struct kd_slope tricube_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  double u = fabs(r) / h, square = 1 + u + u * u, distance = h * sqrt(square);
  double rest = t < distance ? 2 * t / (distance * (distance - t)) : INFINITY;
  struct kd_slope pair = {(1 + 2 * u) / square / h, 0, rest, 2 * kd_log1p(t / distance)};
  struct kd_slope all = slope_of_product(r, 3, slope_of_zero(h - fabs(r), t), 3, pair);
  all.at = -side(r) * 9 * u * u / tricube_base(r, h) / h;
  return all;
}

/* cosine: k = pi/4 cos(pi u/2), near its end sin(pi (1 - u)/2) */

KD_INLINE double cosine_height(double r, double h) {
  return kd_sin(HALF_PI * room(r, h));
}

static double cosine_log_k(double r, double h, double shape) {
  UNUSED(shape);
  return kd_log(cosine_height(r, h)) + kd_log(HALF_PI / 2) - kd_log(h);
}

/* cos(a0 + d) = cos a0 - (2 sin^2(d/2) cos a0 + sin a0 sin d) */
KD_INLINE double cosine_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  if (!(fabs(r) < h)) return -INFINITY;
  double d = HALF_PI * (gap / h), s = kd_sin(d / 2), was = cosine_height(r0, h);
  return log_left(2 * s * s * was + kd_sin(HALF_PI * (fabs(r0) / h)) * kd_sin(d), was);
}

/* 1/w - cot w, 0 <= w < pi: all coefficients of its power series are positive. */
static double cotangent_defect(double w) {
  return w < 0.01 ? w / 2.99 : 1 / w - kd_cos(w) / kd_sin(w);
}

/* log sin w = log w + log(sin(w)/w), w = pi/2 (1 - u) */
static struct kd_slope cosine_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  double rate = HALF_PI / h, w = HALF_PI * room(r, h), tau = rate * t, height = kd_sin(w);
  double rest = INFINITY;
  if (w + tau < 3) rest = rate * (cotangent_defect(w + tau) - cotangent_defect(w));
  struct kd_slope all = slope_of_zero(h - fabs(r), t);
  return (struct kd_slope){-side(r) * HALF_PI * kd_sin(HALF_PI * (fabs(r) / h)) / height / h,
                           all.rate, all.rest + rest,
                           kd_log(cosh_of(tau) + kd_cos(w) / height * kd_sinh(tau))};
}

/* --- wrapped-laplace: K = cosh((pi - r)/h) / (2 h sinh(pi/h)), the sum of the Laplace
 *     kernel over all turns --- */

/* (pi - |r|)/h: distance from the antipode */
KD_INLINE double to_antipode(double r, double h) {
  return ((KD_PI_HIGH - fabs(r)) + KD_PI_LOW) / h;
}

static double wrapped_log_k(double r, double h, double shape) {
  double turn = kd_exp(-2 * to_antipode(r, h)), round_trip = kd_expm1(-2 * KD_PI_HIGH / h);
  return laplace_log_k(r, h, shape) + kd_log1p(turn) - kd_log(-round_trip);
}

KD_INLINE double wrapped_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(r0), UNUSED(shape);
  return -log_cosh_step(fmax(0, to_antipode(r, h)), gap / h);
}

static struct kd_slope wrapped_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  double b = fmax(0, to_antipode(r, h));
  return slope(-side(r) * kd_tanh(b) / h, 0, tanh_change(b, t / h) / h, t);
}

/* --- von-mises: K ~ exp(cos(r)/h^2); here exp((cos r - 1)/h^2), and the mass over the
 *     circle does the rest --- */

static double von_mises_log_k(double r, double h, double shape) {
  UNUSED(shape);
  double s = kd_sin(r / 2) / h;
  return -2 * s * s;
}

/* cos r - cos r0 = -2 sin((|r| + |r0|)/2) sin((|r| - |r0|)/2) */
KD_INLINE double von_mises_log_ratio(double gap, double r, double r0, double h, double shape) {
  UNUSED(shape);
  return -2 * (kd_sin((fabs(r) + fabs(r0)) / 2) / h) * (kd_sin(gap / 2) / h);
}

/* -sin(r + zeta)/h^2 to second order in zeta */
static struct kd_slope von_mises_slope(double r, double t, double h, double shape) {
  UNUSED(shape);
  double s = kd_sin(r), c = kd_cos(r), rest = INFINITY;
  if (t < 700) rest = fabs(s) * (cosh_of(t) - 1) + fabs(c) * (kd_sinh(t) - t);
  return slope(-s / h / h, -c / h / h, rest / h / h, t);
}

/* --- the same over many offsets: what is called is inlined and runs side by side --- */

#define OVER_OFFSETS(name)                                                                     \
  KD_CLONES static void name##_log_ratios(size_t n, const double *gap, const double *r,        \
                                          const double *r0, double h, double shape,            \
                                          double *out) {                                       \
    _Pragma("omp simd") for (size_t k = 0; k < n; k++) out[k] =                                \
        name##_log_ratio(gap[k], r[k], r0[k], h, shape);                                       \
  }
OVER_OFFSETS(laplace)
OVER_OFFSETS(gaussian)
OVER_OFFSETS(exppow)
OVER_OFFSETS(cauchy)
OVER_OFFSETS(student)
OVER_OFFSETS(logistic)
OVER_OFFSETS(sech)
OVER_OFFSETS(uniform)
OVER_OFFSETS(triangular)
OVER_OFFSETS(epanechnikov)
OVER_OFFSETS(biweight)
OVER_OFFSETS(tricube)
OVER_OFFSETS(cosine)
OVER_OFFSETS(asymmetric)
OVER_OFFSETS(wrapped)
OVER_OFFSETS(von_mises)

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
     .log_ratios = laplace_log_ratios,
     .roundings = 4,
     .slope = laplace_slope,
     .exact = kd_exact_laplace,
     .exact_step = kd_exact_laplace_step,
     .exact_on_circle = kd_exact_laplace_circle,
     .binned = kd_binned_laplace},
    {.name = "gaussian",
     .formula = "exp(-u^2/2)/sqrt(2 pi)",
     .reference = "Gauss, Theoria motus (1809)",
     .tail = KD_TAIL_LIGHT,
     .support = INFINITY,
     .log_k = gaussian_log_k,
     .log_ratio = gaussian_log_ratio,
     .log_ratios = gaussian_log_ratios,
     .roundings = 10,
     .slope = gaussian_slope},
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
     .log_ratios = exppow_log_ratios,
     .roundings = 12,
     .roundings_per_shape = 2,
     .slope = exppow_slope},
    {.name = "cauchy",
     .formula = "1/(pi (1 + u^2))",
     .reference = "Cauchy, C. R. Acad. Sci. Paris 37 (1853) 198",
     .tail = KD_TAIL_HEAVY,
     .support = INFINITY,
     .log_k = cauchy_log_k,
     .log_ratio = cauchy_log_ratio,
     .log_ratios = cauchy_log_ratios,
     .roundings = 16,
     .slope = cauchy_slope},
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
     .log_ratios = student_log_ratios,
     .roundings = 18,
     .slope = student_slope},
    {.name = "logistic",
     .formula = "exp(-u)/(1 + exp(-u))^2",
     .reference = "Balakrishnan (ed.), Handbook of the Logistic Distribution (1992)",
     .tail = KD_TAIL_EXPONENTIAL,
     .support = INFINITY,
     .log_k = logistic_log_k,
     .log_ratio = logistic_log_ratio,
     .log_ratios = logistic_log_ratios,
     .roundings = 24,
     .slope = logistic_slope},
    {.name = "sech",
     .formula = "sech(pi u/2)/2",
     .reference = "Talacko, Trab. Estadistica 7 (1956) 159",
     .tail = KD_TAIL_EXPONENTIAL,
     .support = INFINITY,
     .log_k = sech_log_k,
     .log_ratio = sech_log_ratio,
     .log_ratios = sech_log_ratios,
     .roundings = 24,
     .slope = sech_slope},
    {.name = "uniform",
     .formula = "1/2 for u <= 1",
     .reference = "Rosenblatt, Ann. Math. Stat. 27 (1956) 832",
     .tail = KD_TAIL_COMPACT,
     .jumps_at_end = true,
     .support = 1,
     .log_k = uniform_log_k,
     .log_ratio = uniform_log_ratio,
     .log_ratios = uniform_log_ratios,
     .slope = uniform_slope,
     .exact = kd_exact_uniform,
     .exact_step = kd_exact_uniform_step},
    {.name = "triangular",
     .formula = "1 - u",
     .reference = "Silverman, Density Estimation (1986), table 3.1",
     .kink_at_point = true,
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = triangular_log_k,
     .log_ratio = triangular_log_ratio,
     .log_ratios = triangular_log_ratios,
     .roundings = 8,
     .slope = triangular_slope,
     .exact = kd_exact_triangular,
     .exact_step = kd_exact_triangular_step},
    {.name = "epanechnikov",
     .formula = "3/4 (1 - u^2)",
     .reference = "Epanechnikov, Theory Probab. Appl. 14 (1969) 153",
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = epanechnikov_log_k,
     .log_ratio = epanechnikov_log_ratio,
     .log_ratios = epanechnikov_log_ratios,
     .roundings = 8,
     .slope = epanechnikov_slope,
     .exact = kd_exact_epanechnikov,
     .exact_step = kd_exact_epanechnikov_step},
    {.name = "biweight",
     .formula = "15/16 (1 - u^2)^2",
     .reference = "Silverman, Density Estimation (1986), table 3.1",
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = biweight_log_k,
     .log_ratio = biweight_log_ratio,
     .log_ratios = biweight_log_ratios,
     .roundings = 16,
     .slope = biweight_slope},
    {.name = "tricube",
     .formula = "70/81 (1 - u^3)^3",
     .reference = "Cleveland, J. Am. Stat. Assoc. 74 (1979) 829",
     .kink_at_point = true,
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = tricube_log_k,
     .log_ratio = tricube_log_ratio,
     .log_ratios = tricube_log_ratios,
     .roundings = 24,
     .slope = tricube_slope},
    {.name = "cosine",
     .formula = "pi/4 cos(pi u/2)",
     .reference = "Rao, Nonparametric Functional Estimation (1983)",
     .tail = KD_TAIL_COMPACT,
     .support = 1,
     .log_k = cosine_log_k,
     .log_ratio = cosine_log_ratio,
     .log_ratios = cosine_log_ratios,
     .roundings = 16,
     .slope = cosine_slope},
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
     .log_ratios = asymmetric_log_ratios,
     .roundings = 12,
     .slope = asymmetric_slope,
     .exact = kd_exact_laplace},
    {.name = "wrapped-laplace",
     .formula = "cosh((pi - r)/h)/(2 sinh(pi/h))",
     .reference = "Jammalamadaka & Kozubowski, Commun. Stat. 33 (2004) 2059",
     .tail = KD_TAIL_NONE,
     .circle_only = true,
     .kink_at_point = true,
     .support = INFINITY,
     .log_k = wrapped_log_k,
     .log_ratio = wrapped_log_ratio,
     .log_ratios = wrapped_log_ratios,
     .roundings = 24,
     .slope = wrapped_slope},
    {.name = "von-mises",
     .formula = "h exp(cos(r)/h^2)/(2 pi I0(1/h^2))",
     .reference = "Mardia & Jupp, Directional Statistics (2000), 3.5.4",
     .tail = KD_TAIL_NONE,
     .circle_only = true,
     .support = INFINITY,
     .log_k = von_mises_log_k,
     .log_ratio = von_mises_log_ratio,
     .log_ratios = von_mises_log_ratios,
     .roundings = 24,
     .slope = von_mises_slope},
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
