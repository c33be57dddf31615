/* SPDX-License-Identifier: MIT
 *
 * The elementary functions against MPFR: the largest error in ulps of the exact value over
 * many arguments in ranges that end where the functions do; the ends themselves; and array
 * against scalar forms, bit for bit.
 *
 * 100,000 arguments a range, or as many thousand as KDEGRAD_TRIES has threes. libm's long
 * double functions, right to some 2^-9 ulp, say which arguments could set a new record;
 * only those go to MPFR. Where long double is double (valgrind) all do.
 */
#include <mpfr.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/vmath/vmath.h"
#include "tests/close.h"

static size_t tries(void) {
  const char *text = getenv("KDEGRAD_TRIES");
  return text ? (size_t)(1000.0 / 3 * atof(text)) : 100000;
}

static bool long_double_is_longer(void) {
  volatile long double one = 1;
  return one + 0x1p-60L != one;
}

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t state;

static double uniform(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* BITS: all doubles between the ends, of the same sign, equally likely: every magnitude */
enum spread { LINE, BITS };

struct range {
  double from, to;
  enum spread spread;
  double seen; /* ulps: no error may be larger */
};

static double argument(const struct range *r) {
  if (r->spread == LINE) return r->from + uniform() * (r->to - r->from);
  double a = (double)kd_bits(fabs(r->from)), b = (double)kd_bits(fabs(r->to));
  return copysign(kd_from_bits((uint64_t)(a + uniform() * (b - a))), r->from + r->to);
}

/* The second argument of those that have one; else unused */
typedef double ours(double x, double second);
typedef long double near(long double x, long double second);
typedef void exactly(mpfr_t result, double x, double second);

struct function {
  const char *name;
  ours *f;
  near *estimate;
  exactly *exact;
  double proved; /* ulps */
  double second;
  struct range range[8];
};

static mpfr_t value, difference, operand;

/* |got - value| in ulps of value, the ulp that of double */
static double ulps(double got) {
  if (mpfr_zero_p(value)) return got == 0 ? 0 : INFINITY;
  if (isinf(got)) { /* as 2^1024 with its sign */
    mpfr_set_d(operand, copysign(0x1p1023, got), MPFR_RNDN);
    mpfr_mul_2ui(operand, operand, 1, MPFR_RNDN);
  } else {
    mpfr_set_d(operand, got, MPFR_RNDN);
  }
  mpfr_sub(difference, operand, value, MPFR_RNDN);
  long exponent = (long)mpfr_get_exp(value) - 53;
  mpfr_mul_2si(difference, difference, -(exponent < -1074 ? -1074 : exponent), MPFR_RNDN);
  return fabs(mpfr_get_d(difference, MPFR_RNDN));
}

static double roughly(double got, long double estimate) {
  int exponent = estimate == 0 ? -1074 : ilogbl(estimate) - 52;
  return (double)ldexpl(fabsl(got - estimate), -(exponent < -1074 ? -1074 : exponent));
}

static double worst_of(const struct function *f, const struct range *r, double *at) {
  bool estimates = long_double_is_longer();
  double worst = 0;
  for (size_t i = 0, n = tries(); i < n; i++) {
    double x = i == 0 ? r->from : i == 1 ? r->to : argument(r), got = f->f(x, f->second);
    if (estimates && isfinite(got) && roughly(got, f->estimate(x, f->second)) + 0.02 < worst)
      continue;
    f->exact(value, x, f->second);
    double error = ulps(got);
    if (!(error <= worst)) worst = error, *at = x;
  }
  return worst;
}

static void check(const struct function *f) {
  state = 1;
  for (const struct range *r = f->range; r->seen > 0; r++) {
    double at = NAN, worst = worst_of(f, r, &at);
    char second[32] = "";
    if (f->second) snprintf(second, sizeof second, ", %g", f->second);
    print_message("%-8s [%g, %g]%s: %.3f ulp at %.17g\n", f->name, r->from, r->to, second,
                  worst, at);
    assert_true(r->seen <= f->proved);
    assert_true_msg(worst <= r->seen, "%s(%.17g%s) is off by %.3f ulp, more than %g", f->name,
                    at, second, worst, r->seen);
  }
}

#define UNARY(f)                                                                               \
  static double f##_ours(double x, double second) {                                            \
    (void)second;                                                                              \
    return kd_##f(x);                                                                          \
  }                                                                                            \
  static long double f##_near(long double x, long double second) {                             \
    (void)second;                                                                              \
    return f##l(x);                                                                            \
  }                                                                                            \
  static void f##_exactly(mpfr_t y, double x, double second) {                                 \
    (void)second;                                                                              \
    mpfr_set_d(y, x, MPFR_RNDN);                                                               \
    mpfr_##f(y, y, MPFR_RNDN);                                                                 \
  }

