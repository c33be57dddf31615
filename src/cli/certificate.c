/* SPDX-License-Identifier: MIT
 *
 * See certificate.h. In JSON an enclosure is a string, for it has more digits than
 * most readers keep: within one unit of its last digit.
 */
#include "certificate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

void kd_certificate_values(const struct kd_plan *plan, const struct kd_cell *cell, char *text,
                           size_t size) {
  *text = '\0';
  for (size_t s = 0; s < plan->n_swept; s++) {
    char value[64];
    size_t used = strlen(text);
    if (isnan(cell->value[s])) continue; /* unset */
    kd_cell_value_text(plan, cell, s, value, sizeof value);
    snprintf(text + used, size - used, "%s%s = %s", used ? ", " : "", plan->swept[s].path,
             value);
  }
}

static const char *status_of(const struct kd_certificate *c) {
  enum kd_status status = !c               ? KD_STATUS_FAILED
                          : !c->applicable ? KD_STATUS_NOT_APPLICABLE
                          : !c->covered    ? KD_STATUS_UNCOVERED
                                           : KD_STATUS_OK;
  return kd_status_name(status);
}

/* Whether the cell has a defect, which it has if its twin was asked for and both are
 * covered */
static bool has_defect(const struct kd_certificate *c) {
  return !isnan(c->defect.middle);
}

/* "|ΔG| ≤ 1e-30" or "|ΔG_2| ≥ 0.0153" */
static void statement(const struct kd_certificate *c, char *text, size_t size) {
  const struct kd_enclosure *largest = &c->difference[c->largest];
  if (strcmp(c->defect.bound, "0") == 0)
    snprintf(text, size, "ΔG = 0");
  else if (largest->contains_zero)
    snprintf(text, size, "|ΔG| ≤ %s", c->defect.bound);
  else
    snprintf(text, size, "|ΔG_%zu| ≥ %s", c->largest + 1, largest->bound);
}

/* --- text --- */

/* "0e-30" reads better as 0 ± 1e-30. */
static void enclosure_text(const struct kd_enclosure *e, char *text, size_t size) {
  if (e->contains_zero && strcmp(e->bound, "0") != 0)
    snprintf(text, size, " 0 ± %s", e->bound);
  else
    snprintf(text, size, "%s%s", *e->text == '-' ? "" : " ", e->text);
}

static void print_line(const char *name, const struct kd_enclosure *e) {
  char text[128];
  enclosure_text(e, text, sizeof text);
  printf("  %-12s%s\n", name, text);
}

/* Characters of a UTF-8 text */
static int width_of(const char *text) {
  int n = 0;
  for (; *text; text++) n += (*text & 0xC0) != 0x80;
  return n;
}

static void print_points(const struct kd_certificate *c, int digits) {
  int width = digits > 9 ? digits + 5 : 14;
  fputs("  point  gradient", stdout);
  if (has_defect(c)) printf("%*s%s", width - 8, "", "ΔG");
  fputc('\n', stdout);
  for (size_t i = 0; i < c->n; i++) {
    char G[128], change[128] = "";
    enclosure_text(&c->gradient[i], G, sizeof G);
    if (has_defect(c)) enclosure_text(&c->difference[i], change, sizeof change);
    printf("  %5zu %s", i + 1, G);
    if (*change) printf("%*s%s", width - width_of(G), "", change);
    fputc('\n', stdout);
  }
}

static void print_uncovered(const struct kd_cell *cell, const struct kd_certificate *c) {
  if (!c->covered)
    puts("  uncovered: f = 0 on a part of the target; the gradient is the mean over the rest");
  else if (cell->problem.shift != 0 && !has_defect(c))
    puts("  no ΔG: before the shift f = 0 on a part of the target");
}

static void print_cell(const struct kd_plan *plan, const struct kd_cell *cell, size_t index,
                       const struct kd_certificate *c, int digits) {
  char values[512], text[128];
  kd_certificate_values(plan, cell, values, sizeof values);
  printf("\ncell %zu%s%s\n", index, *values ? ": " : "", values);
  if (!c) {
    puts("  not enclosed");
  } else if (!c->applicable) {
    puts("  not applicable: this layout has no such shift");
  } else {
    print_line("loss", &c->loss);
    print_uncovered(cell, c);
    if (has_defect(c)) print_line("loss change", &c->loss_change);
    if (has_defect(c)) print_line("defect", &c->defect);
    print_points(c, digits);
    if (has_defect(c)) statement(c, text, sizeof text), printf("  %s\n", text);
  }
}

/* --- JSON --- */

