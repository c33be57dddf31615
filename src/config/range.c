/* SPDX-License-Identifier: MIT
 *
 * See range.h. Arithmetic of pairs: T. J. Dekker, Numerische Mathematik 18
 * (1971) 224. The logarithm is 2 artanh((r-1)/(r+1)), the exponential its
 * Taylor series; both are cut where a term is below 2^-106.
 */
#include "range.h"

#include <math.h>

#include "core/dd.h"
#include "number.h"

typedef struct kd_dd pair;

static const pair LOG_2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

static pair of(double a) {
  return (pair){a, 0};
}

/* |a| >= |b| */
static pair renormalised(double a, double b) {
  double sum = a + b;
  return (pair){sum, b - (sum - a)};
}

static pair plus(pair a, pair b) {
  pair high = kd_two_sum(a.high, b.high), low = kd_two_sum(a.low, b.low);
  high = renormalised(high.high, high.low + low.high);
  return renormalised(high.high, high.low + low.low);
}

static pair times(pair a, pair b) {
  double product = a.high * b.high;
  double rest = kd_two_product(a.high, b.high).low + (a.high * b.low + a.low * b.high);
  return renormalised(product, rest);
}

static pair over(pair a, pair b) {
  double first = a.high / b.high;
  pair left = plus(a, times(b, of(-first)));
  double second = left.high / b.high;
  left = plus(left, times(b, of(-second)));
  return plus(renormalised(first, second), of(left.high / b.high));
}

/* log r, 0.7 < r < 1.5: sum of 2 s^k/k over odd k, s = (r-1)/(r+1) */
static pair log_near_one(pair r) {
  pair s = over(plus(r, of(-1)), plus(r, of(1))), square = times(s, s), sum = {0, 0};
  for (int k = 45; k > 0; k -= 2) sum = plus(times(sum, square), over(of(1), of(k)));
  return times(times(of(2), s), sum);
}

/* e^x, |x| < 0.35 */
static pair exp_near_zero(pair x) {
  pair sum = {1, 0};
  for (int k = 28; k > 0; k--) sum = plus(of(1), times(sum, over(x, of(k))));
  return sum;
}

/* log(to/from) of the mantissas, and what the exponents add */
static pair log_ratio(double from, double to) {
  int e_from, e_to;
  double m_from = frexp(from, &e_from), m_to = frexp(to, &e_to);
  int e = e_to - e_from;
  if (m_to > 1.42 * m_from) m_to /= 2, e++;
  if (m_from > 1.42 * m_to) m_to *= 2, e--;
  return plus(log_near_one(over(of(m_to), of(m_from))), times(LOG_2, of(e)));
}

static double geometric(double from, double to, double i, double last) {
  int e;
  double m = frexp(from, &e);
  pair x = over(times(log_ratio(from, to), of(i)), of(last));
  double octaves = rint(x.high / LOG_2.high);
  pair rest = plus(x, times(LOG_2, of(-octaves)));
  double number = ldexp(times(exp_near_zero(rest), of(m)).high, e + (int)octaves);
  return kd_number_snapped(number, number);
}

static double arithmetic(double from, double to, double i, double last) {
  pair step = over(times(kd_two_sum(to, -from), of(i)), of(last));
  pair number = plus(of(from), step);
  double scale = fmax(fabs(from), fabs(to));
  return 0.0 + (number.low == 0 ? number.high : kd_number_snapped(number.high, scale));
}

double kd_range_number(double from, double to, bool log, size_t i, size_t n) {
  if (i == 0) return from;
  if (i == n - 1) return to;
  return (log ? geometric : arithmetic)(from, to, (double)i, (double)(n - 1));
}
