/* SPDX-License-Identifier: MIT
 *
 * Mistyped keys and names, and whether "did you mean ...?" names what was meant:
 * every word with one letter too much, missing, wrong or swapped with its
 * neighbour, and a fixed sample of words with two such mistakes, the more the longer
 * the word. A typo that is another word that may stand there is none. Configs are read
 * as users' are, as many typos in one as errors are shown. VERBOSE=1 prints the shares of each place.
 */
#include "support.h"

#include "config/quantity.h"
#include "core/random.h"

static const double LEAST = 0.9; /* share of the typos whose word is to be named */
enum { WORD_MAX = 64, TWICE_A_LETTER = 25 };

/* A place in a config, and the words that may stand there. */
struct place {
  const char *name;
  const char *head, *before, *after, *tail; /* around the words, one a line */
  size_t n;
  char word[128][WORD_MAX];
};

struct tally {
  size_t n[2], right[2]; /* of one mistake, of two */
};

static void add_word(struct place *place, const char *word) {
  for (size_t i = 0; i < place->n; i++)
    if (strcmp(place->word[i], word) == 0) return;
  assert_true(place->n < 128 && strlen(word) < WORD_MAX - 2);
  strcpy(place->word[place->n++], word);
}

/* ------------------------------------------------------------------- typos */

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz_";
enum { N_LETTERS = sizeof LETTERS - 1 };

/* How many ways there are to mistype a word of n letters once. */
static size_t n_typos(size_t n) {
  return n + (n - 1) + n * N_LETTERS + (n + 1) * N_LETTERS;
}

/* Typo i of that many. */
static void mistype(const char *word, size_t i, char *typo) {
  size_t n = strlen(word), at;
  strcpy(typo, word);
  if (i < n) { /* letter i is missing */
    memmove(typo + i, typo + i + 1, n - i);
  } else if (i -= n, i < n - 1) { /* two letters change places */
    typo[i] = word[i + 1];
    typo[i + 1] = word[i];
  } else if (i -= n - 1, at = i / N_LETTERS, at < n) { /* a wrong letter */
    typo[at] = LETTERS[i % N_LETTERS];
  } else { /* one too much */
    at -= n;
    memmove(typo + at + 1, typo + at, n - at + 1);
    typo[at] = LETTERS[i % N_LETTERS];
  }
}

/* -------------------------------------------------------------------- asked */

enum { BATCH = KD_DIAG_MAX };

struct batch {
  const struct place *place;
  size_t n;
  char typo[BATCH][WORD_MAX];
  const char *word[BATCH]; /* what was meant */
  size_t kind[BATCH];      /* mistakes - 1 */
  struct tally *tally;
};

static bool names(const struct kd_diag *diag, size_t line, const char *word) {
  char hint[128];
  snprintf(hint, sizeof hint, "did you mean '%s'?", word);
  for (size_t i = 0; i < diag->n && i < KD_DIAG_MAX; i++)
    if (diag->row[i].mark.line == line && diag->row[i].hint)
      return strcmp(diag->row[i].hint, hint) == 0;
  return false;
}

static size_t count_lines(const char *text) {
  size_t n = 0;
  for (; *text; text++) n += *text == '\n';
  return n;
}

static void ask(struct batch *batch) {
  const struct place *place = batch->place;
  char text[BATCH * 2 * WORD_MAX + 1024], *end = stpcpy(text, place->head);
  size_t first = count_lines(place->head) + 1;
  for (size_t i = 0; i < batch->n; i++)
    end += sprintf(end, "%s%s%s\n", place->before, batch->typo[i], place->after);
  strcpy(end, place->tail);
  char *path = write_config(text, strlen(text));
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  kd_diag_init(&diag);
  assert_int_equal(kd_plan_read(path, NULL, 0, &plan, &diag), KD_USAGE);
  for (size_t i = 0; i < batch->n; i++) {
    bool right = names(&diag, first + i, batch->word[i]);
    batch->tally->n[batch->kind[i]]++;
    batch->tally->right[batch->kind[i]] += right;
  }
  kd_diag_clear(&diag);
  unlink(path);
  free(path);
  batch->n = 0;
}

/* Asks for a typo, at the latest with the next BATCH - 1 of them. */
static void put(struct batch *batch, const char *word, const char *typo, size_t kind) {
  for (size_t i = 0; i < batch->place->n; i++)
    if (strcmp(batch->place->word[i], typo) == 0) return;
  for (size_t i = 0; i < batch->n; i++)
    if (strcmp(batch->typo[i], typo) == 0) return;
  if (!*typo) return;
  strcpy(batch->typo[batch->n], typo);
  batch->word[batch->n] = word;
  batch->kind[batch->n++] = kind;
  if (batch->n == BATCH) ask(batch);
}

static size_t drawn(size_t n, uint64_t stream, uint64_t i) {
  return (size_t)(kd_random_uniform(20, (enum kd_stream)stream, i) * (double)n);
}

/* Every typo counts, or some where each takes long (KDEGRAD_TRIES under valgrind). */
static size_t stride(void) {
  const char *text = getenv("KDEGRAD_TRIES");
  long tries = text ? atol(text) : 0;
  return tries > 0 && tries < 200 ? (size_t)(200 / tries) : 1;
}