UNARY(exp)
UNARY(expm1)
UNARY(sinh)
UNARY(tanh)
UNARY(log)
UNARY(log1p)
UNARY(sin)
UNARY(cos)

static double pow_ours(double x, double y) {
  return kd_pow(x, y);
}
static long double pow_near(long double x, long double y) {
  return powl(x, y);
}
static void pow_exactly(mpfr_t result, double x, double y) {
  mpfr_set_d(result, x, MPFR_RNDN);
  mpfr_set_d(operand, y, MPFR_RNDN);
  mpfr_pow(result, result, operand, MPFR_RNDN);
}

#define ROW(f) #f, f##_ours, f##_near, f##_exactly

static const struct function functions[] = {
    {ROW(exp),
     KD_EXP_ULPS,
     0,
     {{-1, 1, LINE, 0.82},
      {-708.3, 709.78, LINE, 0.82},
      {-745.2, -708.3, LINE, 0.76},
      {700, 709.782712893384, LINE, 0.82},
      {-0x1p-1074, -700, BITS, 0.82},
      {0, 700, BITS, 0.82}}},
    {ROW(expm1),
     KD_EXPM1_ULPS,
     0,
     {{-1, 1, LINE, 0.71},
      {-0.5, -0.2, LINE, 0.71},
      {0.3, 0.6, LINE, 0.71},
      {-50, 50, LINE, 0.71},
      {-0x1p-1074, -1e300, BITS, 0.71},
      {0, 709.782712893384, BITS, 0.71},
      {0x1p-60, 0x1p-1, BITS, 0.71}}},
    {ROW(sinh),
     KD_SINH_ULPS,
     0,
     {{-1, 1, LINE, 0.70},
      {-50, 50, LINE, 0.70},
      {709, 710.47586007394386, LINE, 0.70},
      {-0x1p-1074, -700, BITS, 0.70},
      {0x1p-30, 4, BITS, 0.70}}},
    {ROW(tanh),
     KD_TANH_ULPS,
     0,
     {{-1, 1, LINE, 0.67},
      {-25, 25, LINE, 0.67},
      {-0x1p-1074, -1e300, BITS, 0.67},
      {0x1p-30, 4, BITS, 0.67}}},
    {ROW(log),
     KD_LOG_ULPS,
     0,
     {{0.5, 2, LINE, 0.82},
      {1 - 0x1p-20, 1 + 0x1p-20, LINE, 0.82},
      {0x1p-1074, 0x1p-1022, BITS, 0.82},
      {0x1p-1074, 1.7e308, BITS, 0.82},
      {0.1, 10, BITS, 0.82}}},
    {ROW(log1p),
     KD_LOG1P_ULPS,
     0,
     {{-0.99, 2, LINE, 0.84},
      {-0x1p-1074, -1 + 0x1p-53, BITS, 0.84},
      {0, 1.7e308, BITS, 0.84},
      {0x1p-60, 10, BITS, 0.84},
      {-0x1p-60, -0.999, BITS, 0.84}}},
    {ROW(sin),
     KD_SIN_ULPS,
     0,
     {{-1, 1, LINE, 0.80},
      {-12.6, 12.6, LINE, 0.80},
      {-3000, 3000, LINE, 0.80},
      {0x1p-1074, 3000, BITS, 0.80},
      {3.1415926535897, 3.1415926535899, LINE, 0.80}}},
    {ROW(cos),
     KD_COS_ULPS,
     0,
     {{-1, 1, LINE, 0.79},
      {-12.6, 12.6, LINE, 0.79},
      {-3000, 3000, LINE, 0.79},
      {0x1p-1074, 3000, BITS, 0.79},
      {1.57079632679489, 1.57079632679490, LINE, 0.79}}},
    {ROW(pow), KD_POW_ULPS, 1.5, {{0x1p-1074, 1e205, BITS, 0.83}, {0, 100, LINE, 0.83}}},
    {ROW(pow), KD_POW_ULPS, 0.3, {{0x1p-1074, 1.7e308, BITS, 0.83}}},
    {ROW(pow), KD_POW_ULPS, -2.7, {{1e-113, 1e113, BITS, 0.83}}},
    {ROW(pow), KD_POW_ULPS, 30, {{0.01, 10, BITS, 0.83}, {3.8e-11, 5.6e-11, LINE, 0.76}}},
    {ROW(pow), KD_POW_ULPS, 1e9, {{1 - 7e-7, 1 + 7e-7, LINE, 0.83}}},
    {ROW(pow), KD_POW_ULPS, 2, {{1e-150, 1e150, BITS, 0.83}}},
};

