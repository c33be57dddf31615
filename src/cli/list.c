/* SPDX-License-Identifier: MIT
 *
 * kdegrad list [WHAT]: the rows of the tables that the program is made of.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/key.h"
#include "config/quantity.h"
#include "core/claim.h"
#include "core/nearest.h"
#include "core/tables.h"
#include "list.h"
#include "manual.h"
#include "store/variable.h"
#include "verb.h"

static void list_kernels(void) {
  for (size_t i = 0; i < kd_n_kernels; i++) {
    const struct kd_kernel *k = &kd_kernels[i];
    printf("  %-10s k(u) = %s; %s tail; %s\n", k->name, k->formula, kd_tail_name(k->tail),
           k->reference);
    if (k->shape_name)
      printf("  %-10s shape %s in [%g, %g], default %g\n", "", k->shape_name, k->shape_min,
             k->shape_max, k->shape_default);
  }
}

static void list_layouts(void) {
  for (size_t i = 0; i < kd_n_layouts; i++)
    printf("  %-12s %s\n", kd_layouts[i].name, kd_layouts[i].doc);
}

static void list_logits(void) {
  for (size_t i = 0; i < kd_n_logits; i++)
    printf("  %-12s %s\n", kd_logits[i].name, kd_logits[i].doc);
}

static void list_rules(void) {
  for (size_t i = 0; i < kd_n_rules; i++)
    printf("  %-15s %s; %s\n", kd_rules[i].name, kd_rules[i].doc, kd_rules[i].reference);
}

static void list_descents(void) {
  for (size_t i = 0; i < kd_n_descents; i++)
    printf("  %-6s %s\n", kd_descents[i].name, kd_descents[i].doc);
}

static void list_claims(void) {
  for (size_t k = 0; k < KD_N_CLAIMS; k++) {
    const struct kd_claim *c = kd_claims[k];
    printf("  %-4s %s; %s\n", c->name, c->statement, c->reference);
    printf("  %-4s expected: %s; %s: %s\n", "", kd_verdict_name(c->expected),
           c->control_holds ? "the true form holds" : "control, to be refuted", c->control);
  }
}

static void list_keys(void) {
  for (size_t i = 0; i < KD_N_KEYS; i++) {
    char range[512];
    kd_key_range_text(&kd_keys[i], range, sizeof range);
    printf("  %-18s %s\n  %-18s default: %s; %s\n", kd_keys[i].path, kd_keys[i].doc, "",
           kd_keys[i].default_text ? kd_keys[i].default_text : "none", range);
  }
}

static void list_quantities(void) {
  for (size_t i = 0; i < kd_n_quantities; i++)
    printf("  %-14s %s\n", kd_quantities[i].name, kd_quantities[i].doc);
}

static void list_variables(void) {
  for (size_t i = 0; i < kd_n_variables; i++) {
    const struct kd_variable *v = &kd_variables[i];
    char shape[32] = "";
    for (size_t d = 0; d < v->n_dims; d++) {
      size_t used = strlen(shape);
      snprintf(shape + used, sizeof shape - used, "%s%s", d ? ", " : "(",
               kd_dim_name(v->dim[d]));
    }
    printf("  %-17s %s)%*s %s\n", v->name, shape, 17 - (int)strlen(shape), "", v->long_name);
  }
}

static void list_verbs(void) {
  for (size_t i = 0; i < kd_n_verbs; i++)
    printf("  %-8s %s\n", kd_verbs[i].name, kd_verbs[i].summary);
}

static const struct {
  const char *name;
  void (*print)(void);
  bool bare; /* for a program to read: alone, without a title */
} lists[] = {
    {"kernels", list_kernels, false},
    {"layouts", list_layouts, false},
    {"logits", list_logits, false},
    {"rules", list_rules, false},
    {"descents", list_descents, false},
    {"claims", list_claims, false},
    {"keys", list_keys, false},
    {"quantities", list_quantities, false},
    {"variables", list_variables, false},
    {"verbs", list_verbs, false},
    {"man", kd_print_manual, true},
    {"completion-bash", kd_print_bash_completion, true},
    {"completion-zsh", kd_print_zsh_completion, true},
};
enum { N_LISTS = sizeof lists / sizeof *lists };

const char *kd_list_name(size_t i) {
  return i < N_LISTS ? lists[i].name : NULL;
}

/* The keys in another form. */
static int list_keys_as(const struct kd_args *args) {
  if (args->n == 0 || strcmp(args->word[0], "keys") != 0 ||
      (args->json_schema && args->markdown))
    return kd_complain(KD_USAGE, "'kdegrad list keys' takes --json-schema or --markdown");
  (args->json_schema ? kd_list_schema : kd_list_markdown)();
  return kd_finish_output();
}

static int nothing_to_list(const char *name) {
  struct kd_nearest nearest;
  kd_nearest_init(&nearest, name);
  for (size_t i = 0; i < N_LISTS; i++) kd_nearest_try(&nearest, lists[i].name);
  const char *hint = kd_nearest_hint(&nearest);
  return kd_complain(KD_USAGE,
                     "nothing to list under '%s'; %s%s'kdegrad list --help' says what", name,
                     hint ? hint : "", hint ? " " : "");
}

int kd_verb_list(const struct kd_args *args) {
  bool found = false;
  if (args->json_schema || args->markdown) return list_keys_as(args);
  for (size_t i = 0; i < N_LISTS; i++) {
    if (args->n ? strcmp(args->word[0], lists[i].name) != 0 : lists[i].bare) continue;
    if (!lists[i].bare) printf("%s:\n", lists[i].name);
    lists[i].print();
    found = true;
  }
  return found ? kd_finish_output() : nothing_to_list(args->word[0]);
}
