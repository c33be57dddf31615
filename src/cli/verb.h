/* SPDX-License-Identifier: MIT
 *
 * The verbs and their options, one row of one table each. Parsing, --help and
 * the overview come from the tables; a verb is a function of struct kd_args in
 * a file of its own.
 */
#ifndef KD_VERB_H
#define KD_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "store/diff.h"

enum kd_option_id {
  KD_OPTION_OUTPUT,
  KD_OPTION_JOBS,
  KD_OPTION_SET,
  KD_OPTION_SHARD,
  KD_OPTION_PRUNE,
  KD_OPTION_FAIL_FAST,
  KD_OPTION_QUIET,
  KD_OPTION_VERBOSE,
  KD_OPTION_COLUMNS,
  KD_OPTION_WHERE,
  KD_OPTION_CSV,
  KD_OPTION_BY,
  KD_OPTION_BY_PATH,
  KD_OPTION_DIGITS,
  KD_OPTION_CELLS,
  KD_OPTION_BREAKING,
  KD_OPTION_DIGEST,
  KD_OPTION_RECOMPUTE,
  KD_OPTION_SEED,
  KD_OPTION_FILES,
  KD_OPTION_JSON,
  KD_OPTION_TEX,
  KD_OPTION_FAILED,
  KD_OPTION_MAX_CELLS,
  KD_OPTION_JSON_SCHEMA,
  KD_OPTION_MARKDOWN,
  KD_OPTION_WHY,
  KD_OPTION_HELP,
  KD_N_OPTIONS
};

struct kd_option {
  const char *name;     /* long name, without the dashes */
  char letter;          /* short name, 0 = none */
  const char *argument; /* what it takes, NULL = a flag */
  const char *help;
  bool repeatable; /* with an argument more than once; a flag always */
};

extern const struct kd_option kd_options[KD_N_OPTIONS];

/* The parsed command line of one verb; texts are borrowed from argv. */
struct kd_args {
  size_t n;
  char *const *word;  /* n arguments that are no options */
  const char *output; /* NULL if not given */
  size_t jobs;        /* 0 if not given */
  const char **set;   /* n_set times PATH=VALUE; owned by the parser */
  size_t n_set;
  const char **where; /* n_where filters; owned by the parser */
  size_t n_where;
  const char *columns;     /* NULL if not given */
  int digits;              /* 0 if not given */
  const char *cells;       /* NULL if not given */
  size_t max_cells;        /* 0 if not given */
  size_t recompute;        /* cells; SIZE_MAX = all, 0 if not given */
  size_t seed;             /* 0 if not given */
  const char *files;       /* NULL if not given */
  enum kd_diff_by measure; /* bounds if not given */
  const char *path;        /* --by of compare; NULL if not given */
  size_t shard, n_shards;  /* 0 if not given */
  bool prune, fail_fast, quiet, verbose, csv, digest, json, json_schema, markdown, tex, failed,
      why;
  bool breaking, help;
};

struct kd_verb {
  const char *name;
  const char *operands; /* as in the usage line */
  size_t min_words, max_words;
  unsigned options;                        /* bits 1u << enum kd_option_id */
  const char *summary;                     /* one line */
  const char *details;                     /* whole sentences for --help */
  int (*main)(const struct kd_args *args); /* returns the exit code */
};

extern const struct kd_verb kd_verbs[];
extern const size_t kd_n_verbs;

/* What the program is for, in lines; what each exit status says, from 0. */
extern const char *const kd_purpose;
extern const char *const kd_exits[];
extern const size_t kd_n_exits;

/* Whether a verb takes the option. */
bool kd_verb_offers(const struct kd_verb *verb, int id);

int kd_verb_run(const struct kd_args *args);
int kd_verb_merge(const struct kd_args *args);
int kd_verb_plan(const struct kd_args *args);
int kd_verb_show(const struct kd_args *args);
int kd_verb_export(const struct kd_args *args);
int kd_verb_compare(const struct kd_args *args);
int kd_verb_diff(const struct kd_args *args);
int kd_verb_list(const struct kd_args *args);
int kd_verb_verify(const struct kd_args *args);
int kd_verb_verdict(const struct kd_args *args);
int kd_verb_certify(const struct kd_args *args);

/* Parses argv[1..] for this verb (argv[0] is its name). On an error says it and
 * returns KD_USAGE. kd_args_clear afterwards. */
int kd_args_parse(const struct kd_verb *verb, int argc, char **argv, struct kd_args *args);
void kd_args_clear(struct kd_args *args);

/* Splits "a, b,c" in place; returns how many names there are, at most strlen(text) + 1. */
size_t kd_args_split(char *text, const char **name);

/* bits, ulps or bounds; else complains and returns KD_USAGE. */
int kd_diff_by_parse(const char *text, enum kd_diff_by *measure);

/* Prints "kdegrad: TEXT" to stderr; returns code. */
int kd_complain(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Flushes stdout; KD_SYSTEM and a message if not all of it could be written. */
int kd_finish_output(void);

#endif
