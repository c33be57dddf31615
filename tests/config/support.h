/* SPDX-License-Identifier: MIT
 *
 * Plans from configs given as text, for the tests of config/.
 */
#ifndef KD_TEST_CONFIG_SUPPORT_H
#define KD_TEST_CONFIG_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/plan.h"

/* A config that lacks nothing, to which tests append. */
#define GOOD "experiment: good\ntarget: {bounds: [-1, 1]}\npoints: {at: [-2, 2.5]}\n"

/* Name of a new file that holds n bytes, for the caller to unlink and free. */
static inline char *write_config(const char *text, size_t n) {
  char *path = NULL;
  const char *folder = getenv("TMP");
  assert_true(asprintf(&path, "%s/kdegrad-config-XXXXXX", folder ? folder : "/tmp") > 0);
  int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, text, n), n);
  close(file);
  return path;
}

/* Diagnostics as text, for the caller to free. */
static inline char *diag_text(const struct kd_diag *diag) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  kd_diag_print(diag, out);
  fclose(out);
  return text;
}

/* The plan of a text and up to two --set, which must be good. */
static inline struct kd_plan *plan_with(const char *text, const char *first,
                                        const char *second) {
  const char *sets[] = {first, second};
  char *path = write_config(text, strlen(text));
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  kd_diag_init(&diag);
  if (kd_plan_read(path, sets, second ? 2 : first ? 1 : 0, &plan, &diag) != KD_OK) {
    char *message = diag_text(&diag);
    print_error("%s", message);
    free(message);
    fail();
  }
  kd_diag_clear(&diag);
  unlink(path);
  free(path);
  return plan;
}

static inline struct kd_plan *plan_of(const char *text) {
  return plan_with(text, NULL, NULL);
}

/* What is wrong with a text of n bytes; for the caller to free. */
static inline char *errors_of(const char *text, size_t n) {
  char *path = write_config(text, n);
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  kd_diag_init(&diag);
  assert_int_equal(kd_plan_read(path, NULL, 0, &plan, &diag), KD_USAGE);
  assert_null(plan);
  char *message = diag_text(&diag);
  kd_diag_clear(&diag);
  unlink(path);
  free(path);
  return message;
}

/* "name=value name=value" of one cell. */
static inline void cell_text(const struct kd_plan *plan, size_t index, char *text,
                             size_t size) {
  struct kd_cell *cell = kd_cell_create(plan);
  assert_non_null(cell);
  kd_plan_cell(plan, index, cell);
  *text = '\0';
  for (size_t s = 0; s < plan->n_swept; s++) {
    char value[64];
    size_t n = strlen(text);
    kd_cell_value_text(plan, cell, s, value, sizeof value);
    snprintf(text + n, size - n, "%s%s=%s", s ? " " : "", plan->swept[s].path, value);
  }
  kd_cell_free(cell);
}

#endif
