/* SPDX-License-Identifier: MIT
 *
 * From a filter's text to its terms; see filter.h. comparison.c gives the words of the
 * text, here is what they mean: a word is a path or a quantity where there is one
 * of that name, else a name of the path on the other side.
 */
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "filter.h"

struct reader {
  struct kd_filter *filter;
  struct kd_diag *diag;
};

static void complain(struct reader *reader, const struct kd_comparison_fault *fault) {
  struct kd_mark mark =
      kd_filter_mark(reader->filter, fault->token.at, fault->token.n, reader->diag);
  kd_diag_add(reader->diag, mark, fault->hint, "%s", fault->message);
}

static struct kd_mark mark_of(const struct reader *reader, const struct kd_term *term) {
  return kd_filter_mark(reader->filter, term->at, term->width, reader->diag);
}

static bool read_number(struct reader *reader, struct kd_token token, struct kd_term *term) {
  struct kd_comparison_fault fault;
  if (kd_comparison_number(reader->filter->text, token, &term->number, &fault)) return true;
  complain(reader, &fault);
  return false;
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
static bool read_word(struct reader *reader, struct kd_token token, struct kd_term *term,
                      const struct kd_term *other) {
  char word[KD_COMPARISON_WORD];
  kd_comparison_word(reader->filter->text, token, word);
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

static bool agree(struct reader *reader, const struct kd_comparison *comparison) {
  const struct kd_term *left = &reader->filter->term[0], *right = left + 1;
  bool names = is_name_key(left->key) || is_name_key(right->key);
  char word[2][KD_COMPARISON_WORD];
  for (int i = 0; i < 2; i++)
    kd_comparison_word(reader->filter->text, comparison->term[i], word[i]);
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
  struct kd_comparison_fault fault = kd_comparison_blame(
      reader->filter->text, comparison->sign, NULL, "names compare with == and != only");
  complain(reader, &fault);
  return false;
}

static bool read_terms(struct reader *reader, const struct kd_comparison *comparison) {
  struct kd_term *term = reader->filter->term;
  bool good = true;
  for (int i = 0; i < 2; i++) {
    const struct kd_token *t = &comparison->term[i];
    char word[KD_COMPARISON_WORD];
    kd_comparison_word(reader->filter->text, *t, word);
    term[i].at = t->at;
    term[i].width = t->n;
    if (t->kind == KD_TOKEN_WORD && t->n < KD_COMPARISON_WORD) find_path(word, &term[i]);
    if (t->kind == KD_TOKEN_NUMBER) good = read_number(reader, *t, &term[i]) && good;
  }
  for (int i = 0; i < 2; i++)
    if (comparison->term[i].kind == KD_TOKEN_WORD)
      good = read_word(reader, comparison->term[i], &term[i], &term[1 - i]) && good;
  return good;
}

static bool read_comparison(struct reader *reader) {
  struct kd_comparison comparison;
  struct kd_comparison_fault fault;
  if (!kd_comparison_read(reader->filter->text, &comparison, &fault)) {
    complain(reader, &fault);
    return false;
  }
  reader->filter->relation = comparison.relation;
  return read_terms(reader, &comparison) && agree(reader, &comparison);
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
  struct reader reader = {filter, diag};
  filter->text = strdup(node->text);
  if (!filter->text) kd_diag_no_memory(diag);
  if (filter->text && read_comparison(&reader)) return true;
  kd_filter_clear(filter);
  return false;
}
