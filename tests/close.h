/* SPDX-License-Identifier: MIT
 *
 * Assertions for doubles on top of cmocka. "Close" is true only if
 * error <= tolerance holds, so a NaN fails.
 */
#ifndef KD_TEST_CLOSE_H
#define KD_TEST_CLOSE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_close(value, expected, tolerance)                                               \
  do {                                                                                         \
    double value_ = (value), expected_ = (expected), tolerance_ = (tolerance);                 \
    if (!(fabs(value_ - expected_) <= tolerance_))                                             \
      fail_msg("%s = %.17g, expected %.17g within %g (error %g)", #value, value_, expected_,   \
               tolerance_, fabs(value_ - expected_));                                          \
  } while (0)

#define assert_true_msg(condition, ...)                                                        \
  do {                                                                                         \
    if (!(condition)) fail_msg(__VA_ARGS__);                                                   \
  } while (0)

/* Equal to the bit; every NaN equals every NaN. */
static inline int same_bits(double a, double b) {
  return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

#endif
