/* SPDX-License-Identifier: MIT
 *
 * Special functions that libm lacks; see num.h.
 */
#include "num.h"
#include "core/vmath/vmath.h"

#include <stddef.h>

/* c[0] + c[1] x + ... + c[n-1] x^(n-1) */
static double polynomial(const double *c, size_t n, double x) {
  double value = c[n - 1];
  for (size_t i = n - 1; i-- > 0;) value = value * x + c[i];
  return value;
}

double kd_log_gamma_half_step(double x) {
  /* Coefficients of 1/x, 1/x^3, ...: differences of Stirling's at x+1/2 and x. */
  static const double series[] = {-1.0 / 8, 1.0 / 192, -1.0 / 640, 17.0 / 14336, -31.0 / 18432};
  struct kd_sum sum = {0};
  for (; x < 24; x += 1) kd_sum_add(&sum, -kd_log1p(0.5 / x)); /* Gamma(x+1) = x Gamma(x) */
  double inverse = 1 / x;
  kd_sum_add(&sum, 0.5 * kd_log(x));
  kd_sum_add(&sum, inverse * polynomial(series, 5, inverse * inverse));
  return kd_sum_value(&sum);
}

double kd_normal_quantile(double p) {
  static const double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                             1.9715909503065514427e3, 1.3731693765509461125e4,
                             4.5921953931549871457e4, 6.7265770927008700853e4,
                             3.3430575583588128105e4, 2.5090809287301226727e3};
  static const double b[] = {1.0,
                             4.2313330701600911252e1,
                             6.8718700749205790830e2,
                             5.3941960214247511077e3,
                             2.1213794301586595867e4,
                             3.9307895800092710610e4,
                             2.8729085735721942674e4,
                             5.2264952788528545610e3};
  static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                             5.76949722146069140550e0,  3.64784832476320460504e0,
                             1.27045825245236838258e0,  2.41780725177450611770e-1,
                             2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static const double d[] = {1.0,
                             2.05319162663775882187e0,
                             1.67638483018380384940e0,
                             6.89767334985100004550e-1,
                             1.48103976427480074590e-1,
                             1.51986665636164571966e-2,
                             5.47593808499534494600e-4,
                             1.05075007164441684324e-9};
  static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                             1.78482653991729133580e0,  2.96560571828504891230e-1,
                             2.65321895265761230930e-2, 1.24266094738807843860e-3,
                             2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static const double f[] = {1.0,
                             5.99832206555887937690e-1,
                             1.36929880922735805310e-1,
                             1.48753612908506148525e-2,
                             7.86869131145613259100e-4,
                             1.84631831751005468180e-5,
                             1.42151175831644588870e-7,
                             2.04426310338993978564e-15};
  double q = p - 0.5;
  if (fabs(q) <= 0.425) {
    double r = 0.180625 - q * q;
    return q * polynomial(a, 8, r) / polynomial(b, 8, r);
  }
  double r = sqrt(-kd_log(q < 0 ? p : 1 - p));
  double tail = r <= 5 ? polynomial(c, 8, r - 1.6) / polynomial(d, 8, r - 1.6)
                       : polynomial(e, 8, r - 5) / polynomial(f, 8, r - 5);
  return q < 0 ? -tail : tail;
}
