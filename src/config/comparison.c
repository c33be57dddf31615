/* SPDX-License-Identifier: MIT
 *
 * From the text of a comparison to its words; see comparison.h.
 */
#include "comparison.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "shown.h"

static const char *const relations[KD_N_RELATIONS] = {
    [KD_EQUAL] = "==",      [KD_UNEQUAL] = "!=", [KD_LESS] = "<",
    [KD_LESS_EQUAL] = "<=", [KD_GREATER] = ">",  [KD_GREATER_EQUAL] = ">="};

struct reader {
  const char *text;
  size_t at;
  struct kd_comparison_fault *fault;
};

void kd_comparison_word(const char *text, struct kd_token token,
                        char word[KD_COMPARISON_WORD]) {
  kd_shown_brief_of(text + token.at, token.n, word);
}

struct kd_comparison_fault kd_comparison_blame(const char *text, struct kd_token token,
                                               const char *hint, const char *message) {
  struct kd_comparison_fault fault = {.token = token, .hint = hint};
  char word[KD_COMPARISON_WORD];
  kd_comparison_word(text, token, word);
  snprintf(fault.message, sizeof fault.message, "%s%s%s%s", message,
           token.n ? ", got '" : " here", word, token.n ? "'" : "");
  return fault;
}

static bool refuse(struct reader *reader, struct kd_token token, const char *hint,
                   const char *message) {
  *reader->fault = kd_comparison_blame(reader->text, token, hint, message);
  return false;
}

/* ------------------------------------------------------------------ tokens */

static bool starts_word(unsigned char c) {
  return isalpha(c) || c == '_' || c >= 0x80;
}

static bool starts_number(const char *p) {
  if (*p == '+' || *p == '-') p++;
  return isdigit((unsigned char)*p) || (*p == '.' && isdigit((unsigned char)p[1]));
}

static size_t word_length(const char *p) {
  size_t n = 0;
  while (starts_word((unsigned char)p[n]) || isdigit((unsigned char)p[n]) || p[n] == '.' ||
         (p[n] == '-' && starts_word((unsigned char)p[n + 1])))
    n++;
  return n;
}

/* Up to where a number, or what was meant as one, ends. */
static size_t number_length(const char *p) {
  size_t n = *p == '+' || *p == '-';
  for (;; n++) {
    bool exponent = n > 0 && (p[n - 1] == 'e' || p[n - 1] == 'E');
    bool sign = (p[n] == '+' || p[n] == '-') && exponent;
    if (!sign && !isalnum((unsigned char)p[n]) && p[n] != '.' && p[n] != '_') return n;
  }
}

static struct kd_token next(struct reader *reader) {
  reader->at += strspn(reader->text + reader->at, " \t\r\n");
  const char *p = reader->text + reader->at;
  struct kd_token token = {KD_TOKEN_OTHER, reader->at, 1};
  if (!*p)
    token.kind = KD_TOKEN_END, token.n = 0;
  else if (starts_number(p))
    token.kind = KD_TOKEN_NUMBER, token.n = number_length(p);
  else if (starts_word((unsigned char)*p))
    token.kind = KD_TOKEN_WORD, token.n = word_length(p);
  else if (strchr("=!<>", *p))
    token.kind = KD_TOKEN_RELATION, token.n = strspn(p, "=!<>");
  else
    token.n = strspn(p, "&|") ? strspn(p, "&|") : 1;
  reader->at += token.n;
  return token;
}

/* ----------------------------------------------------------------- grammar */

static bool is_word(const struct reader *reader, struct kd_token token, const char *word) {
  return token.n == strlen(word) && memcmp(reader->text + token.at, word, token.n) == 0;
}

/* The relation for which another sign is in use elsewhere, or NULL. */
static const char *meant_by(const struct reader *reader, struct kd_token token) {
  static const char *const meant[][2] = {
      {"=", "did you mean '=='?"},  {"=<", "did you mean '<='?"},  {"=>", "did you mean '>='?"},
      {"<>", "did you mean '!='?"}, {"===", "did you mean '=='?"}, {"!", "did you mean '!='?"}};
  for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
    if (is_word(reader, token, meant[i][0])) return meant[i][1];
  return NULL;
}

static bool read_relation(struct reader *reader, struct kd_comparison *comparison) {
  struct kd_token token = comparison->sign = next(reader);
  for (int r = 0; r < KD_N_RELATIONS; r++) {
    if (token.kind != KD_TOKEN_RELATION || !is_word(reader, token, relations[r])) continue;
    comparison->relation = (enum kd_relation)r;
    return true;
  }
  return refuse(reader, token, meant_by(reader, token), "expected one of == != < <= > >=");
}

static bool read_term(struct reader *reader, struct kd_token *term) {
  struct kd_token token = *term = next(reader);
  if (token.kind == KD_TOKEN_WORD || token.kind == KD_TOKEN_NUMBER) return true;
  bool quote = is_word(reader, token, "'") || is_word(reader, token, "\"");
  return refuse(reader, token, quote ? "names take no quotes" : NULL,
                "expected a path, a number or a name");
}

static bool read_end(struct reader *reader) {
  static const char *const joint[] = {"and", "or", "&", "&&", "|", "||"};
  struct kd_token token = next(reader);
  const char *hint = NULL;
  if (token.kind == KD_TOKEN_END) return true;
  for (size_t i = 0; i < sizeof joint / sizeof *joint; i++)
    if (is_word(reader, token, joint[i])) hint = "all filters of the list must hold";
  if (token.kind == KD_TOKEN_RELATION) hint = "write two filters";
  return refuse(reader, token, hint, "a filter is one comparison; expected its end");
}

bool kd_comparison_read(const char *text, struct kd_comparison *comparison,
                        struct kd_comparison_fault *fault) {
  struct reader reader = {text, 0, fault};
  return read_term(&reader, &comparison->term[0]) && read_relation(&reader, comparison) &&
         read_term(&reader, &comparison->term[1]) && read_end(&reader);
}

/* ----------------------------------------------------------------- meaning */

bool kd_comparison_number(const char *text, struct kd_token token, double *number,
                          struct kd_comparison_fault *fault) {
  const char *why = NULL;
  char *word = strndup(text + token.at, token.n);
  bool good = word && kd_number_read(word, number, &why);
  if (good && kd_number_is_octal(word)) why = KD_OCTAL;
  good = good && !why;
  if (!good)
    *fault =
        kd_comparison_blame(text, token, word ? why : "memory is short", "expected a number");
  free(word);
  return good;
}

bool kd_relation_holds(enum kd_relation relation, double a, double b) {
  if (isnan(a) || isnan(b)) return false;
  switch (relation) {
  case KD_EQUAL:
    return a == b;
  case KD_UNEQUAL:
    return a != b;
  case KD_LESS:
    return a < b;
  case KD_LESS_EQUAL:
    return a <= b;
  case KD_GREATER:
    return a > b;
  default:
    return a >= b;
  }
}