static void errors_are_within_their_bounds(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) check(&functions[i]);
}

/* --- ends --- */

struct end {
  double (*f)(double);
  double x, y;
};

static double exp_(double x) {
  return kd_exp(x);
}
static double expm1_(double x) {
  return kd_expm1(x);
}
static double sinh_(double x) {
  return kd_sinh(x);
}
static double tanh_(double x) {
  return kd_tanh(x);
}
static double log_(double x) {
  return kd_log(x);
}
static double log1p_(double x) {
  return kd_log1p(x);
}
static double sin_(double x) {
  return kd_sin(x);
}
static double cos_(double x) {
  return kd_cos(x);
}

/* kd_exp_normal has the bits of kd_exp where it holds. */
static void normal_exponentials(void **unused) {
  (void)unused;
  enum { STEPS = 200000 };
  for (int i = 0; i <= STEPS; i++) {
    double x = -708 + 1417 * ((double)i / STEPS), tiny = x * 0x1p-40;
    assert_true(kd_bits(kd_exp_normal(x)) == kd_bits(kd_exp(x)));
    assert_true(kd_bits(kd_exp_normal(tiny)) == kd_bits(kd_exp(tiny)));
  }
}

static void ends_are_exact(void **unused) {
  (void)unused;
  const double inf = INFINITY, most = 0x1.fffffffffffffp1023, least = 0x1p-1074;
  const struct end row[] = {
      {exp_, 0, 1},
      {exp_, -0.0, 1},
      {exp_, inf, inf},
      {exp_, -inf, 0},
      {exp_, most, inf},
      {exp_, -most, 0},
      {exp_, 709.79, inf},
      {exp_, 711, inf},
      {exp_, -745.14, 0},
      {exp_, -745.13, least},
      {exp_, -746.1, 0},
      {exp_, -747, 0},
      {exp_, NAN, NAN},
      {exp_, least, 1},
      {exp_, 0x1p100, inf},
      {expm1_, 0, 0},
      {expm1_, -0.0, -0.0},
      {expm1_, inf, inf},
      {expm1_, -inf, -1},
      {expm1_, least, least},
      {expm1_, -least, -least},
      {expm1_, 709.79, inf},
      {expm1_, -38, -1},
      {expm1_, -most, -1},
      {expm1_, most, inf},
      {expm1_, NAN, NAN},
      {sinh_, 0, 0},
      {sinh_, -0.0, -0.0},
      {sinh_, inf, inf},
      {sinh_, -inf, -inf},
      {sinh_, -least, -least},
      {sinh_, 710.48, inf},
      {sinh_, -most, -inf},
      {sinh_, NAN, NAN},
      {tanh_, 0, 0},
      {tanh_, -0.0, -0.0},
      {tanh_, inf, 1},
      {tanh_, -inf, -1},
      {tanh_, least, least},
      {tanh_, 19.1, 1},
      {tanh_, -most, -1},
      {tanh_, NAN, NAN},
      {log_, 1, 0},
      {log_, 0, -inf},
      {log_, -0.0, -inf},
      {log_, inf, inf},
      {log_, -1, NAN},
      {log_, -inf, NAN},
      {log_, -least, NAN},
      {log_, NAN, NAN},
      {log_, least, -744.4400719213812},
      {log_, most, 709.782712893384},
      {log1p_, 0, 0},
      {log1p_, -0.0, -0.0},
      {log1p_, -1, -inf},
      {log1p_, -1.1, NAN},
      {log1p_, -inf, NAN},
      {log1p_, inf, inf},
      {log1p_, least, least},
      {log1p_, -least, -least},
      {log1p_, most, 709.782712893384},
      {log1p_, NAN, NAN},
      {sin_, 0, 0},
      {sin_, -0.0, -0.0},
      {sin_, least, least},
      {sin_, 3001, NAN},
      {sin_, inf, NAN},
      {sin_, -inf, NAN},
      {sin_, NAN, NAN},
      {cos_, 0, 1},
      {cos_, -0.0, 1},
      {cos_, least, 1},
      {cos_, -3001, NAN},
      {cos_, inf, NAN},
      {cos_, NAN, NAN},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    double got = row[i].f(row[i].x);
    assert_true_msg(same_bits(got, row[i].y), "row %zu: f(%.17g) = %.17g, expected %.17g", i,
                    row[i].x, got, row[i].y);
  }
}

