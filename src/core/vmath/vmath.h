/* SPDX-License-Identifier: MIT
 *
 * Elementary functions with the same bits on every x86-64 processor, whatever the compiler
 * and its level: plain IEEE arithmetic and moves of bits, no FMA, no tables, no branches.
 * libm's change with the processor. They assume rounding to nearest.
 *
 * KD_EXP_ULPS and its like below bound the error in ulps of the exact result, for all
 * arguments but for sin and cos (up to 3000 in size) and pow (x >= 0); KD_DENORMAL_ULPS where
 * the result of exp or pow is denormal. The heads of the files say why. The largest errors
 * seen against MPFR are smaller; tests/core/test_vmath.c asserts those.
 *
 * NaN gives NaN; exp, expm1, sinh, pow overflow to infinity; log(0) and log1p(-1) are
 * -inf, below that NaN; sin and cos beyond 3000 are NaN; pow(x, y) is 1 where y = 0 or
 * x = 1, NaN where x < 0. Signs of zero are kept by the odd functions.
 *
 * kd_exp(x) and its like are for single numbers and for loops that do more than one thing;
 * in a loop under `#pragma omp simd` they run side by side. kd_vexp(n, x, y) and its like
 * do y_i = f(x_i) for whole arrays with the best the processor has, to the same bits; x and
 * y are the same array or do not overlap.
 */
#ifndef KD_VMATH_H
#define KD_VMATH_H

#include <stddef.h>

#include "vexp.h"
#include "vexpm1.h"
#include "vlog.h"
#include "vpow.h"
#include "vtrig.h"

#define KD_EXP_ULPS      1.00
#define KD_EXPM1_ULPS    0.75
#define KD_SINH_ULPS     0.85
#define KD_TANH_ULPS     0.80
#define KD_LOG_ULPS      0.98
#define KD_LOG1P_ULPS    0.98
#define KD_SIN_ULPS      0.90
#define KD_COS_ULPS      0.90
#define KD_POW_ULPS      1.06
#define KD_DENORMAL_ULPS 1.06

void kd_vexp(size_t n, const double *x, double *y);
void kd_vexpm1(size_t n, const double *x, double *y);
void kd_vsinh(size_t n, const double *x, double *y);
void kd_vtanh(size_t n, const double *x, double *y);
void kd_vlog(size_t n, const double *x, double *y);
void kd_vlog1p(size_t n, const double *x, double *y);
void kd_vsin(size_t n, const double *x, double *y);
void kd_vcos(size_t n, const double *x, double *y);

/* y_i = x_i^exponent */
void kd_vpow(size_t n, const double *x, double exponent, double *y);

#endif
