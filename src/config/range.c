/* SPDX-License-Identifier: MIT
 *
 * See range.h. The logarithm is 2 artanh((r-1)/(r+1)), the exponential its
 * Taylor series; both are cut where a term is below 2^-106.
 */
#include "range.h"

#include <math.h>

#include "core/vmath/dd.h"
#include "core/num.h"
#include "number.h"

typedef struct kd_dd pair;

static const pair LOG_2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

static pair of(double a) {
  return (pair){a, 0};
}

/* a/n, without a low part if a double holds it */
static pair divided(pair a, double n) {
  double first = a.high / n;
  pair product = kd_two_product(first, n);
  double left = (a.high - product.high) - product.low + a.low;
  return kd_fast_two_sum(first, left / n);
}

/* log r, 0.7 < r < 1.5: sum of 2 s^k/k over odd k, s = (r-1)/(r+1) */
static pair log_near_one(pair r) {
  pair s = kd_dd_quotient(kd_dd_sum(r, of(-1)), kd_dd_sum(r, of(1)));
  pair square = kd_dd_product(s, s), sum = {0, 0};
  for (int k = 45; k > 0; k -= 2)
    sum = kd_dd_sum(kd_dd_product(sum, square), divided(of(1), k));
  return kd_dd_product(kd_dd_scaled(s, 2), sum);
}

/* e^x, |x| < 0.35, as (e^(x/32))^32 */
static pair exp_near_zero(pair x) {
  pair sum = {1, 0};
  x = kd_dd_scaled(x, 0.03125);
  for (int k = 14; k > 0; k--) sum = kd_dd_sum(of(1), divided(kd_dd_product(sum, x), k));
  for (int k = 0; k < 5; k++) sum = kd_dd_product(sum, sum);
  return sum;
}

/* log(to/from) of the mantissas, and what the exponents add */
static pair log_ratio(double from, double to) {
  int e_from, e_to;
  double m_from = frexp(from, &e_from), m_to = frexp(to, &e_to);
  int e = e_to - e_from;
  if (m_to > 1.42 * m_from) m_to /= 2, e++;
  if (m_from > 1.42 * m_to) m_to *= 2, e--;
  return kd_dd_sum(log_near_one(divided(of(m_to), m_from)), kd_dd_scaled(LOG_2, e));
}

static double geometric(const struct kd_range *r, double i, double last) {
  int e;
  double m = frexp(r->from, &e);
  pair ratio = {r->log_ratio[0], r->log_ratio[1]};
  pair x = divided(kd_dd_scaled(ratio, i), last);
  double octaves = rint(x.high / LOG_2.high);
  pair rest = kd_dd_sum(x, kd_dd_scaled(LOG_2, -octaves));
  double number = ldexp(kd_dd_scaled(exp_near_zero(rest), m).high, e + (int)octaves);
  return kd_number_snapped(number, number, 2 * KD_U * number);
}

static double arithmetic(const struct kd_range *r, double i, double last) {
  pair step = divided(kd_dd_scaled(kd_two_sum(r->to, -r->from), i), last);
  pair number = kd_dd_sum(of(r->from), step);
  if (number.low == 0) return 0.0 + number.high;
  double from = fabs(r->from), to = fabs(r->to), share = i / last;
  double error = KD_U * ((1 - share) * from + share * to + fabs(number.high));
  return 0.0 + kd_number_snapped(number.high, fmax(from, to), error);
}

struct kd_range kd_range_make(double from, double to, size_t n, bool log) {
  struct kd_range range = {.from = from, .to = to, .n = n, .log = log};
  if (!log) return range;
  pair ratio = log_ratio(from, to);
  range.log_ratio[0] = ratio.high;
  range.log_ratio[1] = ratio.low;
  return range;
}

double kd_range_number(const struct kd_range *range, size_t i) {
  if (i == 0) return range->from;
  if (i == range->n - 1) return range->to;
  return (range->log ? geometric : arithmetic)(range, (double)i, (double)(range->n - 1));
}