static void powers_at_their_ends(void **unused) {
  (void)unused;
  const double inf = INFINITY;
  static const double at[] = {0, 0x1p-1074, 0.5, 1, 2, 0x1.fffffffffffffp1023, INFINITY};
  static const double y[] = {0,   -0.0, 0x1p-1074, -0x1p-1074, 1,     -1,       0.5,
                             700, -700, 1e300,     -1e300,     1e-20, INFINITY, -INFINITY};
  for (size_t i = 0; i < sizeof at / sizeof *at; i++)
    for (size_t j = 0; j < sizeof y / sizeof *y; j++) /* glibc is within an ulp */
      if (kd_pow(at[i], y[j]) != pow(at[i], y[j]))
        assert_close(kd_pow(at[i], y[j]) / pow(at[i], y[j]), 1, 0x1p-52);
  assert_true(same_bits(kd_pow(-1, 2), NAN) && same_bits(kd_pow(NAN, 2), NAN));
  assert_true(same_bits(kd_pow(2, NAN), NAN) && same_bits(kd_pow(0, NAN), NAN));
  assert_true(kd_pow(1, NAN) == 1 && kd_pow(NAN, 0) == 1 && kd_pow(-3, 0) == 1);
  assert_true(kd_pow(-0.0, -1) == inf && kd_pow(inf, -1) == 0);
}

static void numbers_between(void **unused) {
  (void)unused;
  static const double end[][2] = {{1e-300, 1e300}, {0x1p-1074, 1}, {2, 3}, {1e-3, 1e-7}};
  for (size_t r = 0; r < sizeof end / sizeof *end; r++)
    for (int i = 0; i <= 600; i++) { /* a^((600-i)/600) b^(i/600) */
      mpfr_t a, b;
      mpfr_inits2(300, a, b, (mpfr_ptr)0);
      mpfr_set_d(a, end[r][0], MPFR_RNDN), mpfr_log(a, a, MPFR_RNDN);
      mpfr_set_d(b, end[r][1], MPFR_RNDN), mpfr_log(b, b, MPFR_RNDN);
      mpfr_mul_si(a, a, 600 - i, MPFR_RNDN), mpfr_mul_si(b, b, i, MPFR_RNDN);
      mpfr_add(a, a, b, MPFR_RNDN), mpfr_div_si(a, a, 600, MPFR_RNDN);
      mpfr_exp(value, a, MPFR_RNDN);
      double error = ulps(kd_between(end[r][0], end[r][1], i, 600));
      assert_true_msg(error <= KD_DENORMAL_ULPS, "%g to %g, step %d: %.3f ulp", end[r][0],
                      end[r][1], i, error);
      mpfr_clears(a, b, (mpfr_ptr)0);
    }
}

