/* SPDX-License-Identifier: MIT
 *
 * See where.h. A word is a column where there is one of that name, else a name of the
 * column on the other side.
 */
#include "where.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"

struct reader {
  const struct kd_table *table;
  const char *text;
  struct kd_where_filter *filter;
  struct kd_err *err;
};

static bool refuse(const struct reader *reader, const struct kd_comparison_fault *fault) {
  kd_fail(reader->err, KD_USAGE, "%s%s%s%s", fault->message, fault->hint ? " (" : "",
          fault->hint ? fault->hint : "", fault->hint ? ")" : "");
  return false;
}

static bool is_names(const struct kd_where_side *side) {
  return side->is_column && side->column.type == KD_TYPE_CODE;
}

/* The word as a name of that column. */
static bool read_name(const struct reader *reader, const char *word,
                      const struct kd_column *column, double *code) {
  char list[512] = "";
  struct kd_nearest nearest;
  kd_nearest_init(&nearest, word);
  for (size_t i = 0; i < column->n_names; i++) {
    *code = (double)i;
    if (strcmp(column->names[i], word) == 0) return true;
    kd_nearest_try(&nearest, column->names[i]);
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, " %s", column->names[i]);
  }
  const char *hint = kd_nearest_hint(&nearest);
  kd_fail(reader->err, KD_USAGE, "%s is never '%s' here; %s%sits names are:%s", column->name,
          word, hint ? hint : "", hint ? " " : "", list);
  return false;
}

static bool read_side(const struct reader *reader, struct kd_token token,
                      struct kd_where_side *side, const struct kd_where_side *other) {
  char word[KD_COMPARISON_WORD];
  struct kd_comparison_fault fault;
  if (side->is_column) return true;
  if (token.kind == KD_TOKEN_NUMBER)
    return kd_comparison_number(reader->text, token, &side->number, &fault) ||
           refuse(reader, &fault);
  kd_comparison_word(reader->text, token, word);
  if (is_names(other)) return read_name(reader, word, &other->column, &side->number);
  kd_table_require(reader->table, word, &side->column, reader->err);
  return false;
}

/* Two numbers, or a column of names and a name; keys are beyond what doubles hold. */
static bool agree(const struct reader *reader, const struct kd_comparison *comparison) {
  const struct kd_where_side *side = reader->filter->side;
  for (int i = 0; i < 2; i++) {
    const char *why = NULL;
    if (side[i].is_column && side[i].column.type == KD_TYPE_UNSIGNED)
      why = "cannot be compared";
    else if (is_names(&side[i]) &&
             (side[1 - i].is_column || comparison->term[1 - i].kind == KD_TOKEN_NUMBER))
      why = "is compared with one of its names";
    else if (is_names(&side[i]) && comparison->relation > KD_UNEQUAL)
      why = "holds names, which compare with == and != only";
    if (!why) continue;
    kd_fail(reader->err, KD_USAGE, "%s %s", side[i].column.name, why);
    return false;
  }
  if (side[0].is_column || side[1].is_column) return true;
  kd_fail(reader->err, KD_USAGE, "a filter compares a column; here is none");
  return false;
}

static bool read_filter(const struct reader *reader) {
  struct kd_comparison comparison;
  struct kd_comparison_fault fault;
  struct kd_where_side *side = reader->filter->side;
  if (!kd_comparison_read(reader->text, &comparison, &fault)) return refuse(reader, &fault);
  reader->filter->relation = comparison.relation;
  for (int i = 0; i < 2; i++) {
    char word[KD_COMPARISON_WORD];
    kd_comparison_word(reader->text, comparison.term[i], word);
    side[i].is_column = comparison.term[i].kind == KD_TOKEN_WORD &&
                        kd_table_find(reader->table, word, &side[i].column);
  }
  return read_side(reader, comparison.term[0], &side[0], &side[1]) &&
         read_side(reader, comparison.term[1], &side[1], &side[0]) &&
         agree(reader, &comparison);
}

int kd_where_read(struct kd_where *where, const struct kd_table *table, size_t n,
                  const char *const *text, struct kd_err *err) {
  *where = (struct kd_where){.head = kd_table_head(table),
                             .filter = calloc(n + 1, sizeof *where->filter),
                             .column = calloc(2 * n + 1, sizeof *where->column)};
  if (!where->filter || !where->column) return kd_no_memory(err);
  for (; where->n < n; where->n++) {
    struct kd_where_filter *filter = &where->filter[where->n];
    struct reader reader = {table, text[where->n], filter, err};
    if (!read_filter(&reader)) return kd_context(err, KD_USAGE, "'%s'", text[where->n]);
    for (int i = 0; i < 2; i++)
      if (filter->side[i].is_column) where->column[where->n_columns++] = filter->side[i].column;
  }
  return KD_OK;
}

void kd_where_clear(struct kd_where *where) {
  free(where->filter);
  free(where->column);
  *where = (struct kd_where){0};
}

static double number_of(const struct kd_where *where, const struct kd_where_side *side,
                        const size_t at[KD_N_DIMS]) {
  if (!side->is_column) return side->number;
  return kd_column_number(&side->column, kd_column_index(where->head, &side->column, at));
}

bool kd_where_holds(const void *context, const size_t at[KD_N_DIMS]) {
  const struct kd_where *where = context;
  for (size_t f = 0; f < where->n; f++) {
    const struct kd_where_filter *filter = &where->filter[f];
    if (!kd_relation_holds(filter->relation, number_of(where, &filter->side[0], at),
                           number_of(where, &filter->side[1], at)))
      return false;
  }
  return true;
}
