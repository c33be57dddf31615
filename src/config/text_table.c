/* SPDX-License-Identifier: MIT
 *
 * See text_table.h. The file is read line by line and never held as a whole.
 */
#include "text_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "core/err.h"
#include "core/nearest.h"
#include "number.h"
#include "shown.h"
#include "value.h"

struct field {
  size_t at, n; /* bytes of the line, quotes left out */
};

struct reader {
  const char *path;
  const struct kd_column_choice *name;
  struct kd_mark place;
  size_t most, wanted; /* column, from 1; 0 = not known yet */
  struct kd_diag *diag;
  FILE *file;
  char *line; /* without its end and its comment */
  size_t room, length, number;
  char separator; /* ',' or ' ' */
  bool begun;     /* the first line that is not empty was seen */
  struct kd_text_column *column;
  size_t capacity;
  XXH3_state_t *bytes;
};

void kd_text_column_clear(struct kd_text_column *column) {
  free(column->x);
  *column = (struct kd_text_column){0};
}

/* ------------------------------------------------------------------- lines */

static size_t characters(const char *text, size_t bytes) {
  size_t n = 0;
  for (size_t i = 0; i < bytes; i++) n += ((unsigned char)text[i] & 0xc0) != 0x80;
  return n;
}

static struct kd_mark mark_of(const struct reader *r, size_t at, size_t n) {
  size_t width = characters(r->line + at, n);
  return (struct kd_mark){r->number, 1 + characters(r->line, at), width ? width : 1};
}

#define COMPLAIN(reader, at, n, hint, ...)                                                     \
  kd_diag_add_in((reader)->diag, (reader)->path, (reader)->line, mark_of((reader), (at), (n)), \
                 (hint), __VA_ARGS__)

/* The next line, its end and its comment cut off; false at the end. */
static bool next_line(struct reader *r) {
  ssize_t n = getline(&r->line, &r->room, r->file);
  if (n < 0) return false;
  XXH3_128bits_update(r->bytes, r->line, (size_t)n);
  r->number++;
  r->length = strlen(r->line);
  if (r->length < (size_t)n) {
    COMPLAIN(r, r->length, 1, NULL, "a NUL byte: this is no text");
    return false;
  }
  if (r->number == 1 && strncmp(r->line, "\xef\xbb\xbf", 3) == 0) {
    memmove(r->line, r->line + 3, r->length - 2);
    r->length -= 3;
  }
  r->length = strcspn(r->line, "\r\n");
  r->line[r->length] = '\0';
  return true;
}

/* ------------------------------------------------------------------ fields */

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static size_t skip_blanks(const struct reader *r, size_t at) {
  while (is_blank(r->line[at])) at++;
  return at;
}

/* Where what stands in quotes from `at` on ends. */
static size_t closing_quote(const struct reader *r, size_t at) {
  const char *quote = strchr(r->line + at, '"');
  return quote ? (size_t)(quote - r->line) : r->length;
}

/* Cuts the comment off and finds out what parts the fields. */
static void prepare_line(struct reader *r) {
  r->separator = ' ';
  for (size_t i = 0; i < r->length; i++) {
    if (r->line[i] == '"') i = closing_quote(r, i + 1);
    if (r->line[i] == ',') r->separator = ',';
    if (r->line[i] != '#') continue;
    r->line[i] = '\0';
    r->length = i;
  }
  while (r->length > 0 && is_blank(r->line[r->length - 1])) r->line[--r->length] = '\0';
}

/* The field from *at on, which moves behind its separator; false if there is none. */
static bool next_field(const struct reader *r, size_t *at, struct field *field) {
  if (*at > r->length || (r->separator == ' ' && *at == r->length)) return false;
  size_t from = skip_blanks(r, *at), to;
  bool quoted = r->line[from] == '"';
  if (quoted) from++;
  if (quoted)
    to = closing_quote(r, from);
  else
    to = from + strcspn(r->line + from, r->separator == ',' ? "," : " \t");
  size_t end = quoted && to < r->length ? to + 1 : to;
  end += strcspn(r->line + end, r->separator == ',' ? "," : " \t");
  while (!quoted && to > from && is_blank(r->line[to - 1])) to--;
  *field = (struct field){from, to - from};
  *at = r->separator == ',' ? end + 1 : skip_blanks(r, end);
  return true;
}

static bool read_number(const struct reader *r, struct field field, double *number,
                        const char **why) {
  char saved = r->line[field.at + field.n];
  r->line[field.at + field.n] = '\0';
  bool good = kd_number_read(r->line + field.at, number, why);
  r->line[field.at + field.n] = saved;
  return good;
}

/* ------------------------------------------------------------------ header */

static bool is_header(const struct reader *r) {
  struct field field;
  double number;
  const char *why;
  for (size_t at = skip_blanks(r, 0); next_field(r, &at, &field);)
    if (read_number(r, field, &number, &why) || why) return false; /* nor nan, 0x1 */
  return true;
}

static void no_column(struct reader *r, const char *hint, const char *why) {
  char name[KD_BRIEF];
  kd_diag_add(r->diag, r->name->mark, hint, "%s has no column '%s'%s", r->path,
              kd_shown_brief(r->name->text, name), why);
}

