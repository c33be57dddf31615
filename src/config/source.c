/* SPDX-License-Identifier: MIT
 *
 * The text of a config; see source.h. What YAML forbids but libyaml reports
 * obscurely (byte order marks, NUL, tabs as indentation) is refused here.
 */
#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/err.h"

size_t kd_source_break(const char *p) {
  if (p[0] == '\r') return p[1] == '\n' ? 2 : 1;
  if (p[0] == '\n') return 1;
  if (strncmp(p, "\xc2\x85", 2) == 0) return 2;
  if (strncmp(p, "\xe2\x80\xa8", 3) == 0 || strncmp(p, "\xe2\x80\xa9", 3) == 0) return 3;
  return 0;
}

/* Most characters are no first byte of a break. */
static size_t line_length(const char *line) {
  for (size_t n = 0;; n++) {
    unsigned char c = (unsigned char)line[n];
    if (c > '\r' && c != 0xc2 && c != 0xe2) continue;
    if (c == '\0' || kd_source_break(line + n)) return n;
  }
}

const char *kd_source_line(const char *text, size_t line, size_t *length) {
  while (line > 1 && *text) {
    unsigned char c = (unsigned char)*text;
    size_t n = c > '\r' && c != 0xc2 && c != 0xe2 ? 0 : c == '\n' ? 1 : kd_source_break(text);
    line -= n > 0;
    text += n ? n : 1;
  }
  *length = line > 1 ? 0 : line_length(text);
  return line > 1 ? "" : text;
}

static bool starts_character(char byte) {
  return ((unsigned char)byte & 0xc0) != 0x80;
}

struct kd_mark kd_source_mark(const char *text, size_t offset) {
  struct kd_mark mark = {1, 1, 1};
  for (size_t i = 0; i < offset && text[i];) {
    size_t n = kd_source_break(text + i);
    if (n && i + n <= offset) {
      mark.line++;
      mark.column = 1;
    } else if (starts_character(text[i])) {
      mark.column++;
    }
    i += n ? n : 1;
  }
  return mark;
}

static bool is_byte_order_mark(const char *text) {
  return strncmp(text, "\xef\xbb\xbf", 3) == 0 || strncmp(text, "\xff\xfe", 2) == 0 ||
         strncmp(text, "\xfe\xff", 2) == 0;
}

/* A tab in the white space that a line with content starts with. */
static bool indents_with_tab(const char *line, size_t length, size_t *tab) {
  size_t white = 0;
  while (white < length && (line[white] == ' ' || line[white] == '\t')) white++;
  *tab = 0;
  while (*tab < white && line[*tab] == ' ') (*tab)++;
  return *tab < white && white < length && line[white] != '#';
}

static void refuse_tabs(const char *text, struct kd_diag *diag) {
  size_t line = 1, tab;
  for (const char *p = text;; line++) {
    size_t length = line_length(p);
    if (indents_with_tab(p, length, &tab))
      kd_diag_add(diag, (struct kd_mark){line, tab + 1, 1}, "use spaces",
                  "a tab cannot indent a line");
    if (!p[length]) return;
    p += length + kd_source_break(p + length);
  }
}

static bool check(const char *text, size_t size, struct kd_diag *diag) {
  size_t before = diag->n, nul = strlen(text);
  if (is_byte_order_mark(text))
    kd_diag_add(diag, (struct kd_mark){1, 1, 1}, "save it as UTF-8 without one",
                "the file starts with a byte order mark");
  else if (nul < size)
    kd_diag_add(diag, kd_source_mark(text, nul), NULL, "the file holds a NUL byte");
  else
    refuse_tabs(text, diag);
  return diag->n == before;
}

static char *read_all(FILE *file, const char *path, size_t *size, struct kd_diag *diag) {
  char *text = malloc(KD_SOURCE_MAX + 2);
  if (!text) {
    kd_diag_no_memory(diag);
    return NULL;
  }
  *size = fread(text, 1, KD_SOURCE_MAX + 1, file);
  if (ferror(file)) {
    kd_diag_system(diag, "cannot be read: %s", strerror(errno));
  } else if (*size > KD_SOURCE_MAX) {
    kd_diag_add(diag, (struct kd_mark){0}, "long lists are better made by a layout",
                "%s is longer than 1 MiB", path);
  } else {
    text[*size] = '\0';
    return text;
  }
  free(text);
  return NULL;
}

/* `text` if it may be a config; else, or if it is NULL, it is freed. */
static char *accept(char *text, size_t size, struct kd_diag *diag) {
  if (!text) return NULL;
  diag->source = strdup(text);
  if (!diag->file || !diag->source) kd_diag_no_memory(diag);
  if (check(text, size, diag) && diag->file && diag->source) return text;
  free(text);
  return NULL;
}

char *kd_source_read(const char *path, struct kd_diag *diag) {
  diag->file = strdup(path);
  FILE *file = fopen(path, "rb");
  if (!file) {
    kd_diag_system(diag, "cannot be opened: %s", strerror(errno));
    return NULL;
  }
  size_t size = 0;
  char *text = read_all(file, path, &size, diag);
  fclose(file);
  return accept(text, size, diag);
}

char *kd_source_copy(const char *path, const char *text, struct kd_diag *diag) {
  diag->file = strdup(path);
  char *copy = strdup(text);
  if (!copy) kd_diag_no_memory(diag);
  return accept(copy, strlen(text), diag);
}
