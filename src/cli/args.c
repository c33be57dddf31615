/* SPDX-License-Identifier: MIT
 *
 * From argv to struct kd_args by getopt_long, driven by the option table.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/plan.h"
#include "config/shown.h"
#include "core/err.h"
#include "run/certify.h"
#include "store/lock.h"
#include "verb.h"

int kd_complain(int code, const char *format, ...) {
  char *text = NULL;
  va_list list;
  va_start(list, format);
  if (vasprintf(&text, format, list) < 0) text = NULL;
  va_end(list);
  fputs("kdegrad: ", stderr);
  if (text) kd_shown_print(text, strlen(text), stderr);
  fputc('\n', stderr);
  free(text);
  return code;
}

int kd_finish_output(void) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return KD_OK;
  return kd_complain(KD_SYSTEM, "standard output: cannot be written: %s", strerror(errno));
}

/* Tables for getopt_long: `letters` wants 2 characters an option and one more. */
static void getopt_tables(const struct kd_verb *verb, char *letters, struct option *names) {
  *letters++ = ':';
  for (int id = 0; id < KD_N_OPTIONS; id++) {
    const struct kd_option *o = &kd_options[id];
    if (!kd_verb_offers(verb, id)) continue;
    if (o->letter) *letters++ = o->letter;
    if (o->letter && o->argument) *letters++ = ':';
    *names++ = (struct option){o->name, o->argument ? required_argument : no_argument, NULL,
                               1000 + id};
  }
  *letters = '\0';
  *names = (struct option){0};
}

static int option_of(const struct kd_verb *verb, int found) {
  for (int id = 0; id < KD_N_OPTIONS; id++)
    if (kd_verb_offers(verb, id) && (found == 1000 + id || found == kd_options[id].letter))
      return id;
  return KD_N_OPTIONS;
}

/* An integer in [1, most] */
static int parse_count(const char *name, const char *text, unsigned long most,
                       unsigned long *count) {
  char *end;
  errno = 0;
  *count = strtoul(text, &end, 10);
  if (*text >= '0' && *text <= '9' && !*end && !errno && *count >= 1 && *count <= most)
    return KD_OK;
  return kd_complain(KD_USAGE, "--%s must be an integer in [1, %lu], got '%s'", name, most,
                     text);
}

static int parse_jobs(const char *text, size_t *jobs) {
  unsigned long n;
  int code = parse_count("jobs", text, 1024, &n);
  *jobs = n;
  return code;
}

static int parse_shard(const char *text, struct kd_args *args) {
  char rest;
  const char digits[] = "0123456789/";
  if (strspn(text, digits) == strlen(text) && strlen(text) < 12 &&
      sscanf(text, "%zu/%zu%c", &args->shard, &args->n_shards, &rest) == 2 &&
      args->shard >= 1 && args->shard <= args->n_shards && args->n_shards <= KD_LOCK_SHARDS_MAX)
    return KD_OK;
  return kd_complain(KD_USAGE, "--shard must be K/N with 1 <= K <= N <= %d, got '%s'",
                     KD_LOCK_SHARDS_MAX, text);
}

static int parse_digits(const char *text, int *digits) {
  unsigned long n;
  int code = parse_count("digits", text, KD_CERTIFY_DIGITS_MAX, &n);
  *digits = (int)n;
  return code;
}

static int parse_recompute(const char *text, size_t *cells) {
  unsigned long n = SIZE_MAX;
  int code =
      strcmp(text, "all") == 0 ? KD_OK : parse_count("recompute", text, KD_CELLS_MAX, &n);
  *cells = n;
  return code;
}

static int parse_seed(const char *text, size_t *seed) {
  unsigned long n;
  int code = parse_count("seed", text, 1ul << 53, &n);
  *seed = n;
  return code;
}

static int parse_max_cells(const char *text, size_t *max_cells) {
  unsigned long n;
  int code = parse_count("max-cells", text, KD_CELLS_COUNTED, &n);
  *max_cells = n;
  return code;
}

