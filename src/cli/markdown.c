/* SPDX-License-Identifier: MIT
 *
 * kdegrad list keys --markdown: the reference of all keys and names, which stands in
 * configs/README.md. A section of the config is a section of the text, and a table of
 * names follows the keys that take them.
 */
#include <stdio.h>
#include <string.h>

#include "config/number.h"
#include "config/quantity.h"
#include "config/spec.h"
#include "core/claim.h"
#include "core/tables.h"
#include "list.h"

/* ------------------------------------------------------------ docs of names */

/* For Markdown tables: '|' ends a cell. */
static void print_cell(const char *text) {
  for (; *text; text++) printf(*text == '|' ? "\\%c" : "%c", *text);
}

static void print_shape(const struct kd_kernel *k) {
  char least[KD_NUMBER_TEXT], most[KD_NUMBER_TEXT], usual[KD_NUMBER_TEXT];
  kd_number_text(k->shape_min, least, sizeof least);
  kd_number_text(k->shape_max, most, sizeof most);
  kd_number_text(k->shape_default, usual, sizeof usual);
  printf("; shape %s from %s to %s, default %s", k->shape_name, least, most, usual);
}

static void family_doc(size_t i) {
  const struct kd_kernel *k = &kd_kernels[i];
  fputs("`k(u) = ", stdout);
  print_cell(k->formula);
  printf("`; %s tail", kd_tail_name(k->tail));
  if (k->shape_name) print_shape(k);
  if (k->circle_only) fputs("; on the circle only", stdout);
}

#define DOC(function, rows)                                                                    \
  static void function(size_t i) {                                                             \
    print_cell(rows[i].doc);                                                                   \
  }
DOC(layout_doc, kd_layouts)
DOC(logits_doc, kd_logits)
DOC(rule_doc, kd_rules)
DOC(descent_doc, kd_descents)
DOC(shift_mode_doc, kd_shift_modes)
DOC(shift_unit_doc, kd_shift_units)

static void claim_doc(size_t i) {
  print_cell(kd_claims[i]->statement);
  printf("; expected: %s", kd_verdict_name(kd_claims[i]->expected));
}

/* Keys whose names have more to say than themselves. */
static const struct {
  enum kd_key_id key;
  void (*doc)(size_t i);
} documented[] = {
    {KD_KEY_KERNEL_FAMILY, family_doc},   {KD_KEY_POINTS_LAYOUT, layout_doc},
    {KD_KEY_LOGITS_INIT, logits_doc},     {KD_KEY_INTEGRAL_RULE, rule_doc},
    {KD_KEY_SHIFT_MODE, shift_mode_doc},  {KD_KEY_SHIFT_UNIT, shift_unit_doc},
    {KD_KEY_DESCENT_METHOD, descent_doc}, {KD_KEY_CLAIMS, claim_doc},
};
enum { N_DOCUMENTED = sizeof documented / sizeof *documented };

static void (*doc_of(size_t k))(size_t i) {
  for (size_t d = 0; d < N_DOCUMENTED; d++)
    if (documented[d].key == k) return documented[d].doc;
  return NULL;
}

static void print_names(size_t k) {
  const char *name;
  void (*doc)(size_t i) = doc_of(k);
  if (!doc) return;
  printf("\n| `%s:` | |\n|---|---|\n", kd_keys[k].path);
  for (size_t i = 0; (name = kd_keys[k].choice(i)); i++) {
    printf("| `%s` | ", name);
    doc(i);
    fputs(" |\n", stdout);
  }
}

/* -------------------------------------------------------------------- keys */

static void print_key(size_t k) {
  const struct kd_key *key = &kd_keys[k];
  size_t n = kd_key_section(key);
  char range[512], readers[512];
  bool several = key->type == KD_KEY_NAMES;
  kd_key_range_text(key, range, sizeof range);
  kd_key_readers_text(key, readers, sizeof readers);
  printf("| `%s` | ", key->path + (n ? n + 1 : 0));
  print_cell(key->doc);
  printf(" | %s | ", !doc_of(k) ? range
                     : several  ? "a list of names, see below"
                                : "a name, see below");
  printf(key->default_text ? "`%s` | " : "%s | ", key->default_text ? key->default_text : "");
  fputs(*readers ? readers : "all", stdout);
  fputs(" |\n", stdout);
}

static bool same_section(size_t a, size_t b) {
  size_t n = kd_key_section(&kd_keys[a]);
  return n == kd_key_section(&kd_keys[b]) && strncmp(kd_keys[a].path, kd_keys[b].path, n) == 0;
}

/* The section of key `first`, whose keys stand together; keys without one, all over
 * the table, make the first. */
static void print_section(size_t first) {
  size_t n = kd_key_section(&kd_keys[first]);
  if (n) printf("\n## `%.*s:`\n", (int)n, kd_keys[first].path);
  fputs("\n| key | what it is | may be | default | read by |\n|---|---|---|---|---|\n", stdout);
  for (size_t k = first; k < KD_N_KEYS; k++)
    if (same_section(first, k)) print_key(k);
  for (size_t k = first; k < KD_N_KEYS; k++)
    if (same_section(first, k)) print_names(k);
}

static bool is_first_of_section(size_t k) {
  for (size_t before = 0; before < k; before++)
    if (same_section(before, k)) return false;
  return true;
}

/* ------------------------------------------------------------------- frame */

static void print_entries(void) {
  fputs("# The keys of a config\n\n"
        "Made by `make docs` from the program's own tables; `kdegrad list keys` prints the\n"
        "same as text, `kdegrad list keys --json-schema` for editors. A config is a mapping\n"
        "of these and of sections. `~` leaves a key unset.\n\n"
        "| at the top | |\n|---|---|\n",
        stdout);
  for (size_t i = 0; i < kd_n_spec_entries; i++)
    printf("| `%s` | %s |\n", kd_spec_entries[i].name, kd_spec_entries[i].doc);
}

static void print_sweep(void) {
  fputs(
      "\n## `sweep:` and `where:`\n\n"
      "In `sweep` and `where` a key goes by its path, `kernel.bandwidth`. An axis is a path\n"
      "with a list of values, or with a range `{from: 0, to: 1, count: 5}` (`scale: log` for\n"
      "equal ratios) if they are numbers. A name with a mapping of paths is a lock-step\n"
      "group: their values, equally many, change together.\n\n"
      "A filter compares (`== != < <= > >=`) a path whose value is a number or a name, or one\n"
      "of these, with another of them, a number or a name:\n\n"
      "| | |\n|---|---|\n",
      stdout);
  for (size_t i = 0; i < kd_n_quantities; i++)
    printf("| `%s` | %s |\n", kd_quantities[i].name, kd_quantities[i].doc);
}

void kd_list_markdown(void) {
  print_entries();
  for (size_t k = 0; k < KD_N_KEYS; k++)
    if (is_first_of_section(k)) print_section(k);
  print_sweep();
}