/* --- array forms --- */

enum { LONGEST = 67, ROOM = LONGEST + 16 };

static void square_root_of_cube(size_t n, const double *x, double *y) {
  kd_vpow(n, x, 1.5, y);
}
static double one_cube(double x) {
  return kd_pow(x, 1.5);
}

static const struct {
  void (*array)(size_t n, const double *x, double *y);
  double (*one)(double);
} form[] = {{kd_vexp, exp_},   {kd_vexpm1, expm1_}, {kd_vsinh, sinh_},
            {kd_vtanh, tanh_}, {kd_vlog, log_},     {kd_vlog1p, log1p_},
            {kd_vsin, sin_},   {kd_vcos, cos_},     {square_root_of_cube, one_cube}};

static double any_argument(void) {
  static const double special[] = {0, -0.0, INFINITY, -INFINITY, NAN, 0x1p-1074, 1, -1};
  static const struct range wide = {0x1p-1074, 1.7e308, BITS, 0};
  double u = uniform();
  if (u < 0.2) return special[(size_t)(uniform() * 8)];
  if (u < 0.3) return argument(&wide);
  return u < 0.6 ? 3 * uniform() - 1 : 1600 * uniform() - 800;
}

static void arrays_have_the_bits_of_single_numbers(void **unused) {
  (void)unused;
  double x[ROOM], y[ROOM];
  state = 2;
  for (size_t f = 0; f < sizeof form / sizeof *form; f++)
    for (size_t n = 0; n <= LONGEST; n++)
      for (size_t offset = 0; offset < 8; offset++) {
        for (size_t i = 0; i < ROOM; i++) x[i] = any_argument(), y[i] = 42;
        form[f].array(n, x + offset, y + 8 - offset);
        for (size_t i = 0; i < ROOM; i++) {
          bool inside = i >= 8 - offset && i < 8 - offset + n;
          double want = inside ? form[f].one(x[i - 8 + 2 * offset]) : 42;
          assert_true_msg(memcmp(&y[i], &want, sizeof want) == 0,
                          "function %zu, n = %zu, offset %zu: y[%zu] = %.17g, %.17g", f, n,
                          offset, i, y[i], want);
        }
      }
}

static void in_place(void **unused) {
  (void)unused;
  double x[ROOM], y[ROOM];
  for (size_t f = 0; f < sizeof form / sizeof *form; f++) {
    for (size_t i = 0; i < ROOM; i++) x[i] = any_argument();
    form[f].array(ROOM, x, y);
    form[f].array(ROOM, x, x);
    assert_memory_equal(x, y, sizeof x);
  }
}

static int begin(void **unused) {
  (void)unused;
  mpfr_set_default_prec(160);
  mpfr_inits2(160, value, difference, operand, (mpfr_ptr)0);
  return 0;
}

static int end(void **unused) {
  (void)unused;
  mpfr_clears(value, difference, operand, (mpfr_ptr)0);
  mpfr_free_cache();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_are_within_their_bounds),
      cmocka_unit_test(ends_are_exact),
      cmocka_unit_test(normal_exponentials),
      cmocka_unit_test(powers_at_their_ends),
      cmocka_unit_test(numbers_between),
      cmocka_unit_test(arrays_have_the_bits_of_single_numbers),
      cmocka_unit_test(in_place),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
