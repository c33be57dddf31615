/* SPDX-License-Identifier: MIT
 *
 * Every tests/config/bad/NAME.yaml is refused with exactly the text of
 * NAME.txt; NAME.sets, if there, holds --set arguments, one a line. In the
 * text {PATH} stands for what a key allows, {readers PATH} for what reads it,
 * so that a new kernel or layout changes no text.
 */
#include "support.h"

#include <glob.h>

/* The whole file, or NULL if there is none. */
static char *slurp(const char *path) {
  FILE *file = fopen(path, "rb");
  char *text = NULL;
  size_t capacity = 0;
  if (!file) return NULL;
  if (getdelim(&text, &capacity, '\0', file) < 0) {
    free(text);
    text = strdup("");
  }
  fclose(file);
  return text;
}

static char *companion(const char *yaml, const char *extension) {
  char *path = NULL;
  assert_true(asprintf(&path, "%.*s%s", (int)(strlen(yaml) - 5), yaml, extension) > 0);
  char *text = slurp(path);
  free(path);
  return text;
}

/* Writes what {name} stands for; false if it is no placeholder. */
static bool expand_one(const char *name, FILE *out) {
  char text[1024];
  bool readers = strncmp(name, "readers ", 8) == 0;
  const struct kd_key *key = kd_key_find(readers ? name + 8 : name);
  if (!key) return false;
  (readers ? kd_key_readers_text : kd_key_range_text)(key, text, sizeof text);
  fputs(text, out);
  return true;
}

static char *expand(const char *text) {
  char *result = NULL;
  size_t size;
  FILE *out = open_memstream(&result, &size);
  for (const char *p = text; *p; p++) {
    char name[64] = "";
    if (*p == '{') sscanf(p, "{%63[^}\n]}", name);
    if (*name && expand_one(name, out))
      p += strlen(name) + 1;
    else
      fputc(*p, out);
  }
  fclose(out);
  return result;
}

static size_t split(char *text, const char **line, size_t max) {
  size_t n = 0;
  for (char *p = strtok(text, "\n"); p && n < max; p = strtok(NULL, "\n")) line[n++] = p;
  return n;
}

static bool refused_as_expected(const char *yaml) {
  const char *set[32];
  char *sets = companion(yaml, ".sets"), *golden = companion(yaml, ".txt");
  struct kd_plan *plan = NULL;
  struct kd_diag diag;
  kd_diag_init(&diag);
  int code = kd_plan_read(yaml, set, sets ? split(sets, set, 32) : 0, &plan, &diag);
  char *got = diag_text(&diag), *expected = expand(golden ? golden : "");
  bool good = code == KD_USAGE && !plan && strcmp(got, expected) == 0;
  if (!good) print_error("%s: exit %d\n--- expected\n%s--- got\n%s", yaml, code, expected, got);
  kd_plan_free(plan);
  kd_diag_clear(&diag);
  free(sets);
  free(golden);
  free(got);
  free(expected);
  return good;
}

static void test_bad_configs_are_refused(void **state) {
  (void)state;
  glob_t found;
  size_t n_wrong = 0;
  assert_int_equal(glob("tests/config/bad/*.yaml", 0, NULL, &found), 0);
  for (size_t i = 0; i < found.gl_pathc; i++)
    n_wrong += !refused_as_expected(found.gl_pathv[i]);
  assert_true(found.gl_pathc >= 250);
  globfree(&found);
  assert_int_equal(n_wrong, 0);
}

static void test_missing_file_is_a_system_error(void **state) {
  (void)state;
  struct kd_plan *plan;
  struct kd_diag diag;
  kd_diag_init(&diag);
  assert_int_equal(kd_plan_read("no/such.yaml", NULL, 0, &plan, &diag), KD_SYSTEM);
  char *text = diag_text(&diag);
  assert_string_equal(text,
                      "no/such.yaml: error: cannot be opened: No such file or directory\n");
  free(text);
  assert_int_equal(kd_plan_read("tests", NULL, 0, &plan, &diag), KD_SYSTEM);
  text = diag_text(&diag);
  assert_string_equal(text, "tests: error: cannot be read: Is a directory\n");
  free(text);
  kd_diag_clear(&diag);
}

/* A text of `unit` repeated n times between head and tail is refused so. */
static void expect_limit(const char *head, const char *unit, size_t n, const char *tail,
                         const char *message) {
  char *text = malloc(strlen(head) + n * strlen(unit) + strlen(tail) + 1), *end = text;
  assert_non_null(text);
  end = stpcpy(end, head);
  for (size_t i = 0; i < n; i++) end = stpcpy(end, unit);
  stpcpy(end, tail);
  char *errors = errors_of(text, strlen(text));
  if (!strstr(errors, message)) print_error("%s", errors);
  assert_non_null(strstr(errors, message));
  free(errors);
  free(text);
}

static void test_limits(void **state) {
  (void)state;
  expect_limit("experiment: a # ", "x", 1 << 20, "\n", "is longer than 1 MiB");
  expect_limit("a: ", "[", 33, "", ":1:35: error: nested deeper than 32 levels");
  expect_limit("a: [", "1,", 100001, "1]", "error: more than 100000 scalars");
  expect_limit("a: [", "[],", 100001, "1]", "error: more than 100000 lists and mappings");
  expect_limit("a: {", "x: ,", 101, "}", "error: key 'x' was given at line 1 already");
}

static void test_a_mapping_has_few_keys(void **state) {
  (void)state;
  char text[2048] = "a: {", *end = text + 4;
  for (int i = 0; i < 101; i++) end += sprintf(end, "k%d: 1,", i);
  stpcpy(end, "}\n");
  char *errors = errors_of(text, strlen(text));
  assert_non_null(strstr(errors, "a mapping of more than 100 keys"));
  free(errors);
}

/* As many scalars as are allowed are read. */
static void test_a_long_list_is_read(void **state) {
  (void)state;
  enum { N = 99000 };
  char *text = malloc(64 + 3 * N), *end = text;
  end = stpcpy(end, "experiment: long\ntarget: {half_width: 1}\npoints:\n  at: [1");
  for (size_t i = 1; i < N; i++) end = stpcpy(end, ",\n1");
  stpcpy(end, "]\n");
  struct kd_plan *plan = plan_of(text);
  assert_int_equal(plan->max_points, N);
  kd_plan_free(plan);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bad_configs_are_refused),
      cmocka_unit_test(test_missing_file_is_a_system_error),
      cmocka_unit_test(test_limits),
      cmocka_unit_test(test_a_mapping_has_few_keys),
      cmocka_unit_test(test_a_long_list_is_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
