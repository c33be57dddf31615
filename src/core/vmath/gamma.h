/* SPDX-License-Identifier: MIT
 *
 * Special functions in normalisers of kernels: log Gamma and the Bessel function I_0.
 */
#ifndef KD_GAMMA_H
#define KD_GAMMA_H

/* log Gamma(x) for x > 0; inf at 0 and infinity, NaN below 0. The error is below 2.5 ulps
 * of the larger of 1 and the result, and below 3 of the result near its zeros 1 and 2. */
#define KD_LGAMMA_ULPS      2.5
#define KD_LGAMMA_ZERO_ULPS 3.0
double kd_lgamma(double x);

/* e^-x I_0(x) for x >= 0, NaN below. */
#define KD_I0_ULPS 3.0
double kd_i0_scaled(double x);

#endif