static int take(int id, const char *value, struct kd_args *args) {
  switch (id) {
  case KD_OPTION_OUTPUT:
    args->output = value;
    return KD_OK;
  case KD_OPTION_JOBS:
    return parse_jobs(value, &args->jobs);
  case KD_OPTION_SET:
    args->set[args->n_set++] = value;
    return KD_OK;
  case KD_OPTION_SHARD:
    return parse_shard(value, args);
  case KD_OPTION_PRUNE:
    args->prune = true;
    return KD_OK;
  case KD_OPTION_FAIL_FAST:
    args->fail_fast = true;
    return KD_OK;
  case KD_OPTION_QUIET:
    args->quiet = true;
    return KD_OK;
  case KD_OPTION_VERBOSE:
    args->verbose = true;
    return KD_OK;
  case KD_OPTION_COLUMNS:
    args->columns = value;
    return KD_OK;
  case KD_OPTION_WHERE:
    args->where[args->n_where++] = value;
    return KD_OK;
  case KD_OPTION_CSV:
    args->csv = true;
    return KD_OK;
  case KD_OPTION_BY:
    return kd_diff_by_parse(value, &args->measure);
  case KD_OPTION_BY_PATH:
    args->path = value;
    return KD_OK;
  case KD_OPTION_DIGITS:
    return parse_digits(value, &args->digits);
  case KD_OPTION_BREAKING:
    args->breaking = true;
    return KD_OK;
  case KD_OPTION_CELLS:
    args->cells = value;
    return KD_OK;
  case KD_OPTION_DIGEST:
    args->digest = true;
    return KD_OK;
  case KD_OPTION_RECOMPUTE:
    return parse_recompute(value, &args->recompute);
  case KD_OPTION_SEED:
    return parse_seed(value, &args->seed);
  case KD_OPTION_FILES:
    args->files = value;
    return KD_OK;
  case KD_OPTION_JSON:
    args->json = true;
    return KD_OK;
  case KD_OPTION_TEX:
    args->tex = true;
    return KD_OK;
  case KD_OPTION_JSON_SCHEMA:
    args->json_schema = true;
    return KD_OK;
  case KD_OPTION_MARKDOWN:
    args->markdown = true;
    return KD_OK;
  case KD_OPTION_FAILED:
    args->failed = true;
    return KD_OK;
  case KD_OPTION_MAX_CELLS:
    return parse_max_cells(value, &args->max_cells);
  case KD_OPTION_WHY:
    args->why = true;
    return KD_OK;
  case KD_OPTION_HELP:
    args->help = true;
    return KD_OK;
  default:
    return KD_USAGE;
  }
}

/* What getopt could not take, as typed */
static int refuse(const struct kd_verb *verb, int found, char **argv) {
  const char *what = found == ':' ? "needs an argument" : "is unknown or ambiguous here";
  const char *typed = argv[optind - 1];
  char letter[3] = {'-', (char)optopt, '\0'};
  if (optopt > 0 && optopt < 128) typed = letter;
  return kd_complain(KD_USAGE, "option '%s' %s; see 'kdegrad %s --help'", typed, what,
                     verb->name);
}

static int check_words(const struct kd_verb *verb, const struct kd_args *args) {
  if (args->help || (args->n >= verb->min_words && args->n <= verb->max_words)) return KD_OK;
  return kd_complain(KD_USAGE, "%s arguments; usage: kdegrad %s [OPTION]... %s",
                     args->n < verb->min_words ? "missing" : "too many", verb->name,
                     verb->operands);
}

int kd_args_parse(const struct kd_verb *verb, int argc, char **argv, struct kd_args *args) {
  char letters[2 * KD_N_OPTIONS + 2];
  struct option names[KD_N_OPTIONS + 1];
  unsigned given = 0; /* bits 1u << enum kd_option_id */
  int found;
  *args = (struct kd_args){.set = calloc((size_t)argc + 1, sizeof *args->set),
                           .where = calloc((size_t)argc + 1, sizeof *args->where),
                           .measure = KD_BY_BOUNDS};
  if (!args->set || !args->where) return kd_complain(KD_SYSTEM, "out of memory");
  getopt_tables(verb, letters, names);
  opterr = 0;
  while ((found = getopt_long(argc, argv, letters, names, NULL)) != -1) {
    if (found == '?' || found == ':') return refuse(verb, found, argv);
    int id = option_of(verb, found);
    if (given & 1u << id && kd_options[id].argument && !kd_options[id].repeatable)
      return kd_complain(KD_USAGE, "option '--%s' is given twice", kd_options[id].name);
    given |= 1u << id;
    int code = take(id, optarg, args);
    if (code) return code;
  }
  args->n = (size_t)(argc - optind);
  args->word = argv + optind;
  return check_words(verb, args);
}

size_t kd_args_split(char *text, const char **name) {
  size_t n = 0;
  for (char *rest = text, *word; (word = strsep(&rest, ","));) {
    word += strspn(word, " ");
    word[strcspn(word, " ")] = '\0';
    name[n++] = word;
  }
  return n;
}

void kd_args_clear(struct kd_args *args) {
  free(args->set);
  free(args->where);
}
