/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a config: a plan or errors, never both, and nothing of the config
 * reaches the terminal that it must not have. Lines behind `#--set` are --set
 * arguments. libFuzzer's entry; test_corpus.c replays files through it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/plan.h"
#include "config/shown.h"
#include "core/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SETS_MAX = 8, POINTS_MAX = 10000 };

/* The input stands in front of the abort on stderr. */
static void must(bool good, const char *what, const char *input) {
  if (good) return;
  fprintf(stderr, "%s, with this config:\n%s\n", what, input);
  abort();
}

/* What turns a terminal's colours, or clears it. */
static bool is_control(const char *p) {
  unsigned char c = (unsigned char)*p, next = (unsigned char)p[c ? 1 : 0];
  return (c < 0x20 && c != '\n') || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0);
}

static void check_diag(const struct kd_diag *diag, int code, const char *input) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  must(out, "no memory", input);
  kd_diag_print(diag, out);
  fclose(out);
  must((code == KD_OK) == (diag->n == 0), "exit code and errors disagree", input);
  must(size <= KD_DIAG_MAX * 4096, "errors of many lines", input);
  for (size_t i = 0; i < size;) {
    bool shown;
    size_t n = kd_shown_character(text + i, &shown);
    must(shown || text[i] == '\n', "a hidden character is printed", input);
    must(!is_control(text + i), "a control character is printed", input);
    i += n;
  }
  free(text);
}

static bool is_finite(const double *x, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (!(x[i] - x[i] == 0)) return false;
  return true;
}

static void check_cell(const struct kd_plan *plan, size_t index, const char *input) {
  struct kd_cell *cell = kd_cell_create(plan);
  must(cell, "no memory", input);
  kd_plan_cell(plan, index, cell);
  const struct kd_problem *p = &cell->problem;
  must(p->n >= 1 && p->n <= plan->max_points, "number of points", input);
  must(p->h > 0 && p->lower < p->upper, "bandwidth or target", input);
  must(is_finite(p->x, p->n) && is_finite(p->z, p->n), "a position or logit", input);
  for (size_t s = 0; s < plan->n_swept; s++) {
    char text[64];
    kd_cell_value_text(plan, cell, s, text, sizeof text);
    must(*text, "a coordinate without text", input);
  }
  kd_cell_free(cell);
}

static void check_plan(const struct kd_plan *plan, const char *input) {
  char text[64];
  must(plan->n_cells >= 1 && plan->n_cells <= plan->n_product, "number of cells", input);
  must(plan->n_product <= KD_CELLS_MAX && plan->max_points >= 1, "extents", input);
  must(kd_shown_all(plan->experiment) && kd_shown_all(plan->about), "a hidden title", input);
  for (size_t f = 0; f < plan->n_fixed; f++) kd_plan_fixed_text(plan, f, text, sizeof text);
  for (size_t s = 0; s < plan->n_swept; s++) {
    size_t n = plan->axis[plan->swept[s].axis].n;
    kd_plan_value_text(plan, s, 0, text, sizeof text);
    kd_plan_value_text(plan, s, n - 1, text, sizeof text);
  }
  if (plan->max_points > POINTS_MAX) return;
  check_cell(plan, 0, input);
  check_cell(plan, plan->n_cells / 2, input);
  check_cell(plan, plan->n_cells - 1, input);
}

/* Splits off the --set arguments; the marker stays, a comment. */
static size_t split_sets(char *text, const char **sets) {
  char *marker = strstr(text, "#--set\n"), *save = NULL;
  size_t n = 0;
  if (!marker) return 0;
  char *line = strtok_r(marker + strlen("#--set\n"), "\n", &save);
  for (; line && n < SETS_MAX; line = strtok_r(NULL, "\n", &save)) sets[n++] = line;
  return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char path[64], *input = calloc(size + 1, 1), *copy = calloc(size + 1, 1);
  const char *sets[SETS_MAX];
  int file = memfd_create("config", MFD_CLOEXEC);
  if (!input || !copy || file < 0 || write(file, data, size) != (ssize_t)size) abort();
  if (size > 0) memcpy(input, data, size);
  if (size > 0) memcpy(copy, data, size);
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  kd_diag_init(&diag);
  int code = kd_plan_read(path, sets, split_sets(copy, sets), &plan, &diag);
  must((code == KD_OK) == (plan != NULL), "exit code and plan disagree", input);
  check_diag(&diag, code, input);
  if (plan) check_plan(plan, input);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  close(file);
  free(input);
  free(copy);
  return 0;
}