static void mistype_word(struct batch *batch, const char *word, uint64_t number) {
  char once[WORD_MAX], twice[WORD_MAX];
  size_t n = strlen(word), step = stride();
  for (size_t i = 0; i < n_typos(n); i += step) {
    mistype(word, i, once);
    put(batch, word, once, 0);
  }
  for (size_t i = 0; n > 1 && i < n * TWICE_A_LETTER; i += step) {
    uint64_t at = 2 * (number * WORD_MAX * TWICE_A_LETTER + i);
    mistype(word, drawn(n_typos(n), 0, at), once);
    if (!*once) continue;
    mistype(once, drawn(n_typos(strlen(once)), 0, at + 1), twice);
    put(batch, word, twice, 1);
  }
}

static struct tally try_place(const struct place *place) {
  struct tally tally = {0};
  struct batch batch = {.place = place, .tally = &tally};
  assert_true(place->n > 0);
  for (size_t i = 0; i < place->n; i++) mistype_word(&batch, place->word[i], i);
  if (batch.n > 0) ask(&batch);
  return tally;
}

/* ------------------------------------------------------------------- places */

struct total {
  const char *name;
  struct tally tally;
};

static void count(struct total *total, const struct place *place) {
  struct tally tally = try_place(place);
  for (int kind = 0; kind < 2; kind++) {
    total->tally.n[kind] += tally.n[kind];
    total->tally.right[kind] += tally.right[kind];
  }
  if (getenv("VERBOSE"))
    print_message("  %-20s %zu of %zu, %zu of %zu\n", place->name, tally.right[0], tally.n[0],
                  tally.right[1], tally.n[1]);
}

static void check(const struct total *total) {
  for (int kind = 0; kind < 2; kind++) {
    double share = (double)total->tally.right[kind] / (double)total->tally.n[kind];
    print_message("%s mistyped %s: %.1f %% of %zu\n", total->name, kind ? "twice" : "once",
                  100 * share, total->tally.n[kind]);
    assert_true(share >= LEAST);
  }
}

static void test_keys(void **state) {
  (void)state;
  struct total total = {.name = "keys"};
  struct place top = {"top", "experiment: a\n", "\"", "\": 1", "", 0, {""}};
  static const char *const frame[] = {"experiment", "about", "sweep", "where"};
  for (size_t i = 0; i < 4; i++) add_word(&top, frame[i]);
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    size_t n = kd_key_section(&kd_keys[k]);
    char name[WORD_MAX], head[2 * WORD_MAX];
    snprintf(name, sizeof name, "%.*s", n ? (int)n : WORD_MAX - 1, kd_keys[k].path);
    bool seen = n && k > 0 && strncmp(kd_keys[k - 1].path, kd_keys[k].path, n + 1) == 0;
    add_word(&top, name);
    if (!n || seen) continue;
    snprintf(head, sizeof head, "experiment: a\n%s:\n", name);
    struct place section = {name, head, "  \"", "\": 1", "", 0, {""}};
    for (size_t i = k; i < KD_N_KEYS && strncmp(kd_keys[i].path, kd_keys[k].path, n + 1) == 0;
         i++)
      add_word(&section, kd_keys[i].path + n + 1);
    count(&total, &section);
  }
  count(&total, &top);
  check(&total);
}

static void test_paths(void **state) {
  (void)state;
  struct total total = {.name = "paths"};
  struct place swept = {"sweep", "experiment: a\nsweep:\n", "  \"", "\": [1]", "", 0, {""}};
  struct place compared = {"where", "experiment: a\nwhere:\n", "  - \"", " < 1\"", "", 0, {""}};
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    add_word(&swept, kd_keys[k].path);
    add_word(&compared, kd_keys[k].path);
  }
  for (size_t i = 0; i < kd_n_quantities; i++) add_word(&compared, kd_quantities[i].name);
  count(&total, &swept);
  count(&total, &compared);
  check(&total);
}

static void test_names(void **state) {
  (void)state;
  struct total total = {.name = "names"};
  for (size_t k = 0; k < KD_N_KEYS; k++) {
    const struct kd_key *key = &kd_keys[k];
    char head[128];
    if (!key->choice) continue;
    bool swept = key->type == KD_KEY_NAME;
    snprintf(head, sizeof head, "experiment: a\n%s%s: [\n", swept ? "sweep:\n  " : "",
             key->path);
    struct place place = {key->path, head, "    \"", "\",", "    ]\n", 0, {""}};
    for (size_t i = 0; key->choice(i); i++) add_word(&place, key->choice(i));
    count(&total, &place);
  }
  struct place parts = {
      "range", "experiment: a\nsweep:\n  shift.by:\n", "    \"", "\": 1", "", 0, {""}};
  static const char *const part[] = {"from", "to", "count", "scale"};
  for (size_t i = 0; i < 4; i++) add_word(&parts, part[i]);
  count(&total, &parts);
  check(&total);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_keys),
      cmocka_unit_test(test_paths),
      cmocka_unit_test(test_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
