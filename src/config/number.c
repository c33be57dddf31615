/* SPDX-License-Identifier: MIT
 *
 * Numbers as text; see number.h. The C library converts, inside the "C"
 * locale of the calling thread; we check the syntax.
 */
#include "number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double integer_max = 9007199254740992.0; /* 2^53 */

struct locale_guard {
  locale_t c, old;
};

static struct locale_guard enter_c_locale(void) {
  struct locale_guard guard = {.c = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
  guard.old = uselocale(guard.c);
  return guard;
}

static void leave_c_locale(struct locale_guard guard) {
  uselocale(guard.old);
  if (guard.c) freelocale(guard.c);
}

static size_t digits(const char **p) {
  size_t n = 0;
  for (; **p >= '0' && **p <= '9'; (*p)++) n++;
  return n;
}

static void sign(const char **p) {
  if (**p == '-' || **p == '+') (*p)++;
}

/* [sign] digits [. digits] [e [sign] digits], digits on one side at least. */
static bool is_number(const char *p) {
  sign(&p);
  size_t n = digits(&p);
  if (*p == '.') {
    p++;
    n += digits(&p);
  }
  if (n == 0) return false;
  if (*p == 'e' || *p == 'E') {
    p++;
    sign(&p);
    if (digits(&p) == 0) return false;
  }
  return *p == '\0';
}

static bool is_integer(const char *p) {
  sign(&p);
  return digits(&p) > 0 && *p == '\0';
}

static bool is_word(const char *p, const char *word) {
  sign(&p);
  if (*p == '.') p++;
  return strcasecmp(p, word) == 0;
}

static const char *why_not(const char *text) {
  const char *p = text;
  if (is_word(text, "nan")) return "it must be a number, not nan";
  if (is_word(text, "inf") || is_word(text, "infinity")) return "it must be finite";
  sign(&p);
  if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) return "hexadecimal is not read";
  if (p[0] == '0' && (p[1] == 'o' || p[1] == 'O')) return "octal is not read";
  if (p[0] == '0' && (p[1] == 'b' || p[1] == 'B')) return "binary is not read";
  if (digits(&p) == 0) return NULL;
  if (*p == '_') return "digits cannot be grouped";
  if (*p == ',') return "the decimal sign is a point";
  if (*p == '/') return "a fraction is written with a point";
  if (*p == 'd' || *p == 'D') return "an exponent is written with e";
  return NULL;
}

static double convert(const char *text) {
  struct locale_guard guard = enter_c_locale();
  double number = strtod(text, NULL);
  leave_c_locale(guard);
  return number + 0.0; /* -0 becomes 0 */
}

static bool has_mantissa(const char *text) {
  char first = text[strcspn(text, "123456789eE")];
  return first >= '1' && first <= '9';
}

bool kd_number_read(const char *text, double *number, const char **why) {
  *why = NULL;
  if (!is_number(text)) {
    *why = why_not(text);
    return false;
  }
  *number = convert(text);
  if (isinf(*number)) *why = "too large for a double";
  if (*number == 0 && has_mantissa(text)) *why = "too small for a double";
  return !*why;
}

bool kd_integer_read(const char *text, double *number, const char **why) {
  if (!is_integer(text)) {
    bool real = kd_number_read(text, number, why);
    if (real) *why = "an integer has no point and no exponent";
    return false;
  }
  *why = NULL;
  *number = convert(text);
  if (fabs(*number) < integer_max) return true;
  /* Beyond 2^53 doubles skip integers: only 2^53 itself is known exactly. */
  sign(&text);
  while (*text == '0') text++;
  return strcmp(text, "9007199254740992") == 0;
}

bool kd_number_is_octal(const char *text) {
  sign(&text);
  return text[0] == '0' && text[1] && is_integer(text);
}

/* "1e+60" and "1e-07" as one types them: "1e60", "1e-7". */
static void tidy_exponent(char *text) {
  char *e = strchr(text, 'e');
  if (!e) return;
  char *from = ++e;
  if (*from == '-') e++;
  from++;
  while (*from == '0') from++;
  memmove(e, from, strlen(from) + 1);
}

void kd_number_text(double number, char *text, size_t size) {
  struct locale_guard guard = enter_c_locale();
  for (int precision = 15; precision <= 17; precision++) {
    snprintf(text, size, "%.*g", precision, number);
    if (strtod(text, NULL) == number) break;
  }
  leave_c_locale(guard);
  tidy_exponent(text);
}

/* n of the first digit's 10^n */
static int decimal_exponent(double number) {
  char text[KD_NUMBER_TEXT];
  snprintf(text, sizeof text, "%.12e", number);
  return atoi(strchr(text, 'e') + 1);
}

double kd_number_snapped(double number, double scale, double error) {
  char text[KD_NUMBER_TEXT];
  double near = 0;
  if (!isfinite(number) || !isfinite(scale)) return number;
  struct locale_guard guard = enter_c_locale();
  if (fabs(number) > error) {
    int digits = 12;
    if (number != scale) digits += decimal_exponent(number) - decimal_exponent(scale);
    snprintf(text, sizeof text, "%.*e", digits < 0 ? 0 : digits, number);
    near = strtod(text, NULL);
  }
  leave_c_locale(guard);
  return fabs(near - number) <= error ? near : number;
}