static void json_values(const struct kd_plan *plan, const struct kd_cell *cell) {
  printf("\"values\": {");
  for (size_t s = 0; s < plan->n_swept; s++) {
    char value[64];
    kd_cell_value_text(plan, cell, s, value, sizeof value);
    printf("%s\"%s\": ", s ? ", " : "", plan->swept[s].path);
    if (isnan(cell->value[s]))
      fputs("null", stdout);
    else if (plan->swept[s].kind == KD_SWEPT_NAME)
      kd_json_string(value);
    else
      fputs(value, stdout);
  }
  fputc('}', stdout);
}

static void json_enclosures(const char *name, const struct kd_enclosure *e, size_t n) {
  printf(",\n   \"%s\": [", name);
  for (size_t i = 0; i < n; i++) printf("%s\"%s\"", i ? ", " : "", e[i].text);
  fputc(']', stdout);
}

static void json_defect(const struct kd_certificate *c) {
  const struct kd_enclosure *largest = &c->difference[c->largest];
  bool zero = largest->contains_zero;
  char text[128];
  statement(c, text, sizeof text);
  printf(",\n   \"loss_change\": \"%s\", \"defect\": \"%s\"", c->loss_change.text,
         c->defect.text);
  json_enclosures("difference", c->difference, c->n);
  printf(",\n   \"statement\": {\"text\": \"%s\", \"relation\": \"%s\", \"bound\": \"%s\"",
         text, zero ? "<=" : ">=", zero ? c->defect.bound : largest->bound);
  if (!zero) printf(", \"point\": %zu", c->largest + 1);
  fputc('}', stdout);
}

static void json_cell(const struct kd_plan *plan, const struct kd_cell *cell, size_t index,
                      const struct kd_certificate *c) {
  printf("  {\"cell\": %zu, \"status\": \"%s\", ", index, status_of(c));
  json_values(plan, cell);
  if (c && c->applicable) {
    if (c->covered) printf(",\n   \"loss\": \"%s\"", c->loss.text);
    json_enclosures("gradient", c->gradient, c->n);
    if (has_defect(c)) json_defect(c);
  }
  fputc('}', stdout);
}

/* --- the breaking shift --- */

static void print_breaking(const struct kd_breaking_ball *b, int digits) {
  char text[128];
  statement(&b->certificate, text, sizeof text);
  if (isnan(b->after)) {
    printf("  no breaking shift up to %.17g: %s there\n", b->before, text);
    return;
  }
  printf("  breaking shift  between %.17g and %.17g\n", b->before, b->after);
  printf("  |ΔG| ≤ 1e-%d at the former, %s at the latter\n", digits, text);
}

static void json_breaking(const struct kd_breaking_ball *b) {
  char text[128];
  statement(&b->certificate, text, sizeof text);
  printf(",\n   \"before\": %.17g, \"after\": ", b->before);
  if (isnan(b->after))
    fputs("null", stdout);
  else
    printf("%.17g", b->after);
  printf(", \"statement\": \"%s\"", text);
}

void kd_certificate_breaking(struct kd_certificate_writer *out, const struct kd_cell *cell,
                             size_t index, const struct kd_breaking_ball *b) {
  char values[512];
  if (out->json) {
    printf("%s  {\"cell\": %zu, \"status\": \"%s\", ", out->n ? ",\n" : "", index,
           b ? "ok" : "failed");
    json_values(out->plan, cell);
    if (b) json_breaking(b);
    fputc('}', stdout);
  } else {
    kd_certificate_values(out->plan, cell, values, sizeof values);
    printf("\ncell %zu%s%s\n", index, *values ? ": " : "", values);
    if (b)
      print_breaking(b, out->digits);
    else
      puts("  not bisected");
  }
  out->n++;
}

/* --- both --- */

void kd_certificate_begin(const struct kd_certificate_writer *out) {
  const struct kd_plan *plan = out->plan;
  if (out->json) {
    fputs("{\"experiment\": ", stdout);
    kd_json_string(plan->experiment);
    printf(", \"digits\": %d, \"cells\": [\n", out->digits);
    return;
  }
  printf("%s%s%s\n", plan->experiment, *plan->about ? ": " : "", plan->about);
  puts(
      "Every number is proved to within one unit of its last digit.\n"
      "ΔG is the change of the gradient by the shift, |ΔG| its largest component, the defect.");
}

void kd_certificate_cell(struct kd_certificate_writer *out, const struct kd_cell *cell,
                         size_t index, const struct kd_certificate *certificate) {
  if (out->json) {
    if (out->n) puts(",");
    json_cell(out->plan, cell, index, certificate);
  } else {
    print_cell(out->plan, cell, index, certificate, out->digits);
  }
  out->n++;
}

void kd_certificate_end(const struct kd_certificate_writer *out) {
  if (out->json) puts("\n]}");
}
