/* SPDX-License-Identifier: MIT
 *
 * From a filter's text to its terms; see filter.h. First the words of the
 * text, then what they mean: a word is a path or a quantity where there is one
 * of that name, else a name of the path on the other side.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "filter.h"
#include "number.h"
#include "shown.h"

static const char *const relations[KD_N_RELATIONS] = {
    [KD_EQUAL] = "==",      [KD_UNEQUAL] = "!=", [KD_LESS] = "<",
    [KD_LESS_EQUAL] = "<=", [KD_GREATER] = ">",  [KD_GREATER_EQUAL] = ">="};

enum token_kind { WORD, NUMBER, RELATION, END, OTHER };

struct token {
  enum token_kind kind;
  size_t at, n; /* bytes of the text */
};

struct reader {
  struct kd_filter *filter;
  struct kd_diag *diag;
  size_t at;
};

/* A long word is cut; no path is as long. */
enum { WORD_MAX = KD_BRIEF };
static void copy(const struct reader *reader, struct token token, char word[WORD_MAX]) {
  kd_shown_brief_of(reader->filter->text + token.at, token.n, word);
}

static void complain(struct reader *reader, struct token token, const char *hint,
                     const char *message) {
  char word[WORD_MAX];
  copy(reader, token, word);
  kd_diag_add(reader->diag, kd_filter_mark(reader->filter, token.at, token.n, reader->diag),
              hint, "%s%s%s%s", message, token.n ? ", got '" : " here", word,
              token.n ? "'" : "");
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

static struct token next(struct reader *reader) {
  const char *text = reader->filter->text;
  reader->at += strspn(text + reader->at, " \t\r\n");
  const char *p = text + reader->at;
  struct token token = {OTHER, reader->at, 1};
  if (!*p)
    token.kind = END, token.n = 0;
  else if (starts_number(p))
    token.kind = NUMBER, token.n = number_length(p);
  else if (starts_word((unsigned char)*p))
    token.kind = WORD, token.n = word_length(p);
  else if (strchr("=!<>", *p))
    token.kind = RELATION, token.n = strspn(p, "=!<>");
  else
    token.n = strspn(p, "&|") ? strspn(p, "&|") : 1;
  reader->at += token.n;
  return token;
}

/* ----------------------------------------------------------------- grammar */

static bool is_word(const struct reader *reader, struct token token, const char *word) {
  return token.n == strlen(word) && memcmp(reader->filter->text + token.at, word, token.n) == 0;
}

/* The relation for which another sign is in use elsewhere, or NULL. */
static const char *meant_by(const struct reader *reader, struct token token) {
  static const char *const meant[][2] = {
      {"=", "did you mean '=='?"},  {"=<", "did you mean '<='?"},  {"=>", "did you mean '>='?"},
      {"<>", "did you mean '!='?"}, {"===", "did you mean '=='?"}, {"!", "did you mean '!='?"}};
  for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
    if (is_word(reader, token, meant[i][0])) return meant[i][1];
  return NULL;
}

static bool read_relation(struct reader *reader, struct token token) {
  for (int r = 0; r < KD_N_RELATIONS; r++) {
    if (token.kind != RELATION || !is_word(reader, token, relations[r])) continue;
    reader->filter->relation = (enum kd_relation)r;
    return true;
  }
  complain(reader, token, meant_by(reader, token), "expected one of == != < <= > >=");
  return false;
}

static bool is_term(struct reader *reader, struct token token) {
  if (token.kind == WORD || token.kind == NUMBER) return true;
  bool quote = is_word(reader, token, "'") || is_word(reader, token, "\"");
  complain(reader, token, quote ? "names take no quotes" : NULL,
           "expected a path, a number or a name");
  return false;
}

static bool is_end(struct reader *reader, struct token token) {
  static const char *const joint[] = {"and", "or", "&", "&&", "|", "||"};
  const char *hint = NULL;
  if (token.kind == END) return true;
  for (size_t i = 0; i < sizeof joint / sizeof *joint; i++)
    if (is_word(reader, token, joint[i])) hint = "all filters of the list must hold";
  if (token.kind == RELATION) hint = "write two filters";
  complain(reader, token, hint, "a filter is one comparison; expected its end");
  return false;
}

/* ----------------------------------------------------------------- meaning */

static struct kd_mark mark_of(const struct reader *reader, const struct kd_term *term) {
  return kd_filter_mark(reader->filter, term->at, term->width, reader->diag);
}

static bool read_number(struct reader *reader, struct token token, struct kd_term *term) {
  const char *why = NULL;
  char *text = strndup(reader->filter->text + token.at, token.n);
  bool good = text && kd_number_read(text, &term->number, &why);
  if (good && kd_number_is_octal(text)) why = KD_OCTAL;
  good = good && !why;
  if (!text)
    kd_diag_no_memory(reader->diag);
  else if (!good)
    complain(reader, token, why, "expected a number");
  free(text);
  return good;
}

/* A path or a quantity; false if the word is neither. */
static bool find_path(const char *word, struct kd_term *term) {
  term->key = kd_key_find(word);
  term->quantity = kd_quantity_find(word);
  return term->key || term->quantity;
}

static void try_path(struct kd_nearest *nearest, const char *path) {
  const char *dot = strchr(nearest->word, '.'), *tail = strchr(path, '.');
  bool same_tail =
      dot ? strcmp(dot + 1, path) == 0 : tail && strcmp(tail + 1, nearest->word) == 0;
  if (same_tail) nearest->best = path, nearest->distance = 0;
  kd_nearest_try(nearest, path);
}

/* The key that takes this name, or NULL. */
static const struct kd_key *key_of_name(const char *word) {
  const char *name;
  for (size_t k = 0; k < KD_N_KEYS; k++)
    for (size_t i = 0; kd_keys[k].type == KD_KEY_NAME && (name = kd_keys[k].choice(i)); i++)
      if (strcmp(name, word) == 0) return &kd_keys[k];
  return NULL;
}

static bool unknown_path(struct reader *reader, const char *word, const struct kd_term *term) {
  const struct kd_key *key = key_of_name(word);
  struct kd_nearest nearest;
  if (key) {
    kd_diag_add(reader->diag, mark_of(reader, term), NULL, "'%s' is a name of %s, and no path",
                word, key->path);
    return false;
  }
  kd_nearest_init(&nearest, word);
  for (size_t k = 0; k < KD_N_KEYS; k++) try_path(&nearest, kd_keys[k].path);
  for (size_t i = 0; i < kd_n_quantities; i++) try_path(&nearest, kd_quantities[i].name);
  kd_diag_add(reader->diag, mark_of(reader, term), kd_nearest_hint(&nearest),
              "unknown path '%s'", word);
  return false;
}

/* The word as a name of that key. */
static bool read_name(struct reader *reader, const char *word, const struct kd_key *key,
                      struct kd_term *term) {
  struct kd_nearest nearest;
  const char *name;
  kd_nearest_init(&nearest, word);
  for (size_t i = 0; (name = key->choice(i)); i++) {
    if (strcmp(name, word) == 0) {
      term->named = true;
      term->choice = i;
      return true;
    }
    kd_nearest_try(&nearest, name);
  }
  char range[512];
  kd_key_range_text(key, range, sizeof range);
  kd_diag_add(reader->diag, mark_of(reader, term), kd_nearest_hint(&nearest),
              "%s must be %s, got '%s'", key->path, range, word);
  return false;
}

static bool is_name_key(const struct kd_key *key) {
  return key && key->type == KD_KEY_NAME;
}

/* Paths whose values are numbers or names, and all that is no path. */
static bool is_comparable(const struct kd_key *key) {
  return !key || key->type == KD_KEY_NAME || key->type == KD_KEY_REAL ||
         key->type == KD_KEY_INTEGER;
}

static bool refuse_list(struct reader *reader, const struct kd_term *term) {
  const struct kd_key *key = term->key;
  bool target = kd_key_id(key) == KD_KEY_TARGET_BOUNDS;
  kd_diag_add(reader->diag, mark_of(reader, term),
              target ? "compare target.lower or target.upper" : NULL,
              "%s is neither a number nor a name: it cannot be compared", key->path);
  return false;
}

/* A term that is a word: a path, or a name of the other term's key. */
static bool read_word(struct reader *reader, struct token token, struct kd_term *term,
                      const struct kd_term *other) {
  char word[WORD_MAX];
  copy(reader, token, word);
  if (!is_comparable(term->key)) return refuse_list(reader, term);
  if (term->key || term->quantity) return true;
  if (!is_comparable(other->key)) return false; /* one error is enough */
  if (is_name_key(other->key) && !strchr(word, '.'))
    return read_name(reader, word, other->key, term);
  return unknown_path(reader, word, term);
}

static const char *what_is(const struct kd_term *term) {
  return term->named || is_name_key(term->key) ? "a name" : "a number";
}

static bool agree(struct reader *reader, struct token relation) {
  const struct kd_term *left = &reader->filter->term[0], *right = left + 1;
  bool names = is_name_key(left->key) || is_name_key(right->key);
  char word[2][WORD_MAX];
  for (int i = 0; i < 2; i++)
    copy(reader, (struct token){WORD, left[i].at, left[i].width}, word[i]);
  if (!left->key && !left->quantity && !right->key && !right->quantity) {
    kd_diag_add(reader->diag, mark_of(reader, left), NULL,
                "a filter compares a path, but '%s' and '%s' are none", word[0], word[1]);
    return false;
  }
  bool same_names = !is_name_key(left->key) || !is_name_key(right->key) ||
                    left->key->choice == right->key->choice;
  if (strcmp(what_is(left), what_is(right)) != 0 || !same_names) {
    kd_diag_add(reader->diag, mark_of(reader, right), NULL,
                same_names ? "%s is %s, but %s is %s" : "%s and %s take different names",
                word[0], same_names ? what_is(left) : word[1], word[1], what_is(right));
    return false;
  }
  if (!names || reader->filter->relation <= KD_UNEQUAL) return true;
  complain(reader, relation, NULL, "names compare with == and != only");
  return false;
}

static bool read_terms(struct reader *reader, const struct token token[3]) {
  struct kd_term *term = reader->filter->term;
  bool good = true;
  for (int i = 0; i < 2; i++) {
    const struct token *t = &token[2 * i];
    char word[WORD_MAX];
    copy(reader, *t, word);
    term[i].at = t->at;
    term[i].width = t->n;
    if (t->kind == WORD && t->n < WORD_MAX) find_path(word, &term[i]);
    if (t->kind == NUMBER) good = read_number(reader, *t, &term[i]) && good;
  }
  for (int i = 0; i < 2; i++)
    if (token[2 * i].kind == WORD)
      good = read_word(reader, token[2 * i], &term[i], &term[1 - i]) && good;
  return good;
}

static bool read_comparison(struct reader *reader) {
  struct token token[3];
  token[0] = next(reader);
  if (!is_term(reader, token[0])) return false;
  token[1] = next(reader);
  if (!read_relation(reader, token[1])) return false;
  token[2] = next(reader);
  if (!is_term(reader, token[2]) || !is_end(reader, next(reader))) return false;
  return read_terms(reader, token) && agree(reader, token[1]);
}

bool kd_filter_read(const struct kd_node *node, struct kd_diag *diag,
                    struct kd_filter *filter) {
  *filter = (struct kd_filter){.mark = node->mark, .quoted = node->quoted};
  if (node->kind != KD_NODE_SCALAR || kd_node_is_unset(node) || !*node->text) {
    char got[96];
    kd_node_describe(node, got, sizeof got);
    kd_diag_add(diag, node->mark, NULL,
                "a filter is a text as \"shift.by <= d_centre\", got %s", got);
    return false;
  }
  struct reader reader = {filter, diag, 0};
  filter->text = strdup(node->text);
  if (!filter->text) kd_diag_no_memory(diag);
  if (filter->text && read_comparison(&reader)) return true;
  kd_filter_clear(filter);
  return false;
}