/* Finds the wanted column in the header, if it is wanted by name. */
static bool find_column(struct reader *r) {
  struct kd_nearest nearest;
  struct field field;
  char name[64], best[64], brief[KD_BRIEF];
  if (r->wanted) return true;
  kd_nearest_init(&nearest, r->name->text);
  size_t i = 1, n = strlen(r->name->text);
  for (size_t at = skip_blanks(r, 0); next_field(r, &at, &field); i++) {
    snprintf(name, sizeof name, "%.*s", (int)(field.n < 63 ? field.n : 63), r->line + field.at);
    kd_nearest_try(&nearest, name);
    if (nearest.best == name) nearest.best = strcpy(best, name);
    if (field.n != n || memcmp(r->line + field.at, r->name->text, n) != 0) continue;
    if (r->wanted) {
      COMPLAIN(r, field.at, field.n, "give its number", "a second column '%s'",
               kd_shown_brief(name, brief));
      return false;
    }
    r->wanted = i;
  }
  if (!r->wanted) no_column(r, kd_nearest_hint(&nearest), "");
  return r->wanted;
}

/* ----------------------------------------------------------------- numbers */

static bool append(struct reader *r, double number) {
  struct kd_text_column *column = r->column;
  if (column->n == r->capacity) {
    size_t capacity = r->capacity ? 2 * r->capacity : 1024;
    double *x = realloc(column->x, capacity * sizeof *x);
    if (!x) {
      kd_diag_no_memory(r->diag);
      return false;
    }
    column->x = x;
    r->capacity = capacity;
  }
  column->x[column->n++] = number;
  return true;
}

static bool take_field(struct reader *r, struct field field) {
  const struct kd_key *key = &kd_keys[KD_KEY_POINTS_AT];
  char least[KD_NUMBER_TEXT], most[KD_NUMBER_TEXT], got[KD_BRIEF];
  const char *why = NULL;
  double number;
  if (read_number(r, field, &number, &why) && kd_value_in_range(key, number))
    return append(r, number);
  kd_number_text(key->min, least, sizeof least);
  kd_number_text(key->max, most, sizeof most);
  COMPLAIN(r, field.at, field.n, why, "a position must be a number from %s to %s, got '%s'",
           least, most, kd_shown_brief_of(r->line + field.at, field.n, got));
  return false;
}

/* The wanted field of a line; false if it is not there. */
static bool find_field(struct reader *r, struct field *field) {
  size_t i = 0;
  for (size_t at = skip_blanks(r, 0); next_field(r, &at, field);)
    if (++i == r->wanted) return true;
  COMPLAIN(r, r->length, 1, NULL, "column %zu is wanted, but this line has %zu field%s",
           r->wanted, i, i == 1 ? "" : "s");
  return false;
}

/* The first line that is not empty is a header, or asks for a column by number. */
static bool begin(struct reader *r, bool *header) {
  r->begun = true;
  *header = is_header(r);
  if (*header) return find_column(r);
  if (!r->wanted) no_column(r, "give its number", ": there is no header");
  return r->wanted;
}

static bool read_lines(struct reader *r) {
  bool good = true;
  while (!kd_diag_full(r->diag) && next_line(r)) {
    struct field field;
    bool header = false;
    prepare_line(r);
    if (r->line[skip_blanks(r, 0)] == '\0') continue;
    if (!r->begun && !begin(r, &header)) return false;
    if (header) continue;
    if (r->column->n == r->most) {
      COMPLAIN(r, 0, 1, NULL, "more than %zu positions", r->most);
      return false;
    }
    if (!find_field(r, &field)) return false;
    good = take_field(r, field) && good;
  }
  return good;
}

/* -------------------------------------------------------------------- file */

static bool refuse(struct reader *r, const char *what, const char *why) {
  kd_diag_add(r->diag, r->place, NULL, "%s %s: %s", r->path, what, why);
  r->diag->code = KD_SYSTEM;
  return false;
}

static bool is_readable(struct reader *r) {
  struct stat status;
  if (stat(r->path, &status)) return refuse(r, "cannot be opened", strerror(errno));
  if (!S_ISREG(status.st_mode)) return refuse(r, "cannot be read", "it is no regular file");
  if (status.st_size > KD_TEXT_TABLE_BYTES)
    return refuse(r, "cannot be read", "it is longer than 1 GiB");
  r->file = fopen(r->path, "rb");
  return r->file || refuse(r, "cannot be opened", strerror(errno));
}

static bool read_file(struct reader *r) {
  size_t before = r->diag->n;
  double number;
  const char *why;
  if (kd_integer_read(r->name->text, &number, &why))
    r->wanted = number >= 1 ? (size_t)number : 0;
  if (!is_readable(r)) return false;
  bool good = read_lines(r) && r->diag->n == before;
  if (ferror(r->file)) return refuse(r, "cannot be read", strerror(errno));
  if (good && r->column->n == 0)
    kd_diag_add(r->diag, r->place, NULL, "%s holds no numbers", r->path);
  return good && r->column->n > 0;
}

static void hash_column(struct kd_text_column *column) {
  XXH128_hash_t hash = XXH3_128bits(column->x, column->n * sizeof *column->x);
  column->hash = (struct kd_hash){hash.high64, hash.low64};
}

bool kd_text_table_read(const char *path, struct kd_mark place,
                        const struct kd_column_choice *name, size_t most,
                        struct kd_text_column *column, struct kd_hash *bytes,
                        struct kd_diag *diag) {
  *column = (struct kd_text_column){0};
  struct reader r = {.path = path,
                     .name = name,
                     .place = place,
                     .most = most,
                     .diag = diag,
                     .column = column,
                     .bytes = XXH3_createState()};
  bool good = r.bytes && XXH3_128bits_reset(r.bytes) == XXH_OK;
  if (!good) kd_diag_no_memory(diag);
  good = good && read_file(&r);
  if (good) {
    XXH128_hash_t hash = XXH3_128bits_digest(r.bytes);
    *bytes = (struct kd_hash){hash.high64, hash.low64};
    hash_column(column);
  } else {
    kd_text_column_clear(column);
  }
  if (r.file) fclose(r.file);
  XXH3_freeState(r.bytes);
  free(r.line);
  return good;
}
