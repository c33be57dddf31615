/* SPDX-License-Identifier: MIT
 *
 * Completions for bash and zsh; see manual.h. What a word may be is told by the tables'
 * texts: CONFIG is a *.yaml, FILE.h5 a *.h5, FOLDER one, PATH=VALUE begins with a key, WHAT
 * is a list.
 */
#include <stdio.h>
#include <string.h>

#include "config/key.h"
#include "manual.h"
#include "verb.h"

/* The ending of the files that are meant, "" if none are */
static const char *ending(const char *what) {
  if (strncmp(what, "CONFIG", 6) == 0) return "yaml";
  if (strcmp(what, "FOLDER") == 0) return "/"; /* no file has it, folders always count */
  return strstr(what, ".h5") ? "h5" : "";
}

static void print_lists(void) {
  for (size_t i = 0; kd_list_name(i); i++) printf("%s%s", i ? " " : "", kd_list_name(i));
}

static void print_keys(void) {
  for (size_t k = 0; k < KD_N_KEYS; k++) printf("%s%s=", k ? " " : "", kd_keys[k].path);
}

/* -------------------------------------------------------------------- bash */

static void bash_verb(const struct kd_verb *verb) {
  const char *space = "";
  printf("    %s) files='%s' options='", verb->name, ending(verb->operands));
  for (int id = 0; id < KD_N_OPTIONS; id++) {
    if (!kd_verb_offers(verb, id)) continue;
    printf("%s--%s", space, kd_options[id].name);
    space = " ";
  }
  fputs("'", stdout);
  if (strstr(verb->operands, "WHAT")) {
    fputs(" words='", stdout);
    print_lists();
    fputs("'", stdout);
  }
  fputs(" ;;\n", stdout);
}

/* What follows an option that takes an argument */
static void bash_argument(const struct kd_option *option) {
  if (!option->argument) return;
  fputs("    ", stdout);
  if (option->letter) printf("-%c | ", option->letter);
  printf("--%s) options='' files='%s' words='", option->name, ending(option->argument));
  if (strncmp(option->argument, "PATH", 4) == 0) {
    print_keys();
    fputs("' nospace=yes ;;\n", stdout);
  } else {
    fputs("' ;;\n", stdout);
  }
}

void kd_print_bash_completion(void) {
  puts("# bash completion for kdegrad " KD_VERSION "\n"
       "_kdegrad() {\n"
       "  local word=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1))\n"
       "  local before options='' words='' files='' nospace='' IFS=$' \\n'\n"
       "  [ \"$word\" = = ] && word=''\n"
       "  [ \"${COMP_WORDS[at]}\" = = ] && at=$((at - 1)) # --output=FILE is three words\n"
       "  before=${COMP_WORDS[at]}");
  fputs("  if [ \"$COMP_CWORD\" = 1 ]; then\n    words='", stdout);
  for (size_t i = 0; i < kd_n_verbs; i++) printf("%s ", kd_verbs[i].name);
  puts("--help --version'\n"
       "  else\n"
       "    case ${COMP_WORDS[1]} in");
  for (size_t i = 0; i < kd_n_verbs; i++) bash_verb(&kd_verbs[i]);
  puts("    esac\n"
       "    case $before in");
  for (int id = 0; id < KD_N_OPTIONS; id++) bash_argument(&kd_options[id]);
  puts("    esac\n"
       "  fi\n"
       "  case $word in -*) [ \"$COMP_CWORD\" = 1 ] || { words=$options files=''; } ;; esac\n"
       "  [ -z \"$nospace\" ] || compopt -o nospace 2>/dev/null\n"
       "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
       "  [ -n \"$files\" ] || return 0\n"
       "  compopt -o filenames 2>/dev/null\n"
       "  IFS=$'\\n'\n"
       "  COMPREPLY+=($(compgen -f -X \"!*.$files\" -- \"$word\") $(compgen -d -- \"$word\"))\n"
       "}\n"
       "complete -F _kdegrad kdegrad");
}

/* --------------------------------------------------------------------- zsh */

/* Inside '...', where _arguments and _describe part fields by colons and brackets */
static void zsh_text(const char *text) {
  for (; *text; text++) {
    if (*text == '\'')
      fputs("'\\''", stdout);
    else if (strchr(":[]\\", *text))
      printf("\\%c", *text);
    else
      putchar(*text);
  }
}

/* What fills a word, as an action of _arguments */
static void zsh_action(const char *what) {
  if (*ending(what) == '/')
    fputs("_files -/", stdout);
  else if (*ending(what))
    printf("_files -g \"*.%s\"", ending(what));
  else if (strncmp(what, "PATH", 4) == 0)
    fputs("compadd -S \"\" -- ", stdout), print_keys();
  else if (strstr(what, "WHAT"))
    fputs("(", stdout), print_lists(), fputs(")", stdout);
}

static void zsh_option(const struct kd_option *o, const char *name) {
  printf(" \\\n        '%s%s%s[", o->repeatable ? "*" : "", name,
         !o->argument     ? ""
         : name[1] == '-' ? "="
                          : "+");
  zsh_text(o->help);
  fputs("]", stdout);
  if (o->argument) {
    fputs(":", stdout);
    zsh_text(o->argument);
    fputs(":", stdout);
    zsh_action(o->argument);
  }
  fputs("'", stdout);
}

static void zsh_verb(const struct kd_verb *verb) {
  printf("    %s)\n      _arguments -s", verb->name);
  for (int id = 0; id < KD_N_OPTIONS; id++) {
    const struct kd_option *o = &kd_options[id];
    char name[40], letter[3] = {'-', o->letter, '\0'};
    if (!kd_verb_offers(verb, id)) continue;
    snprintf(name, sizeof name, "--%s", o->name);
    zsh_option(o, name);
    if (o->letter) zsh_option(o, letter);
  }
  printf(" \\\n        '%s:", verb->max_words > 1 ? "*" : "1");
  zsh_text(verb->operands);
  fputs(":", stdout);
  zsh_action(verb->operands);
  fputs("' ;;\n", stdout);
}

void kd_print_zsh_completion(void) {
  puts("#compdef kdegrad\n"
       "# zsh completion for kdegrad " KD_VERSION "\n"
       "_kdegrad() {\n"
       "  local -a verbs\n"
       "  verbs=(");
  for (size_t i = 0; i < kd_n_verbs; i++) {
    printf("    '%s:", kd_verbs[i].name);
    zsh_text(kd_verbs[i].summary);
    puts("'");
  }
  puts("  )\n"
       "  if (( CURRENT == 2 )); then\n"
       "    _describe verb verbs\n"
       "    return\n"
       "  fi\n"
       "  shift words\n"
       "  (( CURRENT-- ))\n"
       "  case $words[1] in");
  for (size_t i = 0; i < kd_n_verbs; i++) zsh_verb(&kd_verbs[i]);
  puts("  esac\n"
       "}\n"
       "_kdegrad \"$@\"");
}
