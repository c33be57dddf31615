/* SPDX-License-Identifier: MIT
 *
 * kdegrad VERB ...: finds the verb, parses its options, runs it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"
#include "core/nearest.h"
#include "core/numerics.h"
#include "store/file.h"
#include "verb.h"

static int overview(FILE *out) {
  fprintf(out, "usage: kdegrad VERB [OPTION]... [ARGUMENT]...\n\n%s\nverbs:\n", kd_purpose);
  for (size_t i = 0; i < kd_n_verbs; i++)
    fprintf(out, "  %-8s %s\n", kd_verbs[i].name, kd_verbs[i].summary);
  fputs("\n'kdegrad VERB --help' says more; 'kdegrad --version' tells the version.\n"
        "Exit status:",
        out);
  for (size_t i = 0; i < kd_n_exits; i++)
    fprintf(out, "%s%zu %s", i == 0 ? " " : i == 3 ? ",\n" : ", ", i, kd_exits[i]);
  fputs(".\n", out);
  return out == stdout ? kd_finish_output() : KD_USAGE;
}

static int version(void) {
  printf("kdegrad %s (result schema %d, numerics %d)\n", KD_VERSION, KD_SCHEMA_VERSION,
         KD_NUMERICS_VERSION);
  return kd_finish_output();
}

static int help(const struct kd_verb *verb) {
  printf("usage: kdegrad %s [OPTION]... %s\n\n%s.\n\n%s\noptions:\n", verb->name,
         verb->operands, verb->summary, verb->details);
  for (int id = 0; id < KD_N_OPTIONS; id++) {
    const struct kd_option *o = &kd_options[id];
    if (!kd_verb_offers(verb, id)) continue;
    char name[40], letter[5] = "    ";
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(name, sizeof name, "--%s%s%s", o->name, o->argument ? "=" : "",
             o->argument ? o->argument : "");
    printf("  %s%-18s %s\n", letter, name, o->help);
  }
  return kd_finish_output();
}

static int run_verb(const struct kd_verb *verb, int argc, char **argv) {
  struct kd_args args;
  int code = kd_args_parse(verb, argc, argv, &args);
  if (!code) code = args.help ? help(verb) : verb->main(&args);
  kd_args_clear(&args);
  return code;
}

static int unknown_verb(const char *name) {
  struct kd_nearest nearest;
  kd_nearest_init(&nearest, name);
  for (size_t i = 0; i < kd_n_verbs; i++) kd_nearest_try(&nearest, kd_verbs[i].name);
  const char *hint = kd_nearest_hint(&nearest);
  return kd_complain(KD_USAGE, "unknown verb '%s'; %s%s'kdegrad --help' lists them", name,
                     hint ? hint : "", hint ? " " : "");
}

int main(int argc, char **argv) {
  signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit is an error to report */
  if (argc < 2) return overview(stderr);
  const char *name = argv[1];
  if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help"))
    return overview(stdout);
  if (!strcmp(name, "--version")) return version();
  for (size_t i = 0; i < kd_n_verbs; i++)
    if (!strcmp(name, kd_verbs[i].name)) return run_verb(&kd_verbs[i], argc - 1, argv + 1);
  return unknown_verb(name);
}
